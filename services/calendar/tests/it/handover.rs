//! Whatever people do, in whatever order and at whatever time: what is handed over as ready was approved by everybody who
//! must, as it is, and by nobody who wrote it, or let out by two others; and on command somebody gave the word in its window.
//! The record is read again here, plainly, with none of the product's rules.

use std::collections::HashSet;

use chancery_access::Principal;
use chancery_calendar::model::{ClockChoice, State, StepRole, edition};
use chancery_calendar::store::accounts;
use chancery_calendar::workflow::{NewDelegation, NewTime, Wording};
use chancery_calendar::{Actor, CalendarError};
use chancery_clock::Clock as _;
use chancery_contracts::ids::ItemId;
use chancery_contracts::publisher::PublishOrder;
use chancery_contracts::{Edition, EditionHash, Release, Topic};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use crate::rig::Rig;

/// A xorshift: a seed is a history.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

struct Written {
    version: i32,
    hash: String,
    chain: Vec<String>,
    edition: Json<Edition>,
}

async fn versions(rig: &Rig, id: ItemId) -> Vec<Written> {
    let rows: Vec<(i32, String, Vec<String>, Json<Edition>)> = sqlx::query_as(
        "select version, edition_hash, chain, edition from calendar.versions where item_id = $1 order by version",
    )
    .bind(id.0)
    .fetch_all(rig.db.owner())
    .await
    .unwrap();
    rows.into_iter()
        .map(|(version, hash, chain, edition)| Written {
            version,
            hash,
            chain,
            edition,
        })
        .collect()
}

/// Why this version must not be handed over, by reading what was written down. Who wrote after its text was frozen wrote
/// another version.
async fn unapproved(rig: &Rig, id: ItemId, of: &Written) -> Option<String> {
    if of.edition.hash().unwrap().to_string() != of.hash {
        return Some("its text is not that of its hash".into());
    }
    let decisions: Vec<(i32, String, String, Uuid, Option<Uuid>)> = sqlx::query_as(
        "select step, role, edition_hash, person_id, on_behalf_of from calendar.decisions
         where item_id = $1 and version = $2 and decision = 'approved' order by step",
    )
    .bind(id.0)
    .bind(of.version)
    .fetch_all(rig.db.owner())
    .await
    .unwrap();
    let frozen: DateTime<Utc> =
        sqlx::query_scalar("select submitted_at from calendar.versions where item_id = $1 and version = $2")
            .bind(id.0)
            .bind(of.version)
            .fetch_one(rig.db.owner())
            .await
            .unwrap();
    let writers: HashSet<Uuid> =
        sqlx::query_scalar("select person_id from calendar.contributors where item_id = $1 and since <= $2")
            .bind(id.0)
            .bind(frozen)
            .fetch_all(rig.db.owner())
            .await
            .unwrap()
            .into_iter()
            .collect();
    if decisions.len() != of.chain.len()
        && let Some(why) = unbroken(rig, id, of, &writers).await
    {
        return Some(format!(
            "{} of {} steps, and {why}",
            decisions.len(),
            of.chain.len()
        ));
    }
    if of.edition.release == Release::OnCommand
        && let Some(why) = unreleased(rig, id, of).await
    {
        return Some(why);
    }
    let mut seen = HashSet::new();
    for ((step, role, hash, person, behalf), expected) in decisions.into_iter().zip(&of.chain) {
        if !expected.starts_with(&role) || hash != of.hash {
            return Some(format!("step {step} is {role} of {hash}"));
        }
        for one in [Some(person), behalf].into_iter().flatten() {
            if writers.contains(&one) {
                return Some(format!("step {step} by a writer"));
            }
            if !seen.insert(one) {
                return Some(format!("step {step} by somebody who took another"));
            }
        }
    }
    None
}

