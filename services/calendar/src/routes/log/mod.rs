//! What was done off-line or elsewhere: a list, a form, a table to take away.

mod api;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AssetId, UnitId};
use chancery_web::{Access, Form, Page, Pagination, Path, Problem, Query, Redirect, Require, Routes, Viewer};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::form::{Fields, first, version};
use super::models::table;
use super::{App, actor};
use crate::error::CalendarError;
use crate::model::activity::{Activity, ActivityKind};
use crate::store::activities::{self, Filter, Listed};
use crate::store::campaigns;

/// As many rows as a table to take away has at most.
const MANY: i64 = 5_000;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::May(Action::ItemRead);
    let write = Access::May(Action::ItemWrite);
    let routes = routes
        .get(read, "/log", list)
        .get(read, "/log.csv", csv)
        .get(write, "/log/new", new)
        .post(write, "/log", create)
        .get(write, "/log/{id}", edit)
        .post(write, "/log/{id}", change);
    api::add(routes)
}

/// Which entries to list. What is not understood filters nothing.
#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(flatten)]
    pagination: Pagination,
}

impl Wanted {
    fn filter(&self, roots: Vec<UnitId>) -> Filter {
        Filter {
            roots,
            unit: self.unit.parse().ok(),
            kind: self.kind.parse().ok(),
            from: self.from.parse().ok(),
            to: self.to.parse().ok(),
        }
    }
}

fn options(prefix: &str, words: impl Iterator<Item = &'static str>, chosen: &str) -> Vec<Value> {
    words
        .map(|word| json!({ "value": word, "key": format!("{prefix}-{word}"), "chosen": word == chosen }))
        .collect()
}

fn kinds(chosen: &str) -> Vec<Value> {
    options(
        "log-kind",
        ActivityKind::ALL.iter().map(|kind| kind.as_str()),
        chosen,
    )
}

async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let roots = viewer.principal()?.units_for(Action::ItemRead);
    let filter = wanted.filter(roots.clone());
    let mut conn = app.connection().await?;
    let pagination = &wanted.pagination;
    let rows = activities::list(&mut conn, &filter, pagination.after()?, pagination.fetch()).await?;
    let page = Page::new(rows, pagination, |row: &Listed| (row.starts_on, row.id));
    let units = chancery_directory::units_below(&mut conn, &roots).await?;
    let units: Vec<_> = units
        .iter()
        .map(|u| json!({ "id": u.id, "names": u.names, "chosen": filter.unit == Some(u.id) }))
        .collect();
    let data = json!({
        "page": page,
        "units": units,
        "kinds": kinds(&wanted.kind),
        "kind": filter.kind,
        "unit": filter.unit,
        "from": filter.from,
        "to": filter.to,
        "filtered": filter.kind.is_some() || filter.unit.is_some() || filter.from.is_some() || filter.to.is_some(),
    });
    Ok(app.shell.page(&viewer, "calendar/log/list", &data))
}

