use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use chancery_web::{Args, Language, Pagination, Path, Problem, Query, Viewer, plain};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Newsroom;
use super::answer::{HTML, document, gone, see};
use super::view::{Article, Entry, Frame, Picture, RoomView, Tongue, absolute, news_article, organisation};
use crate::model::{Release, Room, Standing, direction, interface_language, summary};

/// Releases on one page of a room. Few, so that the first page stays light.
const PAGE: &str = "10";
/// Other releases below one.
const MORE: &str = "4";

/// `/press`: the list of press rooms, in the reader's language.
pub(super) async fn index_by_viewer(viewer: Viewer) -> Response {
    see(&format!("/press/{}", viewer.language.tag()))
}

/// Parts of the world, in the order in which readers are shown them; identity's words.
const REGIONS: [&str; 9] = [
    "southeast_asia",
    "northeast_asia",
    "south_asia",
    "middle_east",
    "africa",
    "europe",
    "americas",
    "oceania",
    "multilateral",
];

/// With more press rooms than this, parts of the world begin folded and a field narrows the list down.
const MANY: usize = 12;

/// The list of press rooms in Vietnamese.
pub(super) async fn index_vi(
    State(newsroom): State<Newsroom>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    index(&newsroom, &headers, Language::Vi, &wanted).await
}

/// The list of press rooms in English.
pub(super) async fn index_en(
    State(newsroom): State<Newsroom>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    index(&newsroom, &headers, Language::En, &wanted).await
}

/// Which press rooms to list.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    /// With this in the name of the mission or its city, whatever the case and the diacritics.
    #[serde(default)]
    text: String,
}

async fn index(
    newsroom: &Newsroom,
    headers: &HeaderMap,
    language: Language,
    wanted: &Wanted,
) -> Result<Response, Problem> {
    let (shell, tag) = (&newsroom.shell, language.tag());
    let text: String = wanted.text.trim().chars().take(100).collect();
    let mut rooms = newsroom.store.rooms(tag).await?;
    let all = rooms.len();
    if !text.is_empty() {
        let wanted = plain(&text);
        rooms.retain(|room| {
            let cities = room.city.iter().flat_map(|city| city.all());
            let mut names = room.names.all().chain(cities);
            names.any(|name| plain(name).contains(&wanted))
        });
    }
    let changed = rooms.iter().filter_map(|room| room.latest).max();

    // Grouped by part of the world, from near to far; codes that have no name come last, together.
    let mut groups: BTreeMap<usize, (Option<String>, Vec<Value>)> = BTreeMap::new();
    for room in &rooms {
        let code = room.region.as_deref().unwrap_or_default();
        let label = shell
            .locales()
            .find(language, &format!("press-region-{code}"), &Args::new());
        let city = room.city.as_ref().map_or("", |city| city.of(tag));
        let view = json!({ "name": room.names.of(tag), "city": city, "path": format!("/press/{}/{tag}", room.slug) });
        let place = REGIONS.iter().position(|region| *region == code);
        groups
            .entry(place.filter(|_| label.is_some()).unwrap_or(REGIONS.len()))
            .or_insert_with(|| (label, Vec::new()))
            .1
            .push(view);
    }
    let groups: Vec<_> = groups
        .into_values()
        .map(|(label, rooms)| json!({ "label": label, "rooms": rooms }))
        .collect();

    let path = format!("/press/{tag}");
    let frame = Frame {
        language: tag.to_owned(),
        interface: tag,
        direction: "ltr",
        title: shell.message(language, "press-rooms", &Args::new()),
        description: shell.message(language, "press-rooms-description", &Args::new()),
        canonical: absolute(shell, &path),
        alternates: ["vi", "en"]
            .iter()
            .map(|other| Tongue::new(shell, other, format!("/press/{other}"), tag))
            .collect(),
        default: Some(absolute(shell, "/press")),
        demo: shell.config().demo,
        noindex: false,
        open_graph: "website",
        picture: None,
        json_ld: Value::Null,
    };
    let data = json!({
        "frame": frame, "groups": groups, "text": text, "many": all > MANY, "folded": text.is_empty() && all > MANY,
    });
    let html = shell.text(&Viewer::anonymous(language), "newsroom/index", &data)?;
    Ok(document(headers, HTML, html, changed))
}

/// `/press/{mission}`: the room in the reader's language.
pub(super) async fn room_by_viewer(
    State(newsroom): State<Newsroom>,
    viewer: Viewer,
    Path(mission): Path<String>,
) -> Result<Response, Problem> {
    let room = newsroom.store.room(&mission).await?;
    Ok(see(&room.path(viewer.language.tag())))
}

