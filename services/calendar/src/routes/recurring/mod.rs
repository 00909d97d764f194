//! What comes again: a list, and a form of plain choices with the next ten dates.

mod api;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_clock::{Resolution, Tz};
use chancery_contracts::ids::{ItemId, UnitId};
use chancery_web::{Access, Form, Path, Problem, Query, Redirect, Routes, Viewer};
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::form::{Fields, first, version};
use super::{App, actor};
use crate::error::CalendarError;
use crate::model::recurring::{Every, Rule};
use crate::model::templates::Values;
use crate::store::items::{self, Lock};
use crate::store::lists::{self, Filter};
use crate::store::{recurrences, templates};
use crate::workflow::RecurrenceDraft;

/// How many dates the preview shows.
const AHEAD: usize = 10;
/// How many items of the unit can be chosen from.
const SOURCES: i64 = 40;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let write = Access::May(Action::ItemWrite);
    let routes = routes
        .get(write, "/recurring", list)
        .get(write, "/recurring/new", new)
        .post(write, "/recurring", create)
        .get(write, "/recurring/fragments/preview", preview)
        .get(write, "/recurring/{id}", edit)
        .post(write, "/recurring/{id}", change);
    api::add(routes)
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let now = app.workflow.clock.now();
    let mut conn = app.connection().await?;
    let rows = recurrences::list(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let zone = row.zone.parse().unwrap_or(Tz::UTC);
            let next = row.rule.0.hits(now, zone).next().map(|hit| hit.at);
            json!({ "row": row, "rule": row.rule.0, "next": next })
        })
        .collect();
    Ok(app
        .shell
        .page(&viewer, "calendar/recurring/list", &json!({ "rows": rows })))
}

/// The rule that a form means.
fn rule(fields: &Fields) -> Result<Rule, Problem> {
    let refused =
        |field: &'static str| Problem::invalid("recurring-not-saved").field(field, "recurring-no-day");
    let number = |name: &'static str| {
        first(fields, name)
            .and_then(|text| text.parse::<u8>().ok())
            .ok_or_else(|| refused("rule"))
    };
    let every = match first(fields, "every").unwrap_or_default() {
        "week" => Every::Week {
            days: fields
                .iter()
                .filter(|(name, _)| name == "weekday")
                .filter_map(|(_, day)| day.parse().ok())
                .collect(),
        },
        "month" => Every::Month {
            day: number("day")?.into(),
        },
        "month_end" => Every::MonthEnd,
        "year" => Every::Year {
            month: number("month")?.into(),
            day: number("year_day")?.into(),
        },
        "lunar" => Every::Lunar {
            month: number("lunar_month")?,
            day: number("lunar_day")?,
        },
        _ => return Err(refused("rule")),
    };
    let time = first(fields, "time").unwrap_or_default();
    let time = NaiveTime::parse_from_str(time, "%H:%M")
        .map_err(|_| Problem::invalid("recurring-not-saved").field("time", "items-time-unreadable"))?;
    Ok(Rule { every, time })
}

/// What is filled in of a template: `value.FIELD`.
fn values(fields: &Fields) -> Values {
    let value =
        |(name, value): &(String, String)| Some((name.strip_prefix("value.")?.to_owned(), value.clone()));
    fields.iter().filter_map(value).collect()
}

fn entered(fields: &Fields) -> Result<RecurrenceDraft, Problem> {
    let sources = fields.iter().filter(|(name, _)| name == "source");
    let unexpected = |_| Problem::invalid("recurring-not-saved").field("sources", "items-value-unknown");
    Ok(RecurrenceDraft {
        name: first(fields, "name").unwrap_or_default().to_owned(),
        rule: rule(fields)?,
        sources: sources
            .map(|(_, item)| item.parse::<ItemId>().map_err(unexpected))
            .collect::<Result<_, _>>()?,
        template: first(fields, "template")
            .filter(|text| !text.is_empty())
            .map(str::parse)
            .transpose()
            .map_err(|_| Problem::invalid("recurring-not-saved").field("sources", "items-value-unknown"))?,
        values: values(fields),
        ahead_days: first(fields, "ahead_days")
            .and_then(|days| days.parse().ok())
            .unwrap_or_default(),
        active: first(fields, "active").is_some(),
    })
}

/// What the form shows: as it was typed, whether readable or not.
#[derive(Debug, Default, Clone, Serialize)]
struct Shown {
    name: String,
    every: String,
    weekdays: Vec<String>,
    day: String,
    month: String,
    year_day: String,
    lunar_month: String,
    lunar_day: String,
    time: String,
    ahead_days: String,
    active: bool,
    sources: Vec<String>,
    template: Option<Uuid>,
    values: Values,
}

