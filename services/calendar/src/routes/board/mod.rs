//! The board: a month, a week, a day, a list, or lanes; with days that matter, and moves.

mod bulk;
mod cards;
mod days;
mod feeds;
mod import;
mod month;
mod moving;
mod wanted;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::{Action, Place};
use chancery_clock::WallTime;
use chancery_contracts::ids::UnitId;
use chancery_contracts::{Platform, Topic};
use chancery_web::{Access, Json, Problem, Query, Redirect, Routes, Viewer};
use chrono::{Datelike as _, NaiveDate};
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa::OpenApi;

use cards::{Document, Light};
use wanted::Wanted;

use super::App;
use crate::model::{ClockChoice, Kind, State as ItemState, View, step};
use crate::store::campaigns;
use crate::store::scope::{self, BoardUnit};
use crate::workflow::{Board, Breadth, LANGUAGES};

/// The most lanes of channels.
const LANES: i64 = 60;

#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        calendar,
        month::month_pdf,
        moving::move_item,
        bulk::bulk_items,
        days::list_days,
        days::enter_day,
        days::change_day,
        days::remove_day,
        feeds::list_feeds,
        feeds::make_feed,
        feeds::revoke_feed,
        import::read_import,
        import::take_import
    ),
    components(schemas(
        Document,
        moving::Move,
        moving::MoveResult,
        bulk::Orders,
        bulk::Outcome,
        days::DayDocument,
        days::DayBody,
        feeds::New,
        feeds::Made,
        crate::store::feeds::Listed,
        import::ImportDocument,
        import::TakenDocument
    ))
)]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::May(Action::ItemRead);
    let write = Access::May(Action::ItemWrite);
    let secret = Access::Public("calendar programmes come by a secret address");
    let (api_read, api_write) = (Access::Api(Action::ItemRead), Access::Api(Action::ItemWrite));
    routes
        .get(read, "/calendar", page)
        .get(read, "/calendar/month.pdf", month::pdf)
        .get(read, "/calendar/items/{id}/move", moving::card)
        .post(write, "/calendar/items/{id}/move", moving::moved)
        .post(write, "/calendar/bulk", bulk::page)
        .get(read, "/calendar/days", days::page)
        .post(read, "/calendar/days", days::enter)
        .get(read, "/calendar/days/{id}", days::edit)
        .post(read, "/calendar/days/{id}", days::change)
        .post(read, "/calendar/days/{id}/remove", days::remove)
        .get(read, "/calendar/feeds", feeds::page)
        .post(read, "/calendar/feeds", feeds::make)
        .post(read, "/calendar/feeds/{id}/revoke", feeds::revoke)
        .get(write, "/calendar/import", import::page)
        .upload(write, "/calendar/import", import::LIMIT, import::upload)
        .get(write, "/calendar/import/template", import::template)
        .get(write, "/calendar/import/{id}", import::preview)
        .post(write, "/calendar/import/{id}/take", import::take)
        .upload(
            api_write,
            "/api/v1/calendar/imports",
            import::LIMIT,
            import::read_import,
        )
        .post(
            api_write,
            "/api/v1/calendar/imports/{id}/take",
            import::take_import,
        )
        .get(secret, "/calendar/ical/{secret}", feeds::fetch)
        .get(api_read, "/api/v1/calendar/feeds", feeds::list_feeds)
        .post(api_read, "/api/v1/calendar/feeds", feeds::make_feed)
        .delete(api_read, "/api/v1/calendar/feeds/{id}", feeds::revoke_feed)
        .get(api_read, "/api/v1/calendar", calendar)
        .get(api_read, "/api/v1/calendar/month.pdf", month::month_pdf)
        .post(api_write, "/api/v1/items/{id}/move", moving::move_item)
        .post(api_write, "/api/v1/items/bulk", bulk::bulk_items)
        .get(api_read, "/api/v1/calendar/days", days::list_days)
        .post(api_read, "/api/v1/calendar/days", days::enter_day)
        .put(api_read, "/api/v1/calendar/days/{id}", days::change_day)
        .delete(api_read, "/api/v1/calendar/days/{id}", days::remove_day)
        .openapi(Description::openapi())
}

/// What was asked and found.
struct Found {
    board: Board,
    document: Document,
    date: NaiveDate,
    clock: ClockChoice,
    several: bool,
}

/// One unit is looked at on its own clock, several on headquarters', unless somebody chose.
fn clock_of(wanted: &Wanted, several: bool) -> ClockChoice {
    let own = if several {
        ClockChoice::Headquarters
    } else {
        ClockChoice::Host
    };
    wanted.clock.parse().unwrap_or(own)
}

