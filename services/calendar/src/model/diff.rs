//! What changed between two texts, word by word, in every script.

use std::time::{Duration, Instant};

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use utoipa::ToSchema;

use super::Draft;

/// After this long the rest is told as replaced: two long texts that have nothing in common need no better answer.
const PATIENCE: Duration = Duration::from_millis(300);

/// What became of a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// In both.
    Same,
    /// Only in the older.
    Gone,
    /// Only in the newer.
    New,
}

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Part {
    /// What became of it.
    pub kind: PartKind,
    /// The text.
    pub text: String,
}

/// One field in two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Compared {
    /// `title`, `body`, `time`, or `variant` for a text of its own.
    pub field: &'static str,
    /// The variant's id, if it is one's.
    pub variant: Option<uuid::Uuid>,
    /// Its language, if it is a variant's.
    pub language: Option<String>,
    /// Its account, if it is a variant's.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub account: Option<chancery_contracts::ids::AccountId>,
    /// What changed.
    pub parts: Vec<Part>,
}

/// What changed from `old` to `new`, in their order; neighbours of a kind are one part.
#[must_use]
pub fn compare(old: &str, new: &str) -> Vec<Part> {
    let (before, after) = (chancery_words::cut(old), chancery_words::cut(new));
    // Bounds the work, decides nothing.
    let deadline = Instant::now() + PATIENCE;
    let mut parts: Vec<Part> = Vec::new();
    let text = |words: &[&str], from: usize, length: usize| {
        words.get(from..from + length).unwrap_or_default().concat()
    };
    let mut say = |kind, text: String| match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.kind == kind => last.text.push_str(&text),
        _ => parts.push(Part { kind, text }),
    };
    for op in capture_diff_slices_deadline(Algorithm::Myers, &before, &after, Some(deadline)) {
        let (old, new) = (op.old_range(), op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            say(PartKind::Same, text(&before, old.start, old.len()));
        } else {
            say(PartKind::Gone, text(&before, old.start, old.len()));
            say(PartKind::New, text(&after, new.start, new.len()));
        }
    }
    parts
}

/// Every field in which two drafts differ, in the order of the editor.
#[must_use]
pub fn compare_drafts(old: &Draft, new: &Draft) -> Vec<Compared> {
    let whole = |field, parts| Compared {
        field,
        variant: None,
        language: None,
        account: None,
        parts,
    };
    let wall = |draft: &Draft| {
        draft
            .wall
            .map(|at| at.format("%d/%m/%Y %H:%M").to_string())
            .unwrap_or_default()
    };
    let mut found = vec![
        whole("title", compare(&old.title, &new.title)),
        whole("body", compare(&old.body, &new.body)),
        whole("time", compare(&wall(old), &wall(new))),
    ];
    let ids: Vec<_> = old.variants.iter().map(|variant| variant.id).collect();
    let added = new.variants.iter().filter(|variant| !ids.contains(&variant.id));
    for variant in old.variants.iter().chain(added) {
        let own = |draft: &Draft| {
            let variant = draft.variants.iter().find(|other| other.id == variant.id)?;
            let body = variant.body.as_ref()?;
            Some(match &variant.title {
                Some(title) if !title.is_empty() => format!("{title}\n\n{body}"),
                _ => body.clone(),
            })
        };
        let parts = compare(&own(old).unwrap_or_default(), &own(new).unwrap_or_default());
        found.push(Compared {
            field: "variant",
            variant: Some(variant.id),
            language: Some(variant.language.clone()),
            account: Some(variant.account),
            parts,
        });
    }
    found.retain(|field| field.parts.iter().any(|part| part.kind != PartKind::Same));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> String {
        let mark = |part: &Part| match part.kind {
            PartKind::Same => part.text.clone(),
            PartKind::Gone => format!("[-{}]", part.text),
            PartKind::New => format!("[+{}]", part.text),
        };
        compare(old, new).iter().map(mark).collect()
    }

    #[test]
    fn words_are_told_apart_and_not_letters() {
        for (old, new, expected) in [
            (
                "Xin chào các bạn",
                "Xin chào quý vị",
                "Xin chào [-các][+quý] [-bạn][+vị]",
            ),
            ("giống nhau", "giống nhau", "giống nhau"),
            ("", "mới", "[+mới]"),
            ("cũ", "", "[-cũ]"),
            ("越南外交部", "越南外交部发言人", "越南外交部[+发言人]"),
            ("một\n\nhai", "một\n\nba\n\nhai", "một\n\n[+ba\n\n]hai"),
        ] {
            assert_eq!(told(old, new), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(old in ".{0,80}", new in ".{0,80}") {
            let parts = compare(&old, &new);
            let of = |kind| parts.iter().filter(|p| p.kind != kind).map(|p| p.text.as_str()).collect::<String>();
            proptest::prop_assert_eq!(of(PartKind::New), old);
            proptest::prop_assert_eq!(of(PartKind::Gone), new);
        }
    }
}
