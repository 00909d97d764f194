//! What two texts have in common when they say the same.

use sha2::{Digest, Sha256};

use crate::links;

/// Shorter texts are the same by chance ("Chúc mừng năm mới!").
const FEWEST: usize = 5;

/// SHA-256 of a text's folded words.
pub type Fingerprint = [u8; 32];

/// The fingerprint of a text: the same for texts that differ only in case, spaces, marks between words and the addresses
/// that they name. None for a text of fewer than five words.
#[must_use]
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    let mut bare = text.to_owned();
    let mut addresses = links(text);
    // The longest first: one may begin with another.
    addresses.sort_by_key(|address| std::cmp::Reverse(address.len()));
    for address in addresses {
        bare = bare.replace(&address, " ");
    }
    let words = chancery_words::words(&bare);
    if words.len() < FEWEST {
        return None;
    }
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.word.as_bytes());
        hash.update(b" ");
    }
    Some(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_marks_and_addresses_make_no_other_text() {
        let one = fingerprint("Đại sứ quán trân trọng kính mời: https://a.example/x?utm_source=b")
            .unwrap_or_default();
        for same in [
            "ĐẠI SỨ QUÁN  trân trọng\nkính mời",
            "Đại sứ quán trân trọng kính mời! https://a.example/x https://a.example/x?utm_source=c",
        ] {
            assert_eq!(fingerprint(same).unwrap_or_default(), one, "{same}");
        }
        assert_ne!(
            fingerprint("Đại sứ quán trân trọng cảm ơn quý vị").unwrap_or_default(),
            one
        );
        assert_ne!(
            fingerprint("Dai su quan tran trong kinh moi").unwrap_or_default(),
            one,
            "diacritics tell words apart"
        );
    }

    #[test]
    fn what_is_short_is_the_same_by_chance() {
        assert_eq!(fingerprint("Chúc mừng năm mới!"), None);
        assert_eq!(fingerprint(""), None);
    }
}
