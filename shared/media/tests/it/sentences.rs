//! Every reason has its sentence in both languages, and is given what the sentence needs.

use std::collections::BTreeSet;
use std::path::Path;

use chancery_media::{Kind, MediaType, Refused};

fn every_reason() -> Vec<Refused> {
    vec![
        Refused::Empty,
        Refused::Unknown { seems: Some("rar") },
        Refused::Extension {
            extension: "jpg".into(),
            actual: MediaType::Pdf,
        },
        Refused::Polyglot,
        Refused::Playlist,
        Refused::TooLarge { max: 1 },
        Refused::TooManyPixels {
            width: 1,
            height: 1,
            max: 1,
        },
        Refused::TooManyPages { pages: 1, max: 1 },
        Refused::TooLong { max: 1 },
        Refused::Bomb,
        Refused::TooSlow,
        Refused::Locked,
        Refused::Programs,
        Refused::Entities,
        Refused::Encoding,
        Refused::Marked { level: "TỐI MẬT" },
        Refused::Damaged("x".into()),
    ]
}

#[test]
fn every_reason_has_its_sentence() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/locales");
    for language in ["vi", "en"] {
        let text = std::fs::read_to_string(locales.join(language).join("media.ftl")).unwrap();
        let sentence = |key: &str| {
            let start = format!("{key} = ");
            text.lines()
                .find_map(|line| line.strip_prefix(&start))
                .map(str::to_owned)
        };
        for reason in every_reason() {
            let sentence =
                sentence(reason.key()).unwrap_or_else(|| panic!("{language} lacks {}", reason.key()));
            let given: BTreeSet<&str> = reason.arguments().into_iter().map(|(name, _)| name).collect();
            let needed = sentence
                .split("{ $")
                .skip(1)
                .filter_map(|rest| rest.split_once(" }"))
                .map(|(name, _)| name);
            for name in needed {
                assert!(given.contains(name), "{language} {}: {name}", reason.key());
            }
        }
        let reasons = text
            .lines()
            .filter(|line| line.starts_with("media-refused-"))
            .count();
        assert_eq!(reasons, every_reason().len(), "{language}");
        for kind in Kind::ALL {
            assert!(
                sentence(&format!("media-kind-{}", kind.as_str())).is_some(),
                "{language}"
            );
        }
    }
}
