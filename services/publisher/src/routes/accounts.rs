//! Pages of accounts. A secret goes in and never comes out.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::Platform;
use chancery_contracts::ids::{AccountId, UnitId};
use chancery_web::{Form, Path, Problem, Query, Redirect, Viewer};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{App, actor, overview, require};
use crate::connectors::Secret;
use crate::engine::{AddError, NewAccount};
use crate::store::lists;

#[derive(Debug, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    unit: Option<UnitId>,
}

/// The form as it was sent. Secrets are not sent back.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct AccountForm {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    handle: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    service_url: String,
    #[serde(default)]
    languages: String,
    /// One for each member that the connector asks for, in its order.
    #[serde(default, skip_serializing)]
    secret: Vec<String>,
}

async fn form_data(app: &App, viewer: &Viewer, form: &AccountForm) -> Result<Value, Problem> {
    let units = viewer.principal()?.units_for(Action::AccountManage);
    let units = lists::units(&mut *app.connection().await?, &units).await?;
    let units: Vec<_> = units
        .iter()
        .map(|unit| json!({ "id": unit.id, "names": unit.names, "selected": unit.id.to_string() == form.unit }))
        .collect();
    Ok(
        json!({ "form": form, "units": units, "platform": Platform::Bluesky, "secrets": members(app, Platform::Bluesky) }),
    )
}

fn members(app: &App, platform: Platform) -> &'static [&'static str] {
    app.publisher
        .parts()
        .connectors
        .get(platform)
        .map_or(&[], |connector| connector.credentials())
}

pub(super) async fn new(
    State(app): State<App>,
    viewer: Viewer,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let form = AccountForm {
        unit: filter.unit.map(|unit| unit.to_string()).unwrap_or_default(),
        service_url: "https://bsky.social".to_owned(),
        ..AccountForm::default()
    };
    Ok(app.shell.page(
        &viewer,
        "publisher/accounts/new",
        &form_data(&app, &viewer, &form).await?,
    ))
}

