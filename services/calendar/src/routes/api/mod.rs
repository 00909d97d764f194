//! `/api/v1/items`, `/api/v1/approvals`, `/api/v1/campaigns`: what the pages do, for programs.

mod amendments;
mod approvals;
mod campaigns;
mod release;
mod taking_back;
mod webhooks;
mod wording;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{ItemId, UnitId};
use chancery_contracts::{EditionHash, Platform};
use chancery_web::{Access, ETag, Json, Page, Path, Problem, Query, Routes, Viewer};
use chrono::{DateTime, NaiveDateTime, Utc};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::items::Wanted;
use super::{App, actor};
use crate::model::{ClockChoice, Draft, Finding, Image, Kind, drawn};
use crate::store::campaigns::Campaign;
use crate::store::lists::{Row, Translated};
use crate::store::models::Adopted;
use crate::store::{accounts, approvals as decided, deliveries, lists, models, translations};
use crate::workflow::{CampaignDraft, NewTime, Saved};

#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        list_items,
        create_item,
        show_item,
        save_item,
        submit_item,
        reopen_item,
        cancel_item,
        comment_item,
        add_image,
        cut_image,
        uncut_image,
        decide,
        amendments::propose,
        amendments::accept,
        approvals::waiting,
        approvals::approve_several,
        approvals::show_transitions,
        approvals::list_passages,
        approvals::mark_passage,
        approvals::unmark_passage,
        approvals::settle_passage,
        approvals::list_delegations,
        approvals::delegate,
        approvals::end_delegation,
        approvals::list_rules,
        approvals::put_rule,
        approvals::drop_rule,
        approvals::show_chain,
        approvals::set_reviewer,
        approvals::set_deadline,
        taking_back::list_withdrawals,
        taking_back::withdraw,
        taking_back::settle,
        taking_back::correct,
        taking_back::change_notes,
        campaigns::list_campaigns,
        campaigns::create_campaign,
        campaigns::change_campaign,
        campaigns::turn_campaign,
        release::release,
        release::order,
        release::confirm,
        release::see,
        release::list,
        wording::list_names,
        wording::put_name,
        wording::remove_name,
        wording::list_words,
        wording::put_word,
        wording::remove_word,
        wording::list_versions,
        wording::restore_version
    ),
    components(schemas(
        ItemDocument,
        Draft,
        Image,
        Finding,
        DeliveryDocument,
        Adopted,
        Translated,
        Campaign,
        CampaignDraft,
        wording::WrittenName,
        crate::store::names::Listed,
        crate::store::names::NewWord,
        crate::store::names::MindedWord,
        crate::store::snapshots::Line
    ))
)]
struct Description;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::Api(Action::ItemRead);
    let write = Access::Api(Action::ItemWrite);
    let policy = Access::Api(Action::PolicyManage);
    webhooks::add(routes)
        .get(read, "/api/v1/items", list_items)
        .post(write, "/api/v1/items", create_item)
        .get(read, "/api/v1/items/{id}", show_item)
        .put(write, "/api/v1/items/{id}", save_item)
        .post(write, "/api/v1/items/{id}/submit", submit_item)
        .post(write, "/api/v1/items/{id}/reopen", reopen_item)
        .post(read, "/api/v1/items/{id}/cancel", cancel_item)
        .post(read, "/api/v1/items/{id}/comments", comment_item)
        .upload(write, "/api/v1/items/{id}/images", 20_000_000, add_image)
        .put(
            write,
            "/api/v1/items/{id}/images/{image}/cuts/{platform}",
            cut_image,
        )
        .delete(
            write,
            "/api/v1/items/{id}/images/{image}/cuts/{platform}",
            uncut_image,
        )
        .get(read, "/api/v1/approvals", approvals::waiting)
        .post(read, "/api/v1/approvals", approvals::approve_several)
        .get(
            read,
            "/api/v1/items/{id}/transitions",
            approvals::show_transitions,
        )
        .get(read, "/api/v1/items/{id}/passages", approvals::list_passages)
        .post(read, "/api/v1/items/{id}/passages", approvals::mark_passage)
        .delete(
            read,
            "/api/v1/items/{id}/passages/{passage}",
            approvals::unmark_passage,
        )
        .post(
            write,
            "/api/v1/items/{id}/passages/{passage}/settle",
            approvals::settle_passage,
        )
        .post(read, "/api/v1/items/{id}/amendments", amendments::propose)
        .post(
            write,
            "/api/v1/items/{id}/amendments/{amendment}/accept",
            amendments::accept,
        )
        .get(
            read,
            "/api/v1/items/{id}/withdrawals",
            taking_back::list_withdrawals,
        )
        .post(read, "/api/v1/items/{id}/withdrawals", taking_back::withdraw)
        .post(
            read,
            "/api/v1/items/{id}/withdrawals/{withdrawal}",
            taking_back::settle,
        )
        .post(write, "/api/v1/items/{id}/correction", taking_back::correct)
        .put(write, "/api/v1/items/{id}/correction", taking_back::change_notes)
        .get(read, "/api/v1/delegations", approvals::list_delegations)
        .post(read, "/api/v1/delegations", approvals::delegate)
        .post(read, "/api/v1/delegations/{id}/end", approvals::end_delegation)
        .get(policy, "/api/v1/policy/rules", approvals::list_rules)
        .post(policy, "/api/v1/policy/rules", approvals::put_rule)
        .delete(policy, "/api/v1/policy/rules/{id}", approvals::drop_rule)
        .get(read, "/api/v1/policy/chain", approvals::show_chain)
        .put(
            policy,
            "/api/v1/policy/reviewers/{person}",
            approvals::set_reviewer,
        )
        .put(policy, "/api/v1/policy/deadlines/{step}", approvals::set_deadline)
        .post(read, "/api/v1/approvals/{id}", decide)
        .post(read, "/api/v1/items/{id}/release", release::release)
        .post(read, "/api/v1/items/{id}/break-glass", release::order)
        .post(
            read,
            "/api/v1/items/{id}/break-glass/{order}/confirm",
            release::confirm,
        )
        .post(read, "/api/v1/items/{id}/break-glass/{order}/seen", release::see)
        .get(read, "/api/v1/break-glass", release::list)
        .get(read, "/api/v1/campaigns", campaigns::list_campaigns)
        .post(write, "/api/v1/campaigns", campaigns::create_campaign)
        .put(write, "/api/v1/campaigns/{id}", campaigns::change_campaign)
        .post(write, "/api/v1/campaigns/{id}/state", campaigns::turn_campaign)
        .get(read, "/api/v1/names", wording::list_names)
        .put(read, "/api/v1/names", wording::put_name)
        .delete(read, "/api/v1/names/{id}", wording::remove_name)
        .get(read, "/api/v1/words", wording::list_words)
        .post(read, "/api/v1/words", wording::put_word)
        .delete(read, "/api/v1/words/{id}", wording::remove_word)
        .get(read, "/api/v1/items/{id}/versions", wording::list_versions)
        .post(
            write,
            "/api/v1/items/{id}/versions/{version}/restore",
            wording::restore_version,
        )
        .openapi(Description::openapi())
}

