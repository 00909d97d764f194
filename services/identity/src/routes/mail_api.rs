//! `/api/v1/me/mail` and `/api/v1/mail`: what the pages do, for programs.

use axum::extract::State;
use chancery_access::Action;
use chancery_contracts::ids::PersonId;
use chancery_web::{Access, Caller, Json, Path, Problem, Routes, Viewer};
use http::StatusCode;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::App;
use super::mail::MailStatus;
use crate::model::mail::MailKind;
use crate::store::mails::{BouncingAddress, FailedMail, MailChoice, MailCounts};

#[derive(OpenApi)]
#[openapi(
    paths(get_choice, put_choice, get_status, send_test, send_again, clear_address),
    components(schemas(
        MailChoice,
        MailKind,
        MailStatus,
        MailCounts,
        FailedMail,
        BouncingAddress,
        MadeMail
    ))
)]
struct Description;

pub(super) fn routes(routes: Routes<App>) -> Routes<App> {
    let (own, manage) = (Access::Api(Action::UnitRead), Access::Api(Action::QueueManage));
    routes
        .get(own, "/api/v1/me/mail", get_choice)
        .put(own, "/api/v1/me/mail", put_choice)
        .get(manage, "/api/v1/mail", get_status)
        .post(manage, "/api/v1/mail/test", send_test)
        .post(manage, "/api/v1/mail/{id}/again", send_again)
        .delete(manage, "/api/v1/mail/bouncing/{person}", clear_address)
        .openapi(Description::openapi())
}

/// What the caller gets by mail.
#[utoipa::path(get, path = "/api/v1/me/mail", tag = "identity", responses((status = 200, body = MailChoice)))]
async fn get_choice(State(app): State<App>, Caller(me): Caller) -> Result<Json<MailChoice>, Problem> {
    Ok(Json(app.mail_choice(me.person).await?))
}

/// Chooses what the caller gets by mail.
#[utoipa::path(put, path = "/api/v1/me/mail", tag = "identity", request_body = MailChoice,
    responses((status = 200, body = MailChoice), (status = 422)))]
async fn put_choice(
    State(app): State<App>,
    Caller(me): Caller,
    Json(choice): Json<MailChoice>,
) -> Result<Json<MailChoice>, Problem> {
    app.choose_mail(me.person, &choice).await?;
    Ok(Json(app.mail_choice(me.person).await?))
}

/// Whether mail is sent, how much, what failed, and which addresses refuse it.
#[utoipa::path(get, path = "/api/v1/mail", tag = "identity", responses((status = 200, body = MailStatus), (status = 403)))]
async fn get_status(State(app): State<App>) -> Result<Json<MailStatus>, Problem> {
    Ok(Json(app.mail_status().await?))
}

/// A mail that was made.
#[derive(Debug, Serialize, ToSchema)]
struct MadeMail {
    /// Its id, which its Message-ID begins with.
    id: Uuid,
}

/// Sends the caller a test mail.
#[utoipa::path(post, path = "/api/v1/mail/test", tag = "identity",
    responses((status = 202, body = MadeMail), (status = 409)))]
async fn send_test(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
) -> Result<(StatusCode, Json<MadeMail>), Problem> {
    let id = app.test_mail(&viewer, me.person).await?;
    Ok((StatusCode::ACCEPTED, Json(MadeMail { id })))
}

/// Sends a mail again that failed.
#[utoipa::path(post, path = "/api/v1/mail/{id}/again", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
async fn send_again(State(app): State<App>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    app.mail_again(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets mail go to an address again that refused it.
#[utoipa::path(delete, path = "/api/v1/mail/bouncing/{person}", tag = "identity", params(("person" = Uuid, Path)),
    responses((status = 204), (status = 404)))]
async fn clear_address(
    State(app): State<App>,
    viewer: Viewer,
    Path(person): Path<PersonId>,
) -> Result<StatusCode, Problem> {
    app.clear_address(&viewer, person).await?;
    Ok(StatusCode::NO_CONTENT)
}
