//! `/api/v1`: units, people, oneself, tokens, the audit trail. The same checks as the pages.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::{Action, Place};
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_web::{Access, Caller, ETag, Json, Page, Path, Problem, Query, Require, Routes, Viewer};
use chrono::TimeDelta;
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::{App, audit, people};
use crate::model::Names;
use crate::model::person::PersonForm;
use crate::model::secret;
use crate::model::unit::UnitForm;
use crate::people::PostingForm;
use crate::store::audit::Entry;
use crate::store::grants::{self, Posting};
use crate::store::people::{Person, PersonRow};
use crate::store::sessions;
use crate::store::tokens::{self, Token};
use crate::store::units::{self, Unit};

#[derive(OpenApi)]
#[openapi(
    paths(list_units, get_unit, add_unit, change_unit, list_people, get_person, add_person, me, list_tokens, make_token,
          revoke_token, list_audit),
    components(schemas(Unit, UnitForm, Names, Person, PersonForm, PersonRow, Posting, PostingForm, Me, NewPersonBody,
                       AddedPerson, Token, TokenBody, MadeToken, Entry, UnitBody)),
    tags((name = "identity", description = "Units, people, tokens, the audit trail"))
)]
struct Description;

pub(super) fn routes(routes: Routes<App>) -> Routes<App> {
    let (read, units, persons) = (
        Access::Api(Action::UnitRead),
        Access::Api(Action::UnitManage),
        Access::Api(Action::PersonManage),
    );
    routes
        .get(read, "/api/v1/units", list_units)
        .post(units, "/api/v1/units", add_unit)
        .get(read, "/api/v1/units/{id}", get_unit)
        .put(units, "/api/v1/units/{id}", change_unit)
        .get(read, "/api/v1/people", list_people)
        .post(persons, "/api/v1/people", add_person)
        .get(read, "/api/v1/people/{id}", get_person)
        .get(read, "/api/v1/me", me)
        .get(read, "/api/v1/tokens", list_tokens)
        .post(read, "/api/v1/tokens", make_token)
        .delete(read, "/api/v1/tokens/{id}", revoke_token)
        .get(Access::Api(Action::AuditRead), "/api/v1/audit", list_audit)
        .openapi(Description::openapi())
}

/// Every unit, ended ones too.
#[utoipa::path(get, path = "/api/v1/units", tag = "identity", responses((status = 200, body = Vec<Unit>)))]
async fn list_units(State(app): State<App>) -> Result<Json<Vec<Unit>>, Problem> {
    Ok(Json(units::all(&app.pool).await?))
}

/// One unit; its `ETag` is what a change must send as `If-Match`.
#[utoipa::path(get, path = "/api/v1/units/{id}", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 200, body = Unit), (status = 404)))]
async fn get_unit(State(app): State<App>, Path(id): Path<UnitId>) -> Result<Response, Problem> {
    let unit = units::get(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    let tag = ETag::of_version(unit.revision);
    Ok(([(header::ETAG, tag.header())], Json(unit)).into_response())
}

/// Adds a unit below one that the caller manages.
#[utoipa::path(post, path = "/api/v1/units", tag = "identity", request_body = UnitForm,
    responses((status = 201, body = Unit), (status = 403), (status = 422)))]
async fn add_unit(
    State(app): State<App>,
    viewer: Viewer,
    Json(form): Json<UnitForm>,
) -> Result<Response, Problem> {
    let id = app.create_unit(&viewer, &form).await?;
    let unit = units::get(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    let place = [(header::LOCATION, format!("/api/v1/units/{id}"))];
    Ok((StatusCode::CREATED, place, Json(unit)).into_response())
}

/// A unit's fields and, with a new name, the day from which it counts.
#[derive(Debug, Deserialize, ToSchema)]
struct UnitBody {
    #[serde(flatten)]
    unit: UnitForm,
    /// First day of a changed name; today if left out.
    #[serde(default)]
    renamed_from: String,
}

/// Replaces a unit's fields. `If-Match` must name the version that was read.
#[utoipa::path(put, path = "/api/v1/units/{id}", tag = "identity", params(("id" = Uuid, Path)),
    request_body = UnitBody, responses((status = 200, body = Unit), (status = 403), (status = 409), (status = 422)))]
