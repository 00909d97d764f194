//! What is still missing before an asset is as useful as it could be.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Consent, Details, Kind, Licence};

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lack {
    /// The Fluent id of what: `assets-lack-alt`.
    pub key: &'static str,
    /// In which language, where it is a text.
    pub language: Option<String>,
    /// Whether it cannot be published without.
    pub blocks: bool,
}

impl Lack {
    /// As searches name it: `licence`, `alt:lo`.
    #[must_use]
    pub fn code(&self) -> String {
        let what = self.key.strip_prefix("assets-lack-").unwrap_or(self.key);
        match &self.language {
            Some(language) => format!("{what}:{language}"),
            None => what.to_owned(),
        }
    }
}

/// The languages in which a unit's assets should speak: Vietnamese, English, and its own.
pub fn wanted_languages(own: &[String]) -> impl Iterator<Item = &str> {
    let own = own.iter().map(String::as_str);
    ["vi", "en"]
        .into_iter()
        .chain(own.filter(|tag| !["vi", "en"].contains(tag)))
}

/// What is missing. `wanted` are the languages in which the library wants its texts.
#[must_use]
pub fn lacking(details: &Details, kind: Kind, wanted: &[&str], has_consent_file: bool) -> Vec<Lack> {
    let mut lacks = Vec::new();
    let mut lack = |key, language: Option<&str>, blocks| {
        lacks.push(Lack {
            key,
            language: language.map(str::to_owned),
            blocks,
        });
    };
    if details.texts.iter().all(|text| text.title.is_empty()) {
        lack("assets-lack-title", None, true);
    }
    if details.rights.licence == Licence::Unknown {
        lack("assets-lack-licence", None, true);
    }
    match details.rights.consent {
        Consent::Given if !has_consent_file => lack("assets-lack-consent", None, true),
        // It may be published all the same, and stays in the house.
        Consent::Missing => lack("assets-lack-consent", None, false),
        _ => {}
    }
    let in_language = |tag: &str| details.texts.iter().find(|text| text.language == tag);
    for tag in wanted {
        let text = in_language(tag);
        if text.is_none_or(|text| text.title.is_empty()) {
            lack("assets-lack-title-in", Some(tag), false);
        }
        let seen = matches!(kind, Kind::Picture | Kind::Film);
        if seen && text.is_none_or(|text| text.alt.is_empty()) {
            lack("assets-lack-alt", Some(tag), false);
        }
        if seen && text.is_none_or(|text| text.caption.is_empty()) {
            lack("assets-lack-caption", Some(tag), false);
        }
        let heard = matches!(kind, Kind::Film | Kind::Audio);
        if heard && text.is_none_or(|text| text.transcript.is_empty()) {
            lack("assets-lack-transcript", Some(tag), false);
        }
    }
    if details.credit.is_empty() {
        lack("assets-lack-credit", None, false);
    }
    if details.topics.is_empty() && details.priorities.is_empty() {
        lack("assets-lack-topic", None, false);
    }
    lacks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    #[test]
    fn an_empty_picture_lacks_its_words_and_its_licence() {
        let lacks = lacking(&Details::default(), Kind::Picture, &["vi", "lo"], false);
        let blocking: Vec<_> = lacks
            .iter()
            .filter(|lack| lack.blocks)
            .map(|lack| lack.key)
            .collect();
        assert_eq!(blocking, ["assets-lack-title", "assets-lack-licence"]);
        assert!(
            lacks
                .iter()
                .any(|lack| lack.key == "assets-lack-alt" && lack.language.as_deref() == Some("lo"))
        );
    }

    #[test]
    fn a_lack_has_a_word_for_searches() {
        let mut details = Details::default();
        details.rights.consent = Consent::Missing;
        let lacks = lacking(&details, Kind::Film, &["lo"], false);
        let codes: Vec<_> = lacks.iter().map(Lack::code).collect();
        assert_eq!(
            codes,
            [
                "title",
                "licence",
                "consent",
                "title-in:lo",
                "alt:lo",
                "caption:lo",
                "transcript:lo",
                "credit",
                "topic"
            ]
        );
    }

    #[test]
    fn a_document_needs_no_description_of_what_is_seen() {
        let mut details = Details {
            credit: "VNA".into(),
            topics: vec!["11000000".into()],
            texts: vec![Text {
                language: "vi".into(),
                title: "Sách trắng".into(),
                ..Text::default()
            }],
            ..Details::default()
        };
        details.rights.licence = Licence::Owned;
        assert_eq!(lacking(&details, Kind::Document, &["vi"], false), []);
        details.rights.consent = Consent::Given;
        let lacks = lacking(&details, Kind::Document, &["vi"], false);
        assert_eq!(lacks.first().map(|lack| lack.key), Some("assets-lack-consent"));
    }
}
