//! Who looks at a page, and how they want it.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use chancery_access::{Action, Principal, Via};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use http::request::Parts;
use serde_json::{Value, json};

use crate::{Args, Language, Problem};

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device is set.
    #[default]
    Auto,
    /// Dark ink on light.
    Light,
    /// Light ink on dark.
    Dark,
}

impl Theme {
    /// The name in the cookie, in the database and in the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// By name; anything unknown is [`Theme::Auto`].
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// A sentence shown once, on the page after a redirect.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Flash {
    /// Fluent id.
    pub key: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Args,
}

/// What is known of the one who sent a request. Cheap to clone; an extractor for every handler.
#[derive(Debug, Clone)]
pub struct Viewer(Arc<ViewerData>);

/// The fields of a [`Viewer`].
#[derive(Debug, Clone)]
pub struct ViewerData {
    /// Who, if signed in.
    pub principal: Option<Principal>,
    /// The language of the answer.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Headquarters' clock, shown beside a mission's.
    pub headquarters_zone: Tz,
    /// The token that forms and htmx requests must carry; empty when nobody is signed in.
    pub csrf: String,
    /// The id under which this request is logged.
    pub request_id: String,
    /// When the request came: what a page shows may be older than what happened since.
    pub asked_at: DateTime<Utc>,
    /// The path and query asked for.
    pub path: String,
    /// Whether htmx asks, so that a fragment is expected.
    pub htmx: bool,
    /// Whether the session is a demonstration's.
    pub demo: bool,
    /// What the page before wants to have said.
    pub flash: Option<Flash>,
}

impl Deref for Viewer {
    type Target = ViewerData;

    fn deref(&self) -> &ViewerData {
        &self.0
    }
}

impl From<ViewerData> for Viewer {
    fn from(data: ViewerData) -> Self {
        Self(Arc::new(data))
    }
}

impl Viewer {
    /// Somebody unknown, as a test or a mail needs one.
    #[must_use]
    pub fn anonymous(language: Language) -> Self {
        Self::from(ViewerData {
            principal: None,
            language,
            theme: Theme::Auto,
            headquarters_zone: Tz::UTC,
            csrf: String::new(),
            request_id: String::new(),
            asked_at: DateTime::UNIX_EPOCH,
            path: "/".to_owned(),
            htmx: false,
            demo: false,
            flash: None,
        })
    }

    /// Somebody signed in, as a test needs one.
    #[must_use]
    pub fn signed_in(principal: Principal, language: Language) -> Self {
        let mut viewer = Self::anonymous(language);
        let data = Arc::make_mut(&mut viewer.0);
        data.principal = Some(principal);
        "csrf".clone_into(&mut data.csrf);
        viewer
    }

    /// The same viewer in another language: where the address names the language, as in the press room.
    #[must_use]
    pub fn in_language(&self, language: Language) -> Self {
        let mut viewer = self.clone();
        Arc::make_mut(&mut viewer.0).language = language;
        viewer
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// Nobody is.
    pub fn principal(&self) -> Result<&Principal, Problem> {
        self.principal.as_ref().ok_or_else(Problem::unauthenticated)
    }

    /// Whether the viewer may do this at some unit: what menus ask.
    #[must_use]
    pub fn can(&self, action: Action) -> bool {
        self.principal
            .as_ref()
            .is_some_and(|principal| principal.decide_anywhere(action).is_allowed())
    }

    /// Whether they came with an API token rather than a session.
    #[must_use]
    pub fn by_token(&self) -> bool {
        self.principal
            .as_ref()
            .is_some_and(|principal| matches!(principal.via, Via::Token { .. }))
    }

    /// What templates see as `viewer`.
    pub(crate) fn context(&self) -> Value {
        let may: Vec<_> = Action::ALL
            .iter()
            .filter(|action| self.can(**action))
            .map(|a| a.as_str())
            .collect();
        let path = self.path.split('?').next().unwrap_or("/");
        json!({
            "signed_in": self.principal.is_some(),
            "name": self.principal.as_ref().map(|principal| &principal.name),
            "person_id": self.principal.as_ref().map(|principal| principal.person),
            "language": self.language.tag(),
            "theme": self.theme.as_str(),
            "csrf": self.csrf,
            "demo": self.demo,
            "htmx": self.htmx,
            "may": may,
            "path": path,
            "section": path.split('/').nth(1).unwrap_or_default(),
            "request_id": self.request_id,
            "asked_at": self.asked_at.timestamp_millis(),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::internal("a route outside of the shell"))
    }
}

/// The extractor for handlers that need somebody signed in: `Caller(principal): Caller`.
#[derive(Debug, Clone)]
pub struct Caller(pub Principal);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let viewer = Viewer::from_request_parts(parts, state).await?;
        viewer.principal().cloned().map(Self)
    }
}
