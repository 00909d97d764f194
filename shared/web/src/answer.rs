//! From what a handler returned to what the client can use: problems become pages, fragments or problem+json, and
//! redirects become headers for htmx.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::problem::Kind;
use crate::redirect::RedirectsTo;
use crate::{Language, Problem, Shell, Viewer, cookies, problem_text};

/// What must be remembered of a request until its answer is written.
pub(crate) struct Asked {
    method: Method,
    uri: Uri,
    is_api: bool,
    language: Option<Language>,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        let path = request.uri().path();
        let wants_json = request.headers().get(header::ACCEPT).is_some_and(|accept| {
            accept
                .to_str()
                .is_ok_and(|accept| accept.contains("json") && !accept.contains("text/html"))
        });
        Self {
            method: request.method().clone(),
            is_api: path.starts_with("/api/") || wants_json,
            language: query_value(request.uri(), "lang").and_then(|tag| tag.parse().ok()),
            uri: request.uri().clone(),
        }
    }
}

/// One parameter of an address.
pub(crate) fn query_value(uri: &Uri, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

pub(crate) fn finish(shell: &Shell, viewer: &Viewer, asked: &Asked, mut response: Response) -> Response {
    if let Some(problem) = problem_in(&mut response) {
        response = explain(shell, viewer, asked, &problem, &response);
    } else if viewer.htmx
        && let Some(RedirectsTo(to)) = response.extensions_mut().remove()
    {
        // A browser's fetch would follow the redirect and put the page into the fragment's place.
        let cookies: Vec<_> = response
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .cloned()
            .collect();
        response = (StatusCode::OK, [(HeaderName::from_static("hx-redirect"), to)]).into_response();
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    if let Some(language) = asked.language {
        let cookie = cookies::preference(cookies::LANGUAGE, language.tag());
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The problem that a handler returned, or the one that a bare status stands for.
fn problem_in(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let status = response.status();
    let is_bare = match response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    {
        None => true,
        Some(mime) => mime.starts_with("text/plain"),
    };
    (is_bare && (status.is_client_error() || status.is_server_error())).then(|| Problem::of(Kind::of(status)))
}

fn explain(shell: &Shell, viewer: &Viewer, asked: &Asked, problem: &Problem, before: &Response) -> Response {
    let kind = problem.details().kind;
    if kind == Kind::Unauthenticated && !asked.is_api && !viewer.htmx && asked.method.is_safe() {
        return to_sign_in(&asked.uri);
    }
    let mut text = problem_text::context(&shell.inner().locales, viewer.language, problem);
    if let Some(text) = text.as_object_mut() {
        text.insert("request_id".to_owned(), Value::String(viewer.request_id.clone()));
    }
    let mut response = if asked.is_api {
        problem_json(kind, viewer, problem, &text)
    } else {
        let template = if viewer.htmx {
            "errors/fragment"
        } else {
            "errors/page"
        };
        page(shell, viewer, template, kind, text)
    };
    let headers = response.headers_mut();
    if viewer.htmx && !asked.method.is_safe() {
        // What failed was a press of a button: its surroundings stay, the message goes to the top of the page.
        headers.insert("hx-retarget", HeaderValue::from_static("#problems"));
        headers.insert("hx-reswap", HeaderValue::from_static("innerHTML show:top"));
    }
    // What a handler put beside its problem, such as a protocol's own headers, and axum's `Allow`.
    for (name, value) in before.headers() {
        if !matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH) {
            headers.insert(name, value.clone());
        }
    }
    if let Some(wait) = problem.details().retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    if kind == Kind::Unauthenticated {
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"chancery\""),
        );
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn to_sign_in(uri: &Uri) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    let to = if path == "/" {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?next={next}")
    };
    crate::Redirect::to(to).into_response()
}

/// RFC 9457.
fn problem_json(kind: Kind, viewer: &Viewer, problem: &Problem, text: &Value) -> Response {
    let say = |name: &str| text.get(name).cloned().unwrap_or_default();
    let details = problem.details();
    let errors: Vec<_> = details
        .fields
        .iter()
        .map(|field| {
            let message = text
                .pointer("/messages")
                .and_then(|messages| messages.get(field.field.as_ref()));
            json!({ "field": field.field, "code": field.key, "detail": message })
        })
        .collect();
    let mut body = json!({
        "type": format!("urn:chancery:problem:{}", details.key),
        "title": say("title"),
        "status": kind.status().as_u16(),
        "detail": say("message"),
        "next": say("next"),
        "request_id": viewer.request_id,
    });
    if let (Some(body), false) = (body.as_object_mut(), errors.is_empty()) {
        body.insert("errors".to_owned(), Value::Array(errors));
    }
    if let (Some(body), false) = (body.as_object_mut(), details.args.is_empty()) {
        body.insert("arguments".to_owned(), json!(details.args));
    }
    (
        kind.status(),
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}

fn page(shell: &Shell, viewer: &Viewer, template: &str, kind: Kind, text: Value) -> Response {
    let data = Map::from_iter([("problem".to_owned(), text)]);
    let rendered = shell.text(viewer, template, &Value::Object(data));
    let html = rendered.unwrap_or_else(|_| "<!doctype html><title>500</title><h1>500</h1>".to_owned());
    (
        kind.status(),
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        html,
    )
        .into_response()
}
