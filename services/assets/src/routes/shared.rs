//! What people outside see by a link: no session, a secret in the address, perhaps a password.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::ids::AssetId;
use chancery_web::{Form, Kind, Path, Problem, Viewer, token_hash};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, Method, header};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::bundle::{Bundle, Towards};
use super::{App, files as bytes, player};
use crate::model::SHARE_LINK;
use crate::secret;
use crate::store::bundle::{self, Taker};
use crate::store::shares::{self, Share};
use crate::store::{collections, downloads, files, lists, rights};

/// The cookie that shows that the password was given.
const COOKIE: &str = "share";

/// The link, if it still leads anywhere. Whoever has one that has ended is told; whoever guesses learns nothing.
async fn find(app: &App, conn: &mut PgConnection, token: &str) -> Result<Share, Problem> {
    let share = shares::by_token(conn, &token_hash(token)).await?;
    if share.holds(app.library.clock.now()) {
        Ok(share)
    } else {
        Err(Problem::new(Kind::Gone, "shares-over-now"))
    }
}

fn is_open(share: &Share, token: &str, headers: &HeaderMap) -> bool {
    let Some(hash) = &share.password_hash else {
        return true;
    };
    let wanted = format!("{COOKIE}={}", secret::proof(token, hash));
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .any(|cookie| cookie.trim() == wanted)
}

/// Pages behind a secret address: no cache keeps them, no search engine lists them, no other site learns the address.
fn discreet(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    response
}

/// The assets of the collection that may leave by the link, now.
async fn open_assets(app: &App, conn: &mut PgConnection, share: &Share) -> Result<Vec<AssetId>, Problem> {
    let members = collections::members(&mut *conn, share.collection).await?;
    let ids: Vec<AssetId> = members.iter().map(|member| member.id).collect();
    let now = app.library.clock.now();
    Ok(rights::usable(conn, &ids, share.unit, Some(SHARE_LINK), now).await?)
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let share = find(&app, &mut conn, &token).await?;
    if !is_open(&share, &token, &headers) {
        let page = app
            .shell
            .page(&viewer, "assets/shared/password", &json!({ "token": token }));
        return Ok(discreet(page));
    }
    let data = listed(&app, &mut conn, &viewer, &share, &token).await?;
    Ok(discreet(app.shell.page(&viewer, "assets/shared/page", &data)))
}

async fn listed(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    share: &Share,
    token: &str,
) -> Result<Value, Problem> {
    let ids = open_assets(app, &mut *conn, share).await?;
    let cards = lists::cards(&mut *conn, &ids, viewer.language.tag()).await?;
    let collection = collections::load(&mut *conn, share.collection, false).await?;
    let unit = chancery_directory::unit(&mut *conn, share.unit).await?;
    let bytes: i64 = bundle::files(&mut *conn, &ids)
        .await?
        .iter()
        .map(|file| file.bytes)
        .sum();
    let left = share.left();
    let mut shown = Vec::new();
    for card in cards {
        // A film and a sound are seen and heard; of everything else there is a picture.
        let captions = match card.kind.as_str() {
            "film" | "audio" => player::ready(app, &mut *conn, card.id).await?,
            _ => None,
        };
        shown.push(json!({ "card": card, "plays": captions.is_some(), "captions": captions }));
    }
    Ok(json!({
        "token": token, "names": collection.names, "unit": unit.names, "zone": unit.zone.name(), "cards": shown,
        "bytes": bytes, "ends_at": share.ends_at, "left": left, "exhausted": left == Some(0),
    }))
}

/// A password.
#[derive(Debug, Deserialize)]
pub(super) struct Password {
    #[serde(default)]
    password: String,
}

