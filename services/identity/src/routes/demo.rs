//! The demonstration's sign-in: one click as each of its fictional people.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::ids::PersonId;
use chancery_web::{Form, Problem, Query, Viewer, local};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::json;

use super::App;
use crate::Visitor;
use crate::store::people;

/// The page's address, to go to `next` afterwards.
pub(super) fn address(next: &str) -> String {
    if next == "/" {
        return "/demo".to_owned();
    }
    let query = url_encode(next);
    format!("/demo?next={query}")
}

/// Percent-encodes everything but what is plain in a query.
fn url_encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Next {
    next: String,
}

pub(crate) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    let people = people::demo(&app.pool).await?;
    let (first, more): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.note.is_some());
    let data = json!({ "people": first, "more": more, "next": local(next.next) });
    Ok(app.shell.page(&viewer, "identity/sign-in/demo", &data))
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    person: PersonId,
    #[serde(default)]
    next: String,
}

pub(crate) async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Result<Response, Problem> {
    let session = app.identity.sign_in_demo(choice.person, &visitor).await?;
    Ok(app
        .let_in(&session, &local(choice.next), &headers, &visitor)
        .await?
        .into_response())
}
