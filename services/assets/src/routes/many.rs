//! What stewards do with many assets at once: review, bulk edits, and the list of rights that end.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AssetId, CollectionId};
use chancery_web::{Form, Path, Problem, Redirect, Viewer, local};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{App, actor, view};
use crate::library::BULK;
use crate::model::{Licence, Patch, TOPICS};
use crate::store::{lists, saved};

/// A choice of assets, and what is to be done with them.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    asset: Vec<AssetId>,
    #[serde(default, rename = "do")]
    what: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    back: String,
    #[serde(default)]
    collection: String,
    #[serde(default)]
    credit: String,
    #[serde(default)]
    agency: String,
    #[serde(default)]
    creator: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    add_topics: Vec<String>,
    #[serde(default)]
    licence: String,
    #[serde(default)]
    internal_only: String,
}

impl Chosen {
    fn patch(&self) -> Patch {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Patch {
            credit: some(&self.credit),
            agency: some(&self.agency),
            creator: some(&self.creator),
            place: some(&self.place),
            country: some(&self.country),
            add_topics: self
                .add_topics
                .iter()
                .filter(|topic| !topic.is_empty())
                .cloned()
                .collect(),
            licence: self.licence.parse().ok(),
            internal_only: match self.internal_only.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            ..Patch::default()
        }
    }
}

pub(super) async fn act(
    State(app): State<App>,
    viewer: Viewer,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let actor = actor(&viewer)?;
    let back = if chosen.back.is_empty() {
        "/assets".to_owned()
    } else {
        local(chosen.back.clone())
    };
    if chosen.asset.is_empty() {
        return Ok(Redirect::to(back).flash("assets-nothing-chosen").into_response());
    }
    let library = &app.library;
    let (flash, count) = match chosen.what.as_str() {
        "submit" => ("assets-submitted", library.submit(actor, &chosen.asset).await?),
        "publish" => ("assets-published", library.publish(actor, &chosen.asset).await?),
        "return" => (
            "assets-returned",
            library.give_back(actor, &chosen.asset, &chosen.reason).await?,
        ),
        "collect" => {
            let collection: CollectionId = chosen.collection.parse().map_err(|_| Problem::not_found())?;
            let count = library.collect(actor, collection, &chosen.asset).await?;
            ("collections-filled", count)
        }
        "edit" => return describe(&app, &viewer, &chosen, &back).await,
        "bulk" => {
            let id = library.bulk(actor, &chosen.asset, &chosen.patch()).await?;
            return Ok(Redirect::to(format!("/assets/bulk/{id}")).into_response());
        }
        _ => return Err(Problem::bad_request("problem-unexpected-value")),
    };
    Ok(Redirect::to(back)
        .flash(flash)
        .arg("count", count)
        .into_response())
}

/// The form of a bulk edit, for those chosen.
async fn describe(app: &App, viewer: &Viewer, chosen: &Chosen, back: &str) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    // An id in a form is no right to know a name.
    for id in chosen.asset.iter().take(BULK) {
        app.library.open(&mut conn, actor(viewer)?, *id).await?;
    }
    let chosen: Vec<AssetId> = chosen.asset.iter().take(BULK).copied().collect();
    let cards = lists::cards(&mut conn, &chosen, viewer.language.tag()).await?;
    let data = json!({
        "cards": cards,
        "back": back,
        "count": cards.len(),
        "topics": view::words("media-topic", TOPICS, |_| false),
        "countries": view::countries(app, viewer, None),
        "licences": view::words("asset-licence", Licence::ALL.iter().map(|word| word.as_str()), |_| false),
        "steward": !viewer.principal()?.units_for(Action::AssetSteward).is_empty(),
    });
    Ok(app.shell.page(viewer, "assets/bulk", &data))
}

/// What a bulk edit did, with the way back.
pub(super) async fn bulk(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let edit = lists::bulk(&mut conn, id, viewer.principal()?.person).await?;
    let cards = lists::cards(&mut conn, &edit.ids, viewer.language.tag()).await?;
    let data = json!({ "id": id, "undone": edit.undone, "cards": cards, "count": edit.ids.len() });
    Ok(app.shell.page(&viewer, "assets/bulk_done", &data))
}

pub(super) async fn undo(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Problem> {
    let undone = app.library.undo(actor(&viewer)?, id).await?;
    Ok(Redirect::to(format!("/assets/bulk/{id}"))
        .flash("assets-bulk-undone")
        .arg("count", undone.restored)
        .arg("kept", undone.kept))
}

/// What waits for a steward.
pub(super) async fn review(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let units =
        chancery_directory::ids_below(&mut conn, &viewer.principal()?.units_for(Action::AssetSteward))
            .await?;
    let batches = lists::waiting(&mut conn, &units, viewer.language.tag()).await?;
    Ok(app
        .shell
        .page(&viewer, "assets/review", &json!({ "batches": batches })))
}

/// What waits for a steward, for the first page.
pub(super) async fn waiting(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let units =
        chancery_directory::ids_below(&mut conn, &viewer.principal()?.units_for(Action::AssetSteward))
            .await?;
    let count = lists::count_waiting(&mut conn, &units).await?;
    Ok(app
        .shell
        .fragment(&viewer, "assets/waiting", &json!({ "count": count })))
}

/// Rights that end within thirty days, or have ended while something still uses them.
pub(super) async fn ending(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let now = app.library.clock.now();
    let mut conn = app.connection().await?;
    let units =
        chancery_directory::ids_below(&mut conn, &viewer.principal()?.units_for(Action::AssetSteward))
            .await?;
    let rows = lists::ending(
        &mut conn,
        &units,
        now,
        now + TimeDelta::days(30),
        viewer.language.tag(),
    )
    .await?;
    Ok(app.shell.page(&viewer, "assets/ending", &json!({ "rows": rows })))
}

/// A search to keep.
#[derive(Debug, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
}

pub(super) async fn keep_search(
    State(app): State<App>,
    viewer: Viewer,
    Form(search): Form<Search>,
) -> Result<Redirect, Problem> {
    let name: String = search.name.trim().chars().take(100).collect();
    let back = Redirect::to(format!("/assets?{}", search.query));
    if name.is_empty() || search.query.chars().count() > 2_000 {
        return Ok(back.flash("assets-search-unnamed"));
    }
    let mut conn = app.connection().await?;
    let (id, person) = (app.library.clock.new_id(), viewer.principal()?.person);
    saved::keep(
        &mut conn,
        id,
        person,
        &name,
        &search.query,
        app.library.clock.now(),
    )
    .await?;
    Ok(back.flash("assets-search-kept"))
}

pub(super) async fn forget_search(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Problem> {
    let mut conn = app.connection().await?;
    saved::forget(&mut conn, id, viewer.principal()?.person).await?;
    Ok(Redirect::to("/assets").flash("assets-search-forgotten"))
}