pub(super) async fn unlock(
    State(app): State<App>,
    viewer: Viewer,
    Path(token): Path<String>,
    Form(form): Form<Password>,
) -> Result<Response, Problem> {
    let now = app.library.clock.now();
    let mut conn = app.connection().await?;
    let share = find(&app, &mut conn, &token).await?;
    drop(conn);
    if share.is_resting(now) {
        return Err(Problem::too_many(
            "shares-too-many-tries",
            std::time::Duration::from_mins(15),
        ));
    }
    let Some(hash) = share.password_hash.clone() else {
        return Err(Problem::not_found());
    };
    let right = secret::is_password(form.password, hash.clone()).await?;
    let mut conn = app.connection().await?;
    shares::tried(&mut conn, share.id, right, now).await?;
    if !right {
        let problem = Problem::invalid("shares-password-wrong").field("password", "shares-password-wrong");
        let data = json!({ "token": token });
        return Ok(discreet(app.shell.refused(
            &viewer,
            "assets/shared/password",
            &data,
            &problem,
        )));
    }
    let secure = if app.shell.config().secure_cookies {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!(
        "{COOKIE}={}; Path=/shared/{token}; HttpOnly; SameSite=Lax{secure}",
        secret::proof(&token, &hash)
    );
    let cookie = HeaderValue::from_str(&cookie).map_err(Problem::internal)?;
    Ok(discreet(
        chancery_web::Redirect::to(format!("/shared/{token}"))
            .cookie(cookie)
            .into_response(),
    ))
}

/// The link and the asset's file, when both are open.
async fn opened(
    app: &App,
    headers: &HeaderMap,
    token: &str,
    id: AssetId,
) -> Result<(Share, files::File), Problem> {
    let mut conn = app.connection().await?;
    let share = find(app, &mut conn, token).await?;
    if !is_open(&share, token, headers) || !open_assets(app, &mut conn, &share).await?.contains(&id) {
        return Err(Problem::not_found());
    }
    let file = files::to_give(&mut conn, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok((share, file))
}

pub(super) async fn preview(
    State(app): State<App>,
    headers: HeaderMap,
    Path((token, id)): Path<(String, AssetId)>,
) -> Result<Response, Problem> {
    let (_, file) = opened(&app, &headers, &token, id).await?;
    Ok(discreet(bytes::send_preview(&app, &file, 480).await?))
}

/// What pages play of a film or sound, in whatever pieces the player likes.
pub(super) async fn play(
    State(app): State<App>,
    headers: HeaderMap,
    Path((token, id)): Path<(String, AssetId)>,
) -> Result<Response, Problem> {
    let (share, file) = opened(&app, &headers, &token, id).await?;
    if share.left() == Some(0) {
        return Err(exhausted());
    }
    Ok(discreet(player::stream(&app, &headers, &file).await?))
}

/// Captions, as browsers read them.
pub(super) async fn captions(
    State(app): State<App>,
    headers: HeaderMap,
    Path((token, id, language)): Path<(String, AssetId, String)>,
) -> Result<Response, Problem> {
    opened(&app, &headers, &token, id).await?;
    let mut conn = app.connection().await?;
    let files = files::of_asset(&mut conn, id).await?;
    Ok(discreet(player::captions_in(&app, &files, &language).await?))
}

pub(super) async fn download(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
    Path((token, id)): Path<(String, AssetId)>,
) -> Result<Response, Problem> {
    let (share, file) = opened(&app, &headers, &token, id).await?;
    let now = app.library.clock.now();
    let hash = file.sha256.parse().map_err(Problem::internal)?;
    let mime = file.media_type.as_deref().unwrap_or("application/octet-stream");
    // What cannot be read costs nobody a download.
    let response = bytes::send(&app, hash, mime, Some(&file.name)).await?;
    if method == Method::HEAD {
        return looked(&share, response);
    }
    let mut tx = app.library.pool.begin().await?;
    take_one(&mut tx, &share, now).await?;
    let download = downloads::Download {
        asset: id,
        unit: Some(share.unit),
        person: None,
        share: Some(share.id),
        what: "share",
    };
    downloads::count(&mut tx, &download, now).await?;
    tx.commit().await?;
    Ok(discreet(response))
}

/// The answer to who only asks what there is, as browsers and virus scanners do before they take it: nothing is counted.
fn looked(share: &Share, response: Response) -> Result<Response, Problem> {
    if share.left() == Some(0) {
        return Err(exhausted());
    }
    Ok(discreet(response))
}

fn exhausted() -> Problem {
    Problem::new(Kind::Gone, "shares-exhausted")
}

/// Counts one download of a link that has any left.
async fn take_one(conn: &mut PgConnection, share: &Share, now: DateTime<Utc>) -> Result<(), Problem> {
    if shares::take_one(conn, share.id, now).await? {
        Ok(())
    } else {
        Err(exhausted())
    }
}

/// Everything that may leave by the link at this moment, as one download.
pub(super) async fn zip(
    State(app): State<App>,
    viewer: Viewer,
    method: Method,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let share = find(&app, &mut conn, &token).await?;
    if !is_open(&share, &token, &headers) {
        return Err(Problem::not_found());
    }
    let collection = collections::load(&mut conn, share.collection, false).await?;
    let unit = chancery_directory::unit(&mut conn, share.unit).await?;
    let towards = Towards {
        unit: &unit,
        channel: Some(SHARE_LINK),
        inside: false,
    };
    let bundle = Bundle::of(&app, &mut conn, viewer.language, &collection, &towards).await?;
    drop(conn);
    bundle.probe(&app).await?;
    if method == Method::HEAD {
        return looked(&share, bundle.send(&app)?);
    }
    let now = app.library.clock.now();
    let mut tx = app.library.pool.begin().await?;
    take_one(&mut tx, &share, now).await?;
    let taker = Taker {
        unit: unit.id,
        person: None,
        share: Some(share.id),
    };
    bundle.count(&mut tx, taker, now).await?;
    tx.commit().await?;
    Ok(discreet(bundle.send(&app)?))
}
