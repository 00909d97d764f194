//! A file in, a table of what was understood, and a yes.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::UnitId;
use chancery_web::{Args, Json, Language, Path, Problem, Query, Redirect, Viewer};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{App, actor};
use crate::import::{Known, MAX_BYTES, Reading};
use crate::store::imports::{self, Import};
use crate::workflow::known_words;

/// Rows of a preview; of the bad ones all are shown.
const SHOWN: usize = 100;

fn words(app: &App) -> Known {
    known_words(|key| {
        Language::ALL
            .into_iter()
            .map(|language| app.shell.message(language, key, &Args::new()))
            .collect()
    })
}

async fn form_data(app: &App, viewer: &Viewer) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let units =
        chancery_directory::units_below(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    Ok(json!({ "units": units }))
}

pub(super) async fn page(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let data = form_data(&app, &viewer).await?;
    Ok(app.shell.page(&viewer, "calendar/board/import", &data))
}

/// A file with the columns that are read, for people to fill in.
pub(super) async fn template(State(app): State<App>, viewer: Viewer) -> Response {
    let say = |key: &str| app.shell.message(viewer.language, key, &Args::new());
    let columns = [
        "title", "body", "date", "time", "kind", "topic", "language", "audience", "campaign",
    ];
    let names: Vec<String> = columns
        .iter()
        .map(|column| say(&format!("import-column-{column}")))
        .collect();
    // With the mark that makes Excel read it as UTF-8.
    let text = format!("\u{feff}{}\r\n", names.join(","));
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"calendar.csv\""),
    );
    response
}

pub(super) async fn upload(
    State(app): State<App>,
    viewer: Viewer,
    request: Request,
) -> Result<Response, Problem> {
    let (unit, name, file) = received(request).await?;
    let unit: UnitId = unit.parse().map_err(|_| Problem::not_found())?;
    match app
        .workflow
        .read_in(actor(&viewer)?, unit, &name, &file, words(&app))
        .await
    {
        Ok(import) => Ok(Redirect::to(format!("/calendar/import/{}", import.id)).into_response()),
        Err(error) => {
            let problem = Problem::from(error);
            let data = form_data(&app, &viewer).await?;
            Ok(app
                .shell
                .refused(&viewer, "calendar/board/import", &data, &problem))
        }
    }
}

async fn received(request: Request) -> Result<(String, String, Bytes), Problem> {
    let unreadable = |_| Problem::bad_request("problem-not-a-form");
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Problem::bad_request("problem-not-a-form"))?;
    let (mut unit, mut name, mut file) = (String::new(), String::new(), Bytes::new());
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("unit") => unit = field.text().await.map_err(unreadable)?,
            Some("file") => {
                name = field.file_name().unwrap_or_default().to_owned();
                file = field.bytes().await.map_err(|error| {
                    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                        Problem::invalid("import-refused-large")
                    } else {
                        Problem::bad_request("problem-not-a-form")
                    }
                })?;
            }
            _ => {}
        }
    }
    Ok((unit, name, file))
}

pub(super) async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let import = imports::load(&mut conn, id, viewer.principal()?.person).await?;
    let unit = chancery_directory::unit(&mut conn, import.unit).await?;
    let bad: Vec<&Reading> = import.rows.iter().filter(|row| !row.faults.is_empty()).collect();
    let good: Vec<&Reading> = import.rows.iter().filter(|row| row.faults.is_empty()).collect();
    let data = json!({
        "id": id,
        "file_name": import.file_name,
        "unit": unit.names,
        "good_count": good.len(),
        "bad_count": bad.len(),
        "bad": bad,
        "good": good.iter().take(SHOWN).collect::<Vec<_>>(),
        "left": good.len().saturating_sub(SHOWN),
    });
    Ok(app.shell.page(&viewer, "calendar/board/import_preview", &data))
}

pub(super) async fn take(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Problem> {
    let count = app.workflow.take_in(actor(&viewer)?, id).await?;
    Ok(Redirect::to("/items?group=open")
        .flash("import-taken")
        .arg("count", count))
}

/// For which unit.
#[derive(Debug, Deserialize)]
pub(super) struct For {
    unit: Uuid,
}

/// A file as it was understood.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportDocument {
    /// Its id: taking it makes drafts of its good rows.
    id: Uuid,
    /// Its rows; those with faults are left out.
    rows: Vec<Reading>,
}

impl From<Import> for ImportDocument {
    fn from(import: Import) -> Self {
        Self {
            id: import.id,
            rows: import.rows,
        }
    }
}

/// Reads a plan for a unit: the file itself as the body, CSV, XLSX or iCalendar, 4 MB and 5,000 rows at most. Nothing is
/// made yet; the answer says how each row was understood, and what is wrong with it.
#[utoipa::path(post, path = "/api/v1/calendar/imports", tag = "calendar", params(("unit" = Uuid, Query)),
    request_body(content_type = "application/octet-stream"),
    responses((status = 201, body = ImportDocument), (status = 403), (status = 422)))]
pub(super) async fn read_import(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<For>,
    file: Bytes,
) -> Result<Response, Problem> {
    let unit = UnitId(wanted.unit);
    let import = app
        .workflow
        .read_in(actor(&viewer)?, unit, "", &file, words(&app))
        .await?;
    Ok((StatusCode::CREATED, Json(ImportDocument::from(import))).into_response())
}

/// What came of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TakenDocument {
    /// How many drafts were made.
    drafts: usize,
}

/// Makes drafts of the good rows of a file that the caller has read in.
#[utoipa::path(post, path = "/api/v1/calendar/imports/{id}/take", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200, body = TakenDocument), (status = 404)))]
pub(super) async fn take_import(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Json<TakenDocument>, Problem> {
    let drafts = app.workflow.take_in(actor(&viewer)?, id).await?;
    Ok(Json(TakenDocument { drafts }))
}

/// What a request for a file may have: the file and its form.
pub(super) const LIMIT: usize = MAX_BYTES + 64 * 1024;
