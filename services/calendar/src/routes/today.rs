//! The parts of somebody's day that the calendar knows: what goes out today, and what they are asked. The home page puts
//! them together with what waits for them, what they write, and what went wrong.

use axum::extract::State;
use axum::response::Response;
use chancery_access::Action;
use chancery_clock::{Tz, WallTime};
use chancery_web::{Access, Json, Problem, Routes, Viewer};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::OpenApi;

use super::App;
use crate::store::lists::{self, Asked, Row};
use crate::store::scope;

/// How many a part of the page shows.
const FEW: i64 = 8;
/// The most items of one day that are read.
const MOST: i64 = 200;
/// How far ahead is looked when today is empty.
const AHEAD: TimeDelta = TimeDelta::days(30);

#[derive(Debug, OpenApi)]
#[openapi(paths(list_today, list_asked), components(schemas(Asked)))]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::May(Action::ItemRead);
    let api = Access::Api(Action::ItemRead);
    routes
        .get(read, "/items/fragments/today", fragment)
        .get(read, "/items/fragments/asked", asked)
        .get(api, "/api/v1/today", list_today)
        .get(api, "/api/v1/today/asked", list_asked)
        .openapi(Description::openapi())
}

/// What goes out today, on its unit's clock or on headquarters', whether it is out or not.
async fn today(conn: &mut PgConnection, viewer: &Viewer, now: DateTime<Utc>) -> Result<Vec<Row>, Problem> {
    let roots = viewer.principal()?.units_for(Action::ItemRead);
    let headquarters = scope::headquarters(&mut *conn).await?.0;
    // Somewhere it is today for as long as two days and two hours.
    let near = (now - TimeDelta::hours(26), now + TimeDelta::hours(26));
    let is_today =
        |at: DateTime<Utc>, zone: Tz| WallTime::of(at, zone).at.date() == WallTime::of(now, zone).at.date();
    let rows = lists::between(conn, &roots, near, MOST).await?;
    let today = rows.into_iter().filter(|row| {
        let zone: Tz = row.zone.parse().unwrap_or(headquarters);
        row.publish_at
            .is_some_and(|at| is_today(at, zone) || is_today(at, headquarters))
    });
    Ok(today.collect())
}

/// What goes out today, whether it is out or not, the first first: today on its unit's clock, or on headquarters'.
#[utoipa::path(get, path = "/api/v1/today", tag = "calendar", responses((status = 200)))]
async fn list_today(State(app): State<App>, viewer: Viewer) -> Result<Json<Vec<Row>>, Problem> {
    let mut conn = app.connection().await?;
    Ok(Json(today(&mut conn, &viewer, app.workflow.clock.now()).await?))
}

/// What the caller is asked: changes that an approver wants, and threads that name them; at most 50.
#[utoipa::path(get, path = "/api/v1/today/asked", tag = "calendar", responses((status = 200, body = Vec<Asked>)))]
async fn list_asked(State(app): State<App>, viewer: Viewer) -> Result<Json<Vec<Asked>>, Problem> {
    let mut conn = app.connection().await?;
    Ok(Json(
        lists::asked(&mut conn, viewer.principal()?.person, 50).await?,
    ))
}

/// Today, and what comes next when nothing is left of it.
async fn fragment(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let now = app.workflow.clock.now();
    let mut conn = app.connection().await?;
    let rows = today(&mut conn, &viewer, now).await?;
    let next = if rows.iter().any(|row| row.publish_at.is_some_and(|at| at > now)) {
        Vec::new()
    } else {
        let roots = viewer.principal()?.units_for(Action::ItemRead);
        lists::between(&mut conn, &roots, (now, now + AHEAD), FEW).await?
    };
    let data = json!({ "rows": rows, "next": next });
    Ok(app.shell.fragment(&viewer, "calendar/items/today", &data))
}

async fn asked(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let rows = lists::asked(&mut conn, viewer.principal()?.person, FEW).await?;
    Ok(app
        .shell
        .fragment(&viewer, "calendar/items/asked", &json!({ "rows": rows })))
}
