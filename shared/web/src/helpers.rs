//! What templates can call. Every text that a helper gives is escaped, by handlebars or here.

use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, ScopedJson, html_escape,
};
use serde_json::Value;

use crate::headquarters::Headquarters;
use crate::statics::Statics;
use crate::{Arg, Args, Language, Locales, sizes, times};

/// What the helpers of one language work with.
#[derive(Debug, Clone)]
pub(crate) struct Tools {
    pub language: Language,
    pub locales: Arc<Locales>,
    pub statics: Arc<Statics>,
    pub headquarters: Headquarters,
}

pub(crate) fn register(registry: &mut Handlebars<'static>, tools: &Tools) {
    // Values: escaped by handlebars when shown, and usable in subexpressions.
    value(registry, "t", tools, |tools, call| {
        let key = call.text(0)?;
        Ok(Value::String(tools.locales.text(
            tools.language,
            &key,
            &call.args(tools),
        )))
    });
    value(registry, "name", tools, |tools, call| {
        Ok(Value::String(localised(call.value(0), tools.language)))
    });
    value(registry, "date", tools, |tools, call| {
        Ok(Value::String(
            times::date(call.value(0), tools.language).unwrap_or_default(),
        ))
    });
    value(registry, "datetime", tools, |tools, call| {
        let zone = call.zone(1).unwrap_or_else(|| tools.headquarters.zone());
        Ok(Value::String(
            times::datetime(call.value(0), zone, tools.language).unwrap_or_default(),
        ))
    });
    value(registry, "static", tools, |tools, call| {
        Ok(Value::String(tools.statics.href(&call.text(0)?)))
    });
    value(registry, "json", tools, |_, call| {
        Ok(Value::String(call.value(0).to_string()))
    });
    value(registry, "concat", tools, |_, call| {
        Ok(Value::String(call.values().map(plain).collect()))
    });
    value(registry, "number", tools, |tools, call| {
        Ok(Value::String(grouped(call.value(0), tools.language)))
    });
    value(registry, "size", tools, |tools, call| {
        Ok(Value::String(sizes::size(call.value(0), tools.language)))
    });
    value(registry, "country_name", tools, |tools, call| {
        let code = plain(call.value(0));
        Ok(Value::String(tools.locales.country(tools.language, &code)))
    });
    value(registry, "language_name", tools, |tools, call| {
        let tag = plain(call.value(0));
        Ok(Value::String(tools.locales.language_name(tools.language, &tag)))
    });
    value(registry, "initial", tools, |_, call| {
        Ok(Value::String(initial(&plain(call.value(0)))))
    });
    value(registry, "can", tools, |_, call| {
        let action = Value::String(call.text(0)?);
        let may = call.root.pointer("/viewer/may").and_then(Value::as_array);
        Ok(Value::Bool(may.is_some_and(|may| may.contains(&action))))
    });
    value(registry, "invalid", tools, |_, call| {
        Ok(Value::Bool(field_problem(call)?.is_some()))
    });

    // Markup: written as it is, so everything that comes from data is escaped here.
    markup(registry, "icon", tools, |tools, call| {
        let (name, class) = (call.text(0)?, call.hash_text("class"));
        let href = html_escape(&tools.statics.href("icons.svg"));
        let space = if class.is_empty() { "" } else { " " };
        Ok(format!(
            r#"<svg class="icon{space}{}" width="24" height="24" aria-hidden="true" focusable="false"><use href="{href}#{}"/></svg>"#,
            html_escape(&class),
            html_escape(&name),
        ))
    });
    markup(registry, "clocks", tools, |tools, call| {
        let zone = call.zone(1).unwrap_or_else(|| tools.headquarters.zone());
        Ok(times::clocks(tools, call.value(0), zone, call.hash("city")).unwrap_or_default())
    });
    markup(registry, "csrf_field", tools, |_, call| {
        let token = call
            .root
            .pointer("/viewer/csrf")
            .and_then(Value::as_str)
            .unwrap_or_default();
        Ok(format!(
            r#"<input type="hidden" name="csrf" value="{}">"#,
            html_escape(token)
        ))
    });
    // JSON for `<script type="application/ld+json">`, which knows no entities: no character of it can end the element.
    markup(registry, "json_block", tools, |_, call| {
        let json = call.value(0).to_string();
        Ok(json
            .replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026"))
    });
    markup(registry, "field_error", tools, |_, call| {
        let Some(message) = field_problem(call)? else {
            return Ok(String::new());
        };
        let id = html_escape(&call.text(0)?).replace(['/', '[', ']', '.'], "-");
        Ok(format!(
            r#"<div class="invalid-feedback d-block" id="{id}-error">{}</div>"#,
            html_escape(&message)
        ))
    });
}

/// A call of a helper, with the arguments looked up.
pub(crate) struct Call<'a, 'rc> {
    helper: &'a Helper<'rc>,
    root: &'a Value,
}

impl Call<'_, '_> {
    fn value(&self, index: usize) -> &Value {
        self.helper
            .param(index)
            .map_or(&Value::Null, |param| param.value())
    }

    fn values(&self) -> impl Iterator<Item = &Value> {
        self.helper.params().iter().map(handlebars::PathAndJson::value)
    }

    fn text(&self, index: usize) -> Result<String, RenderError> {
        match self.value(index) {
            Value::Null => {
                let reason = format!("{} lacks its argument {}", self.helper.name(), index + 1);
                Err(RenderErrorReason::Other(reason).into())
            }
            value => Ok(plain(value)),
        }
    }

    fn zone(&self, index: usize) -> Option<chrono_tz::Tz> {
        self.value(index).as_str()?.parse().ok()
    }

    fn hash(&self, name: &str) -> &Value {
        self.helper
            .hash_get(name)
            .map_or(&Value::Null, |value| value.value())
    }

    fn hash_text(&self, name: &str) -> String {
        plain(self.hash(name))
    }

    fn args(&self, tools: &Tools) -> Args {
        let hash = self.helper.hash().iter();
        hash.map(|(name, value)| ((*name).to_owned().into(), argument(value.value(), tools.language)))
            .collect()
    }
}

fn argument(value: &Value, language: Language) -> Arg {
    match value {
        Value::Number(number) => Arg::Number(number.as_f64().unwrap_or_default()),
        value => Arg::Text(localised(value, language)),
    }
}

/// A value as text: strings without quotes, nothing for null.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The viewer's language out of `{"vi": …, "en": …}`, or whatever language there is; a plain value as it is.
pub(crate) fn localised(value: &Value, language: Language) -> String {
    match value {
        Value::Object(names) => {
            let filled = |value: &&Value| value.as_str().is_some_and(|text| !text.is_empty());
            let own = names.get(language.tag()).filter(filled);
            own.or_else(|| names.values().find(filled))
                .map(plain)
                .unwrap_or_default()
        }
        other => plain(other),
    }
}

/// The letter on a person's avatar: of the given name, which Vietnamese writes last.
fn initial(name: &str) -> String {
    let given = name.split_whitespace().next_back().unwrap_or_default();
    given
        .chars()
        .next()
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default()
}

fn grouped(value: &Value, language: Language) -> String {
    let Some(number) = value.as_i64() else {
        return plain(value);
    };
    let separator = match language {
        Language::Vi => '.',
        Language::En => ',',
    };
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 {
        "\u{2212}".to_owned()
    } else {
        String::new()
    };
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// The message for the field named by the first argument, in the page's `problem`.
fn field_problem(call: &Call<'_, '_>) -> Result<Option<String>, RenderError> {
    let field = call.text(0)?;
    let messages = call.root.pointer("/problem/messages").and_then(Value::as_object);
    Ok(messages
        .and_then(|messages| messages.get(&field))
        .and_then(Value::as_str)
        .map(str::to_owned))
}

/// `{{name}}` without an argument means the field, as everywhere else in handlebars.
fn field_of_that_name<'rc>(
    helper: &Helper<'rc>,
    context: &'rc Context,
    rc: &mut RenderContext<'_, 'rc>,
) -> Result<Option<Value>, RenderError> {
    if !helper.params().is_empty() || !helper.hash().is_empty() {
        return Ok(None);
    }
    Ok(Some(
        rc.evaluate(context, &format!("this.{}", helper.name()))?
            .as_json()
            .clone(),
    ))
}

type Compute<T> = fn(&Tools, &Call<'_, '_>) -> Result<T, RenderError>;

struct Valued(Tools, Compute<Value>);
struct Marked(Tools, Compute<String>);

fn value(registry: &mut Handlebars<'static>, name: &str, tools: &Tools, compute: Compute<Value>) {
    registry.register_helper(name, Box::new(Valued(tools.clone(), compute)));
}

fn markup(registry: &mut Handlebars<'static>, name: &str, tools: &Tools, compute: Compute<String>) {
    registry.register_helper(name, Box::new(Marked(tools.clone(), compute)));
}

impl HelperDef for Valued {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        if let Some(field) = field_of_that_name(helper, context, rc)? {
            return Ok(ScopedJson::Derived(Value::String(localised(
                &field,
                self.0.language,
            ))));
        }
        (self.1)(
            &self.0,
            &Call {
                helper,
                root: context.data(),
            },
        )
        .map(ScopedJson::Derived)
    }
}

impl HelperDef for Marked {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        out.write(&(self.1)(
            &self.0,
            &Call {
                helper,
                root: context.data(),
            },
        )?)?;
        Ok(())
    }
}
