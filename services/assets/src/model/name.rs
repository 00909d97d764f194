//! Names of files as people give them, made harmless.

/// The most characters that a name keeps; the ending stays.
const MOST: usize = 200;

/// What is left of a name that came from outside: the last part of a path, without control characters and without marks
/// that turn the direction of writing (`photo\u{202e}gpj.exe` reads as a picture). Never empty.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !is_hidden(*c)).collect();
    let clean = clean.trim().trim_start_matches('.').trim();
    if clean.is_empty() {
        return "file".to_owned();
    }
    if clean.chars().count() <= MOST {
        return clean.to_owned();
    }
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 10 => (stem, format!(".{ending}")),
        _ => (clean, String::new()),
    };
    let room = MOST.saturating_sub(ending.chars().count());
    stem.chars().take(room).chain(ending.chars()).collect()
}

/// Control characters, and those that are not seen but change what is.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_tricks_are_dropped() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name(r"C:\Ảnh\Hội An.jpg"), "Hội An.jpg");
        assert_eq!(clean_name("photo\u{202e}gpj.exe"), "photogpj.exe");
        assert_eq!(clean_name("a\u{0}b\n.png"), "ab.png");
        for nothing in ["", "/", "..", "\u{200b}", " . "] {
            assert_eq!(clean_name(nothing), "file", "{nothing:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = clean_name(&format!("{}.jpeg", "ữ".repeat(255)));
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with("ữ.jpeg"));
    }
}
