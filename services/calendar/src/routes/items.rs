//! Lists of items, and one item with what happened to it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::Topic;
use chancery_contracts::ids::{CampaignId, ItemId, UnitId};
use chancery_contracts::publisher::DeliveryStatus;
use chancery_directory::Unit;
use chancery_web::{Form, Page, Pagination, Path, Problem, Query, Redirect, Viewer};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use url::form_urlencoded::Serializer;

use super::{App, actor, amend, break_glass, links, taking_back, transitions, view};
use crate::model::{Kind, Objection, State as ItemState, Unreleased};
use crate::store::items::Item;
use crate::store::lists::{self, Filter};
use crate::store::{accounts, approvals, campaigns, deliveries, editing, models, scope, timeline};

/// How many rows a fragment of the home page shows.
const FEW: i64 = 6;

/// The groups in which people look for items.
const GROUPS: [(&str, &[ItemState]); 7] = [
    ("open", &[ItemState::Draft, ItemState::ChangesRequested]),
    ("waiting", &[ItemState::Submitted]),
    (
        "planned",
        &[
            ItemState::Ready,
            ItemState::Approved,
            ItemState::Scheduled,
            ItemState::Publishing,
        ],
    ),
    ("out", &[ItemState::Published, ItemState::Partly]),
    ("withdrawn", &[ItemState::Withdrawn]),
    (
        "trouble",
        &[ItemState::Failed, ItemState::NeedsPerson, ItemState::Partly],
    ),
    ("stopped", &[ItemState::Stopping, ItemState::Cancelled]),
];

/// Which items to list.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    group: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    campaign: String,
    #[serde(default)]
    text: String,
    /// `translation`: only those that lack one.
    #[serde(default)]
    needs: String,
    #[serde(flatten)]
    pagination: Pagination,
}

impl Wanted {
    pub(super) const fn pagination(&self) -> &Pagination {
        &self.pagination
    }

    /// The address of this list: where to come back to.
    fn here(&self) -> String {
        let mut query = Serializer::new(String::new());
        let after = self.pagination.after.as_deref().unwrap_or_default();
        let given = [
            ("group", self.group.as_str()),
            ("unit", self.unit.as_str()),
            ("campaign", self.campaign.as_str()),
            ("text", self.text.as_str()),
            ("needs", self.needs.as_str()),
            ("after", after),
        ];
        query.extend_pairs(given.into_iter().filter(|(_, value)| !value.is_empty()));
        format!("/items?{}", query.finish())
    }

    /// What is not understood filters nothing: a link from elsewhere still shows a list.
    pub(super) fn filter(&self, roots: Vec<UnitId>) -> Filter {
        let group = GROUPS.iter().find(|(name, _)| *name == self.group);
        Filter {
            roots,
            unit: self.unit.parse().ok(),
            states: group.map(|(_, states)| states.to_vec()).unwrap_or_default(),
            campaign: self.campaign.parse::<CampaignId>().ok(),
            author: None,
            text: Some(self.text.trim().chars().take(100).collect::<String>())
                .filter(|text| !text.is_empty()),
            needs_translation: self.needs == "translation",
        }
    }
}

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let principal = viewer.principal()?;
    let mut conn = app.connection().await?;
    let roots = principal.units_for(Action::ItemRead);
    let filter = wanted.filter(roots.clone());
    let rows = lists::items(
        &mut conn,
        &filter,
        wanted.pagination.after()?,
        wanted.pagination.fetch(),
    )
    .await?;
    let page = Page::new(rows, &wanted.pagination, |row| row.id);
    let units = chancery_directory::units_below(&mut conn, &roots).await?;
    let chosen = |id: UnitId| filter.unit == Some(id);
    let below: Vec<_> = units.iter().map(|unit| unit.id.0).collect();
    let campaigns = scope::campaigns(&mut conn, &below).await?;
    let campaigns = campaigns
        .iter()
        .map(|(id, name)| json!({ "value": id, "label": name }));
    let topics = Topic::ALL
        .iter()
        .map(|topic| json!({ "value": topic, "key": format!("topic-{topic}") }));
    let data = json!({
        "page": page,
        "groups": GROUPS.map(|(name, _)| json!({ "name": name, "chosen": name == wanted.group })),
        "group": wanted.group,
        "text": wanted.text,
        "unit": filter.unit,
        "campaign": filter.campaign,
        "needs": filter.needs_translation,
        "here": wanted.here(),
        "may_write": viewer.can(Action::ItemWrite),
        "campaigns": campaigns.collect::<Vec<_>>(),
        "topics": topics.collect::<Vec<_>>(),
        "audiences": campaigns::audiences(&mut conn).await?,
        "units": units.iter().map(|u| json!({ "id": u.id, "names": u.names, "chosen": chosen(u.id) })).collect::<Vec<_>>(),
        "filtered": filter.unit.is_some() || filter.campaign.is_some() || filter.text.is_some() || !filter.states.is_empty()
            || filter.needs_translation,
    });
    Ok(app.shell.page(&viewer, "calendar/items/list", &data))
}

