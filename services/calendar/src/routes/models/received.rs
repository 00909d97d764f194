//! What missions see of models: their list, one model at their own hour, and their answer.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_clock::WallTime;
use chancery_contracts::ids::{ModelId, UnitId};
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::AtMission;
use super::send::Reason;
use crate::error::CalendarError;
use crate::model::models::{Content, ModelState, Obstacle, Text, localise, marked};
use crate::model::{Appointment, Change, compare};
use crate::routes::{App, actor, view};
use crate::store::items::{self, Lock};
use crate::store::models::missions::{self, Waiting};
use crate::store::{library, models};
use crate::workflow::{Approval, ModelAt};

/// How many the list shows, and the home page.
const MANY: i64 = 100;
const FEW: i64 = 4;

async fn rows(app: &App, viewer: &Viewer, open_only: bool, limit: i64) -> Result<Vec<Value>, Problem> {
    let mut conn = app.connection().await?;
    let roots = viewer.principal()?.units_for(Action::ItemRead);
    let ministry = chancery_directory::ministry(&mut conn).await?;
    let rows = missions::waiting(&mut conn, &roots, open_only, limit).await?;
    Ok(rows.iter().map(|row| shown(row, ministry.zone)).collect())
}

fn shown(row: &Waiting, headquarters: chancery_clock::Tz) -> Value {
    let content = &row.content.0;
    let host = row.zone.parse().unwrap_or(headquarters);
    let time = content.wall.map(|wall| {
        Appointment::new(wall, content.clock, host, headquarters, content.window_minutes).instant()
    });
    json!({
        "row": row,
        "name": content.title,
        "kind": content.kind,
        "publish_at": time,
        "answer_by": deadline(content, headquarters),
        "open": row.state == "sent" && (row.answer.is_none() || row.behind),
    })
}

/// Until when an answer is asked for.
fn deadline(content: &Content, headquarters: chancery_clock::Tz) -> Option<DateTime<Utc>> {
    let at = content.answer_by?;
    let zone = headquarters;
    Some(WallTime { at, zone }.resolve().instant())
}

pub(super) async fn list(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    if viewer.can(Action::ModelWrite) {
        return Ok(Redirect::to("/models").into_response());
    }
    let rows = rows(&app, &viewer, false, MANY).await?;
    Ok(app
        .shell
        .page(&viewer, "calendar/models/received", &json!({ "rows": rows })))
}

/// What waits for the viewer's mission to answer; nothing for headquarters and readers.
pub(super) async fn waiting(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let answers = viewer.can(Action::ItemWrite) && !viewer.can(Action::ModelWrite);
    let rows = if answers {
        rows(&app, &viewer, true, FEW).await?
    } else {
        Vec::new()
    };
    Ok(app
        .shell
        .fragment(&viewer, "calendar/models/waiting", &json!({ "rows": rows })))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, unit)): AtMission,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let at = app
        .workflow
        .model_at(&mut conn, actor(&viewer)?, id, unit)
        .await?;
    drop(conn);
    app.workflow.see_model(actor(&viewer)?, &at).await?;
    let data = data(&app, &at).await?;
    Ok(app.shell.page(&viewer, "calendar/models/at", &data))
}

async fn data(app: &App, at: &ModelAt) -> Result<Value, Problem> {
    let now = app.workflow.clock.now();
    let (content, unit) = (&at.content, &at.unit);
    let time = content.wall.map(|wall| {
        let time = Appointment::new(
            wall,
            content.clock,
            unit.zone,
            unit.headquarters,
            content.window_minutes,
        );
        view::time(time, unit, now)
    });
    let texts = ours(content, at);
    let passages = |language: &str| {
        let of = content
            .passages
            .iter()
            .filter(|passage| passage.language == language);
        of.map(|passage| passage.text.as_str()).collect::<Vec<_>>()
    };
    let shown: Vec<_> = texts
        .iter()
        .map(|text| {
            let locked = passages(&text.language);
            let marks = |words: &str| marked(words, &locked);
            json!({ "language": text.language, "headline": marks(&text.title), "body": marks(&text.body), "short": text.short })
        })
        .collect();
    let channels = localise(
        content,
        at.received.variation,
        &unit.languages,
        &at.accounts,
        uuid::Uuid::nil,
    );
    let channels: Vec<_> = channels
        .iter()
        .flat_map(|made| &made.variants)
        .filter_map(|variant| {
            let account = at.accounts.iter().find(|account| account.id == variant.account)?;
            Some(json!({ "account": account.name, "language": variant.language }))
        })
        .collect();
    let open = at.model.state == ModelState::Sent;
    let obstacle = at.tap.allowed().err();
    Ok(json!({
        "model": super::facts(&at.model),
        "name": content.title,
        "content": content,
        "unit": { "id": unit.id, "names": unit.names },
        "time": time,
        "answer_by": deadline(content, unit.headquarters),
        "texts": shown,
        "channels": channels,
        "passages": content.passages,
        "pictures": pictures(app, at).await?,
        "version": at.received.version,
        "item": at.item.as_ref().map(|item| json!({ "id": item.id, "state": item.state, "open": item.state.is_open() })),
        "faithful": at.received.faithful,
        "declined": at.received.declined,
        "answerable": open && at.responder,
        "tap": open && at.responder && obstacle.is_none()
            && at.item.as_ref().is_none_or(|item| item.state.is_open()),
        "obstacle": (at.tap.may_approve && at.responder).then(|| obstacle.map(Obstacle::key)).flatten(),
        "change": changed(app, at).await?,
    }))
}

