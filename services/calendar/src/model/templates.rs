//! Templates of texts that recur: handlebars in strict mode with named fields, and nothing that could run on.

use std::collections::BTreeMap;

use chancery_contracts::{Topic, vocabulary};
use chrono::{Datelike, NaiveDate};
use handlebars::template::{Parameter, TemplateElement};
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    no_escape,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Kind, MAX_BODY, MAX_TITLE};

/// Most fields of a template.
pub const MAX_FIELDS: usize = 30;
/// Longest source of a template, and longest value of a field, in Unicode scalar values.
pub const MAX_SOURCE: usize = 20_000;
const MAX_VALUE: usize = 5_000;

vocabulary! {
    /// What a field takes.
    FieldKind {
        /// One line.
        Text = "text",
        /// Several lines.
        Long = "long",
        /// A day.
        Date = "date",
        /// A whole number.
        Number = "number",
    }
}

/// Something to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Field {
    /// As the text names it: `guest_name`. Lower-case letters, digits and `_`.
    pub name: String,
    /// What it takes.
    pub kind: FieldKind,
    /// What people are asked, in Vietnamese.
    pub vi: String,
    /// The same in English.
    pub en: String,
    /// Whether it must be filled in.
    #[serde(default)]
    pub required: bool,
}

/// A template as people write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Template {
    /// Its name in lists.
    pub name: String,
    /// What sort of item is made from it.
    pub kind: Kind,
    /// What that is about.
    #[schema(inline)]
    pub topic: Topic,
    /// BCP 47 tag of the text.
    pub language: String,
    /// The headline, with `{{fields}}`.
    pub title: String,
    /// The text, with `{{fields}}`, `{{date field}}`, `{{upper field}}` and `{{#if field}}…{{/if}}`.
    pub body: String,
    /// What there is to fill in.
    pub fields: Vec<Field>,
}

/// Why a template cannot be filled in. [`Fault::key`] says it in words, with the argument `name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The text names something that is no field.
    Unknown(String),
    /// A required field is empty.
    Missing(String),
    /// A field holds no day.
    NotADate(String),
    /// A field holds no number.
    NotANumber(String),
    /// A field, or the filled-in text, is too long.
    TooLong(String),
    /// The text uses something that templates here do not have.
    Forbidden(String),
    /// The braces do not fit; in this line.
    Syntax(usize),
}

impl Fault {
    /// The Fluent id of the sentence.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "templates-fault-unknown",
            Self::Missing(_) => "templates-fault-missing",
            Self::NotADate(_) => "templates-fault-date",
            Self::NotANumber(_) => "templates-fault-number",
            Self::TooLong(_) => "templates-fault-long",
            Self::Forbidden(_) => "templates-fault-forbidden",
            Self::Syntax(_) => "templates-fault-syntax",
        }
    }

    /// Which field, word or line it is about.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Unknown(name)
            | Self::Missing(name)
            | Self::NotADate(name)
            | Self::NotANumber(name)
            | Self::TooLong(name)
            | Self::Forbidden(name) => name.clone(),
            Self::Syntax(line) => line.to_string(),
        }
    }
}

/// What was filled in, by field.
pub type Values = BTreeMap<String, String>;

