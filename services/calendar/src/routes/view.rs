//! What templates are given: rows, previews, chains, as JSON.

use chancery_contracts::ids::AccountId;
use chancery_contracts::{Edition, Platform, Release, Topic};
use chancery_directory::Unit;
use chancery_web::Problem;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::App;
use crate::model::{
    Account, Appointment, Change, ClockChoice, Clocks, Draft, Finding, Image, Kind, LinkStyle, Meter, Note,
    RELEASE_WINDOWS, Scope, ShortLink, State, Step, has_title, meter,
};
use crate::store::approvals::{Decision, Version};
use crate::store::items::Item;
use crate::store::short_links;

/// A word of a closed list as an option of a select: its value and the Fluent id of its name.
fn options(prefix: &str, words: impl Iterator<Item = &'static str>, chosen: &str) -> Vec<Value> {
    words
        .map(|word| json!({ "value": word, "key": format!("{prefix}-{word}"), "chosen": word == chosen }))
        .collect()
}

/// The lists of the composer's selects.
pub(super) fn choices(draft: &Draft) -> Value {
    json!({
        "kinds": options("item-kind", Kind::ALL.iter().map(|k| k.as_str()), draft.kind.as_str()),
        "topics": options("topic", Topic::ALL.iter().map(|t| t.as_str()), draft.topic.as_str()),
        "scopes": options("item-scope", Scope::ALL.iter().map(|s| s.as_str()), draft.scope.as_str()),
        "links": options("item-links", LinkStyle::ALL.iter().map(|l| l.as_str()), draft.links.as_str()),
        "clocks": options("item-clock", ClockChoice::ALL.iter().map(|c| c.as_str()), draft.clock.as_str()),
        "releases": releases(draft),
    })
}

/// By itself, or on command within one of the windows that are offered, and the draft's own if it is another.
fn releases(draft: &Draft) -> Vec<Value> {
    let on_command = draft.release == Release::OnCommand;
    let window = |minutes: &i32| {
        json!({
            "value": format!("{}.{minutes}", Release::OnCommand), "key": "release-within", "minutes": minutes,
            "chosen": on_command && draft.window_minutes == *minutes,
        })
    };
    let mut windows = RELEASE_WINDOWS.to_vec();
    if on_command && !windows.contains(&draft.window_minutes) {
        windows.push(draft.window_minutes);
    }
    let at_time = json!({ "value": Release::AtTime, "key": "release-at-time", "chosen": !on_command });
    [at_time].into_iter().chain(windows.iter().map(window)).collect()
}

/// An item's facts.
pub(super) fn item(item: &Item, unit: &Unit, now: DateTime<Utc>) -> Value {
    let late = item.appointment.is_some_and(|time| time.has_passed(now));
    json!({
        "id": item.id,
        "state": item.state,
        "version": item.version,
        "revision": item.revision,
        "title": item.draft.title,
        "kind": item.draft.kind,
        "topic": item.draft.topic,
        "scope": item.draft.scope,
        "language": item.draft.language,
        "publish_at": item.appointment.map(Appointment::instant),
        "window_minutes": item.draft.window_minutes,
        "on_command": item.draft.release == Release::OnCommand,
        "closes_at": item.appointment.map(Appointment::not_after),
        "late": late,
        "zone": unit.zone.name(),
        "city": unit.city,
        "unit": unit.names,
        "unit_id": unit.id,
        "created_at": item.created.1,
        "updated_at": item.updated.1,
        "open": item.state.is_open(),
        "can_reopen": item.state.accepts(Change::Reopen),
        "can_cancel": item.state.accepts(Change::Cancel { ordered: false }),
    })
}

/// The time of an item in words: both clocks, and what is special about it.
#[derive(Debug, Serialize)]
pub(super) struct TimeView {
    pub publish_at: DateTime<Utc>,
    /// The end of the window, when it goes out on command.
    pub until: Option<DateTime<Utc>>,
    pub zone: &'static str,
    pub city: Option<Value>,
    /// One clock is enough.
    pub agree: bool,
    pub note: Option<Note>,
    pub late: bool,
    pub too_soon: bool,
    /// Whole minutes from now; none once it has passed.
    pub minutes: Option<i64>,
}

pub(super) fn time(appointment: Appointment, unit: &Unit, now: DateTime<Utc>) -> TimeView {
    let publish_at = appointment.instant();
    TimeView {
        publish_at,
        until: (appointment.release == Release::OnCommand).then(|| appointment.not_after()),
        zone: unit.zone.name(),
        city: unit.city.clone(),
        agree: Clocks::at(publish_at, unit.zone, unit.headquarters).agree(),
        note: appointment.note(),
        late: appointment.has_passed(now),
        too_soon: appointment.is_too_soon(now),
        minutes: (publish_at > now).then(|| (publish_at - now).num_minutes()),
    }
}

/// A channel as it will look.
#[derive(Debug, Serialize)]
pub(super) struct Preview {
    pub platform: Platform,
    /// The account's id, where its text is frozen: passages are marked in it.
    pub account_id: Option<AccountId>,
    pub account: Option<String>,
    pub handle: Option<String>,
    pub language: String,
    /// Not `title`: that is the layout's own parameter, which hides a field of that name in every page.
    pub headline: String,
    pub paragraphs: Vec<String>,
    /// What the public is told of a correction.
    pub correction: Option<String>,
    pub images: Vec<Value>,
    pub meter: Option<Meter>,
    /// Where its short addresses lead.
    pub short: Vec<Value>,
}

