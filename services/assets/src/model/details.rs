//! Everything that people say of an asset, saved as a whole.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rights::is_country;
use super::{Rights, is_topic};

/// Values that are refused: the name in forms and JSON, and the Fluent id of the reason.
pub type Refused = Vec<(String, &'static str)>;

/// What is said in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Text {
    /// BCP 47.
    pub language: String,
    /// Its name.
    pub title: String,
    /// What is to be read below it.
    pub caption: String,
    /// What somebody who cannot see it should know.
    pub alt: String,
    /// Every word that is spoken, or written in a picture.
    pub transcript: String,
}

/// Everything that people say of an asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Details {
    /// By language.
    pub texts: Vec<Text>,
    /// The line that must stand beside it.
    pub credit: String,
    /// The agency or authority that it comes from.
    pub agency: String,
    /// Who made it.
    pub creator: String,
    /// Where.
    pub place: String,
    /// In which country: ISO 3166.
    pub country: Option<String>,
    /// When.
    pub taken_on: Option<NaiveDate>,
    /// Codes of the taxonomy.
    pub topics: Vec<String>,
    /// Codes of the ministry's priorities.
    pub priorities: Vec<String>,
    /// An official text, not a working translation.
    pub official: bool,
    /// Whether the place where it was taken stays in the file that is given out.
    pub keep_location: bool,
    /// The point that every crop keeps: 0 is left, 1 is right.
    pub focal_x: f32,
    /// 0 is above, 1 is below.
    pub focal_y: f32,
    /// What may be done with it.
    pub rights: Rights,
}

impl Default for Details {
    fn default() -> Self {
        Self {
            texts: Vec::new(),
            credit: String::new(),
            agency: String::new(),
            creator: String::new(),
            place: String::new(),
            country: None,
            taken_on: None,
            topics: Vec::new(),
            priorities: Vec::new(),
            official: false,
            keep_location: false,
            focal_x: 0.5,
            focal_y: 0.5,
            rights: Rights::default(),
        }
    }
}

impl Details {
    /// Cleaned and in order, as it is stored.
    ///
    /// # Errors
    /// The values that are refused.
    pub fn checked(mut self) -> Result<Self, Refused> {
        let mut refused = Refused::new();
        for (name, value) in [
            ("credit", &mut self.credit),
            ("agency", &mut self.agency),
            ("creator", &mut self.creator),
            ("place", &mut self.place),
        ] {
            *value = line(value);
            if value.chars().count() > 300 {
                refused.push((name.into(), "assets-too-long"));
            }
        }
        self.country = self
            .country
            .map(|country| country.trim().to_uppercase())
            .filter(|country| !country.is_empty());
        if self
            .country
            .as_deref()
            .is_some_and(|country| !is_country(country))
        {
            refused.push(("country".into(), "assets-country-unknown"));
        }
        for list in [&mut self.topics, &mut self.priorities] {
            list.sort();
            list.dedup();
            list.truncate(20);
        }
        if self.topics.iter().any(|topic| !is_topic(topic)) {
            refused.push(("topics".into(), "assets-topic-unknown"));
        }
        let inside = |at: f32| if at.is_finite() { at.clamp(0.0, 1.0) } else { 0.5 };
        (self.focal_x, self.focal_y) = (inside(self.focal_x), inside(self.focal_y));
        self.check_texts(&mut refused);
        self.rights.check(&mut refused);
        if refused.is_empty() {
            Ok(self)
        } else {
            Err(refused)
        }
    }

