//! Which parts of a text are locked: stretches for a page to show.

use serde::Serialize;

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Whether it must stay word for word.
    pub locked: bool,
    /// Its words, with the space between them.
    pub text: String,
}

/// `text` with every occurrence of a locked passage as a stretch of its own; where two overlap, the one that begins first.
#[must_use]
pub fn marked(text: &str, passages: &[&str]) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut push = |locked, text: &str| {
        if !text.is_empty() {
            found.push(Stretch {
                locked,
                text: text.to_owned(),
            });
        }
    };
    let mut rest = text;
    loop {
        let first = passages
            .iter()
            .filter(|passage| !passage.is_empty())
            .filter_map(|passage| Some((rest.find(*passage)?, *passage)))
            .min_by_key(|(at, passage)| (*at, std::cmp::Reverse(passage.len())));
        let Some((before, (locked, after))) = first.and_then(|(at, passage)| {
            Some((rest.get(..at)?, rest.get(at..)?.split_at_checked(passage.len())?))
        }) else {
            push(false, rest);
            return found;
        };
        push(false, before);
        push(true, locked);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, passages: &[&str]) -> Vec<(bool, String)> {
        let found = marked(text, passages);
        found.into_iter().map(|part| (part.locked, part.text)).collect()
    }

    #[test]
    fn locked_passages_are_found_wherever_they_stand() {
        let found = shown("Hoàng Sa và Trường Sa", &["Trường Sa", "Hoàng Sa", ""]);
        let expected = [(true, "Hoàng Sa"), (false, " và "), (true, "Trường Sa")];
        assert_eq!(found, expected.map(|(locked, text)| (locked, text.to_owned())));
        assert_eq!(shown("Không có", &["Có"]), [(false, "Không có".to_owned())]);
    }
}
