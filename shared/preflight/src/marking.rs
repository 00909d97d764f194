//! Marks of state secrecy: *MẬT*, *TỐI MẬT*, *TUYỆT MẬT*, as they stand on papers.
//!
//! A mark is a line of its own, a label ("Độ mật: …"), or part of a letterhead. The word in running text (*bảo mật*,
//! *mật ong*, *bí mật*) is none: what is missed is less harm than a newsroom that cannot write of honey, since a person
//! approves everything.

use unicode_normalization::UnicodeNormalization;

/// How secret a paper says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// *Mật*.
    Secret,
    /// *Tối mật*.
    TopSecret,
    /// *Tuyệt mật*.
    UtmostSecret,
}

impl Level {
    /// As it stands on the paper.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "MẬT",
            Self::TopSecret => "TỐI MẬT",
            Self::UtmostSecret => "TUYỆT MẬT",
        }
    }
}

/// The longest first: the others end with the shortest.
const LEVELS: [Level; 3] = [Level::UtmostSecret, Level::TopSecret, Level::Secret];
const LABELS: [&str; 7] = [
    "MỨC ĐỘ BẢO MẬT",
    "MỨC ĐỘ MẬT",
    "ĐỘ BẢO MẬT",
    "PHÂN LOẠI MẬT",
    "DẤU MẬT",
    "DẤU ĐỘ MẬT",
    "ĐỘ MẬT",
];

/// The mark that a text carries; the first one.
#[must_use]
pub fn marking(text: &str) -> Option<Level> {
    text.lines().find_map(of_line)
}

/// The mark in a file's name: `TUYỆT MẬT - bao cao.docx`, `[MẬT] cong van.pdf`, `bao_cao_TOI_MAT.pdf`.
#[must_use]
pub fn marked_name(name: &str) -> Option<Level> {
    let name: String = name.nfc().collect();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let bracketed = stem.split(['[', '(', '{', '【']).skip(1);
    let bracketed = bracketed.filter_map(|rest| rest.split([']', ')', '}', '】']).next());
    let by_strokes: Vec<&str> = stem
        .split(" - ")
        .flat_map(|part| part.split(['_', '–', '—']))
        .collect();
    let ends = [by_strokes.first(), by_strokes.last()];
    let ends = ends.into_iter().flatten().copied();
    if let Some(level) = bracketed.chain(ends).find_map(stamp) {
        return Some(level);
    }
    // Without diacritics two words are needed: `MAT` alone is anything.
    let words: Vec<&str> = stem
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).find_map(|pair| match pair {
        ["TOI" | "TỐI", "MAT" | "MẬT"] => Some(Level::TopSecret),
        ["TUYET" | "TUYỆT", "MAT" | "MẬT"] => Some(Level::UtmostSecret),
        _ => None,
    })
}

fn of_line(line: &str) -> Option<Level> {
    let line: String = line
        .nfc()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}'))
        .collect();
    stamp(&line)
        .or_else(|| labelled(&line))
        .or_else(|| letterhead(&line))
}

/// The whole line is a mark, whatever stands around it: `MẬT`, `*** TUYỆT MẬT ***`, `M Ậ T`, `(Tối mật)`.
fn stamp(line: &str) -> Option<Level> {
    let core = line.trim_matches(|c: char| !c.is_alphanumeric());
    let framed = line.trim().len() > core.len();
    let letters: Vec<&str> = core.split_whitespace().collect();
    let joined = if letters.len() > 2 && letters.iter().all(|letter| letter.chars().count() == 1) {
        letters.concat()
    } else {
        letters.join(" ")
    };
    let capitals = joined.to_uppercase();
    let level = match capitals.as_str() {
        "MẬT" => Level::Secret,
        "TỐI MẬT" | "TỐIMẬT" | "TOI MAT" => Level::TopSecret,
        "TUYỆT MẬT" | "TUYỆTMẬT" | "TUYET MAT" => Level::UtmostSecret,
        _ => return None,
    };
    // "mật" alone on a line may be honey; in capitals, or framed and with one, it is a stamp.
    let is_capital = joined == capitals;
    let begins_capital = joined.chars().next().is_some_and(char::is_uppercase);
    (level != Level::Secret || is_capital || framed && begins_capital).then_some(level)
}

/// `Độ mật: Tối mật`.
fn labelled(line: &str) -> Option<Level> {
    let capitals = line
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .to_uppercase();
    let rest = LABELS.iter().find_map(|label| capitals.strip_prefix(label))?;
    let rest = rest.trim_start().strip_prefix([':', '：', '-', '–', '—', '='])?;
    let (level, after) = leading(rest.trim_start_matches(|c: char| !c.is_alphanumeric()))?;
    // Another word after it makes it something else: "Phân loại mật: mật ong".
    let next = after.trim_start().chars().next();
    next.is_none_or(|c| !c.is_alphabetic()).then_some(level)
}

/// A mark at one end of a letterhead: beside a wide gap, or beside the number of the paper.
fn letterhead(line: &str) -> Option<Level> {
    let line = line.trim();
    if let Some((level, after)) = leading(line) {
        let wide = after.starts_with('\t') || after.starts_with("  ");
        let rest = after.trim_start_matches(|c: char| !c.is_alphanumeric());
        let apart = after
            .trim_start()
            .starts_with(['-', '–', '—', '/', '|', ',', ';', ':', '.']);
        let has_number = is_number(rest);
        if wide && !rest.is_empty() || apart && has_number {
            return Some(level);
        }
    }
    let (level, before) = LEVELS
        .into_iter()
        .find_map(|level| Some((level, line.strip_suffix(level.as_str())?)))?;
    let wide = before.ends_with('\t') || before.ends_with("  ");
    let apart = before.ends_with([' ', '-', '–', '—', '|', '/']);
    // "Số: 45/BC về BẢO MẬT" ends with a word of the title, not with a mark beside the number.
    let beside_number = before
        .trim_end_matches(|c: char| !c.is_alphanumeric())
        .split_whitespace()
        .last()
        .is_some_and(|word| word.contains(|c: char| c.is_ascii_digit()));
    let numbered = apart && beside_number && is_number(before.trim_start());
    (wide && !before.trim().is_empty() || numbered).then_some(level)
}

