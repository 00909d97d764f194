use chancery_web::Language;

/// Languages written from right to left (the scripts' default; ISO 639 codes).
const RIGHT_TO_LEFT: [&str; 9] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ur", "yi"];

/// The value of HTML's `dir` for a text in this language.
#[must_use]
pub fn direction(tag: &str) -> &'static str {
    if RIGHT_TO_LEFT.contains(&primary(tag)) {
        "rtl"
    } else {
        "ltr"
    }
}

/// The language of headings and links around a text: its own if the interface has it, else English, which a reader
/// of Lao or French is likelier to know than Vietnamese.
#[must_use]
pub fn interface_language(tag: &str) -> Language {
    tag.parse().unwrap_or(Language::En)
}

/// A language's name in itself (Unicode CLDR); the tag where we do not know it.
#[must_use]
pub fn endonym(tag: &str) -> &str {
    match primary(tag) {
        "ar" => "العربية",
        "az" => "Azərbaycan",
        "be" => "Беларуская",
        "bg" => "Български",
        "bn" => "বাংলা",
        "cs" => "Čeština",
        "da" => "Dansk",
        "de" => "Deutsch",
        "el" => "Ελληνικά",
        "en" => "English",
        "es" => "Español",
        "fa" => "فارسی",
        "fi" => "Suomi",
        "fil" => "Filipino",
        "fr" => "Français",
        "ga" => "Gaeilge",
        "he" => "עברית",
        "hi" => "हिन्दी",
        "hu" => "Magyar",
        "id" => "Indonesia",
        "it" => "Italiano",
        "ja" => "日本語",
        "kk" => "Қазақ тілі",
        "km" => "ខ្មែរ",
        "ko" => "한국어",
        "lo" => "ລາວ",
        "mn" => "Монгол",
        "ms" => "Melayu",
        "my" => "မြန်မာ",
        "nb" => "Norsk bokmål",
        "nl" => "Nederlands",
        "pl" => "Polski",
        "pt" => "Português",
        "ro" => "Română",
        "ru" => "Русский",
        "si" => "සිංහල",
        "sk" => "Slovenčina",
        "sv" => "Svenska",
        "sw" => "Kiswahili",
        "ta" => "தமிழ்",
        "th" => "ไทย",
        "tr" => "Türkçe",
        "uk" => "Українська",
        "ur" => "اردو",
        "vi" => "Tiếng Việt",
        "zh" => "中文",
        _ => tag,
    }
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_does_not_change_the_direction() {
        assert_eq!(
            (direction("ar-EG"), direction("lo"), direction("vi")),
            ("rtl", "ltr", "ltr")
        );
    }

    #[test]
    fn a_text_in_lao_is_framed_in_english() {
        assert_eq!(interface_language("lo"), Language::En);
        assert_eq!(interface_language("vi-VN"), Language::Vi);
    }
}
