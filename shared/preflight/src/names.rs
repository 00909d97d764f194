//! Names and titles as headquarters approved them (*danh mục tên gọi, chức danh*), and passages that stay word for word.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use crate::{Phrase, Text};

/// A name or title in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Name {
    /// What it is, for people who look after the list: `east_sea`, `foreign_minister`.
    pub term: String,
    /// BCP 47 tag.
    pub language: String,
    /// How it is written.
    pub approved: String,
    /// How it is not.
    #[serde(default)]
    pub avoid: Vec<Avoid>,
    /// Whether nothing goes out in which it is written otherwise; else people are only told.
    #[serde(default)]
    pub locked: bool,
}

/// A form that is not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Avoid {
    /// How it is written.
    pub form: String,
    /// Why not.
    #[serde(default)]
    pub reason: String,
}

/// A name that is written otherwise than approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misnamed {
    /// As it stands in the text.
    pub found: String,
    /// As it should.
    pub approved: String,
    /// Why not as it stands; may be empty.
    pub reason: String,
    /// Whether nothing goes out with it.
    pub locked: bool,
}

/// Every listed name that `text` writes otherwise, each spelling once: a form that is listed as one to avoid, or the
/// approved one without its diacritics or with other capitals. What stands within an approved name is part of that.
#[must_use]
pub fn misnamed(text: &Text<'_>, names: &[Name]) -> Vec<Misnamed> {
    let names: Vec<(&Name, Phrase)> = names
        .iter()
        .map(|name| (name, Phrase::new(&name.approved, true)))
        .collect();
    let right: Vec<Range<usize>> = names
        .iter()
        .flat_map(|(name, approved)| {
            let places = text.find(approved).into_iter();
            places.filter(|place| is_approved(text.written(place), &name.approved))
        })
        .collect();
    let inside = |place: &Range<usize>| {
        right
            .iter()
            .any(|whole| whole.start <= place.start && place.end <= whole.end)
    };
    let mut found: Vec<Misnamed> = Vec::new();
    let mut say = |name: &Name, place: &Range<usize>, reason: &str| {
        let written = plain_spaces(text.written(place));
        if !found
            .iter()
            .any(|known| known.found == written && known.approved == name.approved)
        {
            found.push(Misnamed {
                found: written,
                approved: name.approved.clone(),
                reason: reason.to_owned(),
                locked: name.locked,
            });
        }
    };
    for (name, approved) in &names {
        for avoid in &name.avoid {
            for place in text.find(&Phrase::new(&avoid.form, true)) {
                // A form that differs in capitals only is told by its letters.
                let only_capitals = text.find(approved).contains(&place);
                let meant = !only_capitals || plain_spaces(text.written(&place)) == plain_spaces(&avoid.form);
                if meant && !inside(&place) {
                    say(name, &place, &avoid.reason);
                }
            }
        }
        // A single word without its marks is too often another word.
        if approved.len() < 2 {
            continue;
        }
        for place in text.places(approved, false) {
            if !inside(&place) && !is_approved(text.written(&place), &name.approved) {
                say(name, &place, "");
            }
        }
    }
    found
}

/// As approved, in capitals throughout, or with the capital of a sentence's beginning.
fn is_approved(written: &str, approved: &str) -> bool {
    let (written, approved) = (plain_spaces(written), plain_spaces(approved));
    let mut letters = approved.chars();
    let at_beginning: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    written == approved || written == approved.to_uppercase() || written == at_beginning
}

/// Composed, with single spaces.
fn plain_spaces(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `text` has `passage` word for word: letters, marks and capitals as they are, only spaces and line ends may
/// differ.
#[must_use]
pub fn holds(text: &str, passage: &str) -> bool {
    plain_spaces(text).contains(&plain_spaces(passage))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(approved: &str, avoid: &[&str], locked: bool) -> Name {
        Name {
            term: "t".into(),
            language: "vi".into(),
            approved: approved.into(),
            avoid: avoid
                .iter()
                .map(|form| Avoid {
                    form: (*form).into(),
                    reason: "vì vậy".into(),
                })
                .collect(),
            locked,
        }
    }

    fn wrong(text: &str, names: &[Name]) -> Vec<String> {
        misnamed(&Text::new(text), names)
            .into_iter()
            .map(|m| format!("{} → {}", m.found, m.approved))
            .collect()
    }

    #[test]
    fn a_listed_name_is_written_as_approved() {
        let list = [
            name("Biển Đông", &["biển Nam Trung Hoa", "Nam Hải"], true),
            name("quần đảo Hoàng Sa", &["Hoàng Sa", "Tây Sa"], true),
            name("Bộ Ngoại giao", &[], false),
            name("Việt Nam", &[], false),
        ];
        for (text, found) in [
            ("Hòa bình ở Biển Đông.", vec![]),
            (
                "Hòa bình ở biển Nam Trung Hoa.",
                vec!["biển Nam Trung Hoa → Biển Đông"],
            ),
            ("Chủ quyền đối với quần đảo Hoàng Sa", vec![]),
            ("Quần đảo Hoàng Sa của ta", vec![]),
            ("Chủ quyền đối với Hoàng Sa", vec!["Hoàng Sa → quần đảo Hoàng Sa"]),
            ("BỘ NGOẠI GIAO", vec![]),
            (
                "Bộ ngoại giao và Bộ Ngoại Giao",
                vec!["Bộ ngoại giao → Bộ Ngoại giao", "Bộ Ngoại Giao → Bộ Ngoại giao"],
            ),
            ("Viet Nam và Việt Nam", vec!["Viet Nam → Việt Nam"]),
            ("việt nam, VIỆT NAM", vec!["việt nam → Việt Nam"]),
            ("Thăm nam Việt ngữ", vec![]),
        ] {
            assert_eq!(wrong(text, &list), found, "{text}");
        }
    }

    #[test]
    fn a_form_to_avoid_that_differs_in_capitals_only_is_told_by_them() {
        let list = [name("Thủ tướng Chính phủ", &["thủ tướng chính phủ"], false)];
        assert!(wrong("Thủ tướng Chính phủ thăm Lào", &list).is_empty());
        assert_eq!(wrong("ông thủ tướng chính phủ", &list).len(), 1);
    }

    #[test]
    fn english_spellings_are_told_apart() {
        let list = [
            name("Viet Nam", &["Vietnam"], false),
            name("East Sea", &["South China Sea"], true),
        ];
        assert_eq!(
            wrong("Vietnam and the South China Sea", &list),
            ["Vietnam → Viet Nam", "South China Sea → East Sea"]
        );
        assert!(wrong("Viet Nam and the East Sea", &list).is_empty());
    }

    #[test]
    fn a_passage_stays_word_for_word_and_may_break_elsewhere() {
        let passage = "Việt Nam có đầy đủ bằng chứng lịch sử và cơ sở pháp lý.";
        assert!(holds(
            "Mở đầu.\n\nViệt Nam có đầy đủ\nbằng chứng lịch sử và cơ  sở pháp lý. Kết.",
            passage
        ));
        for altered in [
            "Việt Nam có đủ bằng chứng lịch sử và cơ sở pháp lý.",
            "Việt Nam có đầy đủ bằng chứng lịch sử và cơ sở pháp lý",
            "việt nam có đầy đủ bằng chứng lịch sử và cơ sở pháp lý.",
            "",
        ] {
            assert!(!holds(altered, passage), "{altered}");
        }
    }
}
