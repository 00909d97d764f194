//! `/api/v1/accounts`, `/api/v1/deliveries`, `/api/v1/stops`: what the pages do, for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AccountId, DeliveryId, ItemId, StopId};
use chancery_web::{Access, Json, Page, Pagination, Path, Problem, Query, Routes, Viewer};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::overview::{self, Attention};
use super::{App, actor};
use crate::model::StopScope;
use crate::store::lists::{self, AccountLine, Line, StepLine, StopLine, Wanted};

#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        list_accounts,
        list_deliveries,
        show_delivery,
        decide_withdrawal,
        list_stops,
        place_stop,
        lift_stop
    ),
    components(schemas(
        AccountDocument,
        AccountLine,
        Attention,
        Line,
        StepLine,
        StopLine,
        DeliveryDocument,
        NewStop,
        PlacedStop,
        TakenDown
    ))
)]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::Api(Action::DeliveryRead);
    let stop = Access::Api(Action::StopPlace);
    routes
        .get(
            Access::Api(Action::AccountRead),
            "/api/v1/accounts",
            list_accounts,
        )
        .get(read, "/api/v1/deliveries", list_deliveries)
        .get(read, "/api/v1/deliveries/{id}", show_delivery)
        .post(
            Access::Api(Action::DeliveryDecide),
            "/api/v1/deliveries/{id}/withdrawal",
            decide_withdrawal,
        )
        .get(stop, "/api/v1/stops", list_stops)
        .post(stop, "/api/v1/stops", place_stop)
        .delete(stop, "/api/v1/stops/{id}", lift_stop)
        .openapi(Description::openapi())
}

/// An account, and why somebody should look at it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountWithAttention)]
struct AccountDocument {
    /// The account.
    #[serde(flatten)]
    account: AccountLine,
    /// The most pressing reason; none: nobody needs to.
    attention: Option<Attention>,
}

/// Accounts of the caller's units, by unit. Never their secrets.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "publisher", params(overview::Filter),
    responses((status = 200, body = [AccountDocument])))]
async fn list_accounts(
    State(app): State<App>,
    viewer: Viewer,
    Query(filter): Query<overview::Filter>,
) -> Result<Json<Vec<AccountDocument>>, Problem> {
    let units = viewer.principal()?.units_for(Action::AccountRead);
    let since = overview::since(&app);
    let all = lists::accounts(&mut *app.connection().await?, &units, None, since).await?;
    let now = app.publisher.now();
    let document = |account: AccountLine| AccountDocument {
        attention: overview::attention(&account, now),
        account,
    };
    Ok(Json(filter.of(all).into_iter().map(document).collect()))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Filter {
    /// Of this item.
    #[serde(default)]
    item: Option<ItemId>,
    /// On this account.
    #[serde(default)]
    account: Option<AccountId>,
    /// In this state.
    #[serde(default)]
    state: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    pagination: Pagination,
}

/// Deliveries of the caller's units, latest due first. `after` continues a list, `limit` is at most 100.
#[utoipa::path(get, path = "/api/v1/deliveries", tag = "publisher", params(Filter),
    responses((status = 200, description = "`items`, and `next` for the next page", body = [Line])))]
async fn list_deliveries(
    State(app): State<App>,
    viewer: Viewer,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let wanted = Wanted {
        units: viewer.principal()?.units_for(Action::DeliveryRead),
        item: filter.item,
        account: filter.account,
        states: filter.state.map(|state| vec![state]),
        after: filter.pagination.after::<(DateTime<Utc>, Uuid)>()?,
        limit: filter.pagination.fetch(),
        ..Wanted::default()
    };
    let lines = lists::deliveries(&mut *app.connection().await?, &wanted).await?;
    Ok(Json(Page::new(lines, &filter.pagination, |line| {
        (line.due_at, line.id)
    }))
    .into_response())
}

/// A delivery with its ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryWithSteps)]
struct DeliveryDocument {
    /// Where it stands.
    #[serde(flatten)]
    delivery: Line,
    /// Every step, oldest first.
    steps: Vec<StepLine>,
}

