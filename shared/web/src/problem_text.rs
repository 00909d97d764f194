//! A problem's words.

use serde_json::{Map, Value, json};

use crate::{Args, Language, Locales, Problem};

/// A problem as templates see it: `title`, `message`, `kept`, `next`, `status`, and `messages` by field.
pub(crate) fn context(locales: &Locales, language: Language, problem: &Problem) -> Value {
    let details = problem.details();
    let say = |key: &str, args: &Args| locales.find(language, key, args);
    let kind = details.kind.key();
    let attribute = |name: &str| {
        say(&format!("{}.{name}", details.key), &details.args)
            .or_else(|| say(&format!("{kind}.{name}"), &Args::new()))
            .unwrap_or_default()
    };
    let messages: Map<String, Value> = details
        .fields
        .iter()
        .map(|field| {
            (
                field.field.to_string(),
                Value::String(locales.text(language, &field.key, &field.args)),
            )
        })
        .collect();
    json!({
        "status": details.kind.status().as_u16(),
        "key": details.key,
        "title": attribute("title"),
        "message": locales.text(language, &details.key, &details.args),
        "kept": attribute("kept"),
        "next": attribute("next"),
        "messages": messages,
        "retry_after": details.retry_after.map(|wait| wait.as_secs().max(1)),
    })
}