/// An item, whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Item)]
struct ItemDocument {
    /// Its id.
    id: Uuid,
    /// Whose it is.
    unit: Uuid,
    /// `draft`, `changes_requested`, `submitted`, `ready`, `approved`, `scheduled`, `publishing`, `published`, `partly`,
    /// `failed`, `needs_person`, `withdrawn`, `stopping` or `cancelled`.
    state: String,
    /// Counts what was submitted.
    version: i32,
    /// Counts saves; the entity tag, to be sent as `If-Match`.
    revision: i64,
    /// When it goes out, or on command its window opens, in UTC.
    publish_at: Option<DateTime<Utc>>,
    /// From when on it is too late, in UTC.
    not_after: Option<DateTime<Utc>>,
    /// The IANA zone of its wall time.
    zone: Option<String>,
    /// Everything written in it.
    draft: Draft,
    /// Its pictures.
    images: Vec<Image>,
    /// What approvals are bound to; none while it is written.
    edition_hash: Option<String>,
    /// Who must approve, in order: `native_reviewer:lo`, `head_of_mission`, ….
    chain: Vec<String>,
    /// How many of them have.
    steps_done: i32,
    /// What is missing, or worth knowing; empty once it is submitted.
    findings: Vec<Finding>,
    /// What became of it, channel by channel.
    deliveries: Vec<DeliveryDocument>,
    /// The model that it was adopted from.
    model: Option<Adopted>,
    /// How far its translations are, language by language.
    translations: Vec<Translated>,
}