/// The texts that this mission gets: its variation, in its languages; all of them if it works in none of them.
fn ours<'a>(content: &'a Content, at: &ModelAt) -> Vec<&'a Text> {
    let of = content
        .variations
        .get(at.received.variation)
        .or_else(|| content.variations.first());
    let texts: Vec<_> = of.into_iter().flatten().collect();
    let spoken = |text: &&&Text| at.unit.languages.contains(&text.language);
    let own: Vec<_> = texts.iter().filter(spoken).copied().collect();
    if own.is_empty() { texts } else { own }
}

/// The pictures, each with what the library says against this mission's using it.
async fn pictures(app: &App, at: &ModelAt) -> Result<Vec<Value>, Problem> {
    let now = app.workflow.clock.now();
    let mut platforms: Vec<_> = at.accounts.iter().map(|account| account.platform).collect();
    platforms.sort_unstable();
    platforms.dedup();
    let mut conn = app.connection().await?;
    let refused = library::refusals(&mut conn, at.unit.id, &at.content.assets, &platforms, now).await?;
    let row = |asset: &chancery_contracts::ids::AssetId| {
        let why = refused.iter().find(|refusal| refusal.asset == *asset);
        json!({ "asset": asset, "why": why.map(|refusal| &refusal.why) })
    };
    Ok(at.content.assets.iter().map(row).collect())
}

/// What headquarters changed since the mission adopted.
async fn changed(app: &App, at: &ModelAt) -> Result<Option<Value>, Problem> {
    let (Some(item), true) = (&at.item, at.is_behind()) else {
        return Ok(None);
    };
    let old_version = at.received.adopted_version.unwrap_or(at.received.version);
    let mut conn = app.connection().await?;
    let (old, _, _) = models::version(&mut conn, at.model.id, old_version).await?;
    let (_, sent_by, sent_at) = models::version(&mut conn, at.model.id, at.received.version).await?;
    let names = chancery_directory::people(&mut conn, [sent_by]).await?;
    let old_texts = ours(&old, at);
    let texts: Vec<_> = ours(&at.content, at)
        .iter()
        .map(|new| {
            let before = old_texts.iter().find(|text| text.language == new.language);
            let (title, body) = before.map_or(("", ""), |text| (text.title.as_str(), text.body.as_str()));
            let own = own_text(item, &new.language);
            json!({
                "language": new.language,
                "headline": compare(title, &new.title),
                "body": compare(body, &new.body),
                "own": own,
            })
        })
        .collect();
    let editable = item.state.accepts(Change::Save);
    Ok(Some(json!({
        "texts": texts,
        "retimed": (old.clock, old.wall) != (at.content.clock, at.content.wall),
        "pictures": old.assets != at.content.assets,
        "by": names.get(&sent_by),
        "at": sent_at,
        "takeable": editable,
        "reopenable": !editable && item.state.accepts(Change::Reopen),
        "faithful": at.received.faithful == Some(true),
        "out": !editable && !item.state.accepts(Change::Reopen),
    })))
}

/// What the mission's item says in a language.
fn own_text(item: &items::Item, language: &str) -> Option<Value> {
    let draft = &item.draft;
    if draft.language == language {
        return Some(json!({ "headline": draft.title, "body": draft.body }));
    }
    let variant = draft
        .variants
        .iter()
        .find(|variant| variant.language == language)?;
    Some(json!({ "headline": draft.title_of(variant), "body": draft.body_of(variant) }))
}

