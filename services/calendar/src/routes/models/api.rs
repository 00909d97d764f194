//! `/api/v1/models`: what the pages do, for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{CampaignId, ModelId, UnitId};
use chancery_web::{Access, Json, Path, Problem, Routes, Viewer};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::{AtMission, MANY, missing};
use crate::model::LockedPassage;
use crate::model::models::{Content, Progress, Text};
use crate::routes::api::{revision, tagged};
use crate::routes::{App, actor};
use crate::store::items::{self, Lock};
use crate::store::models;
use crate::store::models::missions;

#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        list_models,
        create_model,
        show_model,
        save_model,
        send_model,
        remind_missions,
        withdraw_model,
        received_models,
        answer_model
    ),
    components(schemas(
        Content,
        Text,
        LockedPassage,
        ModelDocument,
        MissionDocument,
        NewModel,
        Sending,
        Withdrawal,
        Answer
    ))
)]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::Api(Action::ItemRead);
    let answer = Access::Api(Action::ItemWrite);
    let write = Access::Api(Action::ModelWrite);
    let send = Access::Api(Action::ModelSend);
    routes
        .get(write, "/api/v1/models", list_models)
        .post(write, "/api/v1/models", create_model)
        .get(read, "/api/v1/models/received", received_models)
        .get(write, "/api/v1/models/{id}", show_model)
        .put(write, "/api/v1/models/{id}", save_model)
        .post(send, "/api/v1/models/{id}/send", send_model)
        .post(write, "/api/v1/models/{id}/remind", remind_missions)
        .post(send, "/api/v1/models/{id}/withdraw", withdraw_model)
        .post(answer, "/api/v1/models/{id}/missions/{unit}", answer_model)
        .openapi(Description::openapi())
}

/// A model, whole, with how far it has come at each mission.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Model)]
struct ModelDocument {
    /// Its id.
    id: Uuid,
    /// Headquarters' unit that sends it.
    unit: Uuid,
    /// Its campaign.
    campaign: Option<Uuid>,
    /// `draft`, `sent` or `withdrawn`.
    state: String,
    /// Counts what was sent; 0: nothing yet.
    version: i32,
    /// Counts saves; the entity tag, to be sent as `If-Match`.
    revision: i64,
    /// What is written in it now.
    content: Content,
    /// What must be done before it can be sent, in the caller's language.
    missing: Vec<String>,
    /// Every mission that it was sent to.
    missions: Vec<MissionDocument>,
}

/// A model at one mission.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModelAtMission)]
struct MissionDocument {
    /// The mission.
    unit: Uuid,
    /// How far it has come.
    #[schema(inline)]
    progress: Progress,
    /// Why it declined; empty if it did not.
    reason: String,
    /// Who answered.
    answered_by: Option<String>,
    /// When.
    answered_at: Option<DateTime<Utc>>,
    /// The item made from it.
    item: Option<Uuid>,
    /// When that goes out, or went.
    publish_at: Option<DateTime<Utc>>,
    /// Where it can be seen.
    permalink: Option<String>,
    /// Whether the mission has not yet dealt with the latest version of what it adopted.
    behind: bool,
}

async fn answer(app: &App, viewer: &Viewer, id: ModelId, status: StatusCode) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (model, _) = app
        .workflow
        .open_model(&mut conn, actor(viewer)?, id, Action::ModelWrite)
        .await?;
    let cells = missions::grid(&mut conn, &[id]).await?;
    let document = ModelDocument {
        id: id.0,
        unit: model.unit.0,
        campaign: model.campaign.map(|campaign| campaign.0),
        state: model.state.to_string(),
        version: model.version,
        revision: model.revision,
        missing: missing(app, viewer, &model.content),
        content: model.content,
        missions: cells
            .into_iter()
            .map(|cell| MissionDocument {
                unit: cell.unit.0,
                progress: cell.progress,
                reason: cell.reason,
                answered_by: cell.answered_by,
                answered_at: cell.answered_at,
                item: cell.item.map(|item| item.0),
                publish_at: cell.publish_at,
                permalink: cell.permalink,
                behind: cell.behind,
            })
            .collect(),
    };
    Ok(tagged(status, document.revision, document))
}

/// Headquarters' models, those that wait to be sent first, then the newest, at most 200.
#[utoipa::path(get, path = "/api/v1/models", tag = "calendar", responses((status = 200)))]
async fn list_models(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let roots = viewer.principal()?.units_for(Action::ModelWrite);
    let mut conn = app.connection().await?;
    let rows = models::list(&mut conn, &roots, MANY).await?;
    Ok(Json(json!({ "items": rows })).into_response())
}

/// What is written in a model, and its campaign.
#[derive(Debug, Deserialize, ToSchema)]
struct NewModel {
    /// Its content.
    content: Content,
    /// A campaign of headquarters.
    #[serde(default)]
    campaign: Option<Uuid>,
}

/// Makes a model.
#[utoipa::path(post, path = "/api/v1/models", tag = "calendar", request_body = NewModel,
    responses((status = 201, body = ModelDocument), (status = 403), (status = 422)))]
async fn create_model(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewModel>,
) -> Result<Response, Problem> {
    let id = app.workflow.create_model(actor(&viewer)?).await?;
    app.workflow
        .save_model(actor(&viewer)?, id, 1, new.content, new.campaign.map(CampaignId))
        .await?;
    answer(&app, &viewer, id, StatusCode::CREATED).await
}

