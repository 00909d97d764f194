//! `/api/v1/activities`: the log, for programs.

use axum::extract::State;
use axum::response::Response;
use chancery_access::Action;
use chancery_contracts::ids::UnitId;
use chancery_web::{Access, Json, Page, Path, Problem, Query, Routes, Viewer};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::Wanted;
use crate::model::activity::Activity;
use crate::routes::api::{revision, tagged};
use crate::routes::{App, actor};
use crate::store::activities::{self, Listed};

#[derive(Debug, OpenApi)]
#[openapi(
    paths(list_activities, log_activity, change_activity),
    components(schemas(Activity, ActivityDocument, NewActivity))
)]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::Api(Action::ItemRead);
    let write = Access::Api(Action::ItemWrite);
    routes
        .get(read, "/api/v1/activities", list_activities)
        .post(write, "/api/v1/activities", log_activity)
        .put(write, "/api/v1/activities/{id}", change_activity)
        .openapi(Description::openapi())
}

/// An entry, whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LoggedActivity)]
struct ActivityDocument {
    /// Its id.
    id: Uuid,
    /// Whose.
    unit: Uuid,
    /// Counts saves; the entity tag, to be sent as `If-Match`.
    revision: i64,
    /// What was done.
    activity: Activity,
}

/// Who did what.
#[derive(Debug, Deserialize, ToSchema)]
struct NewActivity {
    /// The unit.
    unit: Uuid,
    /// What was done.
    activity: Activity,
}

async fn document(app: &App, id: Uuid, status: StatusCode) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let kept = activities::load(&mut conn, id).await?;
    let document = ActivityDocument {
        id,
        unit: kept.unit.0,
        revision: kept.revision,
        activity: kept.activity,
    };
    Ok(tagged(status, kept.revision, document))
}

/// The log, the latest first: `?unit=`, `?kind=`, `?from=`, `?to=`, `?after=`, `?limit=`.
#[utoipa::path(get, path = "/api/v1/activities", tag = "calendar",
    params(("unit" = Option<Uuid>, Query), ("kind" = Option<String>, Query), ("from" = Option<String>, Query),
           ("to" = Option<String>, Query), ("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200)))]
async fn list_activities(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Page<Listed>>, Problem> {
    let filter = wanted.filter(viewer.principal()?.units_for(Action::ItemRead));
    let mut conn = app.connection().await?;
    let pagination = &wanted.pagination;
    let rows = activities::list(&mut conn, &filter, pagination.after()?, pagination.fetch()).await?;
    Ok(Json(Page::new(rows, pagination, |row| (row.starts_on, row.id))))
}

/// Writes down what was done off-line or elsewhere.
#[utoipa::path(post, path = "/api/v1/activities", tag = "calendar", request_body = NewActivity,
    responses((status = 201, body = ActivityDocument), (status = 403), (status = 422)))]
async fn log_activity(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewActivity>,
) -> Result<Response, Problem> {
    let id = app
        .workflow
        .log_activity(actor(&viewer)?, UnitId(new.unit), new.activity)
        .await?;
    document(&app, id, StatusCode::CREATED).await
}

/// Changes an entry. `If-Match` must name its revision.
#[utoipa::path(put, path = "/api/v1/activities/{id}", tag = "calendar", params(("id" = Uuid, Path)), request_body = Activity,
    responses((status = 200, body = ActivityDocument), (status = 409), (status = 422)))]
async fn change_activity(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
    Json(activity): Json<Activity>,
) -> Result<Response, Problem> {
    let base = revision(&headers)?;
    app.workflow
        .change_activity(actor(&viewer)?, id, base, activity)
        .await?;
    document(&app, id, StatusCode::OK).await
}