/// What the publisher last said of a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ItemDelivery)]
struct DeliveryDocument {
    /// Its id.
    id: Uuid,
    /// On which account.
    account: Option<String>,
    /// In which language: a BCP 47 tag.
    language: Option<String>,
    /// `waiting`, `held`, `publishing`, `published`, `unknown`, `needs_person`, `failed`, `missed` or `cancelled`.
    #[schema(value_type = String)]
    state: chancery_contracts::publisher::DeliveryStatus,
    /// Where the public sees it.
    permalink: Option<String>,
    /// What there is to explain.
    reason: Option<String>,
    /// How far taking it down has come: `requested`, `withdrawing`, `withdrawn`, `needs_person`, `impossible` or `void`;
    /// null while nobody wants that.
    #[schema(value_type = Option<String>)]
    withdrawal: Option<chancery_contracts::publisher::WithdrawalStatus>,
    /// What the platform said about that.
    withdrawal_reason: Option<String>,
}

async fn document(app: &App, viewer: &Viewer, id: ItemId) -> Result<ItemDocument, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(viewer)?, id).await?;
    let accounts = accounts::of_unit(&mut conn, unit.id).await?;
    let frozen = if item.state.is_open() {
        None
    } else {
        decided::version(&mut conn, id, item.version).await?
    };
    let (findings, chain) = match &frozen {
        Some(version) => (Vec::new(), version.chain.clone()),
        None => {
            app.workflow
                .findings(&mut conn, &item, &unit, &accounts, actor(viewer)?)
                .await?
        }
    };
    let reported = deliveries::of_item(&mut conn, id).await?;
    let model = models::of_item(&mut conn, id).await?;
    let translations = translations::standings(&mut conn, &[id]).await?;
    Ok(ItemDocument {
        id: id.0,
        unit: item.unit.0,
        state: item.state.to_string(),
        version: item.version,
        revision: item.revision,
        publish_at: item.appointment.map(crate::model::Appointment::instant),
        not_after: item.appointment.map(crate::model::Appointment::not_after),
        zone: item.appointment.map(|time| time.wall.zone.name().to_owned()),
        draft: item.draft,
        images: item.images,
        edition_hash: frozen.map(|version| version.hash.to_string()),
        chain: chain.iter().map(ToString::to_string).collect(),
        steps_done: item.steps_done,
        findings,
        deliveries: reported
            .into_iter()
            .map(|row| DeliveryDocument {
                id: row.id.0,
                account: row.account,
                language: row.language,
                withdrawal: row.withdrawal,
                withdrawal_reason: row.withdrawal_reason,
                state: row.status,
                permalink: row.permalink,
                reason: row.reason,
            })
            .collect(),
        model,
        translations: translations.into_values().flatten().collect(),
    })
}

/// The revision that `If-Match` names.
pub(super) fn revision(headers: &HeaderMap) -> Result<i64, Problem> {
    let tag = headers.get(header::IF_MATCH).and_then(|tag| tag.to_str().ok());
    let revision = tag.and_then(|tag| tag.trim().trim_matches('"').parse().ok());
    revision.ok_or_else(|| Problem::bad_request("items-if-match-missing"))
}

/// A document with its revision as entity tag, to be sent back as `If-Match`.
pub(super) fn tagged(status: StatusCode, revision: i64, document: impl Serialize) -> Response {
    let tag = ETag::of_version(revision).header();
    (status, [(header::ETAG, tag)], Json(document)).into_response()
}

async fn answer(app: &App, viewer: &Viewer, id: ItemId, status: StatusCode) -> Result<Response, Problem> {
    let document = document(app, viewer, id).await?;
    Ok(tagged(status, document.revision, document))
}

