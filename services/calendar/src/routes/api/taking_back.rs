//! `/api/v1/items/{id}/withdrawals` and `/correction`: taking back what is out.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::WithdrawalReason;
use chancery_contracts::ids::{DeliveryId, ItemId};
use chancery_web::{Json, Path, Problem, Viewer};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ItemDocument, answer};
use crate::routes::{App, actor, taking_back};
use crate::store::withdrawals;
use crate::workflow::{Takedown, TakenBack};

/// What is to be taken down.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewWithdrawal)]
pub(super) struct Wanted {
    /// Which deliveries; none named: all that are out.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    deliveries: Vec<DeliveryId>,
    /// Why.
    reason: WithdrawalReason,
    /// What the public is told, by BCP 47 tag; a press room needs one in the language of each of its texts.
    #[serde(default)]
    notes: BTreeMap<String, String>,
    /// For the record; never published.
    internal: String,
}

/// A wish to have something taken down.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Withdrawal)]
pub(super) struct WithdrawalDocument {
    /// Its id.
    id: Uuid,
    /// `asked`, `ordered` or `declined`.
    state: &'static str,
    /// Why.
    reason: WithdrawalReason,
    /// For the public, by language.
    notes: BTreeMap<String, String>,
    /// For the record.
    internal: String,
    /// Which deliveries.
    deliveries: Vec<Uuid>,
    /// Who asked.
    asked_by: Uuid,
    /// When, in UTC.
    asked_at: DateTime<Utc>,
    /// Who confirmed or declined it.
    settled_by: Option<Uuid>,
    /// When, in UTC.
    settled_at: Option<DateTime<Utc>>,
}

impl From<withdrawals::Withdrawal> for WithdrawalDocument {
    fn from(one: withdrawals::Withdrawal) -> Self {
        let state = match (one.confirmed, one.declined) {
            (Some(_), _) => "ordered",
            (None, Some(_)) => "declined",
            (None, None) => "asked",
        };
        let settled = one.confirmed.or(one.declined);
        Self {
            id: one.id,
            state,
            reason: one.reason,
            notes: one.notes,
            internal: one.internal,
            deliveries: one.deliveries.into_iter().map(|id| id.0).collect(),
            asked_by: one.asked.0.0,
            asked_at: one.asked.1,
            settled_by: settled.map(|(person, _)| person.0),
            settled_at: settled.map(|(_, at)| at),
        }
    }
}

/// Every time that somebody wanted something of an item taken down, the latest first.
#[utoipa::path(get, path = "/api/v1/items/{id}/withdrawals", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200, body = [WithdrawalDocument])))]
pub(super) async fn list_withdrawals(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Json<Vec<WithdrawalDocument>>, Problem> {
    let mut conn = app.connection().await?;
    app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let all = withdrawals::of_item(&mut conn, id).await?;
    Ok(Json(all.into_iter().map(Into::into).collect()))
}

/// Has what is out taken down: at once by whoever may approve, else it is asked for. The deliveries say how far it has come.
#[utoipa::path(post, path = "/api/v1/items/{id}/withdrawals", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Wanted,
    responses((status = 200, description = "being taken down", body = ItemDocument),
              (status = 202, description = "somebody is asked to confirm it", body = ItemDocument),
              (status = 403), (status = 409), (status = 422)))]
pub(super) async fn withdraw(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(body): Json<Wanted>,
) -> Result<Response, Problem> {
    let wanted = TakenBack {
        deliveries: body.deliveries,
        reason: body.reason,
        notes: body.notes,
        internal: body.internal,
    };
    let status = match app.workflow.withdraw(actor(&viewer)?, id, wanted).await? {
        Takedown::Ordered => StatusCode::OK,
        Takedown::Asked => StatusCode::ACCEPTED,
    };
    answer(&app, &viewer, id, status).await
}

/// What becomes of a wish.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = WithdrawalDecision)]
pub(super) struct Settled {
    /// `confirm` or `decline`.
    decision: String,
    /// A word to who asked.
    #[serde(default)]
    comment: String,
}

/// Confirms what somebody asked for, or declines it.
#[utoipa::path(post, path = "/api/v1/items/{id}/withdrawals/{withdrawal}", tag = "calendar",
    params(("id" = Uuid, Path), ("withdrawal" = Uuid, Path)), request_body = Settled,
    responses((status = 200, body = ItemDocument), (status = 403), (status = 409)))]
pub(super) async fn settle(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, withdrawal)): Path<(ItemId, Uuid)>,
    Json(body): Json<Settled>,
) -> Result<Response, Problem> {
    let confirmed = taking_back::decided(&body.decision)?;
    app.workflow
        .settle_withdrawal(actor(&viewer)?, id, withdrawal, confirmed, &body.comment)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// What the public is told of a correction.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Correction)]
pub(super) struct Noted {
    /// By BCP 47 tag, for the language of each text that is out.
    notes: BTreeMap<String, String>,
}

/// Opens a correction of what is out: a new version, to be written, submitted and approved like any other.
#[utoipa::path(post, path = "/api/v1/items/{id}/correction", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Noted, responses((status = 200, body = ItemDocument), (status = 409), (status = 422)))]
pub(super) async fn correct(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(body): Json<Noted>,
) -> Result<Response, Problem> {
    app.workflow.correct(actor(&viewer)?, id, body.notes).await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Changes the notes of a correction that is being written.
#[utoipa::path(put, path = "/api/v1/items/{id}/correction", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Noted, responses((status = 204), (status = 409), (status = 422)))]
pub(super) async fn change_notes(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(body): Json<Noted>,
) -> Result<Response, Problem> {
    app.workflow
        .put_correction_notes(actor(&viewer)?, id, body.notes)
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
