//! Days that people enter: a page for headquarters' desk and, for their own mission, its writers; and the same for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::UnitId;
use chancery_web::{Form, Json, Path, Problem, Redirect, Viewer};
use chrono::{Days, NaiveDate};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{App, actor};
use crate::model::{EnteredKind, Holds};
use crate::store::days::{self, Entered, Where};
use crate::store::scope;
use crate::workflow::DayDraft;

/// A day, or several in a row, that somebody entered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EnteredDay)]
pub(super) struct DayDocument {
    /// Its id.
    id: Uuid,
    /// What sort.
    kind: EnteredKind,
    /// Where it holds: `ministry`, `region:WORD`, `country:CODE` or `unit:ID`.
    holds: String,
    /// The first day.
    #[schema(value_type = String)]
    starts_on: NaiveDate,
    /// The last day.
    #[schema(value_type = String)]
    ends_on: NaiveDate,
    /// What it is called.
    label: String,
    /// What there is to know.
    note: String,
    /// Counts changes.
    revision: i64,
}

/// What is entered.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
pub(super) struct DayBody {
    /// A word of the sorts.
    #[serde(default)]
    kind: String,
    /// Where it holds: `ministry`, `region:WORD`, `country:CODE` or `unit:ID`.
    #[serde(default)]
    holds: String,
    /// The first day: `2026-12-01`.
    #[serde(default)]
    starts_on: String,
    /// The last day; empty: the first.
    #[serde(default)]
    ends_on: String,
    /// What it is called, up to 200 characters.
    #[serde(default)]
    label: String,
    /// What there is to know, up to 2,000 characters.
    #[serde(default)]
    note: String,
    /// The revision that is changed; empty for a new one.
    #[serde(default)]
    revision: String,
}

fn holds_text(holds: &Holds) -> String {
    match holds {
        Holds::Ministry => "ministry".to_owned(),
        Holds::Region(region) => format!("region:{region}"),
        Holds::Country(country) => format!("country:{country}"),
        Holds::Unit(unit) => format!("unit:{unit}"),
    }
}

impl From<Entered> for DayDocument {
    fn from(day: Entered) -> Self {
        Self {
            id: day.id,
            kind: day.kind,
            holds: holds_text(&day.holds),
            starts_on: day.starts_on,
            ends_on: day.ends_on,
            label: day.name,
            note: day.note,
            revision: day.revision,
        }
    }
}

impl DayBody {
    fn draft(&self) -> Result<DayDraft, Problem> {
        let problem = || Problem::invalid("days-not-saved");
        let day = |field: &'static str, text: &str| -> Result<NaiveDate, Problem> {
            text.trim()
                .parse()
                .map_err(|_| problem().field(field, "campaigns-day-unreadable"))
        };
        let starts_on = day("starts_on", &self.starts_on)?;
        let ends_on = if self.ends_on.trim().is_empty() {
            starts_on
        } else {
            day("ends_on", &self.ends_on)?
        };
        let unknown = || problem().field("holds", "items-value-unknown");
        let holds = match self.holds.split_once(':') {
            None if self.holds == "ministry" => Holds::Ministry,
            Some(("region", word))
                if !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') =>
            {
                Holds::Region(word.to_owned())
            }
            Some(("country", code)) => Holds::Country(code.to_owned()),
            Some(("unit", id)) => Holds::Unit(id.parse::<UnitId>().map_err(|_| unknown())?),
            _ => return Err(unknown()),
        };
        Ok(DayDraft {
            kind: self
                .kind
                .parse()
                .map_err(|_| problem().field("kind", "items-value-unknown"))?,
            holds,
            starts_on,
            ends_on,
            name: self.label.clone(),
            note: self.note.clone(),
        })
    }
}

