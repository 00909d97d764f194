//! `/api/v1/approvals`, `/api/v1/delegations`, `/api/v1/policy`: what waits, who decides, and why not.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chancery_contracts::{EditionHash, Topic};
use chancery_web::{Json, Page, Pagination, Path, Problem, Query, Viewer};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::{Kind, Rule, StepRole, Subject, chain};
use crate::routes::transitions::TransitionDocument;
use crate::routes::{App, actor, queue, transitions};
use crate::store::passages::{self, Passage};
use crate::store::waiting::{self, Waiting};
use crate::store::{delegations, policies};
use crate::workflow::{NewDelegation, NewMark};

/// A page of what waits for the caller's decision, the most urgent first: `?after=`, `?limit=`.
#[utoipa::path(get, path = "/api/v1/approvals", tag = "calendar",
    params(("after" = Option<String>, Query), ("limit" = Option<u32>, Query)), responses((status = 200)))]
pub(super) async fn waiting(
    State(app): State<App>,
    viewer: Viewer,
    Query(pagination): Query<Pagination>,
) -> Result<Json<Page<Waiting>>, Problem> {
    let mut conn = app.connection().await?;
    let rows = waiting::waiting(
        &mut conn,
        viewer.principal()?,
        pagination.after()?,
        pagination.fetch(),
    )
    .await?;
    Ok(Json(Page::new(rows, &pagination, |row| (row.deadline, row.id))))
}

/// An item, and the `edition_hash` that was read.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Chosen {
    /// Which item.
    item: Uuid,
    /// What was read.
    hash: String,
}

/// What is approved at once: at most 100.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Several {
    /// Each by itself.
    items: Vec<Chosen>,
}

/// What became of one of several.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Outcome {
    /// Which item.
    item: Uuid,
    /// Whether it was approved.
    approved: bool,
    /// What to know, in the caller's language.
    sentence: String,
}

/// Approves several, each bound to the hash that was read; one that fails does not stop the others.
#[utoipa::path(post, path = "/api/v1/approvals", tag = "calendar", request_body = Several,
    responses((status = 200, body = Vec<Outcome>), (status = 422)))]
pub(super) async fn approve_several(
    State(app): State<App>,
    viewer: Viewer,
    Json(body): Json<Several>,
) -> Result<Json<Vec<Outcome>>, Problem> {
    if body.items.len() > queue::MANY {
        return Err(Problem::invalid("approvals-several-too-many").arg("count", queue::MANY));
    }
    let chosen: Result<Vec<(ItemId, EditionHash)>, Problem> = body
        .items
        .iter()
        .map(|one| {
            let hash = one.hash.parse();
            Ok((
                one.item.into(),
                hash.map_err(|_| Problem::invalid("approvals-several-unreadable"))?,
            ))
        })
        .collect();
    let done = app.workflow.approve_several(actor(&viewer)?, &chosen?).await;
    let outcome = |(id, result): (ItemId, _)| {
        let (approved, sentence) = queue::told(&app, &viewer, result);
        Outcome {
            item: id.0,
            approved,
            sentence,
        }
    };
    Ok(Json(done.into_iter().map(outcome).collect()))
}

/// What the caller may do with an item now, and of the rest, why not.
#[utoipa::path(get, path = "/api/v1/items/{id}/transitions", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<TransitionDocument>), (status = 404)))]
pub(super) async fn show_transitions(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Json<Vec<TransitionDocument>>, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    Ok(Json(
        transitions::shown(&app, &mut conn, &viewer, &item, &unit).await?,
    ))
}