/// A page of items, the newest first: `?group=open|waiting|planned|out|withdrawn|trouble|stopped`, `?unit=`, `?campaign=`,
/// `?text=`, `?needs=translation`, `?after=`, `?limit=`.
#[utoipa::path(get, path = "/api/v1/items", tag = "calendar",
    params(("group" = Option<String>, Query), ("unit" = Option<Uuid>, Query), ("campaign" = Option<Uuid>, Query),
           ("text" = Option<String>, Query), ("needs" = Option<String>, Query), ("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200)))]
async fn list_items(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Page<Row>>, Problem> {
    let mut conn = app.connection().await?;
    let filter = wanted.filter(viewer.principal()?.units_for(Action::ItemRead));
    let pagination = wanted.pagination();
    let rows = lists::items(&mut conn, &filter, pagination.after()?, pagination.fetch()).await?;
    Ok(Json(Page::new(rows, pagination, |row| row.id)))
}

/// Whose item to make, and what is written in it.
#[derive(Debug, Deserialize, ToSchema)]
struct NewItem {
    /// The unit in whose name it speaks.
    unit: Uuid,
    /// Its content; without it an empty draft is made.
    draft: Option<Draft>,
}

/// Makes an item.
#[utoipa::path(post, path = "/api/v1/items", tag = "calendar", request_body = NewItem,
    responses((status = 201, body = ItemDocument), (status = 403), (status = 422)))]
async fn create_item(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<NewItem>,
) -> Result<Response, Problem> {
    let id = app
        .workflow
        .create(
            actor(&viewer)?,
            UnitId(new.unit),
            Kind::Statement,
            viewer.language.tag(),
        )
        .await?;
    if let Some(draft) = new.draft {
        app.workflow.save(actor(&viewer)?, id, 2, draft).await?;
    }
    answer(&app, &viewer, id, StatusCode::CREATED).await
}

/// One item, with what is missing or what became of it.
#[utoipa::path(get, path = "/api/v1/items/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200, body = ItemDocument), (status = 404)))]
async fn show_item(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Saves everything that is written in an item. `If-Match` must name the revision that it is based on; if that has
/// changed, what was sent is kept as the caller's copy and the answer is 409.
#[utoipa::path(put, path = "/api/v1/items/{id}", tag = "calendar", params(("id" = Uuid, Path)), request_body = Draft,
    responses((status = 200, body = ItemDocument), (status = 409), (status = 422)))]
async fn save_item(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<ItemId>,
    Json(draft): Json<Draft>,
) -> Result<Response, Problem> {
    let base = revision(&headers)?;
    match app.workflow.save(actor(&viewer)?, id, base, draft).await? {
        Saved::Now { .. } | Saved::Unchanged { .. } => answer(&app, &viewer, id, StatusCode::OK).await,
        Saved::Kept(_) => Err(Problem::conflict("items-kept")),
    }
}

/// What is submitted.
#[derive(Debug, Deserialize, ToSchema)]
struct Submission {
    /// The revision that is meant.
    revision: i64,
    /// A word to who approves.
    #[serde(default)]
    message: String,
}

