//! One asset, and what people do with it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::AssetId;
use chancery_directory::Unit;
use chancery_web::{Form, Path, Problem, Query, Redirect, Viewer};
use chrono::TimeDelta;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{App, actor, parts, player, view};
use crate::library::{adapts, keeps};
use crate::model::{Kind, State as AssetState, channels, lacking, wanted_languages};
use crate::store::assets::Asset;
use crate::store::files::File;
use crate::store::{collections, downloads, files, rights};

/// For which unit the page answers.
#[derive(Debug, Deserialize)]
pub(super) struct For {
    #[serde(default, rename = "for")]
    pub unit: String,
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Query(wanted): Query<For>,
) -> Result<Response, Problem> {
    let data = data(&app, &viewer, id, &wanted.unit).await?;
    Ok(app.shell.page(&viewer, "assets/page", &data))
}

/// What the page shows, for the viewer's unit that is named, or their own.
pub(super) async fn data(app: &App, viewer: &Viewer, id: AssetId, named: &str) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let actor = actor(viewer)?;
    let (asset, unit) = app.library.open(&mut conn, actor, id).await?;
    let (own, _) = view::stand(&mut conn, viewer, Some(named)).await?;
    let now = app.library.clock.now();
    let mut verdicts = Vec::new();
    for channel in std::iter::once(None).chain(channels().map(Some)) {
        let refusal = rights::may_use(&mut conn, id, own.id, channel, now).await?;
        verdicts.push(json!({
            "channel": channel.unwrap_or("here"),
            "refusal": refusal.map(crate::model::Refusal::key),
        }));
    }
    let keeper = keeps(actor, &unit);
    let steward = actor.may(Action::AssetSteward, &unit);
    let all = files::of_asset(&mut conn, id).await?;
    let twins = if keeper {
        files::twins(&mut conn, id).await?
    } else {
        Vec::new()
    };
    let people = chancery_directory::people(&mut conn, [asset.created.0, asset.updated.0]).await?;
    let has_consent = files::has_consent(&mut conn, id).await?;
    let wanted: Vec<&str> = wanted_languages(&unit.languages).collect();
    let in_house = rights::may_use(&mut conn, id, own.id, None, now).await?.is_none();
    let usable = in_house && actor.may(Action::AssetUse, &own);
    let mut data = json!({
        "asset": shown(&asset, &unit, now),
        "texts": asset.details.texts,
        "text": asset.details.title(viewer.language.tag()),
        "verdicts": verdicts,
        "own": own.names,
        "keeper": keeper,
        "steward": steward,
        "editable": steward || (keeper && matches!(asset.state, AssetState::Draft | AssetState::Returned)),
        "usable": usable,
        "adaptable": in_house && adapts(actor, &unit, &own).is_ok(),
        "files": parts::section(app, &mut conn, viewer, &asset, &unit, usable).await?,
        "lacks": if keeper { lacking(&asset.details, asset.kind, &wanted, has_consent) } else { Vec::new() },
        "twins": twins,
        "creator": people.get(&asset.created.0),
        "editor": people.get(&asset.updated.0),
    });
    if let Some(data) = data.as_object_mut() {
        // A better original that was refused leaves the one before in its place.
        let mut originals = all
            .iter()
            .filter(|file| file.role == "original" && file.superseded_at.is_none());
        let newest = originals.clone().next();
        let current = originals.find(|file| file.state == "ready").or(newest);
        data.insert("file".into(), json!(current));
        data.insert("preview".into(), preview_of(&asset, &all));
        data.insert(
            "refused".into(),
            json!(
                newest
                    .filter(|_| keeper)
                    .and_then(|file| parts::refused(app, viewer, file))
            ),
        );
        data.insert(
            "player".into(),
            json!(player::data(app, &mut conn, viewer, (&asset, &unit)).await?),
        );
        if keeper {
            data.insert("uses".into(), json!(downloads::uses(&mut conn, id).await?));
            data.insert("taken".into(), json!(downloads::taken(&mut conn, id).await?));
        }
        let actions = viewer.principal()?.units_for(Action::AssetUse);
        if !actions.is_empty() {
            data.insert(
                "collections".into(),
                json!(collections::to_fill(&mut conn, &actions).await?),
            );
        }
    }
    Ok(data)
}

