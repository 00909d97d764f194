//! Another time for one item: a card with a form, and the same for scripts and programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::ItemId;
use chancery_web::{Args, Form, Json, Path, Problem, Redirect, Viewer};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::super::{App, actor, form, view};
use crate::model::{Appointment, ClockChoice, Move as Takes, Note};
use crate::store::accounts;
use crate::workflow::{Moved, To, days_of};

/// Whereto an item is moved.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub(super) struct Move {
    /// The revision that was looked at: if somebody has saved since, nothing is moved.
    revision: i64,
    /// Whereto.
    to: To,
    /// Whether an item that was submitted is moved and submitted again; its approvals are void then.
    #[serde(default)]
    again: bool,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MoveResult {
    /// The revision now.
    revision: i64,
    /// When it goes out now, in UTC.
    publish_at: Option<DateTime<Utc>>,
    /// What its own wall showed before: to undo, move it `back` there.
    before: Option<NaiveDateTime>,
    /// Whether it can be undone: not when approvals were void by it.
    undo: bool,
    /// What happened, in a sentence.
    said: String,
}

fn result(app: &App, viewer: &Viewer, moved: &Moved, place: &Value) -> MoveResult {
    let say = |key: &'static str, args: &Args| app.shell.message(viewer.language, key, args);
    let empty = Args::new();
    let mut said = match moved.appointment {
        Some(time) => {
            let when = app.shell.time(viewer.language, time.wall.zone, time.instant());
            let args = Args::from([
                ("time".into(), when.into()),
                ("place".into(), name_of(place, viewer).into()),
            ]);
            say(
                if moved.again {
                    "board-moved-again"
                } else {
                    "board-moved"
                },
                &args,
            )
        }
        None => say("board-moved-off", &empty),
    };
    let note = match moved.note {
        Some(Note::Gap) => Some("time-gap"),
        Some(Note::Overlap) => Some("time-overlap"),
        None => None,
    };
    if let Some(key) = note {
        said = format!("{said} {}", say(key, &empty));
    }
    MoveResult {
        revision: moved.revision,
        publish_at: moved.appointment.map(Appointment::instant),
        before: moved.before,
        undo: !moved.again,
        said,
    }
}

fn name_of(names: &Value, viewer: &Viewer) -> String {
    let own = names.get(viewer.language.tag()).and_then(Value::as_str);
    own.unwrap_or_default().to_owned()
}

/// The city whose wall an item's time is read on.
async fn wall_city(app: &App, viewer: &Viewer, id: ItemId) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(viewer)?, id).await?;
    let city = match item.draft.clock {
        ClockChoice::Host => unit.city,
        ClockChoice::Headquarters => crate::store::scope::headquarters(&mut conn).await?.1,
    };
    Ok(city.unwrap_or_default())
}

/// Gives an item another time: so many days on, a time on a wall, or back to where it was. What was submitted moves only
/// with `again`, and is submitted again in the same go.
#[utoipa::path(post, path = "/api/v1/items/{id}/move", tag = "calendar", params(("id" = uuid::Uuid, Path)), request_body = Move,
    responses((status = 200, body = MoveResult), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn move_item(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(to): Json<Move>,
) -> Result<Json<MoveResult>, Problem> {
    let moved = app
        .workflow
        .move_item(actor(&viewer)?, id, to.revision, to.to, to.again)
        .await?;
    let city = wall_city(&app, &viewer, id).await?;
    Ok(Json(result(&app, &viewer, &moved, &city)))
}

/// The item in short, with what moving it takes. `form` is what was sent and refused.
async fn data(app: &App, viewer: &Viewer, id: ItemId, sent: Option<&Sent>) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(viewer)?, id).await?;
    let accounts = accounts::of_unit(&mut conn, unit.id).await?;
    let may = viewer
        .principal()?
        .decide(Action::ItemWrite, unit.place())
        .is_allowed();
    let takes = item.state.moving();
    let channels: Vec<Value> = item
        .draft
        .variants
        .iter()
        .filter_map(|variant| accounts.iter().find(|account| account.id == variant.account))
        .map(|account| json!({ "platform": account.platform, "account": account.name }))
        .collect();
    let wall = item.appointment.map(|time| time.wall.at);
    let marks: Vec<Value> = match wall.map(|at| at.date()) {
        Some(day) => days_of(&mut conn, unit.id, day, day)
            .await?
            .iter()
            .map(|day| {
                json!({ "kind": day.word(), "label": day.name(viewer.language.tag()),
                "language": day.name_language(viewer.language.tag()), "off": day.is_day_off() })
            })
            .collect(),
        None => Vec::new(),
    };
    let shown = wall.map(|at| at.format("%Y-%m-%dT%H:%M").to_string());
    Ok(json!({
        "item": view::item(&item, &unit, app.workflow.clock.now()),
        "headline": item.draft.title,
        "channels": channels,
        "marks": marks,
        "may": may && !matches!(takes, Takes::Never(_)),
        "mine": may,
        "again": takes == Takes::Again,
        "why": match takes { Takes::Never(fixed) => Some(fixed.key()), _ => None },
        "headquarters": item.draft.clock == ClockChoice::Headquarters,
        "revision": item.revision,
        "wall": sent.map_or(shown, |sent| Some(sent.wall.clone())),
        "back": sent.map(|sent| sent.back.clone()).unwrap_or_default(),
    }))
}

pub(super) async fn card(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let data = data(&app, &viewer, id, None).await?;
    Ok(if viewer.htmx {
        app.shell.fragment(&viewer, "calendar/board/move", &data)
    } else {
        app.shell.page(&viewer, "calendar/board/move_page", &data)
    })
}

/// The form.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    revision: String,
    #[serde(default)]
    wall: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    back: String,
}

pub(super) async fn moved(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match sent_there(&app, &viewer, id, &sent).await {
        Ok(said) => {
            let back = if sent.back.starts_with("/calendar") {
                sent.back.clone()
            } else {
                "/calendar".to_owned()
            };
            Ok(Redirect::to(back)
                .flash("board-said")
                .arg("said", said)
                .into_response())
        }
        Err(problem) => {
            let data = data(&app, &viewer, id, Some(&sent)).await?;
            Ok(app
                .shell
                .refused(&viewer, "calendar/board/move_page", &data, &problem))
        }
    }
}

async fn sent_there(app: &App, viewer: &Viewer, id: ItemId, sent: &Sent) -> Result<String, Problem> {
    let wall = form::wall(&sent.wall)?
        .ok_or_else(|| Problem::invalid("items-not-saved").field("wall", "items-time-unreadable"))?;
    let revision: i64 = sent
        .revision
        .parse()
        .map_err(|_| Problem::conflict("items-stale"))?;
    let mut conn = app.connection().await?;
    let (item, _) = app.workflow.open(&mut conn, actor(viewer)?, id).await?;
    drop(conn);
    let to = To::Wall {
        wall,
        clock: item.draft.clock,
    };
    let moved = app
        .workflow
        .move_item(actor(viewer)?, id, revision, to, !sent.again.is_empty())
        .await?;
    let city = wall_city(app, viewer, id).await?;
    Ok(result(app, viewer, &moved, &city).said)
}
