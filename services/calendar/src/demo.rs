//! Items of the demonstration ministry, made by the same doings as real ones, in the past.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use chancery_clock::{Clock as _, TestClock};
use chancery_contracts::ids::{CampaignId, ItemId, PersonId, UnitId};
use chancery_contracts::{Platform, Topic};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::error::CalendarError;
use crate::model::{ClockChoice, DraftVariant, Kind, Rule, Scope, StepRole};
use crate::store::items::{self, Lock};
use crate::store::{accounts, approvals, campaigns, lists, policies};
use crate::workflow::{Actor, CampaignDraft, Saved, Workflow};

/// Everything to load.
#[derive(Debug, Clone, Default)]
pub struct Seeds {
    /// Names of programmes, in both languages: `{"vi": …, "en": …}`.
    pub programmes: Vec<serde_json::Value>,
    /// Campaigns.
    pub campaigns: Vec<CampaignSeed>,
    /// Items.
    pub items: Vec<ItemSeed>,
    /// Native reviewers, each with a language and the unit whose texts in it they pass from now on.
    pub reviewers: Vec<(PersonId, String, UnitId)>,
}

/// A campaign.
#[derive(Debug, Clone)]
pub struct CampaignSeed {
    /// Whose.
    pub unit: UnitId,
    /// Who made it and answers for it.
    pub owner: PersonId,
    /// What it is.
    pub campaign: CampaignDraft,
}

/// An item.
#[derive(Debug, Clone)]
pub struct ItemSeed {
    /// Whose.
    pub unit: UnitId,
    /// Who writes and submits it.
    pub author: PersonId,
    /// What sort.
    pub kind: Kind,
    /// What it is about.
    pub topic: Topic,
    /// Code of an audience.
    pub audience: String,
    /// Index into [`Seeds::campaigns`].
    pub campaign: Option<usize>,
    /// Index into [`Seeds::programmes`].
    pub programme: Option<usize>,
    /// Who it is meant for; only public items get beyond [`Stage::Draft`].
    pub scope: Scope,
    /// Language of headline and text.
    pub language: String,
    /// The headline.
    pub title: String,
    /// The text.
    pub body: String,
    /// The channels: the unit's account on that platform, and a language. Empty: its press room, in `language`.
    pub channels: Vec<ChannelSeed>,
    /// Pictures: the file, and what each shows by language.
    pub images: Vec<(Bytes, BTreeMap<String, String>)>,
    /// When it goes out, or went out.
    pub at: DateTime<Utc>,
    /// On whose clock that was chosen.
    pub clock: ClockChoice,
    /// How far it has come.
    pub stage: Stage,
    /// What people said about it.
    pub comments: Vec<(PersonId, String)>,
}

/// A channel.
#[derive(Debug, Clone)]
pub struct ChannelSeed {
    /// Where.
    pub platform: Platform,
    /// In which language.
    pub language: String,
    /// Headline of its own.
    pub title: Option<String>,
    /// Text of its own.
    pub body: Option<String>,
}

/// How far an item has come.
#[derive(Debug, Clone)]
pub enum Stage {
    /// Being written.
    Draft,
    /// Waits for approval, with a word to who approves.
    Submitted(String),
    /// Sent back by this person, saying this.
    ChangesRequested(PersonId, String),
    /// Approved by these people in turn: the order goes to the publisher, which publishes it at its time.
    Approved(Vec<PersonId>),
    /// Cancelled before it was submitted, for this reason.
    Cancelled(String),
}

/// Loads the seeds into a calendar that has no items yet; gives the items' ids in order. A calendar that has items is
/// left as it is.
///
/// # Errors
/// A seed breaks a rule that people must keep too.
pub async fn load(calendar: &Workflow, seeds: &Seeds) -> Result<Vec<ItemId>, CalendarError> {
    let mut conn = calendar.pool.acquire().await?;
    if lists::is_used(&mut conn).await? {
        return Ok(Vec::new());
    }
    let now = calendar.clock.now();
    let mut programmes = Vec::new();
    for names in &seeds.programmes {
        let id = calendar.clock.new_id();
        campaigns::insert_programme(&mut conn, id, names, now).await?;
        programmes.push(id);
    }
    let mut made = Vec::new();
    for seed in &seeds.campaigns {
        let owner = chancery_directory::principal(&mut conn, seed.owner, now.date_naive()).await?;
        made.push(
            calendar
                .create_campaign(Actor::new(&owner), seed.unit, seed.campaign.clone())
                .await?,
        );
    }
    drop(conn);
    let mut items = Vec::new();
    for seed in &seeds.items {
        items.push(item(calendar, seed, &made, &programmes).await?);
    }
    reviewers(calendar, &seeds.reviewers, now).await?;
    Ok(items)
}

async fn reviewers(
    calendar: &Workflow,
    reviewers: &[(PersonId, String, UnitId)],
    now: DateTime<Utc>,
) -> Result<(), CalendarError> {
    let mut conn = calendar.pool.acquire().await?;
    for (person, language, unit) in reviewers {
        policies::set_reviewer(&mut conn, *person, std::slice::from_ref(language), now).await?;
        let rule = Rule {
            id: calendar.clock.new_id(),
            unit: Some(*unit),
            kind: None,
            topic: None,
            language: Some(language.clone()),
            steps: vec![StepRole::NativeReviewer],
        };
        policies::put_rule(&mut conn, &rule, *person, now).await?;
    }
    Ok(())
}