/// Why it was not let out by two people: an approver or the desk each, no writer, one within half an hour of the other.
async fn unbroken(rig: &Rig, id: ItemId, of: &Written, writers: &HashSet<Uuid>) -> Option<String> {
    type Both = (Uuid, Uuid, String, String, DateTime<Utc>, DateTime<Utc>);
    let found: Option<Both> = sqlx::query_as(
        "select b.person_id, c.person_id, b.edition_hash, c.edition_hash, b.ordered_at, c.confirmed_at
         from calendar.break_glass b join calendar.break_glass_confirmations c on c.break_glass_id = b.id
         where b.item_id = $1 and b.version = $2 and c.item_id = $1 and c.version = $2",
    )
    .bind(id.0)
    .bind(of.version)
    .fetch_optional(rig.db.owner())
    .await
    .unwrap();
    let Some((first, second, ordered, confirmed, from, to)) = found else {
        return Some("nobody let it out".into());
    };
    let able: i64 = sqlx::query_scalar(
        "select count(distinct person_id) from identity.grants where person_id in ($1, $2) and unit_id <> $3
             and role in ('head_of_mission', 'desk_officer', 'headquarters_approver')",
    )
    .bind(first)
    .bind(second)
    .bind(rig.paris.0)
    .fetch_one(rig.db.owner())
    .await
    .unwrap();
    if first == second || able != 2 {
        return Some("it was not two who may".into());
    }
    if writers.contains(&first) || writers.contains(&second) {
        return Some("a writer let it out".into());
    }
    if ordered != of.hash || confirmed != of.hash {
        return Some("they let out something else".into());
    }
    (to < from || to >= from + TimeDelta::minutes(30)).then(|| "the second came too late".into())
}

/// Why nobody gave the word for it in its window.
async fn unreleased(rig: &Rig, id: ItemId, of: &Written) -> Option<String> {
    let found: Option<(String, DateTime<Utc>)> = sqlx::query_as(
        "select edition_hash, released_at from calendar.releases where item_id = $1 and version = $2",
    )
    .bind(id.0)
    .bind(of.version)
    .fetch_optional(rig.db.owner())
    .await
    .unwrap();
    let Some((hash, at)) = found else {
        return Some("nobody gave the word".into());
    };
    let opens = of.edition.wall.and_local_timezone(of.edition.zone).unwrap();
    let closes = opens + TimeDelta::minutes(of.edition.window_minutes.into());
    (hash != of.hash || at < opens || at >= closes).then(|| format!("the word was given at {at} for {hash}"))
}

/// Why it must not be handed over now.
async fn unready(rig: &Rig, id: ItemId, of: &Written) -> Option<String> {
    if let Some(why) = unapproved(rig, id, of).await {
        return Some(why);
    }
    let item = rig.item(id).await;
    if item.version != of.version {
        return Some("there is a newer version".into());
    }
    if !matches!(item.state, State::Approved | State::Scheduled) {
        return Some(format!("it is {}", item.state));
    }
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let accounts = accounts::of_unit(&mut conn, item.unit).await.unwrap();
    let (leaving, _) = rig.calendar.outgoing(&mut conn, &item, &accounts).await.unwrap();
    let now = edition(
        id,
        item.version,
        &leaving,
        &item.images,
        &accounts,
        item.appointment.unwrap(),
    );
    (now.hash().unwrap().to_string() != of.hash).then(|| "its text is another by now".into())
}

/// How often something was rightly ready: a test of nothing would pass as well.
async fn check(rig: &Rig, items: &[ItemId]) -> usize {
    let mut ready = 0;
    for id in items {
        for version in versions(rig, *id).await {
            let hash: EditionHash = version.hash.parse().unwrap();
            if rig.stands(*id, version.version, hash).await.is_none() {
                assert_eq!(
                    unready(rig, *id, &version).await,
                    None,
                    "{id} {}",
                    version.version
                );
                ready += 1;
            }
        }
    }
    for order in rig.sent::<PublishOrder>().await {
        let written = versions(rig, order.item).await;
        let of = written.iter().find(|one| one.version == order.version).unwrap();
        assert_eq!(order.edition_hash.to_string(), of.hash);
        assert_eq!(order.edition.hash().unwrap(), order.edition_hash);
        assert_eq!(
            unapproved(rig, order.item, of).await,
            None,
            "order of {}",
            order.item
        );
    }
    ready
}

