//! The one rule, against a second reading of it.

use chancery_assets::Actor;
use chancery_assets::model::{Consent, Details, Licence, Refusal, Rights, SHARE_LINK};
use chancery_assets::store::search::{self, Eyes, Filter};
use chancery_clock::{Clock as _, Tz};
use chancery_contracts::ids::UnitId;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::rig::Rig;

/// What the rule says, read again from the words.
pub fn expected(
    rights: &Rights,
    country: &str,
    channel: Option<&str>,
    now: DateTime<Utc>,
) -> Option<Refusal> {
    let at = rights.instants();
    if at.embargo.is_some_and(|embargo| now < embargo) {
        return Some(Refusal::Embargo);
    }
    if at.starts.is_some_and(|starts| now < starts) {
        return Some(Refusal::NotStarted);
    }
    if at.ends.is_some_and(|ends| now >= ends) {
        return Some(Refusal::Ended);
    }
    if rights
        .territory
        .as_ref()
        .is_some_and(|countries| !countries.iter().any(|one| one == country))
    {
        return Some(Refusal::Territory);
    }
    let channel = channel?;
    if rights.internal_only {
        return Some(Refusal::InternalOnly);
    }
    if rights.consent == Consent::Missing {
        return Some(Refusal::Consent);
    }
    let open = rights
        .channels
        .as_ref()
        .is_none_or(|channels| channels.iter().any(|one| one == channel));
    (!open).then_some(Refusal::Channel)
}

pub fn any_rights() -> impl Strategy<Value = Rights> {
    let wall = || {
        let walls = [
            "2026-08-31T10:00:00",
            "2026-09-01T09:59:59",
            "2026-09-01T10:00:00",
            "2026-09-01T10:00:01",
        ];
        proptest::option::weighted(0.3, prop::sample::select(walls.to_vec()))
    };
    let countries = prop::sample::subsequence(vec!["FR", "LA", "VN"], 1..=3);
    let channels = prop::sample::subsequence(vec!["bluesky", "press_room", "share_link"], 1..=3);
    (
        any::<bool>(),
        prop::sample::select(vec![Consent::NotNeeded, Consent::Missing]),
        proptest::option::weighted(0.4, countries),
        proptest::option::weighted(0.4, channels),
        (wall(), wall(), wall()),
    )
        .prop_map(
            |(internal_only, consent, territory, channels, (starts, ends, embargo))| {
                let wall = |text: Option<&str>| text.map(|text| text.parse().unwrap());
                let words = |words: Option<Vec<&str>>| {
                    words.map(|words| words.into_iter().map(str::to_owned).collect())
                };
                Rights {
                    internal_only,
                    licence: Licence::Owned,
                    consent,
                    territory: words(territory),
                    channels: words(channels),
                    zone: Tz::Asia__Ho_Chi_Minh,
                    starts: wall(starts),
                    // An end before its beginning is refused at the door.
                    ends: wall(ends).filter(|ends| wall(starts).is_none_or(|starts| *ends > starts)),
                    embargo: wall(embargo),
                    ..Rights::default()
                }
            },
        )
}

async fn found(
    rig: &Rig,
    unit: UnitId,
    country: &str,
    usable: Option<Option<&str>>,
) -> Vec<(uuid::Uuid, Option<String>)> {
    let eyes = Eyes {
        keeps: Vec::new(),
        unit,
        country: Some(country.to_owned()),
        now: rig.clock.now(),
        language: "vi".into(),
    };
    let filter = Filter {
        states: vec!["published".into()],
        usable: usable.map(|channel| channel.map(str::to_owned)),
        ..Filter::default()
    };
    let mut conn = rig.library.pool.acquire().await.unwrap();
    let found = search::find(&mut conn, &filter, &eyes, None, 100).await.unwrap();
    found
        .cards
        .into_iter()
        .map(|card| (card.id.0, card.refusal))
        .collect()
}

#[tokio::test]
async fn every_way_to_ask_gives_the_same_answer() {
    let rig = Rig::new().await;
    let mut runner = TestRunner::deterministic();
    let mut all = Vec::new();
    for n in 0..60 {
        let rights = any_rights().new_tree(&mut runner).unwrap().current();
        let details = Details {
            rights: rights.clone(),
            ..Rig::details(&format!("Ảnh {n}"))
        };
        all.push((rig.published(&format!("{n}.jpg"), details).await, rights));
    }
    let now = rig.clock.now();
    let places = [(rig.vientiane, "LA", &rig.lan), (rig.paris, "FR", &rig.paul)];
    for (unit, country, person) in places {
        for channel in [None, Some("press_room"), Some("bluesky"), Some(SHARE_LINK)] {
            let usable = found(&rig, unit, country, Some(channel)).await;
            for (id, rights) in &all {
                let expected = expected(rights, country, channel, now);
                assert_eq!(rig.may_use(*id, unit, channel).await, expected, "{rights:?}");
                assert_eq!(
                    usable.iter().any(|(found, _)| *found == id.0),
                    expected.is_none(),
                    "search: {rights:?}"
                );
            }
        }
        // Without the facet a search shows what may be seen at all: what may be used in the house.
        let seen = found(&rig, unit, country, None).await;
        let mut conn = rig.library.pool.acquire().await.unwrap();
        for (id, rights) in &all {
            let hidden = expected(rights, country, None, now).is_some();
            assert_eq!(
                seen.iter().any(|(found, _)| *found == id.0),
                !hidden,
                "{rights:?}"
            );
            let opened = rig.library.open(&mut conn, Actor::new(person), *id).await;
            assert_eq!(opened.is_err(), hidden, "{rights:?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_published_or_not_there_is_nobodys_to_use() {
    let rig = Rig::new().await;
    let draft = rig.draft("a.jpg").await;
    assert_eq!(
        rig.may_use(draft, rig.vientiane, None).await,
        Some(Refusal::NotPublished)
    );
    let nothing = rig.library.clock.new_id().into();
    assert_eq!(
        rig.may_use(nothing, rig.vientiane, None).await,
        Some(Refusal::Gone)
    );
    let published = rig.published("b.jpg", Rig::details("Ảnh")).await;
    assert_eq!(
        rig.may_use(published, rig.vientiane, Some("press_room")).await,
        None
    );
    let nowhere = UnitId(rig.library.clock.new_id());
    assert_eq!(
        rig.may_use(published, nowhere, None).await,
        Some(Refusal::Territory)
    );
    rig.library
        .withdraw(Actor::new(&rig.steward), published, "Sai")
        .await
        .unwrap();
    assert_eq!(
        rig.may_use(published, rig.vientiane, None).await,
        Some(Refusal::Withdrawn)
    );
}

#[tokio::test]
async fn the_rule_turns_at_the_very_instant() {
    let rig = Rig::new().await;
    let mut details = Rig::details("Ảnh");
    details.rights.embargo = Some("2026-09-01T10:00:01".parse().unwrap());
    details.rights.ends = Some("2026-09-01T10:00:03".parse().unwrap());
    let id = rig.published("a.jpg", details).await;
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(rig.may_use(id, rig.vientiane, None).await);
        rig.clock.advance(std::time::Duration::from_secs(1));
    }
    assert_eq!(
        answers,
        [Some(Refusal::Embargo), None, None, Some(Refusal::Ended)]
    );
}
