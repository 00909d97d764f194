//! What an administrator does for a person: postings, invitations, a lost device, leaving.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::{Action, Place};
use chancery_contracts::ids::PersonId;
use chancery_web::{Caller, Form, Path, Problem, Redirect, Require, Viewer};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::App;
use crate::IdentityError;
use crate::people::PostingForm;
use crate::store::{grants, units};

pub(crate) async fn grant(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<PersonId>,
    Form(form): Form<PostingForm>,
) -> Result<Response, Problem> {
    app.person(id).await?;
    let granted = match app.posting(&viewer, &form).await {
        Ok(posting) => app
            .identity
            .grant(App::by(&viewer), id, &posting)
            .await
            .map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match granted {
        Ok(()) => Ok(Redirect::to(format!("/people/{id}"))
            .flash("people-posting-added")
            .into_response()),
        Err(problem) if problem.has_fields() => {
            let data = app.person_page(&viewer, &me, id, &form).await?;
            Ok(app
                .shell
                .refused(&viewer, "identity/people/show", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct End {
    #[serde(default)]
    last: String,
}

pub(crate) async fn end_posting(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path((person, posting)): Path<(PersonId, Uuid)>,
    Form(form): Form<End>,
) -> Result<Response, Problem> {
    let mut conn = app.pool.acquire().await?;
    let found = grants::get(&mut conn, posting)
        .await?
        .filter(|posting| posting.person_id == person);
    let unit = found.ok_or_else(Problem::not_found)?.unit_id;
    let path = units::path(&mut conn, unit).await?.unwrap_or_default();
    drop(conn);
    me.require(Action::PersonManage, &Place { path: &path })?;
    let last: NaiveDate = form
        .last
        .parse()
        .map_err(|_| IdentityError::field("last", "error-date"))?;
    app.identity.end_posting(App::by(&viewer), posting, last).await?;
    Ok(Redirect::to(format!("/people/{person}"))
        .flash("people-posting-ended")
        .into_response())
}

pub(crate) async fn invite(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<PersonId>,
) -> Result<Response, Problem> {
    app.person(id).await?;
    app.require_manages(&me, id).await?;
    let invitation = app.identity.invite(App::by(&viewer), id).await?;
    app.invited(&viewer, &invitation).await
}

pub(crate) async fn reset_second_factor(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<PersonId>,
) -> Result<Response, Problem> {
    app.require_manages(&me, id).await?;
    app.identity.reset_second_factor(App::by(&viewer), id).await?;
    Ok(Redirect::to(format!("/people/{id}"))
        .flash("people-second-factor-reset")
        .into_response())
}

pub(crate) async fn deactivate(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<PersonId>,
) -> Result<Response, Problem> {
    set_active(&app, &viewer, &me, id, false).await
}

pub(crate) async fn reactivate(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<PersonId>,
) -> Result<Response, Problem> {
    set_active(&app, &viewer, &me, id, true).await
}

async fn set_active(
    app: &App,
    viewer: &Viewer,
    me: &chancery_access::Principal,
    id: PersonId,
    active: bool,
) -> Result<Response, Problem> {
    app.require_manages(me, id).await?;
    app.identity.set_active(App::by(viewer), id, active).await?;
    let flash = if active {
        "people-reactivated"
    } else {
        "people-deactivated"
    };
    Ok(Redirect::to(format!("/people/{id}")).flash(flash).into_response())
}
