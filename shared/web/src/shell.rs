//! The shell: what every page shares.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use chancery_clock::SharedClock;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sqlx::PgPool;

use crate::headquarters::Headquarters;
use crate::statics::Statics;
use crate::templates::Templates;
use crate::{Args, ETag, Language, Locales, Problem, Viewer, cookies, problem_text, times};

/// What the shell must be told.
#[derive(Debug, Clone)]
pub struct ShellConfig {
    /// Where people reach the product, without a trailing slash: `https://chancery.example.gov`.
    pub base_url: String,
    /// Whether this is a demonstration, with a banner on every page and one-click sign-in.
    pub demo: bool,
    /// Whether people come over TLS, so that cookies may insist on it.
    pub secure_cookies: bool,
    /// The clock beside the missions' until the root unit names its own.
    pub headquarters_zone: Tz,
}

impl Default for ShellConfig {
    fn default() -> Self {
        Self {
            base_url: "http://localhost:8080".to_owned(),
            demo: false,
            secure_cookies: false,
            headquarters_zone: Tz::Asia__Ho_Chi_Minh,
        }
    }
}

/// The shell can't start.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// A file that should be embedded is not.
    #[error("the file {0} is not part of this build")]
    Missing(String),
    /// A text file is not UTF-8.
    #[error("the file {0} is not UTF-8")]
    NotUtf8(String),
    /// A file of messages is broken.
    #[error("the messages in {file} can't be read: {reason}")]
    Locale {
        /// Which.
        file: String,
        /// Why.
        reason: String,
    },
    /// A template is broken.
    #[error("the template {name} can't be read: {reason}")]
    Template {
        /// Which.
        name: String,
        /// Why.
        reason: String,
    },
}

/// Templates, messages, static files and the look-up of sessions. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shell(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub config: ShellConfig,
    pub pool: PgPool,
    pub clock: SharedClock,
    pub locales: Arc<Locales>,
    pub templates: Templates,
    pub statics: Arc<Statics>,
    pub headquarters: Headquarters,
}

impl Shell {
    /// Reads all templates and messages. `pool` is any service's; it is used for what identity publishes.
    ///
    /// # Errors
    /// A template or a file of messages is broken.
    pub fn new(config: ShellConfig, pool: PgPool, clock: SharedClock) -> Result<Self, ShellError> {
        let locales = Arc::new(Locales::load()?);
        let statics = Arc::new(Statics::load());
        let headquarters = Headquarters::new(config.headquarters_zone);
        let templates = Templates::load(&locales, &statics, &headquarters)?;
        Ok(Self(Arc::new(Inner {
            config,
            pool,
            clock,
            locales,
            templates,
            statics,
            headquarters,
        })))
    }

    /// A whole page. `data` is an object; the template also sees `viewer` and `shell`.
    pub fn page(&self, viewer: &Viewer, template: &str, data: &impl Serialize) -> Response {
        self.answer(StatusCode::OK, viewer, template, self.context(viewer, data))
    }

    /// A part of a page, for htmx.
    pub fn fragment(&self, viewer: &Viewer, template: &str, data: &impl Serialize) -> Response {
        self.answer(StatusCode::OK, viewer, template, self.context(viewer, data))
    }

    /// A form that was refused, filled in as it was sent: `data` as for the first time, plus `problem`, which
    /// `{{> layout/problem}}` and `{{field_error "name"}}` show. Status 422, or the problem's own.
    pub fn refused(
        &self,
        viewer: &Viewer,
        template: &str,
        data: &impl Serialize,
        problem: &Problem,
    ) -> Response {
        let mut context = self.context(viewer, data);
        context.insert(
            "problem".to_owned(),
            problem_text::context(&self.0.locales, viewer.language, problem),
        );
        self.answer(problem.details().kind.status(), viewer, template, context)
    }