async fn item(
    calendar: &Workflow,
    seed: &ItemSeed,
    made: &[CampaignId],
    programmes: &[Uuid],
) -> Result<ItemId, CalendarError> {
    // Written a day before it goes out, or some hours ago if that is still to come.
    let now = calendar.clock.now();
    let clock = TestClock::at(seed.at.min(now) - TimeDelta::hours(20));
    let past = Workflow {
        clock: clock.shared(),
        ..calendar.clone()
    };
    let mut conn = calendar.pool.acquire().await?;
    let author = chancery_directory::principal(&mut conn, seed.author, now.date_naive()).await?;
    let author = Actor::new(&author);
    let id = past.create(author, seed.unit, seed.kind, &seed.language).await?;
    for (file, _) in &seed.images {
        past.add_image(author, id, file.clone()).await?;
    }
    let unit = chancery_directory::unit(&mut conn, seed.unit).await?;
    let accounts = accounts::of_unit(&mut conn, seed.unit).await?;
    let item = items::load(&mut conn, id, Lock::None).await?;
    let mut draft = item.draft;
    draft.kind = seed.kind;
    draft.topic = seed.topic;
    draft.audience.clone_from(&seed.audience);
    draft.campaign = seed.campaign.and_then(|index| made.get(index).copied());
    draft.programme = seed.programme.and_then(|index| programmes.get(index).copied());
    draft.scope = seed.scope;
    draft.language.clone_from(&seed.language);
    draft.title.clone_from(&seed.title);
    draft.body.clone_from(&seed.body);
    draft.clock = seed.clock;
    let zone = if seed.clock == ClockChoice::Host {
        unit.zone
    } else {
        unit.headquarters
    };
    draft.wall = Some(seed.at.with_timezone(&zone).naive_local());
    draft.alts = item
        .images
        .iter()
        .zip(&seed.images)
        .map(|(image, (_, alts))| (image.id, alts.clone()))
        .collect();
    let standard = [ChannelSeed {
        platform: Platform::PressRoom,
        language: seed.language.clone(),
        title: None,
        body: None,
    }];
    let channels = if seed.channels.is_empty() {
        &standard[..]
    } else {
        &seed.channels
    };
    draft.variants = channels
        .iter()
        .filter_map(|channel| {
            let account = accounts
                .iter()
                .find(|account| account.platform == channel.platform)?;
            Some(DraftVariant {
                id: clock.new_id(),
                account: account.id,
                language: channel.language.clone(),
                title: channel.title.clone(),
                body: channel.body.clone(),
                images: true,
            })
        })
        .collect();
    clock.advance(Duration::from_mins(40));
    let saved = past.save(author, id, item.revision, draft).await?;
    let (Saved::Now { revision } | Saved::Unchanged { revision }) = saved else {
        return Err(CalendarError::Stale);
    };
    drop(conn);
    clock.advance(Duration::from_mins(30));
    stage(&past, &clock, author, id, revision, &seed.stage).await?;
    for (person, text) in &seed.comments {
        clock.advance(Duration::from_mins(10));
        let mut conn = calendar.pool.acquire().await?;
        let person = chancery_directory::principal(&mut conn, *person, now.date_naive()).await?;
        drop(conn);
        past.comment(Actor::new(&person), id, text).await?;
    }
    Ok(id)
}

async fn stage(
    past: &Workflow,
    clock: &TestClock,
    author: Actor<'_>,
    id: ItemId,
    revision: i64,
    stage: &Stage,
) -> Result<(), CalendarError> {
    let message = if let Stage::Submitted(message) = stage {
        message.as_str()
    } else {
        ""
    };
    match stage {
        Stage::Draft => return Ok(()),
        Stage::Cancelled(reason) => return past.cancel(author, id, reason).await.map(|_| ()),
        _ => past.submit(author, id, revision, message).await?,
    }
    match stage {
        Stage::ChangesRequested(person, comment) => {
            let mut conn = past.pool.acquire().await?;
            let person = chancery_directory::principal(&mut conn, *person, clock.now().date_naive()).await?;
            let version = approvals::version(&mut conn, id, 1)
                .await?
                .ok_or(CalendarError::NotFound)?;
            drop(conn);
            clock.advance(Duration::from_mins(50));
            past.ask_for_changes(Actor::new(&person), id, version.hash, comment)
                .await
        }
        Stage::Approved(people) => approve(past, clock, id, people).await,
        _ => Ok(()),
    }
}

async fn approve(
    past: &Workflow,
    clock: &TestClock,
    id: ItemId,
    people: &[PersonId],
) -> Result<(), CalendarError> {
    for person in people {
        clock.advance(Duration::from_mins(45));
        let mut conn = past.pool.acquire().await?;
        let person = chancery_directory::principal(&mut conn, *person, clock.now().date_naive()).await?;
        let version = approvals::version(&mut conn, id, 1)
            .await?
            .ok_or(CalendarError::NotFound)?;
        drop(conn);
        past.approve(Actor::new(&person), id, version.hash, "", None)
            .await?;
    }
    Ok(())
}
