//! Pages and fragments of deliveries.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AccountId, DeliveryId, ItemId};
use chancery_web::{Form, Page, Pagination, Path, Problem, Query, Redirect, Viewer};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{App, actor, require};
use crate::engine::{Decision, WithdrawalDecision};
use crate::model::REASONS;
use crate::store::lists::{self, Line, Wanted};

/// The lists that the page offers, and the states in each.
const SHOWS: [(&str, &[&str]); 5] = [
    ("all", &[]),
    ("upcoming", &["waiting", "preparing", "ready", "committing"]),
    ("attention", ATTENTION),
    ("held", &["held"]),
    ("published", &["published"]),
];

/// States in which somebody should look.
const ATTENTION: &[&str] = &["unknown", "needs_person", "held", "missed", "rejected"];

#[derive(Debug, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    show: Option<String>,
    #[serde(default)]
    account: Option<AccountId>,
    #[serde(flatten)]
    pagination: Pagination,
}

fn words(states: &[&str]) -> Option<Vec<String>> {
    (!states.is_empty()).then(|| states.iter().map(|&state| state.to_owned()).collect())
}

/// A delivery as templates see it: the line, and what its state means.
pub(super) fn shown(line: &Line, now: DateTime<Utc>) -> Value {
    let mut value = json!(line);
    if let Value::Object(map) = &mut value {
        map.insert("late".to_owned(), json!(line.due_at <= now));
        map.insert("over".to_owned(), json!(line.not_after <= now));
        map.insert(
            "reason_key".to_owned(),
            json!(line.reason_code.as_deref().map(reason_key)),
        );
        map.insert(
            "withdrawal_key".to_owned(),
            json!(line.withdrawal_code.as_deref().map(reason_key)),
        );
    }
    value
}

/// The Fluent id of a reason; a platform's own code has no sentence of ours, only the platform's words.
fn reason_key(code: &str) -> Option<String> {
    REASONS.contains(&code).then(|| format!("delivery-reason-{code}"))
}

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let show = SHOWS
        .iter()
        .find(|(name, _)| Some(*name) == filter.show.as_deref())
        .unwrap_or(&SHOWS[0]);
    let units = viewer.principal()?.units_for(Action::DeliveryRead);
    let mut conn = app.connection().await?;
    let wanted = Wanted {
        units: units.clone(),
        states: words(show.1),
        account: filter.account,
        after: filter.pagination.after::<(DateTime<Utc>, Uuid)>()?,
        limit: filter.pagination.fetch(),
        ..Wanted::default()
    };
    let lines = lists::deliveries(&mut conn, &wanted).await?;
    let held = lists::held(&mut conn, &units).await?;
    let page = Page::new(lines, &filter.pagination, |line| (line.due_at, line.id));
    let now = app.publisher.now();
    let tabs: Vec<_> = SHOWS
        .iter()
        .map(|(name, _)| json!({ "name": name, "current": *name == show.0, "count": (*name == "held").then_some(held) }))
        .collect();
    let data = json!({
        "tabs": tabs,
        "show": show.0,
        "account": filter.account,
        "lines": page.items.iter().map(|line| shown(line, now)).collect::<Vec<_>>(),
        "next": page.next,
        "triage": show.0 == "held" && viewer.can(Action::DeliveryDecide),
    });
    Ok(app.shell.page(&viewer, "publisher/deliveries/list", &data))
}

async fn fragment(app: &App, viewer: &Viewer, wanted: Wanted, template: &str) -> Result<Response, Problem> {
    let wanted = Wanted {
        units: viewer.principal()?.units_for(Action::DeliveryRead),
        ..wanted
    };
    let lines = lists::deliveries(&mut *app.connection().await?, &wanted).await?;
    let now = app.publisher.now();
    let data = json!({ "lines": lines.iter().map(|line| shown(line, now)).collect::<Vec<_>>() });
    Ok(app.shell.fragment(viewer, template, &data))
}

pub(super) async fn recent(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let wanted = Wanted {
        states: words(&["published"]),
        limit: 5,
        ..Wanted::default()
    };
    fragment(&app, &viewer, wanted, "publisher/deliveries/recent").await
}

pub(super) async fn attention(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let wanted = Wanted {
        states: words(ATTENTION),
        limit: 5,
        ..Wanted::default()
    };
    fragment(&app, &viewer, wanted, "publisher/deliveries/attention").await
}

pub(super) async fn of_item(
    State(app): State<App>,
    viewer: Viewer,
    Path(item): Path<ItemId>,
) -> Result<Response, Problem> {
    let wanted = Wanted {
        item: Some(item),
        limit: 100,
        ..Wanted::default()
    };
    fragment(&app, &viewer, wanted, "publisher/deliveries/of_item").await
}

