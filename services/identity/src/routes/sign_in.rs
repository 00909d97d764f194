//! The sign-in pages.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;

use base64::Engine;
use chancery_web::{Form, Path, Problem, Query, Redirect, Viewer, local};
use chrono::TimeDelta;
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use super::App;
use crate::model::secret::{self, Secret};
use crate::model::totp::SecondFactor;
use crate::second_factor::RecoveryCodes;
use crate::store::{proofs, sessions};
use crate::{IdentityError, Outcome, Visitor};

const CHALLENGE: &str = "chancery_sign_in";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Next {
    next: Option<String>,
    /// Ask for a password although one click would do (demonstration).
    with: Option<String>,
}

impl Next {
    fn path(&self) -> String {
        local(self.next.clone().unwrap_or_else(|| "/".to_owned()))
    }
}

pub(crate) async fn form(
    State(app): State<App>,
    viewer: Viewer,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    let to = next.path();
    if viewer.principal.is_some() {
        return Ok(Redirect::to(to).into_response());
    }
    if app.shell.config().demo && next.with.as_deref() != Some("password") {
        return Ok(Redirect::to(super::demo::address(&to)).into_response());
    }
    if !app.is_set_up().await? {
        return Ok(Redirect::to("/setup").into_response());
    }
    Ok(app.shell.page(
        &viewer,
        "identity/sign-in/index",
        &json!({ "form": { "next": to } }),
    ))
}