/// What a mission does with a model.
#[derive(Debug, Deserialize)]
pub(super) struct Adopting {
    /// `adopt`, `adapt`, `submit` or `approve`.
    #[serde(default, rename = "do")]
    what: String,
    /// The version that was on the screen.
    #[serde(default)]
    version: i32,
}

pub(super) async fn adopt(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, unit)): AtMission,
    Form(form): Form<Adopting>,
) -> Result<Redirect, Problem> {
    if form.what == "approve" {
        return approve(&app, &viewer, id, unit, form.version).await;
    }
    let adopted = app.workflow.adopt_model(actor(&viewer)?, id, unit).await?;
    let (item, left_out) = (adopted.item, adopted.left_out.len());
    let (to, said) = match form.what.as_str() {
        "submit" => {
            let mut conn = app.connection().await?;
            let revision = items::load(&mut conn, item, Lock::None).await?.revision;
            drop(conn);
            match app.workflow.submit(actor(&viewer)?, item, revision, "").await {
                Ok(()) => (format!("/items/{item}"), "models-adopted-submitted"),
                Err(CalendarError::Blocked(_)) => (
                    format!("/items/{item}/edit#checklist"),
                    "models-adopted-not-ready",
                ),
                Err(error) => return Err(error.into()),
            }
        }
        "adapt" => (format!("/items/{item}/edit"), "models-adopted"),
        _ => (format!("/items/{item}"), "models-adopted"),
    };
    let said = if left_out > 0 && said != "models-adopted-not-ready" {
        "models-adopted-without"
    } else {
        said
    };
    Ok(Redirect::to(to).flash(said).arg("count", left_out))
}

/// One tap of a head of mission.
async fn approve(
    app: &App,
    viewer: &Viewer,
    id: ModelId,
    unit: UnitId,
    seen: i32,
) -> Result<Redirect, Problem> {
    match app
        .workflow
        .adopt_and_approve(actor(viewer)?, id, unit, seen)
        .await
    {
        Ok((adopted, approval)) => {
            let said = match approval {
                Approval::Complete => "models-approved",
                Approval::Ready => "release-approved",
                Approval::Next(_) | Approval::Restarted(_) => "approvals-approved-next",
            };
            Ok(Redirect::to(format!("/items/{}", adopted.item)).flash(said))
        }
        Err(CalendarError::Blocked(findings)) => {
            let mut conn = app.connection().await?;
            let at = app.workflow.model_at(&mut conn, actor(viewer)?, id, unit).await?;
            let item = at.item.ok_or_else(Problem::not_found)?;
            Ok(Redirect::to(format!("/items/{}/edit#checklist", item.id))
                .flash("models-adopted-not-ready")
                .arg("count", findings.len()))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn decline(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, unit)): AtMission,
    Form(why): Form<Reason>,
) -> Result<Response, Problem> {
    match app
        .workflow
        .decline_model(actor(&viewer)?, id, unit, &why.reason)
        .await
    {
        Ok(()) => Ok(Redirect::to("/models/received")
            .flash("models-declined")
            .into_response()),
        Err(error) => {
            let problem = Problem::from(error);
            if !problem.has_fields() {
                return Err(problem);
            }
            let mut conn = app.connection().await?;
            let at = app
                .workflow
                .model_at(&mut conn, actor(&viewer)?, id, unit)
                .await?;
            drop(conn);
            let data = data(&app, &at).await?;
            Ok(app.shell.refused(&viewer, "calendar/models/at", &data, &problem))
        }
    }
}

/// What to do with a later version.
#[derive(Debug, Deserialize)]
pub(super) struct Changing {
    /// `take` or `keep`.
    #[serde(default, rename = "do")]
    what: String,
}

pub(super) async fn change(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, unit)): AtMission,
    Form(changing): Form<Changing>,
) -> Result<Redirect, Problem> {
    let said = if changing.what == "take" {
        app.workflow.take_change(actor(&viewer)?, id, unit).await?;
        "models-change-taken"
    } else {
        app.workflow.keep_own(actor(&viewer)?, id, unit).await?;
        "models-change-kept"
    };
    Ok(Redirect::to(format!("/models/{id}/missions/{unit}")).flash(said))
}
