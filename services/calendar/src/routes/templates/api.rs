//! `/api/v1/templates`: templates of texts that recur, for programs.

use std::collections::BTreeMap;

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

use crate::model::templates::{Field, Template};
use crate::routes::api::{revision, tagged};
use crate::routes::{App, actor};
use crate::store::templates;

#[derive(Debug, OpenApi)]
#[openapi(
    paths(list_templates, create_template, change_template, fill_template),
    components(schemas(Template, Field, NewTemplate, TemplateDocument, Filling))
)]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let write = Access::Api(Action::ItemWrite);
    routes
        .get(write, "/api/v1/templates", list_templates)
        .post(write, "/api/v1/templates", create_template)
        .put(write, "/api/v1/templates/{id}", change_template)
        .post(write, "/api/v1/templates/{id}/items", fill_template)
        .openapi(Description::openapi())
}

/// A template, whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptTemplate)]
struct TemplateDocument {
    /// Its id.
    id: Uuid,
    /// Used by this unit and those below it.
    unit: Uuid,
    /// Counts saves; the entity tag, to be sent as `If-Match`.
    revision: i64,
    /// What it is.
    template: Template,
}

/// Whose template to make, and what it is.
#[derive(Debug, Deserialize, ToSchema)]
struct NewTemplate {
    /// The unit that owns it.
    unit: Uuid,
    /// What it is.
    template: Template,
}

async fn document(app: &App, id: Uuid, status: StatusCode) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let kept = templates::load(&mut conn, id).await?;
    let document = TemplateDocument {
        id,
        unit: kept.unit.0,
        revision: kept.revision,
        template: kept.template,
    };
    Ok(tagged(status, kept.revision, document))
}

/// The templates that the caller's units can use, by name.
#[utoipa::path(get, path = "/api/v1/templates", tag = "calendar", responses((status = 200)))]
async fn list_templates(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let rows = templates::list(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    Ok(Json(json!({ "items": rows })).into_response())
}

/// Makes a template.
#[utoipa::path(post, path = "/api/v1/templates", tag = "calendar", request_body = NewTemplate,
    responses((status = 201, body = TemplateDocument), (status = 403), (status = 422)))]
async fn create_template(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewTemplate>,
) -> Result<Response, Problem> {
    let id = app
        .workflow
        .create_template(actor(&viewer)?, UnitId(new.unit), new.template)
        .await?;
    document(&app, id, StatusCode::CREATED).await
}

/// Changes a template. `If-Match` must name its revision.
#[utoipa::path(put, path = "/api/v1/templates/{id}", tag = "calendar", params(("id" = Uuid, Path)), request_body = Template,
    responses((status = 200, body = TemplateDocument), (status = 409), (status = 422)))]
async fn change_template(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
    Json(template): Json<Template>,
) -> Result<Response, Problem> {
    let base = revision(&headers)?;
    app.workflow
        .change_template(actor(&viewer)?, id, base, template, false)
        .await?;
    document(&app, id, StatusCode::OK).await
}

/// What is filled in, for whose item.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TemplateValues)]
struct Filling {
    /// The unit in whose name the item speaks.
    unit: Uuid,
    /// By field.
    #[serde(default)]
    values: BTreeMap<String, String>,
}

/// Makes a draft from a template.
#[utoipa::path(post, path = "/api/v1/templates/{id}/items", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Filling, responses((status = 201), (status = 404), (status = 422)))]
async fn fill_template(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    Json(filling): Json<Filling>,
) -> Result<Response, Problem> {
    let item = app
        .workflow
        .item_from_template(actor(&viewer)?, id, UnitId(filling.unit), &filling.values)
        .await?;
    Ok((StatusCode::CREATED, Json(json!({ "item": item }))).into_response())
}
