//! What the templates are given. A template decides nothing but how it looks.

use chancery_web::Shell;
use serde::Serialize;
use serde_json::{Value, json};

use crate::model::{Alternate, Block, Image, LocalDay, Release, Room, blocks, direction, endonym, summary};

/// Characters of a summary on a list, and in what search engines and networks show.
const SUMMARY: usize = 220;
/// Widths of the smaller copies that pages offer.
pub(super) const NARROW: [u32; 3] = [240, 480, 960];

/// What every page has in its head and frame.
#[derive(Debug, Serialize)]
pub(super) struct Frame {
    /// BCP 47 tag of the page's text.
    pub language: String,
    /// BCP 47 tag of what stands around it.
    pub interface: &'static str,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// Before the name of the site.
    pub title: String,
    /// For search engines and networks.
    pub description: String,
    /// Its one address, absolute.
    pub canonical: String,
    /// The same in other languages, this one among them.
    pub alternates: Vec<Tongue>,
    /// For readers in no listed language (`x-default`), absolute.
    pub default: Option<String>,
    /// Marked as a demonstration, and not for search engines.
    pub demo: bool,
    /// Not for search engines.
    pub noindex: bool,
    /// `article` or `website`.
    pub open_graph: &'static str,
    /// The picture that networks show.
    pub picture: Option<Picture>,
    /// schema.org; null where there is nothing to say.
    pub json_ld: Value,
}

/// A page in another language.
#[derive(Debug, Serialize)]
pub(super) struct Tongue {
    language: String,
    /// The language's name in itself.
    name: String,
    direction: &'static str,
    path: String,
    href: String,
    current: bool,
}

/// A picture with all its addresses.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Picture {
    alt: String,
    width: i32,
    height: i32,
    /// Absolute, full size.
    href: String,
    /// Full size.
    path: String,
    small: String,
    middle: String,
    large: String,
}

/// The room above its releases.
#[derive(Debug, Serialize)]
pub(super) struct RoomView {
    pub name: String,
    pub city: String,
    pub slug: String,
    pub path: String,
    pub feed: String,
}

/// A release in a list.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub title: String,
    pub summary: String,
    pub path: String,
    pub topic: Option<String>,
    pub published: LocalDay,
    pub picture: Option<Picture>,
}

/// A correction above the text that it corrected: when, on the mission's clock and on headquarters', and what.
#[derive(Debug, Serialize)]
pub(super) struct Noted {
    pub here: LocalDay,
    /// None where the two clocks agree.
    pub headquarters: Option<LocalDay>,
    pub note: String,
}

/// A release on its own page, and whole in the feed.
#[derive(Debug, Serialize)]
pub(super) struct Article {
    pub id: String,
    pub href: String,
    pub updated: LocalDay,
    /// What was corrected, the latest first; empty when nothing was.
    pub corrections: Vec<Noted>,
    pub blocks: Vec<Block>,
    pub pictures: Vec<Picture>,
    #[serde(flatten)]
    pub entry: Entry,
}

impl Tongue {
    pub(super) fn new(shell: &Shell, language: &str, path: String, current: &str) -> Self {
        Self {
            language: language.to_owned(),
            name: endonym(language).to_owned(),
            direction: direction(language),
            href: absolute(shell, &path),
            path,
            current: language == current,
        }
    }

    pub(super) fn alternates(shell: &Shell, alternates: &[Alternate], current: &str) -> Vec<Self> {
        alternates
            .iter()
            .map(|other| Self::new(shell, &other.language, other.path.clone(), current))
            .collect()
    }

    pub(super) fn of_room(shell: &Shell, room: &Room, current: &str) -> Vec<Self> {
        room.languages()
            .iter()
            .map(|language| Self::new(shell, language, room.path(language), current))
            .collect()
    }
}