pub(super) async fn choose(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let units =
        chancery_directory::units_below(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    let kinds = [
        (Kind::Statement, "speakerphone"),
        (Kind::PressRelease, "file-text"),
        (Kind::News, "news"),
        (Kind::Greeting, "gift"),
        (Kind::Notice, "bell"),
    ];
    let kinds = kinds.map(|(kind, icon)| json!({ "value": kind, "icon": icon }));
    Ok(app.shell.page(
        &viewer,
        "calendar/items/new",
        &json!({ "units": units, "kinds": kinds }),
    ))
}

/// Whose item to make; none: the only unit that the person writes for.
#[derive(Debug, Deserialize)]
pub(super) struct New {
    #[serde(default)]
    unit: String,
    /// A [`Kind`]; a statement unless said.
    #[serde(default)]
    kind: String,
}

pub(super) async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(new): Form<New>,
) -> Result<Response, Problem> {
    let unit = if let Ok(unit) = new.unit.parse::<UnitId>() {
        unit
    } else {
        let mut conn = app.connection().await?;
        let units =
            chancery_directory::units_below(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite))
                .await?;
        let [only] = units.as_slice() else {
            return Ok(Redirect::to("/items/new").into_response());
        };
        only.id
    };
    let kind = new.kind.parse().unwrap_or(Kind::Statement);
    let id = app
        .workflow
        .create(actor(&viewer)?, unit, kind, viewer.language.tag())
        .await?;
    Ok(Redirect::to(format!("/items/{id}/edit")).into_response())
}

pub(super) async fn mine(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let rows = lists::mine(&mut conn, viewer.principal()?.person, FEW).await?;
    Ok(app
        .shell
        .fragment(&viewer, "calendar/items/mine", &json!({ "rows": rows })))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let mut data = standing(&app, &mut conn, &viewer, &item, &unit).await?;
    let accounts = accounts::of_unit(&mut conn, unit.id).await?;
    let version = shown_version(&mut conn, &item).await?;
    let previews = match &version {
        Some(version) => view::submitted(&app, &mut conn, &item, &version.edition, &accounts).await?,
        None => view::drafted(&app, &mut conn, &item, &accounts).await?,
    };
    let copy = editing::copy_of(&mut conn, id, viewer.principal()?.person).await?;
    let translations = super::translate::standings(&mut conn, &item, &accounts).await?;
    if let Some(data) = data.as_object_mut() {
        data.insert("translations".into(), json!(translations));
        data.insert("model".into(), json!(models::of_item(&mut conn, id).await?));
        data.insert(
            "threads".into(),
            json!(super::remarks::threads(&mut conn, id).await?),
        );
        data.insert("links".into(), json!(links::followed(&app, &mut conn, id).await?));
        data.insert("previews".into(), json!(previews));
        data.insert("timeline".into(), told(&mut conn, id).await?);
        data.insert(
            "copy".into(),
            json!(copy.map(|copy| json!({ "saved_at": copy.saved_at, "title": copy.draft.title, "body": copy.draft.body }))),
        );
    }
    Ok(app.shell.page(&viewer, "calendar/items/page", &data))
}

/// What stands frozen of the item as it is now: nothing while it is written.
async fn shown_version(
    conn: &mut PgConnection,
    item: &Item,
) -> Result<Option<approvals::Version>, sqlx::Error> {
    if item.state.is_open() {
        Ok(None)
    } else {
        approvals::version(conn, item.id, item.version).await
    }
}

