//! One's own page: preferences, password, second factor, sessions, API tokens.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::ids::PersonId;
use chancery_web::{Caller, Form, Language, Path, Problem, Redirect, Viewer};
use chrono::TimeDelta;
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::sign_in::{self, Code, NewPassword};
use super::{App, words};
use crate::model::{person, secret};
use crate::store::people::Person;
use crate::store::{audit, grants, people, proofs, sessions, tokens};
use crate::{IdentityError, Visitor};

pub(crate) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let data = app.own(&viewer, me.person, &headers).await?;
    Ok(app.shell.page(&viewer, "identity/me/index", &data))
}

impl App {
    /// Everything on one's own page.
    async fn own(
        &self,
        viewer: &Viewer,
        me: PersonId,
        headers: &HeaderMap,
    ) -> Result<Map<String, Value>, Problem> {
        let now = self.identity.clock.now();
        let hash = self.session_hash(headers);
        let mut conn = self.pool.acquire().await?;
        let factor = proofs::factor(&mut conn, me)
            .await?
            .and_then(|factor| factor.confirmed_at);
        let today = grants::today(&mut conn, now).await?;
        let factor_needed = grants::needs_second_factor(&mut conn, me, today).await?;
        drop(conn);
        let themes: Vec<_> = ["auto", "light", "dark"]
            .into_iter()
            .map(|theme| json!({ "value": theme, "selected": viewer.theme.as_str() == theme }))
            .collect();
        let data = json!({
            "person": self.person(me).await?,
            "themes": themes,
            "postings": grants::of_person(&self.pool, me).await?,
            "sessions": shown(sessions::list(&self.pool, me, &hash, now).await?),
            "tokens": tokens::list(&self.pool, me, now).await?,
            "scopes": words::scopes(&self.shell, viewer, &[]),
            "second_factor": { "since": factor, "needed": factor_needed },
            "mail": self.own_mail(me).await?,
            "recovery_left": proofs::recovery_codes_left(&self.pool, me).await?,
        });
        match data {
            Value::Object(map) => Ok(map),
            _ => Ok(Map::new()),
        }
    }

    pub(super) async fn person(&self, id: PersonId) -> Result<Person, Problem> {
        people::get(&self.pool, id).await?.ok_or_else(Problem::not_found)
    }

    fn session_hash(&self, headers: &HeaderMap) -> [u8; 32] {
        secret::hash(&self.shell.session_token(headers).unwrap_or_default())
    }

    /// The page again, with a form that was refused.
    async fn own_refused(
        &self,
        viewer: &Viewer,
        me: PersonId,
        headers: &HeaderMap,
        form: (&str, Value),
        problem: &Problem,
    ) -> Result<Response, Problem> {
        let mut data = self.own(viewer, me, headers).await?;
        data.insert("refused".to_owned(), Value::String(form.0.to_owned()));
        data.insert("form".to_owned(), form.1);
        Ok(self.shell.refused(viewer, "identity/me/index", &data, problem))
    }
}

/// Sessions with the browser and the system in words, where they are known.
fn shown(sessions: Vec<sessions::Session>) -> Vec<Value> {
    let parser = woothee::parser::Parser::new();
    sessions
        .into_iter()
        .map(|session| {
            let found = parser.parse(&session.user_agent);
            let browser = found.as_ref().map(|found| found.name);
            let system = found.as_ref().map(|found| found.os);
            json!({ "session": session, "browser": browser, "system": system })
        })
        .collect()
}

#[derive(Deserialize)]
pub(crate) struct Preferences {
    #[serde(default)]
    language: String,
    #[serde(default)]
    theme: String,
}

pub(crate) async fn preferences(
    State(app): State<App>,
    Caller(me): Caller,
    Form(form): Form<Preferences>,
) -> Result<Response, Problem> {
    if !person::is_language(&form.language) || !person::is_theme(&form.theme) {
        return Err(Problem::invalid("problem-invalid").field("language", "people-error-language"));
    }
    let mut conn = app.pool.acquire().await?;
    people::set_preferences(
        &mut conn,
        me.person,
        &form.language,
        &form.theme,
        app.identity.clock.now(),
    )
    .await?;
    let theme = format!("theme={}; Path=/; Max-Age=31536000; SameSite=Lax", form.theme);
    let theme = HeaderValue::from_str(&theme).map_err(Problem::internal)?;
    let language = form.language.parse::<Language>().unwrap_or_default();
    Ok(Redirect::to("/me")
        .flash("me-preferences-saved")
        .language(language)
        .cookie(theme)
        .into_response())
}

#[derive(Deserialize)]
pub(crate) struct PasswordChange {
    #[serde(default)]
    present: String,
    #[serde(flatten)]
    new: NewPassword,
}

