//! Counting and syntax against other people's test files.

use chancery_contracts::ids::AccountId;
use chancery_contracts::{EditionVariant, Platform};
use chancery_publisher::connectors::Registry;
use chancery_publisher::connectors::bluesky::{CAPABILITIES, is_handle, is_tid};

use crate::specs;

#[test]
fn tids_and_handles_are_judged_as_the_interop_files_do() {
    let Some(folder) = specs::folder("TID and handle syntax against the interop files") else {
        return;
    };
    let folder = folder.join("bluesky/interop-test-files/syntax");
    let mut wrong = Vec::new();
    for (name, judge) in [("tid", is_tid as fn(&str) -> bool), ("handle", is_handle)] {
        for (kind, expected) in [("valid", true), ("invalid", false)] {
            let cases = specs::cases(&folder.join(format!("{name}_syntax_{kind}.txt")));
            wrong.extend(
                cases
                    .into_iter()
                    .filter(|case| judge(case) != expected)
                    .map(|case| (name, kind, case)),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn limits_are_those_of_the_lexicon() {
    let Some(folder) = specs::folder("Bluesky limits against the lexicons") else {
        return;
    };
    let post = specs::json(&folder.join("bluesky/lexicons/app/bsky/feed/post.json"));
    let text = &post["defs"]["main"]["record"]["properties"]["text"];
    assert_eq!(text["maxGraphemes"], CAPABILITIES.text.graphemes.unwrap().value);
    assert_eq!(text["maxLength"], CAPABILITIES.text.bytes.unwrap().value);
    let images = specs::json(&folder.join("bluesky/lexicons/app/bsky/embed/images.json"));
    assert_eq!(
        images["defs"]["main"]["properties"]["images"]["maxLength"],
        CAPABILITIES.images.count.value
    );
    // Ours is that of older servers.
    let size = images["defs"]["image"]["properties"]["image"]["maxSize"]
        .as_u64()
        .unwrap();
    assert!(u64::from(CAPABILITIES.images.bytes.unwrap().value) <= size);
}

#[test]
fn graphemes_are_what_people_call_characters() {
    let check = |text: &str| {
        let variant = EditionVariant {
            account: AccountId(uuid::Uuid::nil()),
            platform: Platform::Bluesky,
            language: "vi".into(),
            title: String::new(),
            body: text.into(),
            images: vec![],
            correction: None,
        };
        CAPABILITIES
            .check(&variant)
            .map_err(|breach| breach.code().to_owned())
    };
    for letter in ["a", "ớ", "o\u{31b}\u{301}", "🇻🇳", "👩\u{200d}🚀", "ກິ"] {
        let shortest_over = if letter.len() * 301 > 3000 {
            "text-too-many-bytes"
        } else {
            "text-too-long"
        };
        assert_eq!(
            check(&letter.repeat(301)),
            Err(shortest_over.to_owned()),
            "{letter:?}"
        );
        if letter.len() * 300 <= 3000 {
            assert_eq!(check(&letter.repeat(300)), Ok(()), "{letter:?}");
        }
    }
    assert_eq!(check(" \n"), Err("text-empty".to_owned()));
}

#[test]
fn every_platform_has_limits_and_every_connector_its_platform() {
    let registry = Registry::all();
    for platform in Platform::ALL {
        let capabilities = registry.capabilities(*platform);
        assert!(
            capabilities.is_some_and(|capabilities| capabilities.platform == *platform),
            "{platform}"
        );
    }
    assert!(registry.get(Platform::PressRoom).is_none());
}
