//! What is to be said about an item for the circumstances it goes out in: lists of the ministry, the day, the accounts,
//! what its links lead to, and what is said elsewhere.

use std::collections::BTreeSet;

use chancery_clock::{Tz, WallTime};
use chancery_contracts::Platform;
use chancery_days::{Country, holidays};
use chancery_preflight::{Fingerprint, Name, Phrase, Text, fingerprint, holds, links, misnamed, plain_words};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Account, Appointment, Draft, DraftVariant, EnteredKind, Finding};

/// A word that a unit minds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SensitiveWord {
    /// The word, or several.
    pub word: String,
    /// In which language; none: in every one.
    pub language: Option<String>,
    /// What to do about it.
    pub advice: String,
    /// Whether nothing with it can be submitted.
    pub blocking: bool,
    /// Whether diacritics count.
    pub marks: bool,
}

/// What came from headquarters and stays word for word, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct LockedPassage {
    /// BCP 47 tag.
    pub language: String,
    /// The passage.
    pub text: String,
    /// Where its wording comes from, for people; may be empty.
    #[serde(default)]
    pub source: String,
}

/// What became of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkOutcome {
    /// Nobody has followed it yet.
    Waiting,
    /// A page is there.
    Answers,
    /// The server does not want to tell a program.
    Unclear,
    /// There is no such page.
    Gone,
    /// The server is at fault.
    Failing,
    /// Nobody answers there.
    Silent,
    /// It leads into a network that readers cannot reach.
    Private,
}

impl LinkOutcome {
    /// The word of the database and of Fluent's choices.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Answers => "answers",
            Self::Unclear => "unclear",
            Self::Gone => "gone",
            Self::Failing => "failing",
            Self::Silent => "silent",
            Self::Private => "private",
        }
    }

    /// Whether readers would find nothing.
    #[must_use]
    pub const fn is_broken(self) -> bool {
        matches!(self, Self::Gone | Self::Failing | Self::Silent | Self::Private)
    }
}

/// What is known of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownLink {
    /// Its address.
    pub url: String,
    /// What became of it.
    pub outcome: LinkOutcome,
    /// What the server said.
    pub status: Option<u16>,
    /// When, in UTC.
    pub checked_at: Option<DateTime<Utc>>,
}

/// The same text in another item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    /// The text's fingerprint in hexadecimal digits.
    pub hash: String,
    /// The account's name.
    pub account: String,
    /// Whether it is out there already.
    pub is_out: bool,
}

/// A day, or several in a row, that people entered where the item's unit is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredDay {
    /// What sort.
    pub kind: EnteredKind,
    /// Whether it holds for the whole ministry.
    pub everywhere: bool,
    /// The first day, on the wall of whoever keeps it.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// What it is called.
    pub name: String,
    /// What there is to know.
    pub note: String,
}

/// Everything that [`examine`] needs to know besides the item.
#[derive(Debug, Clone, Default)]
pub struct Circumstances {
    /// Of the item's unit and those above it, in the item's languages.
    pub words: Vec<SensitiveWord>,
    /// In the item's languages.
    pub names: Vec<Name>,
    /// Of the item.
    pub passages: Vec<LockedPassage>,
    /// Those of the item's links that anybody has asked for.
    pub links: Vec<KnownLink>,
    /// Other items with the same text.
    pub echoes: Vec<Echo>,
    /// Variants whose source has changed since they were translated.
    pub outdated: Vec<Uuid>,
    /// What people entered for the item's day, or for one beside it.
    pub days: Vec<EnteredDay>,
}

/// What has to be looked up for an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Its languages, with those that they are part of: `zh-Hans`, `zh`.
    pub languages: Vec<String>,
    /// The links in its texts.
    pub links: Vec<String>,
    /// Fingerprints of what goes to platforms that mind the same text from many accounts.
    pub texts: Vec<Vec<u8>>,
    /// Its words without diacritics: by them the lists are looked up.
    pub words: Vec<String>,
}

/// A text of the item as it goes out, and the field that it is written in.
struct Piece<'a> {
    anchor: String,
    language: &'a str,
    text: &'a str,
}

/// Every text that goes out, each once.
fn pieces(draft: &Draft) -> Vec<Piece<'_>> {
    let piece = |anchor: String, language, text| Piece {
        anchor,
        language,
        text,
    };
    let mut found = vec![piece(
        "title".into(),
        draft.language.as_str(),
        draft.title.as_str(),
    )];
    let follows = |variant: &DraftVariant| variant.body.is_none() && variant.language == draft.language;
    if draft.variants.is_empty() || draft.variants.iter().any(follows) {
        found.push(piece("body".into(), &draft.language, &draft.body));
    }
    for variant in &draft.variants {
        if let Some(title) = &variant.title {
            found.push(piece(format!("title-{}", variant.id), &variant.language, title));
        }
        if let Some(body) = &variant.body {
            found.push(piece(format!("body-{}", variant.id), &variant.language, body));
        }
    }
    found
}