async fn act(rig: &Rig, dice: &mut Dice, who: &Principal, id: ItemId) -> Result<(), CalendarError> {
    let actor = Actor::new(who);
    let item = rig.item(id).await;
    let known = versions(rig, id).await;
    // Mostly what is there now, sometimes what somebody saw long ago.
    let seen: Option<EditionHash> = if dice.roll(5) > 0 {
        known.last().map(|one| one.hash.parse().unwrap())
    } else {
        known.first().map(|one| one.hash.parse().unwrap())
    };
    let in_an_hour = || NewTime {
        wall: (rig.clock.now() + TimeDelta::hours(9)).naive_utc(),
        clock: ClockChoice::Host,
    };
    match dice.roll(30) {
        0..=2 => {
            // Whoever could approve writes now and then; if they all did, nothing would ever be approved.
            if who.person != rig.lan.person && dice.roll(5) > 0 {
                return Ok(());
            }
            let mut draft = item.draft.clone();
            draft.body = format!("Câu {}.", dice.roll(1000));
            draft.wall = Some(in_an_hour().wall);
            (draft.release, draft.window_minutes) = (Release::AtTime, 60);
            if dice.roll(2) == 0 {
                // Its window opens in some minutes or is open, and ends while others act.
                let ahead = *dice.pick(&[-5_i64, 5]);
                draft.wall = Some((rig.clock.now() + TimeDelta::minutes(7 * 60 + ahead)).naive_utc());
                (draft.release, draft.window_minutes) = (Release::OnCommand, 120);
            }
            draft.topic = *dice.pick(&[Topic::General, Topic::General, Topic::Sovereignty]);
            let base = item.revision - i64::from(dice.roll(8) == 0);
            rig.calendar.save(actor, id, base, draft).await.map(drop)
        }
        3..=5 => rig.calendar.submit(actor, id, item.revision, "").await,
        6..=11 => match seen {
            Some(seen) => {
                let time = (dice.roll(6) == 0).then(in_an_hour);
                rig.calendar.approve(actor, id, seen, "", time).await.map(drop)
            }
            None => Ok(()),
        },
        12 => match seen {
            Some(seen) => rig.calendar.ask_for_changes(actor, id, seen, "Sửa.").await,
            None => Ok(()),
        },
        13 => rig.calendar.reopen(actor, id).await,
        14 => rig.calendar.cancel(actor, id, "").await.map(drop),
        15 | 16 => match seen {
            Some(seen) => {
                let wording = Wording {
                    account: rig.room,
                    language: "vi".into(),
                    body: format!("Chữ khác {}.", dice.roll(1000)),
                };
                rig.calendar.amend(actor, id, seen, &[wording], "").await
            }
            None => Ok(()),
        },
        17 => {
            let found: Option<Uuid> = sqlx::query_scalar(
                "select id from calendar.amendments where item_id = $1 order by proposed_at desc limit 1",
            )
            .bind(id.0)
            .fetch_optional(rig.db.owner())
            .await
            .unwrap();
            match found {
                Some(found) => rig.calendar.accept_amendment(actor, id, found).await.map(drop),
                None => Ok(()),
            }
        }
        19..=21 => {
            // Whatever waits for a word, if anything does.
            let ready: Option<Uuid> = sqlx::query_scalar(
                "select id from calendar.items where state = 'ready' order by id desc limit 1",
            )
            .fetch_optional(rig.db.owner())
            .await
            .unwrap();
            let id: ItemId = ready.map_or(id, Into::into);
            match versions(rig, id).await.last() {
                Some(read) => {
                    let read: EditionHash = read.hash.parse().unwrap();
                    rig.calendar.release(actor, id, read).await.map(drop)
                }
                None => Ok(()),
            }
        }
        22..=29 => {
            let ordered: Option<(Uuid, Uuid)> = sqlx::query_as(
                "select item_id, id from calendar.break_glass order by ordered_at desc limit 1",
            )
            .fetch_optional(rig.db.owner())
            .await
            .unwrap();
            match (ordered, seen) {
                // Mostly whoever it is confirms what was ordered last.
                (Some((item, order)), _) if dice.roll(3) > 0 => {
                    let known = versions(rig, item.into()).await;
                    let read = known.last().unwrap().hash.parse().unwrap();
                    let confirmed = rig.calendar.confirm_break_glass(actor, item.into(), order, read);
                    confirmed.await.map(drop)
                }
                (_, Some(seen)) => {
                    let reason = "Không liên lạc được với Đại sứ.";
                    rig.calendar.break_glass(actor, id, seen, reason).await.map(drop)
                }
                (_, None) => Ok(()),
            }
        }
        _ => {
            let people = [&rig.lan, &rig.minh, &rig.both];
            let new = NewDelegation {
                unit: rig.mission,
                role: StepRole::HeadOfMission,
                to: dice.pick(&people).person,
                first: who.today,
                last: who.today,
                reason: "Vắng".into(),
            };
            rig.calendar.delegate(actor, new).await.map(drop)
        }
    }
}