/// The passages of an item that were marked, the latest first.
#[utoipa::path(get, path = "/api/v1/items/{id}/passages", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<Passage>), (status = 404)))]
pub(super) async fn list_passages(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Json<Vec<Passage>>, Problem> {
    let mut conn = app.connection().await?;
    app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let me = viewer.principal()?.person;
    // What nobody has been sent yet is its author's alone.
    let mut found = passages::of_item(&mut conn, id).await?;
    found.retain(|mark| mark.sent || mark.person == me);
    Ok(Json(found))
}

/// A passage of the edition that has this hash.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MarkBody {
    /// The `edition_hash` that was read.
    hash: String,
    /// Where, and what is to be changed.
    #[serde(flatten)]
    mark: NewMark,
}

/// Marks a passage of what waits for the caller's decision.
#[utoipa::path(post, path = "/api/v1/items/{id}/passages", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = MarkBody, responses((status = 204), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn mark_passage(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(body): Json<MarkBody>,
) -> Result<StatusCode, Problem> {
    let seen = body
        .hash
        .parse()
        .map_err(|_| Problem::conflict("approvals-objection-changed"))?;
    app.workflow.mark(actor(&viewer)?, id, seen, body.mark).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back one's own mark before it is sent.
#[utoipa::path(delete, path = "/api/v1/items/{id}/passages/{passage}", tag = "calendar",
    params(("id" = Uuid, Path), ("passage" = Uuid, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub(super) async fn unmark_passage(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, passage)): Path<(ItemId, Uuid)>,
) -> Result<StatusCode, Problem> {
    app.workflow.unmark(actor(&viewer)?, id, passage).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that what was marked is settled.
#[utoipa::path(post, path = "/api/v1/items/{id}/passages/{passage}/settle", tag = "calendar",
    params(("id" = Uuid, Path), ("passage" = Uuid, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub(super) async fn settle_passage(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, passage)): Path<(ItemId, Uuid)>,
) -> Result<StatusCode, Problem> {
    app.workflow.settle(actor(&viewer)?, id, passage).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who decides on whose behalf, at the caller's units; the latest first.
#[utoipa::path(get, path = "/api/v1/delegations", tag = "calendar", responses((status = 200)))]
pub(super) async fn list_delegations(State(app): State<App>, viewer: Viewer) -> Result<Json<Value>, Problem> {
    let principal = viewer.principal()?;
    let mut conn = app.connection().await?;
    let roots = principal.units_for(Action::ItemRead);
    let found = delegations::list(&mut conn, principal.person, &roots).await?;
    Ok(Json(json!({ "items": found })))
}

/// Names somebody to decide on the caller's behalf.
#[utoipa::path(post, path = "/api/v1/delegations", tag = "calendar", request_body = NewDelegation,
    responses((status = 201), (status = 403), (status = 422)))]
pub(super) async fn delegate(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewDelegation>,
) -> Result<Response, Problem> {
    let id = app.workflow.delegate(actor(&viewer)?, new).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))).into_response())
}

/// Ends a delegation before its day.
#[utoipa::path(post, path = "/api/v1/delegations/{id}/end", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub(super) async fn end_delegation(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    app.workflow.end_delegation(actor(&viewer)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A rule of policy; what is not named means any.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct RuleDocument {
    /// Its id; given by the server.
    #[serde(default)]
    id: Option<Uuid>,
    /// At this unit and below.
    #[serde(default)]
    unit: Option<Uuid>,
    /// For this kind.
    #[serde(default)]
    kind: Option<Kind>,
    /// For this topic.
    #[serde(default)]
    #[schema(inline)]
    topic: Option<Topic>,
    /// For items with a text in this language.
    #[serde(default)]
    language: Option<String>,
    /// What it adds to the head of mission's step.
    steps: Vec<StepRole>,
}

/// All rules of policy.
#[utoipa::path(get, path = "/api/v1/policy/rules", tag = "calendar", responses((status = 200, body = Vec<RuleDocument>)))]
pub(super) async fn list_rules(
    State(app): State<App>,
    _: Viewer,
) -> Result<Json<Vec<RuleDocument>>, Problem> {
    let mut conn = app.connection().await?;
    let document = |rule: Rule| RuleDocument {
        id: Some(rule.id),
        unit: rule.unit.map(|unit| unit.0),
        kind: rule.kind,
        topic: rule.topic,
        language: rule.language,
        steps: rule.steps,
    };
    let rules = policies::rules(&mut conn).await?;
    Ok(Json(rules.into_iter().map(document).collect()))
}

