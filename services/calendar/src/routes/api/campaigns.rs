//! `/api/v1/campaigns`.

use axum::extract::State;
use axum::response::Response;
use chancery_access::Action;
use chancery_contracts::ids::{CampaignId, UnitId};
use chancery_web::{Json, Page, Path, Problem, Query, Require, Viewer};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{revision, tagged};
use crate::model::CampaignChange;
use crate::routes::campaigns::Wanted;
use crate::routes::{App, actor};
use crate::store::campaigns::{self, Campaign};
use crate::workflow::CampaignDraft;

/// A page of campaigns, the latest first: `?state=planned|running|ended|put_away`, else all but those put away.
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "calendar",
    params(("state" = Option<String>, Query), ("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200)))]
pub(super) async fn list_campaigns(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Page<campaigns::Listed>>, Problem> {
    let mut conn = app.connection().await?;
    let roots = viewer.principal()?.units_for(Action::ItemRead);
    let pagination = &wanted.pagination;
    let state = wanted.state.parse().ok();
    let rows = campaigns::list(&mut conn, &roots, state, pagination.after()?, pagination.fetch()).await?;
    Ok(Json(Page::new(rows, pagination, |row| (row.starts_on, row.id))))
}

/// Whose campaign to make.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewCampaign {
    /// The unit.
    unit: Uuid,
    /// What it is.
    #[serde(flatten)]
    campaign: CampaignDraft,
}

async fn campaign(
    app: &App,
    viewer: &Viewer,
    id: CampaignId,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let campaign = campaigns::load(&mut conn, id).await?;
    let unit = chancery_directory::unit(&mut conn, campaign.unit).await?;
    viewer.principal()?.require(Action::ItemRead, &unit.place())?;
    Ok(tagged(status, campaign.revision, campaign))
}

/// Makes a campaign; whoever makes it answers for it.
#[utoipa::path(post, path = "/api/v1/campaigns", tag = "calendar", request_body = NewCampaign,
    responses((status = 201, body = Campaign), (status = 422)))]
pub(super) async fn create_campaign(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewCampaign>,
) -> Result<Response, Problem> {
    let id = app
        .workflow
        .create_campaign(actor(&viewer)?, UnitId(new.unit), new.campaign)
        .await?;
    campaign(&app, &viewer, id, StatusCode::CREATED).await
}

/// Changes a campaign. `If-Match` must name its revision.
#[utoipa::path(put, path = "/api/v1/campaigns/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = CampaignDraft, responses((status = 200, body = Campaign), (status = 409), (status = 422)))]
pub(super) async fn change_campaign(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<CampaignId>,
    Json(draft): Json<CampaignDraft>,
) -> Result<Response, Problem> {
    let base = revision(&headers)?;
    app.workflow
        .change_campaign(actor(&viewer)?, id, base, draft)
        .await?;
    campaign(&app, &viewer, id, StatusCode::OK).await
}

/// What is done to a campaign.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct CampaignTurn {
    /// `begin`, `end`, `resume`, `put_away` or `take_back`.
    change: CampaignChange,
}

/// Begins, ends, resumes, puts away or takes back a campaign. `If-Match` must name its revision.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/state", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = CampaignTurn, responses((status = 200, body = Campaign), (status = 409), (status = 422)))]
pub(super) async fn turn_campaign(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<CampaignId>,
    Json(turn): Json<CampaignTurn>,
) -> Result<Response, Problem> {
    let base = revision(&headers)?;
    app.workflow
        .turn_campaign(actor(&viewer)?, id, base, turn.change)
        .await?;
    campaign(&app, &viewer, id, StatusCode::OK).await
}
