//! Webhooks: the list with its form, and a page for each endpoint.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::UnitId;
use chancery_web::{Access, Form, Path, Problem, Redirect, Routes, Viewer};
use serde_json::{Value, json};
use uuid::Uuid;

use super::form::{Fields, first};
use super::{App, actor};
use crate::error::CalendarError;
use crate::hooks::NewWebhook;
use crate::model::hooks::HookEvent;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let manage = Access::May(Action::WebhookManage);
    routes
        .get(manage, "/webhooks", page)
        .post(manage, "/webhooks", register)
        .get(manage, "/webhooks/{id}", show)
        .post(manage, "/webhooks/{id}/pause", pause)
        .post(manage, "/webhooks/{id}/resume", resume)
        .post(manage, "/webhooks/{id}/rotate", rotate)
        .post(manage, "/webhooks/{id}/test", test)
        .post(manage, "/webhooks/{id}/remove", remove)
        .post(manage, "/webhooks/{id}/messages/{message}/again", again)
}

async fn listed(app: &App, viewer: &Viewer, fields: &Fields) -> Result<Value, Problem> {
    let principal = viewer.principal()?;
    let rows = app.hooks.list(actor(viewer)?).await?;
    let mut conn = app.connection().await?;
    let roots = principal.units_for(Action::WebhookManage);
    let units = chancery_directory::units_below(&mut conn, &roots).await?;
    let value = |name: &str| first(fields, name).unwrap_or_default();
    let chosen = |event: &HookEvent| {
        fields
            .iter()
            .any(|(name, word)| name == "event" && word == event.as_str())
    };
    let events: Vec<_> = HookEvent::ALL
        .iter()
        .map(|event| json!({ "value": event, "word": event.as_str().replace('.', "-"), "chosen": chosen(event) }))
        .collect();
    let units: Vec<_> = units
        .iter()
        .map(|unit| json!({ "id": unit.id, "names": unit.names, "chosen": unit.id.to_string() == value("unit") }))
        .collect();
    Ok(json!({
        "rows": rows, "units": units, "events": events,
        "form": { "name": value("name"), "url": value("url"), "below": !value("below").is_empty(), "sent": !fields.is_empty() },
    }))
}

async fn page(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let data = listed(&app, &viewer, &Fields::new()).await?;
    Ok(app.shell.page(&viewer, "calendar/webhooks/list", &data))
}

/// `unit`, `below`, `name`, `url` and a repeated `event`.
async fn register(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let value = |name: &str| first(&fields, name).unwrap_or_default();
    let events: Result<Vec<HookEvent>, _> = fields
        .iter()
        .filter(|(name, _)| name == "event")
        .map(|(_, word)| word.parse())
        .collect();
    let unknown = |field| Problem::invalid("items-not-saved").field(field, "items-value-unknown");
    let new = NewWebhook {
        unit: value("unit").parse::<UnitId>().map_err(|_| unknown("unit"))?,
        below: !value("below").is_empty(),
        name: value("name").to_owned(),
        url: value("url").to_owned(),
        events: events.map_err(|_| unknown("event"))?,
    };
    match app.hooks.register(actor(&viewer)?, new).await {
        // WebhookAttempt once, in the answer itself.
        Ok((id, secret)) => app.endpoint(&viewer, id, Some(&secret)).await,
        Err(error @ CalendarError::Field { .. }) => {
            let data = listed(&app, &viewer, &fields).await?;
            let problem = Problem::from(error);
            Ok(app
                .shell
                .refused(&viewer, "calendar/webhooks/list", &data, &problem))
        }
        Err(error) => Err(error.into()),
    }
}

impl App {
    /// An endpoint's page, with a secret that was just made.
    async fn endpoint(&self, viewer: &Viewer, id: Uuid, secret: Option<&str>) -> Result<Response, Problem> {
        let (hook, attempts) = self.hooks.show(actor(viewer)?, id).await?;
        let events: Vec<_> = hook.events.iter().map(|event| event.replace('.', "-")).collect();
        let attempts: Vec<_> = attempts
            .iter()
            .map(|attempt| json!({ "it": attempt, "word": attempt.event.replace('.', "-"), "ended": attempt.state != "waiting" }))
            .collect();
        let data = json!({
            "hook": hook, "events": events, "attempts": attempts, "secret": secret,
            "is_on": matches!(hook.state.as_str(), "active" | "failing"), "is_disabled": hook.state == "disabled",
        });
        Ok(self.shell.page(viewer, "calendar/webhooks/page", &data))
    }
}

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    app.endpoint(&viewer, id, None).await
}

fn back(id: Uuid) -> Redirect {
    Redirect::to(format!("/webhooks/{id}"))
}

async fn pause(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    app.hooks.pause(actor(&viewer)?, id).await?;
    Ok(back(id).flash("webhooks-paused").into_response())
}

async fn resume(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    app.hooks.resume(actor(&viewer)?, id).await?;
    Ok(back(id).flash("webhooks-resumed").into_response())
}

async fn rotate(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let secret = app.hooks.rotate(actor(&viewer)?, id).await?;
    app.endpoint(&viewer, id, Some(&secret)).await
}

async fn test(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    app.hooks.test(actor(&viewer)?, id).await?;
    Ok(back(id).flash("webhooks-tested").into_response())
}

async fn remove(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    app.hooks.remove(actor(&viewer)?, id).await?;
    Ok(Redirect::to("/webhooks")
        .flash("webhooks-removed")
        .into_response())
}

async fn again(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, message)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    app.hooks.again(actor(&viewer)?, id, message).await?;
    Ok(back(id).flash("webhooks-sent-again").into_response())
}
