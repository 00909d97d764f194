//! Films and sounds on the library's own pages, for whoever may see them.

use axum::extract::State;
use axum::response::Response;
use chancery_contracts::ids::AssetId;
use chancery_directory::Unit;
use chancery_media::{MediaError, MediaType, convert_captions};
use chancery_web::{Path, Problem, Redirect, Viewer};
use http::{HeaderMap, HeaderValue, header};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{App, actor, range, view};
use crate::AssetError;
use crate::library::adapts;
use crate::model::Kind;
use crate::opening::Progress;
use crate::store::assets::Asset;
use crate::store::files::{self, File};

/// The present files of an asset that the viewer may see.
async fn open(app: &App, viewer: &Viewer, id: AssetId) -> Result<Vec<File>, Problem> {
    let mut conn = app.connection().await?;
    app.library.open(&mut conn, actor(viewer)?, id).await?;
    let all = files::of_asset(&mut conn, id).await?;
    Ok(all.into_iter().filter(File::is_current).collect())
}

fn clean(files: &[File]) -> Result<&File, Problem> {
    let found = files.iter().find(|file| file.role == "clean");
    found.ok_or_else(Problem::not_found)
}

/// What its template needs; none of what does not play.
pub(super) async fn data(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    (asset, keeper): (&Asset, &Unit),
) -> Result<Option<Value>, Problem> {
    if !matches!(asset.kind, Kind::Film | Kind::Audio) {
        return Ok(None);
    }
    let all = files::of_asset(conn, asset.id).await?;
    let Some(file) = all.iter().find(|file| file.role == "clean" && file.is_current()) else {
        return Ok(None);
    };
    let captions = speaking(&all);
    let (state, percent, failure) = match app.opener.player(file).await {
        Ok(Progress::Ready(_)) => ("ready", None, None),
        Ok(Progress::Waiting { percent }) => ("waiting", percent, None),
        Ok(Progress::Failed { why, arguments }) => (
            "failed",
            None,
            Some(view::sentence(app, viewer, &why, &arguments)),
        ),
        // Its file is no film after all: the page stands without a player.
        Err(AssetError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(json!({
        "id": asset.id,
        "film": asset.kind == Kind::Film,
        "state": state,
        "captions": captions,
        "percent": percent,
        "failure": failure,
        "again": failure.is_some() && may_ask(conn, viewer, keeper).await?,
    })))
}

/// The player, once there is something to play.
pub(super) async fn fragment(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (asset, keeper) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let player = data(&app, &mut conn, &viewer, (&asset, &keeper))
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(app
        .shell
        .fragment(&viewer, "assets/player", &json!({ "player": player })))
}

/// Whether the viewer may have something made of an asset of this unit.
async fn may_ask(conn: &mut PgConnection, viewer: &Viewer, keeper: &Unit) -> Result<bool, Problem> {
    let (own, _) = view::stand(conn, viewer, None).await?;
    Ok(adapts(actor(viewer)?, keeper, &own).is_ok())
}

/// Has what is played made once more, after it failed.
pub(super) async fn again(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Redirect, Problem> {
    let mut conn = app.connection().await?;
    let (_, keeper) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let (own, _) = view::stand(&mut conn, &viewer, None).await?;
    adapts(actor(&viewer)?, &keeper, &own)?;
    drop(conn);
    let files = open(&app, &viewer, id).await?;
    app.opener.play_again(clean(&files)?).await?;
    Ok(Redirect::to(format!("/assets/{id}")).flash("rendition-ordered"))
}

/// What is played, in whatever pieces the player likes.
pub(super) async fn play(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let files = open(&app, &viewer, id).await?;
    stream(&app, &headers, clean(&files)?).await
}

/// What is played of a file.
pub(super) async fn stream(app: &App, headers: &HeaderMap, file: &File) -> Result<Response, Problem> {
    let Progress::Ready(rendered) = app.opener.player(file).await? else {
        return Err(Problem::not_found());
    };
    range::send(app, headers, rendered.sha256, &rendered.media_type).await
}

/// The languages of the captions of what can be played at once; none: nothing plays, or not yet.
pub(super) async fn ready(
    app: &App,
    conn: &mut PgConnection,
    id: AssetId,
) -> Result<Option<Vec<String>>, Problem> {
    let all = files::of_asset(conn, id).await?;
    let Some(file) = all.iter().find(|file| file.role == "clean" && file.is_current()) else {
        return Ok(None);
    };
    Ok(match app.opener.player(file).await {
        Ok(Progress::Ready(_)) => Some(speaking(&all)),
        Ok(_) | Err(AssetError::NotFound) => None,
        Err(error) => return Err(error.into()),
    })
}

/// The languages in which there are captions.
fn speaking(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.role == "captions" && file.is_current())
        .filter_map(|file| file.language.clone())
        .collect()
}

/// Captions as browsers read them.
pub(super) async fn captions(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, language)): Path<(AssetId, String)>,
) -> Result<Response, Problem> {
    let files = open(&app, &viewer, id).await?;
    captions_in(&app, &files, &language).await
}

/// Those in one language.
pub(super) async fn captions_in(app: &App, files: &[File], language: &str) -> Result<Response, Problem> {
    let in_language = |file: &&File| file.role == "captions" && file.language.as_deref() == Some(language);
    let file = files
        .iter()
        .find(|file| in_language(file) && file.is_current())
        .ok_or_else(Problem::not_found)?;
    let text = app.opener.text(&file.sha256).await?;
    let text = convert_captions(&text, MediaType::Vtt)
        .map_err(|refused| AssetError::Media(MediaError::Refused(refused)))?;
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/vtt; charset=utf-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    Ok(response)
}
