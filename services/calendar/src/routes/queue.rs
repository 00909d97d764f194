//! What waits for a person's decision: the list, the few of the home page, and deciding on several at once.

use axum::extract::State;
use axum::response::Response;
use chancery_access::{Action, Principal};
use chancery_contracts::ids::ItemId;
use chancery_contracts::{EditionHash, Release};
use chancery_web::{Args, Form, Page, Pagination, Problem, Query, Viewer};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::form::Fields;
use super::{App, actor};
use crate::error::CalendarError;
use crate::model::StepRole;
use crate::store::waiting::{self, Waiting};
use crate::workflow::Approval;

/// How many the home page shows.
const FEW: i64 = 5;
/// At most so many are decided on at once: what fits a page.
pub(super) const MANY: usize = 100;

/// Whether the person holds any role that decides.
fn decides(viewer: &Viewer) -> bool {
    StepRole::ALL.iter().any(|step| viewer.can(step.action()))
}

/// A row with what the page says about it.
fn row(waiting: &Waiting, now: DateTime<Utc>) -> Value {
    let window = TimeDelta::minutes(match waiting.edition.release {
        Release::AtTime => 0,
        Release::OnCommand => waiting.edition.window_minutes.into(),
    });
    let late = waiting.publish_at.is_some_and(|at| at + window <= now);
    let overdue = !late && waiting.deadline <= now;
    let urgent = !late && !overdue && waiting.deadline - now < TimeDelta::hours(1);
    let texts: Vec<_> = waiting
        .edition
        .variants
        .iter()
        .map(|text| {
            let paragraphs: Vec<&str> = text.body.split("\n\n").filter(|one| !one.trim().is_empty()).collect();
            json!({
                "platform": text.platform, "language": text.language, "headline": text.title, "paragraphs": paragraphs,
                "pictures": text.images.len(),
            })
        })
        .collect();
    json!({
        "row": waiting, "on_command": waiting.edition.release == Release::OnCommand, "late": late, "overdue": overdue, "urgent": urgent, "texts": texts,
        "age": age(now - waiting.submitted_at),
        "language": Some(&waiting.language).filter(|tag| !tag.is_empty()),
    })
}

/// How long something has waited, in its largest unit: a Fluent id and a count.
fn age(waited: TimeDelta) -> Value {
    let (unit, count) = if waited >= TimeDelta::days(1) {
        ("days", waited.num_days())
    } else if waited >= TimeDelta::hours(1) {
        ("hours", waited.num_hours())
    } else {
        ("minutes", waited.num_minutes().max(0))
    };
    json!({ "unit": unit, "count": count })
}

async fn page_of(
    app: &App,
    principal: &Principal,
    pagination: &Pagination,
) -> Result<Page<Waiting>, Problem> {
    let mut conn = app.connection().await?;
    let rows = waiting::waiting(&mut conn, principal, pagination.after()?, pagination.fetch()).await?;
    Ok(Page::new(rows, pagination, |row| (row.deadline, row.id)))
}

/// The address of what is to be decided next, `done` apart; none: nothing waits.
pub(super) async fn next(app: &App, viewer: &Viewer, done: ItemId) -> Result<Option<String>, Problem> {
    let mut conn = app.connection().await?;
    let rows = waiting::waiting(&mut conn, viewer.principal()?, None, 2).await?;
    let next = rows.into_iter().find(|row| row.id != done);
    Ok(next.map(|row| format!("/approvals/{}", row.id)))
}

async fn shown(app: &App, viewer: &Viewer, pagination: &Pagination) -> Result<Value, Problem> {
    let now = app.workflow.clock.now();
    let page = page_of(app, viewer.principal()?, pagination).await?;
    let rows: Vec<_> = page.items.iter().map(|one| row(one, now)).collect();
    Ok(json!({ "waiting": rows, "next": page.next, "several": rows.len() > 1 }))
}

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(pagination): Query<Pagination>,
) -> Result<Response, Problem> {
    let data = shown(&app, &viewer, &pagination).await?;
    Ok(app.shell.page(&viewer, "calendar/approvals/list", &data))
}