pub(crate) async fn password(
    State(app): State<App>,
    viewer: Viewer,
    visitor: Visitor,
    Caller(me): Caller,
    headers: HeaderMap,
    Form(form): Form<PasswordChange>,
) -> Result<Response, Problem> {
    let token = app
        .shell
        .session_token(&headers)
        .ok_or_else(Problem::unauthenticated)?;
    let person = app.person(me.person).await?;
    let changed = match form.new.agreed() {
        Ok(()) => {
            let new = &form.new.password;
            app.identity
                .change_password(&token, &person.email, &form.present, new, &visitor)
                .await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(session) => Ok(Redirect::to("/me")
            .flash("me-password-changed")
            .cookie(app.shell.sign_in_cookie(session.reveal()))
            .into_response()),
        Err(error @ IdentityError::Invalid(_)) => {
            app.own_refused(
                &viewer,
                me.person,
                &headers,
                ("password", json!({})),
                &error.into(),
            )
            .await
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn sign_out_everywhere(
    State(app): State<App>,
    visitor: Visitor,
    Caller(me): Caller,
) -> Result<Response, Problem> {
    app.identity.sign_out_everywhere(me.person, &visitor).await?;
    Ok(Redirect::to("/sign-in")
        .cookie(app.shell.sign_out_cookie())
        .flash("signed-out-everywhere")
        .into_response())
}

pub(crate) async fn end_session(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut tx = app.pool.begin().await?;
    if !sessions::end_one(&mut tx, me.person, id).await? {
        return Err(Problem::not_found());
    }
    let record = audit::Record {
        actor: Some(me.person),
        unit: None,
        action: "session.ended",
        subject_kind: "person",
        subject: Some(me.person.0),
        detail: json!({}),
        request_id: Some(&viewer.request_id),
    };
    audit::append(&mut tx, record).await?;
    tx.commit().await?;
    Ok(Redirect::to("/me").flash("me-session-ended").into_response())
}

pub(crate) async fn second_factor_form(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
) -> Result<Response, Problem> {
    let person = app.person(me.person).await?;
    match app.identity.begin_enrolment(me.person, &person.email).await? {
        Some(factor) => {
            let data = sign_in::enrolment(&factor, "/me/second-factor")?;
            Ok(app.shell.page(&viewer, "identity/me/second-factor", &data))
        }
        None => Ok(Redirect::to("/me").into_response()),
    }
}

pub(crate) async fn second_factor_submit(
    State(app): State<App>,
    viewer: Viewer,
    visitor: Visitor,
    Caller(me): Caller,
    headers: HeaderMap,
    Form(form): Form<Code>,
) -> Result<Response, Problem> {
    let token = app
        .shell
        .session_token(&headers)
        .ok_or_else(Problem::unauthenticated)?;
    let person = app.person(me.person).await?;
    if let Some((session, codes)) = app
        .identity
        .enrol_in_session(&token, &person.email, &form.code, &visitor)
        .await?
    {
        let mut response = sign_in::recovery_page(&app, &viewer, &codes, "/me");
        let cookie = app.shell.sign_in_cookie(session.reveal());
        response.headers_mut().append(http::header::SET_COOKIE, cookie);
        return Ok(response);
    }
    match app.identity.begin_enrolment(me.person, &person.email).await? {
        Some(factor) => {
            let data = sign_in::enrolment(&factor, "/me/second-factor")?;
            let problem = Problem::invalid("problem-invalid").field("code", "code-wrong");
            Ok(app
                .shell
                .refused(&viewer, "identity/me/second-factor", &data, &problem))
        }
        None => Ok(Redirect::to("/me").into_response()),
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct TokenForm {
    name: String,
    days: String,
    scopes: Vec<String>,
}

pub(crate) async fn make_token(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    headers: HeaderMap,
    Form(form): Form<TokenForm>,
) -> Result<Response, Problem> {
    let standing = sessions::standing(&app.pool, &app.session_hash(&headers)).await?;
    let strong = standing.ok_or_else(Problem::unauthenticated)?.strong;
    let life = form
        .days
        .parse()
        .ok()
        .and_then(TimeDelta::try_days)
        .unwrap_or_default();
    match app
        .identity
        .make_token(
            App::by(&viewer),
            me.person,
            &form.name,
            &form.scopes,
            life,
            strong,
        )
        .await
    {
        Ok(token) => {
            let data = json!({ "label": form.name, "token": token.reveal(), "base_url": app.shell.config().base_url });
            Ok(app.shell.page(&viewer, "identity/me/token", &data))
        }
        Err(error @ IdentityError::Invalid(_)) => {
            let form = ("token", json!(form));
            app.own_refused(&viewer, me.person, &headers, form, &error.into())
                .await
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn revoke_token(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    app.identity.revoke_token(App::by(&viewer), me.person, id).await?;
    Ok(Redirect::to("/me").flash("me-token-revoked").into_response())
}
