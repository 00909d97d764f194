use std::fmt;
use std::str::FromStr;

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::ids::{AccountId, AssetId, ItemId};
use crate::{Platform, Release};

/// Exactly what is approved and exactly what goes out: final text per account, the hash of every picture, and the
/// time on the wall. Instants are not part of it: when a country changes its clocks, the approval still holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Of which item.
    pub item: ItemId,
    /// Of which version of it.
    pub version: i32,
    /// When, as a wall in `zone` shows it; on command: from when on somebody may give the word.
    pub wall: NaiveDateTime,
    /// The IANA zone of that wall.
    pub zone: Tz,
    /// How many minutes after `wall` it may still go out.
    pub window_minutes: i32,
    /// By itself, or on command. Left out when by itself: what was approved before there was a choice keeps its hash.
    #[serde(default, skip_serializing_if = "is_default")]
    pub release: Release,
    /// One for each account, ordered by account.
    pub variants: Vec<EditionVariant>,
}

/// What goes out on one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionVariant {
    /// On which account.
    pub account: AccountId,
    /// On which platform that account is.
    pub platform: Platform,
    /// BCP 47 tag of the text's language.
    pub language: String,
    /// The headline, where the platform has one; else empty.
    pub title: String,
    /// The text; paragraphs are separated by an empty line.
    pub body: String,
    /// Pictures, in order.
    pub images: Vec<EditionImage>,
    /// What the public is told was corrected. None: it corrects nothing that is out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<String>,
}

/// A picture as it was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionImage {
    /// SHA-256 of the stored file, lower-case hexadecimal; also its key in storage.
    pub sha256: String,
    /// Its media type, as found by content.
    pub mime: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// What somebody who cannot see it should know, in the variant's language.
    pub alt: String,
    /// The asset of the library that it was made of: its rights are asked again before it goes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetId>,
}

/// SHA-256 of an edition's canonical form. Shown and stored as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EditionHash([u8; 32]);

impl Edition {
    /// The edition in its one canonical form: text in Unicode NFC with `\n` line ends, variants ordered by account.
    #[must_use]
    pub fn canonical(mut self) -> Self {
        for variant in &mut self.variants {
            variant.title = canonical_text(&variant.title);
            variant.body = canonical_text(&variant.body);
            variant.correction = variant.correction.as_deref().map(canonical_text);
            for image in &mut variant.images {
                image.alt = canonical_text(&image.alt);
            }
        }
        self.variants
            .sort_by(|a, b| (a.account, &a.language).cmp(&(b.account, &b.language)));
        self
    }

    /// The hash of the canonical form, as JSON with its fields in the order of declaration.
    ///
    /// # Errors
    /// Never for an edition that was built by this type; serialisation is fallible in principle.
    pub fn hash(&self) -> Result<EditionHash, serde_json::Error> {
        let canonical = serde_json::to_vec(&self.clone().canonical())?;
        Ok(EditionHash(Sha256::digest(&canonical).into()))
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn canonical_text(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .trim()
        .nfc()
        .collect()
}

impl fmt::Display for EditionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for EditionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EditionHash({self})")
    }
}

impl From<EditionHash> for String {
    fn from(hash: EditionHash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for EditionHash {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for EditionHash {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken fixture should stop the test"
)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn variant(account: u128, body: &str) -> EditionVariant {
        EditionVariant {
            account: AccountId(Uuid::from_u128(account)),
            platform: Platform::PressRoom,
            language: "vi".into(),
            title: "Thông cáo".into(),
            body: body.into(),
            images: vec![],
            correction: None,
        }
    }

    fn edition(variants: Vec<EditionVariant>) -> Edition {
        Edition {
            item: ItemId(Uuid::from_u128(1)),
            version: 1,
            wall: "2026-09-02T09:00:00".parse().unwrap(),
            zone: Tz::Asia__Vientiane,
            window_minutes: 60,
            release: Release::AtTime,
            variants,
        }
    }

    #[test]
    fn order_line_ends_and_normal_form_do_not_matter() {
        let a = edition(vec![variant(1, "Ngày Quốc khánh\r\n2/9"), variant(2, "b")]);
        let decomposed: String = "Ngày Quốc khánh\n2/9".nfd().collect();
        let b = edition(vec![variant(2, "b"), variant(1, &decomposed)]);
        assert_eq!(a.hash().unwrap(), b.hash().unwrap());
    }

    #[test]
    fn any_change_changes_the_hash() {
        let base = edition(vec![variant(1, "a")]);
        let mut changed = vec![base.clone(); 7];
        changed[0].variants[0].body.push('.');
        changed[1].variants[0].account = AccountId(Uuid::from_u128(9));
        changed[2].wall += chrono::TimeDelta::minutes(1);
        changed[3].zone = Tz::Asia__Ho_Chi_Minh;
        changed[4].window_minutes = 61;
        changed[5].version = 2;
        changed[6].release = Release::OnCommand;
        for other in changed {
            assert_ne!(base.hash().unwrap(), other.hash().unwrap(), "{other:?}");
        }
    }

    /// Written down and hashed before editions said how they go out.
    #[test]
    fn what_was_approved_before_there_was_a_choice_keeps_its_hash() {
        let old = r#"{"item":"00000000-0000-0000-0000-000000000001","version":1,"wall":"2026-09-02T09:00:00","zone":"Asia/Vientiane","window_minutes":60,"variants":[{"account":"00000000-0000-0000-0000-000000000001","platform":"press_room","language":"vi","title":"Thông cáo","body":"a","images":[]}]}"#;
        let read: Edition = serde_json::from_str(old).unwrap();
        assert_eq!(read, edition(vec![variant(1, "a")]));
        let hash = EditionHash(Sha256::digest(old.as_bytes()).into());
        assert_eq!(read.hash().unwrap(), hash);
        let on_command = Edition {
            release: Release::OnCommand,
            ..read
        };
        let written = serde_json::to_string(&on_command).unwrap();
        assert!(written.contains(r#""window_minutes":60,"release":"on_command","variants""#));
        assert_eq!(serde_json::from_str::<Edition>(&written).unwrap(), on_command);
    }

    #[test]
    fn a_hash_survives_text() {
        let hash = edition(vec![]).hash().unwrap();
        assert_eq!(hash.to_string().parse::<EditionHash>().unwrap(), hash);
        assert_eq!(hash.to_string().len(), 64);
    }
}
