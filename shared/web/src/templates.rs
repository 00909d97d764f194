//! All templates, compiled at start: one registry a language, so that helpers know theirs. Those named `*.txt.hbs` make
//! plain text, such as mails: nothing is escaped in them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use handlebars::{Handlebars, RenderError};
use serde_json::Value;

use crate::headquarters::Headquarters;
use crate::helpers::{self, Tools};
use crate::statics::Statics;
use crate::{Language, Locales, ShellError, files};

/// See the module's page.
pub(crate) struct Templates(BTreeMap<Language, Registries>);

struct Registries {
    html: Handlebars<'static>,
    text: Handlebars<'static>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Templates").field(&self.0.keys()).finish()
    }
}

impl Templates {
    /// Compiles every `.hbs` file under its path without extension.
    pub fn load(
        locales: &Arc<Locales>,
        statics: &Arc<Statics>,
        headquarters: &Headquarters,
    ) -> Result<Self, ShellError> {
        let (mut html, mut text) = (Handlebars::new(), Handlebars::new());
        text.register_escape_fn(handlebars::no_escape);
        for (path, source) in files::texts("", ".hbs")? {
            let name = path.trim_end_matches(".hbs");
            let registry = if is_text(name) { &mut text } else { &mut html };
            registry
                .register_template_string(name, source)
                .map_err(|error| ShellError::Template {
                    name: path.clone(),
                    reason: error.to_string(),
                })?;
        }
        let registry = |language| {
            let tools = Tools {
                language,
                locales: Arc::clone(locales),
                statics: Arc::clone(statics),
                headquarters: headquarters.clone(),
            };
            let with_helpers = |registry: &Handlebars<'static>| {
                let mut registry = registry.clone();
                helpers::register(&mut registry, &tools);
                registry
            };
            let registries = Registries {
                html: with_helpers(&html),
                text: with_helpers(&text),
            };
            (language, registries)
        };
        Ok(Self(Language::ALL.into_iter().map(registry).collect()))
    }

    pub fn render(&self, language: Language, name: &str, context: Value) -> Result<String, RenderError> {
        let registries = self.0.get(&language).ok_or_else(|| {
            RenderError::from(handlebars::RenderErrorReason::Other(format!(
                "no templates in {language}"
            )))
        })?;
        let registry = if is_text(name) {
            &registries.text
        } else {
            &registries.html
        };
        registry.render_with_context(name, &handlebars::Context::wraps(context)?)
    }
}

fn is_text(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|part| part == "txt")
}
