//! "See other", with a word about what has been done. htmx gets the same as a header that moves the whole page.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::{Arg, Flash, Language, cookies};

/// The answer to a form that was accepted.
#[derive(Debug, Clone)]
pub struct Redirect {
    to: String,
    flash: Option<Flash>,
    cookies: Vec<HeaderValue>,
}

impl Redirect {
    /// To a path of this site.
    #[must_use]
    pub fn to(path: impl Into<String>) -> Self {
        Self {
            to: local(path.into()),
            flash: None,
            cookies: Vec::new(),
        }
    }

    /// Says this on the next page: a Fluent id, e.g. `item-saved`. Its attribute `.tone` (`success`, `warning`,
    /// `danger`) colours it; without one it is a success.
    #[must_use]
    pub fn flash(mut self, key: impl Into<String>) -> Self {
        self.flash = Some(Flash {
            key: key.into(),
            args: crate::Args::new(),
        });
        self
    }

    /// Says on the next page what this one was to say.
    #[must_use]
    pub fn saying(mut self, flash: Flash) -> Self {
        self.flash = Some(flash);
        self
    }

    /// An argument of the sentence.
    #[must_use]
    pub fn arg(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Arg>) -> Self {
        if let Some(flash) = &mut self.flash {
            flash.args.insert(name.into(), value.into());
        }
        self
    }

    /// Sets a cookie, such as those of [`crate::Shell::sign_in_cookie`].
    #[must_use]
    pub fn cookie(mut self, cookie: HeaderValue) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// Makes this browser speak `language` from now on.
    #[must_use]
    pub fn language(self, language: Language) -> Self {
        self.cookie(cookies::preference(cookies::LANGUAGE, language.tag()))
    }
}

/// A path that stays on this site, whatever was asked for: `next=` parameters come from outside.
#[must_use]
pub fn local(path: String) -> String {
    let safe = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t'])
        && HeaderValue::from_str(&path).is_ok();
    if safe { path } else { "/".to_owned() }
}

/// Where the redirect leads, for the middleware that speaks to htmx.
#[derive(Debug, Clone)]
pub(crate) struct RedirectsTo(pub HeaderValue);

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        let to = HeaderValue::from_str(&self.to).unwrap_or(HeaderValue::from_static("/"));
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to.clone())]).into_response();
        response.extensions_mut().insert(RedirectsTo(to));
        for cookie in self
            .cookies
            .into_iter()
            .chain(self.flash.as_ref().and_then(cookies::flash))
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        assert_eq!(local("/items?after=1".into()), "/items?after=1");
        for outside in [
            "https://example.org",
            "//example.org",
            "/\\example.org",
            "javascript:1",
            "",
            "/\nSet-Cookie",
        ] {
            assert_eq!(local(outside.into()), "/");
        }
    }
}