impl Shown {
    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| first(fields, name).unwrap_or_default().to_owned();
        let all = |name: &str| {
            fields
                .iter()
                .filter(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
                .collect()
        };
        Self {
            name: text("name"),
            every: text("every"),
            weekdays: all("weekday"),
            day: text("day"),
            month: text("month"),
            year_day: text("year_day"),
            lunar_month: text("lunar_month"),
            lunar_day: text("lunar_day"),
            time: text("time"),
            ahead_days: text("ahead_days"),
            active: first(fields, "active").is_some(),
            sources: all("source"),
            template: first(fields, "template").and_then(|id| id.parse().ok()),
            values: values(fields),
        }
    }

    fn kept(kept: &recurrences::Recurrence) -> Self {
        let mut shown = Self::default_form();
        shown.name.clone_from(&kept.name);
        shown.time = kept.rule.time.format("%H:%M").to_string();
        shown.ahead_days = kept.ahead_days.to_string();
        shown.active = kept.active;
        shown.sources = kept.sources.iter().map(ToString::to_string).collect();
        if let Some((template, values)) = &kept.template {
            shown.template = Some(*template);
            shown.values.clone_from(values);
        }
        match &kept.rule.every {
            Every::Week { days } => {
                shown.every = "week".into();
                shown.weekdays = days.iter().map(ToString::to_string).collect();
            }
            Every::Month { day } => {
                shown.every = "month".into();
                shown.day = day.to_string();
            }
            Every::MonthEnd => shown.every = "month_end".into(),
            Every::Year { month, day } => {
                shown.every = "year".into();
                shown.month = month.to_string();
                shown.year_day = day.to_string();
            }
            Every::Lunar { month, day } => {
                shown.every = "lunar".into();
                shown.lunar_month = month.to_string();
                shown.lunar_day = day.to_string();
            }
        }
        shown
    }

    fn default_form() -> Self {
        let one = || "1".to_owned();
        Self {
            every: "week".into(),
            weekdays: vec![one()],
            day: one(),
            month: "9".into(),
            year_day: "2".into(),
            lunar_month: one(),
            lunar_day: one(),
            time: "09:00".into(),
            ahead_days: "7".into(),
            active: true,
            ..Self::default()
        }
    }
}

async fn form_data(
    app: &App,
    viewer: &Viewer,
    shown: &Shown,
    unit: UnitId,
    (id, revision): (Option<Uuid>, i64),
    next: Option<Value>,
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let place = chancery_directory::unit(&mut conn, unit).await?;
    let filter = Filter {
        roots: vec![unit],
        unit: Some(unit),
        ..Filter::default()
    };
    let mut rows = lists::items(&mut conn, &filter, None, SOURCES).await?;
    rows.retain(|row| row.unit == unit && !row.title.is_empty());
    let mut sources: Vec<_> = rows
        .iter()
        .map(|row| json!({ "id": row.id, "headline": row.title, "state": row.state, "chosen": shown.sources.contains(&row.id.to_string()) }))
        .collect();
    // What is chosen stays in the list, however old it is.
    for source in &shown.sources {
        let Ok(id) = source.parse::<ItemId>() else {
            continue;
        };
        if rows.iter().any(|row| row.id == id) {
            continue;
        }
        if let Ok(item) = items::load(&mut conn, id, Lock::None).await
            && item.unit == unit
        {
            sources
                .push(json!({ "id": id, "headline": item.draft.title, "state": item.state, "chosen": true }));
        }
    }
    let template = match shown.template {
        Some(id) => Some(templates::load(&mut conn, id).await?.template),
        None => None,
    };
    let fields: Vec<_> = template
        .iter()
        .flat_map(|template| &template.fields)
        .map(|field| {
            let label = json!({ "vi": field.vi, "en": field.en });
            json!({ "field": field, "label": label, "value": shown.values.get(&field.name) })
        })
        .collect();
    let numbers = |to: u32, chosen: &str| -> Vec<Value> {
        (1..=to)
            .map(|n| json!({ "value": n, "chosen": n.to_string() == chosen }))
            .collect()
    };
    let weekdays: Vec<_> = (1..=7)
        .map(|day: u8| json!({ "value": day, "chosen": shown.weekdays.contains(&day.to_string()) }))
        .collect();
    let every = ["week", "month", "month_end", "year", "lunar"]
        .map(|word| json!({ "value": word, "chosen": word == shown.every }));
    Ok(json!({
        "id": id,
        "revision": revision,
        "form": shown,
        "unit": { "id": unit, "names": place.names, "city": place.city, "zone": place.zone.name() },
        "every": every,
        "weekdays": weekdays,
        "days": numbers(31, &shown.day),
        "months": numbers(12, &shown.month),
        "year_days": numbers(31, &shown.year_day),
        "lunar_months": numbers(12, &shown.lunar_month),
        "lunar_days": numbers(30, &shown.lunar_day),
        "sources": sources,
        "template": template,
        "fields": fields,
        "next": next,
        "viewer_may": viewer.can(Action::ItemWrite),
    }))
}