/// One model with every mission's answer.
#[utoipa::path(get, path = "/api/v1/models/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200, body = ModelDocument), (status = 404)))]
async fn show_model(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
) -> Result<Response, Problem> {
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Saves everything that is written in a model. `If-Match` must name the revision that it is based on. Missions keep
/// what they have until it is sent again.
#[utoipa::path(put, path = "/api/v1/models/{id}", tag = "calendar", params(("id" = Uuid, Path)), request_body = NewModel,
    responses((status = 200, body = ModelDocument), (status = 409), (status = 422)))]
async fn save_model(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<ModelId>,
    Json(new): Json<NewModel>,
) -> Result<Response, Problem> {
    let base = revision(&headers)?;
    app.workflow
        .save_model(
            actor(&viewer)?,
            id,
            base,
            new.content,
            new.campaign.map(CampaignId),
        )
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// To whom a model is sent.
#[derive(Debug, Deserialize, ToSchema)]
struct Sending {
    /// The revision that is meant.
    revision: i64,
    /// Missions, beside those that have it already.
    #[serde(default)]
    units: Vec<Uuid>,
}

/// Sends a model to missions. What changed since it was last sent makes a new version, which all of them get.
#[utoipa::path(post, path = "/api/v1/models/{id}/send", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Sending, responses((status = 202, body = ModelDocument), (status = 409), (status = 422)))]
async fn send_model(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
    Json(sending): Json<Sending>,
) -> Result<Response, Problem> {
    let units: Vec<_> = sending.units.into_iter().map(UnitId).collect();
    app.workflow
        .send_model(actor(&viewer)?, id, sending.revision, &units)
        .await?;
    answer(&app, &viewer, id, StatusCode::ACCEPTED).await
}

/// Reminds the missions that have not answered.
#[utoipa::path(post, path = "/api/v1/models/{id}/remind", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200), (status = 409)))]
async fn remind_missions(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
) -> Result<Response, Problem> {
    let count = app.workflow.remind_missions(actor(&viewer)?, id).await?;
    Ok(Json(json!({ "reminded": count })).into_response())
}

/// Why a model is taken back.
#[derive(Debug, Deserialize, ToSchema)]
struct Withdrawal {
    /// At most 5,000 characters.
    reason: String,
}

/// Takes a model back: nobody can adopt it any more.
#[utoipa::path(post, path = "/api/v1/models/{id}/withdraw", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Withdrawal, responses((status = 200, body = ModelDocument), (status = 409), (status = 422)))]
async fn withdraw_model(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
    Json(why): Json<Withdrawal>,
) -> Result<Response, Problem> {
    app.workflow
        .withdraw_model(actor(&viewer)?, id, &why.reason)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// What the caller's missions have received, what waits for an answer first, at most 200.
#[utoipa::path(get, path = "/api/v1/models/received", tag = "calendar", responses((status = 200)))]
async fn received_models(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let roots = viewer.principal()?.units_for(Action::ItemRead);
    let mut conn = app.connection().await?;
    let rows = missions::waiting(&mut conn, &roots, false, MANY).await?;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| json!({ "received": row, "content": row.content.0 }))
        .collect();
    Ok(Json(json!({ "items": rows })).into_response())
}

/// A mission's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ModelAnswer)]
#[expect(clippy::struct_field_names, reason = "the word that programs send")]
struct Answer {
    /// `adopt`, `submit` (adopt and submit), `approve` (adopt and approve in one's own name), `decline`, `take` or `keep`.
    answer: String,
    /// The version that was read; needed for `approve`.
    #[serde(default)]
    version: i32,
    /// Why it is declined.
    #[serde(default)]
    reason: String,
}

/// Answers a model for a mission.
#[utoipa::path(post, path = "/api/v1/models/{id}/missions/{unit}", tag = "calendar",
    params(("id" = Uuid, Path), ("unit" = Uuid, Path)), request_body = Answer,
    responses((status = 200), (status = 403), (status = 409), (status = 422)))]
async fn answer_model(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, unit)): AtMission,
    Json(body): Json<Answer>,
) -> Result<Response, Problem> {
    let who = actor(&viewer)?;
    let calendar = &app.workflow;
    let adopted = match body.answer.as_str() {
        "adopt" => Some(calendar.adopt_model(who, id, unit).await?),
        "submit" => {
            let adopted = calendar.adopt_model(who, id, unit).await?;
            let mut conn = app.connection().await?;
            let revision = items::load(&mut conn, adopted.item, Lock::None).await?.revision;
            drop(conn);
            calendar.submit(who, adopted.item, revision, "").await?;
            Some(adopted)
        }
        "approve" => Some(calendar.adopt_and_approve(who, id, unit, body.version).await?.0),
        "decline" => {
            calendar.decline_model(who, id, unit, &body.reason).await?;
            None
        }
        "take" => {
            calendar.take_change(who, id, unit).await?;
            None
        }
        "keep" => {
            calendar.keep_own(who, id, unit).await?;
            None
        }
        _ => return Err(Problem::invalid("items-not-saved").field("answer", "items-value-unknown")),
    };
    let item = adopted.as_ref().map(|adopted| adopted.item);
    let left_out = adopted.map(|adopted| adopted.left_out).unwrap_or_default();
    Ok(Json(json!({ "item": item, "left_out": left_out })).into_response())
}