/// At most `few` items a day; none: as many as the view has room for.
async fn find(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    wanted: &Wanted,
    few: Option<i64>,
) -> Result<Found, Problem> {
    let principal = viewer.principal()?;
    let roots = principal.units_for(Action::ItemRead);
    let several = match wanted.breadth() {
        Breadth::Unit(_) => false,
        _ => chancery_directory::ids_below(&mut *conn, &roots).await?.len() > 1,
    };
    let clock = clock_of(wanted, several);
    let now = app.workflow.clock.now();
    let today = principal.today;
    let few = few.unwrap_or(match (wanted.view(), several) {
        (View::Month, true) => 4,
        (View::Month, false) => 8,
        (View::Agenda, _) => 30,
        (View::Week | View::Lanes, _) => 40,
        (View::Day, _) => 300,
    });
    let asked = wanted.asked(today, clock, few);
    let board = app.workflow.board(&mut *conn, principal, &asked).await?;
    let lanes = if wanted.view() == View::Lanes {
        scope::lanes(&mut *conn, &board.shown_ids(), LANES).await?
    } else {
        Vec::new()
    };
    let zone = match (clock, board.shown.as_slice()) {
        (ClockChoice::Host, [only]) => board.units.get(*only).map(|unit| unit.zone),
        _ => None,
    };
    let here = WallTime::of(now, zone.unwrap_or(board.headquarters.0)).at.date();
    let may_write = |unit: &BoardUnit| {
        let path: Vec<UnitId> = unit.path.iter().copied().map(UnitId).collect();
        principal
            .decide(Action::ItemWrite, Place { path: &path })
            .is_allowed()
    };
    let light = Light {
        language: viewer.language.tag(),
        now,
        today: here,
        may_write: &may_write,
    };
    let document = cards::document(&board, asked.range, clock, lanes, &light);
    Ok(Found {
        board,
        document,
        date: wanted.date(here),
        clock,
        several,
    })
}

/// What goes out in a stretch of time, day by day, with the days that matter. By `view` (`month`, `week`, `day`,
/// `agenda`, `lanes`) around `date`, or `from` a day `to` another, 62 days at most. `scope` is `all`, `region:WORD` or
/// `unit:ID`; `state`, `kind`, `topic` and `channel` may be repeated. Of a crowded day the first items are given, and how
/// many there are; `view=day` gives up to 300.
#[utoipa::path(get, path = "/api/v1/calendar", tag = "calendar",
    params(("view" = Option<String>, Query), ("date" = Option<String>, Query), ("from" = Option<String>, Query),
           ("to" = Option<String>, Query), ("clock" = Option<String>, Query), ("scope" = Option<String>, Query),
           ("state" = Option<Vec<String>>, Query), ("kind" = Option<Vec<String>>, Query), ("topic" = Option<Vec<String>>, Query),
           ("channel" = Option<Vec<String>>, Query), ("campaign" = Option<uuid::Uuid>, Query), ("language" = Option<String>, Query)),
    responses((status = 200, body = Document)))]
async fn calendar(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Document>, Problem> {
    let mut conn = app.connection().await?;
    Ok(Json(
        find(&app, &mut conn, &viewer, &wanted, None).await?.document,
    ))
}

async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let person = viewer.principal()?.person;
    let mut conn = app.connection().await?;
    if wanted.is_bare() {
        let query = scope::remembered(&mut conn, person).await?.unwrap_or_default();
        if !query.is_empty() {
            let date = wanted.date.parse::<NaiveDate>().ok();
            let date = date.map(|date| format!("&date={date}")).unwrap_or_default();
            return Ok(Redirect::to(format!("/calendar?{query}{date}")).into_response());
        }
    } else {
        let query = if wanted.reset.is_empty() {
            wanted.query()
        } else {
            String::new()
        };
        if query.len() <= 2_000 {
            scope::remember(&mut conn, person, &query, app.workflow.clock.now()).await?;
        }
    }
    let found = find(&app, &mut conn, &viewer, &wanted, None).await?;
    let listed = scope::campaigns(&mut conn, &found.board.shown_ids()).await?;
    let mut data = page_data(&viewer, &wanted, &found, &listed);
    if let Some(data) = data.as_object_mut() {
        data.insert("audiences".into(), json!(campaigns::audiences(&mut conn).await?));
    }
    Ok(app.shell.page(&viewer, "calendar/board/page", &data))
}