impl Template {
    /// The headline and text with these values.
    ///
    /// # Errors
    /// Everything that is wrong with the values; else what is wrong with the template.
    pub fn fill(&self, values: &Values) -> Result<(String, String), Vec<Fault>> {
        let mut faults = Vec::new();
        let mut filled = BTreeMap::new();
        for field in &self.fields {
            let value = values.get(&field.name).map_or("", |value| value.trim());
            if let Err(fault) = field.accept(value) {
                faults.push(fault);
            }
            filled.insert(field.name.as_str(), value);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let one = |fault| vec![fault];
        let title = self.render(&self.title, &filled, MAX_TITLE).map_err(one)?;
        let body = self.render(&self.body, &filled, MAX_BODY).map_err(one)?;
        Ok((
            title.replace(['\n', '\t'], " ").trim().to_owned(),
            body.trim().to_owned(),
        ))
    }

    /// The headline and text with the fields' own names in their places: a preview, and the check of a new template.
    ///
    /// # Errors
    /// What is wrong with the template.
    pub fn sample(&self, language: &str) -> Result<(String, String), Vec<Fault>> {
        let value = |field: &Field| match field.kind {
            FieldKind::Date => "2026-09-02".to_owned(),
            FieldKind::Number => "81".to_owned(),
            FieldKind::Text | FieldKind::Long if language == "en" => format!("[{}]", field.en),
            FieldKind::Text | FieldKind::Long => format!("[{}]", field.vi),
        };
        let values = self
            .fields
            .iter()
            .map(|field| (field.name.clone(), value(field)))
            .collect();
        self.fill(&values)
    }

    fn render(&self, source: &str, values: &BTreeMap<&str, &str>, most: usize) -> Result<String, Fault> {
        if let Some(word) = forbidden(source) {
            return Err(Fault::Forbidden(word));
        }
        let text = registry(&self.language)
            .render_template(source, values)
            .map_err(|error| fault(&error))?;
        // Rendering passes over the branches not taken, and a condition on nothing is just false.
        let parsed = handlebars::Template::compile(source).map_err(|error| fault(&error.into()))?;
        if let Some(name) = stranger(&parsed, values) {
            return Err(Fault::Unknown(name));
        }
        if text.chars().count() > most {
            return Err(Fault::TooLong(self.name.clone()));
        }
        Ok(text)
    }
}

impl Field {
    fn accept(&self, value: &str) -> Result<(), Fault> {
        let name = || self.name.clone();
        if value.is_empty() {
            return if self.required {
                Err(Fault::Missing(name()))
            } else {
                Ok(())
            };
        }
        if value.chars().count() > MAX_VALUE {
            return Err(Fault::TooLong(name()));
        }
        match self.kind {
            FieldKind::Date if value.parse::<NaiveDate>().is_err() => Err(Fault::NotADate(name())),
            FieldKind::Number if value.parse::<i64>().is_err() => Err(Fault::NotANumber(name())),
            _ => Ok(()),
        }
    }
}

/// Whether a name can be a field's.
#[must_use]
pub fn is_field_name(name: &str) -> bool {
    let mut letters = name.bytes();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && name.len() <= 40
        && letters.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && ![
            "if", "unless", "else", "this", "date", "upper", "eq", "ne", "and", "or", "not",
        ]
        .contains(&name)
}

/// Partials and decorators could call themselves without end.
fn forbidden(source: &str) -> Option<String> {
    let mut tags = source.split("{{").skip(1);
    tags.find_map(|tag| {
        let inside = tag.trim_start_matches(['~', '#', '&', '{', ' ', '\t', '\n']);
        inside
            .starts_with(['>', '*'])
            .then(|| inside.chars().take(20).collect())
    })
}

/// The first variable anywhere in it that is none of these.
fn stranger(template: &handlebars::Template, known: &BTreeMap<&str, &str>) -> Option<String> {
    template
        .elements
        .iter()
        .find_map(|element| stranger_in(element, known))
}

fn stranger_in(element: &TemplateElement, known: &BTreeMap<&str, &str>) -> Option<String> {
    let (TemplateElement::Expression(tag)
    | TemplateElement::HtmlExpression(tag)
    | TemplateElement::HelperBlock(tag)) = element
    else {
        return None;
    };
    let alone = !tag.block && tag.params.is_empty();
    let of = |parameter: &Parameter| match parameter {
        Parameter::Subexpression(inner) => stranger_in(inner.as_element(), known),
        Parameter::Name(_) | Parameter::Path(_) => {
            let name = parameter.as_name().unwrap_or_default();
            (!known.contains_key(name)).then(|| name.to_owned())
        }
        _ => None,
    };
    let names = alone.then_some(&tag.name).into_iter();
    names
        .chain(&tag.params)
        .chain(tag.hash.values())
        .find_map(of)
        .or_else(|| tag.template.as_ref().and_then(|inner| stranger(inner, known)))
        .or_else(|| tag.inverse.as_ref().and_then(|inner| stranger(inner, known)))
}

/// Strict, without escaping (it is text, not markup), without loops, look-ups and logging.
fn registry(language: &str) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(no_escape);
    for helper in ["each", "with", "lookup", "log", "raw", "len"] {
        registry.unregister_helper(helper);
    }
    let vietnamese = language == "vi";
    registry.register_helper(
        "date",
        Box::new(
            move |helper: &Helper<'_>,
                  _: &Handlebars<'_>,
                  _: &Context,
                  _: &mut RenderContext<'_, '_>,
                  out: &mut dyn Output|
                  -> HelperResult {
                let text = argument(helper, "date")?;
                let day = text.parse::<NaiveDate>().map(|day| {
                    if vietnamese {
                        format!("ngày {} tháng {} năm {}", day.day(), day.month(), day.year())
                    } else {
                        day.format("%-d %B %Y").to_string()
                    }
                });
                out.write(&day.unwrap_or_default())?;
                Ok(())
            },
        ),
    );
    registry.register_helper(
        "upper",
        Box::new(
            |helper: &Helper<'_>,
             _: &Handlebars<'_>,
             _: &Context,
             _: &mut RenderContext<'_, '_>,
             out: &mut dyn Output|
             -> HelperResult {
                out.write(&argument(helper, "upper")?.to_uppercase())?;
                Ok(())
            },
        ),
    );
    registry
}

fn argument(helper: &Helper<'_>, name: &'static str) -> Result<String, RenderError> {
    let found = helper
        .param(0)
        .ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))?;
    if found.is_value_missing() {
        let path = found.relative_path().cloned();
        return Err(RenderErrorReason::MissingVariable(path).into());
    }
    Ok(found.value().as_str().unwrap_or_default().to_owned())
}

