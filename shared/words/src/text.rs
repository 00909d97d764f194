use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;

use crate::fold::{one_tone_place, without_diacritics};
use crate::token::pieces;

/// A word of a text, and where it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its one spelling: case folded, tones in their one place.
    pub word: String,
    /// The same without diacritics; where it has none, `word` itself.
    pub plain: String,
    /// The last syllable of a longer Korean word, cut off so that it can be found alone.
    pub tail: bool,
    /// Where what it was cut from begins in the text, in bytes.
    pub from: usize,
    /// Where that ends, in bytes.
    pub to: usize,
}

/// The words of `text` in their order, folded as search folds them.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for (from, to) in bounds(text) {
        for piece in text.get(from..to).map(pieces).into_iter().flatten() {
            let word = one_tone_place(&piece.word).unwrap_or(piece.word);
            found.push(Word {
                plain: without_diacritics(&word).unwrap_or_else(|| word.clone()),
                word,
                tail: piece.tail,
                from,
                to,
            });
        }
    }
    found
}

/// `text` cut at the bounds of words: words, spaces and marks in turn, nothing left out.
#[must_use]
pub fn cut(text: &str) -> Vec<&str> {
    bounds(text)
        .into_iter()
        .filter_map(|(from, to)| text.get(from..to))
        .collect()
}

fn bounds(text: &str) -> Vec<(usize, usize)> {
    let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
    let mut found = Vec::new();
    let mut from = 0;
    for to in segmenter.segment_str(text) {
        if to > from {
            found.push((from, to));
        }
        from = to;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "Bộ Ngoại giao, Hoà Bình";
        let found = words(text);
        let written: Vec<_> = found.iter().filter_map(|w| text.get(w.from..w.to)).collect();
        assert_eq!(written, ["Bộ", "Ngoại", "giao", "Hoà", "Bình"]);
        let folded: Vec<_> = found.iter().map(|w| w.word.as_str()).collect();
        assert_eq!(folded, ["bộ", "ngoại", "giao", "hòa", "bình"]);
        assert_eq!(found.first().map(|w| w.plain.as_str()), Some("bo"));
    }

    #[test]
    fn cutting_leaves_nothing_out() {
        for text in [
            "",
            "Xin chào, các bạn!\n\nHẹn gặp lại.",
            "ສະບາຍດີ ວຽງຈັນ",
            "越南外交部",
        ] {
            assert_eq!(cut(text).concat(), text);
        }
        assert!(cut("ສະບາຍດີທຸກຄົນ").len() > 1);
    }
}
