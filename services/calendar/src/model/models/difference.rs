//! What changed between two texts, and which parts of a text are locked: pieces for a page to show.

use std::time::Duration;

use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

vocabulary! {
    /// What a piece of text is.
    PartKind {
        /// In both texts, or of no special kind.
        Same = "same",
        /// Only in the newer.
        New = "new",
        /// Only in the older.
        Gone = "gone",
        /// Must stay word for word.
        Locked = "locked",
    }
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its words, with the space between them.
    pub text: String,
}

/// How `newer` differs from `older`, word by word. A comparison that takes too long is cut short: it then shows more as
/// changed than is, never less.
#[must_use]
pub fn difference(older: &str, newer: &str) -> Vec<Part> {
    let compared = TextDiff::configure()
        .timeout(Duration::from_millis(300))
        .diff_unicode_words(older, newer);
    let mut parts: Vec<Part> = Vec::new();
    for change in compared.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => PartKind::Same,
            ChangeTag::Insert => PartKind::New,
            ChangeTag::Delete => PartKind::Gone,
        };
        push(&mut parts, kind, change.value());
    }
    parts
}

/// `text` with every occurrence of a locked passage as a piece of its own; where two overlap, the one that begins first.
#[must_use]
pub fn marked<'a>(text: &str, passages: impl Iterator<Item = &'a str> + Clone) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let found = passages
            .clone()
            .filter(|passage| !passage.is_empty())
            .filter_map(|passage| Some((rest.find(passage)?, passage)))
            .min_by_key(|(at, passage)| (*at, std::cmp::Reverse(passage.len())));
        let Some((before, (locked, after))) = found.and_then(|(at, passage)| {
            Some((rest.get(..at)?, rest.get(at..)?.split_at_checked(passage.len())?))
        }) else {
            push(&mut parts, PartKind::Same, rest);
            return parts;
        };
        push(&mut parts, PartKind::Same, before);
        push(&mut parts, PartKind::Locked, locked);
        rest = after;
    }
}

fn push(parts: &mut Vec<Part>, kind: PartKind, text: &str) {
    if text.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(last) if last.kind == kind => last.text.push_str(text),
        _ => parts.push(Part {
            kind,
            text: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[Part]) -> Vec<(&'static str, &str)> {
        parts
            .iter()
            .map(|part| (part.kind.as_str(), part.text.as_str()))
            .collect()
    }

    #[test]
    fn a_changed_word_is_shown_as_gone_and_new() {
        let parts = difference("Lễ khai mạc lúc 18 giờ", "Lễ khai mạc lúc 19 giờ");
        let expected = [
            ("same", "Lễ khai mạc lúc "),
            ("gone", "18"),
            ("new", "19"),
            ("same", " giờ"),
        ];
        assert_eq!(shown(&parts), expected);
    }

    #[test]
    fn locked_passages_are_found_wherever_they_stand() {
        let parts = marked("Hoàng Sa và Trường Sa", ["Trường Sa", "Hoàng Sa", ""].into_iter());
        assert_eq!(
            shown(&parts),
            [("locked", "Hoàng Sa"), ("same", " và "), ("locked", "Trường Sa")]
        );
        assert_eq!(
            shown(&marked("Không có", ["Có"].into_iter())),
            [("same", "Không có")]
        );
    }
}
