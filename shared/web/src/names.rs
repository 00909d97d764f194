//! Countries and languages by name: the messages `country-LA` and `language-lo` of `names.ftl`, which a ministry words as
//! it calls them.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::{Args, Language, Locales};

const COUNTRY: &str = "country-";
const LANGUAGE: &str = "language-";

impl Locales {
    /// A country's name by its ISO 3166 code; of an unknown one the code.
    #[must_use]
    pub fn country(&self, language: Language, code: &str) -> String {
        self.named(language, COUNTRY, code)
            .unwrap_or_else(|| code.to_owned())
    }

    /// A language's name by its tag (BCP 47). Of `en-GB` that of `en`, with the tag; of an unknown one the tag.
    #[must_use]
    pub fn language_name(&self, language: Language, tag: &str) -> String {
        if let Some(name) = self.named(language, LANGUAGE, tag) {
            return name;
        }
        let primary = tag.split('-').next().unwrap_or_default();
        match self.named(language, LANGUAGE, primary) {
            Some(name) => format!("{name} ({tag})"),
            None => tag.to_owned(),
        }
    }

    /// Every country with its code, by name.
    #[must_use]
    pub fn countries(&self, language: Language) -> Vec<(String, String)> {
        self.all_named(language, COUNTRY)
    }

    /// Every language that has a name here with its tag, by name.
    #[must_use]
    pub fn languages(&self, language: Language) -> Vec<(String, String)> {
        self.all_named(language, LANGUAGE)
    }

    /// The code of the country that somebody means by a code or by a name in any language of the interface, with or
    /// without diacritics.
    #[must_use]
    pub fn country_meant(&self, text: &str) -> Option<String> {
        self.meant(COUNTRY, text)
    }

    /// The tag of the language that somebody means by a tag or a name, as with countries.
    #[must_use]
    pub fn language_meant(&self, text: &str) -> Option<String> {
        self.meant(LANGUAGE, text)
    }

    fn named(&self, language: Language, prefix: &str, code: &str) -> Option<String> {
        let key = format!("{prefix}{code}");
        // A code comes from anywhere; a dot in it would ask for an attribute.
        let is_known = self.ids(language).contains(&key);
        is_known
            .then(|| self.find(language, &key, &Args::new()))
            .flatten()
    }

    fn all_named(&self, language: Language, prefix: &str) -> Vec<(String, String)> {
        let mut all: Vec<_> = self
            .ids(language)
            .iter()
            .filter_map(|id| id.strip_prefix(prefix))
            .filter_map(|code| Some((code.to_owned(), self.named(language, prefix, code)?)))
            .collect();
        all.sort_by_cached_key(|(_, name)| (plain(name), name.clone()));
        all
    }

    fn meant(&self, prefix: &str, text: &str) -> Option<String> {
        let wanted = plain(text);
        let all = || {
            Language::ALL
                .into_iter()
                .flat_map(|language| self.all_named(language, prefix))
        };
        let by_code = all().find(|(code, _)| code.eq_ignore_ascii_case(text.trim()));
        let found = by_code.or_else(|| all().find(|(_, name)| plain(name) == wanted));
        found.map(|(code, _)| code)
    }
}

/// The letters without their marks and in one case, so that names sort and are found as people type them.
#[must_use]
pub fn plain(text: &str) -> String {
    text.trim()
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "broken messages should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn countries_are_called_and_found_by_name() {
        let locales = Locales::load().unwrap();
        assert_eq!(locales.country(Language::Vi, "LA"), "Lào");
        assert_eq!(locales.country(Language::En, "LA"), "Laos");
        assert_eq!(locales.country(Language::En, "QQ"), "QQ");
        assert_eq!(locales.countries(Language::En).len(), 249);
        for text in ["la", " Lào ", "lao", "LAOS"] {
            assert_eq!(locales.country_meant(text).as_deref(), Some("LA"), "{text}");
        }
        assert_eq!(
            locales.country_meant("AU").as_deref(),
            Some("AU"),
            "a code before a name"
        );
        assert_eq!(locales.country_meant("Atlantis"), None);
    }

    #[test]
    fn names_are_in_the_order_of_their_letters() {
        let locales = Locales::load().unwrap();
        let names: Vec<_> = locales
            .countries(Language::Vi)
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        let place = |name: &str| names.iter().position(|one| one == name).unwrap();
        assert!(place("Ai Cập") < place("Áo") && place("Áo") < place("Ba Lan"));
        assert!(place("Đan Mạch") < place("Đức") && place("Đức") < place("Estonia"));
    }

    #[test]
    fn a_languages_name_is_small_within_a_sentence_only() {
        let locales = Locales::load().unwrap();
        let said = |language, key| {
            let name = locales.language_name(language, "en");
            let args = Args::from([("language".into(), name.into()), ("channel".into(), "X".into())]);
            locales.text(language, key, &args)
        };
        assert_eq!(said(Language::Vi, "translation-into"), "Bản dịch tiếng Anh");
        assert_eq!(said(Language::Vi, "assets-text-in"), "Tiếng Anh");
        assert_eq!(said(Language::En, "translation-into"), "Translation into English");
    }

    #[test]
    fn languages_have_names_with_and_without_a_region() {
        let locales = Locales::load().unwrap();
        assert_eq!(locales.language_name(Language::Vi, "lo"), "Tiếng Lào");
        assert_eq!(
            locales.language_name(Language::En, "zh-Hans"),
            "Chinese (simplified)"
        );
        assert_eq!(locales.language_name(Language::En, "fr-CA"), "French (fr-CA)");
        assert_eq!(locales.language_name(Language::En, "qaa"), "qaa");
        assert_eq!(locales.language_meant("tieng lao").as_deref(), Some("lo"));
        assert_eq!(locales.language_meant("zh-hans").as_deref(), Some("zh-Hans"));
    }
}