fn fault(error: &RenderError) -> Fault {
    match error.reason() {
        RenderErrorReason::MissingVariable(name) => Fault::Unknown(name.clone().unwrap_or_default()),
        RenderErrorReason::HelperNotFound(name) => Fault::Forbidden(name.clone()),
        RenderErrorReason::TemplateError(error) => Fault::Syntax(error.pos().map_or(1, |(line, _)| line)),
        _ => Fault::Syntax(error.line_no.unwrap_or(1)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn field(name: &str, kind: FieldKind, required: bool) -> Field {
        Field {
            name: name.into(),
            kind,
            vi: "Tên khách".into(),
            en: "Guest".into(),
            required,
        }
    }

    fn template(body: &str) -> Template {
        Template {
            name: "Chuyến thăm".into(),
            kind: Kind::News,
            topic: Topic::HighLevelVisit,
            language: "vi".into(),
            title: "{{upper guest}} thăm Việt Nam".into(),
            body: body.into(),
            fields: vec![
                field("guest", FieldKind::Text, true),
                field("day", FieldKind::Date, true),
                field("note", FieldKind::Long, false),
            ],
        }
    }

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    const BODY: &str = "{{guest}} đến {{date day}}.{{#if note}} {{note}}{{/if}}";

    #[test]
    fn fields_take_their_places() {
        let (title, body) = template(BODY)
            .fill(&values(&[("guest", "Ông A & bà B"), ("day", "2026-09-02")]))
            .unwrap();
        assert_eq!(title, "ÔNG A & BÀ B thăm Việt Nam");
        assert_eq!(body, "Ông A & bà B đến ngày 2 tháng 9 năm 2026.");
        let (_, body) = template(BODY)
            .fill(&values(&[
                ("guest", "A"),
                ("day", "2026-09-02"),
                ("note", "Xin chào {{guest}}"),
            ]))
            .unwrap();
        assert!(
            body.ends_with("Xin chào {{guest}}"),
            "what is filled in is never read as a template: {body}"
        );
    }

    #[test]
    fn every_empty_and_unreadable_field_is_named() {
        let faults = template(BODY).fill(&values(&[("day", "mai")])).unwrap_err();
        assert_eq!(
            faults,
            [Fault::Missing("guest".into()), Fault::NotADate("day".into())]
        );
    }

    #[test]
    fn an_unknown_variable_is_named_wherever_it_stands() {
        for body in ["{{gest}}", "{{date gest}}", "{{upper gest}}"] {
            assert_eq!(
                template(body).sample("vi").unwrap_err(),
                [Fault::Unknown("gest".into())],
                "{body}"
            );
        }
        for body in [
            "{{#if gest}}x{{/if}}",
            "{{#if note}}x{{else}}{{upper gest}}{{/if}}",
            "{{#if note}}x{{else if gest}}y{{/if}}",
        ] {
            assert_eq!(
                template(body).sample("vi").unwrap_err(),
                [Fault::Unknown("gest".into())],
                "{body}"
            );
        }
        // Inside a comparison it is refused by its line.
        let compared = template("{{#unless (eq gest \"x\")}}y{{/unless}}").sample("vi");
        assert_eq!(compared.unwrap_err(), [Fault::Syntax(1)]);
        assert!(
            template("{{#if (eq guest \"x\")}}{{note}}{{else if note}}{{date day}}{{/if}}")
                .sample("vi")
                .is_ok()
        );
    }

    #[test]
    fn nothing_that_could_run_on_is_taken() {
        for body in [
            "{{> again}}",
            "{{#*inline \"a\"}}{{/inline}}",
            "{{~#> x}}{{/x}}",
            "{{ > a}}",
        ] {
            assert!(
                matches!(
                    template(body).sample("vi").unwrap_err()[..],
                    [Fault::Forbidden(_)]
                ),
                "{body}"
            );
        }
        for body in [
            "{{#each this}}x{{/each}}",
            "{{#with this}}x{{/with}}",
            "{{log guest}}",
            "{{lookup this \"guest\"}}",
        ] {
            assert!(template(body).sample("vi").is_err(), "{body}");
        }
    }

    #[test]
    fn braces_that_do_not_fit_are_said_by_line() {
        assert_eq!(
            template("một\n{{guest").sample("vi").unwrap_err(),
            [Fault::Syntax(2)]
        );
        let long = "a".repeat(6_000);
        let faults = template(BODY)
            .fill(&values(&[("guest", &long), ("day", "2026-09-02")]))
            .unwrap_err();
        assert_eq!(faults, [Fault::TooLong("guest".into())]);
    }

    #[test]
    fn names_of_fields_are_plain() {
        assert!(is_field_name("guest_2"));
        for name in ["", "Guest", "2nd", "a-b", "if", "date", "a.b"] {
            assert!(!is_field_name(name), "{name}");
        }
    }
}