/// What the preview shows, and by which word it knows that it shows something else now.
fn preview_of(asset: &Asset, files: &[File]) -> Value {
    let current = |role: &str| files.iter().find(|file| file.role == role && file.is_current());
    let shown = current("clean").or_else(|| current("original"));
    json!({
        "id": asset.id,
        "kind": asset.kind,
        "version": shown.map(|file| file.id),
        "shown": shown.is_some() && asset.kind != Kind::Captions,
    })
}

/// What the preview has seen.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    seen: String,
}

/// The preview, when another file stands in the place of the one that it shows; else nothing, so that nobody's film starts
/// again.
pub(super) async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Query(seen): Query<Seen>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (asset, unit) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let all = files::of_asset(&mut conn, id).await?;
    let preview = preview_of(&asset, &all);
    if preview.get("version").and_then(Value::as_str).unwrap_or_default() == seen.seen {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let data = json!({
        "preview": preview,
        "text": asset.details.title(viewer.language.tag()),
        "player": player::data(&app, &mut conn, &viewer, (&asset, &unit)).await?,
    });
    Ok(app.shell.fragment(&viewer, "assets/preview", &data))
}

/// An asset's facts as templates see them.
pub(super) fn shown(asset: &Asset, unit: &Unit, now: chrono::DateTime<chrono::Utc>) -> Value {
    let details = &asset.details;
    let rights = &details.rights;
    let instants = rights.instants();
    json!({
        "id": asset.id,
        "kind": asset.kind,
        "state": asset.state,
        "revision": asset.revision,
        "file_name": asset.file_name,
        "unit": unit.names,
        "reason": asset.reason,
        "credit": details.credit,
        "agency": details.agency,
        "creator": details.creator,
        "place": details.place,
        "country": details.country,
        "taken_on": details.taken_on,
        "topics": details.topics,
        "official": details.official,
        "internal_only": rights.internal_only,
        "licence": rights.licence,
        "licence_note": rights.licence_note,
        "consent": rights.consent,
        "territory": rights.territory,
        "channels": rights.channels,
        "zone": rights.zone.name(),
        "starts_at": instants.starts,
        "ends_at": instants.ends,
        "embargo_at": instants.embargo,
        "under_embargo": instants.embargo.is_some_and(|embargo| embargo > now),
        "ended": instants.ends.is_some_and(|ends| ends <= now),
        "ends_soon": instants.ends.is_some_and(|ends| ends > now && ends <= now + TimeDelta::days(30)),
        "created_at": asset.created.1,
        "updated_at": asset.updated.1,
        "published_at": asset.published_at,
    })
}

/// What is done with one asset, and why.
#[derive(Debug, Deserialize)]
pub(super) struct Doing {
    #[serde(rename = "do")]
    what: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn act(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Form(doing): Form<Doing>,
) -> Result<Response, Problem> {
    let actor = actor(&viewer)?;
    let library = &app.library;
    let flash = match doing.what.as_str() {
        "submit" => {
            library.submit(actor, &[id]).await?;
            "assets-submitted"
        }
        "publish" => {
            library.publish(actor, &[id]).await?;
            "assets-published"
        }
        "return" => {
            library.give_back(actor, &[id], &doing.reason).await?;
            "assets-returned"
        }
        "withdraw" => {
            library.withdraw(actor, id, &doing.reason).await?;
            "assets-withdrawn"
        }
        "discard" => {
            library.discard(actor, id).await?;
            return Ok(Redirect::to("/assets?state=draft")
                .flash("assets-discarded")
                .into_response());
        }
        _ => return Err(Problem::bad_request("problem-unexpected-value")),
    };
    Ok(Redirect::to(format!("/assets/{id}"))
        .flash(flash)
        .arg("count", 1)
        .into_response())
}
