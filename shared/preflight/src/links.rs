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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_written_out_web_addresses_count_and_each_once() {
        let text = "Xem https://example.org/a?b=1, (http://example.org/c). Lại https://example.org/a?b=1; mailto:x@y.z ftp://q example.org";
        assert_eq!(links(text), ["https://example.org/a?b=1", "http://example.org/c"]);
    }

    #[test]
    fn a_text_full_of_addresses_has_an_end() {
        let text: Vec<String> = (0..1_000).map(|n| format!("https://example.org/{n}")).collect();
        assert_eq!(links(&text.join(" ")).len(), MOST);
        assert!(links(&format!("https://example.org/{}", "a".repeat(5_000))).is_empty());
    }
}
