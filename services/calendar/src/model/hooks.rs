//! Webhooks: which events there are, how a message is signed (Standard Webhooks), when it is tried again, and what an
//! endpoint's answers make of the endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_contracts::vocabulary;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use super::{Scope, State};

vocabulary! {
    /// What an endpoint can hear of.
    HookEvent {
        /// It waits for approval.
        Submitted = "item.submitted",
        /// Every step has approved it.
        Approved = "item.approved",
        /// Every step has approved it: it waits for somebody's word.
        Ready = "item.ready",
        /// It waits for its minute.
        Scheduled = "item.scheduled",
        /// It is out everywhere.
        Published = "item.published",
        /// It is out on some accounts only.
        Partly = "item.partly",
        /// It is out nowhere.
        Failed = "item.failed",
        /// Only a person can tell what became of it.
        NeedsPerson = "item.needs_person",
        /// It was out, and has been taken down everywhere.
        Withdrawn = "item.withdrawn",
        /// Nothing of it goes out.
        Cancelled = "item.cancelled",
        /// The library took back one of its pictures: it waits for a new version.
        Held = "item.held",
    }
}

/// What a person's test is called.
pub const TEST: &str = "webhook.test";
/// The version of what messages look like; see docs/webhooks.md.
pub const FORMAT: u32 = 1;
/// What a secret begins with.
pub const SECRET_PREFIX: &str = "whsec_";
/// How long the secret before is signed with after a new one was made.
pub const OVERLAP: TimeDelta = TimeDelta::hours(24);
/// How long a message waits while its endpoint is paused.
pub const KEPT: TimeDelta = TimeDelta::days(3);
/// So many messages in a row that were given up disable an endpoint.
pub const GIVE_UP: i32 = 3;

impl HookEvent {
    /// What there is to tell when an item moves between these states; none when nobody outside needs to know.
    #[must_use]
    pub fn of_move(from: State, to: State) -> Option<Self> {
        if from == to {
            return None;
        }
        match to {
            State::Submitted => Some(Self::Submitted),
            State::Approved => Some(Self::Approved),
            State::Scheduled => Some(Self::Scheduled),
            State::Published => Some(Self::Published),
            State::Partly => Some(Self::Partly),
            State::Failed => Some(Self::Failed),
            State::NeedsPerson => Some(Self::NeedsPerson),
            State::Ready => Some(Self::Ready),
            State::Withdrawn => Some(Self::Withdrawn),
            State::Cancelled => Some(Self::Cancelled),
            State::Draft | State::ChangesRequested | State::Publishing | State::Stopping => None,
        }
    }
}

vocabulary! {
    /// How an endpoint does.
    HookState {
        /// It gets its messages.
        Active = "active",
        /// Somebody paused it: messages wait.
        Paused = "paused",
        /// A message was given up lately. It still gets its messages.
        Failing = "failing",
        /// Nothing more is written for it, until somebody switches it on again.
        Disabled = "disabled",
    }
}

/// What an item's message tells.
#[derive(Debug)]
pub struct Told<'a> {
    /// Which item.
    pub item: Uuid,
    /// Where it stands now.
    pub state: State,
    /// Its distribution scope: of what is internal nothing more is told than what stands above.
    pub scope: Scope,
    /// Its version.
    pub version: i32,
    /// Its headline.
    pub title: &'a str,
    /// Its unit and the unit's names.
    pub unit: (Uuid, &'a Value),
    /// When it goes or went out.
    pub due: Option<DateTime<Utc>>,
    /// Where the public sees it, with the account's name.
    pub permalinks: &'a [(Option<String>, String)],
}

