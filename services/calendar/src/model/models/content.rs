//! What is written in a model, and what it lacks before it can be sent.

use std::collections::BTreeSet;

use chancery_contracts::Topic;
use chancery_contracts::ids::AssetId;
use chancery_preflight::holds;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::{ClockChoice, Kind, LockedPassage, Scope, clean};

/// Everything that people write in a model. Sent whole at every save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Content {
    /// Its name in lists.
    #[serde(default)]
    pub title: String,
    /// What sort of item is made from it.
    pub kind: Kind,
    /// What it is about; decides who must approve at each mission.
    #[schema(inline)]
    pub topic: Topic,
    /// Code of an audience.
    pub audience: String,
    /// The programme that it belongs to.
    #[serde(default)]
    pub programme: Option<Uuid>,
    /// Distribution scope of the items.
    #[serde(default = "public")]
    pub scope: Scope,
    /// On whose wall `wall` is read: each mission's own, or headquarters' (one instant for all).
    #[serde(default = "host")]
    pub clock: ClockChoice,
    /// When, as that wall shows it.
    #[serde(default)]
    pub wall: Option<NaiveDateTime>,
    /// For how many minutes after it an item may still go out.
    #[serde(default = "an_hour")]
    pub window_minutes: i32,
    /// Until when missions are asked to answer, on headquarters' wall.
    #[serde(default)]
    pub answer_by: Option<NaiveDateTime>,
    /// Lines for the missions, never for the public.
    #[serde(default)]
    pub guidance: String,
    /// The texts, in several variations: each has the same languages. Missions get them in turn.
    #[serde(default)]
    pub variations: Vec<Vec<Text>>,
    /// What must stay word for word.
    #[serde(default)]
    pub passages: Vec<LockedPassage>,
    /// Pictures of the library.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub assets: Vec<AssetId>,
}

/// A variation in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Text {
    /// BCP 47 tag.
    pub language: String,
    /// The headline.
    #[serde(default)]
    pub title: String,
    /// The text.
    #[serde(default)]
    pub body: String,
    /// A shorter text for channels whose limit the text exceeds; may be empty.
    #[serde(default)]
    pub short: String,
}

const fn public() -> Scope {
    Scope::Public
}

const fn host() -> ClockChoice {
    ClockChoice::Host
}

const fn an_hour() -> i32 {
    60
}

/// Something to be done before a model can be sent. [`Missing::key`] says it in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// It has no name.
    Title,
    /// It has no text.
    Texts,
    /// A text lacks its headline or body.
    Text {
        /// In which language.
        language: String,
        /// In which variation, from 1.
        variation: usize,
    },
    /// A variation lacks a language that another has.
    Language {
        /// Which language.
        language: String,
        /// Which variation, from 1.
        variation: usize,
    },
    /// A locked passage is not in a text of its language.
    Passage {
        /// Its first words.
        passage: String,
        /// In which variation, from 1.
        variation: usize,
    },
}

impl Missing {
    /// The Fluent id of the sentence.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Title => "models-missing-title",
            Self::Texts => "models-missing-texts",
            Self::Text { .. } => "models-missing-text",
            Self::Language { .. } => "models-missing-language",
            Self::Passage { .. } => "models-missing-passage",
        }
    }

    /// The sentence's arguments: `language`, `passage` (text) and `variation` (a number), where there are any.
    #[must_use]
    pub fn arguments(&self) -> (&str, &str, usize) {
        match self {
            Self::Title | Self::Texts => ("", "", 0),
            Self::Text { language, variation } | Self::Language { language, variation } => {
                (language, "", *variation)
            }
            Self::Passage { passage, variation } => ("", passage, *variation),
        }
    }
}

impl Content {
    /// An empty model with one variation in these languages.
    #[must_use]
    pub fn empty(languages: &[&str]) -> Self {
        let text = |language: &&str| Text {
            language: (*language).to_owned(),
            ..Text::default()
        };
        Self {
            title: String::new(),
            kind: Kind::Statement,
            topic: Topic::General,
            audience: "host_public".to_owned(),
            programme: None,
            scope: Scope::Public,
            clock: ClockChoice::Host,
            wall: None,
            window_minutes: 60,
            answer_by: None,
            guidance: String::new(),
            variations: vec![languages.iter().map(text).collect()],
            passages: Vec::new(),
            assets: Vec::new(),
        }
    }

