//! Plain text as people type it, cut into what a page can show: paragraphs, lists, lines, links. The template escapes
//! every piece, so no text can become markup.

use linkify::{LinkFinder, LinkKind};
use serde::Serialize;

/// A paragraph or a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// Which of the two.
    pub kind: BlockKind,
    /// The lines of the paragraph, or the points of the list.
    pub lines: Vec<Vec<Span>>,
}

/// How a block is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// Lines of one paragraph.
    Paragraph,
    /// Points: every line began with a dash or a bullet.
    List,
}

/// A run of text, linked or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// What is shown.
    pub text: String,
    /// Where it leads: `https`, `http` or `mailto`, nothing else.
    pub href: Option<String>,
}

/// The blocks of a text in which an empty line separates paragraphs. Control characters are dropped: XML has none.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<String> = text.lines().map(clean).collect();
    lines
        .split(String::is_empty)
        .filter(|lines| !lines.is_empty())
        .map(|lines| {
            let points: Option<Vec<_>> = lines.iter().map(|line| point(line)).collect();
            match points {
                Some(points) => Block {
                    kind: BlockKind::List,
                    lines: points.into_iter().map(spans).collect(),
                },
                None => Block {
                    kind: BlockKind::Paragraph,
                    lines: lines.iter().map(|line| spans(line)).collect(),
                },
            }
        })
        .collect()
}

/// The beginning of a text on one line: at most `max` characters, cut after a word.
#[must_use]
pub fn summary(text: &str, max: usize) -> String {
    let mut summary = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let word = clean(word);
        length += word.chars().count() + 1;
        if length > max + 1 {
            if summary.is_empty() {
                // One word longer than a summary, or a script that writes without spaces (Thai, Lao, Chinese).
                summary = word.chars().take(max).collect();
            }
            summary.push('…');
            return summary;
        }
        if !summary.is_empty() && !word.is_empty() {
            summary.push(' ');
        }
        summary.push_str(&word);
    }
    summary
}

/// A text of one line, such as a headline, without control characters.
#[must_use]
pub fn clean(line: &str) -> String {
    line.trim()
        .chars()
        .filter(|character| !character.is_control())
        .collect()
}

fn point(line: &str) -> Option<&str> {
    ["- ", "– ", "• ", "* "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
}

fn spans(line: &str) -> Vec<Span> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    finder
        .spans(line)
        .map(|span| {
            let text = span.as_str().to_owned();
            let href = match span.kind() {
                Some(LinkKind::Email) => Some(format!("mailto:{text}")),
                Some(LinkKind::Url) if text.starts_with("https://") || text.starts_with("http://") => {
                    Some(text.clone())
                }
                _ => None,
            };
            Span { text, href }
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a wrong shape should stop the test")]
mod tests {
    use super::*;

    fn text_of(block: &Block) -> Vec<String> {
        block
            .lines
            .iter()
            .map(|line| line.iter().map(|span| span.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn empty_lines_separate_paragraphs_and_dashes_make_lists() {
        let blocks = blocks("First\r\nline\n\n\n- one\n- two\n  \nLast - not a list");
        assert_eq!(blocks.len(), 3);
        assert_eq!(text_of(&blocks[0]), ["First", "line"]);
        assert_eq!(
            (blocks[1].kind, text_of(&blocks[1])),
            (BlockKind::List, vec!["one".into(), "two".into()])
        );
        assert_eq!(blocks[2].kind, BlockKind::Paragraph);
    }

    #[test]
    fn addresses_become_links_and_other_schemes_do_not() {
        let blocks = blocks(
            "See https://example.org/a?b=1, write to press@example.org; javascript:alert(1) ftp://x.org data:text/html,x",
        );
        let links: Vec<_> = blocks[0].lines[0]
            .iter()
            .filter_map(|span| span.href.as_deref())
            .collect();
        assert_eq!(links, ["https://example.org/a?b=1", "mailto:press@example.org"]);
    }

    #[test]
    fn control_characters_are_dropped() {
        assert_eq!(text_of(&blocks("a\u{b}b\u{1}c")[0]), ["abc"]);
        assert_eq!(summary("a\u{1b}b  c\n\nd", 100), "ab c d");
    }

    #[test]
    fn a_summary_ends_after_a_word() {
        assert_eq!(summary("Đại sứ quán tiếp đoàn", 12), "Đại sứ quán…");
        assert_eq!(summary("Đại sứ quán", 11), "Đại sứ quán");
        assert_eq!(summary("ສະຖານທູດຫວຽດນາມ", 5).chars().count(), 6);
        assert_eq!(summary("", 10), "");
    }
}