/// The few most urgent. Whoever decides nothing sees nothing, unless they stand in for somebody.
pub(super) async fn fragment(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let now = app.workflow.clock.now();
    let mut conn = app.connection().await?;
    let rows = waiting::waiting(&mut conn, viewer.principal()?, None, FEW).await?;
    drop(conn);
    let approver = decides(&viewer) || !rows.is_empty();
    let rows: Vec<_> = rows.iter().map(|one| row(one, now)).collect();
    Ok(app.shell.fragment(
        &viewer,
        "calendar/approvals/waiting",
        &json!({ "waiting": rows, "approver": approver }),
    ))
}

/// `chosen`, repeated: `ITEM HASH`, the hash being that of what was on the screen.
fn chosen(fields: &Fields) -> Result<Vec<(ItemId, EditionHash)>, Problem> {
    let unreadable = || Problem::invalid("approvals-several-unreadable");
    let one = |text: &str| {
        let (item, hash) = text.split_once(' ')?;
        Some((item.parse().ok()?, hash.parse().ok()?))
    };
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::new();
    for (_, text) in fields.iter().filter(|(name, _)| name == "chosen") {
        let (item, hash) = one(text).ok_or_else(unreadable)?;
        if seen.insert(item) {
            found.push((item, hash));
        }
    }
    if found.len() > MANY {
        return Err(Problem::invalid("approvals-several-too-many").arg("count", MANY));
    }
    Ok(found)
}

/// Approves what was ticked, each bound to what was shown, and tells of each what became of it.
pub(super) async fn several(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let chosen = chosen(&fields)?;
    let done = app.workflow.approve_several(actor(&viewer)?, &chosen).await;
    let mut titles = std::collections::HashMap::new();
    let mut conn = app.connection().await?;
    for (id, _) in &done {
        // Only what the person may see has a name here.
        if let Ok((item, _)) = app.workflow.open(&mut conn, actor(&viewer)?, *id).await {
            titles.insert(*id, item.draft.title);
        }
    }
    drop(conn);
    let results: Vec<_> = done
        .into_iter()
        .map(|(id, result)| {
            let (good, says) = told(&app, &viewer, result);
            json!({ "id": id, "headline": titles.get(&id), "good": good, "says": says })
        })
        .collect();
    let mut data = shown(&app, &viewer, &Pagination::default()).await?;
    if let Some(data) = data.as_object_mut() {
        data.insert("nothing_chosen".into(), json!(results.is_empty()));
        data.insert("results".into(), json!(results));
    }
    Ok(app.shell.page(&viewer, "calendar/approvals/list", &data))
}

/// What became of one decision, in words.
pub(super) fn told(app: &App, viewer: &Viewer, result: Result<Approval, CalendarError>) -> (bool, String) {
    let say = |key: &str, args: &Args| app.shell.message(viewer.language, key, args);
    match result {
        Ok(Approval::Complete) => (true, say("approvals-approved", &Args::new())),
        Ok(Approval::Ready) => (true, say("release-approved", &Args::new())),
        Ok(Approval::Next(_)) => (true, say("approvals-approved-next", &Args::new())),
        Ok(Approval::Restarted(_)) => (true, say("approvals-restarted", &Args::new())),
        Err(CalendarError::State(refusal)) => {
            let args = [("state".into(), refusal.state.as_str().into())].into();
            (false, say(refusal.key(), &args))
        }
        Err(CalendarError::Objection(objection)) => (false, say(objection.key(), &Args::new())),
        Err(CalendarError::Access(_) | CalendarError::NotFound) => {
            let args = [(
                "action".into(),
                Action::ItemRead.as_str().replace('.', "-").into(),
            )]
            .into();
            (false, say("refused-elsewhere", &args))
        }
        Err(CalendarError::Stale) => (false, say("items-stale", &Args::new())),
        Err(error) => {
            // The log has it; the others are not stopped by it.
            drop(Problem::from(error));
            (false, say("approvals-several-failed", &Args::new()))
        }
    }
}
