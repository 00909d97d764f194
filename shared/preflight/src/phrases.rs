//! Words of a list, found in a text.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use chancery_words::{Word, words};

/// A word or several, to be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    words: Vec<Word>,
    marks: bool,
}

impl Phrase {
    /// Looks for these words. With `marks`, diacritics must be as they are here; without, they do not count.
    #[must_use]
    pub fn new(text: &str, marks: bool) -> Self {
        let words = words(text).into_iter().filter(|word| !word.tail).collect();
        Self { words, marks }
    }

    /// How many words it has; nought finds nothing.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it has no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// The word by which a phrase is looked up, without diacritics: a text that lacks it among its [`plain_words`] lacks the
/// phrase. Its last, which tells more than its first (*Đại sứ quán …*, *Ministry of …*). None: there is no word in it.
#[must_use]
pub fn key(phrase: &str) -> Option<String> {
    words(phrase)
        .into_iter()
        .rfind(|word| !word.tail)
        .map(|word| word.plain)
}

/// The words of a text without diacritics, each once.
#[must_use]
pub fn plain_words(text: &str) -> BTreeSet<String> {
    words(text).into_iter().map(|word| word.plain).collect()
}

/// A text that was cut into words once, to look for many phrases.
#[derive(Debug)]
pub struct Text<'a> {
    written: &'a str,
    words: Vec<Word>,
    as_written: HashMap<String, Vec<usize>>,
    plain: HashMap<String, Vec<usize>>,
}

impl<'a> Text<'a> {
    /// Cuts a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let words = words(text);
        let mut as_written: HashMap<String, Vec<usize>> = HashMap::new();
        let mut plain: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, word) in words.iter().enumerate() {
            as_written.entry(word.word.clone()).or_default().push(place);
            plain.entry(word.plain.clone()).or_default().push(place);
        }
        Self {
            written: text,
            words,
            as_written,
            plain,
        }
    }

    /// Where the phrase stands: ranges of words, in their order.
    #[must_use]
    pub fn find(&self, phrase: &Phrase) -> Vec<Range<usize>> {
        self.places(phrase, phrase.marks)
    }

    /// The same, whatever the phrase says about diacritics.
    pub(crate) fn places(&self, phrase: &Phrase, marks: bool) -> Vec<Range<usize>> {
        let Some((first, rest)) = phrase.words.split_first() else {
            return Vec::new();
        };
        let same = |word: &Word, wanted: &Word| {
            if marks {
                word.word == wanted.word
            } else {
                word.plain == wanted.plain
            }
        };
        let begins = if marks {
            self.as_written.get(&first.word)
        } else {
            self.plain.get(&first.plain)
        };
        let begins = begins.map(Vec::as_slice).unwrap_or_default();
        begins
            .iter()
            .filter(|place| {
                let next = self.words.get(**place + 1..**place + 1 + rest.len());
                next.is_some_and(|next| next.iter().zip(rest).all(|(word, wanted)| same(word, wanted)))
            })
            .map(|place| *place..*place + phrase.words.len())
            .collect()
    }

    /// Whether the phrase stands anywhere.
    #[must_use]
    pub fn has(&self, phrase: &Phrase) -> bool {
        !self.find(phrase).is_empty()
    }

    /// The words of a range as they are written.
    #[must_use]
    pub fn written(&self, range: &Range<usize>) -> &'a str {
        let Some(words) = self.words.get(range.clone()) else {
            return "";
        };
        match (words.first(), words.last()) {
            (Some(first), Some(last)) => self.written.get(first.from..last.to).unwrap_or_default(),
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_with_marks_or_without() {
        for (text, word, marks, found) in [
            ("Bà con kiều bào ta", "kiều bào", true, true),
            ("Bà con KIỀU BÀO ta", "kiều bào", true, true),
            ("Ba con kieu bao ta", "kiều bào", true, false),
            ("Ba con kieu bao ta", "kiều bào", false, true),
            ("Kiều, bào ta", "kiều bào", true, true),
            ("quán lý", "quan ly", true, false),
            ("quán lý", "quan ly", false, true),
            ("scunthorpe", "cunt", false, false),
            ("ຊາວຕ່າງປະເທດ", "ຕ່າງປະເທດ", true, true),
            ("", "x", true, false),
            ("x", "", true, false),
        ] {
            assert_eq!(
                Text::new(text).has(&Phrase::new(word, marks)),
                found,
                "{text} / {word}"
            );
            let looked_up = key(word).is_some_and(|key| plain_words(text).contains(&key));
            assert!(!found || looked_up, "{text} / {word}");
        }
    }

    #[test]
    fn what_is_found_is_shown_as_it_is_written() {
        let text = Text::new("Thăm  Việt\nNam và VIỆT NAM.");
        let found = text.find(&Phrase::new("việt nam", true));
        let written: Vec<_> = found.iter().map(|range| text.written(range)).collect();
        assert_eq!(written, ["Việt\nNam", "VIỆT NAM"]);
    }
}