/// What a history came to: how often something was ready, was let out by two, and was released.
#[derive(Default)]
struct Came {
    ready: usize,
    broken: i64,
    released: i64,
}

async fn history(seed: u64) -> Came {
    let rig = Rig::new().await;
    let mut dice = Dice(seed);
    let people = [
        &rig.lan,
        &rig.minh,
        &rig.ambassador,
        &rig.both,
        &rig.headquarters,
        &rig.desk,
        &rig.reviewer,
    ];
    let mut items = vec![
        rig.written(rig.complete()).await,
        rig.submitted(rig.complete()).await,
    ];
    let mut ready = 0;
    for turn in 0..60 {
        if turn % 12 == 11 {
            let mut later = rig.complete();
            later.wall = Some((rig.clock.now() + TimeDelta::hours(9)).naive_utc());
            items.push(rig.submitted(later).await);
            let mut on_command = rig.on_command();
            on_command.wall = Some((rig.clock.now() + TimeDelta::minutes(7 * 60 - 1)).naive_utc());
            items.push(rig.submitted(on_command).await);
        }
        // No two turns at one instant: who wrote before and who wrote after is told apart by it.
        rig.clock.advance(std::time::Duration::from_secs(1));
        if turn == 25 {
            // Rules change under what waits already.
            rig.review_lao().await;
            items.push(rig.written(rig.in_lao()).await);
        }
        if dice.roll(10) == 0 {
            let minutes = [1, 45, 600][dice.roll(3)];
            rig.clock.advance(std::time::Duration::from_secs(minutes * 60));
            rig.calendar.escalate().await.unwrap();
            rig.calendar.end_windows().await.unwrap();
        }
        let (first, second) = (*dice.pick(&people), *dice.pick(&people));
        let id = *dice.pick(&items);
        // Two people at once, on one item or on two; what is refused is refused, and nothing else may go wrong.
        let mut other = Dice(dice.0 ^ 0x9e37_79b9_7f4a_7c15);
        let also = *dice.pick(&items);
        let done = tokio::join!(
            act(&rig, &mut dice, first, id),
            act(&rig, &mut other, second, also)
        );
        for result in [done.0, done.1] {
            if let Err(
                error @ (CalendarError::Database(_) | CalendarError::Queue(_) | CalendarError::Encoding(_)),
            ) = result
            {
                panic!("seed {seed}: {error:?}");
            }
        }
        ready += check(&rig, &items).await;
    }
    let count = async |statement: &'static str| {
        sqlx::query_scalar(statement)
            .fetch_one(rig.db.owner())
            .await
            .unwrap()
    };
    Came {
        ready,
        broken: count("select count(*) from calendar.break_glass_confirmations").await,
        released: count("select count(*) from calendar.releases").await,
    }
}

#[tokio::test]
async fn nothing_unapproved_changed_or_stopped_is_ever_handed_over() {
    let mut all = Came::default();
    for seed in [0x2545_f491_4f6c_dd1d, 20_260_902, 0xdead_beef] {
        let came = history(seed).await;
        all.ready += came.ready;
        all.broken += came.broken;
        all.released += came.released;
    }
    // A test of nothing would pass as well.
    assert!(
        all.ready > 20,
        "only {} times was anything ready at all",
        all.ready
    );
    assert!(all.broken > 0, "two never let anything out");
    assert!(all.released > 0, "nobody ever gave the word");
}
