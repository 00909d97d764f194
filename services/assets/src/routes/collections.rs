//! Collections and kits.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_clock::WallTime;
use chancery_contracts::ids::{CollectionId, ShareId, UnitId};
use chancery_web::{Form, Pagination, Path, Problem, Query, Redirect, Viewer};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::opened::{self, Opened};
use super::{App, actor, view};
use crate::AssetError;
use crate::library::{CollectionDraft, NewShare};
use crate::model::{CollectionKind, SHARE_LINK};
use crate::store::collections::{self, Collection};
use crate::store::{bundle, lists, rights, shares};

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(pagination): Query<Pagination>,
) -> Result<Response, Problem> {
    let page = opened::listed(&app, &viewer, &pagination).await?;
    Ok(app
        .shell
        .page(&viewer, "assets/collections/list", &json!({ "page": page })))
}

/// The form as it is sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    kind: String,
    #[serde(default, rename = "name-vi")]
    vi: String,
    #[serde(default, rename = "name-en")]
    en: String,
    #[serde(default)]
    guidance: String,
    #[serde(default)]
    shared_all: String,
    #[serde(default)]
    shared_units: Vec<Uuid>,
    #[serde(default)]
    shared_kinds: Vec<String>,
    #[serde(default)]
    revision: String,
}

impl Entered {
    fn draft(&self) -> CollectionDraft {
        CollectionDraft {
            kind: self.kind.parse().unwrap_or(CollectionKind::Collection),
            names: BTreeMap::from([
                ("vi".to_owned(), self.vi.clone()),
                ("en".to_owned(), self.en.clone()),
            ]),
            guidance: self.guidance.trim().to_owned(),
            shared_all: !self.shared_all.is_empty(),
            shared_units: self.shared_units.clone(),
            shared_kinds: self.shared_kinds.clone(),
        }
    }

    fn of(collection: &Collection) -> Self {
        let named = |tag: &str| collection.names.get(tag).cloned().unwrap_or_default();
        Self {
            unit: collection.unit.to_string(),
            kind: collection.kind.to_string(),
            vi: named("vi"),
            en: named("en"),
            guidance: collection.guidance.clone(),
            shared_all: if collection.shared_all {
                "on".to_owned()
            } else {
                String::new()
            },
            shared_units: collection.shared_units.clone(),
            shared_kinds: collection.shared_kinds.clone(),
            revision: collection.revision.to_string(),
        }
    }
}

async fn form(
    app: &App,
    viewer: &Viewer,
    entered: &Entered,
    id: Option<CollectionId>,
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let units =
        chancery_directory::units_below(&mut conn, &viewer.principal()?.units_for(Action::AssetUse)).await?;
    let ministry = chancery_directory::ministry(&mut conn).await?.id;
    let all = chancery_directory::units_below(&mut conn, &[ministry]).await?;
    let kinds = collections::unit_kinds(&mut conn).await?;
    let option =
        |id: UnitId, names: &Value, chosen: bool| json!({ "id": id, "names": names, "chosen": chosen });
    Ok(json!({
        "id": id,
        "form": entered,
        "kit": entered.kind == CollectionKind::Kit.as_str(),
        "vi": entered.vi, "en": entered.en,
        "units": units.iter().map(|u| option(u.id, &u.names, u.id.to_string() == entered.unit)).collect::<Vec<_>>(),
        "all": all.iter().map(|u| option(u.id, &u.names, entered.shared_units.contains(&u.id.0))).collect::<Vec<_>>(),
        "kinds": view::words("unit-kind", kinds.iter().map(String::as_str), |kind| {
            entered.shared_kinds.iter().any(|one| one == kind)
        }),
    }))
}

pub(super) async fn new(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let data = form(&app, &viewer, &Entered::default(), None).await?;
    Ok(app.shell.page(&viewer, "assets/collections/edit", &data))
}

pub(super) async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (collection, unit) = app
        .library
        .open_collection(&mut conn, actor(&viewer)?, id)
        .await?;
    actor(&viewer)?.require(Action::AssetUse, &unit)?;
    drop(conn);
    let data = form(&app, &viewer, &Entered::of(&collection), Some(id)).await?;
    Ok(app.shell.page(&viewer, "assets/collections/edit", &data))
}

pub(super) async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(entered): Form<Entered>,
) -> Result<Response, Problem> {
    let unit = if let Ok(unit) = entered.unit.parse() {
        unit
    } else {
        let mut conn = app.connection().await?;
        view::stand(&mut conn, &viewer, None).await?.0.id
    };
    save(&app, &viewer, unit, None, &entered).await
}

pub(super) async fn change(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
    Form(entered): Form<Entered>,
) -> Result<Response, Problem> {
    let revision = entered.revision.parse().unwrap_or_default();
    let unit = entered.unit.parse().unwrap_or(UnitId(Uuid::nil()));
    save(&app, &viewer, unit, Some((id, revision)), &entered).await
}