/// One delivery with its ledger.
#[utoipa::path(get, path = "/api/v1/deliveries/{id}", tag = "publisher", params(("id" = Uuid, Path)),
    responses((status = 200, body = DeliveryDocument), (status = 404, description = "no such delivery")))]
async fn show_delivery(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<DeliveryId>,
) -> Result<Response, Problem> {
    let units = viewer.principal()?.units_for(Action::DeliveryRead);
    let mut conn = app.connection().await?;
    let wanted = Wanted {
        units,
        id: Some(id),
        limit: 1,
        ..Wanted::default()
    };
    let delivery = lists::deliveries(&mut conn, &wanted)
        .await?
        .pop()
        .ok_or_else(Problem::not_found)?;
    let steps = lists::steps(&mut conn, id).await?;
    Ok(Json(DeliveryDocument { delivery, steps }).into_response())
}

/// What a person did about a withdrawal that needs one.
#[derive(Debug, Deserialize, ToSchema)]
struct TakenDown {
    /// `by_hand`: they took it down on the platform themselves; or `again`: the platform is asked once more.
    decision: String,
}

/// Settles a withdrawal that goes no further by itself.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/withdrawal", tag = "publisher", params(("id" = Uuid, Path)),
    request_body = TakenDown,
    responses((status = 204, description = "noted"), (status = 409, description = "it goes on by itself, or is done")))]
async fn decide_withdrawal(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<DeliveryId>,
    Json(body): Json<TakenDown>,
) -> Result<Response, Problem> {
    let decision = super::deliveries::withdrawal_decision(&body.decision)?;
    super::deliveries::require_decision(&app, &viewer, id).await?;
    app.publisher
        .decide_withdrawal(id, decision, &actor(&viewer)?)
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Stops that hold.
#[utoipa::path(get, path = "/api/v1/stops", tag = "publisher", responses((status = 200, body = [StopLine])))]
async fn list_stops(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let who = viewer.principal()?;
    let mut stops = super::stops::stops_for(&mut *app.connection().await?, who, true).await?;
    stops.retain(|stop| super::stops::concerns(who, stop));
    Ok(Json(stops).into_response())
}

/// What is to be stopped.
#[derive(Debug, Deserialize, ToSchema)]
struct NewStop {
    /// `ministry`, `region`, `unit`, `topic`, `account` or `campaign`.
    scope: String,
    /// Which one; none for the ministry.
    #[serde(default)]
    scope_id: Option<String>,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// A stop that holds from now on.
#[derive(Debug, Serialize, ToSchema)]
struct PlacedStop {
    /// Its id.
    id: Uuid,
    /// Deliveries in flight at that moment; nothing else can have been sent.
    in_flight: Vec<Uuid>,
}

/// Stops sending. When this answers, nothing within the scope starts any more.
#[utoipa::path(post, path = "/api/v1/stops", tag = "publisher", request_body = NewStop,
    responses((status = 201, body = PlacedStop)))]
async fn place_stop(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewStop>,
) -> Result<Response, Problem> {
    let scope = StopScope::from_parts(&new.scope, new.scope_id.as_deref())
        .map_err(|_| Problem::invalid("problem-invalid").field("scope", "stops-what-missing"))?;
    super::stops::may_place(&app, viewer.principal()?, &scope).await?;
    let placed = app
        .publisher
        .place_stop(scope, &new.reason, &actor(&viewer)?)
        .await?;
    let answer = PlacedStop {
        id: placed.stop.0,
        in_flight: placed.in_flight.into_iter().map(|id| id.0).collect(),
    };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// Lets sending go on. What came due meanwhile is held until a person decides.
#[utoipa::path(delete, path = "/api/v1/stops/{id}", tag = "publisher", params(("id" = Uuid, Path)),
    responses((status = 204, description = "lifted"), (status = 409, description = "it waits for deliveries to be looked up")))]
async fn lift_stop(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<StopId>,
) -> Result<Response, Problem> {
    super::stops::may_lift(&app, &viewer, id).await?;
    app.publisher.lift_stop(id, &actor(&viewer)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
