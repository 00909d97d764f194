//! All templates, compiled at start: one registry a language, so that helpers know theirs.

use std::collections::BTreeMap;
use std::sync::Arc;

use handlebars::{Handlebars, RenderError};
use serde_json::Value;

use crate::headquarters::Headquarters;
use crate::helpers::{self, Tools};
use crate::statics::Statics;
use crate::{Language, Locales, ShellError, files};

/// See the module's page.
pub(crate) struct Templates(BTreeMap<Language, Handlebars<'static>>);

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
        let mut plain = Handlebars::new();
        for (path, text) in files::texts("", ".hbs")? {
            let name = path.trim_end_matches(".hbs");
            plain
                .register_template_string(name, text)
                .map_err(|error| ShellError::Template {
                    name: path.clone(),
                    reason: error.to_string(),
                })?;
        }
        let registry = |language| {
            let mut registry = plain.clone();
            let tools = Tools {
                language,
                locales: Arc::clone(locales),
                statics: Arc::clone(statics),
                headquarters: headquarters.clone(),
            };
            helpers::register(&mut registry, &tools);
            (language, registry)
        };
        Ok(Self(Language::ALL.into_iter().map(registry).collect()))
    }

    pub fn render(&self, language: Language, name: &str, context: Value) -> Result<String, RenderError> {
        let registry = self.0.get(&language).ok_or_else(|| {
            RenderError::from(handlebars::RenderErrorReason::Other(format!(
                "no templates in {language}"
            )))
        })?;
        registry.render_with_context(name, &handlebars::Context::wraps(context)?)
    }
}
