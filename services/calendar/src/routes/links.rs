//! Short addresses: how often those of an item were followed, and how units begin their items.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use chancery_access::Action;
use chancery_contracts::ids::{ItemId, UnitId};
use chancery_web::{Access, Form, Json, Path, Problem, Redirect, Routes, Viewer};
use chrono::NaiveDate;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::form::{Fields, first};
use super::{App, actor};
use crate::model::LinkStyle;
use crate::store::accounts;
use crate::store::short_links::{self, UnitStyle};

#[derive(Debug, OpenApi)]
#[openapi(
    paths(list_links, list_styles, put_style),
    components(schemas(Followed, UnitStyle, Style))
)]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let policy = Access::Api(Action::PolicyManage);
    routes
        .post(Access::May(Action::PolicyManage), "/policy/links", set_style)
        .get(
            Access::Api(Action::ItemRead),
            "/api/v1/items/{id}/links",
            list_links,
        )
        .get(policy, "/api/v1/policy/links", list_styles)
        .put(policy, "/api/v1/policy/links/{unit}", put_style)
        .openapi(Description::openapi())
}

/// A short address of an item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ItemLink)]
pub(super) struct Followed {
    /// As it stands in the text.
    address: String,
    /// The link as it was written.
    written: String,
    /// Where it leads.
    target: String,
    /// For which account.
    account: Uuid,
    /// That account's name.
    account_name: Option<String>,
    /// In which language.
    language: String,
    /// How often it was followed.
    clicks: i64,
    /// The same by the day, in UTC: `{"2026-09-02": 14}`. Days without any are left out.
    #[schema(value_type = Object)]
    days: BTreeMap<NaiveDate, i64>,
}

/// The short addresses of an item, with how often each was followed.
pub(super) async fn followed(
    app: &App,
    conn: &mut PgConnection,
    id: ItemId,
) -> Result<Vec<Followed>, Problem> {
    let links = short_links::of_item(&mut *conn, id).await?;
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let item = crate::store::items::load(&mut *conn, id, crate::store::items::Lock::None).await?;
    let accounts = accounts::of_unit(&mut *conn, item.unit).await?;
    let clicks = short_links::clicks(conn, id).await?;
    let one = |link: crate::model::ShortLink| {
        let days: BTreeMap<NaiveDate, i64> = clicks
            .iter()
            .filter(|clicks| clicks.code == link.code)
            .map(|clicks| (clicks.day, clicks.count))
            .collect();
        let account = accounts.iter().find(|account| account.id == link.account);
        Followed {
            address: link.address(&app.workflow.site),
            written: link.written,
            target: link.target,
            account: link.account.0,
            account_name: account.map(|account| account.name.clone()),
            language: link.language,
            clicks: days.values().sum(),
            days,
        }
    };
    Ok(links.into_iter().map(one).collect())
}

/// The short addresses in what was submitted of an item, with how often each was followed.
#[utoipa::path(get, path = "/api/v1/items/{id}/links", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<Followed>), (status = 404)))]
async fn list_links(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Json<Vec<Followed>>, Problem> {
    let mut conn = app.connection().await?;
    app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    Ok(Json(followed(&app, &mut conn, id).await?))
}

/// The units that say what becomes of links in the items that they begin.
#[utoipa::path(get, path = "/api/v1/policy/links", tag = "calendar", responses((status = 200, body = Vec<UnitStyle>)))]
async fn list_styles(State(app): State<App>, _: Viewer) -> Result<Json<Vec<UnitStyle>>, Problem> {
    let mut conn = app.connection().await?;
    Ok(Json(short_links::styles(&mut conn).await?))
}

/// How a unit begins its items.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = UnitLinksBody)]
struct Style {
    /// What becomes of the links in them on social platforms.
    links: LinkStyle,
}

/// Says what becomes of links in the items that a unit, or one below it, begins from now on.
#[utoipa::path(put, path = "/api/v1/policy/links/{unit}", tag = "calendar", params(("unit" = Uuid, Path)), request_body = Style,
    responses((status = 204), (status = 403), (status = 404), (status = 422)))]
async fn put_style(
    State(app): State<App>,
    viewer: Viewer,
    Path(unit): Path<UnitId>,
    Json(style): Json<Style>,
) -> Result<StatusCode, Problem> {
    app.workflow
        .set_link_style(actor(&viewer)?, unit, style.links)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `unit` and `links`.
async fn set_style(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let unknown =
        |field: &'static str| Problem::invalid("items-not-saved").field(field, "items-value-unknown");
    let given = |name: &str| first(&fields, name).unwrap_or_default();
    let unit: UnitId = given("unit").parse().map_err(|_| unknown("unit"))?;
    let links: LinkStyle = given("links").parse().map_err(|_| unknown("links"))?;
    app.workflow.set_link_style(actor(&viewer)?, unit, links).await?;
    Ok(Redirect::to("/policy").flash("policy-saved").into_response())
}
