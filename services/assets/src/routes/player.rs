//! Films and sounds on the library's own pages, for whoever may see them.

use axum::extract::State;
use axum::response::Response;
use chancery_contracts::ids::AssetId;
use chancery_media::{MediaError, MediaType, convert_captions};
use chancery_web::{Path, Problem, Viewer};
use http::{HeaderMap, HeaderValue, header};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{App, actor, range};
use crate::AssetError;
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
    asset: &Asset,
) -> Result<Option<Value>, Problem> {
    if !matches!(asset.kind, Kind::Film | Kind::Audio) {
        return Ok(None);
    }
    let all = files::of_asset(conn, asset.id).await?;
    let Some(file) = all.iter().find(|file| file.role == "clean" && file.is_current()) else {
        return Ok(None);
    };
    let captions: Vec<_> = all
        .iter()
        .filter(|file| file.role == "captions" && file.is_current())
        .filter_map(|file| file.language.as_deref())
        .collect();
    let state = match app.opener.player(file).await {
        Ok(Progress::Ready(_)) => "ready",
        Ok(Progress::Waiting) => "waiting",
        Ok(Progress::Failed) => "failed",
        // Its file is no film after all: the page stands without a player.
        Err(AssetError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(json!({
        "id": asset.id,
        "film": asset.kind == Kind::Film,
        "state": state,
        "captions": captions,
    })))
}

/// The player, once there is something to play.
pub(super) async fn fragment(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (asset, _) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let player = data(&app, &mut conn, &asset)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(app
        .shell
        .fragment(&viewer, "assets/player", &json!({ "player": player })))
}

/// What is played, in whatever pieces the player likes.
pub(super) async fn play(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let files = open(&app, &viewer, id).await?;
    let Progress::Ready(rendered) = app.opener.player(clean(&files)?).await? else {
        return Err(Problem::not_found());
    };
    range::send(&app, &headers, rendered.sha256, &rendered.media_type).await
}

/// Captions as browsers read them.
pub(super) async fn captions(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, language)): Path<(AssetId, String)>,
) -> Result<Response, Problem> {
    let files = open(&app, &viewer, id).await?;
    let file = files
        .iter()
        .find(|file| file.role == "captions" && file.language.as_deref() == Some(&language))
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
