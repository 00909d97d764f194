//! What is written in an item, and how it becomes the edition that is approved.

use std::collections::BTreeMap;

use chancery_contracts::ids::{AccountId, AssetId, CampaignId, ItemId, UnitId};
use chancery_contracts::{Edition, EditionImage, EditionVariant, Platform, Release, Topic};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Appointment, ClockChoice, Cut, Kind, LinkStyle, Scope};

/// Longest headline, in Unicode scalar values.
pub const MAX_TITLE: usize = 300;
/// Longest text that is kept, in Unicode scalar values. Far more than any channel takes: saving never loses text.
pub const MAX_BODY: usize = 100_000;
/// Most channels of one item.
pub const MAX_VARIANTS: usize = 30;

/// Everything that people write in an item. What the editor and the API send, whole, at every save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    /// What sort of text.
    pub kind: Kind,
    /// The headline; also the item's name in lists. May be empty while it is a draft.
    #[serde(default)]
    pub title: String,
    /// The text, which every channel carries that has none of its own. Paragraphs are separated by an empty line.
    #[serde(default)]
    pub body: String,
    /// BCP 47 tag of the headline's and text's language.
    pub language: String,
    /// What it is about; decides who must approve.
    #[schema(inline)]
    pub topic: Topic,
    /// Code of an audience (`host_public`, …).
    pub audience: String,
    /// The programme that it belongs to.
    #[serde(default)]
    pub programme: Option<Uuid>,
    /// The campaign that it belongs to, of the same unit.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub campaign: Option<CampaignId>,
    /// Who it is meant for. Only `public` can be submitted.
    #[serde(default = "internal")]
    pub scope: Scope,
    /// On whose wall `wall` is read.
    #[serde(default = "host")]
    pub clock: ClockChoice,
    /// When, as that wall shows it, to the minute: `2026-09-02T09:00:00`.
    #[serde(default)]
    pub wall: Option<NaiveDateTime>,
    /// For how many minutes after it the item may still go out.
    #[serde(default = "an_hour")]
    pub window_minutes: i32,
    /// What becomes of the links in it on social platforms.
    #[serde(default = "as_written")]
    pub links: LinkStyle,
    /// By itself at that time, or from then on when somebody gives the word.
    #[serde(default)]
    #[schema(inline)]
    pub release: Release,
    /// The channels.
    #[serde(default)]
    pub variants: Vec<DraftVariant>,
    /// What somebody who cannot see a picture should know: by the picture's id, by language.
    #[serde(default)]
    pub alts: BTreeMap<Uuid, BTreeMap<String, String>>,
}

/// The item for one account, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftVariant {
    /// Chosen by whoever adds it: a UUID.
    pub id: Uuid,
    /// An account of the item's unit.
    #[schema(value_type = Uuid)]
    pub account: AccountId,
    /// BCP 47 tag.
    pub language: String,
    /// A headline of its own; none: the item's.
    #[serde(default)]
    pub title: Option<String>,
    /// A text of its own; none: the item's.
    #[serde(default)]
    pub body: Option<String>,
    /// Whether it carries the item's pictures.
    #[serde(default = "yes")]
    pub images: bool,
}

const fn internal() -> Scope {
    Scope::Internal
}

const fn host() -> ClockChoice {
    ClockChoice::Host
}

const fn as_written() -> LinkStyle {
    LinkStyle::AsWritten
}

const fn an_hour() -> i32 {
    60
}

const fn yes() -> bool {
    true
}

/// A picture of an item, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Image {
    /// Its id within the calendar.
    pub id: Uuid,
    /// SHA-256 of the stored file, lower-case hexadecimal.
    pub sha256: String,
    /// `image/jpeg` or `image/png`.
    pub mime: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The asset of the library that it was made of; none: it was uploaded here.
    #[schema(value_type = Option<Uuid>)]
    pub asset: Option<AssetId>,
    /// The parts of it that go to platforms; where there is none, all of it goes.
    pub cuts: Vec<Cut>,
}

/// An official account, as the publisher publishes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub unit: UnitId,
    /// Where it lives.
    pub platform: Platform,
    /// As the platform shows it.
    pub handle: String,
    /// As the ministry calls it.
    pub name: String,
    /// In which languages it speaks.
    pub languages: Vec<String>,
    /// `enabled`, `disabled` or `needs_reauth`.
    pub state: String,
    /// Most characters (extended grapheme clusters) of a text.
    pub max_graphemes: Option<u32>,
    /// Most bytes of UTF-8 of a text.
    pub max_bytes: Option<u32>,
    /// When the access that it was given ends, in UTC; none: nobody says.
    pub token_ends_at: Option<DateTime<Utc>>,
}

/// Whether posts on the platform have a headline.
#[must_use]
pub const fn has_title(platform: Platform) -> bool {
    matches!(platform, Platform::PressRoom)
}

