//! When embargoes end, for the calendar's page to show among what goes out.

use axum::extract::State;
use chancery_access::Action;
use chancery_web::{Access, Json, Problem, Query, Routes, Viewer};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{App, view};
use crate::store::embargoes;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    routes.get(
        Access::Api(Action::AssetRead),
        "/api/v1/assets/embargoes",
        list_embargoes,
    )
}

/// Which days.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    from: NaiveDate,
    to: NaiveDate,
    #[serde(default, rename = "for")]
    unit: String,
}

/// An embargo that ends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmbargoEnd)]
pub(super) struct EmbargoEnd {
    /// The asset's id.
    id: Uuid,
    /// Its name.
    title: String,
    /// When it ends, in UTC.
    at: DateTime<Utc>,
    /// The same on the wall of the unit for which the caller looks.
    wall: NaiveDateTime,
}

/// Embargoes that end `from` a day `to` another, at most 62 days, of the assets that the caller looks after: an asset under
/// embargo is known to nobody else.
#[utoipa::path(get, path = "/api/v1/assets/embargoes", tag = "assets",
    params(("from" = String, Query), ("to" = String, Query), ("for" = Option<Uuid>, Query)),
    responses((status = 200, body = Vec<EmbargoEnd>)))]
pub(super) async fn list_embargoes(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<EmbargoEnd>>, Problem> {
    let mut conn = app.connection().await?;
    let (unit, _) = view::stand(&mut conn, &viewer, Some(&wanted.unit)).await?;
    let eyes = view::eyes(&app, &mut conn, &viewer, &unit).await?;
    // A day to each side: days begin at another instant on another wall, and who asks puts them where they belong.
    let bounds = || {
        let last = wanted
            .to
            .clamp(wanted.from, wanted.from.checked_add_days(Days::new(62))?);
        let from = wanted.from.checked_sub_days(Days::new(1))?;
        let until = last.checked_add_days(Days::new(2))?;
        Some((
            from.and_time(NaiveTime::MIN).and_utc(),
            until.and_time(NaiveTime::MIN).and_utc(),
        ))
    };
    let Some((from, until)) = bounds() else {
        return Ok(Json(Vec::new()));
    };
    let found = embargoes::between(&mut conn, &eyes.keeps, from, until, &eyes.language).await?;
    let end = |ending: embargoes::Ending| EmbargoEnd {
        id: ending.id.0,
        title: ending.title,
        at: ending.at,
        wall: ending.at.with_timezone(&unit.zone).naive_local(),
    };
    Ok(Json(found.into_iter().map(end).collect()))
}