/// Everything that was entered for what the person may read, from a month ago on.
async fn entered(app: &App, conn: &mut PgConnection, viewer: &Viewer) -> Result<Vec<Entered>, Problem> {
    let principal = viewer.principal()?;
    let units = scope::units(&mut *conn, &principal.units_for(Action::ItemRead)).await?;
    let mut place = Where {
        units: units.iter().flat_map(|unit| unit.path.iter().copied()).collect(),
        regions: units.iter().filter_map(|unit| unit.region.clone()).collect(),
        countries: units.iter().filter_map(|unit| unit.country.clone()).collect(),
    };
    place.units.sort_unstable();
    place.units.dedup();
    let today = app.workflow.clock.now().date_naive();
    let (from, to) = (today - Days::new(31), today + Days::new(800));
    Ok(days::touching(conn, &place, from, to).await?)
}

async fn data(app: &App, viewer: &Viewer, form: &DayBody, id: Option<Uuid>) -> Result<Value, Problem> {
    let principal = viewer.principal()?;
    let mut conn = app.connection().await?;
    let units = scope::units(&mut conn, &principal.units_for(Action::ItemRead)).await?;
    let everywhere = app
        .workflow
        .may_enter(&mut conn, actor(viewer)?, &Holds::Ministry)
        .await?;
    let mut rows = Vec::new();
    for day in entered(app, &mut conn, viewer).await? {
        let mine = everywhere
            || match &day.holds {
                Holds::Unit(_) => {
                    app.workflow
                        .may_enter(&mut conn, actor(viewer)?, &day.holds)
                        .await?
                }
                _ => false,
            };
        let unit = match &day.holds {
            Holds::Unit(unit) => units
                .iter()
                .find(|other| other.id == *unit)
                .map(|unit| unit.names.clone()),
            _ => None,
        };
        let (region, country) = match &day.holds {
            Holds::Region(region) => (Some(region.clone()), None),
            Holds::Country(country) => (None, Some(country.clone())),
            _ => (None, None),
        };
        rows.push(json!({
            "id": day.id, "kind": day.kind, "starts_on": day.starts_on, "ends_on": day.ends_on,
            "one_day": day.starts_on == day.ends_on, "label": day.name, "note": day.note, "mine": mine,
            "scope": day.holds.as_str(), "unit": unit, "region": region, "country": country,
        }));
    }
    let writable =
        chancery_directory::units_below(&mut conn, &principal.units_for(Action::ItemWrite)).await?;
    let option = |value: String| json!({ "value": value, "chosen": value == form.holds });
    let listed: Vec<Value> = writable
        .iter()
        .map(|unit| {
            let mut option = option(format!("unit:{}", unit.id));
            if let Some(option) = option.as_object_mut() {
                option.insert("names".into(), unit.names.clone());
            }
            option
        })
        .collect();
    let distinct = |mut words: Vec<String>| {
        words.sort_unstable();
        words.dedup();
        words
    };
    let regions = distinct(units.iter().filter_map(|unit| unit.region.clone()).collect());
    let countries = distinct(units.iter().filter_map(|unit| unit.country.clone()).collect());
    let named = |prefix: &str, words: Vec<String>| -> Vec<Value> {
        let words = words.into_iter().filter(|_| everywhere);
        words
            .map(|word| json!({ "value": format!("{prefix}:{word}"), "word": word, "chosen": format!("{prefix}:{word}") == form.holds }))
            .collect()
    };
    let kinds: Vec<Value> = EnteredKind::ALL
        .iter()
        .map(|kind| json!({ "value": kind, "key": format!("day-kind-{kind}"), "chosen": kind.as_str() == form.kind }))
        .collect();
    Ok(json!({
        "rows": rows,
        "form": form,
        "id": id,
        "kinds": kinds,
        "everywhere": everywhere,
        "may": everywhere || !listed.is_empty(),
        "ministry": form.holds == "ministry",
        "units": listed,
        "regions": named("region", regions),
        "countries": named("country", countries),
    }))
}

pub(super) async fn page(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let data = data(&app, &viewer, &DayBody::default(), None).await?;
    Ok(app.shell.page(&viewer, "calendar/board/days", &data))
}

