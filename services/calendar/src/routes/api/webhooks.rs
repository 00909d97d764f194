//! `/api/v1/webhooks`: what the pages do, for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_web::{Access, Json, Path, Problem, Routes, Viewer};
use http::{StatusCode, header};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::hooks::NewWebhook;
use crate::model::hooks::HookEvent;
use crate::routes::{App, actor};
use crate::store::hook_messages::WebhookAttempt;
use crate::store::hooks::Webhook;

#[derive(OpenApi)]
#[openapi(
    paths(list, register, show, remove, pause, resume, rotate, test, again),
    components(schemas(Webhook, WebhookAttempt, NewWebhook, HookEvent, WebhookMade, WebhookSecret, WebhookEndpoint, WebhookSent)),
    tags((name = "webhooks", description = "Messages to other systems, signed per Standard Webhooks: docs/webhooks.md"))
)]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let manage = Access::Api(Action::WebhookManage);
    routes
        .get(manage, "/api/v1/webhooks", list)
        .post(manage, "/api/v1/webhooks", register)
        .get(manage, "/api/v1/webhooks/{id}", show)
        .delete(manage, "/api/v1/webhooks/{id}", remove)
        .post(manage, "/api/v1/webhooks/{id}/pause", pause)
        .post(manage, "/api/v1/webhooks/{id}/resume", resume)
        .post(manage, "/api/v1/webhooks/{id}/rotate", rotate)
        .post(manage, "/api/v1/webhooks/{id}/test", test)
        .post(manage, "/api/v1/webhooks/{id}/messages/{message}/again", again)
        .openapi(Description::openapi())
}

/// An endpoint that was just registered.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookMade {
    /// Its id.
    id: Uuid,
    /// What its messages are signed with: `whsec_…`; not shown again.
    secret: String,
}

/// A secret that was just made.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookSecret {
    /// `whsec_…`; not shown again.
    secret: String,
}

/// An endpoint and the last fifty attempts to deliver to it.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookEndpoint {
    /// The endpoint.
    webhook: Webhook,
    /// The latest first.
    attempts: Vec<WebhookAttempt>,
}

/// A message on its way.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookSent {
    /// Its id: `webhook-id`.
    message: Uuid,
}

/// A secret is kept by no cache.
fn with_secret(status: StatusCode, body: impl Serialize) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// The endpoints that the caller manages.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", responses((status = 200, body = Vec<Webhook>)))]
async fn list(State(app): State<App>, viewer: Viewer) -> Result<Json<Vec<Webhook>>, Problem> {
    Ok(Json(app.hooks.list(actor(&viewer)?).await?))
}

/// Registers an endpoint for a unit.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = NewWebhook,
    responses((status = 201, body = WebhookMade), (status = 403), (status = 422)))]
async fn register(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewWebhook>,
) -> Result<Response, Problem> {
    let (id, secret) = app.hooks.register(actor(&viewer)?, new).await?;
    Ok(with_secret(StatusCode::CREATED, WebhookMade { id, secret }))
}

/// An endpoint and how its deliveries went.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 200, body = WebhookEndpoint), (status = 404)))]
async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Json<WebhookEndpoint>, Problem> {
    let (webhook, attempts) = app.hooks.show(actor(&viewer)?, id).await?;
    Ok(Json(WebhookEndpoint { webhook, attempts }))
}

/// Removes an endpoint.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
async fn remove(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    app.hooks.remove(actor(&viewer)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets an endpoint's messages wait, for three days at most.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/pause", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn pause(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    app.hooks.pause(actor(&viewer)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets an endpoint that is paused, failing or disabled get its messages again.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/resume", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
async fn resume(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    app.hooks.resume(actor(&viewer)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a new secret; messages are signed with both for 24 hours.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/rotate", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 200, body = WebhookSecret), (status = 403), (status = 404)))]
async fn rotate(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let secret = app.hooks.rotate(actor(&viewer)?, id).await?;
    Ok(with_secret(StatusCode::OK, WebhookSecret { secret }))
}

/// Sends a message of type `webhook.test`.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 202, body = WebhookSent), (status = 403), (status = 404), (status = 409)))]
async fn test(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let message = app.hooks.test(actor(&viewer)?, id).await?;
    Ok((StatusCode::ACCEPTED, Json(WebhookSent { message })).into_response())
}

/// Sends a message again that was delivered or given up; its id stays.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/messages/{message}/again", tag = "webhooks",
    params(("id" = Uuid, Path), ("message" = Uuid, Path)),
    responses((status = 202, body = WebhookSent), (status = 403), (status = 404), (status = 409)))]
async fn again(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, message)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    app.hooks.again(actor(&viewer)?, id, message).await?;
    Ok((StatusCode::ACCEPTED, Json(WebhookSent { message })).into_response())
}
