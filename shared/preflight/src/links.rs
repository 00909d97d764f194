//! Addresses in a text.

use linkify::{LinkFinder, LinkKind};

/// No more of one text are looked at.
const MOST: usize = 20;
/// Longer ones are left alone.
const LONGEST: usize = 2_000;

/// The written-out web addresses of a text, each once, in their order; at most twenty.
#[must_use]
pub fn links(text: &str) -> Vec<String> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]).url_must_have_scheme(true);
    let mut found: Vec<String> = Vec::new();
    for link in finder.links(text).take(200) {
        let address = link.as_str();
        let web = address.starts_with("https://") || address.starts_with("http://");
        if web && address.len() <= LONGEST && !found.iter().any(|known| known == address) {
            found.push(address.to_owned());
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// The text with its written-out web addresses replaced where `by` has something else for one.
#[must_use]
pub fn replace_links(text: &str, mut by: impl FnMut(&str) -> Option<String>) -> String {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]).url_must_have_scheme(true);
    let mut replaced = String::with_capacity(text.len());
    for span in finder.spans(text) {
        let other = span.kind().and_then(|_| by(span.as_str()));
        replaced.push_str(other.as_deref().unwrap_or(span.as_str()));
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_written_out_web_addresses_count_and_each_once() {
        let text = "Xem https://example.org/a?b=1, (http://example.org/c). Lại https://example.org/a?b=1; mailto:x@y.z ftp://q example.org";
        assert_eq!(links(text), ["https://example.org/a?b=1", "http://example.org/c"]);
    }

    #[test]
    fn addresses_are_replaced_and_nothing_else_is_touched() {
        let text = "Xem (https://a.example/x?b=1), example.org và https://b.example.\n\n  Hết. ";
        let by = |link: &str| (link == "https://a.example/x?b=1").then(|| "S".to_owned());
        assert_eq!(
            replace_links(text, by),
            "Xem (S), example.org và https://b.example.\n\n  Hết. "
        );
        assert_eq!(replace_links(text, |_| None), text);
    }

    #[test]
    fn a_text_full_of_addresses_has_an_end() {
        let text: Vec<String> = (0..1_000).map(|n| format!("https://example.org/{n}")).collect();
        assert_eq!(links(&text.join(" ")).len(), MOST);
        assert!(links(&format!("https://example.org/{}", "a".repeat(5_000))).is_empty());
    }
}