async fn csv(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let filter = wanted.filter(viewer.principal()?.units_for(Action::ItemRead));
    let mut conn = app.connection().await?;
    let rows = activities::list(&mut conn, &filter, None, MANY).await?;
    let text = |key: &str| {
        app.shell
            .message(viewer.language, key, &chancery_web::Args::new())
    };
    let name = |names: &Option<Value>| {
        let own = names
            .as_ref()
            .and_then(|names| names.get(viewer.language.tag()).or_else(|| names.get("en")));
        own.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let head = [
        "unit",
        "kind",
        "title",
        "starts",
        "ends",
        "programme",
        "campaign",
        "audience",
        "language",
        "partner",
        "link",
        "reach",
        "present",
        "pieces",
        "summary",
    ]
    .map(|column| text(&format!("log-csv-{column}")));
    let figure = |figure: Option<u64>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let rows = rows.iter().map(|row| {
        let activity = &row.activity.0;
        [
            name(&Some(row.unit_names.clone())),
            text(&format!("log-kind-{}", activity.kind)),
            activity.title.clone(),
            activity.starts_on.to_string(),
            activity.ends_on.map(|day| day.to_string()).unwrap_or_default(),
            name(&row.programme),
            row.campaign.clone().unwrap_or_default(),
            name(&row.audience),
            activity.language.clone(),
            activity.partner.clone(),
            activity.link.clone(),
            figure(activity.reach),
            figure(activity.present),
            figure(activity.pieces),
            activity.summary.clone(),
        ]
    });
    table(head, rows, "log.csv")
}

/// The form as an entry.
fn entered(fields: &Fields) -> Result<Activity, Problem> {
    let refused =
        |field: &'static str, key: &'static str| Problem::invalid("log-not-saved").field(field, key);
    let text = |name: &str| first(fields, name).unwrap_or_default().to_owned();
    let day = |field: &'static str| -> Result<Option<NaiveDate>, Problem> {
        match first(fields, field) {
            None | Some("") => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| refused(field, "campaigns-day-unreadable")),
        }
    };
    let figure = |field: &'static str| -> Result<Option<u64>, Problem> {
        match first(fields, field).map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| refused(field, "log-figure-unlikely")),
        }
    };
    let id = |field: &'static str| {
        first(fields, field)
            .filter(|text| !text.is_empty())
            .map(str::parse::<Uuid>)
            .transpose()
    };
    let mut evidence = Vec::new();
    let dropped = first(fields, "do")
        .and_then(|what| what.strip_prefix("drop:"))
        .unwrap_or_default();
    for (_, asset) in fields
        .iter()
        .filter(|(name, value)| matches!(name.as_str(), "evidence" | "asset") && !value.is_empty())
    {
        let asset: AssetId = asset
            .parse()
            .map_err(|_| refused("evidence", "items-value-unknown"))?;
        if !evidence.contains(&asset) && asset.to_string() != dropped {
            evidence.push(asset);
        }
    }
    Ok(Activity {
        kind: text("kind")
            .parse()
            .map_err(|_| refused("kind", "items-value-unknown"))?,
        title: text("title"),
        summary: text("summary"),
        starts_on: day("starts_on")?.ok_or_else(|| refused("starts_on", "campaigns-day-unreadable"))?,
        ends_on: day("ends_on")?,
        programme: id("programme").map_err(|_| refused("programme", "items-value-unknown"))?,
        campaign: id("campaign")
            .map_err(|_| refused("campaign", "items-value-unknown"))?
            .map(Into::into),
        audience: text("audience"),
        language: text("language"),
        partner: text("partner"),
        link: text("link"),
        reach: figure("reach")?,
        present: figure("present")?,
        pieces: figure("pieces")?,
        evidence,
    })
}

/// What the form shows: as it was typed, whether readable or not.
fn typed(fields: &Fields) -> Value {
    let mut shown = serde_json::Map::new();
    for (name, value) in fields.iter().filter(|(name, _)| name != "evidence") {
        shown.insert(name.clone(), json!(value));
    }
    let evidence: Vec<_> = fields
        .iter()
        .filter(|(name, _)| name == "evidence")
        .map(|(_, id)| id)
        .collect();
    shown.insert("evidence".into(), json!(evidence));
    Value::Object(shown)
}