/// State, steps, approvals, and what the viewer can do about them: the part of the page that lives.
async fn standing(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
) -> Result<Value, Problem> {
    let now = app.workflow.clock.now();
    let version = shown_version(&mut *conn, item).await?;
    let decisions = match &version {
        Some(version) => approvals::decisions(&mut *conn, item.id, version.version).await?,
        // A draft shows why it came back.
        None if item.version > 1 => approvals::decisions(&mut *conn, item.id, item.version - 1).await?,
        None => Vec::new(),
    };
    let asked = decisions
        .iter()
        .find(|(decision, _)| !decision.approved && item.state == ItemState::ChangesRequested);
    let order = approvals::latest_order(&mut *conn, item.id).await?;
    let stopping = order.is_some_and(|o| o.cancel_requested_at.is_some() && o.cancel_confirmed_at.is_none());
    let decide = match (&version, item.state) {
        (Some(version), ItemState::Submitted) => {
            let deciding = app
                .workflow
                .deciding(&mut *conn, actor(viewer)?, item, unit, version)
                .await?;
            let objection = deciding.deciding.approve_at_new_time().err();
            Some(json!({ "may": objection.is_none(), "objection": objection.map(Objection::key) }))
        }
        _ => None,
    };
    let word = match (&version, item.state) {
        (Some(version), ItemState::Ready) => {
            let speaking = app
                .workflow
                .releasing(&mut *conn, actor(viewer)?, item, unit, version)
                .await?;
            let refusal = speaking.releasing.release().err();
            let early = item.appointment.filter(|_| refusal == Some(Unreleased::Early));
            let opens_in = early.map(|time| (time.instant() - now).num_seconds() + 1);
            Some(
                json!({ "may": refusal.is_none(), "refusal": refusal.map(Unreleased::key), "opens_in": opens_in }),
            )
        }
        _ => None,
    };
    let uses = break_glass::of_item(app, &mut *conn, viewer, item, unit).await?;
    let bypassed = uses
        .iter()
        .any(|one| one.pointer("/row/version") == Some(&json!(item.version)));
    let person = viewer.principal()?;
    let known = deliveries::of_item(&mut *conn, item.id).await?;
    let held = known
        .iter()
        .any(|delivery| delivery.status == DeliveryStatus::Held);
    let known: Vec<_> = known
        .iter()
        .map(|d| {
            json!({ "account": d.account, "status": d.status, "permalink": d.permalink, "reason": d.reason,
            "language": d.language, "withdrawal": d.withdrawal, "withdrawal_reason": d.withdrawal_reason })
        })
        .collect();
    Ok(json!({
        "known": known,
        "held": held,
        "item": view::item(item, unit, now),
        "stations": view::stations(item.state),
        "chain": version.as_ref().map(|version| view::chain(version, &decisions, item.state, bypassed)),
        "asked": asked.map(|(d, name)| json!({ "person": name, "comment": d.comment, "at": d.at })),
        "stopping_order": stopping && item.state != ItemState::Stopping,
        "decide": decide,
        "back": taking_back::shown(app, &mut *conn, viewer, item, unit).await?,
        "word": word,
        "broken": uses,
        "glass": break_glass::standing(app, &mut *conn, viewer, item, unit).await?,
        "amendment": amend::shown(&mut *conn, viewer, item).await?,
        "transitions": transitions::shown(app, &mut *conn, viewer, item, unit).await?,
        "writer": person.decide(Action::ItemWrite, unit.place()).is_allowed(),
        "canceller": person.decide(Action::ItemWrite, unit.place()).is_allowed()
            || person.decide(Action::ItemApproveHeadquarters, unit.place()).is_allowed(),
    }))
}

pub(super) async fn state(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let data = standing(&app, &mut conn, &viewer, &item, &unit).await?;
    Ok(app.shell.fragment(&viewer, "calendar/items/state", &data))
}

async fn told(conn: &mut PgConnection, id: ItemId) -> Result<Value, Problem> {
    let entries = timeline::of_item(conn, id).await?;
    let entry = |t: &timeline::Told| {
        json!({
            "at": t.at, "person": t.person, "action": t.action, "version": t.version, "text": t.text, "detail": t.detail,
        })
    };
    Ok(entries.iter().map(entry).collect())
}

pub(super) async fn timeline(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let data = json!({
        "timeline": told(&mut conn, id).await?,
        "item": view::item(&item, &unit, app.workflow.clock.now()),
    });
    Ok(app.shell.fragment(&viewer, "calendar/items/timeline", &data))
}
