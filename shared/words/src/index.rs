use std::collections::BTreeMap;
use std::fmt::Write;

use crate::token::tokens;

/// The last place that a `tsvector` can tell; words after it share it.
const LAST_PLACE: usize = 16_383;
/// Most places of one word.
const MOST_PLACES: usize = 256;
/// A `tsvector` has at most 2²⁰ - 1 bytes; words that no longer fit are left out.
const MOST_BYTES: usize = 1_000_000;
/// Between two texts of one index, so that no phrase reaches from one into the other.
const GAP: usize = 32;

/// How much a word counts where results are ordered (`ts_rank`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A title.
    A,
    /// A caption, names, places.
    B,
    /// Topics and the like.
    C,
    /// Running text.
    D,
}

impl Weight {
    /// As written in a `tsvector`, where the last is understood.
    const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "",
        }
    }
}

/// A word and the places where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lexeme {
    /// The word in its one spelling.
    pub word: String,
    /// In rising order, from 1 to 16,383, at most 256 of them.
    pub places: Vec<(u16, Weight)>,
}

/// The words of one thing, gathered from its texts.
///
/// ```
/// use chancery_words::{Index, Weight};
///
/// let index = Index::new().with(Weight::A, "Hà Nội").with(Weight::D, "A morning in Hanoi.");
/// assert!(index.tsvector().starts_with("'a':35 'ha':1A 'hanoi':38 'hà':1A"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Index {
    words: BTreeMap<String, Vec<(u16, Weight)>>,
    next: usize,
    bytes: usize,
}

impl Index {
    /// No words yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// And the words of `text`. Texts that come first come through if all of them together are too long.
    #[must_use]
    pub fn with(mut self, weight: Weight, text: &str) -> Self {
        self.add(weight, text);
        self
    }

    /// The words of `text` too.
    pub fn add(&mut self, weight: Weight, text: &str) {
        let start = self.next;
        for token in tokens(text) {
            let place = start + token.place;
            self.next = place + 1 + GAP;
            if let Some(plain) = token.plain {
                self.put(plain, place, weight);
            }
            self.put(token.word, place, weight);
        }
    }

    /// Every word with its places, in the order of their bytes.
    #[must_use]
    pub fn lexemes(self) -> Vec<Lexeme> {
        let lexeme = |(word, places)| Lexeme { word, places };
        self.words.into_iter().map(lexeme).collect()
    }

    /// The text of a `tsvector`, to be cast: `$1::text::tsvector`.
    #[must_use]
    pub fn tsvector(&self) -> String {
        let mut text = String::with_capacity(self.bytes * 2);
        for (word, places) in &self.words {
            let space = if text.is_empty() { "" } else { " " };
            // Words are letters, digits and marks only: nothing in them ends a quotation.
            let mut separator = ':';
            text.extend([space, "'", word, "'"]);
            for (place, weight) in places {
                // Writing into a string does not fail.
                write!(text, "{separator}{place}{}", weight.letter()).unwrap_or_default();
                separator = ',';
            }
        }
        text
    }

    fn put(&mut self, word: String, place: usize, weight: Weight) {
        let place = u16::try_from((place + 1).min(LAST_PLACE)).unwrap_or(u16::MAX);
        match self.words.get_mut(&word) {
            Some(places) if places.len() >= MOST_PLACES => {}
            Some(places) => match places.last_mut() {
                Some((last, best)) if *last == place => *best = weight.min(*best),
                _ if self.bytes + 2 > MOST_BYTES => {}
                _ => {
                    self.bytes += 2;
                    places.push((place, weight));
                }
            },
            None => {
                // With its count of places, and what aligning them takes.
                let bytes = word.len() + 6;
                if self.bytes + bytes <= MOST_BYTES {
                    self.bytes += bytes;
                    self.words.insert(word, vec![(place, weight)]);
                }
            }
        }
    }
}

/// The words of one running text.
#[must_use]
pub fn index(text: &str) -> Vec<Lexeme> {
    Index::new().with(Weight::D, text).lexemes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_diacritics_stands_twice_in_one_place() {
        let lexemes = index("Việt Nam");
        let found: Vec<_> = lexemes
            .iter()
            .map(|lexeme| (lexeme.word.as_str(), lexeme.places.first().map(|place| place.0)))
            .collect();
        assert_eq!(found, [("nam", Some(2)), ("viet", Some(1)), ("việt", Some(1))]);
    }

    #[test]
    fn places_and_length_are_bounded() {
        let same = index(&"nam ".repeat(100_000));
        assert_eq!(same.len(), 1);
        assert_eq!(same.first().map(|lexeme| lexeme.places.len()), Some(MOST_PLACES));

        let mut index = Index::new();
        for number in 0..80_000 {
            index.add(Weight::B, &format!("word{number}"));
        }
        assert!(index.bytes <= MOST_BYTES);
        let last = index
            .lexemes()
            .into_iter()
            .flat_map(|lexeme| lexeme.places)
            .map(|place| place.0)
            .max();
        assert_eq!(last, Some(16_383));
    }
}
