//! Words that a unit and all below it mind.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::UnitId;
use chancery_directory::Unit;
use chancery_web::{Form, Path, Problem, Query, Redirect, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{App, actor};
use crate::error::CalendarError;
use crate::store::names::{self, NewWord};

/// Whose list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    unit: String,
}

/// The form of one word as it was sent.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Entry {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    word: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    advice: String,
    #[serde(default)]
    blocking: Option<String>,
    #[serde(default)]
    marks: Option<String>,
}

fn keeps(viewer: &Viewer, unit: &Unit) -> Result<bool, Problem> {
    let person = viewer.principal()?;
    Ok([Action::ItemWrite, Action::PolicyManage]
        .into_iter()
        .any(|action| person.decide(action, unit.place()).is_allowed()))
}

/// The words that matter to one unit: its own and those of the units above it.
async fn shown(app: &App, viewer: &Viewer, wanted: &str, entry: Entry) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let roots = viewer.principal()?.units_for(Action::ItemRead);
    let units = chancery_directory::units_below(&mut conn, &roots).await?;
    let wanted: Option<UnitId> = wanted.parse().ok();
    let chosen = wanted
        .filter(|wanted| units.iter().any(|unit| unit.id == *wanted))
        .or_else(|| units.first().map(|unit| unit.id));
    let chosen = chosen.ok_or_else(|| Problem::forbidden("words-nowhere"))?;
    let unit = chancery_directory::unit(&mut conn, chosen).await?;
    let above = chancery_directory::units(&mut conn, &unit.path).await?;
    let words = names::words(&mut conn, &unit.path).await?;
    let mut rows = Vec::with_capacity(words.len());
    for word in words {
        let owner = above.iter().find(|unit| unit.id == word.unit);
        let own = owner.map_or(Ok(false), |owner| keeps(viewer, owner))?;
        rows.push(json!({ "entry": word, "own": own, "inherited": word.unit != chosen }));
    }
    let choices: Vec<_> = units
        .iter()
        .map(|unit| json!({ "id": unit.id, "names": unit.names, "chosen": unit.id == chosen }))
        .collect();
    Ok(json!({
        "rows": rows, "units": choices, "unit": { "id": unit.id, "names": unit.names }, "keeps": keeps(viewer, &unit)?,
        "form": entry,
    }))
}

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let entry = Entry {
        marks: Some("on".to_owned()),
        ..Entry::default()
    };
    let data = shown(&app, &viewer, &wanted.unit, entry).await?;
    Ok(app.shell.page(&viewer, "calendar/words", &data))
}

pub(super) async fn put(
    State(app): State<App>,
    viewer: Viewer,
    Form(entry): Form<Entry>,
) -> Result<Response, Problem> {
    let unit: UnitId = entry
        .unit
        .parse()
        .map_err(|_| Problem::invalid("items-not-saved").field("unit", "items-unit-missing"))?;
    let word = NewWord {
        unit,
        word: entry.word.clone(),
        language: Some(entry.language.clone()),
        advice: entry.advice.clone(),
        blocking: entry.blocking.is_some(),
        marks: entry.marks.is_some(),
    };
    match app.workflow.put_word(actor(&viewer)?, word).await {
        Ok(_) => Ok(Redirect::to(format!("/words?unit={unit}"))
            .flash("words-saved")
            .into_response()),
        Err(error @ CalendarError::Field { .. }) => {
            let data = shown(&app, &viewer, &unit.to_string(), entry).await?;
            Ok(app.shell.refused(&viewer, "calendar/words", &data, &error.into()))
        }
        Err(error) => Err(error.into()),
    }
}

/// On whose page the button was.
#[derive(Debug, Default, Deserialize)]
pub(super) struct From {
    #[serde(default)]
    unit: String,
}

pub(super) async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    Form(from): Form<From>,
) -> Result<Redirect, Problem> {
    app.workflow.remove_word(actor(&viewer)?, id).await?;
    let unit = from.unit.parse::<UnitId>().map(|unit| format!("?unit={unit}"));
    Ok(Redirect::to(format!("/words{}", unit.unwrap_or_default())).flash("words-removed"))
}
