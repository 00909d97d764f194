//! The audit trail's page.

use axum::extract::State;
use axum::response::Response;
use chancery_access::{Action, Principal};
use chancery_web::{Args, Caller, Page, Pagination, Problem, Query, Viewer};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::App;
use crate::store::audit::{self, AuditFilter, Entry};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    pub actor: String,
    pub unit: String,
    pub action: String,
    pub subject: String,
    /// First day, at headquarters.
    pub from: String,
    /// Last day, at headquarters.
    pub until: String,
    #[serde(flatten)]
    #[serde(skip_serializing)]
    pub pagination: Pagination,
}

/// What actions begin with, for the choice of the filter.
const AREAS: [&str; 20] = [
    "session",
    "password",
    "second_factor",
    "invitation",
    "person",
    "role",
    "unit",
    "token",
    "item",
    "campaign",
    "model",
    "template",
    "recurrence",
    "activity",
    "policy",
    "account",
    "delivery",
    "stop",
    "release",
    "queue",
];

pub(crate) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let page = app.audit_entries(&me, &filter, viewer.headquarters_zone).await?;
    let actor = match filter.actor.parse() {
        Ok(id) => crate::store::people::get(&app.pool, id)
            .await?
            .map(|person| person.name),
        Err(_) => None,
    };
    let areas: Vec<_> = AREAS
        .into_iter()
        .map(|area| {
            let text = app.shell.message(
                viewer.language,
                &format!("audit-area-{}", area.replace('_', "-")),
                &Args::new(),
            );
            json!({ "value": area, "text": text, "selected": filter.action == area })
        })
        .collect();
    let data = json!({
        "page": page.map(|entry| app.entry(&viewer, &entry)),
        "first": filter.pagination.after.is_none(),
        "areas": areas,
        "actor": actor,
        "units": app.unit_choices(&viewer, &filter.unit).await?,
        "filter": filter,
    });
    Ok(app.shell.page(&viewer, "identity/audit/index", &data))
}

impl App {
    /// A page of the entries that `me` may see.
    pub(super) async fn audit_entries(
        &self,
        me: &Principal,
        filter: &Filter,
        zone: Tz,
    ) -> Result<Page<Entry>, Problem> {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let wanted = AuditFilter {
            actor: filter.actor.parse().ok(),
            unit: filter.unit.parse().ok(),
            action: Some(filter.action.trim().to_owned()).filter(|action| !action.is_empty()),
            subject: filter.subject.parse().ok(),
            from: day(&filter.from).and_then(|day| midnight(day, zone)),
            until: day(&filter.until).and_then(|day| midnight(day + TimeDelta::days(1), zone)),
            visible: self.visible(me, Action::AuditRead).await?,
            before: filter.pagination.after::<i64>()?,
            fetch: filter.pagination.fetch(),
        };
        let rows = audit::list(&self.pool, &wanted).await?;
        Ok(Page::new(rows, &filter.pagination, |row| row.seq))
    }

    /// An entry in the reader's words; an action that has no words yet is shown as it is.
    fn entry(&self, viewer: &Viewer, entry: &Entry) -> Value {
        let key = format!("audit-{}", entry.action.replace(['.', '_'], "-"));
        let told = self.shell.locales().find(viewer.language, &key, &Args::new());
        let detail: Vec<_> = entry
            .detail
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, value)| !value.is_null() && *value != "")
            .map(|(name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                json!({ "name": name, "value": text })
            })
            .collect();
        json!({ "entry": entry, "told": told.unwrap_or_else(|| entry.action.clone()), "detail": detail })
    }
}

/// When a day begins on a wall in `zone`.
fn midnight(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let wall = chancery_clock::WallTime {
        at: day.and_hms_opt(0, 0, 0)?,
        zone,
    };
    Some(wall.resolve().instant())
}
