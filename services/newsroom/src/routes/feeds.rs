use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_web::{Language, Pagination, Path, Problem, Viewer};
use chrono::TimeDelta;
use http::HeaderMap;
use serde_json::json;

use super::Newsroom;
use super::answer::{ATOM, XML, document};
use super::view::{Article, RoomView, absolute};
use crate::model::{interface_language, moment};

/// Releases in a feed: more than any reader misses between two looks.
const FEED: &str = "30";
/// For how long feed readers are told of a withdrawal.
const TOMBSTONES: TimeDelta = TimeDelta::days(60);

/// The Atom feed (RFC 4287) of a room in one language; withdrawn releases as `at:deleted-entry` (RFC 6721).
pub(super) async fn atom(
    State(newsroom): State<Newsroom>,
    headers: HeaderMap,
    Path((mission, language)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let shell = &newsroom.shell;
    let room = newsroom.store.room(&mission).await?;
    if !room.speaks(&language) {
        return Err(Problem::not_found());
    }
    let pagination = Pagination {
        after: None,
        limit: Some(FEED.to_owned()),
    };
    let page = newsroom
        .store
        .page(Some(room.unit), Some(&language), &pagination)
        .await?;
    let since = newsroom.clock.now() - TOMBSTONES;
    let withdrawn = newsroom
        .store
        .withdrawn_since(room.unit, &language, since)
        .await?;

    let published = page.items.iter().map(|release| release.updated_at);
    let changed = published.chain(withdrawn.iter().map(|(_, at)| *at)).max();
    let articles: Vec<Article> = page
        .items
        .iter()
        .map(|release| Article::new(shell, &room, release))
        .collect();
    let deleted: Vec<_> = withdrawn
        .iter()
        .map(|(id, at)| json!({ "id": id.to_string(), "at": moment(*at) }))
        .collect();
    let data = json!({
        "language": language,
        "room": RoomView::new(&room, &language),
        "base": absolute(shell, ""),
        // A feed must say when it changed; an empty one never did.
        "updated": moment(changed.unwrap_or_default()),
        "demo": shell.config().demo,
        "articles": articles,
        "deleted": deleted,
    });
    let xml = shell.text(
        &Viewer::anonymous(interface_language(&language)),
        "newsroom/atom",
        &data,
    )?;
    Ok(document(&headers, ATOM, xml, changed))
}

/// The index of all sitemaps (sitemaps.org), one a room.
pub(super) async fn sitemap_index(
    State(newsroom): State<Newsroom>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shell = &newsroom.shell;
    let rooms = newsroom.store.rooms(Language::Vi.tag()).await?;
    let changed = rooms.iter().filter_map(|room| room.latest).max();
    let sitemaps: Vec<_> = rooms
        .iter()
        .filter_map(|room| {
            let href = absolute(shell, &format!("/press/{}/sitemap.xml", room.slug));
            Some(json!({ "href": href, "changed": moment(room.latest?) }))
        })
        .collect();
    let xml = shell.text(
        &plain(),
        "newsroom/sitemap-index",
        &json!({ "sitemaps": sitemaps }),
    )?;
    Ok(document(&headers, XML, xml, changed))
}

/// Every page of one room.
pub(super) async fn sitemap(
    State(newsroom): State<Newsroom>,
    headers: HeaderMap,
    Path(mission): Path<String>,
) -> Result<Response, Problem> {
    let shell = &newsroom.shell;
    let room = newsroom.store.room(&mission).await?;
    let releases = newsroom.store.sitemap(room.unit).await?;
    let changed = releases.iter().map(|(_, changed)| *changed).max();
    let rooms = room
        .languages()
        .into_iter()
        .map(|language| (room.path(&language), changed));
    let pages: Vec<_> = rooms
        .chain(
            releases
                .iter()
                .map(|(path, changed)| (path.clone(), Some(*changed))),
        )
        .map(|(path, changed)| json!({ "href": absolute(shell, &path), "changed": changed.map(moment) }))
        .collect();
    let xml = shell.text(&plain(), "newsroom/sitemap", &json!({ "pages": pages }))?;
    Ok(document(&headers, XML, xml, changed))
}

/// What crawlers may read (RFC 9309): the press rooms; in a demonstration nothing.
pub(super) async fn robots(State(newsroom): State<Newsroom>) -> Response {
    let shell = &newsroom.shell;
    if shell.config().demo {
        return "User-agent: *\nDisallow: /\n".into_response();
    }
    let sitemap = absolute(shell, "/press/sitemap.xml");
    format!("User-agent: *\nAllow: /press\nAllow: /static/\nDisallow: /\n\nSitemap: {sitemap}\n")
        .into_response()
}

fn plain() -> Viewer {
    Viewer::anonymous(chancery_web::Language::En)
}