/// The short addresses of a channel, each with the link that it stands for.
fn short(links: &[ShortLink], site: &str, account: AccountId, body: &str) -> Vec<Value> {
    let of = links.iter().filter(|link| link.account == account);
    of.map(|link| (link.address(site), link))
        .filter(|(address, _)| body.contains(address))
        .map(|(address, link)| json!({ "address": address, "target": link.target }))
        .collect()
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What is being written, channel by channel, as it would leave.
pub(super) async fn drafted(
    app: &App,
    conn: &mut PgConnection,
    item: &Item,
    accounts: &[Account],
) -> Result<Vec<Preview>, Problem> {
    let (draft, links) = app.workflow.outgoing(conn, item, accounts).await?;
    let preview = |variant: &crate::model::DraftVariant| {
        let account = accounts.iter().find(|account| account.id == variant.account)?;
        let body = draft.body_of(variant);
        let images = item.images.iter().filter(|_| variant.images).map(|image| {
            picture(
                item,
                image,
                account.platform,
                draft.alt(image.id, &variant.language),
            )
        });
        Some(Preview {
            platform: account.platform,
            account_id: None,
            account: Some(account.name.clone()),
            handle: Some(account.handle.clone()),
            language: variant.language.clone(),
            headline: if has_title(account.platform) {
                draft.title_of(variant).to_owned()
            } else {
                String::new()
            },
            paragraphs: paragraphs(body),
            correction: None,
            images: images.collect(),
            meter: Some(meter(body, account)),
            short: short(&links, &app.workflow.site, account.id, body),
        })
    };
    Ok(draft.variants.iter().filter_map(preview).collect())
}

/// What was submitted, channel by channel: from the frozen edition, not from the draft.
pub(super) async fn submitted(
    app: &App,
    conn: &mut PgConnection,
    item: &Item,
    edition: &Edition,
    accounts: &[Account],
) -> Result<Vec<Preview>, Problem> {
    let links = short_links::of_item(conn, item.id).await?;
    let preview = |variant: &chancery_contracts::EditionVariant| {
        let account = accounts.iter().find(|account| account.id == variant.account);
        let images = variant.images.iter().map(|shown| {
            let of = |image: &&Image| image.on(variant.platform).sha256 == shown.sha256;
            match item.images.iter().find(of) {
                Some(image) => picture(item, image, variant.platform, &shown.alt),
                None => json!({ "alt": shown.alt }),
            }
        });
        Preview {
            platform: variant.platform,
            account_id: Some(variant.account),
            account: account.map(|account| account.name.clone()),
            handle: account.map(|account| account.handle.clone()),
            language: variant.language.clone(),
            headline: variant.title.clone(),
            paragraphs: paragraphs(&variant.body),
            correction: variant.correction.clone(),
            images: images.collect(),
            meter: account.map(|account| meter(&variant.body, account)),
            short: short(&links, &app.workflow.site, variant.account, &variant.body),
        }
    };
    Ok(edition.variants.iter().map(preview).collect())
}

/// A picture as it goes to a platform.
fn picture(item: &Item, image: &Image, platform: Platform, alt: &str) -> Value {
    let shown = image.on(platform);
    let cut = image.cut(platform).map(|cut| &cut.sha256);
    json!({ "id": image.id, "item": item.id, "cut": cut, "alt": alt, "width": shown.width, "height": shown.height })
}

/// The chain of a version with what was decided so far; `bypassed`: two people let it out without the rest.
pub(super) fn chain(
    version: &Version,
    decisions: &[(Decision, String)],
    state: State,
    bypassed: bool,
) -> Vec<Value> {
    let step = |(number, step): (usize, &Step)| {
        let decision = decisions
            .iter()
            .find(|(decision, _)| usize::try_from(decision.step).is_ok_and(|s| s == number + 1));
        let status = match decision {
            Some((decision, _)) if decision.approved => "approved",
            Some(_) => "changes",
            None if bypassed => "bypassed",
            None if state == State::Submitted && number == decisions.len() => "waiting",
            None => "later",
        };
        json!({
            "role": step.role,
            "language": step.language,
            "status": status,
            "person": decision.map(|(_, name)| name),
            "behalf": decision.and_then(|(decision, _)| decision.behalf_name.as_ref()),
            "at": decision.map(|(decision, _)| decision.at),
            "comment": decision.map(|(decision, _)| &decision.comment),
        })
    };
    version.chain.iter().enumerate().map(step).collect()
}

/// A finding as the checklist shows it. `message` is its sentence.
pub(super) fn finding(finding: &Finding, message: &str) -> Value {
    json!({ "code": finding.code, "blocking": finding.blocking, "anchor": finding.anchor, "message": message })
}

/// The five stations that a reader recognises, and how far the item is.
pub(super) fn stations(state: State) -> Vec<Value> {
    let (reached, broken) = match state {
        State::Draft | State::ChangesRequested => (0, false),
        State::Submitted => (1, false),
        State::Ready | State::Approved => (2, false),
        State::Scheduled => (3, false),
        State::Publishing => (4, false),
        State::Published | State::Withdrawn => (5, false),
        State::Partly | State::NeedsPerson | State::Failed => (4, true),
        State::Stopping | State::Cancelled => return Vec::new(),
    };
    let names = ["draft", "submitted", "approved", "scheduled", "published"];
    names
        .iter()
        .enumerate()
        .map(|(number, name)| {
            let status = match number.cmp(&reached) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal if broken => "broken",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "later",
            };
            json!({ "name": name, "status": status })
        })
        .collect()
}
