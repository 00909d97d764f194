//! What in a text is a link, a mention or a hashtag. AT Protocol texts are plain; facets point into them by bytes of
//! UTF-8 (`app.bsky.richtext.facet`), so every range here is one of bytes.

use std::ops::Range;

use linkify::{LinkFinder, LinkKind};
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

/// A place in a text that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// In bytes of UTF-8.
    pub bytes: Range<usize>,
    /// Where it leads.
    pub to: Target,
}

/// Where a span leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a page; only `http` and `https` with their scheme written out, so that "v.v." never becomes a link.
    Link(String),
    /// To an account, by handle; it becomes a facet only when the handle is found to have a DID.
    Mention(String),
    /// To a hashtag, without its `#`.
    Tag(String),
}

/// Longest hashtag: 64 graphemes, 640 bytes (`app.bsky.richtext.facet#tag`).
const TAG: (usize, usize) = (64, 640);

/// Every span of `text`, in order, none inside another.
#[must_use]
pub fn spans(text: &str) -> Vec<Span> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let mut spans: Vec<Span> = finder
        .links(text)
        .filter(|link| link.as_str().starts_with("http://") || link.as_str().starts_with("https://"))
        .map(|link| Span {
            bytes: link.start()..link.end(),
            to: Target::Link(link.as_str().to_owned()),
        })
        .collect();
    let links: Vec<Range<usize>> = spans.iter().map(|span| span.bytes.clone()).collect();
    let free = |range: &Range<usize>| {
        !links
            .iter()
            .any(|link| link.start < range.end && range.start < link.end)
    };
    spans.extend(marked(text).filter(|span| free(&span.bytes)));
    spans.sort_by_key(|span| span.bytes.start);
    spans
}

/// Mentions and hashtags: words after `@`, `#` or the full-width `＃` at the start of a word.
fn marked(text: &str) -> impl Iterator<Item = Span> {
    let mut before = None;
    text.char_indices().filter_map(move |(start, mark)| {
        let previous = before.replace(mark);
        let opens = previous.is_none_or(|c: char| c.is_whitespace() || c == '(');
        let rest = text.get(start + mark.len_utf8()..).filter(|_| opens)?;
        let (length, to) = match mark {
            '@' => handle(rest).map(|handle| (handle.len(), Target::Mention(handle.to_ascii_lowercase())))?,
            '#' | '＃' => tag(rest).map(|tag| (tag.len(), Target::Tag(tag.to_owned())))?,
            _ => return None,
        };
        Some(Span {
            bytes: start..start + mark.len_utf8() + length,
            to,
        })
    })
}

fn handle(rest: &str) -> Option<&str> {
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-')
        .unwrap_or(rest.len());
    let word = rest.get(..end)?.trim_end_matches(['.', '-']);
    is_handle(word).then_some(word)
}

/// Whether `text` is a handle (<https://atproto.com/specs/handle>): a domain name of at least two labels whose last
/// begins with a letter.
#[must_use]
pub fn is_handle(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253
        && text.split('.').count() >= 2
        && text.split('.').all(label)
        && text
            .rsplit('.')
            .next()
            .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()))
}

fn tag(rest: &str) -> Option<&str> {
    // Invisible characters end a tag, or two tags that look alike would differ.
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '#' | '＃' | '\u{ad}' | '\u{200a}'..='\u{200d}' | '\u{2060}' | '\u{20e2}'
            )
    };
    let word = rest.get(..rest.find(ends).unwrap_or(rest.len()))?;
    let word = word.trim_end_matches(|c: char| c.is_ascii_punctuation() || is_punctuation(c));
    let long = word.len() > TAG.1 || word.graphemes(true).count() > TAG.0;
    let only_digits = word.chars().all(char::is_numeric);
    (!word.is_empty() && !long && !only_digits && !word.starts_with('\u{fe0f}')).then_some(word)
}

/// Punctuation beyond ASCII that ends sentences and quotations in the languages that missions write.
fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}')
        || matches!(
            c,
            '«' | '»'
                | '¡'
                | '¿'
                | '·'
                | '！'
                | '（'
                | '）'
                | '，'
                | '．'
                | '：'
                | '；'
                | '？'
                | '។'
                | '៕'
        )
}

