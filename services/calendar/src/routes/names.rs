//! Headquarters' list of names and titles: everybody reads and searches it, desk officers and administrators keep it.

use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::{IntoResponse, Response};
use chancery_preflight::{Name, Phrase, Text};
use chancery_web::{Form, Path, Problem, Query, Redirect, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{App, actor};
use crate::error::CalendarError;
use crate::model::read_avoid;
use crate::store::names::{self, Listed};

/// Largest file of names, in bytes.
pub(super) const MAX_FILE: usize = 2_000_000;
/// How many the composer's look-up shows.
const FEW: usize = 8;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    text: String,
    #[serde(default)]
    language: String,
}

impl Wanted {
    /// Those that have all its words, in any of their forms, with or without diacritics; the last may be half typed.
    pub(super) fn of(&self, all: Vec<Listed>) -> Vec<Listed> {
        let wanted: Vec<&str> = self.text.split_whitespace().take(20).collect();
        let matches = |entry: &Listed| {
            let name = &entry.name;
            let forms = name.avoid.iter().map(|avoid| avoid.form.as_str());
            let whole = forms.fold(format!("{} {}", name.term, name.approved), |all, form| {
                format!("{all} {form}")
            });
            let plain = chancery_words::words(&whole);
            let text = Text::new(&whole);
            wanted.iter().all(|word| {
                let phrase = Phrase::new(word, false);
                let begins = chancery_words::words(word);
                let half = begins
                    .last()
                    .is_some_and(|half| plain.iter().any(|word| word.plain.starts_with(&half.plain)));
                phrase.is_empty() || text.has(&phrase) || begins.len() == 1 && half
            })
        };
        all.into_iter()
            .filter(|entry| self.language.is_empty() || entry.name.language == self.language)
            .filter(matches)
            .collect()
    }
}

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let data = listed(&app, &viewer, &wanted).await?;
    Ok(app.shell.page(&viewer, "calendar/names/list", &data))
}

async fn listed(app: &App, viewer: &Viewer, wanted: &Wanted) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let keeps = app.workflow.may_name(&mut conn, actor(viewer)?).await?;
    let all = names::all(&mut conn).await?;
    let mut languages: Vec<String> = all.iter().map(|entry| entry.name.language.clone()).collect();
    languages.sort();
    languages.dedup();
    let languages: Vec<_> = languages
        .iter()
        .map(|tag| json!({ "value": tag, "chosen": *tag == wanted.language }))
        .collect();
    let (count, found) = (all.len(), wanted.of(all));
    Ok(json!({
        "entries": found, "count": count, "found": found.len(), "text": wanted.text, "language": wanted.language,
        "languages": languages, "keeps": keeps,
        "filtered": !wanted.text.trim().is_empty() || !wanted.language.is_empty(),
    }))
}

/// A few for the composer, to be put into the text.
pub(super) async fn find(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let mut found = if wanted.text.trim().is_empty() {
        Vec::new()
    } else {
        wanted.of(names::all(&mut conn).await?)
    };
    found.truncate(FEW);
    let data = json!({ "entries": found, "asked": !wanted.text.trim().is_empty() });
    Ok(app.shell.fragment(&viewer, "calendar/names/found", &data))
}

/// The form of one entry as it was sent.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Entry {
    #[serde(default)]
    id: String,
    #[serde(default)]
    term: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    approved: String,
    /// A form to avoid and its reason on each line: `form = reason`.
    #[serde(default)]
    avoid: String,
    #[serde(default)]
    locked: Option<String>,
}

pub(super) async fn new(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    keeper(&app, &viewer).await?;
    let entry = Entry {
        language: "vi".to_owned(),
        ..Entry::default()
    };
    Ok(app
        .shell
        .page(&viewer, "calendar/names/edit", &json!({ "entry": entry })))
}

pub(super) async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    keeper(&app, &viewer).await?;
    let mut conn = app.connection().await?;
    let all = names::all(&mut conn).await?;
    let found = all.into_iter().find(|entry| entry.id == id);
    let Listed { id, name, .. } = found.ok_or_else(Problem::not_found)?;
    let avoid: Vec<String> = name
        .avoid
        .iter()
        .map(|avoid| {
            if avoid.reason.is_empty() {
                avoid.form.clone()
            } else {
                format!("{} = {}", avoid.form, avoid.reason)
            }
        })
        .collect();
    let entry = Entry {
        id: id.to_string(),
        term: name.term,
        language: name.language,
        approved: name.approved,
        avoid: avoid.join("\n"),
        locked: name.locked.then(|| "on".to_owned()),
    };
    Ok(app
        .shell
        .page(&viewer, "calendar/names/edit", &json!({ "entry": entry })))
}

/// Refuses who does not keep the list, before a form is shown.
async fn keeper(app: &App, viewer: &Viewer) -> Result<(), Problem> {
    let mut conn = app.connection().await?;
    if app.workflow.may_name(&mut conn, actor(viewer)?).await? {
        Ok(())
    } else {
        Err(Problem::forbidden("names-not-yours"))
    }
}

pub(super) async fn put(
    State(app): State<App>,
    viewer: Viewer,
    Form(entry): Form<Entry>,
) -> Result<Response, Problem> {
    let name = Name {
        term: entry.term.clone(),
        language: entry.language.clone(),
        approved: entry.approved.clone(),
        avoid: read_avoid(&entry.avoid),
        locked: entry.locked.is_some(),
    };
    match app
        .workflow
        .put_name(actor(&viewer)?, entry.id.parse().ok(), name)
        .await
    {
        Ok(_) => Ok(Redirect::to("/names").flash("names-saved").into_response()),
        Err(error @ (CalendarError::Field { .. } | CalendarError::Marked { .. })) => {
            let problem = error.into();
            let data = json!({ "entry": entry });
            Ok(app.shell.refused(&viewer, "calendar/names/edit", &data, &problem))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Problem> {
    app.workflow.remove_name(actor(&viewer)?, id).await?;
    Ok(Redirect::to("/names").flash("names-removed"))
}

/// `multipart/form-data` with one file, `file`: a CSV.
pub(super) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    request: Request,
) -> Result<Response, Problem> {
    let unreadable = || Problem::bad_request("names-file-missing");
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| unreadable())?;
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        if field.name() == Some("file") {
            file = Some(field.bytes().await.map_err(|_| unreadable())?);
        }
    }
    let file = file.filter(|file| !file.is_empty());
    let file = file.ok_or_else(|| Problem::invalid("names-file-missing"))?;
    if file.len() > MAX_FILE {
        return Err(Problem::invalid("names-file-rows"));
    }
    match app.workflow.import_names(actor(&viewer)?, &file).await {
        Ok(imported) if imported.refused.is_empty() => Ok(Redirect::to("/names")
            .flash("names-imported")
            .arg("count", imported.saved)
            .into_response()),
        Ok(imported) => {
            let mut data = listed(&app, &viewer, &Wanted::default()).await?;
            let rows: Vec<_> = imported
                .refused
                .iter()
                .map(|row| json!({ "line": row.line, "key": row.key }))
                .collect();
            if let Some(data) = data.as_object_mut() {
                data.insert(
                    "imported".into(),
                    json!({ "saved": imported.saved, "refused": rows }),
                );
            }
            Ok(app.shell.page(&viewer, "calendar/names/list", &data))
        }
        Err(CalendarError::Field { key, .. }) => Err(Problem::invalid(key)),
        Err(error) => Err(error.into()),
    }
}