    /// A page for everybody, such as the press room's: nothing of the viewer but the language, may be kept by
    /// caches for a minute, and is not sent again to who holds it (pass the request's headers).
    pub fn public_page(
        &self,
        viewer: &Viewer,
        headers: &http::HeaderMap,
        template: &str,
        data: &impl Serialize,
    ) -> Response {
        let anonymous = Viewer::anonymous(viewer.language);
        let html = match self.render(&anonymous, template, self.context(&anonymous, data)) {
            Ok(html) => html,
            Err(problem) => return problem.into_response(),
        };
        let tag = ETag::of_bytes(html.as_bytes());
        let mut response = if tag.is_held_by(headers) {
            tag.not_modified()
        } else {
            html_response(StatusCode::OK, html)
        };
        response.headers_mut().insert(header::ETAG, tag.header());
        response.headers_mut().insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=60"),
        );
        response
    }

    /// A template as text: mails, exports, tests.
    ///
    /// # Errors
    /// The template does not exist, or fails.
    pub fn text(&self, viewer: &Viewer, template: &str, data: &impl Serialize) -> Result<String, Problem> {
        self.render(viewer, template, self.context(viewer, data))
    }

    /// A message.
    #[must_use]
    pub fn message(&self, language: Language, key: &str, args: &Args) -> String {
        self.0.locales.text(language, key, args)
    }

    /// An instant as people read it on a wall in `zone`.
    #[must_use]
    pub fn time(&self, language: Language, zone: Tz, at: DateTime<Utc>) -> String {
        times::on_wall(at, zone, language)
    }

    /// A day as people read it.
    #[must_use]
    pub fn day(&self, language: Language, day: NaiveDate) -> String {
        times::day_text(day, language)
    }

    /// The messages of every language.
    #[must_use]
    pub fn locales(&self) -> &Locales {
        &self.0.locales
    }

    /// What it was told.
    #[must_use]
    pub fn config(&self) -> &ShellConfig {
        &self.0.config
    }

    /// The cookie that signs a browser in: `token` is the secret whose [`crate::token_hash`] was stored.
    #[must_use]
    pub fn sign_in_cookie(&self, token: &str) -> HeaderValue {
        cookies::session(self.0.config.secure_cookies, token)
    }

    /// The cookie that signs a browser out.
    #[must_use]
    pub fn sign_out_cookie(&self) -> HeaderValue {
        cookies::no_session(self.0.config.secure_cookies)
    }

    /// The session's secret that came with a request, if any: to end exactly this session.
    #[must_use]
    pub fn session_token(&self, headers: &http::HeaderMap) -> Option<String> {
        cookies::get(headers, cookies::session_name(self.0.config.secure_cookies))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    fn context(&self, viewer: &Viewer, data: &impl Serialize) -> Map<String, Value> {
        let mut context = match serde_json::to_value(data) {
            Ok(Value::Object(map)) => map,
            Ok(Value::Null) => Map::new(),
            Ok(other) => Map::from_iter([("data".to_owned(), other)]),
            Err(error) => {
                tracing::error!(%error, "a template's data can't be serialised");
                Map::new()
            }
        };
        context.insert("viewer".to_owned(), viewer.context());
        context.insert("shell".to_owned(), self.shell_context(viewer));
        context
    }

    fn shell_context(&self, viewer: &Viewer) -> Value {
        let flash = viewer.flash.as_ref().map(|flash| {
            let tone = self
                .0
                .locales
                .find(viewer.language, &format!("{}.tone", flash.key), &flash.args);
            json!({
                "text": self.0.locales.text(viewer.language, &flash.key, &flash.args),
                "tone": tone.unwrap_or_else(|| "success".to_owned()),
            })
        });
        let languages: Vec<_> = Language::ALL
            .into_iter()
            .map(|l| json!({ "tag": l.tag(), "name": l.endonym(), "current": l == viewer.language }))
            .collect();
        json!({
            "demo": self.0.config.demo,
            "base_url": self.0.config.base_url,
            "languages": languages,
            "flash": flash,
        })
    }

    fn render(
        &self,
        viewer: &Viewer,
        template: &str,
        context: Map<String, Value>,
    ) -> Result<String, Problem> {
        self.0
            .templates
            .render(viewer.language, template, Value::Object(context))
            .map_err(Problem::internal)
    }

    pub(crate) fn answer(
        &self,
        status: StatusCode,
        viewer: &Viewer,
        template: &str,
        context: Map<String, Value>,
    ) -> Response {
        // A fragment shows no flash, so it must not use one up.
        let shows_flash = viewer.flash.is_some() && !viewer.htmx;
        match self.render(viewer, template, context) {
            Ok(html) => {
                let mut response = html_response(status, html);
                let headers = response.headers_mut();
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                if shows_flash {
                    headers.append(header::SET_COOKIE, cookies::no_flash());
                }
                response
            }
            Err(problem) => problem.into_response(),
        }
    }
}

fn html_response(status: StatusCode, html: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}