/// Asks for approval.
#[utoipa::path(post, path = "/api/v1/items/{id}/submit", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Submission, responses((status = 200, body = ItemDocument), (status = 409), (status = 422)))]
async fn submit_item(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(submission): Json<Submission>,
) -> Result<Response, Problem> {
    app.workflow
        .submit(actor(&viewer)?, id, submission.revision, &submission.message)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Opens a submitted or approved item again, as a new version; its approvals are void.
#[utoipa::path(post, path = "/api/v1/items/{id}/reopen", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 200, body = ItemDocument), (status = 409)))]
async fn reopen_item(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    app.workflow.reopen(actor(&viewer)?, id).await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Something said.
#[derive(Debug, Deserialize, ToSchema)]
struct Said {
    /// At most 5,000 characters.
    #[serde(default)]
    text: String,
}

/// Cancels an item: `cancelled`, or `stopping` until the publisher confirms.
#[utoipa::path(post, path = "/api/v1/items/{id}/cancel", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Said, responses((status = 200, body = ItemDocument), (status = 409)))]
async fn cancel_item(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(said): Json<Said>,
) -> Result<Response, Problem> {
    app.workflow.cancel(actor(&viewer)?, id, &said.text).await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Says something about an item.
#[utoipa::path(post, path = "/api/v1/items/{id}/comments", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = Said, responses((status = 204), (status = 422)))]
async fn comment_item(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(said): Json<Said>,
) -> Result<StatusCode, Problem> {
    app.workflow.comment(actor(&viewer)?, id, &said.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds a picture: the file itself as the body, JPEG, PNG or WebP.
#[utoipa::path(post, path = "/api/v1/items/{id}/images", tag = "calendar", params(("id" = Uuid, Path)),
    request_body(content_type = "application/octet-stream"),
    responses((status = 200, body = ItemDocument), (status = 413), (status = 422)))]
async fn add_image(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    file: Bytes,
) -> Result<Response, Problem> {
    app.workflow.add_image(actor(&viewer)?, id, file).await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// The part of a picture that goes to a platform, in hundredths of its sides.
#[derive(Debug, Deserialize, ToSchema)]
struct CutBody {
    /// From the left.
    left: f32,
    /// From the top.
    top: f32,
    /// How wide.
    width: f32,
    /// How high.
    height: f32,
}

/// Sets which part of a picture goes to a platform.
#[utoipa::path(put, path = "/api/v1/items/{id}/images/{image}/cuts/{platform}", tag = "calendar",
    params(("id" = Uuid, Path), ("image" = Uuid, Path), ("platform" = String, Path)), request_body = CutBody,
    responses((status = 200, body = ItemDocument), (status = 404), (status = 422)))]
async fn cut_image(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, image, platform)): Path<(ItemId, Uuid, Platform)>,
    Json(cut): Json<CutBody>,
) -> Result<Response, Problem> {
    let frame = drawn([cut.left, cut.top, cut.width, cut.height]);
    app.workflow
        .cut_image(actor(&viewer)?, id, image, platform, frame)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// Sends all of a picture to a platform again.
#[utoipa::path(delete, path = "/api/v1/items/{id}/images/{image}/cuts/{platform}", tag = "calendar",
    params(("id" = Uuid, Path), ("image" = Uuid, Path), ("platform" = String, Path)),
    responses((status = 200, body = ItemDocument), (status = 404)))]
async fn uncut_image(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, image, platform)): Path<(ItemId, Uuid, Platform)>,
) -> Result<Response, Problem> {
    app.workflow
        .cut_image(actor(&viewer)?, id, image, platform, None)
        .await?;
    answer(&app, &viewer, id, StatusCode::OK).await
}

/// A decision on a submitted item.
#[derive(Debug, Deserialize, ToSchema)]
struct DecisionBody {
    /// `approve` or `request_changes`.
    decision: String,
    /// The `edition_hash` that was read.
    hash: String,
    /// What is to be changed; may be empty with an approval.
    #[serde(default)]
    comment: String,
    /// A new time in place of one that has passed.
    wall: Option<NaiveDateTime>,
    /// On whose wall; the host country's unless said.
    clock: Option<ClockChoice>,
}

/// Approves an item, or asks for changes, in the caller's name.
#[utoipa::path(post, path = "/api/v1/approvals/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    request_body = DecisionBody, responses((status = 200, body = ItemDocument), (status = 403), (status = 409)))]
async fn decide(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Json(body): Json<DecisionBody>,
) -> Result<Response, Problem> {
    let seen: EditionHash = body
        .hash
        .parse()
        .map_err(|_| Problem::conflict("approvals-objection-changed"))?;
    match body.decision.as_str() {
        "approve" => {
            let clock = body.clock.unwrap_or(ClockChoice::Host);
            let new_time = body.wall.map(|wall| NewTime { wall, clock });
            app.workflow
                .approve(actor(&viewer)?, id, seen, &body.comment, new_time)
                .await?;
        }
        "request_changes" => {
            app.workflow
                .ask_for_changes(actor(&viewer)?, id, seen, &body.comment)
                .await?;
        }
        _ => return Err(Problem::invalid("items-not-saved").field("decision", "items-value-unknown")),
    }
    answer(&app, &viewer, id, StatusCode::OK).await
}