/// A room in one language, newest first.
pub(super) async fn room(
    State(newsroom): State<Newsroom>,
    headers: HeaderMap,
    Path((mission, language)): Path<(String, String)>,
    Query(pagination): Query<Pagination>,
) -> Result<Response, Problem> {
    let shell = &newsroom.shell;
    let room = newsroom.store.room(&mission).await?;
    if !room.speaks(&language) {
        return Err(Problem::not_found());
    }
    let pagination = Pagination {
        limit: Some(PAGE.to_owned()),
        ..pagination
    };
    let older = pagination.after.is_some();
    let page = newsroom
        .store
        .page(Some(room.unit), Some(&language), &pagination)
        .await?;
    let changed = page.items.iter().map(|release| release.updated_at).max();

    let interface = interface_language(&language);
    let view = RoomView::new(&room, &language);
    let args = [("mission".into(), view.name.as_str().into())].into();
    let path = match &pagination.after {
        Some(after) => format!("{}?after={after}", room.path(&language)),
        None => room.path(&language),
    };
    let frame = Frame {
        interface: interface.tag(),
        direction: direction(&language),
        title: view.name.clone(),
        description: shell.message(interface, "press-room-description", &args),
        canonical: absolute(shell, &path),
        // An older page has no counterpart: other languages have other releases.
        alternates: Tongue::of_room(shell, &room, &language),
        default: (!older).then(|| absolute(shell, &format!("/press/{}", room.slug))),
        demo: shell.config().demo,
        noindex: false,
        open_graph: "website",
        picture: page
            .items
            .iter()
            .find_map(|release| release.images.first())
            .map(|image| Picture::new(shell, image)),
        json_ld: organisation(shell, &room, &language),
        language,
    };
    let entries: Vec<Entry> = page
        .items
        .iter()
        .map(|release| Entry::new(shell, &room, release))
        .collect();
    let data = json!({
        "frame": frame, "room": view, "entries": entries, "next": page.next, "older": older,
    });
    let html = shell.text(&Viewer::anonymous(interface), "newsroom/room", &data)?;
    Ok(document(&headers, HTML, html, changed))
}

/// The address of one release.
#[derive(Debug, Deserialize)]
pub(super) struct ReleasePath {
    mission: String,
    language: String,
    year: String,
    month: String,
    day: String,
    slug: String,
}

/// One release, or what stands in its place.
pub(super) async fn release(
    State(newsroom): State<Newsroom>,
    headers: HeaderMap,
    Path(at): Path<ReleasePath>,
) -> Result<Response, Problem> {
    let path = format!(
        "/press/{}/{}/{}/{}/{}/{}",
        at.mission, at.language, at.year, at.month, at.day, at.slug
    );
    let release = newsroom.store.release_at(&path).await?;
    let room = newsroom.store.room_of(release.unit).await?;
    match &release.standing {
        Standing::Public => article(&newsroom, &headers, &room, &release).await,
        Standing::Withdrawn { at, cause, reason } => {
            let title = if release.standing.shows_title() {
                release.title.clone()
            } else {
                let interface = interface_language(&release.language);
                newsroom
                    .shell
                    .message(interface, "press-withdrawn-title", &Args::new())
            };
            let frame = Frame {
                title,
                noindex: true,
                ..bare_frame(&newsroom, &room, &release)
            };
            let withdrawn = crate::model::LocalDay::of(*at, room.zone);
            let view = RoomView::new(&room, &release.language);
            let data = json!({ "frame": frame, "room": view, "reason": reason, "cause": cause, "withdrawn": withdrawn });
            let viewer = Viewer::anonymous(interface_language(&release.language));
            Ok(gone(newsroom.shell.text(&viewer, "newsroom/withdrawn", &data)?))
        }
    }
}

async fn article(
    newsroom: &Newsroom,
    headers: &HeaderMap,
    room: &Room,
    release: &Release,
) -> Result<Response, Problem> {
    let (shell, language) = (&newsroom.shell, release.language.as_str());
    let day = release.published_at.with_timezone(&room.zone).date_naive();
    let pagination = Pagination {
        after: None,
        limit: Some(MORE.to_owned()),
    };
    let (names, alternates, recent) = tokio::try_join!(
        async {
            newsroom
                .store
                .names_on(room.unit.0, day)
                .await
                .map_err(Problem::from)
        },
        async { newsroom.store.alternates(release).await.map_err(Problem::from) },
        newsroom.store.page(Some(room.unit), Some(language), &pagination),
    )?;
    let speaker = names.of(language).to_owned();
    let view = Article::new(shell, room, release);
    let frame = Frame {
        title: release.title.clone(),
        description: summary(&release.body, 160),
        alternates: Tongue::alternates(shell, &alternates, language),
        open_graph: "article",
        picture: view.pictures.first().cloned(),
        json_ld: news_article(shell, room, &speaker, release, &view),
        ..bare_frame(newsroom, room, release)
    };
    let more: Vec<Entry> = recent
        .items
        .iter()
        .filter(|other| other.id != release.id)
        .take(3)
        .map(|other| Entry::new(shell, room, other))
        .collect();
    // A correction says so itself, in words.
    let revised = release.updated_at > release.published_at && release.corrections.is_empty();
    let data = json!({
        "frame": frame, "room": RoomView::new(room, language), "article": view, "speaker": speaker, "more": more,
        "revised": revised,
    });
    let html = shell.text(
        &Viewer::anonymous(interface_language(language)),
        "newsroom/release",
        &data,
    )?;
    // The list below may change later than the release, and only the entity tag knows that.
    Ok(document(headers, HTML, html, None))
}

fn bare_frame(newsroom: &Newsroom, room: &Room, release: &Release) -> Frame {
    let shell = &newsroom.shell;
    Frame {
        language: release.language.clone(),
        interface: interface_language(&release.language).tag(),
        direction: direction(&release.language),
        title: String::new(),
        description: String::new(),
        canonical: absolute(shell, &release.path),
        alternates: Tongue::of_room(shell, room, &release.language),
        default: None,
        demo: shell.config().demo,
        noindex: false,
        open_graph: "website",
        picture: None,
        json_ld: Value::Null,
    }
}
