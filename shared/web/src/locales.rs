//! Every string of the interface, from `templates/locales/LANGUAGE/SERVICE.ftl`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

use crate::{Language, ShellError, files};

/// An argument of a message. Numbers choose plural forms, so they must not be turned into text before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    /// A count or amount.
    Number(f64),
    /// Anything else. Never markup: it is escaped where it is shown.
    Text(String),
}

/// A message's arguments by name.
pub type Args = BTreeMap<Cow<'static, str>, Arg>;

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl From<$number> for Arg {
            #[expect(clippy::cast_precision_loss, reason = "counts that people read are small")]
            fn from(number: $number) -> Self {
                Self::Number(number as f64)
            }
        }
    )*};
}

numbers!(i64 u64 usize);

impl From<i32> for Arg {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

/// The messages of every language.
pub struct Locales {
    bundles: BTreeMap<Language, FluentBundle<FluentResource>>,
    ids: BTreeMap<Language, BTreeSet<String>>,
}

impl std::fmt::Debug for Locales {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Locales")
            .field("languages", &self.bundles.keys())
            .finish_non_exhaustive()
    }
}

impl Locales {
    /// Reads all embedded `.ftl` files.
    ///
    /// # Errors
    /// A file does not parse, or one id is defined twice in a language.
    pub fn load() -> Result<Self, ShellError> {
        let mut locales = Self {
            bundles: BTreeMap::new(),
            ids: BTreeMap::new(),
        };
        for language in Language::ALL {
            let identifier: LanguageIdentifier =
                language.tag().parse().map_err(|error| ShellError::Locale {
                    file: language.tag().into(),
                    reason: format!("{error}"),
                })?;
            let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
            // The isolation marks would also end up in attributes, titles and mails; templates use <bdi> for names.
            bundle.set_use_isolating(false);
            let mut ids = BTreeSet::new();
            for (file, text) in files::texts(&format!("locales/{}/", language.tag()), ".ftl")? {
                let fail = |reason: String| ShellError::Locale {
                    file: file.clone(),
                    reason,
                };
                let resource =
                    FluentResource::try_new(text).map_err(|(_, errors)| fail(format!("{errors:?}")))?;
                ids.extend(resource.entries().filter_map(id_of));
                bundle
                    .add_resource(resource)
                    .map_err(|errors| fail(format!("{errors:?}")))?;
            }
            locales.bundles.insert(language, bundle);
            locales.ids.insert(language, ids);
        }
        Ok(locales)
    }

    /// The message, or its key when there is none (which a test forbids for keys in the sources).
    /// An attribute is asked for as `key.attribute`.
    #[must_use]
    pub fn text(&self, language: Language, key: &str, args: &Args) -> String {
        self.find(language, key, args).unwrap_or_else(|| {
            tracing::warn!(key, %language, "no such message");
            key.to_owned()
        })
    }

    /// The message, if there is one.
    #[must_use]
    pub fn find(&self, language: Language, key: &str, args: &Args) -> Option<String> {
        let bundle = self.bundles.get(&language)?;
        let pattern = match key.split_once('.') {
            Some((id, attribute)) => bundle.get_message(id)?.get_attribute(attribute)?.value(),
            None => bundle.get_message(key)?.value()?,
        };
        let args: FluentArgs<'_> = args
            .iter()
            .map(|(name, value)| match value {
                Arg::Number(number) => (name.as_ref(), FluentValue::from(*number)),
                Arg::Text(text) if name == "language" => (name.as_ref(), FluentValue::from(within(text))),
                Arg::Text(text) => (name.as_ref(), FluentValue::from(text.as_str())),
            })
            .collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        if !errors.is_empty() {
            tracing::warn!(key, %language, ?errors, "a message lacks an argument");
        }
        Some(match text.strip_prefix(WITHIN) {
            Some(rest) => format!("{BEGINNING}{rest}"),
            None => text.into_owned(),
        })
    }

    /// Every id of a language, attributes as `id.attribute`.
    #[must_use]
    pub fn ids(&self, language: Language) -> &BTreeSet<String> {
        static NONE: BTreeSet<String> = BTreeSet::new();
        self.ids.get(&language).unwrap_or(&NONE)
    }
}

/// How the Vietnamese name of a language begins at the beginning of a sentence, and within one.
const BEGINNING: &str = "Tiếng ";
const WITHIN: &str = "tiếng ";

/// The name of a language as it is written within a sentence.
fn within(name: &str) -> String {
    match name.strip_prefix(BEGINNING) {
        Some(rest) => format!("{WITHIN}{rest}"),
        None => name.to_owned(),
    }
}

fn id_of(entry: &fluent_syntax::ast::Entry<&str>) -> Option<String> {
    match entry {
        fluent_syntax::ast::Entry::Message(message) => Some(message.id.name.to_owned()),
        _ => None,
    }
}
