//! Renditions that were ordered: seen, and taken away. Whoever takes one asks the rule at that moment.

use axum::extract::State;
use axum::response::Response;
use chancery_access::Action;
use chancery_contracts::ids::AssetId;
use chancery_directory::Unit;
use chancery_media::MediaType;
use chancery_web::{Path, Problem, Query, Redirect, Viewer};
use http::Method;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::files::{Handed, Meant, hand_over, permitted, send};
use super::{App, actor, view};
use crate::opening::given_name;
use crate::store::assets::Asset;
use crate::store::renditions::{self, Asked};

/// What the viewer's units have asked for of an asset; `only` one of them.
pub(super) async fn asked(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    id: AssetId,
    only: Option<Uuid>,
) -> Result<Vec<Asked>, Problem> {
    let units = app.library.units_that_adapt(&mut *conn, actor(viewer)?).await?;
    if units.is_empty() {
        let (own, _) = view::stand(&mut *conn, viewer, None).await?;
        actor(viewer)?.require(Action::AssetUse, &own)?;
    }
    Ok(renditions::asked(conn, id, &units, only).await?)
}

/// One of them, of an asset that the viewer may see.
pub(super) async fn find(
    app: &App,
    viewer: &Viewer,
    id: AssetId,
    rendition: Uuid,
) -> Result<(Asset, Unit, Asked), Problem> {
    let mut conn = app.connection().await?;
    let (asset, keeper) = app.library.open(&mut conn, actor(viewer)?, id).await?;
    let found = asked(app, &mut conn, viewer, id, Some(rendition)).await?.pop();
    Ok((asset, keeper, found.ok_or_else(Problem::not_found)?))
}

/// As the list shows them.
pub(super) fn shown(app: &App, viewer: &Viewer, asked: &[Asked]) -> Vec<Value> {
    let line = |one: &Asked| {
        json!({
            "rendition": one,
            "failure": failure(app, viewer, one),
            "seen": one.state == "ready" && one.media_type.as_deref().is_some_and(|mime| mime.starts_with("image/")),
            "seconds": one.duration_ms.map(|length| length / 1000),
        })
    };
    asked.iter().map(line).collect()
}

/// Why it could not be made, in words.
pub(super) fn failure(app: &App, viewer: &Viewer, asked: &Asked) -> Option<String> {
    let key = asked.failure.as_deref()?;
    Some(view::sentence(app, viewer, key, &asked.arguments))
}

/// The list, asked for again while something is being made.
pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let asked = asked(&app, &mut conn, &viewer, id, None).await?;
    let data = json!({ "id": id, "renditions": shown(&app, &viewer, &asked) });
    Ok(app.shell.fragment(&viewer, "assets/renditions", &data))
}

/// Has one that failed made once more.
pub(super) async fn again(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, rendition)): Path<(AssetId, Uuid)>,
) -> Result<Redirect, Problem> {
    let asked = app.library.order_again(actor(&viewer)?, id, rendition).await?;
    Ok(Redirect::to(format!("/assets/{id}/adapt?for={}#made", asked.unit)).flash("rendition-ordered"))
}

/// A picture that was made, to look at on the page where it was ordered.
pub(super) async fn look(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, rendition)): Path<(AssetId, Uuid)>,
) -> Result<Response, Problem> {
    let (.., asked) = find(&app, &viewer, id, rendition).await?;
    let mime = asked.media_type.unwrap_or_default();
    if !mime.starts_with("image/") {
        return Err(Problem::not_found());
    }
    let hash = asked.sha256.unwrap_or_default();
    send(&app, hash.parse().map_err(Problem::internal)?, &mime, None).await
}

/// A rendition, taken away.
pub(super) async fn download(
    State(app): State<App>,
    viewer: Viewer,
    method: Method,
    Path((id, rendition)): Path<(AssetId, Uuid)>,
    Query(meant): Query<Meant>,
) -> Result<Response, Problem> {
    let (asset, keeper, asked) = find(&app, &viewer, id, rendition).await?;
    let unit = permitted(&app, &viewer, (id, Some(&keeper)), &meant).await?;
    let Some(sha256) = asked.sha256.clone() else {
        return Err(Problem::conflict("rendition-not-ready"));
    };
    let handed = Handed {
        sha256,
        name: called(&asset, &asked),
        media_type: asked.media_type,
        what: asked.purpose,
    };
    hand_over(&app, &viewer, &method, (id, Some(unit)), &handed).await
}

/// As the asset, with what it is made for.
fn called(asset: &Asset, asked: &Asked) -> String {
    let name = given_name(asset, "");
    let known = name
        .rsplit_once('.')
        .filter(|(_, ending)| (2..=4).contains(&ending.len()) && ending.is_ascii());
    let stem = known.map_or(name.as_str(), |(stem, _)| stem);
    let kind = asked.media_type.as_deref().and_then(MediaType::from_mime);
    let ending = kind.map_or("bin", MediaType::extension);
    match &asked.language {
        Some(language) => format!("{stem} ({}, {language}).{ending}", asked.purpose),
        None => format!("{stem} ({}).{ending}", asked.purpose),
    }
}
