//! A text cut into words.

use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fold::{fold, one_tone_place, without_diacritics};

/// Longer words are cut; PostgreSQL refuses a lexeme of 2 kB and an index entry not much longer.
const LONGEST_BYTES: usize = 240;

/// A word where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its one spelling.
    pub word: String,
    /// Without diacritics, if that is another word.
    pub plain: Option<String>,
    /// As it was typed, where tones were placed the other way. What begins so may still become another word.
    pub typed: Option<String>,
    /// Counted from nought.
    pub place: usize,
    /// The last syllable of a Korean word, indexed so that it can be found alone.
    pub tail: bool,
}

/// Every word of `text`, in order.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let text: String = text.nfc().collect();
    let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
    let mut words: Vec<Piece> = Vec::new();
    let mut from = 0;
    // Whether a stretch is a word is decided by its letters and digits: the segmenter's own answer changes with what
    // follows a mark.
    for to in segmenter.segment_str(&text) {
        words.extend(text.get(from..to).map(pieces).into_iter().flatten());
        from = to;
    }
    words
        .into_iter()
        .enumerate()
        .map(|(place, Piece { word, tail })| {
            let (word, typed) = match one_tone_place(&word) {
                Some(one) => (one, Some(word)),
                None => (word, None),
            };
            Token {
                plain: without_diacritics(&word),
                word,
                typed,
                place,
                tail,
            }
        })
}

pub(crate) struct Piece {
    pub word: String,
    pub tail: bool,
}

/// What one word of the segmenter is to us: cut at apostrophes, points and underscores, and Korean in pairs.
pub(crate) fn pieces(word: &str) -> Vec<Piece> {
    let folded = fold(word);
    let mut pieces = Vec::new();
    for part in folded.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)) {
        for (run, korean) in runs(part) {
            if korean {
                pairs(run, &mut pieces);
            } else if run.chars().any(char::is_alphanumeric) {
                pieces.push(Piece {
                    word: shortened(run).to_owned(),
                    tail: false,
                });
            }
        }
    }
    pieces
}

/// Stretches of Korean syllables and of anything else.
fn runs(part: &str) -> Vec<(&str, bool)> {
    let mut runs = Vec::new();
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        let korean = is_korean(first);
        let end = rest.find(|c| is_korean(c) != korean).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        runs.push((run, korean));
        rest = after;
    }
    runs
}

fn pairs(run: &str, pieces: &mut Vec<Piece>) {
    let syllables: Vec<char> = run.chars().collect();
    for pair in syllables.windows(2) {
        pieces.push(Piece {
            word: pair.iter().collect(),
            tail: false,
        });
    }
    if let Some(last) = syllables.last() {
        pieces.push(Piece {
            word: last.to_string(),
            tail: syllables.len() > 1,
        });
    }
}

fn is_korean(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

fn shortened(word: &str) -> &str {
    let end = word
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|end| *end <= LONGEST_BYTES)
        .last()
        .unwrap_or(0);
    word.split_at(end).0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).map(|token| token.word).collect()
    }

    #[test]
    fn words_are_cut_in_many_scripts() {
        for (text, expected) in [
            ("Bộ Ngoại giao, 2026", vec!["bộ", "ngoại", "giao", "2026"]),
            ("Côte d'Ivoire", vec!["côte", "d", "ivoire"]),
            ("IMG_1234.jpg", vec!["img", "1234", "jpg"]),
            (
                "Министерство иностранных дел",
                vec!["министерство", "иностранных", "дел"],
            ),
            ("وزارة الخارجية", vec!["وزاره", "الخارجيه"]),
            ("한국 정부", vec!["한국", "국", "정부", "부"]),
            ("2026년도", vec!["2026", "년도", "도"]),
            ("½ … 🙂", vec!["1", "2"]),
        ] {
            assert_eq!(words(text), expected);
        }
    }

    #[test]
    fn scripts_without_spaces_become_several_words() {
        for text in [
            "กระทรวงการต่างประเทศ",
            "ກະຊວງການຕ່າງປະເທດ",
            "ក្រសួងការបរទេស",
            "越南外交部发言人",
            "ベトナム外務省報道官",
        ] {
            assert!(words(text).len() > 1, "{text}: {:?}", words(text));
            assert_eq!(words(text).concat(), fold(text), "nothing is lost");
        }
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let word = words(&"ế".repeat(10_000));
        assert_eq!(word.len(), 1);
        assert!(word.iter().all(|word| word.len() <= LONGEST_BYTES));
    }
}