async fn save(
    app: &App,
    viewer: &Viewer,
    unit: UnitId,
    known: Option<(CollectionId, i64)>,
    entered: &Entered,
) -> Result<Response, Problem> {
    let saved = app
        .library
        .save_collection(actor(viewer)?, unit, known, entered.draft())
        .await;
    match saved {
        Ok(id) => Ok(Redirect::to(format!("/collections/{id}"))
            .flash("collections-saved")
            .into_response()),
        Err(error @ AssetError::Fields(_)) => {
            let data = form(app, viewer, entered, known.map(|known| known.0)).await?;
            Ok(app
                .shell
                .refused(viewer, "assets/collections/edit", &data, &error.into()))
        }
        Err(error) => Err(error.into()),
    }
}

/// A collection as the viewer sees it: which of its assets they may use, and the rest by name only to its owners.
async fn shown(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    opened: &Opened,
) -> Result<Value, Problem> {
    let Opened { ids, usable, .. } = opened;
    let owner = actor(viewer)?.may(Action::AssetUse, &opened.unit);
    let now = app.library.clock.now();
    let outside = rights::usable(&mut *conn, ids, opened.unit.id, Some(SHARE_LINK), now).await?;
    let cards = lists::cards(&mut *conn, ids, viewer.language.tag()).await?;
    let bytes: i64 = bundle::files(conn, usable)
        .await?
        .iter()
        .map(|file| file.bytes)
        .sum();
    let cards: Vec<Value> = cards
        .iter()
        .filter(|card| owner || usable.contains(&card.id))
        .enumerate()
        .map(|(index, card)| {
            let mut card = card.clone();
            // Its place in the order is the owner's to change; what it is, they may no longer see.
            if !usable.contains(&card.id) {
                card.title = None;
                card.credit.clear();
                "—".clone_into(&mut card.file_name);
            }
            json!({
                "place": index + 1,
                "note": opened.note(card.id),
                "usable": usable.contains(&card.id),
                "outside": outside.contains(&card.id),
                "card": card,
            })
        })
        .collect();
    Ok(json!({
        "collection": opened.collection,
        "unit": opened.unit.names,
        "owner": owner,
        "count": cards.len(),
        "hidden": ids.len() - cards.len(),
        "cards": cards,
        "usable": usable.len(),
        "bytes": bytes,
        "outside": outside.len(),
    }))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
) -> Result<Response, Problem> {
    let data = page_data(&app, &viewer, id, None).await?;
    Ok(app.shell.page(&viewer, "assets/collections/page", &data))
}

/// What the page shows; `link` is the address of one that was just made.
pub(super) async fn page_data(
    app: &App,
    viewer: &Viewer,
    id: CollectionId,
    link: Option<String>,
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let opened = Opened::by(app, &mut conn, viewer, id).await?;
    let mut data = shown(app, &mut conn, viewer, &opened).await?;
    let unit = &opened.unit;
    if let (true, Some(data)) = (actor(viewer)?.may(Action::AssetUse, unit), data.as_object_mut()) {
        let now = app.library.clock.now();
        let links: Vec<_> = shares::of_collection(&mut conn, id)
            .await?
            .into_iter()
            .map(|share| json!({ "share": share, "holds": share.holds(now), "password": share.password_hash.is_some() }))
            .collect();
        data.insert("links".into(), json!(links));
        data.insert("link".into(), json!(link));
        data.insert("zone".into(), json!(unit.zone.name()));
    }
    Ok(data)
}

/// A link to be made.
#[derive(Debug, Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    ends_on: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    max_downloads: String,
}

pub(super) async fn share(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
    Form(link): Form<Link>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (_, unit) = app
        .library
        .open_collection(&mut conn, actor(&viewer)?, id)
        .await?;
    drop(conn);
    // The whole last day, on the unit's own clock.
    let day: Option<NaiveDate> = link.ends_on.parse().ok();
    let ends_at = day.and_then(|day| day.succ_opt()).map(|day| {
        WallTime {
            at: day.and_time(NaiveTime::MIN),
            zone: unit.zone,
        }
        .resolve()
        .instant()
    });
    let made = match ends_at {
        Some(ends_at) => {
            let new = NewShare {
                ends_at,
                password: Some(link.password),
                max_downloads: match link.max_downloads.trim() {
                    "" => None,
                    count => Some(count.parse().unwrap_or(0)),
                },
            };
            app.library.share(actor(&viewer)?, id, new).await
        }
        None => Err(AssetError::field("ends_on", "shares-end-unlikely")),
    };
    match made {
        Ok((_, token)) => {
            let address = format!("{}/shared/{token}", app.shell.config().base_url);
            let data = page_data(&app, &viewer, id, Some(address)).await?;
            Ok(app.shell.page(&viewer, "assets/collections/page", &data))
        }
        Err(AssetError::Fields(fields)) => {
            // The form has a day where the library has an instant.
            let as_asked = |(field, key): (String, _)| match field.as_str() {
                "ends_at" => ("ends_on".to_owned(), key),
                _ => (field, key),
            };
            let error = AssetError::Fields(fields.into_iter().map(as_asked).collect());
            let data = page_data(&app, &viewer, id, None).await?;
            Ok(app
                .shell
                .refused(&viewer, "assets/collections/page", &data, &error.into()))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn revoke(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, share)): Path<(CollectionId, ShareId)>,
) -> Result<Redirect, Problem> {
    app.library.revoke(actor(&viewer)?, id, share).await?;
    Ok(Redirect::to(format!("/collections/{id}")).flash("shares-ended"))
}
