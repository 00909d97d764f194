//! What handlers share: who looks, for which unit, and how things are shown.

use chancery_access::Action;
use chancery_contracts::ids::UnitId;
use chancery_directory::{Unit, UnitName};
use chancery_web::{Args, Language, Problem, Viewer};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::App;
use crate::model::{Details, TOPICS, channels};
use crate::store::search::Eyes;
use crate::store::vocabulary;

/// For which unit somebody looks: the one they name, if it is theirs, else their own.
pub(super) async fn stand(
    conn: &mut PgConnection,
    viewer: &Viewer,
    named: Option<&str>,
) -> Result<(Unit, Vec<UnitName>), Problem> {
    let principal = viewer.principal()?;
    let mut roots = principal.units_for(Action::AssetUse);
    if roots.is_empty() {
        roots = principal.units_for(Action::AssetRead);
    }
    let units = chancery_directory::units_below(&mut *conn, &roots).await?;
    let named: Option<UnitId> = named.and_then(|unit| unit.parse().ok());
    let chosen = units
        .iter()
        .find(|unit| Some(unit.id) == named)
        .or_else(|| units.first())
        .ok_or_else(|| Problem::forbidden("assets-no-unit"))?;
    let unit = chancery_directory::unit(conn, chosen.id).await?;
    Ok((unit, units))
}

/// A sentence that was kept as its Fluent id and values.
pub(super) fn sentence(app: &App, viewer: &Viewer, key: &str, values: &Value) -> String {
    let args: Args = values
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone().into(), value.as_str().unwrap_or_default().into()))
        .collect();
    app.shell.message(viewer.language, key, &args)
}

/// A unit's name in this language, or in another.
pub(super) fn name(names: &Value, language: Language) -> String {
    let spelt = [language.tag(), "vi", "en"]
        .into_iter()
        .find_map(|tag| names.get(tag));
    spelt.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The eyes of somebody who looks for `unit`.
pub(super) async fn eyes(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    unit: &Unit,
) -> Result<Eyes, Problem> {
    let principal = viewer.principal()?;
    let mut roots = principal.units_for(Action::AssetSteward);
    roots.extend(principal.units_for(Action::AssetContribute));
    let keeps = chancery_directory::ids_below(conn, &roots).await?;
    Ok(Eyes {
        keeps,
        unit: unit.id,
        country: unit.country.clone(),
        now: app.library.clock.now(),
        language: viewer.language.tag().to_owned(),
    })
}

/// Something to choose.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Choice {
    /// What is sent.
    pub value: String,
    /// Its name: a Fluent id, …
    pub key: Option<String>,
    /// … or names by language, …
    pub names: Option<Value>,
    /// … or a name in the viewer's language.
    pub label: Option<String>,
    /// How many of what was found have it; none: not counted.
    pub count: Option<i64>,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Words of a closed list.
pub(super) fn words<'a>(
    prefix: &str,
    words: impl IntoIterator<Item = &'a str>,
    chosen: impl Fn(&str) -> bool,
) -> Vec<Choice> {
    words
        .into_iter()
        .map(|word| Choice {
            value: word.to_owned(),
            key: Some(format!("{prefix}-{word}")),
            names: None,
            label: None,
            count: None,
            chosen: chosen(word),
        })
        .collect()
}

/// Every country by name, to choose from.
pub(super) fn countries(app: &App, viewer: &Viewer, chosen: Option<&str>) -> Vec<Value> {
    let all = app.shell.locales().countries(viewer.language);
    all.into_iter()
        .map(|(code, name)| json!({ "chosen": Some(code.as_str()) == chosen, "code": code, "name": name }))
        .collect()
}

/// The lists of the form: topics, priorities, licences, consents, channels.
pub(super) async fn choices(conn: &mut PgConnection, details: &Details) -> Result<Value, Problem> {
    use crate::model::{Consent, Licence};
    let rights = &details.rights;
    let priorities = vocabulary::priorities(conn).await?;
    let priorities: Vec<Choice> = priorities
        .into_iter()
        .map(|(code, names)| Choice {
            chosen: details.priorities.contains(&code),
            value: code,
            key: None,
            names: Some(names),
            label: None,
            count: None,
        })
        .collect();
    Ok(json!({
        "topics": words("media-topic", TOPICS, |code| details.topics.iter().any(|topic| topic == code)),
        "priorities": priorities,
        "licences": words("asset-licence", Licence::ALL.iter().map(|word| word.as_str()), |word| word == rights.licence.as_str()),
        "consents": words("asset-consent", Consent::ALL.iter().map(|word| word.as_str()), |word| word == rights.consent.as_str()),
        "channels": words("asset-channel", channels(), |word| rights.channels.as_ref().is_some_and(|all| all.iter().any(|one| one == word))),
    }))
}
