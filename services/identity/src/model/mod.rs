//! Types and rules without input or output: everything here is tested without a database.

pub mod mail;
pub mod password;
pub mod person;
pub mod secret;
pub mod session;
pub mod throttle;
pub mod totp;
pub mod unit;

use serde::{Deserialize, Serialize};

/// A text in the product's two languages, as stored in `jsonb`: `{"vi": …, "en": …}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Names {
    /// Vietnamese.
    pub vi: String,
    /// English, in British spelling.
    pub en: String,
}

impl Names {
    /// Both texts.
    #[must_use]
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            vi: vi.into(),
            en: en.into(),
        }
    }

    /// The text in a language of the interface; Vietnamese unless `en` is asked for.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        if language == "en" { &self.en } else { &self.vi }
    }
}

/// What is wrong with the fields of a form or request: pairs of a field's name and the Fluent id of a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(&'static str, &'static str)>);

impl FieldErrors {
    /// Notes `key` at `field` unless `right`.
    pub fn check(&mut self, right: bool, field: &'static str, key: &'static str) {
        if !right && !self.0.iter().any(|(noted, _)| *noted == field) {
            self.0.push((field, key));
        }
    }

    /// The findings; at most one for a field.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.iter().copied()
    }

    /// `value` if nothing was found.
    ///
    /// # Errors
    /// The findings themselves.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// Whether `text` has between one and `max` characters, and none that controls the terminal or the direction of text.
#[must_use]
pub fn is_plain_line(text: &str, max: usize) -> bool {
    let length = text.chars().count();
    (1..=max).contains(&length)
        && !text
            .chars()
            .any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}