impl Draft {
    /// The headline that this variant carries, whether the platform shows it or not.
    #[must_use]
    pub fn title_of<'a>(&'a self, variant: &'a DraftVariant) -> &'a str {
        variant.title.as_deref().unwrap_or(&self.title)
    }

    /// The text that this variant carries.
    #[must_use]
    pub fn body_of<'a>(&'a self, variant: &'a DraftVariant) -> &'a str {
        variant.body.as_deref().unwrap_or(&self.body)
    }

    /// The platforms that the pictures go to.
    #[must_use]
    pub fn picture_platforms(&self, accounts: &[Account]) -> Vec<Platform> {
        let with_images = self.variants.iter().filter(|variant| variant.images);
        let mut platforms: Vec<_> = with_images
            .filter_map(|variant| accounts.iter().find(|account| account.id == variant.account))
            .map(|account| account.platform)
            .collect();
        platforms.sort_unstable();
        platforms.dedup();
        platforms
    }

    /// What a picture's description is in a language; empty when nobody wrote it.
    #[must_use]
    pub fn alt(&self, image: Uuid, language: &str) -> &str {
        self.alts
            .get(&image)
            .and_then(|alts| alts.get(language))
            .map_or("", String::as_str)
    }

    /// The languages in which pictures need a description: those of the variants that carry them.
    #[must_use]
    pub fn alt_languages(&self) -> Vec<&str> {
        let with_images = self.variants.iter().filter(|variant| variant.images);
        let mut languages: Vec<_> = with_images.map(|variant| variant.language.as_str()).collect();
        languages.sort_unstable();
        languages.dedup();
        languages
    }

    /// The same with every text cleaned (see [`clean`]), empty descriptions dropped and seconds cut off.
    #[must_use]
    pub fn cleaned(mut self) -> Self {
        self.title = one_line(&self.title);
        self.body = clean(&self.body);
        for variant in &mut self.variants {
            variant.title = variant.title.as_deref().map(one_line);
            variant.body = variant.body.as_deref().map(clean);
        }
        for alts in self.alts.values_mut() {
            *alts = std::mem::take(alts)
                .into_iter()
                .map(|(language, alt)| (language, clean(&alt)))
                .collect();
            alts.retain(|_, alt| !alt.trim().is_empty());
        }
        self.alts.retain(|_, alts| !alts.is_empty());
        self.wall = self.wall.map(to_the_minute);
        self
    }
}

fn to_the_minute(at: NaiveDateTime) -> NaiveDateTime {
    use chrono::Timelike;
    at.with_second(0)
        .and_then(|at| at.with_nanosecond(0))
        .unwrap_or(at)
}

/// Text as it is kept: `\n` line ends, and without control characters (Unicode Cc), which no channel shows and
/// PostgreSQL (NUL) does not take. Nothing else is touched: what looks like a script is text.
#[must_use]
pub fn clean(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

/// The edition with what the public is told of each text that corrects one that is out: account, language, note.
#[must_use]
pub fn corrected<'a>(
    mut edition: Edition,
    notes: impl IntoIterator<Item = (AccountId, &'a str, &'a str)>,
) -> Edition {
    for (account, language, note) in notes {
        for variant in &mut edition.variants {
            if variant.account == account && variant.language == language {
                variant.correction = Some(note.to_owned());
            }
        }
    }
    edition.canonical()
}

/// The edition to be approved: final text per account, pictures by hash, time on the wall.
#[must_use]
pub fn edition(
    item: ItemId,
    version: i32,
    draft: &Draft,
    images: &[Image],
    accounts: &[Account],
    appointment: Appointment,
) -> Edition {
    let variants = draft.variants.iter().filter_map(|variant| {
        let platform = accounts
            .iter()
            .find(|account| account.id == variant.account)?
            .platform;
        let title = if has_title(platform) {
            draft.title_of(variant)
        } else {
            ""
        };
        let images = images.iter().filter(|_| variant.images).map(|image| {
            let shown = image.on(platform);
            EditionImage {
                sha256: shown.sha256.to_owned(),
                mime: shown.mime.to_owned(),
                width: shown.width,
                height: shown.height,
                alt: draft.alt(image.id, &variant.language).to_owned(),
                asset: image.asset,
            }
        });
        Some(EditionVariant {
            account: variant.account,
            platform,
            language: variant.language.clone(),
            title: title.to_owned(),
            body: draft.body_of(variant).to_owned(),
            images: images.collect(),
            correction: None,
        })
    });
    Edition {
        item,
        version,
        wall: appointment.wall.at,
        zone: appointment.wall.zone,
        window_minutes: appointment.window_minutes,
        release: appointment.release,
        variants: variants.collect(),
    }
    .canonical()
}
