//! Short addresses of what the ministry published: a reader is sent on and counted, and nothing is asked or kept of them.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_web::{Args, Path, Problem, Viewer};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use super::Newsroom;
use super::answer::gone;
use super::view::{Frame, absolute};
use crate::store::Short;

/// `/s/{code}`: leads to what was approved under this code, and nowhere else.
pub(super) async fn follow(
    State(newsroom): State<Newsroom>,
    viewer: Viewer,
    method: Method,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    // No code of ours has anything else in it, and a database takes no zero byte.
    if !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Problem::not_found());
    }
    match newsroom.store.short(&code).await? {
        Short::Gone => Ok(gone(page(&newsroom, &viewer, &code)?)),
        Short::Leads(target) => {
            let location = HeaderValue::from_str(&target).map_err(Problem::internal)?;
            // A program that only asks for the head has read nothing. A reader goes on, whether counted or not.
            let today = newsroom.clock.now().date_naive();
            if method == Method::GET
                && let Err(error) = newsroom.store.followed(&code, today).await
            {
                tracing::warn!(%error, "a short address was followed and not counted");
            }
            let headers = [
                (header::LOCATION, location),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (
                    header::HeaderName::from_static("x-robots-tag"),
                    HeaderValue::from_static("noindex"),
                ),
            ];
            Ok((StatusCode::FOUND, headers).into_response())
        }
    }
}

/// What stands in the place of a link that was withdrawn.
fn page(newsroom: &Newsroom, viewer: &Viewer, code: &str) -> Result<String, Problem> {
    let (shell, language) = (&newsroom.shell, viewer.language);
    let frame = Frame {
        language: language.tag().to_owned(),
        interface: language.tag(),
        direction: "ltr",
        title: shell.message(language, "press-short-gone", &Args::new()),
        description: String::new(),
        canonical: absolute(shell, &format!("/s/{code}")),
        alternates: Vec::new(),
        default: None,
        demo: shell.config().demo,
        open_graph: "website",
        picture: None,
        json_ld: Value::Null,
        noindex: true,
    };
    shell.text(
        &Viewer::anonymous(language),
        "newsroom/short_gone",
        &json!({ "frame": frame }),
    )
}
