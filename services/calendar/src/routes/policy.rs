//! Who must approve what, as a table that administrators change.

use axum::extract::State;
use axum::response::Response;
use chancery_contracts::Topic;
use chancery_web::{Form, Problem, Redirect, Viewer};
use serde_json::{Value, json};

use super::form::{Fields, first};
use super::{App, actor};
use crate::model::StepRole;
use crate::store::policies;

pub(super) async fn page(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let policies = policies::policies(&mut conn).await?;
    let row = |topic: Option<Topic>| -> Value {
        let policy = policies.iter().find(|policy| policy.topic == topic);
        let steps = policy.map(|policy| policy.steps.as_slice()).unwrap_or_default();
        json!({
            "topic": topic,
            "head_of_mission": steps.contains(&StepRole::HeadOfMission),
            "headquarters": steps.contains(&StepRole::Headquarters),
            "updated_at": policy.and_then(|p| p.updated_by.as_ref().map(|_| p.updated_at)),
            "updated_by": policy.and_then(|p| p.updated_by.as_ref()),
        })
    };
    let rows: Vec<_> = Topic::ALL.iter().map(|topic| row(Some(*topic))).collect();
    Ok(app.shell.page(
        &viewer,
        "calendar/policy",
        &json!({ "common": row(None), "rows": rows }),
    ))
}

/// One row of the table: `topic` (none: the common chain) and a repeated `step`.
pub(super) async fn change(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Redirect, Problem> {
    let unknown = |_| Problem::invalid("items-not-saved").field("topic", "items-value-unknown");
    let topic = first(&fields, "topic").filter(|topic| !topic.is_empty());
    let topic = topic.map(str::parse::<Topic>).transpose().map_err(unknown)?;
    let steps: Result<Vec<StepRole>, _> = fields
        .iter()
        .filter(|(name, _)| name == "step")
        .map(|(_, step)| step.parse())
        .collect();
    app.workflow
        .set_policy(actor(&viewer)?, topic, &steps.map_err(unknown)?)
        .await?;
    Ok(Redirect::to("/policy").flash("policy-saved"))
}
