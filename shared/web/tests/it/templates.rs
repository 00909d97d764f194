//! Rules that every template of every service keeps.

use std::path::{Path, PathBuf};

use chancery_clock::SystemClock;
use chancery_contracts::Service;
use chancery_web::{Shell, ShellConfig};
use regex::Regex;

pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["target", "node_modules", "dist"].contains(&name.as_str()) {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn templates() -> Vec<(String, String)> {
    let folder = root().join("templates");
    let name = |path: &Path| path.strip_prefix(&folder).unwrap().display().to_string();
    files(&folder, "hbs")
        .iter()
        .map(|path| (name(path), std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn none_matches(pattern: &str, why: &str) {
    let pattern = Regex::new(pattern).unwrap();
    let offenders: Vec<_> = templates()
        .iter()
        .filter_map(|(name, text)| {
            pattern
                .find(text)
                .map(|found| format!("{name}: {}", found.as_str()))
        })
        .collect();
    assert!(offenders.is_empty(), "{why}:\n{}", offenders.join("\n"));
}

#[tokio::test]
async fn all_compile() {
    let database = chancery_database::testing::TestDatabase::new().await;
    Shell::new(
        ShellConfig::default(),
        database.service(Service::Identity),
        SystemClock::shared(),
    )
    .unwrap();
}

#[test]
fn nothing_is_shown_unescaped() {
    none_matches(r"\{\{\{|\{\{~?&", "values are escaped");
}

#[test]
fn no_script_and_no_style_is_inline() {
    let script = Regex::new(r"<script[^>]*>").unwrap();
    for (name, text) in templates() {
        for tag in script.find_iter(&text) {
            let allowed = tag.as_str().contains(" src=") || tag.as_str().contains("application/ld+json");
            assert!(
                allowed,
                "{name}: {} is inline, which the content security policy forbids",
                tag.as_str()
            );
        }
    }
    none_matches(r"\sstyle=", "the content security policy forbids inline styles");
    none_matches(r"<style", "the content security policy forbids inline styles");
    none_matches(
        r#"\son[a-z]+=""#,
        "the content security policy forbids inline handlers",
    );
}

#[test]
fn htmx_evaluates_nothing() {
    none_matches(
        r"hx-on[:=]|hx-(?:vals|headers)=.(?:js|javascript):",
        "evaluation is off",
    );
    none_matches(
        r#"hx-trigger="[^"]*\["#,
        "filters are evaluated, and evaluation is off",
    );
}

/// Arguments of a layout hide fields of the same name within it.
#[test]
fn a_field_called_title_is_this_title() {
    let templates = templates();
    let pages = templates
        .iter()
        .filter(|(name, _)| !name.starts_with("layout/") && !name.starts_with("newsroom/"));
    let bare = Regex::new(r"\{\{(#if |t [^}]*=)?title\}\}").unwrap();
    for (name, text) in pages {
        assert!(
            !bare.is_match(text),
            "{name}: {{{{title}}}} is the page's title; write this.title"
        );
    }
}

#[test]
fn every_posting_form_carries_the_token() {
    let form = Regex::new(r#"(?s)<form[^>]*method="post".*?</form>"#).unwrap();
    for (name, text) in templates() {
        for found in form.find_iter(&text) {
            assert!(
                found.as_str().contains("csrf_field"),
                "{name}: a form without {{{{csrf_field}}}}"
            );
        }
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    none_matches(r#"(?:src|<link[^>]* href)="https?:"#, "everything is self-hosted");
}

#[test]
fn buttons_say_what_they_do_to_a_form() {
    none_matches(
        r"<button(?:\s+(?:class|id|name|value|disabled|aria-[a-z]+|data-[a-z-]+)(?:=\x22[^\x22]*\x22)?)*\s*>",
        "a button without type submits",
    );
}
