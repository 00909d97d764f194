//! `/api/v1/releases`: what the press rooms show, for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::WithdrawalReason;
use chancery_web::{Json, Page, Pagination, Path, Problem, Query};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::Newsroom;
use super::view::absolute;
use crate::model::{Release, Standing};

#[derive(Debug, OpenApi)]
#[openapi(
    paths(list, show),
    components(schemas(ReleaseDocument, CorrectionDocument, ImageDocument, ReleaseList))
)]
struct Description;

/// The description of these routes.
pub(super) fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// Which releases.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// The press room's part of the address, e.g. `vientiane`. Without it, all rooms.
    mission: Option<String>,
    /// BCP 47 language tag. Without it, all languages.
    language: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Releases on a page, 1 to 100; 25 when not given.
    limit: Option<String>,
}

/// A page of releases, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReleaseList)]
pub(super) struct ReleaseList {
    /// At most `limit` releases.
    items: Vec<ReleaseDocument>,
    /// The `after` of the next page; null on the last.
    next: Option<String>,
}

/// A release on a press room.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Release)]
pub(super) struct ReleaseDocument {
    /// Its id.
    id: Uuid,
    /// The unit that speaks.
    unit_id: Uuid,
    /// BCP 47 language tag.
    language: String,
    /// The headline; empty when it was withdrawn for a reason that hides it too.
    title: String,
    /// Plain text; an empty line separates paragraphs. Null once withdrawn.
    body: Option<String>,
    /// What it is about.
    topic: Option<String>,
    /// Where people read it.
    url: String,
    /// When it went out.
    published_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// When it was taken down; null while it stands.
    withdrawn_at: Option<DateTime<Utc>>,
    /// What was said with it.
    withdrawn_reason: Option<String>,
    /// Why it was taken down: `published_in_error`, `superseded`, `rights_ended`, `sensitive`, `wrong_facts` or `other`;
    /// null for what was taken down before there was such a list.
    #[schema(value_type = Option<String>)]
    withdrawn_cause: Option<WithdrawalReason>,
    /// What was corrected, the first correction first.
    corrections: Vec<CorrectionDocument>,
    /// Its pictures, in order.
    images: Vec<ImageDocument>,
}

/// A correction of a release.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReleaseCorrection)]
pub(super) struct CorrectionDocument {
    /// When.
    at: DateTime<Utc>,
    /// What, in words for the public.
    note: String,
}

/// A picture of a release.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReleaseImage)]
pub(super) struct ImageDocument {
    /// Where it is.
    url: String,
    /// Media type.
    mime: String,
    /// In pixels.
    width: i32,
    /// In pixels.
    height: i32,
    /// What it shows.
    alt: String,
}

/// Releases that stand, newest first.
#[utoipa::path(get, path = "/api/v1/releases", tag = "releases", params(Filter), responses(
    (status = 200, description = "Releases that stand, newest first", body = ReleaseList),
    (status = 400, description = "The cursor was not made by this list"),
    (status = 404, description = "There is no such press room"),
))]
pub(super) async fn list(
    State(newsroom): State<Newsroom>,
    Query(filter): Query<Filter>,
) -> Result<Json<ReleaseList>, Problem> {
    let unit = match &filter.mission {
        Some(mission) => Some(newsroom.store.room(mission).await?.unit),
        None => None,
    };
    let pagination = Pagination {
        after: filter.after,
        limit: filter.limit,
    };
    let page: Page<Release> = newsroom
        .store
        .page(unit, filter.language.as_deref(), &pagination)
        .await?;
    let page = page.map(|release| document(&newsroom, release));
    Ok(Json(ReleaseList {
        items: page.items,
        next: page.next,
    }))
}

/// One release, also when it was withdrawn.
#[utoipa::path(get, path = "/api/v1/releases/{id}", tag = "releases", params(("id" = Uuid, Path, description = "The release")),
    responses(
        (status = 200, description = "It stands", body = ReleaseDocument),
        (status = 404, description = "It was never published"),
        (status = 410, description = "It was withdrawn, for the reason given", body = ReleaseDocument),
    ))]
pub(super) async fn show(
    State(newsroom): State<Newsroom>,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let release = newsroom.store.release(id).await?;
    let status = if release.standing == Standing::Public {
        StatusCode::OK
    } else {
        StatusCode::GONE
    };
    Ok((status, Json(document(&newsroom, release))).into_response())
}

fn document(newsroom: &Newsroom, release: Release) -> ReleaseDocument {
    let shell = &newsroom.shell;
    let (body, withdrawn_at, withdrawn_reason, withdrawn_cause) = match release.standing {
        Standing::Public => (Some(release.body), None, None, None),
        Standing::Withdrawn { at, cause, reason } => (None, Some(at), Some(reason), cause),
    };
    let corrections = release.corrections.into_iter();
    let images = release
        .images
        .iter()
        .map(|image| ImageDocument {
            url: absolute(shell, &image.path()),
            mime: image.mime.clone(),
            width: image.width,
            height: image.height,
            alt: image.alt.clone(),
        })
        .collect();
    ReleaseDocument {
        id: release.id.0,
        unit_id: release.unit.0,
        language: release.language,
        title: release.title,
        body,
        topic: release.topic,
        url: absolute(shell, &release.path),
        published_at: release.published_at,
        updated_at: release.updated_at,
        withdrawn_at,
        withdrawn_reason,
        withdrawn_cause,
        corrections: corrections
            .map(|correction| CorrectionDocument {
                at: correction.at,
                note: correction.note,
            })
            .collect(),
        images,
    }
}
