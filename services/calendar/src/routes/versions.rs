//! Versions of an item: who wrote what when, what changed between two, and back to an earlier one.

use axum::extract::State;
use axum::response::Response;
use chancery_access::Action;
use chancery_contracts::ids::ItemId;
use chancery_web::{Form, Path, Problem, Query, Redirect, Viewer};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{App, actor, view};
use crate::error::CalendarError;
use crate::model::{Account, Compared, Draft, compare_drafts};
use crate::store::items::Item;
use crate::store::{accounts, snapshots};

/// Which two to compare. Without: the present text with the version before it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let lines = snapshots::of_item(&mut conn, id).await?;
    let accounts = accounts::of_unit(&mut conn, unit.id).await?;
    // The newest is what stands there now, unless nobody has saved since this list began.
    let newest = lines
        .first()
        .filter(|line| line.revision == item.revision)
        .map(|line| line.id);
    let to = wanted.to.parse::<Uuid>().ok().or(newest);
    let place = to.and_then(|to| lines.iter().position(|line| line.id == to));
    let before = match place {
        Some(place) => lines.get(place + 1),
        None => lines.first(),
    };
    let from = wanted
        .from
        .parse::<Uuid>()
        .ok()
        .or_else(|| before.map(|line| line.id));
    let changes = match from {
        Some(from) => {
            let old = snapshots::draft(&mut conn, id, from).await?;
            let new = at(&mut conn, &item, to).await?;
            Some(shown(&compare_drafts(&old, &new), &accounts))
        }
        None => None,
    };
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            json!({
                "line": line, "from": Some(line.id) == from, "to": Some(line.id) == to, "present": Some(line.id) == newest,
            })
        })
        .collect();
    let may = viewer
        .principal()?
        .decide(Action::ItemWrite, unit.place())
        .is_allowed();
    let data = json!({
        "item": view::item(&item, &unit, app.workflow.clock.now()),
        "rows": rows, "changes": changes, "restorable": may && item.state.is_open(), "frozen": may && !item.state.is_open(),
    });
    Ok(app.shell.page(&viewer, "calendar/items/versions", &data))
}

async fn at(conn: &mut PgConnection, item: &Item, version: Option<Uuid>) -> Result<Draft, sqlx::Error> {
    match version {
        Some(version) => snapshots::draft(conn, item.id, version).await,
        None => Ok(item.draft.clone()),
    }
}

fn shown(compared: &[Compared], accounts: &[Account]) -> Vec<Value> {
    let account = |field: &Compared| {
        let account = accounts
            .iter()
            .find(|account| Some(account.id) == field.account)?;
        Some(account.name.clone())
    };
    compared
        .iter()
        .map(|field| json!({ "compared": field, "account": account(field) }))
        .collect()
}

/// The revision that was on the page.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    revision: i64,
}

pub(super) async fn restore(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, version)): Path<(ItemId, Uuid)>,
    Form(seen): Form<Seen>,
) -> Result<Redirect, Problem> {
    let page = format!("/items/{id}/versions");
    match app
        .workflow
        .restore_version(actor(&viewer)?, id, seen.revision, version)
        .await
    {
        Ok(()) => Ok(Redirect::to(page).flash("versions-restored")),
        Err(CalendarError::Stale) => Ok(Redirect::to(page).flash("versions-stale")),
        Err(error) => Err(error.into()),
    }
}
