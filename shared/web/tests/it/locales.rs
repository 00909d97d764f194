//! Every string of the interface exists in every language, and everything that is used exists.

use std::collections::{BTreeMap, BTreeSet};

use chancery_access::{Action, Refusal};
use chancery_web::{Args, Language, Locales};
use regex::Regex;

use crate::templates::{files, root};

/// Where a key was found.
type Used = BTreeMap<String, BTreeSet<String>>;

fn collect(patterns: &[&str], extension: &str, folders: &[&str]) -> Used {
    let mut used = Used::new();
    for folder in folders {
        for path in files(&root().join(folder), extension) {
            let text = std::fs::read_to_string(&path).unwrap();
            // Examples in documentation name keys that nobody uses.
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let text = lines.collect::<Vec<_>>().join("\n");
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            for pattern in patterns {
                for found in Regex::new(pattern).unwrap().captures_iter(&text) {
                    used.entry(found[1].to_owned()).or_default().insert(name.clone());
                }
            }
        }
    }
    used
}

fn missing(used: &Used, exists: impl Fn(Language, &str) -> bool) -> Vec<String> {
    let mut missing = Vec::new();
    for (key, places) in used {
        for language in Language::ALL {
            if !exists(language, key) {
                missing.push(format!("{language} lacks {key}, used in {places:?}"));
            }
        }
    }
    missing
}

#[test]
fn every_key_that_templates_use_exists() {
    let locales = Locales::load().unwrap();
    let used = collect(&[r#"[({]~?\s*t "([^"]+)""#], "hbs", &["templates"]);
    assert!(used.len() > 40);
    let missing = missing(&used, |language, key| {
        locales.find(language, key, &Args::new()).is_some()
    });
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

/// `(t (concat "item-state-" state))`: some message begins so.
#[test]
fn every_beginning_of_a_key_that_templates_complete_exists() {
    let locales = Locales::load().unwrap();
    let used = collect(&[r#"[({]~?\s*t \(concat "([^"]+)""#], "hbs", &["templates"]);
    let missing = missing(&used, |language, start| {
        locales.ids(language).iter().any(|id| id.starts_with(start))
    });
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn every_key_that_rust_names_exists() {
    let locales = Locales::load().unwrap();
    let patterns = [
        r#"Problem::(?:conflict|invalid|bad_request|unavailable|forbidden|too_many)\(\s*"([^"]+)""#,
        r#"Problem::new\(\s*Kind::\w+,\s*"([^"]+)""#,
        r#"\.field\(\s*[^,()]+,\s*"([^"]+)"\s*\)"#,
        r#"\.flash\(\s*"([^"]+)""#,
        r#"\.message\(\s*[\w.()]+,\s*"([^"]+)""#,
        r#"\bt\(\s*"([^"]+)"\s*\)"#,
        r#"\bkey: "([^"]+)"\.(?:to_owned|into|to_string)\(\)"#,
        r#""(notice-[a-z0-9-]+)""#,
    ];
    let used = collect(&patterns, "rs", &["services", "shared/web/src"]);
    let used: Used = used
        .into_iter()
        .filter(|(key, _)| key.contains('-') && !key.contains('{'))
        .collect();
    assert!(used.len() > 5);
    let missing = missing(&used, |language, key| {
        locales.find(language, key, &Args::new()).is_some()
    });
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn every_refusal_is_a_sentence_about_every_action() {
    let locales = Locales::load().unwrap();
    for action in Action::ALL.iter().copied() {
        let refusals = [
            Refusal::NoRole(action),
            Refusal::ElsewhereOnly(action),
            Refusal::Ended(action),
            Refusal::NotYet(action),
            Refusal::OutOfScope(action),
        ];
        for (language, refusal) in Language::ALL.into_iter().flat_map(|l| refusals.map(|r| (l, r))) {
            let name = action.as_str().replace('.', "-");
            let args = Args::from([("action".into(), name.clone().into())]);
            let said = locales.find(language, "action-name", &args).unwrap();
            let other = locales
                .find(
                    language,
                    "action-name",
                    &Args::from([("action".into(), "x".into())]),
                )
                .unwrap();
            assert_ne!(said, other, "{language} has no words for {name}");
            assert!(locales.find(language, refusal.key(), &args).is_some());
        }
    }
}

#[test]
fn languages_have_the_same_keys_attributes_and_arguments() {
    let folder = |language: Language| root().join("templates/locales").join(language.tag());
    let names = |language| {
        files(&folder(language), "ftl")
            .iter()
            .map(|path| path.file_name().unwrap().to_owned())
            .collect()
    };
    let (vi, en): (Vec<_>, Vec<_>) = (names(Language::Vi), names(Language::En));
    assert_eq!(vi, en);
    for name in vi {
        let of = |language: Language| {
            let ftl = std::fs::read_to_string(folder(language).join(&name)).unwrap();
            let mut messages = messages(&ftl);
            // A name that is given in every language: each takes its own.
            for arguments in messages.values_mut() {
                if arguments.remove(language.tag()) {
                    arguments.insert("own".to_owned());
                }
            }
            messages
        };
        let (vi, en) = (of(Language::Vi), of(Language::En));
        let only = |a: &Messages, b: &Messages| {
            a.iter()
                .filter(|it| b.get(it.0) != Some(it.1))
                .map(|it| format!("{it:?}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            only(&vi, &en),
            only(&en, &vi),
            "{}: vi and en differ",
            name.display()
        );
        assert_eq!(vi, en, "{}", name.display());
    }
}

/// Ids, `id.attribute`s, and the arguments that each uses.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn messages(ftl: &str) -> Messages {
    let (id, attribute) = (
        Regex::new(r"^(-?[a-zA-Z][\w-]*)\s*=").unwrap(),
        Regex::new(r"^\s+\.([a-zA-Z][\w-]*)\s*=").unwrap(),
    );
    let argument = Regex::new(r"\$([a-zA-Z][\w-]*)").unwrap();
    let mut messages = Messages::new();
    let (mut current, mut place) = (String::new(), String::new());
    for line in ftl.lines().filter(|line| !line.starts_with('#')) {
        if let Some(found) = id.captures(line) {
            found[1].clone_into(&mut current);
            place.clone_from(&current);
        } else if let Some(found) = attribute.captures(line) {
            place = format!("{current}.{}", &found[1]);
        }
        if !place.is_empty() {
            let arguments = messages.entry(place.clone()).or_default();
            arguments.extend(argument.captures_iter(line).map(|found| found[1].to_owned()));
        }
    }
    messages
}