/// The facet of a span, as `app.bsky.richtext.facet`; `did` is that of a mention, and without it there is no facet.
pub(super) fn facet(span: &Span, did: Option<&str>) -> Option<Value> {
    let feature = match &span.to {
        Target::Link(uri) => json!({"$type": "app.bsky.richtext.facet#link", "uri": uri}),
        Target::Mention(_) => json!({"$type": "app.bsky.richtext.facet#mention", "did": did?}),
        Target::Tag(tag) => json!({"$type": "app.bsky.richtext.facet#tag", "tag": tag}),
    };
    Some(json!({"index": {"byteStart": span.bytes.start, "byteEnd": span.bytes.end}, "features": [feature]}))
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken fixture should stop the test"
)]
mod tests {
    use super::*;

    /// The marked parts of a text, cut out by their bytes.
    fn cut(text: &str) -> Vec<(&str, Target)> {
        spans(text)
            .into_iter()
            .map(|span| (text.get(span.bytes).unwrap(), span.to))
            .collect()
    }

    fn link(url: &str) -> (&str, Target) {
        (url, Target::Link(url.to_owned()))
    }

    #[test]
    fn links_end_before_the_sentence_does() {
        let text = "Xem https://mofa.gov.vn/vi/tin-tuc?a=1&b=2. (https://vi.wikipedia.org/wiki/Lào_(nước)) và https://a.vn/ດ, v.v.";
        assert_eq!(
            cut(text),
            [
                link("https://mofa.gov.vn/vi/tin-tuc?a=1&b=2"),
                link("https://vi.wikipedia.org/wiki/Lào_(nước)"),
                link("https://a.vn/ດ"),
            ]
        );
        assert_eq!(cut("v.v. mofa.gov.vn 2.9.2026 ftp://a.vn javascript://alert"), []);
    }

    #[test]
    fn ranges_are_bytes_of_utf8() {
        let text = "🇻🇳 Chúc mừng #QuốcKhánh";
        let span = spans(text).pop().unwrap();
        assert_eq!(span.bytes, text.find('#').unwrap()..text.len());
        assert_eq!(span.to, Target::Tag("QuốcKhánh".into()));
    }

    #[test]
    fn hashtags_in_any_script_and_not_numbers() {
        let tags = |text: &str| {
            cut(text)
                .into_iter()
                .map(|(_, to)| match to {
                    Target::Tag(tag) => tag,
                    other => unreachable!("{other:?}"),
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(
            tags("#ລາວ #Việt_Nam, “#2026” #2026 #a1. #1a! ＃日本。 x#no (#yes)"),
            ["ລາວ", "Việt_Nam", "a1", "1a", "日本", "yes"]
        );
        assert_eq!(tags("# ## #. #\u{fe0f}x"), Vec::<String>::new());
        assert_eq!(tags(&format!("#{}", "ớ".repeat(64))).len(), 1);
        assert!(tags(&format!("#{}", "ớ".repeat(65))).is_empty());
    }

    #[test]
    fn mentions_are_handles_at_the_start_of_a_word() {
        let text = "Cảm ơn @Mofa.Gov.VN, (@a-b.test) và @lao.la. a@b.vn @khong @x..y @-a.vn @a.1";
        let expected: Vec<_> = [
            ("@Mofa.Gov.VN", "mofa.gov.vn"),
            ("@a-b.test", "a-b.test"),
            ("@lao.la", "lao.la"),
        ]
        .map(|(text, handle)| (text, Target::Mention(handle.to_owned())))
        .into();
        assert_eq!(cut(text), expected);
    }

    #[test]
    fn what_is_inside_a_link_is_the_links() {
        assert_eq!(
            cut("https://a.vn/#top https://b.vn/@x.y"),
            [link("https://a.vn/#top"), link("https://b.vn/@x.y")]
        );
    }

    #[test]
    fn a_mention_nobody_answers_to_is_plain_text() {
        let span = spans("@nobody.test").pop().unwrap();
        assert_eq!(facet(&span, None), None);
        let facet = facet(&span, Some("did:plc:abc")).unwrap();
        assert_eq!(facet["index"], json!({"byteStart": 0, "byteEnd": 12}));
    }
}