async fn change_unit(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<UnitId>,
    Json(body): Json<UnitBody>,
) -> Result<Json<Unit>, Problem> {
    let unit = units::get(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    if !ETag::of_version(unit.revision).satisfies(&headers) {
        return Err(Problem::conflict("identity-stale"));
    }
    app.update_unit(&viewer, id, &body.unit, unit.revision, &body.renamed_from)
        .await?;
    Ok(Json(
        units::get(&app.pool, id).await?.ok_or_else(Problem::not_found)?,
    ))
}

/// A page of people, by name: `?q=`, `?unit=`, `?role=`, `?after=`, `?limit=`.
#[utoipa::path(get, path = "/api/v1/people", tag = "identity",
    params(("q" = Option<String>, Query), ("unit" = Option<Uuid>, Query), ("role" = Option<String>, Query),
           ("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Vec<PersonRow>)))]
async fn list_people(
    State(app): State<App>,
    Caller(me): Caller,
    Query(filter): Query<people::Filter>,
) -> Result<Json<Page<PersonRow>>, Problem> {
    Ok(Json(app.people(&me, &filter).await?))
}

/// A person and what they hold.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// Who.
    person: Person,
    /// Postings, past and future ones too.
    postings: Vec<Posting>,
}

/// One person with their postings, for who reads a unit where they hold or held a role.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 200, body = Me), (status = 404)))]
async fn get_person(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<PersonId>,
) -> Result<Json<Me>, Problem> {
    if let Some(units) = app.visible(&caller, Action::UnitRead).await?
        && caller.person != id
        && !grants::any_below(&app.pool, id, &units).await?
    {
        return Err(Problem::not_found());
    }
    Ok(Json(Me {
        person: app.person(id).await?,
        postings: grants::of_person(&app.pool, id).await?,
    }))
}

/// A person and their first posting.
#[derive(Debug, Deserialize, ToSchema)]
struct NewPersonBody {
    /// Who.
    person: PersonForm,
    /// Their first posting.
    posting: PostingForm,
}

/// The link by which a new person sets their password; not shown again.
#[derive(Debug, Serialize, ToSchema)]
struct AddedPerson {
    /// Their id.
    id: PersonId,
    /// To hand over on a safe way.
    invitation: String,
}

/// Adds a person at a unit whose people the caller manages.
#[utoipa::path(post, path = "/api/v1/people", tag = "identity", request_body = NewPersonBody,
    responses((status = 201, body = AddedPerson), (status = 403), (status = 422)))]
async fn add_person(
    State(app): State<App>,
    viewer: Viewer,
    Json(body): Json<NewPersonBody>,
) -> Result<Response, Problem> {
    let made = app.add_person(&viewer, &body.person, &body.posting).await?;
    let invitation = format!(
        "{}/sign-in/invitation/{}",
        app.shell.config().base_url,
        made.secret.reveal()
    );
    Ok((
        StatusCode::CREATED,
        Json(AddedPerson {
            id: made.person,
            invitation,
        }),
    )
        .into_response())
}

/// The caller.
#[utoipa::path(get, path = "/api/v1/me", tag = "identity", responses((status = 200, body = Me)))]
async fn me(State(app): State<App>, Caller(me): Caller) -> Result<Json<Me>, Problem> {
    Ok(Json(Me {
        person: app.person(me.person).await?,
        postings: grants::of_person(&app.pool, me.person).await?,
    }))
}

/// The caller's tokens that still work.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "identity", responses((status = 200, body = Vec<Token>)))]
async fn list_tokens(State(app): State<App>, Caller(me): Caller) -> Result<Json<Vec<Token>>, Problem> {
    Ok(Json(
        tokens::list(&app.pool, me.person, app.identity.clock.now()).await?,
    ))
}

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
struct TokenBody {
    /// What its owner calls it.
    name: String,
    /// Names of actions: `item.read`.
    scopes: Vec<String>,
    /// How long it lives, at most 366.
    days: u16,
}

/// A token that was just made; not shown again.
#[derive(Debug, Serialize, ToSchema)]
struct MadeToken {
    /// For `Authorization: Bearer …`.
    token: String,
}

/// Makes a token. Only from a session: a token makes no tokens.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "identity", request_body = TokenBody,
    responses((status = 201, body = MadeToken), (status = 403), (status = 422)))]
async fn make_token(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    headers: HeaderMap,
    Json(body): Json<TokenBody>,
) -> Result<Response, Problem> {
    let cookie = app.shell.session_token(&headers).filter(|_| !viewer.by_token());
    let cookie = cookie.ok_or_else(|| Problem::forbidden("tokens-refused"))?;
    let standing = sessions::standing(&app.pool, &secret::hash(&cookie)).await?;
    let strong = standing.ok_or_else(Problem::unauthenticated)?.strong;
    let life = TimeDelta::days(i64::from(body.days));
    let token = app
        .identity
        .make_token(
            App::by(&viewer),
            me.person,
            &body.name,
            &body.scopes,
            life,
            strong,
        )
        .await?;
    let made = MadeToken {
        token: token.reveal().to_owned(),
    };
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        Json(made),
    )
        .into_response())
}

/// Takes back one of the caller's tokens.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "identity", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404)))]
async fn revoke_token(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    app.identity.revoke_token(App::by(&viewer), me.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A page of the audit trail, the latest first: `?actor=`, `?unit=`, `?action=`, `?subject=`, `?from=`, `?until=`,
/// `?after=`, `?limit=`. Days are headquarters'.
#[utoipa::path(get, path = "/api/v1/audit", tag = "identity",
    params(("actor" = Option<Uuid>, Query), ("unit" = Option<Uuid>, Query), ("action" = Option<String>, Query),
           ("subject" = Option<Uuid>, Query), ("from" = Option<String>, Query), ("until" = Option<String>, Query),
           ("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Vec<Entry>)))]
async fn list_audit(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Query(filter): Query<audit::Filter>,
) -> Result<Json<Page<Entry>>, Problem> {
    if let Ok(unit) = filter.unit.parse::<UnitId>() {
        let mut conn = app.pool.acquire().await?;
        let path = units::path(&mut conn, unit)
            .await?
            .ok_or_else(Problem::not_found)?;
        me.require(Action::AuditRead, &Place { path: &path })?;
    }
    Ok(Json(
        app.audit_entries(&me, &filter, viewer.headquarters_zone).await?,
    ))
}