async fn form_data(
    app: &App,
    viewer: &Viewer,
    shown: Value,
    (id, unit, revision): (Option<Uuid>, Option<UnitId>, i64),
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let units =
        chancery_directory::units_below(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    let unit = unit.or_else(|| units.first().map(|unit| unit.id));
    let campaigns = match unit {
        Some(unit) => {
            let path = chancery_directory::unit(&mut conn, unit).await?.path;
            campaigns::open_for(&mut conn, &path, viewer.principal()?.today).await?
        }
        None => Vec::new(),
    };
    let said = |name: &str| {
        shown
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let choice = |list: Vec<campaigns::Choice>, value: &str| -> Vec<Value> {
        list.into_iter()
            .map(|c| json!({ "chosen": c.value == value, "value": c.value, "names": c.names }))
            .collect()
    };
    let known = app.shell.locales().languages(viewer.language);
    let language = said("language");
    let languages: Vec<_> = known
        .iter()
        .map(|(tag, name)| json!({ "tag": tag, "name": name, "chosen": *tag == language }))
        .collect();
    let units: Vec<_> = units
        .iter()
        .map(|u| json!({ "id": u.id, "names": u.names, "chosen": Some(u.id) == unit }))
        .collect();
    Ok(json!({
        "id": id,
        "unit": unit,
        "revision": revision,
        "units": units,
        "kinds": kinds(&said("kind")),
        "languages": languages,
        "audiences": choice(campaigns::audiences(&mut conn).await?, &said("audience")),
        "programmes": choice(campaigns::programmes(&mut conn).await?, &said("programme")),
        "campaigns": choice(campaigns, &said("campaign")),
        "form": shown,
    }))
}

async fn new(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let today = viewer.principal()?.today;
    let shown = json!({ "starts_on": today, "kind": "interview", "audience": "press", "language": "vi" });
    let data = form_data(&app, &viewer, shown, (None, None, 0)).await?;
    Ok(app.shell.page(&viewer, "calendar/log/edit", &data))
}

async fn edit(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let kept = activities::load(&mut conn, id).await?;
    let unit = chancery_directory::unit(&mut conn, kept.unit).await?;
    drop(conn);
    viewer.principal()?.require(Action::ItemWrite, &unit.place())?;
    let data = form_data(
        &app,
        &viewer,
        json!(kept.activity),
        (Some(id), Some(kept.unit), kept.revision),
    )
    .await?;
    Ok(app.shell.page(&viewer, "calendar/log/edit", &data))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let unit = first(&fields, "unit").and_then(|unit| unit.parse().ok());
    let done = async {
        let unit =
            unit.ok_or_else(|| Problem::invalid("log-not-saved").field("unit", "items-unit-missing"))?;
        let activity = entered(&fields)?;
        app.workflow
            .log_activity(actor(&viewer)?, unit, activity)
            .await
            .map_err(Problem::from)
    };
    let done = done.await;
    let place = (done.as_ref().ok().copied(), unit, 0);
    answer(&app, &viewer, &fields, place, done.map(|_| ())).await
}

async fn change(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let base = version(&fields)?;
    let unit = first(&fields, "unit").and_then(|unit| unit.parse().ok());
    let done = async {
        let activity = entered(&fields)?;
        match app
            .workflow
            .change_activity(actor(&viewer)?, id, base, activity)
            .await
        {
            Err(CalendarError::Stale) => {
                Err(Problem::conflict("log-stale").field("title", "models-changed-meanwhile"))
            }
            done => done.map_err(Problem::from),
        }
    };
    answer(&app, &viewer, &fields, (Some(id), unit, base), done.await).await
}

/// To the list, or the form again: as it was filled in when something is wrong, or with its evidence changed.
async fn answer(
    app: &App,
    viewer: &Viewer,
    fields: &Fields,
    (id, unit, revision): (Option<Uuid>, Option<UnitId>, i64),
    done: Result<(), Problem>,
) -> Result<Response, Problem> {
    match (done, id) {
        (Ok(()), Some(id)) if first(fields, "do").is_none_or(|what| what != "done") => {
            Ok(Redirect::to(format!("/log/{id}#evidence"))
                .flash("log-saved")
                .into_response())
        }
        (Ok(()), _) => Ok(Redirect::to("/log").flash("log-saved").into_response()),
        (Err(problem), _) if problem.has_fields() => {
            let data = form_data(app, viewer, typed(fields), (id, unit, revision)).await?;
            Ok(app.shell.refused(viewer, "calendar/log/edit", &data, &problem))
        }
        (Err(problem), _) => Err(problem),
    }
}