    fn check_texts(&mut self, refused: &mut Refused) {
        for text in &mut self.texts {
            text.language = tag(&text.language);
            text.title = line(&text.title);
            text.caption = paragraphs(&text.caption);
            text.alt = line(&text.alt);
            text.transcript = paragraphs(&text.transcript);
        }
        self.texts.retain(|text| !text.is_empty());
        self.texts.sort_by(|a, b| a.language.cmp(&b.language));
        for (text, next) in self.texts.iter().zip(self.texts.iter().skip(1)) {
            if text.language == next.language {
                refused.push((format!("title-{}", text.language), "assets-language-twice"));
            }
        }
        if self.texts.len() > 60 {
            refused.push(("texts".into(), "assets-too-long"));
        }
        for text in &self.texts {
            if !is_tag(&text.language) {
                refused.push(("new_language".into(), "assets-language-unknown"));
            }
            for (name, value, most) in [
                ("title", &text.title, 300),
                ("caption", &text.caption, 5_000),
                ("alt", &text.alt, 1_000),
                ("transcript", &text.transcript, 200_000),
            ] {
                if value.chars().count() > most {
                    refused.push((format!("{name}-{}", text.language), "assets-too-long"));
                }
            }
        }
    }

    /// The title to show, with its language: in this language, else in English, Vietnamese, any.
    #[must_use]
    pub fn title(&self, language: &str) -> Option<&Text> {
        [language, "en", "vi"]
            .iter()
            .find_map(|tag| {
                self.texts
                    .iter()
                    .find(|text| text.language == *tag && !text.title.is_empty())
            })
            .or_else(|| self.texts.iter().find(|text| !text.title.is_empty()))
    }
}

impl Text {
    fn is_empty(&self) -> bool {
        [&self.title, &self.caption, &self.alt, &self.transcript]
            .iter()
            .all(|value| value.is_empty())
    }
}

/// Text of one line: no control characters, no line ends.
pub(super) fn line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    spaced.trim().to_owned()
}

/// Text of many lines, with `\n` line ends and no other control characters.
pub(super) fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    kept.trim().to_owned()
}

/// A language tag as it is usually written: `zh-Hans`, `vi`, `en-GB`.
fn tag(text: &str) -> String {
    let parts = text.trim().split(['-', '_']).enumerate();
    let written: Vec<String> = parts
        .map(|(place, part)| match (place, part.chars().count()) {
            (0, _) => part.to_lowercase(),
            (_, 2) => part.to_uppercase(),
            (_, 4) => {
                let mut letters = part.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters.flat_map(char::to_lowercase)).collect()
            }
            _ => part.to_lowercase(),
        })
        .collect();
    written.join("-")
}

/// A language that somebody names, as it is usually written; none if it is no tag.
#[must_use]
pub fn language_tag(text: &str) -> Option<String> {
    Some(tag(text)).filter(|tag| is_tag(tag))
}

fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    tag.len() <= 35
        && (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken fixture should stop the test"
)]
mod tests {
    use super::*;

    fn text(language: &str, title: &str) -> Text {
        Text {
            language: language.into(),
            title: title.into(),
            ..Text::default()
        }
    }

    #[test]
    fn tags_are_written_in_one_way_and_empty_languages_go() {
        let details = Details {
            texts: vec![
                text("ZH_hans", "湄公河"),
                text("vi", "Sông Mê Công"),
                text("en", " "),
            ],
            ..Details::default()
        };
        let kept = details.checked().unwrap().texts;
        let tags: Vec<_> = kept.iter().map(|text| text.language.as_str()).collect();
        assert_eq!(tags, ["vi", "zh-Hans"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let details = Details {
            texts: vec![text("vi", "a"), text("VI", "b"), text("no such", "c")],
            country: Some("Laos".into()),
            topics: vec!["99".into()],
            credit: "x".repeat(301),
            ..Details::default()
        };
        let names: Vec<_> = details
            .checked()
            .unwrap_err()
            .into_iter()
            .map(|refused| refused.0)
            .collect();
        assert_eq!(names, ["credit", "country", "topics", "title-vi", "new_language"]);
    }

    #[test]
    fn the_title_is_in_the_readers_language_if_there_is_one() {
        let details = Details {
            texts: vec![text("lo", "ວຽງຈັນ"), text("vi", "Viêng Chăn")],
            ..Details::default()
        };
        assert_eq!(details.title("lo").unwrap().language, "lo");
        assert_eq!(details.title("fr").unwrap().language, "vi");
        assert_eq!(details.texts[0].title, "ວຽງຈັນ");
    }
}
