//! The page where files are put in. With scripts it speaks tus; without, a plain form brings the files.

use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest as _, Request, State};
use axum::response::{IntoResponse as _, Response};
use chancery_access::Action;
use chancery_web::{Access, Kind, Language, Problem, Query, Redirect, Routes, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::uploads::problem;
use super::{App, actor};
use crate::intake::{Batch, Purpose};
use crate::store::uploads::Line;
use crate::uploads::{Content, MOST_BYTES, NewUpload};

/// How many lines the page shows.
const SHOWN: i64 = 200;
/// The most bytes of a plain form: one file of the greatest length, and room for the rest of the form.
pub(super) const FORM: u64 = MOST_BYTES + 1_000_000;
/// Longest text field of the form.
const LONGEST_FIELD: usize = 2_000;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let contribute = Access::May(Action::AssetContribute);
    let most = usize::try_from(FORM).unwrap_or(usize::MAX);
    routes
        .get(contribute, "/assets/uploads", page)
        .upload(contribute, "/assets/uploads", most, submit)
        .get(contribute, "/assets/uploads/fragments/lately", lately)
}

/// What is shown below the form.
#[derive(Debug, Deserialize)]
struct Shown {
    batch: Option<Uuid>,
    unit: Option<Uuid>,
}

async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Query(shown): Query<Shown>,
) -> Result<Response, Problem> {
    let lines = lines(&app, &viewer, shown.batch).await?;
    let data = json!({
        "units": units(&app, &viewer, shown.unit).await?,
        "pending": lines.iter().any(Row::is_pending),
        "lines": lines,
        "batch": shown.batch,
        "limits": { "bytes": MOST_BYTES, "gigabytes": MOST_BYTES / 1_000_000_000 },
    });
    Ok(app.shell.page(&viewer, "assets/uploads/page", &data))
}

async fn lately(
    State(app): State<App>,
    viewer: Viewer,
    Query(shown): Query<Shown>,
) -> Result<Response, Problem> {
    let lines = lines(&app, &viewer, shown.batch).await?;
    let pending = lines.iter().any(Row::is_pending);
    let data = json!({ "lines": lines, "pending": pending, "batch": shown.batch });
    Ok(app.shell.fragment(&viewer, "assets/uploads/lately", &data))
}

async fn units(app: &App, viewer: &Viewer, chosen: Option<Uuid>) -> Result<Vec<serde_json::Value>, Problem> {
    let mut conn = app.library.pool.acquire().await?;
    let roots = viewer.principal()?.units_for(Action::AssetContribute);
    let units = chancery_directory::units_below(&mut conn, &roots).await?;
    let option = |unit: chancery_directory::UnitName| json!({ "chosen": Some(unit.id.0) == chosen, "id": unit.id, "names": unit.names });
    Ok(units.into_iter().map(option).collect())
}

/// A line as the template shows it.
#[derive(Debug, Serialize)]
struct Row {
    #[serde(flatten)]
    line: Line,
    /// Of an entry: it is shown below its archive or list.
    inner: bool,
    /// How much of it has arrived, in percent.
    percent: Option<i64>,
}

async fn lines(app: &App, viewer: &Viewer, batch: Option<Uuid>) -> Result<Vec<Row>, Problem> {
    let person = actor(viewer)?.person();
    let lines = app.uploads.lately(person, batch, SHOWN).await.map_err(problem)?;
    Ok(lines.into_iter().map(Row::of).collect())
}

impl Row {
    /// Whether a job will soon change it.
    fn is_pending(&self) -> bool {
        matches!(self.line.state.as_str(), "received" | "expanding" | "waiting")
    }

    fn of(line: Line) -> Self {
        let percent = match (line.received, line.length) {
            (Some(received), Some(length)) if length > 0 => Some(received.saturating_mul(100) / length),
            _ => None,
        };
        Self {
            inner: line.position.is_some(),
            percent,
            line,
        }
    }
}

/// A plain form: `csrf`, `unit`, `batch` and `content`, then files.
async fn submit(State(app): State<App>, viewer: Viewer, request: Request) -> Result<Response, Problem> {
    let unreadable = |_| Problem::bad_request("uploads-refused-form");
    let mut form = Multipart::from_request(request, &()).await.map_err(unreadable)?;
    let mut asked = Asked::default();
    let batch = app.library.clock.new_id();
    let mut files = 0;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| Problem::of(Kind::of(error.status())))?
    {
        match field.name().unwrap_or_default() {
            "unit" => asked.unit = text(field).await?.parse().ok(),
            "batch" => asked.batch = text(field).await?,
            "content" => asked.addresses = text(field).await? == "addresses",
            "files" if field.file_name().is_some_and(|name| !name.is_empty()) => {
                let wanted = asked.wanted(&app, viewer.language, batch, &field)?;
                take(&app, &viewer, wanted, field).await?;
                files += 1;
            }
            _ => {}
        }
    }
    if files == 0 {
        return Err(Problem::invalid("uploads-refused-no-file").field("files", "uploads-refused-no-file"));
    }
    Ok(Redirect::to(format!("/assets/uploads?batch={batch}"))
        .flash("uploads-received")
        .arg("files", files)
        .into_response())
}

/// What the form said before its files.
#[derive(Debug, Default)]
struct Asked {
    unit: Option<Uuid>,
    batch: String,
    addresses: bool,
}

impl Asked {
    fn wanted(
        &self,
        app: &App,
        language: Language,
        batch: Uuid,
        file: &Field<'_>,
    ) -> Result<NewUpload, Problem> {
        let unit = self
            .unit
            .ok_or_else(|| Problem::invalid("uploads-refused-form").field("unit", "uploads-unit-missing"))?;
        let named = self.batch.trim().chars().take(200).collect::<String>();
        let unnamed = || {
            app.shell
                .message(language, "uploads-batch-unnamed", &chancery_web::Args::new())
        };
        Ok(NewUpload {
            unit: chancery_contracts::ids::UnitId(unit),
            name: file_name(file),
            length: None,
            metadata: String::new(),
            batch: Some(Batch {
                id: batch,
                name: if named.is_empty() { unnamed() } else { named },
            }),
            content: if self.addresses {
                Content::Addresses
            } else {
                Content::File
            },
            purpose: Purpose::New,
        })
    }
}

/// What a file of a form is called.
pub(super) fn file_name(file: &Field<'_>) -> String {
    let name = file.file_name().unwrap_or_default();
    name.chars().filter(|c| *c != '\0').take(1_000).collect()
}

/// One file of the form. Nothing half-received stays: without scripts nobody goes on with it.
pub(super) async fn take(
    app: &App,
    viewer: &Viewer,
    wanted: NewUpload,
    file: Field<'_>,
) -> Result<(), Problem> {
    let actor = actor(viewer)?;
    let upload = app.uploads.create(actor, wanted).await.map_err(problem)?;
    let taken = app.uploads.take_whole(&upload, file).await;
    if taken.is_err()
        && let Err(error) = app.uploads.remove(actor.person(), upload.id).await
    {
        tracing::warn!(%error, "a form's file that broke off is left for the sweep");
    }
    taken.map_err(problem)
}

pub(super) async fn text(mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field
        .chunk()
        .await
        .map_err(|error| Problem::of(Kind::of(error.status())))?
    {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_FIELD {
            return Err(Problem::of(Kind::TooLarge));
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
        .ok_or_else(|| Problem::bad_request("problem-unreadable-text"))
}