async fn one(app: &App, viewer: &Viewer, id: DeliveryId) -> Result<Value, Problem> {
    let units = viewer.principal()?.units_for(Action::DeliveryRead);
    let mut conn = app.connection().await?;
    let wanted = Wanted {
        units,
        id: Some(id),
        limit: 1,
        ..Wanted::default()
    };
    let line = lists::deliveries(&mut conn, &wanted)
        .await?
        .pop()
        .ok_or_else(Problem::not_found)?;
    let decides = require(
        &mut conn,
        viewer.principal()?,
        Action::DeliveryDecide,
        line.unit.into(),
    )
    .await
    .is_ok();
    let now = app.publisher.now();
    let settings = app.publisher.parts().settings;
    Ok(json!({
        "delivery": shown(&line, now),
        "text": lists::text(&mut conn, id).await?,
        "steps": lists::steps(&mut conn, id).await?,
        "decides": decides,
        // Until then a worker may still be sending, so nobody can know that it is not out.
        "quiet": line.intent_at.is_none_or(|intent| now >= intent + settings.locate_after()),
        "needs_decision": matches!(line.state.as_str(), "unknown" | "needs_person"),
        "held": line.state == "held",
        "take_down": matches!(line.withdrawal.as_deref(), Some("needs_person" | "impossible")),
    }))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<DeliveryId>,
) -> Result<Response, Problem> {
    let data = one(&app, &viewer, id).await?;
    Ok(app.shell.page(&viewer, "publisher/deliveries/page", &data))
}

pub(super) async fn state(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<DeliveryId>,
) -> Result<Response, Problem> {
    let data = one(&app, &viewer, id).await?;
    Ok(app.shell.fragment(&viewer, "publisher/deliveries/state", &data))
}

#[derive(Debug, Deserialize)]
pub(super) struct Decided {
    decision: String,
    #[serde(default)]
    permalink: String,
}

impl Decided {
    fn read(&self) -> Result<Decision, Problem> {
        match self.decision.as_str() {
            "published" => {
                let link = self.permalink.trim();
                let url: Option<Url> = link.parse().ok().filter(|url: &Url| {
                    matches!(url.scheme(), "https" | "http") && url.has_host() && link.len() <= 2000
                });
                url.map(Decision::IsPublished).ok_or_else(|| {
                    Problem::invalid("problem-invalid").field("permalink", "delivery-permalink-invalid")
                })
            }
            "not_published" => Ok(Decision::IsNotPublished),
            "look_again" => Ok(Decision::LookAgain),
            "release" => Ok(Decision::Release),
            "drop" => Ok(Decision::Drop),
            _ => Err(Problem::bad_request("problem-unexpected-value")),
        }
    }
}

pub(super) async fn decide(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<DeliveryId>,
    Form(form): Form<Decided>,
) -> Result<Response, Problem> {
    let mut data = one(&app, &viewer, id).await?;
    require_decision(&app, &viewer, id).await?;
    match form.read() {
        Ok(decision) => {
            app.publisher.decide(id, &decision, &actor(&viewer)?).await?;
            let said = format!("delivery-decided-{}", form.decision);
            Ok(Redirect::to(format!("/deliveries/{id}"))
                .flash(said)
                .into_response())
        }
        Err(problem) if problem.has_fields() => {
            if let Value::Object(map) = &mut data {
                map.insert("permalink".to_owned(), json!(form.permalink));
            }
            Ok(app
                .shell
                .refused(&viewer, "publisher/deliveries/page", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct TakenDown {
    decision: String,
}

/// What a person decides about a withdrawal that goes no further by itself.
pub(super) fn withdrawal_decision(word: &str) -> Result<WithdrawalDecision, Problem> {
    match word {
        "by_hand" => Ok(WithdrawalDecision::ByHand),
        "again" => Ok(WithdrawalDecision::Again),
        _ => Err(Problem::bad_request("problem-unexpected-value")),
    }
}

pub(super) async fn decide_withdrawal(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<DeliveryId>,
    Form(form): Form<TakenDown>,
) -> Result<Response, Problem> {
    let decision = withdrawal_decision(&form.decision)?;
    require_decision(&app, &viewer, id).await?;
    app.publisher
        .decide_withdrawal(id, decision, &actor(&viewer)?)
        .await?;
    let said = format!("withdrawal-decided-{}", form.decision);
    Ok(Redirect::to(format!("/deliveries/{id}"))
        .flash(said)
        .into_response())
}

pub(super) async fn require_decision(app: &App, viewer: &Viewer, id: DeliveryId) -> Result<(), Problem> {
    let units = viewer.principal()?.units_for(Action::DeliveryDecide);
    let wanted = Wanted {
        units,
        id: Some(id),
        limit: 1,
        ..Wanted::default()
    };
    match lists::deliveries(&mut *app.connection().await?, &wanted)
        .await?
        .pop()
    {
        Some(_) => Ok(()),
        None => Err(Problem::forbidden("refused-elsewhere").arg("action", Action::DeliveryDecide.as_str())),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    delivery: Vec<DeliveryId>,
}

/// Triage: several held deliveries at once, each looked at with its own permission.
pub(super) async fn release(
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<Chosen>,
) -> Result<Response, Problem> {
    let mut allowed = Vec::new();
    for id in form.delivery.iter().take(200) {
        if require_decision(&app, &viewer, *id).await.is_ok() {
            allowed.push(*id);
        }
    }
    let released = app.publisher.release_all(&allowed, &actor(&viewer)?).await?;
    let left = form.delivery.len().saturating_sub(released);
    let redirect = Redirect::to("/deliveries?show=held").flash("delivery-released-some");
    Ok(redirect
        .arg("count", number(released))
        .arg("left", number(left))
        .into_response())
}

#[expect(clippy::cast_precision_loss, reason = "a count of forms' boxes")]
fn number(count: usize) -> chancery_web::Arg {
    chancery_web::Arg::Number(count as f64)
}
