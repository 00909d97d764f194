//! `/api/v1/recurrences`: what comes again, for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::UnitId;
use chancery_web::{Access, Json, Path, Problem, Routes, Viewer};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::model::recurring::{Every, Rule};
use crate::routes::api::{revision, tagged};
use crate::routes::{App, actor};
use crate::store::recurrences;
use crate::workflow::RecurrenceDraft;

#[derive(Debug, OpenApi)]
#[openapi(
    paths(list_recurrences, create_recurrence, change_recurrence),
    components(schemas(RecurrenceDraft, Rule, Every, NewRecurrence, RecurrenceDocument))
)]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let write = Access::Api(Action::ItemWrite);
    routes
        .get(write, "/api/v1/recurrences", list_recurrences)
        .post(write, "/api/v1/recurrences", create_recurrence)
        .put(write, "/api/v1/recurrences/{id}", change_recurrence)
        .openapi(Description::openapi())
}

/// What comes again, whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recurrence)]
struct RecurrenceDocument {
    /// Its id.
    id: Uuid,
    /// Whose drafts are made.
    unit: Uuid,
    /// Counts saves; the entity tag, to be sent as `If-Match`.
    revision: i64,
    /// What it is.
    #[serde(flatten)]
    recurrence: RecurrenceDraft,
}

/// For whom, and what.
#[derive(Debug, Deserialize, ToSchema)]
struct NewRecurrence {
    /// The unit.
    unit: Uuid,
    /// What it is.
    recurrence: RecurrenceDraft,
}

async fn document(app: &App, id: Uuid, status: StatusCode) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let kept = recurrences::load(&mut conn, id).await?;
    let document = RecurrenceDocument {
        id,
        unit: kept.unit.0,
        revision: kept.revision,
        recurrence: RecurrenceDraft {
            name: kept.name,
            rule: kept.rule,
            sources: kept.sources,
            template: kept.template.as_ref().map(|(template, _)| *template),
            values: kept.template.map(|(_, values)| values).unwrap_or_default(),
            ahead_days: kept.ahead_days,
            active: kept.active,
        },
    };
    Ok(tagged(status, kept.revision, document))
}

/// What comes again at the caller's units, the active first.
#[utoipa::path(get, path = "/api/v1/recurrences", tag = "calendar", responses((status = 200)))]
async fn list_recurrences(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let rows = recurrences::list(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| json!({ "recurrence": row, "rule": row.rule.0 }))
        .collect();
    Ok(Json(json!({ "items": rows })).into_response())
}

/// Sets something up that comes again.
#[utoipa::path(post, path = "/api/v1/recurrences", tag = "calendar", request_body = NewRecurrence,
    responses((status = 201, body = RecurrenceDocument), (status = 403), (status = 422)))]
async fn create_recurrence(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewRecurrence>,
) -> Result<Response, Problem> {
    let id = app
        .workflow
        .create_recurrence(actor(&viewer)?, UnitId(new.unit), new.recurrence)
        .await?;
    document(&app, id, StatusCode::CREATED).await
}

/// Changes what comes again. `If-Match` must name its revision.
#[utoipa::path(put, path = "/api/v1/recurrences/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = RecurrenceDraft, responses((status = 200, body = RecurrenceDocument), (status = 409), (status = 422)))]
async fn change_recurrence(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
    Json(draft): Json<RecurrenceDraft>,
) -> Result<Response, Problem> {
    let base = revision(&headers)?;
    app.workflow
        .change_recurrence(actor(&viewer)?, id, base, draft)
        .await?;
    document(&app, id, StatusCode::OK).await
}