/// A level in capitals at the beginning, not as part of a longer word, and what follows it.
fn leading(line: &str) -> Option<(Level, &str)> {
    LEVELS.into_iter().find_map(|level| {
        let after = line.strip_prefix(level.as_str())?;
        let ends = after.chars().next().is_none_or(|c| !c.is_alphanumeric());
        ends.then_some((level, after))
    })
}

/// `Số: 12/BC-BNG`, `Bản số 3`.
fn is_number(text: &str) -> bool {
    let capitals = text.to_uppercase();
    ["SỐ", "BẢN SỐ"].iter().any(|word| {
        capitals.strip_prefix(word).is_some_and(|rest| {
            rest.trim_start_matches([':', ' ', '.'])
                .chars()
                .next()
                .is_some_and(|c| c.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_that_are_marked() {
        use Level::{Secret, TopSecret, UtmostSecret};
        for (text, level) in [
            ("MẬT", Secret),
            ("  MẬT  \n\nBáo cáo tình hình", Secret),
            ("BỘ NGOẠI GIAO\nTỐI MẬT\nSố: 12/BC-BNG", TopSecret),
            ("Tối mật", TopSecret),
            ("tuyệt mật", UtmostSecret),
            ("*** TUYỆT MẬT ***", UtmostSecret),
            ("[MẬT]", Secret),
            ("(Mật)", Secret),
            ("M Ậ T", Secret),
            ("T U Y Ệ T   M Ậ T", UtmostSecret),
            ("TOI MAT", TopSecret),
            ("Độ mật: Mật", Secret),
            ("Độ mật : mật", Secret),
            ("ĐỘ MẬT – TỐI MẬT", TopSecret),
            ("- Mức độ mật: Tuyệt mật (A)", UtmostSecret),
            ("Dấu độ mật: TỐI MẬT.", TopSecret),
            ("MẬT        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Secret),
            ("BỘ NGOẠI GIAO\t\tMẬT", Secret),
            ("MẬT - Số: 45/CV", Secret),
            ("Số: 45/BC-ĐSQ TUYỆT MẬT", UtmostSecret),
            ("Bản số 3 - MẬT", Secret),
            ("MA\u{323}\u{302}T", Secret),
            ("\u{feff}MẬT\r\nNội dung", Secret),
        ] {
            assert_eq!(marking(text), Some(level), "{text:?}");
        }
    }

    #[test]
    fn words_that_only_look_like_marks() {
        for text in [
            "Chính sách bảo mật",
            "BẢO MẬT",
            "Mật ong rừng Tây Bắc",
            "MẬT ONG VÀ SỨC KHỎE",
            "Đường\nmật\ngừng",
            "Tuần trăng mật",
            "Mật độ dân số: 300 người/km²",
            "Mật khẩu của bạn",
            "Hồ sơ tuyệt mật được giải mật sau 30 năm.",
            "Ông kể về những tài liệu TỐI MẬT thời chiến.",
            "Bí mật",
            "Cơ mật viện triều Nguyễn",
            "Độ mật: không",
            "Độ mật: Thường",
            "Phân loại mật: mật ong hoa nhãn",
            "Độ mật: Mật ong",
            "Mật - báu vật của rừng",
            "MẬT – BÁU VẬT CỦA RỪNG",
            "Số: 45/BC-ĐSQ về bảo mật",
            "Số: 45/BC-ĐSQ về BẢO MẬT",
            "Dấu mật",
            "TOP SECRET: a film",
            "MAT",
            "Khổ qua mật",
            "Mật",
        ] {
            assert_eq!(marking(text), None, "{text:?}");
        }
    }

    #[test]
    fn names_of_files() {
        for (name, level) in [
            ("TUYỆT MẬT - bao cao.jpg", Some(Level::UtmostSecret)),
            ("[MẬT] cong van 45.pdf", Some(Level::Secret)),
            ("(Tối mật) anh.png", Some(Level::TopSecret)),
            ("bao_cao_TOI_MAT.pdf", Some(Level::TopSecret)),
            ("MẬT_bao_cao.docx", Some(Level::Secret)),
            ("bao cao TUYET MAT.docx", Some(Level::UtmostSecret)),
            ("mat-ong.jpg", None),
            ("mat_troi.png", None),
            ("bao-mat.pdf", None),
            ("MẬT-ONG.jpg", None),
            ("mật ong.jpg", None),
            ("Toi mat ngu.jpg", None),
            ("MAT.jpg", None),
            ("", None),
            (".MẬT", None),
        ] {
            assert_eq!(marked_name(name), level, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_mark_is_found_below_any_text(text in ".{0,400}") {
            let marked = format!("{text}\nMẬT\n{text}");
            proptest::prop_assert!(marking(&marked).is_some());
            proptest::prop_assert_eq!(marked_name(&format!("TUYỆT MẬT_{text}.pdf")), Some(Level::UtmostSecret));
        }
    }
}