/// Whether an entry of a list in `entry`'s language is for a text in `tag`: `zh` is for `zh-Hans` too.
fn is_for(entry: &str, tag: &str) -> bool {
    tag.strip_prefix(entry)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// What to look up before [`examine`].
#[must_use]
pub fn asked(draft: &Draft, accounts: &[Account]) -> Asked {
    let pieces = pieces(draft);
    let mut languages = BTreeSet::new();
    for piece in &pieces {
        let mut tag = piece.language;
        languages.insert(tag.to_owned());
        while let Some((wider, _)) = tag.rsplit_once('-') {
            languages.insert(wider.to_owned());
            tag = wider;
        }
    }
    let texts = echoing(draft, accounts).map(|(_, hash)| hash.to_vec()).collect();
    let words: BTreeSet<String> = pieces.iter().flat_map(|piece| plain_words(piece.text)).collect();
    Asked {
        languages: languages.into_iter().collect(),
        links: linked(draft),
        texts,
        words: words.into_iter().collect(),
    }
}

/// The links in what goes out, each once.
#[must_use]
pub fn linked(draft: &Draft) -> Vec<String> {
    let mut found = Vec::new();
    for link in pieces(draft).iter().flat_map(|piece| links(piece.text)) {
        if !found.contains(&link) {
            found.push(link);
        }
    }
    found
}

/// The texts that go to platforms of others, where the same from many accounts is taken for spam.
fn echoing<'a>(
    draft: &'a Draft,
    accounts: &'a [Account],
) -> impl Iterator<Item = (&'a DraftVariant, Fingerprint)> {
    draft.variants.iter().filter_map(|variant| {
        let account = accounts.iter().find(|account| account.id == variant.account)?;
        if account.platform == Platform::PressRoom {
            return None;
        }
        Some((variant, fingerprint(draft.body_of(variant))?))
    })
}

/// Everything to be done or known for the circumstances. `host` is where the unit works, with its clock and that of
/// headquarters.
#[must_use]
pub fn examine(
    draft: &Draft,
    accounts: &[Account],
    appointment: Option<Appointment>,
    (host, zone, headquarters): (Option<&str>, Tz, Tz),
    known: &Circumstances,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    check_tokens(draft, accounts, appointment, zone, now, &mut found);
    for piece in pieces(draft) {
        check_language(&piece, known, &mut found);
        check_links(&piece, known, zone, now, &mut found);
    }
    check_passages(draft, known, &mut found);
    for variant in &draft.variants {
        if known.outdated.contains(&variant.id) {
            let finding = Finding::notice("translation-outdated", &format!("variant-{}", variant.id));
            found.push(finding.with("language", &variant.language));
        }
    }
    for (variant, hash) in echoing(draft, accounts) {
        check_echoes(variant, hash, known, &mut found);
    }
    if let Some(time) = appointment {
        if let Some(country) = host.and_then(|code| code.parse::<Country>().ok())
            && country != Country::VIET_NAM
        {
            check_days(country, time.days(zone), "day-host", &mut found);
        }
        check_days(Country::VIET_NAM, time.days(headquarters), "day-home", &mut found);
        check_entered(&known.days, time.days(zone), time.days(headquarters), &mut found);
    }
    found
}

/// An account whose access ends before the item goes out will refuse it.
fn check_tokens(
    draft: &Draft,
    accounts: &[Account],
    appointment: Option<Appointment>,
    zone: Tz,
    now: DateTime<Utc>,
    found: &mut Vec<Finding>,
) {
    let at = appointment.map_or(now, |time| time.latest().max(now));
    for variant in &draft.variants {
        let account = accounts.iter().find(|account| account.id == variant.account);
        let Some((account, ends)) = account.and_then(|account| Some((account, account.token_ends_at?)))
        else {
            continue;
        };
        if ends <= at {
            let when = WallTime::of(ends, zone).at.format("%d/%m/%Y %H:%M").to_string();
            let finding = Finding::blocking("token-ends", &format!("variant-{}", variant.id));
            found.push(finding.with("channel", &account.name).with("when", &when));
        }
    }
}

/// Words that are minded, and names as headquarters approved them.
fn check_language(piece: &Piece<'_>, known: &Circumstances, found: &mut Vec<Finding>) {
    if piece.text.trim().is_empty() {
        return;
    }
    let text = Text::new(piece.text);
    for entry in &known.words {
        if !entry
            .language
            .as_deref()
            .is_none_or(|language| is_for(language, piece.language))
        {
            continue;
        }
        let Some(place) = text
            .find(&Phrase::new(&entry.word, entry.marks))
            .into_iter()
            .next()
        else {
            continue;
        };
        let finding = if entry.blocking {
            Finding::blocking("word-blocked", &piece.anchor)
        } else {
            Finding::notice("word-minded", &piece.anchor)
        };
        found.push(
            finding
                .with("word", text.written(&place))
                .with("advice", &entry.advice),
        );
    }
    let names: Vec<Name> = known
        .names
        .iter()
        .filter(|name| is_for(&name.language, piece.language))
        .cloned()
        .collect();
    for wrong in misnamed(&text, &names) {
        let finding = if wrong.locked {
            Finding::blocking("name-locked", &piece.anchor)
        } else {
            Finding::notice("name-otherwise", &piece.anchor)
        };
        found.push(
            finding
                .with("found", &wrong.found)
                .with("approved", &wrong.approved)
                .with("reason", &wrong.reason),
        );
    }
}

