//! The same done to several items: a page that says what became of each, with a way back, and the same for programs.

use axum::extract::State;
use axum::response::Response;
use chancery_contracts::ids::ItemId;
use chancery_web::{Form, Json, Problem, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{App, actor};
use crate::error::CalendarError;
use crate::model::Appointment;
use crate::workflow::{BulkDeed, Done, Labels, Order};

/// What is to be done.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Orders {
    /// At most 200, done one after the other, each by itself.
    orders: Vec<Order>,
}

/// What became of one order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Outcome {
    /// The item that was meant.
    item: Uuid,
    /// Its headline.
    headline: String,
    /// What happened; none: nothing did.
    said: Option<String>,
    /// Why it was not done; none: it was.
    refused: Option<String>,
    /// The Fluent id of that reason.
    code: Option<String>,
    /// The order that undoes it, if it can be undone.
    undo: Option<Order>,
}

fn outcome(app: &App, viewer: &Viewer, done: Done) -> Outcome {
    let (undo, said, refused, code) = match done.outcome {
        Ok(did) => {
            let time = |time: Appointment| app.shell.time(viewer.language, time.wall.zone, time.instant());
            let args = did.at.map(|at| ("time".into(), time(at).into()));
            let said = app
                .shell
                .message(viewer.language, did.key, &args.into_iter().collect());
            (did.undo, Some(said), None, None)
        }
        Err(error) => {
            let (why, code) = sentence(app, viewer, error);
            (None, None, Some(why), Some(code))
        }
    };
    Outcome {
        item: done.item.0,
        headline: done.title,
        said,
        refused,
        code,
        undo,
    }
}

/// Why not, in words: the reasons of fields, or else the problem's own.
fn sentence(app: &App, viewer: &Viewer, error: CalendarError) -> (String, String) {
    let problem = Problem::from(error);
    let details = problem.details();
    let say = |key: &str, args| app.shell.message(viewer.language, key, args);
    let fields: Vec<String> = details
        .fields
        .iter()
        .map(|field| say(&field.key, &field.args))
        .collect();
    let said = if fields.is_empty() {
        say(&details.key, &details.args)
    } else {
        fields.join(" ")
    };
    (said, details.key.to_string())
}

/// Does the same, or something else, to several items. Each is done by itself; what cannot be done says why, and what can
/// be undone comes with the order that undoes it.
#[utoipa::path(post, path = "/api/v1/items/bulk", tag = "calendar", request_body = Orders,
    responses((status = 200, body = Vec<Outcome>), (status = 422)))]
pub(super) async fn bulk_items(
    State(app): State<App>,
    viewer: Viewer,
    Json(orders): Json<Orders>,
) -> Result<Json<Vec<Outcome>>, Problem> {
    let done = app.workflow.bulk(actor(&viewer)?, orders.orders).await?;
    Ok(Json(
        done.into_iter()
            .map(|done| outcome(&app, &viewer, done))
            .collect(),
    ))
}

/// The form: what is chosen, and what to do with it; or orders as an earlier answer offered them.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    /// `ID` or `ID:REVISION`.
    #[serde(default)]
    item: Vec<String>,
    /// `shift`, `duplicate`, `label` or `cancel`.
    #[serde(default)]
    what: String,
    #[serde(default)]
    days: String,
    /// An id, `none`, or empty: as it is.
    #[serde(default)]
    campaign: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    audience: String,
    #[serde(default)]
    reason: String,
    /// Orders as JSON.
    #[serde(default)]
    orders: String,
    #[serde(default)]
    back: String,
}

impl Sent {
    fn orders(&self) -> Result<Vec<Order>, Problem> {
        if !self.orders.is_empty() {
            return serde_json::from_str(&self.orders).map_err(|_| Problem::bad_request("bulk-unreadable"));
        }
        let step = self.step()?;
        let order = |chosen: &String| {
            let (id, revision) = chosen.split_once(':').unwrap_or((chosen, ""));
            Some(Order {
                item: id.parse::<ItemId>().ok()?,
                revision: revision.parse().ok(),
                step: step.clone(),
            })
        };
        let orders: Vec<Order> = self.item.iter().filter_map(order).collect();
        if orders.is_empty() {
            return Err(Problem::invalid("bulk-nothing-chosen"));
        }
        Ok(orders)
    }

    fn step(&self) -> Result<BulkDeed, Problem> {
        match self.what.as_str() {
            "shift" => match self.days.trim().parse::<i32>() {
                Ok(days) if days != 0 && days.abs() <= 3_660 => Ok(BulkDeed::Shift { days, again: false }),
                _ => Err(Problem::invalid("bulk-days-unreadable")),
            },
            "duplicate" => Ok(BulkDeed::Duplicate),
            "cancel" => Ok(BulkDeed::Cancel {
                reason: self.reason.clone(),
            }),
            "label" => {
                let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
                let labels = Labels {
                    campaign: given(&self.campaign).map(|id| if id == "none" { String::new() } else { id }),
                    topic: self.topic.parse().ok(),
                    audience: given(&self.audience),
                };
                if labels == Labels::default() {
                    return Err(Problem::invalid("bulk-no-label"));
                }
                Ok(BulkDeed::Label(labels))
            }
            _ => Err(Problem::invalid("bulk-nothing-chosen")),
        }
    }
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let back = if sent.back.starts_with("/calendar") || sent.back.starts_with("/items") {
        sent.back.clone()
    } else {
        "/calendar".to_owned()
    };
    let orders = sent.orders()?;
    let asked = orders.clone();
    let done = app.workflow.bulk(actor(&viewer)?, orders).await?;
    let outcomes: Vec<Outcome> = done
        .into_iter()
        .map(|done| outcome(&app, &viewer, done))
        .collect();
    // Those that need approval again can be moved by one more press.
    let again: Vec<Order> = asked
        .into_iter()
        .zip(&outcomes)
        .filter(|(_, outcome)| outcome.code.as_deref() == Some("board-move-again"))
        .filter_map(|(order, _)| match order.step {
            BulkDeed::Shift { days, .. } => Some(Order {
                step: BulkDeed::Shift { days, again: true },
                ..order
            }),
            _ => None,
        })
        .collect();
    let undo: Vec<&Order> = outcomes
        .iter()
        .filter_map(|outcome| outcome.undo.as_ref())
        .collect();
    let fine = outcomes
        .iter()
        .filter(|outcome| outcome.refused.is_none())
        .count();
    let refused: Vec<&Outcome> = outcomes
        .iter()
        .filter(|outcome| outcome.refused.is_some())
        .collect();
    let data: Value = json!({
        "done": outcomes.iter().filter(|outcome| outcome.refused.is_none()).collect::<Vec<_>>(),
        "refused": refused,
        "fine": fine,
        "wrong": refused.len(),
        "undo": (!undo.is_empty()).then(|| json!(undo).to_string()),
        "again": (!again.is_empty()).then(|| json!(again).to_string()),
        "again_count": again.len(),
        "from_items": back.starts_with("/items"),
        "back": back,
    });
    Ok(app.shell.page(&viewer, "calendar/board/bulk", &data))
}
