use crate::token::{Token, tokens};

/// More is not read of what somebody typed.
const MOST_CHARACTERS: usize = 1_000;
/// Nor more words than this looked for.
const MOST_WORDS: usize = 32;

/// What somebody typed into a search box, as the text of a `tsquery`, to be cast: `$1::text::tsquery`. Never a syntax
/// error; empty when there is nothing to look for.
///
/// All words must occur. Words between quotation marks must stand side by side, and so must those that are written without
/// a space between them (*d'Ivoire*, `IMG_1234`, and whatever Chinese or Thai is cut into). The last word may be the
/// beginning of one, unless a space or a closing quotation mark ends it.
#[must_use]
pub fn query(typed: &str) -> String {
    let typed: String = typed.chars().take(MOST_CHARACTERS).collect();
    let unfinished = !typed.ends_with(|c: char| c.is_whitespace() || is_quotation_mark(c));
    let mut groups: Vec<Vec<Token>> = groups(&typed)
        .into_iter()
        .map(|group| tokens(group).filter(|token| !token.tail).collect::<Vec<_>>())
        .filter(|group| !group.is_empty())
        .collect();
    let mut left = MOST_WORDS;
    for group in &mut groups {
        group.truncate(left);
        left -= group.len();
    }
    groups.retain(|group| !group.is_empty());

    let last = groups.len().saturating_sub(1);
    let group = |(at, group): (usize, &Vec<Token>)| phrase(group, unfinished && at == last);
    groups
        .iter()
        .enumerate()
        .map(group)
        .collect::<Vec<_>>()
        .join(" & ")
}

/// What stands between quotation marks, and outside of them between spaces.
fn groups(typed: &str) -> Vec<&str> {
    let mut groups = Vec::new();
    for (number, part) in typed.split(is_quotation_mark).enumerate() {
        if number % 2 == 1 {
            groups.push(part);
        } else {
            groups.extend(part.split_whitespace());
        }
    }
    groups
}

fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』')
}

/// Words at the same distances as they were typed.
fn phrase(group: &[Token], unfinished: bool) -> String {
    let mut text = String::new();
    let mut before: Option<usize> = None;
    for (at, token) in group.iter().enumerate() {
        if let Some(before) = before {
            let distance = (token.place - before).to_string();
            text.extend([" <", distance.as_str(), "> "]);
        }
        before = Some(token.place);
        text.push_str(&operand(token, unfinished && at + 1 == group.len()));
    }
    if group.len() > 1 {
        format!("({text})")
    } else {
        text
    }
}

fn operand(token: &Token, unfinished: bool) -> String {
    // Words are letters, digits and marks only: nothing in them ends a quotation.
    let word = &token.word;
    if !(unfinished && may_go_on(word)) {
        return format!("'{word}'");
    }
    match &token.typed {
        // "hoà" may be the whole of hòa or the beginning of hoàn.
        Some(typed) => format!("('{word}':* | '{typed}':*)"),
        None => format!("'{word}':*"),
    }
}

/// One letter of an alphabet begins too many words to be of use; one Chinese character or Korean syllable does not.
fn may_go_on(word: &str) -> bool {
    let mut letters = word.chars();
    letters
        .next()
        .is_some_and(|first| u32::from(first) >= 0x0e00 && !('\u{1e00}'..='\u{1fff}').contains(&first))
        || letters.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_a_query() {
        for (typed, expected) in [
            ("Việt Nam", "'việt' & 'nam':*"),
            ("Việt Nam ", "'việt' & 'nam'"),
            ("\"Việt Nam\" 2026 ", "('việt' <1> 'nam') & '2026'"),
            ("\"Việt Nam", "('việt' <1> 'nam':*)"),
            ("d'Ivoire ", "('d' <1> 'ivoire')"),
            ("hoà", "('hòa':* | 'hoà':*)"),
            ("a", "'a'"),
            ("\"한국 정부\"", "('한국' <2> '정부')"),
            ("국", "'국':*"),
            ("' & ! ( :* \\ <-> \0", ""),
            ("", ""),
        ] {
            assert_eq!(query(typed), expected, "{typed}");
        }
    }

    #[test]
    fn a_query_has_an_end() {
        let long = query(&"từ ".repeat(1_000));
        assert_eq!(long.matches("'từ'").count(), MOST_WORDS);
    }
}
