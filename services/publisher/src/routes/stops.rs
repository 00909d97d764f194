//! Pages and fragments of stops: the pause, what was in flight, and resuming.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::{Action, Place, Principal};
use chancery_contracts::Topic;
use chancery_contracts::ids::{StopId, UnitId};
use chancery_web::{Form, Path, Problem, Redirect, Require, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{App, actor, require};
use crate::model::StopScope;
use crate::store::lists::{self, StopLine};

/// Whether this stop is shown to, and may be lifted by, this person.
fn lifts(who: &Principal, stop: &StopLine) -> bool {
    if stop.lifted_at.is_some() || stop.cause == "restore" {
        return false;
    }
    if who.decide_anywhere(Action::StopMinistry).is_allowed() {
        return true;
    }
    !stop.by_headquarters && at(who, Action::StopPlace, stop)
}

/// The stops, as this person's units see them.
pub(super) async fn stops_for(
    conn: &mut PgConnection,
    who: &Principal,
    active_only: bool,
) -> crate::error::Result<Vec<StopLine>> {
    let mut units = who.units_for(Action::DeliveryRead);
    units.extend(who.units_for(Action::StopPlace));
    lists::stops(conn, &units, active_only).await
}

fn at(who: &Principal, action: Action, stop: &StopLine) -> bool {
    let path: Vec<UnitId> = stop.path.iter().copied().map(UnitId).collect();
    !path.is_empty() && who.decide(action, Place { path: &path }).is_allowed()
}

/// A stop of one unit, account or campaign is the business of that unit, of those above it and of those below it, whose
/// items it may hold; all others are everybody's.
pub(super) fn concerns(who: &Principal, stop: &StopLine) -> bool {
    stop.path.is_empty()
        || stop.from_above
        || at(who, Action::DeliveryRead, stop)
        || at(who, Action::StopPlace, stop)
}

fn shown(who: &Principal, stop: &StopLine) -> Value {
    let mut value = json!(stop);
    if let Value::Object(map) = &mut value {
        map.insert("lifts".to_owned(), json!(lifts(who, stop)));
    }
    value
}

/// Whether this person may stop this.
pub(super) async fn may_place(app: &App, who: &Principal, scope: &StopScope) -> Result<(), Problem> {
    let mut conn = app.connection().await?;
    match scope {
        StopScope::Ministry | StopScope::Region(_) | StopScope::Topic(_) => {
            who.require_anywhere(Action::StopMinistry)?;
            Ok(())
        }
        StopScope::Unit(_) | StopScope::Account(_) | StopScope::Campaign(_) => {
            let unit = app.publisher.unit_of(&mut conn, scope).await?;
            require(&mut conn, who, Action::StopPlace, unit).await
        }
    }
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct StopForm {
    /// `ministry`, or `scope:id`: one choice of the page's list.
    #[serde(default)]
    what: String,
    #[serde(default)]
    reason: String,
}

impl StopForm {
    pub(super) fn scope(&self) -> Result<StopScope, Problem> {
        let (scope, id) = match self.what.split_once(':') {
            Some((scope, id)) => (scope, Some(id)),
            None => (self.what.as_str(), None),
        };
        let problem = || Problem::invalid("problem-invalid").field("what", "stops-what-missing");
        if self.reason.chars().count() > 500 {
            return Err(Problem::invalid("problem-invalid").field("reason", "stops-reason-long"));
        }
        StopScope::from_parts(scope, id).map_err(|_| problem())
    }
}

async fn page_data(app: &App, viewer: &Viewer, form: &StopForm) -> Result<Value, Problem> {
    let who = viewer.principal()?;
    let mut conn = app.connection().await?;
    let stops = stops_for(&mut conn, who, false).await?;
    let (active, ended): (Vec<_>, Vec<_>) = stops
        .iter()
        .filter(|stop| concerns(who, stop))
        .partition(|stop| stop.lifted_at.is_none());
    let mine = who.units_for(Action::StopPlace);
    let units = lists::units(&mut conn, &mine).await?;
    let accounts = lists::accounts(&mut conn, &mine, None, super::overview::since(app)).await?;
    let campaigns = lists::campaigns(&mut conn, &mine, app.publisher.now().date_naive()).await?;
    let mut regions: Vec<_> = units.iter().filter_map(|unit| unit.region.clone()).collect();
    regions.sort();
    regions.dedup();
    let see = |stop: &&StopLine| shown(who, stop);
    Ok(json!({
        "active": active.iter().map(see).collect::<Vec<_>>(),
        "ended": ended.iter().take(10).map(see).collect::<Vec<_>>(),
        "units": units,
        "accounts": accounts,
        "campaigns": campaigns,
        "regions": regions,
        "topics": Topic::ALL,
        "held": lists::held(&mut conn, &who.units_for(Action::DeliveryRead)).await?,
        "form": form,
    }))
}

pub(super) async fn list(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let data = page_data(&app, &viewer, &StopForm::default()).await?;
    Ok(app.shell.page(&viewer, "publisher/stops/list", &data))
}

pub(super) async fn place(
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<StopForm>,
) -> Result<Response, Problem> {
    let scope = match form.scope() {
        Ok(scope) => scope,
        Err(problem) => {
            let data = page_data(&app, &viewer, &form).await?;
            return Ok(app
                .shell
                .refused(&viewer, "publisher/stops/list", &data, &problem));
        }
    };
    may_place(&app, viewer.principal()?, &scope).await?;
    let placed = app
        .publisher
        .place_stop(scope, &form.reason, &actor(&viewer)?)
        .await?;
    let said = if placed.new {
        "stops-placed"
    } else {
        "stops-placed-already"
    };
    Ok(Redirect::to(format!("/stops/{}", placed.stop))
        .flash(said)
        .into_response())
}

async fn one(app: &App, viewer: &Viewer, id: StopId) -> Result<StopLine, Problem> {
    let stops = stops_for(&mut *app.connection().await?, viewer.principal()?, false).await?;
    let found = stops
        .into_iter()
        .find(|stop| stop.id == id.0)
        .ok_or_else(Problem::not_found)?;
    if concerns(viewer.principal()?, &found) {
        Ok(found)
    } else {
        Err(Problem::not_found())
    }
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<StopId>,
) -> Result<Response, Problem> {
    let who = viewer.principal()?;
    let stop = one(&app, &viewer, id).await?;
    let mut conn = app.connection().await?;
    let units = who.units_for(Action::DeliveryRead);
    let wanted = lists::Wanted {
        units: units.clone(),
        in_flight: Some(id),
        limit: 1000,
        ..lists::Wanted::default()
    };
    let lines = lists::deliveries(&mut conn, &wanted).await?;
    let now = app.publisher.now();
    let data = json!({
        "stop": shown(who, &stop),
        "lines": lines.iter().map(|line| super::deliveries::shown(line, now)).collect::<Vec<_>>(),
        "elsewhere": stop.in_flight > i64::try_from(lines.len()).unwrap_or_default(),
        "held": lists::held(&mut conn, &units).await?,
    });
    Ok(app.shell.page(&viewer, "publisher/stops/page", &data))
}

/// Whether this person may lift this stop; one that is over, or ends by itself, is for the publisher to refuse.
pub(super) async fn may_lift(app: &App, viewer: &Viewer, id: StopId) -> Result<(), Problem> {
    let stop = one(app, viewer, id).await?;
    let who = viewer.principal()?;
    if stop.lifted_at.is_none() && stop.cause != "restore" && !lifts(who, &stop) {
        who.require_anywhere(Action::StopMinistry)?;
    }
    Ok(())
}

pub(super) async fn lift(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<StopId>,
) -> Result<Response, Problem> {
    may_lift(&app, &viewer, id).await?;
    let who = viewer.principal()?;
    app.publisher.lift_stop(id, &actor(&viewer)?).await?;
    let held = lists::held(
        &mut *app.connection().await?,
        &who.units_for(Action::DeliveryRead),
    )
    .await?;
    let to = if held > 0 {
        "/deliveries?show=held"
    } else {
        "/stops"
    };
    Ok(Redirect::to(to).flash("stops-lifted").into_response())
}

/// On every page: what is stopped, for whom it concerns.
pub(super) async fn banner(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let who = viewer.principal()?;
    let stops = stops_for(&mut *app.connection().await?, who, true).await?;
    let stops: Vec<_> = stops
        .iter()
        .filter(|stop| concerns(who, stop))
        .map(|stop| shown(who, stop))
        .collect();
    Ok(app
        .shell
        .fragment(&viewer, "publisher/stops/banner", &json!({ "stops": stops })))
}

/// In the top bar: two taps stop the ministry.
pub(super) async fn button(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let stops = lists::stops(&mut *app.connection().await?, &[], true).await?;
    let everything = stops.iter().find(|stop| stop.scope == "ministry");
    Ok(app.shell.fragment(
        &viewer,
        "publisher/stops/button",
        &json!({ "stopped": everything.map(|stop| stop.id) }),
    ))
}
