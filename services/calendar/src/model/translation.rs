//! Translations beside their source: paragraph by paragraph, and how far each is.

use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

use super::{Draft, DraftVariant};

vocabulary! {
    /// How far whoever translates says it is.
    Stage {
        /// Being translated.
        InWork = "in_work",
        /// Complete.
        Translated = "translated",
        /// Read by somebody else, who passes it.
        Reviewed = "reviewed",
    }
}

vocabulary! {
    /// How far a translation is.
    Standing {
        /// There is none yet.
        Missing = "missing",
        /// Being translated.
        InWork = "in_work",
        /// Complete.
        Translated = "translated",
        /// Read by somebody else, who passes it.
        Reviewed = "reviewed",
        /// Its source has changed since.
        Outdated = "outdated",
    }
}

/// A translation as it was last recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// How far it was.
    pub stage: Stage,
    /// The headline that it was made from.
    pub source_title: String,
    /// The text that it was made from.
    pub source_body: String,
}

/// A paragraph and its translation; either may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// In the item's language.
    pub source: String,
    /// In the variant's.
    pub translation: String,
}

/// How far the translation in `variant` is.
#[must_use]
pub fn standing(draft: &Draft, variant: &DraftVariant, recorded: Option<&Translation>) -> Standing {
    if variant.body.as_deref().is_none_or(|body| body.trim().is_empty()) {
        return Standing::Missing;
    }
    let Some(recorded) = recorded else {
        return Standing::InWork;
    };
    let changed = recorded.source_title != draft.title || recorded.source_body != draft.body;
    match recorded.stage {
        Stage::InWork => Standing::InWork,
        _ if changed => Standing::Outdated,
        Stage::Translated => Standing::Translated,
        Stage::Reviewed => Standing::Reviewed,
    }
}

/// Source and translation, paragraph by paragraph. What one has more of stands beside nothing.
#[must_use]
pub fn pairs(source: &str, translation: &str) -> Vec<Pair> {
    let cut = |text: &str| -> Vec<String> {
        if text.trim().is_empty() {
            return Vec::new();
        }
        text.split("\n\n").map(str::to_owned).collect()
    };
    let (source, translation) = (cut(source), cut(translation));
    let nth = |texts: &[String], number: usize| texts.get(number).cloned().unwrap_or_default();
    (0..source.len().max(translation.len()))
        .map(|number| Pair {
            source: nth(&source, number),
            translation: nth(&translation, number),
        })
        .collect()
}

/// The translation's paragraphs as one text. While it is in work a paragraph that is still empty keeps its place.
#[must_use]
pub fn joined(paragraphs: &[String], stage: Stage) -> String {
    let kept = paragraphs
        .iter()
        .map(|paragraph| paragraph.trim_matches('\n'))
        .filter(|paragraph| stage == Stage::InWork || !paragraph.trim().is_empty());
    kept.collect::<Vec<_>>().join("\n\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn paragraphs_stand_beside_each_other_and_come_back() {
        let found = pairs("Một.\n\nHai.\n\nBa.", "One.\n\n\n\nThree.");
        let shown: Vec<_> = found
            .iter()
            .map(|p| (p.source.as_str(), p.translation.as_str()))
            .collect();
        assert_eq!(shown, [("Một.", "One."), ("Hai.", ""), ("Ba.", "Three.")]);
        let parts = strings(&["One.", "", "Three."]);
        assert_eq!(joined(&parts, Stage::InWork), "One.\n\n\n\nThree.");
        assert_eq!(joined(&parts, Stage::Translated), "One.\n\nThree.");
        assert_eq!(joined(&strings(&["", ""]), Stage::InWork), "");
    }

    #[test]
    fn a_longer_translation_is_not_cut() {
        assert_eq!(pairs("Một.", "One.\n\nMore.").len(), 2);
        assert!(pairs("", " ").is_empty());
    }
}
