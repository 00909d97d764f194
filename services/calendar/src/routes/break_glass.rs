//! Letting something out without the rest of its chain: ordered, confirmed, seen by whoever was passed over, and the list
//! of every use.

use axum::extract::State;
use axum::response::Response;
use chancery_access::{Action, Principal};
use chancery_contracts::EditionHash;
use chancery_contracts::ids::{ItemId, UnitId};
use chancery_directory::Unit;
use chancery_web::{Form, Page, Pagination, Path, Problem, Query, Redirect, Viewer};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{App, actor};
use crate::error::CalendarError;
use crate::model::{State as ItemState, Step, Unbroken};
use crate::store::break_glass::{self, Use, Which};
use crate::store::items::Item;

/// More uses of one item than anybody reads.
const MANY: i64 = 20;

/// The units whose uses the person may see: those they approve for at headquarters, administer or audit.
pub(super) fn overseen(principal: &Principal) -> Result<Vec<UnitId>, Problem> {
    let mut units = principal.units_for(Action::ItemApproveHeadquarters);
    units.extend(principal.units_for(Action::AuditRead));
    units.sort_unstable();
    units.dedup();
    if units.is_empty() {
        return Err(Problem::forbidden("break-glass-list-refused"));
    }
    Ok(units)
}

/// A page of uses below the person's units, and of orders that nobody confirmed, the latest first.
pub(super) async fn uses(
    app: &App,
    principal: &Principal,
    pagination: &Pagination,
) -> Result<Page<Use>, Problem> {
    let roots = overseen(principal)?;
    let mut conn = app.connection().await?;
    let which = Which::Below {
        roots: &roots,
        after: pagination.after()?,
    };
    let rows = break_glass::uses(&mut conn, which, pagination.fetch()).await?;
    Ok(Page::new(rows, pagination, |row| row.id))
}

/// A use as templates show it.
fn shown(one: &Use, now: chrono::DateTime<chrono::Utc>) -> Value {
    let bypassed: Vec<Step> = one.bypassed.iter().filter_map(|step| step.parse().ok()).collect();
    json!({
        "row": one,
        "bypassed": bypassed,
        "seen": &one.seen.0,
        "waits": one.second.is_none() && now < one.lapses_at,
    })
}

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(pagination): Query<Pagination>,
) -> Result<Response, Problem> {
    let now = app.workflow.clock.now();
    let page = uses(&app, viewer.principal()?, &pagination).await?;
    let rows: Vec<_> = page.items.iter().map(|one| shown(one, now)).collect();
    Ok(app.shell.page(
        &viewer,
        "calendar/approvals/break_glass_list",
        &json!({ "uses": rows, "next": page.next }),
    ))
}

/// Every use of an item for its page, for good, with whether the viewer was passed over and has not said so.
pub(super) async fn of_item(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
) -> Result<Vec<Value>, Problem> {
    let now = app.workflow.clock.now();
    let me = viewer.principal()?.person;
    let mut found = Vec::new();
    for one in break_glass::uses(&mut *conn, Which::Item(item.id), MANY).await? {
        if one.second.is_none() {
            continue;
        }
        let said = one.seen.iter().any(|seen| seen.person == me);
        let asks = !said
            && app
                .workflow
                .was_bypassed(&mut *conn, actor(viewer)?, unit, &one)
                .await?;
        let mut row = shown(&one, now);
        if let Some(row) = row.as_object_mut() {
            row.insert("asks".into(), asks.into());
        }
        found.push(row);
    }
    Ok(found)
}

/// What the viewer could do about an item that waits for approval; none: they are neither approver nor at the desk, and
/// nobody has ordered it.
pub(super) async fn standing(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
) -> Result<Option<Value>, Problem> {
    if item.state != ItemState::Submitted {
        return Ok(None);
    }
    let breaker = app
        .workflow
        .breaker(&mut *conn, actor(viewer)?, item, unit)
        .await?;
    if breaker.role.is_none() && breaker.ordered.is_none() {
        return Ok(None);
    }
    let names = chancery_directory::people(conn, breaker.ordered.as_ref().map(|one| one.person)).await?;
    let ordered = breaker.ordered.as_ref().map(|one| {
        json!({
            "id": one.id, "person": names.get(&one.person), "role": one.role, "reason": one.reason, "at": one.at,
            "lapses_at": one.lapses_at,
        })
    });
    let refusal = match &ordered {
        Some(_) => breaker.breaking.confirm(),
        None => breaker.breaking.order(),
    };
    Ok(Some(json!({
        "may": breaker.role.is_some(),
        "ordered": ordered,
        "refusal": refusal.err().map(Unbroken::key),
    })))
}

/// The order of the first, with the hash of what was on the screen.
#[derive(Debug, Deserialize)]
pub(super) struct Ordering {
    hash: String,
    #[serde(default)]
    reason: String,
}

fn seen(hash: &str) -> Result<EditionHash, Problem> {
    hash.parse()
        .map_err(|_| Problem::conflict(Unbroken::Changed.key()))
}

pub(super) async fn order(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(ordering): Form<Ordering>,
) -> Result<Redirect, Problem> {
    let back = Redirect::to(format!("/approvals/{id}"));
    let seen = seen(&ordering.hash)?;
    match app
        .workflow
        .break_glass(actor(&viewer)?, id, seen, &ordering.reason)
        .await
    {
        Ok(_) => Ok(back.flash("break-glass-ordered")),
        Err(CalendarError::Hindered(found)) => Ok(back.flash("release-hindered").arg("count", found.len())),
        Err(error) => Err(error.into()),
    }
}

/// The confirmation of the second, with the hash of what was on the screen.
#[derive(Debug, Deserialize)]
pub(super) struct Confirming {
    hash: String,
}

pub(super) async fn confirm(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, order)): Path<(ItemId, Uuid)>,
    Form(confirming): Form<Confirming>,
) -> Result<Redirect, Problem> {
    let seen = seen(&confirming.hash)?;
    match app
        .workflow
        .confirm_break_glass(actor(&viewer)?, id, order, seen)
        .await
    {
        Ok(done) => Ok(
            Redirect::to(format!("/items/{id}")).flash(if done.paused.is_some() {
                "break-glass-done-paused"
            } else {
                "break-glass-done"
            }),
        ),
        Err(CalendarError::Hindered(found)) => Ok(Redirect::to(format!("/approvals/{id}"))
            .flash("release-hindered")
            .arg("count", found.len())),
        Err(error) => Err(error.into()),
    }
}

/// What whoever was passed over says about it.
#[derive(Debug, Deserialize)]
pub(super) struct Noted {
    #[serde(default)]
    comment: String,
}

pub(super) async fn see(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, order)): Path<(ItemId, Uuid)>,
    Form(noted): Form<Noted>,
) -> Result<Redirect, Problem> {
    app.workflow
        .see_break_glass(actor(&viewer)?, id, order, &noted.comment)
        .await?;
    Ok(Redirect::to(format!("/items/{id}")).flash("break-glass-seen"))
}