fn page_data(viewer: &Viewer, wanted: &Wanted, found: &Found, campaigns: &[(uuid::Uuid, String)]) -> Value {
    let view = wanted.view();
    let document = &found.document;
    let views = View::ALL.iter().map(|other| {
        json!({ "word": other, "chosen": *other == view, "href": wanted.href(*other, Some(found.date)) })
    });
    let clocks = ClockChoice::ALL.iter().map(|clock| {
        json!({ "word": clock, "chosen": *clock == found.clock, "href": wanted.href_on(*clock, found.date) })
    });
    let row = |day: &cards::BoardDay| {
        let mut data = json!(day);
        let of_day = |card: &&cards::Card| card.at.is_some_and(|at| at.date() == day.date);
        let cards: Vec<&cards::Card> = document.items.iter().filter(of_day).collect();
        if cards.is_empty() && day.marks.is_empty() && !day.today {
            return None;
        }
        if let Some(data) = data.as_object_mut() {
            data.insert("cards".into(), json!(cards));
            data.insert("href".into(), json!(wanted.href(View::Day, Some(day.date))));
        }
        Some(data)
    };
    // The list of a month begins at today; what is over is folded above.
    let today = document.days.iter().position(|day| day.today);
    let (past, days) = document
        .days
        .split_at(today.filter(|_| view == View::Month).unwrap_or_default());
    let days: Vec<Value> = days.iter().filter_map(row).collect();
    let past: Vec<Value> = past.iter().filter_map(row).collect();
    json!({
        "view": view,
        "month": view == View::Month,
        "month_number": found.date.month(),
        "year": found.date.year().to_string(),
        "date": found.date,
        "first": document.first,
        "last": document.last,
        "one_day": document.first == document.last,
        "several": found.several,
        "clock": found.clock,
        "each_own": found.several && found.clock == ClockChoice::Host,
        "views": views.collect::<Vec<_>>(),
        "clocks": clocks.collect::<Vec<_>>(),
        "previous": wanted.href(view, Some(step(view, found.date, false))),
        "next": wanted.href(view, Some(step(view, found.date, true))),
        "now": wanted.href(view, None),
        "days": days,
        "past": past,
        "undated": document.undated,
        "counted": document.days.iter().map(|day| day.total).sum::<i64>(),
        "board": document,
        "query": wanted.query(),
        "pdf": format!("/calendar/month.pdf?{}&date={}", wanted.query(), found.date),
        "filters": filters(wanted, found, campaigns),
        "filtered": wanted.is_filtered(),
        "may_write": viewer.can(Action::ItemWrite),
    })
}

/// The lists to choose from, with what is chosen.
fn filters(wanted: &Wanted, found: &Found, campaigns: &[(uuid::Uuid, String)]) -> Value {
    let options = |prefix: &str, words: Vec<&'static str>, chosen: &[String]| -> Vec<Value> {
        let option = |word: &'static str| json!({ "value": word, "key": format!("{prefix}-{word}"), "chosen": chosen.iter().any(|other| other == word) });
        words.into_iter().map(option).collect()
    };
    let units = &found.board.units;
    let mut regions: Vec<&String> = units.iter().filter_map(|unit| unit.region.as_ref()).collect();
    regions.sort_unstable();
    regions.dedup();
    let named = |value: String| json!({ "value": value, "chosen": value == wanted.scope });
    let regions: Vec<Value> = regions
        .into_iter()
        .filter(|_| units.len() > 1)
        .map(|region| {
            let mut option = named(format!("region:{region}"));
            if let Some(option) = option.as_object_mut() {
                option.insert("key".into(), json!(format!("region-{region}")));
            }
            option
        })
        .collect();
    let listed: Vec<Value> = units
        .iter()
        .filter(|_| units.len() > 1)
        .map(|unit| {
            let mut option = named(format!("unit:{}", unit.id));
            if let Some(option) = option.as_object_mut() {
                option.insert("names".into(), unit.names.clone());
            }
            option
        })
        .collect();
    let campaigns: Vec<Value> = campaigns
        .iter()
        .map(|(id, name)| json!({ "value": id, "label": name, "chosen": id.to_string() == wanted.campaign }))
        .collect();
    json!({
        "regions": regions,
        "units": listed,
        "states": options("item-state", ItemState::ALL.iter().map(|word| word.as_str()).collect(), &wanted.state),
        "kinds": options("item-kind", Kind::ALL.iter().map(|word| word.as_str()).collect(), &wanted.kind),
        "topics": options("topic", Topic::ALL.iter().map(|word| word.as_str()).collect(), &wanted.topic),
        "channels": options("platform", Platform::ALL.iter().map(|word| word.as_str()).collect(), &wanted.channel),
        "campaigns": campaigns,
        "languages": options("language", LANGUAGES.to_vec(), std::slice::from_ref(&wanted.language)),
    })
}