#[derive(Deserialize)]
pub(crate) struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn submit(
    State(app): State<App>,
    viewer: Viewer,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Result<Response, Problem> {
    let next = local(form.next);
    let outcome = app
        .identity
        .sign_in(&form.email, &form.password, &next, &visitor)
        .await?;
    let again = |problem: &Problem| {
        let data = json!({ "form": { "email": form.email, "next": next } });
        with_wait(
            app.shell
                .refused(&viewer, "identity/sign-in/index", &data, problem),
            problem,
        )
    };
    Ok(match outcome {
        Outcome::Refused => again(&Problem::invalid("sign-in-refused")),
        Outcome::TooMany(wait) => again(&too_many(wait)),
        outcome => app.proceed(outcome, &next, &headers, &visitor).await?,
    })
}

fn too_many(wait: TimeDelta) -> Problem {
    let minutes = (wait.num_seconds() + 59) / 60;
    Problem::too_many("sign-in-too-many", wait.to_std().unwrap_or_default()).arg("minutes", minutes.max(1))
}

/// A refused page says in `Retry-After`, too, when trying again makes sense.
fn with_wait(mut page: Response, problem: &Problem) -> Response {
    if let Some(wait) = problem.details().retry_after {
        page.headers_mut().insert(
            http::header::RETRY_AFTER,
            HeaderValue::from(wait.as_secs().max(1)),
        );
    }
    page
}

/// The code of the device, or the setting up of one.
pub(crate) async fn code_form(
    State(app): State<App>,
    viewer: Viewer,
    jar: CookieJar,
) -> Result<Response, Problem> {
    let Some((_, pending)) = app.pending(&jar).await? else {
        return Ok(start_again());
    };
    if pending.enrolled {
        return Ok(app.shell.page(
            &viewer,
            "identity/sign-in/code",
            &json!({ "email": pending.email }),
        ));
    }
    match app
        .identity
        .begin_enrolment(pending.person, &pending.email)
        .await?
    {
        Some(factor) => Ok(app.shell.page(
            &viewer,
            "identity/sign-in/enrol",
            &enrolment(&factor, "/sign-in/enrol")?,
        )),
        None => Ok(start_again()),
    }
}

#[derive(Deserialize)]
pub(crate) struct Code {
    #[serde(default)]
    pub code: String,
}

pub(crate) async fn code_submit(
    State(app): State<App>,
    viewer: Viewer,
    visitor: Visitor,
    headers: HeaderMap,
    jar: CookieJar,
    Form(form): Form<Code>,
) -> Result<Response, Problem> {
    let Some((challenge, pending)) = app.pending(&jar).await? else {
        return Ok(start_again());
    };
    let again = |problem: &Problem| {
        let data = json!({ "email": pending.email });
        with_wait(
            app.shell
                .refused(&viewer, "identity/sign-in/code", &data, problem),
            problem,
        )
    };
    Ok(
        match app.identity.show_code(&challenge, &form.code, &visitor).await {
            Ok(Outcome::Refused) => again(&Problem::invalid("problem-invalid").field("code", "code-wrong")),
            Ok(Outcome::TooMany(wait)) => again(&too_many(wait)),
            Ok(outcome) => {
                app.proceed(outcome, &pending.return_to, &headers, &visitor)
                    .await?
            }
            Err(IdentityError::LinkUsed) => start_again(),
            Err(error) => return Err(error.into()),
        },
    )
}

pub(crate) async fn enrol_submit(
    State(app): State<App>,
    viewer: Viewer,
    visitor: Visitor,
    jar: CookieJar,
    Form(form): Form<Code>,
) -> Result<Response, Problem> {
    let Some((challenge, pending)) = app.pending(&jar).await? else {
        return Ok(start_again());
    };
    match app
        .identity
        .enrol_at_sign_in(&challenge, &form.code, &visitor)
        .await
    {
        Ok(Some((session, codes))) => {
            let mut response = recovery_page(&app, &viewer, &codes, &pending.return_to);
            let headers = response.headers_mut();
            headers.append(
                http::header::SET_COOKIE,
                app.shell.sign_in_cookie(session.reveal()),
            );
            headers.append(
                http::header::SET_COOKIE,
                app.challenge_cookie("", TimeDelta::zero()),
            );
            Ok(response)
        }
        Ok(None) => match app
            .identity
            .begin_enrolment(pending.person, &pending.email)
            .await?
        {
            Some(factor) => {
                let problem = Problem::invalid("problem-invalid").field("code", "code-wrong");
                let data = enrolment(&factor, "/sign-in/enrol")?;
                Ok(app
                    .shell
                    .refused(&viewer, "identity/sign-in/enrol", &data, &problem))
            }
            None => Ok(start_again()),
        },
        Err(IdentityError::LinkUsed) => Ok(start_again()),
        Err(error) => Err(error.into()),
    }
}

/// What the page for setting up a second factor shows.
pub(super) fn enrolment(factor: &SecondFactor, action: &str) -> Result<Value, Problem> {
    let svg = factor.qr_svg().map_err(IdentityError::from)?;
    let picture = base64::engine::general_purpose::STANDARD.encode(svg);
    Ok(json!({
        "picture": format!("data:image/svg+xml;base64,{picture}"),
        "secret": factor.secret_text(),
        "action": action,
    }))
}

/// Recovery codes, shown once.
pub(super) fn recovery_page(app: &App, viewer: &Viewer, codes: &RecoveryCodes, next: &str) -> Response {
    let codes: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    app.shell.page(
        viewer,
        "identity/sign-in/recovery",
        &json!({ "codes": codes, "next": next }),
    )
}

pub(crate) async fn invitation_form(
    State(app): State<App>,
    viewer: Viewer,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let now = app.identity.clock.now();
    match proofs::invited(&app.pool, &secret::hash(&token), now).await? {
        Some(person) => {
            let data = json!({ "email": person.email, "token": token });
            Ok(app.shell.page(&viewer, "identity/sign-in/invitation", &data))
        }
        None => Err(IdentityError::LinkUsed.into()),
    }
}

#[derive(Deserialize)]
pub(crate) struct NewPassword {
    #[serde(default)]
    pub password: String,
    #[serde(default)]
    pub repeated: String,
}

impl NewPassword {
    /// The two are the same.
    pub(super) fn agreed(&self) -> Result<(), IdentityError> {
        if self.password == self.repeated {
            Ok(())
        } else {
            Err(IdentityError::field("repeated", "password-differs"))
        }
    }
}

pub(crate) async fn invitation_submit(
    State(app): State<App>,
    viewer: Viewer,
    visitor: Visitor,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(form): Form<NewPassword>,
) -> Result<Response, Problem> {
    let accepted = match form.agreed() {
        Ok(()) => {
            app.identity
                .accept_invitation(&token, &form.password, &visitor)
                .await
        }
        Err(error) => Err(error),
    };
    match accepted {
        Ok(outcome) => app.proceed(outcome, "/", &headers, &visitor).await,
        Err(error @ IdentityError::Invalid(_)) => {
            let email = proofs::invited(&app.pool, &secret::hash(&token), app.identity.clock.now())
                .await?
                .map(|person| person.email);
            let data = json!({ "email": email, "token": token });
            Ok(app
                .shell
                .refused(&viewer, "identity/sign-in/invitation", &data, &error.into()))
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn sign_out(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(token) = app.shell.session_token(&headers) {
        app.identity.sign_out(&token, &visitor).await?;
    }
    Ok(Redirect::to("/sign-in")
        .cookie(app.shell.sign_out_cookie())
        .flash("signed-out")
        .into_response())
}

fn start_again() -> Response {
    Redirect::to("/sign-in?with=password")
        .flash("sign-in-again")
        .into_response()
}

impl App {
    /// Goes on after a right answer: to the second factor, or in.
    pub(super) async fn proceed(
        &self,
        outcome: Outcome,
        next: &str,
        headers: &HeaderMap,
        visitor: &Visitor,
    ) -> Result<Response, Problem> {
        Ok(match outcome {
            Outcome::CodeNeeded(challenge) => {
                let life = crate::model::session::CHALLENGE;
                Redirect::to("/sign-in/code")
                    .cookie(self.challenge_cookie(challenge.reveal(), life))
                    .into_response()
            }
            Outcome::SignedIn(session) => self.let_in(&session, next, headers, visitor).await?,
            Outcome::Refused | Outcome::TooMany(_) => start_again(),
        })
    }

    /// Sets the cookie of a new session; the one that the browser had before ends.
    pub(super) async fn let_in(
        &self,
        session: &Secret,
        next: &str,
        headers: &HeaderMap,
        visitor: &Visitor,
    ) -> Result<Response, Problem> {
        if let Some(old) = self.shell.session_token(headers) {
            self.identity.sign_out(&old, visitor).await?;
        }
        Ok(Redirect::to(next)
            .cookie(self.shell.sign_in_cookie(session.reveal()))
            .cookie(self.challenge_cookie("", TimeDelta::zero()))
            .into_response())
    }

    async fn pending(&self, jar: &CookieJar) -> Result<Option<(String, sessions::Challenge)>, Problem> {
        let Some(cookie) = jar.get(CHALLENGE) else {
            return Ok(None);
        };
        let now = self.identity.clock.now();
        let found = sessions::challenge(&self.pool, &secret::hash(cookie.value()), now).await?;
        Ok(found.map(|challenge| (cookie.value().to_owned(), challenge)))
    }

    fn challenge_cookie(&self, value: &str, life: TimeDelta) -> HeaderValue {
        let cookie = Cookie::build((CHALLENGE, value))
            .path("/sign-in")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.shell.config().secure_cookies)
            .max_age(cookie::time::Duration::seconds(life.num_seconds()))
            .build();
        HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static("chancery_sign_in="))
    }
}