/// The next ten dates, and what is special about them.
fn upcoming(app: &App, rule: &Rule, unit: &chancery_directory::Unit) -> Value {
    if rule.check().is_err() {
        return json!({ "nothing": true });
    }
    let dates: Vec<_> = rule
        .hits(app.workflow.clock.now(), unit.zone)
        .take(AHEAD)
        .map(|hit| {
            let note = match hit.resolution {
                Resolution::Exact(_) => None,
                Resolution::Gap(_) => Some("gap"),
                Resolution::Overlap(_) => Some("overlap"),
            };
            json!({ "at": hit.at, "note": note })
        })
        .collect();
    json!({ "dates": dates, "caveat": rule.note(), "zone": unit.zone.name(), "city": unit.city })
}

async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    Query(fields): Query<Fields>,
) -> Result<Response, Problem> {
    let unit = first(&fields, "unit")
        .and_then(|unit| unit.parse().ok())
        .ok_or_else(Problem::not_found)?;
    let mut conn = app.connection().await?;
    let unit = chancery_directory::unit(&mut conn, unit).await?;
    let next = match rule(&fields) {
        Ok(rule) => upcoming(&app, &rule, &unit),
        Err(_) => json!({ "nothing": true }),
    };
    Ok(app
        .shell
        .fragment(&viewer, "calendar/recurring/preview", &json!({ "next": next })))
}

/// Of which item, or of which unit's items.
#[derive(Debug, Deserialize)]
struct Starting {
    #[serde(default)]
    item: String,
    #[serde(default)]
    unit: String,
    /// Of a template instead.
    #[serde(default)]
    template: String,
}

async fn new(
    State(app): State<App>,
    viewer: Viewer,
    Query(from): Query<Starting>,
) -> Result<Response, Problem> {
    let mut shown = Shown::default_form();
    let mut conn = app.connection().await?;
    let unit = if let Ok(item) = from.item.parse::<ItemId>() {
        let (item, _) = app.workflow.open(&mut conn, actor(&viewer)?, item).await?;
        shown.sources = vec![item.id.to_string()];
        shown.name.clone_from(&item.draft.title);
        Some(item.unit)
    } else {
        from.unit.parse().ok()
    };
    shown.template = from.template.parse().ok();
    let mine =
        chancery_directory::units_below(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    drop(conn);
    let Some(unit) = unit.or_else(|| mine.first().map(|unit| unit.id)) else {
        return Err(Problem::not_found());
    };
    let data = form_data(&app, &viewer, &shown, unit, (None, 0), None).await?;
    Ok(app.shell.page(&viewer, "calendar/recurring/edit", &data))
}

async fn edit(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let kept = recurrences::load(&mut conn, id).await?;
    let unit = chancery_directory::unit(&mut conn, kept.unit).await?;
    drop(conn);
    chancery_web::Require::require(viewer.principal()?, Action::ItemWrite, &unit.place())?;
    let next = upcoming(&app, &kept.rule, &unit);
    let data = form_data(
        &app,
        &viewer,
        &Shown::kept(&kept),
        kept.unit,
        (Some(id), kept.revision),
        Some(next),
    )
    .await?;
    Ok(app.shell.page(&viewer, "calendar/recurring/edit", &data))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let unit: UnitId = first(&fields, "unit")
        .and_then(|unit| unit.parse().ok())
        .ok_or_else(Problem::not_found)?;
    let done = async {
        let draft = entered(&fields)?;
        app.workflow
            .create_recurrence(actor(&viewer)?, unit, draft)
            .await
            .map_err(Problem::from)
    };
    answer(&app, &viewer, &fields, unit, (None, 0), done.await.map(|_| ())).await
}

async fn change(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let unit = recurrences::load(&mut conn, id).await?.unit;
    drop(conn);
    let base = version(&fields)?;
    let done = async {
        let draft = entered(&fields)?;
        match app
            .workflow
            .change_recurrence(actor(&viewer)?, id, base, draft)
            .await
        {
            Err(CalendarError::Stale) => {
                Err(Problem::conflict("recurring-stale").field("name", "models-changed-meanwhile"))
            }
            done => done.map_err(Problem::from),
        }
    };
    answer(&app, &viewer, &fields, unit, (Some(id), base), done.await).await
}

/// To the list, or the form again as it was filled in.
async fn answer(
    app: &App,
    viewer: &Viewer,
    fields: &Fields,
    unit: UnitId,
    place: (Option<Uuid>, i64),
    done: Result<(), Problem>,
) -> Result<Response, Problem> {
    match done {
        Ok(()) => Ok(Redirect::to("/recurring")
            .flash("recurring-saved")
            .into_response()),
        Err(problem) if problem.has_fields() => {
            let data = form_data(app, viewer, &Shown::typed(fields), unit, place, None).await?;
            Ok(app
                .shell
                .refused(viewer, "calendar/recurring/edit", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}