/// The connector's credentials from the form's fields; none when one is empty.
fn credentials(app: &App, platform: Platform, given: &[String]) -> Option<Secret> {
    let members = members(app, platform);
    let given: BTreeMap<_, _> = members
        .iter()
        .zip(given)
        .map(|(name, value)| (*name, value.trim()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    (given.len() == members.len()).then(|| Secret::new(json!(given).to_string()))
}

fn read(app: &App, form: &AccountForm) -> Result<NewAccount, Problem> {
    let mut problem = Problem::invalid("problem-invalid");
    let handle = form.handle.trim().trim_start_matches('@');
    if handle.is_empty() || handle.chars().count() > 253 || handle.contains(char::is_whitespace) {
        problem = problem.field("handle", "accounts-handle-invalid");
    }
    let unit: Option<UnitId> = form.unit.parse().ok();
    if unit.is_none() {
        problem = problem.field("unit", "accounts-unit-missing");
    }
    if form.name.chars().count() > 200 {
        problem = problem.field("name", "accounts-name-long");
    }
    let service_url: Option<Url> = form.service_url.trim().parse().ok();
    let service_url =
        service_url.filter(|url: &Url| matches!(url.scheme(), "https" | "http") && url.has_host());
    if service_url.is_none() {
        problem = problem.field("service_url", "accounts-service-invalid");
    }
    let secret = credentials(app, Platform::Bluesky, &form.secret);
    if secret.is_none() {
        problem = problem.field("secret", "accounts-secret-missing");
    }
    let languages: Vec<String> = form
        .languages
        .split([',', ' ', ';'])
        .map(|tag| tag.trim().to_lowercase())
        .filter(|tag| !tag.is_empty())
        .take(20)
        .collect();
    if languages
        .iter()
        .any(|tag| tag.len() > 35 || !tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    {
        problem = problem.field("languages", "accounts-languages-invalid");
    }
    match (unit, service_url, secret) {
        (Some(unit), Some(service_url), Some(credentials)) if !problem.has_fields() => Ok(NewAccount {
            unit,
            platform: Platform::Bluesky,
            handle: handle.to_owned(),
            name: form.name.clone(),
            service_url,
            languages,
            credentials,
        }),
        _ => Err(problem),
    }
}

pub(super) async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<AccountForm>,
) -> Result<Response, Problem> {
    let refuse = async |problem: Problem| {
        let data = form_data(&app, &viewer, &form).await?;
        Ok(app
            .shell
            .refused(&viewer, "publisher/accounts/new", &data, &problem))
    };
    let new = match read(&app, &form) {
        Ok(new) => new,
        Err(problem) => return refuse(problem).await,
    };
    require(
        &mut *app.connection().await?,
        viewer.principal()?,
        Action::AccountManage,
        new.unit,
    )
    .await?;
    match app.publisher.add_account(new, &actor(&viewer)?).await {
        Ok(id) => Ok(Redirect::to(format!("/accounts/{id}"))
            .flash("accounts-connected")
            .into_response()),
        Err(AddError::Publisher(error)) => Err(error.into()),
        Err(refused) => refuse(explain(&refused)).await,
    }
}

fn explain(refused: &AddError) -> Problem {
    let problem = Problem::invalid("problem-invalid");
    match refused {
        AddError::Credentials(words) => problem
            .field("secret", "accounts-refused")
            .arg("words", words.clone()),
        AddError::Unreachable(words) => problem
            .field("service_url", "accounts-unreachable")
            .arg("words", words.clone()),
        AddError::Taken(_) => problem.field("handle", "accounts-taken"),
        AddError::Publisher(error) => Problem::internal(error),
    }
}

async fn one(app: &App, viewer: &Viewer, id: AccountId) -> Result<Value, Problem> {
    let units = viewer.principal()?.units_for(Action::AccountRead);
    let mut conn = app.connection().await?;
    let account = lists::accounts(&mut conn, &units, Some(id), overview::since(app))
        .await?
        .pop()
        .ok_or_else(Problem::not_found)?;
    let manages = require(
        &mut conn,
        viewer.principal()?,
        Action::AccountManage,
        account.unit.into(),
    )
    .await
    .is_ok();
    let platform: Option<Platform> = account.platform.parse().ok();
    let wanted = lists::Wanted {
        units,
        account: Some(id),
        limit: 5,
        ..lists::Wanted::default()
    };
    let lines = lists::deliveries(&mut conn, &wanted).await?;
    let now = app.publisher.now();
    Ok(json!({
        "account": account,
        "manages": manages,
        "secrets": platform.map(|platform| members(app, platform)),
        "access_ends": account.token_ends_at.map(|at| at.format("%Y-%m-%d").to_string()),
        "limited": account.limited_until.is_some_and(|until| until > now),
        "lines": lines.iter().map(|line| super::deliveries::shown(line, now)).collect::<Vec<_>>(),
    }))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AccountId>,
) -> Result<Response, Problem> {
    Ok(app
        .shell
        .page(&viewer, "publisher/accounts/page", &one(&app, &viewer, id).await?))
}

async fn managed(app: &App, viewer: &Viewer, id: AccountId) -> Result<Platform, Problem> {
    let mut conn = app.connection().await?;
    let account = crate::store::accounts::get(&mut conn, id).await?;
    require(
        &mut conn,
        viewer.principal()?,
        Action::AccountManage,
        account.unit,
    )
    .await?;
    Ok(account.platform)
}

#[derive(Debug, Deserialize)]
pub(super) struct Switch {
    on: bool,
}

pub(super) async fn switch(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AccountId>,
    Form(form): Form<Switch>,
) -> Result<Response, Problem> {
    managed(&app, &viewer, id).await?;
    app.publisher
        .switch_account(id, form.on, &actor(&viewer)?)
        .await?;
    let said = if form.on {
        "accounts-switched-on"
    } else {
        "accounts-switched-off"
    };
    Ok(Redirect::to(format!("/accounts/{id}"))
        .flash(said)
        .into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct AccessEnds {
    /// A day, as a date field sends it; empty: nobody knows.
    #[serde(default)]
    on: String,
}

/// From the beginning of that day, in UTC, nothing is counted on.
pub(super) async fn access_ends(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AccountId>,
    Form(form): Form<AccessEnds>,
) -> Result<Response, Problem> {
    managed(&app, &viewer, id).await?;
    let day = match form.on.trim() {
        "" => None,
        text => Some(
            text.parse::<NaiveDate>()
                .map_err(|_| Problem::invalid("problem-invalid").field("on", "accounts-day-unreadable"))?,
        ),
    };
    let ends = day
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map(|at| at.and_utc());
    app.publisher.set_token_end(id, ends, &actor(&viewer)?).await?;
    Ok(Redirect::to(format!("/accounts/{id}"))
        .flash("accounts-access-saved")
        .into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Reconnect {
    #[serde(default)]
    secret: Vec<String>,
}

pub(super) async fn reconnect(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AccountId>,
    Form(form): Form<Reconnect>,
) -> Result<Response, Problem> {
    let platform = managed(&app, &viewer, id).await?;
    let refused = match credentials(&app, platform, &form.secret) {
        None => Problem::invalid("problem-invalid").field("secret", "accounts-secret-missing"),
        Some(secret) => match app
            .publisher
            .reconnect_account(id, secret, &actor(&viewer)?)
            .await
        {
            Ok(()) => {
                return Ok(Redirect::to(format!("/accounts/{id}"))
                    .flash("accounts-connected")
                    .into_response());
            }
            Err(AddError::Publisher(error)) => return Err(error.into()),
            Err(AddError::Unreachable(words)) => Problem::invalid("problem-invalid")
                .field("secret", "accounts-unreachable")
                .arg("words", words),
            Err(refused) => explain(&refused),
        },
    };
    Ok(app.shell.refused(
        &viewer,
        "publisher/accounts/page",
        &one(&app, &viewer, id).await?,
        &refused,
    ))
}