impl Picture {
    pub(super) fn new(shell: &Shell, image: &Image) -> Self {
        let [small, middle, large] = NARROW.map(|width| image.narrow_path(width));
        Self {
            alt: image.alt.clone(),
            width: image.width,
            height: image.height,
            href: absolute(shell, &image.path()),
            path: image.path(),
            small,
            middle,
            large,
        }
    }
}

impl RoomView {
    pub(super) fn new(room: &Room, language: &str) -> Self {
        Self {
            name: room.names.of(language).to_owned(),
            city: room.city.of(language).to_owned(),
            slug: room.slug.clone(),
            path: room.path(language),
            feed: format!("{}/atom.xml", room.path(language)),
        }
    }
}

impl Entry {
    pub(super) fn new(shell: &Shell, room: &Room, release: &Release) -> Self {
        Self {
            title: release.title.clone(),
            summary: summary(&release.body, SUMMARY),
            path: release.path.clone(),
            topic: release.topic.clone(),
            published: LocalDay::of(release.published_at, room.zone),
            picture: release.images.first().map(|image| Picture::new(shell, image)),
        }
    }
}

impl Noted {
    /// All of a release, the latest first.
    pub(super) fn all(room: &Room, release: &Release) -> Vec<Self> {
        let noted = release.corrections.iter().rev().map(|correction| {
            let here = LocalDay::of(correction.at, room.zone);
            let there = LocalDay::of(correction.at, room.headquarters);
            let agree = (here.day, &here.time) == (there.day, &there.time);
            Self {
                here,
                headquarters: (!agree).then_some(there),
                note: correction.note.clone(),
            }
        });
        noted.collect()
    }
}

impl Article {
    pub(super) fn new(shell: &Shell, room: &Room, release: &Release) -> Self {
        Self {
            id: release.id.to_string(),
            href: absolute(shell, &release.path),
            updated: LocalDay::of(release.updated_at, room.zone),
            corrections: Noted::all(room, release),
            blocks: blocks(&release.body),
            pictures: release
                .images
                .iter()
                .map(|image| Picture::new(shell, image))
                .collect(),
            entry: Entry::new(shell, room, release),
        }
    }
}

/// An address of this site with scheme and host.
pub(super) fn absolute(shell: &Shell, path: &str) -> String {
    format!("{}{path}", shell.config().base_url.trim_end_matches('/'))
}

/// schema.org's description of a release (<https://schema.org/NewsArticle>). `speaker` is the unit's name at the time.
pub(super) fn news_article(
    shell: &Shell,
    room: &Room,
    speaker: &str,
    release: &Release,
    article: &Article,
) -> Value {
    let organisation = json!({
        "@type": "GovernmentOrganization",
        "name": speaker,
        "url": absolute(shell, &room.path(&release.language)),
    });
    let pictures: Vec<Value> = article
        .pictures
        .iter()
        .map(|picture| {
            json!({
                "@type": "ImageObject", "url": picture.href, "width": picture.width, "height": picture.height,
                "caption": picture.alt,
            })
        })
        .collect();
    let mut description = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": article.href,
        "headline": release.title,
        "description": article.entry.summary,
        "inLanguage": release.language,
        "datePublished": article.entry.published.iso,
        "dateModified": article.updated.iso,
        "isAccessibleForFree": true,
        "contentLocation": { "@type": "Place", "name": room.city.of(&release.language) },
        "image": pictures,
        "author": organisation,
        "publisher": organisation,
    });
    let notes: Vec<&String> = release
        .corrections
        .iter()
        .map(|correction| &correction.note)
        .collect();
    if let (false, Some(fields)) = (notes.is_empty(), description.as_object_mut()) {
        fields.insert("correction".to_owned(), json!(notes));
    }
    description
}

/// schema.org's description of whoever speaks in a room.
pub(super) fn organisation(shell: &Shell, room: &Room, language: &str) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "name": room.names.of(language),
        "url": absolute(shell, &room.path(language)),
        "location": { "@type": "Place", "name": room.city.of(language) },
    })
}
