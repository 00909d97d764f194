//! A place in a text by its words and those around it, so that it is found again after the text was edited.

use unicode_segmentation::UnicodeSegmentation;

/// So many characters around a place tell it from others with the same words.
const AROUND: usize = 32;
/// The longest place, in characters.
pub const MAX_QUOTE: usize = 2_000;

/// Words in a text (the text quote selector of the W3C's Web Annotation model). White space counts as one blank: a page
/// shows line ends as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The words.
    pub exact: String,
    /// At most 32 characters before them.
    pub prefix: String,
    /// At most 32 characters after them.
    pub suffix: String,
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sentences of a text, in their order (UAX #29): what is offered to whoever cannot mark with a mouse.
#[must_use]
pub fn sentences(text: &str) -> Vec<String> {
    text.split("\n\n")
        .flat_map(str::unicode_sentences)
        .map(plain)
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

impl Quote {
    /// The place in `text` that these words mean; of several alike, the one whose surroundings are most like `before` and
    /// `after`. None: the text does not have them.
    #[must_use]
    pub fn in_text(text: &str, exact: &str, before: &str, after: &str) -> Option<Self> {
        let text = plain(text);
        let exact = plain(exact);
        let wanted = Self {
            exact,
            prefix: plain(before),
            suffix: plain(after),
        };
        let (head, tail) = wanted.split(&text)?;
        let skip = head.chars().count().saturating_sub(AROUND);
        Some(Self {
            prefix: head.chars().skip(skip).collect(),
            suffix: tail.chars().take(AROUND).collect(),
            exact: wanted.exact,
        })
    }

    /// Whether the words still stand in `text`.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.split(&plain(text)).is_some()
    }

    /// What stands before and after the place in a plain text.
    fn split<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        if self.exact.is_empty() {
            return None;
        }
        text.match_indices(&self.exact)
            .filter_map(|(at, words)| Some((text.get(..at)?, text.get(at + words.len()..)?)))
            .max_by_key(|(head, tail)| {
                let before = alike(
                    head.trim_end().chars().rev(),
                    self.prefix.trim_end().chars().rev(),
                );
                let after = alike(tail.trim_start().chars(), self.suffix.trim_start().chars());
                // The first of equals: `max_by_key` keeps the last.
                (before + after, std::cmp::Reverse(head.len()))
            })
    }
}

fn alike(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Đại sứ dự lễ. Lễ bắt đầu lúc 9 giờ.\n\nSau lễ, Đại sứ dự tiệc.";

    #[test]
    fn a_place_is_found_again_after_its_surroundings_changed() {
        let quote = Quote::in_text(TEXT, "Đại sứ  dự", "Sau lễ, ", " tiệc").map(|quote| {
            assert!(quote.prefix.ends_with("Sau lễ, "), "{quote:?}");
            assert_eq!(quote.suffix, " tiệc.");
            quote
        });
        assert!(
            quote
                .as_ref()
                .is_some_and(|quote| quote.is_in("Chiều nay, Đại sứ\ndự lễ."))
        );
        assert!(quote.is_some_and(|quote| !quote.is_in("Đại sứ không dự.")));
    }

    #[test]
    fn of_several_alike_the_surroundings_decide_and_then_the_first() {
        let first = Quote::in_text(TEXT, "Đại sứ", "", "");
        assert!(first.is_some_and(|quote| quote.prefix.is_empty()));
        let second = Quote::in_text(TEXT, "Đại sứ", "lễ, ", "");
        assert!(second.is_some_and(|quote| quote.prefix.ends_with("lễ, ")));
        assert_eq!(Quote::in_text(TEXT, "không có", "", ""), None);
        assert_eq!(Quote::in_text(TEXT, " ", "", ""), None);
    }

    #[test]
    fn sentences_are_those_of_the_text() {
        assert_eq!(
            sentences(TEXT),
            [
                "Đại sứ dự lễ.",
                "Lễ bắt đầu lúc 9 giờ.",
                "Sau lễ, Đại sứ dự tiệc."
            ]
        );
    }
}