/// The body of a message, as it is sent and signed.
#[must_use]
pub fn body(event: &str, at: DateTime<Utc>, told: Option<&Told<'_>>) -> String {
    let data = match told {
        None => json!({}),
        Some(told) if told.scope == Scope::Internal => json!({ "item": told.item, "state": told.state }),
        Some(told) => {
            let links: Vec<Value> = told
                .permalinks
                .iter()
                .map(|(account, url)| json!({ "account": account, "url": url }))
                .collect();
            json!({
                "item": told.item, "state": told.state, "version": told.version, "title": told.title,
                "unit": { "id": told.unit.0, "names": told.unit.1 }, "publish_at": told.due, "permalinks": links,
            })
        }
    };
    json!({ "type": event, "timestamp": at, "format": FORMAT, "data": data }).to_string()
}

/// The value of `webhook-signature` for one secret: `v1,` and the HMAC-SHA256 of id, timestamp and body. None: the text
/// is no secret.
#[must_use]
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// A secret for these random bytes.
#[must_use]
pub fn secret(bytes: &[u8; 32]) -> String {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes))
}

/// How long after so many attempts the next one is made; none: it is given up, after three days in all.
#[must_use]
pub fn wait(attempts: i32) -> Option<TimeDelta> {
    Some(match attempts {
        ..=1 => TimeDelta::seconds(5),
        2 => TimeDelta::minutes(5),
        3 => TimeDelta::minutes(30),
        4 => TimeDelta::hours(2),
        5 => TimeDelta::hours(5),
        6 => TimeDelta::hours(10),
        7 => TimeDelta::hours(14),
        8 => TimeDelta::hours(20),
        9 => TimeDelta::hours(24),
        _ => return None,
    })
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// 2xx: it has the message.
    Taken,
    /// 410: it wants no more of them.
    Gone,
    /// Anything else, with the instant before which it wants no other.
    Refused(Option<DateTime<Utc>>),
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is delivered.
    Delivered,
    /// It is tried again then.
    Again(DateTime<Utc>),
    /// It is given up.
    GivenUp,
}

/// What becomes of a message after its attempt number `attempts`. An endpoint that asks for patience gets a day at most.
#[must_use]
pub fn fate(answer: Answer, attempts: i32, now: DateTime<Utc>) -> Fate {
    match answer {
        Answer::Taken => Fate::Delivered,
        Answer::Gone => Fate::GivenUp,
        Answer::Refused(asked) => match wait(attempts) {
            None => Fate::GivenUp,
            Some(wait) => {
                let own = now + wait;
                let asked = asked.map_or(own, |at| at.min(now + TimeDelta::days(1)));
                Fate::Again(own.max(asked))
            }
        },
    }
}

