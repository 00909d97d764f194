//! Approving with edits: an approver's wording, and a writer who takes it over.

use axum::extract::State;
use chancery_contracts::ids::{AccountId, ItemId};
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::form::{Fields, first};
use super::{App, actor, queue};
use crate::model::State as ItemState;
use crate::store::items::Item;
use crate::store::{accounts, amendments, approvals};
use crate::workflow::{Approval, Wording};

/// The texts of a form: `text.ACCOUNT.LANGUAGE`.
fn wordings(fields: &Fields) -> Vec<Wording> {
    let one = |(name, body): &(String, String)| {
        let (account, language) = name.strip_prefix("text.")?.split_once('.')?;
        Some(Wording {
            account: account.parse::<AccountId>().ok()?,
            language: language.to_owned(),
            body: body.clone(),
        })
    };
    fields.iter().filter_map(one).collect()
}

pub(super) async fn propose(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(fields): Form<Fields>,
) -> Result<Redirect, Problem> {
    let hash = first(&fields, "hash")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Problem::conflict("approvals-objection-changed"))?;
    let comment = first(&fields, "comment").unwrap_or_default();
    app.workflow
        .amend(actor(&viewer)?, id, hash, &wordings(&fields), comment)
        .await?;
    let next = queue::next(&app, &viewer, id).await?;
    Ok(Redirect::to(next.unwrap_or_else(|| format!("/items/{id}"))).flash("amendments-proposed"))
}

pub(super) async fn accept(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, amendment)): Path<(ItemId, Uuid)>,
) -> Result<Redirect, Problem> {
    let done = app
        .workflow
        .accept_amendment(actor(&viewer)?, id, amendment)
        .await?;
    let said = match done {
        Approval::Complete => "amendments-accepted",
        Approval::Ready => "release-approved",
        Approval::Next(_) => "amendments-accepted-next",
        Approval::Restarted(_) => "amendments-accepted-restarted",
    };
    Ok(Redirect::to(format!("/items/{id}")).flash(said))
}

/// What is proposed in place of what waits: each text that differs, as it is and as it would be.
pub(super) async fn shown(conn: &mut PgConnection, viewer: &Viewer, item: &Item) -> Result<Value, Problem> {
    if item.state != ItemState::Submitted {
        return Ok(Value::Null);
    }
    let Some(one) = amendments::of_version(&mut *conn, item.id, item.version).await? else {
        return Ok(Value::Null);
    };
    let Some(version) = approvals::version(&mut *conn, item.id, item.version).await? else {
        return Ok(Value::Null);
    };
    let accounts = accounts::of_unit(&mut *conn, item.unit).await?;
    let names = chancery_directory::people(conn, [one.person]).await?;
    let texts: Vec<_> = one
        .edition
        .variants
        .iter()
        .zip(&version.edition.variants)
        .filter(|(new, old)| new.body != old.body)
        .map(|(new, old)| {
            let account = accounts.iter().find(|account| account.id == new.account);
            json!({ "channel": account.map(|account| &account.name), "language": new.language, "before": old.body, "now": new.body })
        })
        .collect();
    Ok(json!({
        "id": one.id, "person": names.get(&one.person), "comment": one.comment, "texts": texts,
        "own": viewer.principal()?.person == one.person,
    }))
}
