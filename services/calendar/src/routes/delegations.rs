//! Who decides on whose behalf: seen by the unit's people and administrators, given by whoever is away.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{App, actor};
use crate::error::CalendarError;
use crate::model::StepRole;
use crate::store::delegations;
use crate::workflow::NewDelegation;

/// The form as it was sent: what is refused comes back as it was typed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Typed {
    /// `UNIT ROLE PERSON`.
    #[serde(default)]
    who: String,
    #[serde(default)]
    first: String,
    #[serde(default)]
    last: String,
    #[serde(default)]
    reason: String,
}

impl Typed {
    fn read(&self) -> Result<NewDelegation, CalendarError> {
        let unknown = CalendarError::field("who", "delegations-nobody-chosen");
        let mut parts = self.who.split(' ');
        let mut part = || parts.next().unwrap_or_default();
        let (unit, role, to) = (part(), part(), part());
        let (Ok(unit), Ok(role), Ok(to)) = (
            unit.parse::<UnitId>(),
            role.parse::<StepRole>(),
            to.parse::<PersonId>(),
        ) else {
            return Err(unknown);
        };
        let day = |text: &str, field| {
            text.trim()
                .parse()
                .map_err(|_| CalendarError::field(field, "campaigns-day-unreadable"))
        };
        Ok(NewDelegation {
            unit,
            role,
            to,
            first: day(&self.first, "first")?,
            last: day(&self.last, "last")?,
            reason: self.reason.clone(),
        })
    }
}

/// Everything that the page shows: what there is, and whom the viewer could name for what.
async fn data(app: &App, viewer: &Viewer, typed: &Typed) -> Result<Value, Problem> {
    let principal = viewer.principal()?;
    let today = principal.today;
    let mut conn = app.connection().await?;
    let mut roots = principal.units_for(Action::ItemRead);
    roots.extend(principal.units_for(Action::PersonManage));
    let manages = principal.units_for(Action::PersonManage);
    let found = delegations::list(&mut conn, principal.person, &roots).await?;
    let below = if manages.is_empty() {
        Vec::new()
    } else {
        chancery_directory::ids_below(&mut conn, &manages).await?
    };
    let rows: Vec<_> = found
        .iter()
        .map(|one| {
            let over = one.revoked_at.is_some() || one.last < today;
            let mine = [one.from, one.to].contains(&principal.person) || below.contains(&one.unit.0);
            let standing = if one.revoked_at.is_some() {
                "revoked"
            } else if one.last < today {
                "over"
            } else if one.first > today {
                "to_come"
            } else {
                "now"
            };
            json!({ "delegation": one, "standing": standing, "endable": mine && !over })
        })
        .collect();
    let mut offers = Vec::new();
    for grant in principal.grants.iter().filter(|grant| grant.holds_on(today)) {
        let Some(role) = StepRole::ALL
            .iter()
            .find(|step| step.may_be_delegated() && step.role() == grant.role)
        else {
            continue;
        };
        let unit = chancery_directory::unit(&mut conn, grant.unit).await?;
        for colleague in delegations::colleagues(&mut conn, grant.unit, principal.person, today).await? {
            let value = format!("{} {role} {}", grant.unit, colleague.id);
            offers.push(json!({
                "chosen": value == typed.who, "value": value, "person": colleague.name, "role": role, "unit": unit.names,
            }));
        }
    }
    let holds = principal.grants.iter().any(|grant| {
        grant.holds_on(today)
            && StepRole::ALL
                .iter()
                .any(|step| step.may_be_delegated() && step.role() == grant.role)
    });
    Ok(json!({
        "rows": rows, "offers": offers, "holds": holds, "today": today,
        "first": if typed.first.is_empty() { today.to_string() } else { typed.first.clone() },
        "last": typed.last, "reason": typed.reason,
    }))
}

pub(super) async fn page(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let data = data(&app, &viewer, &Typed::default()).await?;
    Ok(app.shell.page(&viewer, "calendar/approvals/delegations", &data))
}

pub(super) async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let done = match typed.read() {
        Ok(new) => app.workflow.delegate(actor(&viewer)?, new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(Redirect::to("/approvals/delegations")
            .flash("delegations-made")
            .into_response()),
        Err(CalendarError::Field { field, key }) => {
            // The form has one list for unit, role and person.
            let field = if matches!(field, "unit" | "to") {
                "who"
            } else {
                field
            };
            let problem = Problem::invalid("delegations-not-made").field(field, key);
            let data = data(&app, &viewer, &typed).await?;
            Ok(app
                .shell
                .refused(&viewer, "calendar/approvals/delegations", &data, &problem))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn end(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Problem> {
    app.workflow.end_delegation(actor(&viewer)?, id).await?;
    Ok(Redirect::to("/approvals/delegations").flash("delegations-ended"))
}