fn check_links(
    piece: &Piece<'_>,
    known: &Circumstances,
    zone: Tz,
    now: DateTime<Utc>,
    found: &mut Vec<Finding>,
) {
    for link in links(piece.text) {
        let Some(looked) = known.links.iter().find(|known| known.url == link) else {
            continue;
        };
        let (true, Some(at)) = (looked.outcome.is_broken(), looked.checked_at) else {
            continue;
        };
        let (at, today) = (WallTime::of(at, zone).at, WallTime::of(now, zone).at.date());
        let format = if at.date() == today {
            "%H:%M"
        } else {
            "%H:%M %d/%m"
        };
        let shown: String = link.chars().take(80).collect();
        found.push(
            Finding::notice("link-broken", &piece.anchor)
                .with("url", &shown)
                .with("why", looked.outcome.as_str())
                .with(
                    "status",
                    &looked.status.map(|status| status.to_string()).unwrap_or_default(),
                )
                .with("answered", yes(looked.status.is_some()))
                .with("time", &at.format(format).to_string()),
        );
    }
}

/// A passage of headquarters stands word for word in every variant of its language.
fn check_passages(draft: &Draft, known: &Circumstances, found: &mut Vec<Finding>) {
    for variant in &draft.variants {
        if variant.language != draft.language && variant.body.is_none() {
            continue;
        }
        let body = draft.body_of(variant);
        for passage in known
            .passages
            .iter()
            .filter(|passage| is_for(&passage.language, &variant.language))
        {
            if !holds(body, &passage.text) {
                let begins: String = passage.text.chars().take(80).collect();
                let finding = Finding::blocking("passage-altered", &format!("variant-{}", variant.id));
                found.push(
                    finding
                        .with("language", &variant.language)
                        .with("passage", &begins)
                        .with("source", &passage.source)
                        .with("named", yes(!passage.source.is_empty())),
                );
            }
        }
    }
}

/// The same words on other accounts at about the same time.
fn check_echoes(variant: &DraftVariant, hash: Fingerprint, known: &Circumstances, found: &mut Vec<Finding>) {
    let digits = hex::encode(hash);
    let places: Vec<&Echo> = known.echoes.iter().filter(|echo| echo.hash == digits).collect();
    let mut names: Vec<&str> = places.iter().map(|echo| echo.account.as_str()).collect();
    names.dedup();
    if names.is_empty() {
        return;
    }
    let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    found.push(
        Finding::notice("text-echoed", &format!("variant-{}", variant.id))
            .with("places", &shown)
            .with("more", &names.len().saturating_sub(3).to_string())
            .with("others", yes(names.len() > 3))
            .with("out", yes(places.iter().any(|echo| echo.is_out))),
    );
}

/// A choice in a sentence.
const fn yes(it_is: bool) -> &'static str {
    if it_is { "yes" } else { "no" }
}

/// Days that people keep every year.
fn check_days(
    country: Country,
    (first, last): (NaiveDate, NaiveDate),
    code: &'static str,
    found: &mut Vec<Finding>,
) {
    for day in holidays(country, first, last) {
        found.push(
            Finding::notice(code, "time")
                .with("en", day.name.en)
                .with("vi", day.name.of("vi"))
                .with("date", &day.date.format("%d/%m/%Y").to_string()),
        );
    }
}

/// A day that people entered, on which a text is weighed twice. What holds for the whole ministry holds on its own wall
/// too: in its day of mourning nothing festive goes out in Hà Nội's night either.
fn check_entered(
    days: &[EnteredDay],
    host: (NaiveDate, NaiveDate),
    headquarters: (NaiveDate, NaiveDate),
    found: &mut Vec<Finding>,
) {
    for day in days {
        let code = match day.kind {
            EnteredKind::Mourning => "day-mourning",
            EnteredKind::Sensitive => "day-sensitive",
            EnteredKind::DayOff => "day-off",
            EnteredKind::WorkingDay | EnteredKind::Visit | EnteredKind::Event => continue,
        };
        let touched = |(first, last): (NaiveDate, NaiveDate)| {
            (day.starts_on <= last && first <= day.ends_on).then(|| first.max(day.starts_on))
        };
        let home = Some(headquarters).filter(|_| day.everywhere);
        let Some(date) = [Some(host), home].into_iter().flatten().find_map(touched) else {
            continue;
        };
        found.push(
            Finding::notice(code, "time")
                .with("name", &day.name)
                .with("note", &day.note)
                .with("date", &date.format("%d/%m/%Y").to_string()),
        );
    }
}
