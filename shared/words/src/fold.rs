//! One spelling for each word.

use icu_casemap::CaseMapper;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word in its one spelling: compatibility forms made plain, case folded, invisible and optional marks gone, composed.
/// May hold characters that are not of a word (`½` becomes `1⁄2`), so it has to be cut once more.
pub(crate) fn fold(word: &str) -> String {
    let plain_case = CaseMapper::new()
        .fold_string(&word.nfkc().collect::<String>())
        .into_owned();
    // Folding can leave what is not composed any more.
    plain_case
        .nfkc()
        .filter(|c| !is_unwritten(*c))
        .map(one_letter)
        .collect()
}

/// The word without diacritics, if that is another word.
pub(crate) fn without_diacritics(word: &str) -> Option<String> {
    let mut plain = String::with_capacity(word.len());
    let mut strips = false;
    for c in word.nfd() {
        if is_combining_mark(c) {
            if !strips {
                plain.push(c);
            }
        } else {
            strips = marks_are_diacritics(c);
            plain.push_str(base(c, &mut [0; 4]));
        }
    }
    let plain: String = plain.nfc().collect();
    (plain != word).then_some(plain)
}

/// *hoà* and *hòa*, *thuý* and *thúy* are one word: in open syllables of *oa*, *oe* and *uy* the tone goes on the first
/// vowel. (Not after *q*, where *u* belongs to the consonant and there is only one place.)
pub(crate) fn one_tone_place(word: &str) -> Option<String> {
    let mut letters: Vec<char> = word.chars().collect();
    let [.., first, second] = letters.as_mut_slice() else {
        return None;
    };
    let (vowel, tone) = split_tone(*second)?;
    if !matches!((*first, vowel), ('o', 'a' | 'e') | ('u', 'y')) {
        return None;
    }
    *first = [*first, tone].into_iter().nfc().next()?;
    *second = vowel;
    if letters.iter().rev().nth(2) == Some(&'q') {
        return None;
    }
    Some(letters.into_iter().collect())
}

/// A plain vowel and one of the five tones of Vietnamese.
fn split_tone(c: char) -> Option<(char, char)> {
    let mut parts = [c].into_iter().nfd();
    let (vowel, tone) = (parts.next()?, parts.next()?);
    let is_tone = matches!(tone, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
    (is_tone && parts.next().is_none()).then_some((vowel, tone))
}

/// In these scripts a mark changes a letter that could stand without it.
fn marks_are_diacritics(c: char) -> bool {
    matches!(c,
        'a'..='z' | '\u{df}'..='\u{24f}' | '\u{250}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' // Latin
        | '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' // Greek
        | '\u{400}'..='\u{52f}' // Cyrillic
        | '\u{590}'..='\u{5ff}' // Hebrew
        | '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' // Arabic
    )
}

/// Arabic letters that are written for one another at the end of a word.
fn one_letter(c: char) -> char {
    match c {
        'ى' => 'ي',
        'ة' => 'ه',
        c => c,
    }
}

/// Letters whose mark Unicode does not take apart.
fn base(c: char, buffer: &mut [u8; 4]) -> &str {
    match c {
        'đ' | 'ð' => "d",
        'ø' => "o",
        'ł' => "l",
        'ı' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        c => c.encode_utf8(buffer),
    }
}

/// Soft hyphens, joiners and directions show nothing; Arabic vowel signs and the tatweel are written or not as one likes.
fn is_unwritten(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{640}' | '\u{64b}'..='\u{652}' | '\u{670}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_gives_one_spelling() {
        for (word, folded) in [
            ("ĐÀ", "đà"),
            ("Vie\u{323}\u{302}t", "việt"), // decomposed, marks in another order
            ("ＡＢＣ１２", "abc12"),
            ("Straße", "strasse"),
            ("ΟΔΟΣ", "οδοσ"),
            ("co\u{ad}operate", "cooperate"),
            ("مُحَمَّد", "محمد"),
            ("الوطنى", "الوطني"),
            ("ﾊﾉｲ", "ハノイ"),
        ] {
            assert_eq!(fold(word), folded);
        }
    }

    #[test]
    fn diacritics_go_where_they_are_diacritics() {
        for (word, plain) in [
            ("việt", Some("viet")),
            ("đường", Some("duong")),
            ("łódź", Some("lodz")),
            ("ёлка", Some("елка")),
            ("أخبار", Some("اخبار")),
            ("hanoi", None),
            ("ວຽງຈັນ", None),
            ("ไทย", None),
            ("កម្ពុជា", None),
            ("ガ", None),
        ] {
            assert_eq!(without_diacritics(word).as_deref(), plain, "{word}");
        }
    }

    #[test]
    fn a_tone_has_one_place() {
        for (word, one) in [
            ("hoà", Some("hòa")),
            ("khoẻ", Some("khỏe")),
            ("thuỵ", Some("thụy")),
            ("hòa", None),
            ("quý", None),
            ("toàn", None),
            ("uỷ", Some("ủy")),
            ("à", None),
        ] {
            assert_eq!(one_tone_place(word).as_deref(), one, "{word}");
        }
    }
}