/// How an endpoint does after a message of it ended, and how many were given up in a row.
#[must_use]
pub const fn after(state: HookState, given_up: i32, answer: Answer, fate: Fate) -> (HookState, i32) {
    match (fate, answer) {
        (_, Answer::Gone) => (HookState::Disabled, given_up + 1),
        (Fate::Again(_), _) => (state, given_up),
        (Fate::Delivered, _) => match state {
            HookState::Failing => (HookState::Active, 0),
            state => (state, 0),
        },
        (Fate::GivenUp, _) if given_up + 1 >= GIVE_UP => (HookState::Disabled, given_up + 1),
        (Fate::GivenUp, _) => match state {
            HookState::Active | HookState::Failing => (HookState::Failing, given_up + 1),
            state => (state, given_up + 1),
        },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    /// Made by the specification's own Python library (standardwebhooks 1.1).
    #[test]
    fn the_signature_is_that_of_the_specification() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let sign = |body| super::sign(secret, id, 1_614_265_330, body).unwrap();
        assert_eq!(
            sign(r#"{"test": 2432232314}"#),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
        assert_eq!(
            sign(r#"{"title": "Chúc mừng"}"#),
            "v1,uPI2B0uHBKmVcNBBMqAARu0hK1/1rrUnLXFJnd89VV0="
        );
        assert_eq!(super::sign("MfKQ9r8G", id, 1, "{}"), None);
        assert!(super::sign(&super::secret(&[7; 32]), id, 1, "{}").is_some());
    }

    #[test]
    fn it_is_tried_ten_times_over_about_three_days() {
        let waits: Vec<_> = (1..).map_while(wait).collect();
        assert_eq!(waits.len(), 9);
        assert!(waits.is_sorted_by(|shorter, longer| shorter < longer));
        let all: TimeDelta = waits.into_iter().sum();
        assert!((72..80).contains(&all.num_hours()), "{all}");
    }

    #[test]
    fn patience_that_is_asked_for_is_given_within_bounds() {
        let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
        let again = |asked: Option<TimeDelta>| fate(Answer::Refused(asked.map(|wait| now + wait)), 2, now);
        assert_eq!(again(None), Fate::Again(now + TimeDelta::minutes(5)));
        assert_eq!(
            again(Some(TimeDelta::seconds(3))),
            Fate::Again(now + TimeDelta::minutes(5))
        );
        assert_eq!(
            again(Some(TimeDelta::hours(1))),
            Fate::Again(now + TimeDelta::hours(1))
        );
        assert_eq!(
            again(Some(TimeDelta::days(9))),
            Fate::Again(now + TimeDelta::days(1))
        );
        assert_eq!(fate(Answer::Refused(None), 10, now), Fate::GivenUp);
    }

    #[test]
    fn an_endpoint_fails_is_disabled_and_recovers() {
        use HookState as S;
        let refused = |state, given_up| after(state, given_up, Answer::Refused(None), Fate::GivenUp);
        assert_eq!(refused(S::Active, 0), (S::Failing, 1));
        assert_eq!(refused(S::Failing, 1), (S::Failing, 2));
        assert_eq!(refused(S::Failing, 2), (S::Disabled, 3));
        assert_eq!(
            after(S::Failing, 2, Answer::Taken, Fate::Delivered),
            (S::Active, 0)
        );
        assert_eq!(
            after(S::Paused, 0, Answer::Taken, Fate::Delivered),
            (S::Paused, 0)
        );
        assert_eq!(after(S::Active, 0, Answer::Gone, Fate::GivenUp), (S::Disabled, 1));
    }

    #[test]
    fn only_a_change_of_state_is_an_event() {
        use State as S;
        assert_eq!(HookEvent::of_move(S::Submitted, S::Submitted), None);
        assert_eq!(HookEvent::of_move(S::Submitted, S::ChangesRequested), None);
        assert_eq!(
            HookEvent::of_move(S::Publishing, S::Published),
            Some(HookEvent::Published)
        );
        assert_eq!(HookEvent::of_move(S::Scheduled, S::Publishing), None);
        assert_eq!(HookEvent::of_move(S::Submitted, S::Ready), Some(HookEvent::Ready));
        assert_eq!(
            HookEvent::of_move(S::Published, S::Withdrawn),
            Some(HookEvent::Withdrawn)
        );
    }

    #[test]
    fn of_what_is_internal_nothing_but_id_and_state_is_told() {
        let names = json!({ "vi": "Đại sứ quán" });
        let told = |scope| Told {
            item: Uuid::from_u128(7),
            state: State::Cancelled,
            scope,
            version: 2,
            title: "Điều động nội bộ",
            unit: (Uuid::from_u128(8), &names),
            due: None,
            permalinks: &[],
        };
        let at = "2026-11-22T12:00:00Z".parse().unwrap();
        let internal: Value =
            serde_json::from_str(&body("item.cancelled", at, Some(&told(Scope::Internal)))).unwrap();
        assert_eq!(
            internal.get("data"),
            Some(&json!({ "item": Uuid::from_u128(7), "state": "cancelled" }))
        );
        let public: Value =
            serde_json::from_str(&body("item.cancelled", at, Some(&told(Scope::Public)))).unwrap();
        let says = |pointer| public.pointer(pointer).cloned();
        assert_eq!(says("/data/title"), Some(json!("Điều động nội bộ")));
        assert_eq!(says("/format"), Some(json!(FORMAT)));
        assert_eq!(says("/timestamp"), Some(json!("2026-11-22T12:00:00Z")));
    }
}