/// Writes a rule; the one that names the same unit, kind, topic and language is replaced.
#[utoipa::path(post, path = "/api/v1/policy/rules", tag = "calendar", request_body = RuleDocument,
    responses((status = 204), (status = 403), (status = 422)))]
pub(super) async fn put_rule(
    State(app): State<App>,
    viewer: Viewer,
    Json(body): Json<RuleDocument>,
) -> Result<StatusCode, Problem> {
    let rule = Rule {
        id: app.workflow.clock.new_id(),
        unit: body.unit.map(UnitId),
        kind: body.kind,
        topic: body.topic,
        language: body.language,
        steps: body.steps,
    };
    app.workflow.put_rule(actor(&viewer)?, rule).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a rule away.
#[utoipa::path(delete, path = "/api/v1/policy/rules/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub(super) async fn drop_rule(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    app.workflow.drop_rule(actor(&viewer)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is to be approved.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    unit: Uuid,
    kind: Option<Kind>,
    topic: Option<Topic>,
    language: Option<String>,
}

/// Who would approve this? `?unit=`, `?kind=`, `?topic=`, `?language=`: the steps in their order, `native_reviewer:lo`.
#[utoipa::path(get, path = "/api/v1/policy/chain", tag = "calendar",
    params(("unit" = Uuid, Query), ("kind" = Option<String>, Query), ("topic" = Option<String>, Query),
           ("language" = Option<String>, Query)),
    responses((status = 200, body = Vec<String>), (status = 404)))]
pub(super) async fn show_chain(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<String>>, Problem> {
    use chancery_web::Require;
    let mut conn = app.connection().await?;
    let unit = chancery_directory::unit(&mut conn, asked.unit.into()).await?;
    viewer.principal()?.require(Action::ItemRead, &unit.place())?;
    let rules = policies::rules(&mut conn).await?;
    let languages: Vec<&str> = asked.language.as_deref().into_iter().collect();
    let subject = Subject {
        path: &unit.path,
        is_mission: unit.is_mission,
        kind: asked.kind.unwrap_or(Kind::News),
        topic: asked.topic.unwrap_or(Topic::General),
        languages: &languages,
    };
    Ok(Json(
        chain(&rules, &subject).iter().map(ToString::to_string).collect(),
    ))
}

/// The languages that a native reviewer passes.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Languages {
    /// BCP 47 tags.
    languages: Vec<String>,
}

/// Says which languages a native reviewer passes.
#[utoipa::path(put, path = "/api/v1/policy/reviewers/{person}", tag = "calendar", params(("person" = Uuid, Path)),
    request_body = Languages, responses((status = 204), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn set_reviewer(
    State(app): State<App>,
    viewer: Viewer,
    Path(person): Path<PersonId>,
    Json(body): Json<Languages>,
) -> Result<StatusCode, Problem> {
    app.workflow
        .set_reviewer(actor(&viewer)?, person, &body.languages)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// When a step should be taken.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Deadline {
    /// So many minutes before the item's time: 2 to 10,080.
    minutes: i32,
}

/// Sets when a step should be taken.
#[utoipa::path(put, path = "/api/v1/policy/deadlines/{step}", tag = "calendar", params(("step" = String, Path)),
    request_body = Deadline, responses((status = 204), (status = 403), (status = 422)))]
pub(super) async fn set_deadline(
    State(app): State<App>,
    viewer: Viewer,
    Path(step): Path<StepRole>,
    Json(body): Json<Deadline>,
) -> Result<StatusCode, Problem> {
    app.workflow
        .set_deadline(actor(&viewer)?, step, body.minutes)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
