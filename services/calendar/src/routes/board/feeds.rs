//! Calendars to subscribe to: a page to make and end them, the same for programs, and what calendar programmes fetch.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{CampaignId, UnitId};
use chancery_web::{Args, Form, Json, Language, Path, Problem, Redirect, Viewer};
use http::{HeaderValue, StatusCode, header};
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{App, actor};
use crate::model::State as ItemState;
use crate::store::feeds::{self, Occasion, Subject};
use crate::store::{campaigns, scope};

async fn data(app: &App, viewer: &Viewer, made: Option<&str>) -> Result<Value, Problem> {
    let principal = viewer.principal()?;
    let mut conn = app.connection().await?;
    let roots = principal.units_for(Action::ItemRead);
    let units = chancery_directory::units_below(&mut conn, &roots).await?;
    let ids: Vec<Uuid> = units.iter().map(|unit| unit.id.0).collect();
    let campaigns = scope::campaigns(&mut conn, &ids).await?;
    let campaigns: Vec<Value> = campaigns
        .iter()
        .map(|(id, name)| json!({ "id": id, "label": name }))
        .collect();
    let address = made.map(|secret| address(app, secret));
    Ok(json!({
        "rows": feeds::of_person(&mut conn, principal.person).await?,
        "units": units,
        "campaigns": campaigns,
        "address": address,
    }))
}

pub(super) async fn page(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let data = data(&app, &viewer, None).await?;
    Ok(app.shell.page(&viewer, "calendar/board/feeds", &data))
}

/// Of what.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewFeed)]
pub(super) struct New {
    /// `person`, `unit:ID` or `campaign:ID`.
    #[serde(default)]
    subject: String,
}

impl New {
    fn read(&self) -> Result<Subject, Problem> {
        let unknown = || Problem::invalid("items-not-saved").field("subject", "items-value-unknown");
        Ok(match self.subject.split_once(':') {
            None if self.subject == "person" => Subject::Person,
            Some(("unit", id)) => Subject::Unit(id.parse::<UnitId>().map_err(|_| unknown())?),
            Some(("campaign", id)) => Subject::Campaign(id.parse::<CampaignId>().map_err(|_| unknown())?),
            _ => return Err(unknown()),
        })
    }
}

pub(super) async fn make(
    State(app): State<App>,
    viewer: Viewer,
    Form(new): Form<New>,
) -> Result<Response, Problem> {
    let secret = app
        .workflow
        .make_feed(actor(&viewer)?, new.read()?, viewer.language.tag())
        .await?;
    // Shown once, in the answer itself: the address is a secret and belongs into no other.
    let data = data(&app, &viewer, Some(&secret)).await?;
    Ok(app.shell.page(&viewer, "calendar/board/feeds", &data))
}

pub(super) async fn revoke(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Problem> {
    app.workflow.revoke_feed(actor(&viewer)?, id).await?;
    Ok(Redirect::to("/calendar/feeds").flash("feeds-revoked"))
}

fn address(app: &App, secret: &str) -> String {
    format!("{}/calendar/ical/{secret}", app.shell.config().base_url)
}

/// A feed that was just made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MadeFeed)]
pub(super) struct Made {
    /// Where a calendar programme fetches it. Given this once: whoever has it sees what its owner may see.
    address: String,
}

/// The caller's own feeds, without their addresses.
#[utoipa::path(get, path = "/api/v1/calendar/feeds", tag = "calendar", responses((status = 200, body = Vec<feeds::Listed>)))]
pub(super) async fn list_feeds(
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Json<Vec<feeds::Listed>>, Problem> {
    let mut conn = app.connection().await?;
    Ok(Json(
        feeds::of_person(&mut conn, viewer.principal()?.person).await?,
    ))
}

/// Makes a feed of what the caller writes, of a unit, or of a campaign.
#[utoipa::path(post, path = "/api/v1/calendar/feeds", tag = "calendar", request_body = New,
    responses((status = 201, body = Made), (status = 403), (status = 422)))]
pub(super) async fn make_feed(
    State(app): State<App>,
    viewer: Viewer,
    Json(new): Json<New>,
) -> Result<Response, Problem> {
    let secret = app
        .workflow
        .make_feed(actor(&viewer)?, new.read()?, viewer.language.tag())
        .await?;
    let made = Made {
        address: address(&app, &secret),
    };
    let headers = [(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    )];
    Ok((StatusCode::CREATED, headers, Json(made)).into_response())
}

/// Ends one of the caller's feeds, at once.
#[utoipa::path(delete, path = "/api/v1/calendar/feeds/{id}", tag = "calendar", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404)))]
pub(super) async fn revoke_feed(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    app.workflow.revoke_feed(actor(&viewer)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a calendar programme fetches.
pub(super) async fn fetch(State(app): State<App>, Path(secret): Path<String>) -> Result<Response, Problem> {
    let secret = secret.trim_end_matches(".ics");
    let mut conn = app.connection().await?;
    let (feed, occasions) = app.workflow.feed(&mut conn, secret).await?;
    let language: Language = feed.language.parse().unwrap_or(Language::Vi);
    let title = match feed.subject {
        Subject::Person => app.shell.message(language, "feeds-mine", &Args::new()),
        Subject::Unit(unit) => name(&chancery_directory::unit(&mut conn, unit).await?.names, language),
        Subject::Campaign(campaign) => campaigns::load(&mut conn, campaign).await?.name,
    };
    let mut calendar = Calendar::new();
    calendar.name(&title);
    for occasion in &occasions {
        calendar.push(event(&app, language, occasion));
    }
    let mut response = calendar.done().to_string().into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/calendar; charset=utf-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    Ok(response)
}

/// An item. Its identifier stays, so that a programme moves what it has; its times are instants in UTC, which no
/// programme's zone table can shift.
fn event(app: &App, language: Language, occasion: &Occasion) -> Event {
    let say = |key: String| app.shell.message(language, &key, &Args::new());
    let state = say(format!("item-state-{}", occasion.state));
    let title = if occasion.title.trim().is_empty() {
        say("items-untitled".to_owned())
    } else {
        occasion.title.trim().to_owned()
    };
    let link = format!("{}/items/{}", app.shell.config().base_url, occasion.id);
    let facts = format!(
        "{state} · {} · {}\n{link}",
        say(format!("item-kind-{}", occasion.kind)),
        name(&occasion.unit, language)
    );
    let status = match occasion.state {
        ItemState::Cancelled | ItemState::Stopping => EventStatus::Cancelled,
        ItemState::Draft | ItemState::ChangesRequested | ItemState::Submitted => EventStatus::Tentative,
        _ => EventStatus::Confirmed,
    };
    Event::new()
        .uid(&format!("{}@chancery", occasion.id))
        .summary(&title)
        .description(&facts)
        .url(&link)
        .starts(occasion.publish_at)
        .ends(occasion.publish_at + chrono::TimeDelta::minutes(15))
        .timestamp(occasion.updated_at)
        .last_modified(occasion.updated_at)
        .sequence(u32::try_from(occasion.revision).unwrap_or(u32::MAX))
        .status(status)
        .done()
}

fn name(names: &Value, language: Language) -> String {
    let own = names.get(language.tag()).or_else(|| names.get("vi"));
    own.and_then(Value::as_str).unwrap_or_default().to_owned()
}