pub(super) async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let day = days::load(&mut conn, id).await?;
    if !app
        .workflow
        .may_enter(&mut conn, actor(&viewer)?, &day.holds)
        .await?
    {
        return Err(Problem::not_found());
    }
    drop(conn);
    let form = DayBody {
        kind: day.kind.to_string(),
        holds: holds_text(&day.holds),
        starts_on: day.starts_on.to_string(),
        ends_on: day.ends_on.to_string(),
        label: day.name,
        note: day.note,
        revision: day.revision.to_string(),
    };
    let data = data(&app, &viewer, &form, Some(id)).await?;
    Ok(app.shell.page(&viewer, "calendar/board/days", &data))
}

async fn save(app: &App, viewer: &Viewer, body: &DayBody, id: Option<Uuid>) -> Result<Uuid, Problem> {
    let known = match id {
        Some(id) => Some((
            id,
            body.revision
                .parse()
                .map_err(|_| Problem::conflict("items-stale"))?,
        )),
        None => None,
    };
    Ok(app
        .workflow
        .enter_day(actor(viewer)?, known, body.draft()?)
        .await?)
}

async fn answer(app: &App, viewer: &Viewer, body: DayBody, id: Option<Uuid>) -> Result<Response, Problem> {
    match save(app, viewer, &body, id).await {
        Ok(_) => Ok(Redirect::to("/calendar/days").flash("days-saved").into_response()),
        Err(problem) => {
            let data = data(app, viewer, &body, id).await?;
            Ok(app.shell.refused(viewer, "calendar/board/days", &data, &problem))
        }
    }
}

pub(super) async fn enter(
    State(app): State<App>,
    viewer: Viewer,
    Form(body): Form<DayBody>,
) -> Result<Response, Problem> {
    answer(&app, &viewer, body, None).await
}

pub(super) async fn change(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    Form(body): Form<DayBody>,
) -> Result<Response, Problem> {
    answer(&app, &viewer, body, Some(id)).await
}

pub(super) async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Problem> {
    app.workflow.remove_day(actor(&viewer)?, id).await?;
    Ok(Redirect::to("/calendar/days").flash("days-removed"))
}

/// Days that people entered for what the caller may read, from a month ago on.
#[utoipa::path(get, path = "/api/v1/calendar/days", tag = "calendar", responses((status = 200, body = Vec<DayDocument>)))]
pub(super) async fn list_days(
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Json<Vec<DayDocument>>, Problem> {
    let mut conn = app.connection().await?;
    let days = entered(&app, &mut conn, &viewer).await?;
    Ok(Json(days.into_iter().map(Into::into).collect()))
}

async fn shown(app: &App, id: Uuid) -> Result<Json<DayDocument>, Problem> {
    let mut conn = app.connection().await?;
    Ok(Json(days::load(&mut conn, id).await?.into()))
}

/// Enters a day: for one's own unit as its writer, elsewhere for headquarters.
#[utoipa::path(post, path = "/api/v1/calendar/days", tag = "calendar", request_body = DayBody,
    responses((status = 201, body = DayDocument), (status = 403), (status = 422)))]
pub(super) async fn enter_day(
    State(app): State<App>,
    viewer: Viewer,
    Json(body): Json<DayBody>,
) -> Result<Response, Problem> {
    let id = save(&app, &viewer, &body, None).await?;
    Ok((StatusCode::CREATED, shown(&app, id).await?).into_response())
}

/// Changes a day that stands at `revision`.
#[utoipa::path(put, path = "/api/v1/calendar/days/{id}", tag = "calendar", params(("id" = Uuid, Path)), request_body = DayBody,
    responses((status = 200, body = DayDocument), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn change_day(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    Json(body): Json<DayBody>,
) -> Result<Json<DayDocument>, Problem> {
    let id = save(&app, &viewer, &body, Some(id)).await?;
    shown(&app, id).await
}

/// Takes a day away.
#[utoipa::path(delete, path = "/api/v1/calendar/days/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub(super) async fn remove_day(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    app.workflow.remove_day(actor(&viewer)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