    /// The same with every text cleaned as an item's is, and empty passages dropped.
    #[must_use]
    pub fn cleaned(mut self) -> Self {
        let line = |text: &str| clean(text).replace(['\n', '\t'], " ").trim().to_owned();
        self.title = line(&self.title);
        self.guidance = clean(&self.guidance);
        for text in self.variations.iter_mut().flatten() {
            text.title = line(&text.title);
            text.body = clean(&text.body);
            text.short = clean(&text.short);
        }
        for passage in &mut self.passages {
            clean(&passage.text).trim().clone_into(&mut passage.text);
            passage.source = line(&passage.source);
        }
        self.passages.retain(|passage| !passage.text.is_empty());
        self
    }

    /// Every language of its texts, in the order in which they were added.
    #[must_use]
    pub fn languages(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let texts = self.variations.iter().flatten();
        texts
            .map(|text| text.language.as_str())
            .filter(|language| seen.insert(*language))
            .collect()
    }

    /// Everything that somebody wrote in it, for checks that read all of it.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        let texts = self.variations.iter().flatten();
        [self.title.as_str(), self.guidance.as_str()]
            .into_iter()
            .chain(texts.flat_map(|text| [text.title.as_str(), text.body.as_str(), text.short.as_str()]))
            .chain(
                self.passages
                    .iter()
                    .flat_map(|passage| [passage.text.as_str(), passage.source.as_str()]),
            )
    }

    /// What must be done before it can be sent.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        if self.title.is_empty() {
            missing.push(Missing::Title);
        }
        let languages = self.languages();
        if languages.is_empty() {
            missing.push(Missing::Texts);
        }
        for (variation, texts) in (1..).zip(&self.variations) {
            for language in &languages {
                let language = (*language).to_owned();
                match texts.iter().find(|text| text.language == language) {
                    None => missing.push(Missing::Language { language, variation }),
                    Some(text) if text.title.trim().is_empty() || text.body.trim().is_empty() => {
                        missing.push(Missing::Text { language, variation });
                    }
                    Some(text) => missing.extend(self.lost(text, variation)),
                }
            }
        }
        missing
    }

    /// The locked passages that a text of their language lacks, or its shorter form: as missions' items are checked.
    fn lost<'a>(&'a self, text: &'a Text, variation: usize) -> impl Iterator<Item = Missing> + 'a {
        self.passages
            .iter()
            .filter(|passage| passage.language == text.language)
            .filter(|passage| {
                let lacks = |body: &str| !body.trim().is_empty() && !holds(body, &passage.text);
                lacks(&text.body) || lacks(&text.short)
            })
            .map(move |passage| Missing::Passage {
                passage: passage.text.chars().take(60).collect(),
                variation,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(language: &str, body: &str) -> Text {
        Text {
            language: language.into(),
            title: "Tiêu đề".into(),
            body: body.into(),
            short: String::new(),
        }
    }

    fn content() -> Content {
        Content {
            title: "Quốc khánh".into(),
            variations: vec![vec![text("vi", "Biển Đông của Việt Nam"), text("en", "Hello")]],
            ..Content::empty(&[])
        }
    }

    #[test]
    fn a_complete_model_lacks_nothing() {
        assert_eq!(content().missing(), []);
    }

    #[test]
    fn each_variation_needs_every_language_and_every_locked_passage() {
        let mut model = content();
        model.variations.push(vec![text("vi", "Xin chào")]);
        model.passages.push(LockedPassage {
            language: "vi".into(),
            text: "Biển Đông".into(),
            source: String::new(),
        });
        let variation = 2;
        let expected = [
            Missing::Passage {
                passage: "Biển Đông".into(),
                variation,
            },
            Missing::Language {
                language: "en".into(),
                variation,
            },
        ];
        assert_eq!(model.missing(), expected);
    }

    #[test]
    fn an_empty_one_says_what_it_needs() {
        let empty = Content::empty(&["vi"]);
        let expected = [
            Missing::Title,
            Missing::Text {
                language: "vi".into(),
                variation: 1,
            },
        ];
        assert_eq!(empty.missing(), expected);
        assert_eq!(Content::empty(&[]).missing(), [Missing::Title, Missing::Texts]);
    }

    #[test]
    fn passages_without_words_are_dropped_and_lines_are_one_line() {
        let mut model = content();
        model.title = " Quốc\nkhánh ".into();
        model.passages = vec![LockedPassage::default()];
        let model = model.cleaned();
        assert_eq!((model.title.as_str(), model.passages.len()), ("Quốc khánh", 0));
    }
}
