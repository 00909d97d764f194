//! What the viewer may do with an item now, and why not the rest: in the page and in the API.

use chancery_access::{Action, Decision, Refusal};
use chancery_directory::Unit;
use chancery_web::{Args, Problem, Viewer};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{App, actor};
use crate::model::{Standpoint, State as ItemState, transitions};
use crate::store::items::Item;
use crate::store::{accounts, approvals, deliveries};

/// Something that could be done with an item.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TransitionDocument {
    /// `edit`, `submit`, `approve`, `request_changes`, `release`, `reopen`, `cancel`, `withdraw` or `correct`.
    pub transition: &'static str,
    /// Whether the caller may do it now.
    pub allowed: bool,
    /// The stable name of the reason, when not.
    pub reason: Option<String>,
    /// The reason in the caller's language.
    pub sentence: Option<String>,
}

/// All transitions of an item for the viewer.
pub(super) async fn shown(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
) -> Result<Vec<TransitionDocument>, Problem> {
    let person = viewer.principal()?;
    let refusal = |action: Action| -> Option<Refusal> {
        match person.decide(action, unit.place()) {
            Decision::Allowed(_) => None,
            Decision::Refused(refusal) => Some(refusal),
        }
    };
    let write = refusal(Action::ItemWrite);
    let cancel = write.filter(|_| refusal(Action::ItemApproveHeadquarters).is_some());
    let missing = if item.state.is_open() {
        let accounts = accounts::of_unit(&mut *conn, unit.id).await?;
        let (findings, _) = app
            .workflow
            .findings(&mut *conn, item, unit, &accounts, actor(viewer)?)
            .await?;
        findings.iter().filter(|finding| finding.blocking).count()
    } else {
        0
    };
    let (mut deciding, mut releasing) = (None, None);
    if let Some(version) = approvals::version(&mut *conn, item.id, item.version).await? {
        let actor = actor(viewer)?;
        if item.state == ItemState::Submitted {
            let standing = app
                .workflow
                .deciding(&mut *conn, actor, item, unit, &version)
                .await?;
            deciding = Some(standing.deciding);
        } else if item.state == ItemState::Ready {
            let speaking = app
                .workflow
                .releasing(&mut *conn, actor, item, unit, &version)
                .await?;
            releasing = Some(speaking.releasing);
        }
    }
    let order = approvals::latest_order(&mut *conn, item.id).await?;
    let at_once = app.workflow.takes_down(&mut *conn, actor(viewer)?, unit).await?;
    let known = deliveries::of_item(&mut *conn, item.id).await?;
    let standpoint = Standpoint {
        state: item.state,
        write,
        cancel,
        missing,
        deciding,
        releasing,
        ordered: order.is_some_and(|order| order.cancel_confirmed_at.is_none()),
        withdraw: write.filter(|_| !at_once),
        out: known.iter().filter(|one| one.may_be_taken_down()).count(),
        correctable: known.iter().filter(|one| one.may_be_corrected()).count(),
    };
    let document = |one: crate::model::Transition| {
        let sentence = one.why_not.as_ref().map(|why| {
            let mut args = Args::new();
            if let Some((name, value)) = &why.argument {
                let number = value.parse::<u32>().map(Into::into);
                args.insert((*name).into(), number.unwrap_or_else(|_| value.clone().into()));
            }
            app.shell.message(viewer.language, &why.key, &args)
        });
        TransitionDocument {
            transition: one.deed.as_str(),
            allowed: one.why_not.is_none(),
            reason: one.why_not.map(|why| why.key),
            sentence,
        }
    };
    Ok(transitions(&standpoint).into_iter().map(document).collect())
}
