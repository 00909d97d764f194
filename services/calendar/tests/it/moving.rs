//! Another time: who may, in which state, and what becomes of approvals.

use chancery_calendar::model::{ClockChoice, Fixed, Note, State};
use chancery_calendar::workflow::To;
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::ids::ItemId;
use chancery_contracts::publisher::{CancelOrder, DeliveryStatus};
use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::{Rig, wall};

fn at(text: &str) -> To {
    To::Wall {
        wall: wall(text),
        clock: ClockChoice::Host,
    }
}

impl Rig {
    async fn moved(
        &self,
        id: ItemId,
        to: To,
        again: bool,
    ) -> Result<chancery_calendar::workflow::Moved, CalendarError> {
        let revision = self.item(id).await.revision;
        self.calendar
            .move_item(Actor::new(&self.lan), id, revision, to, again)
            .await
    }

    async fn wall_of(&self, id: ItemId) -> String {
        self.item(id)
            .await
            .draft
            .wall
            .map(|at| at.to_string())
            .unwrap_or_default()
    }
}

#[tokio::test]
async fn a_draft_moves_at_once_and_back() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let moved = rig.moved(id, To::Days(3), false).await.unwrap();
    assert_eq!(rig.wall_of(id).await, "2026-09-05 09:00:00");
    assert_eq!(
        rig.item(id).await.appointment.unwrap().instant().to_rfc3339(),
        "2026-09-05T02:00:00+00:00"
    );
    assert!(!moved.again);
    rig.moved(id, To::Back { wall: moved.before }, false)
        .await
        .unwrap();
    assert_eq!(rig.wall_of(id).await, "2026-09-02 09:00:00");
    // A draft without a day gets one, and loses it again.
    let mut draft = rig.complete();
    draft.wall = None;
    let id = rig.written(draft).await;
    assert!(matches!(
        rig.moved(id, To::Days(1), false).await,
        Err(CalendarError::Field {
            key: "board-move-no-time",
            ..
        })
    ));
    let moved = rig.moved(id, at("2026-09-04T09:00:00"), false).await.unwrap();
    assert_eq!(moved.before, None);
    rig.moved(id, To::Back { wall: None }, false).await.unwrap();
    assert_eq!(rig.item(id).await.appointment, None);
}

#[tokio::test]
async fn what_was_submitted_asks_first_and_is_submitted_again() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    let before = rig.hash(id).await;
    assert!(matches!(
        rig.moved(id, To::Days(1), false).await,
        Err(CalendarError::Again)
    ));
    assert_eq!(rig.state(id).await, State::Approved);
    let moved = rig.moved(id, To::Days(1), true).await.unwrap();
    assert!(moved.again);
    let item = rig.item(id).await;
    assert_eq!(
        (item.state, item.version, item.revision),
        (State::Submitted, 2, moved.revision)
    );
    assert_eq!(rig.wall_of(id).await, "2026-09-03 09:00:00");
    assert_ne!(rig.hash(id).await, before);
    // What was approved no longer stands, and the publisher is told.
    assert_eq!(rig.stands(id, 1, before).await.as_deref(), Some("superseded"));
    assert_eq!(rig.sent::<CancelOrder>().await.len(), 1);
}

#[tokio::test]
async fn a_move_that_cannot_be_submitted_again_changes_nothing() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    // The account is gone meanwhile: submitting would be refused.
    sqlx::query("update publisher.accounts set state = 'disabled' where id = $1")
        .bind(rig.room.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    let refused = rig.moved(id, To::Days(1), true).await;
    assert!(matches!(refused, Err(CalendarError::Blocked(_))), "{refused:?}");
    let item = rig.item(id).await;
    assert_eq!((item.state, item.version), (State::Submitted, 1));
    assert_eq!(rig.wall_of(id).await, "2026-09-02 09:00:00");
}

#[tokio::test]
async fn what_stays_where_it_is_says_why() {
    let rig = Rig::new().await;
    let fixed = async |id| match rig.moved(id, To::Days(1), true).await {
        Err(CalendarError::Fixed(why)) => why,
        other => panic!("{other:?}"),
    };
    let out = rig.approved(rig.complete()).await;
    rig.report(out, 0, 1, DeliveryStatus::Publishing).await;
    assert_eq!(fixed(out).await, Fixed::Sending);
    rig.report(out, 0, 2, DeliveryStatus::Published).await;
    assert_eq!(fixed(out).await, Fixed::Out);
    let failed = rig.approved(rig.complete()).await;
    rig.report(failed, 0, 1, DeliveryStatus::Failed).await;
    assert_eq!(fixed(failed).await, Fixed::Failed);
    let cancelled = rig.written(rig.complete()).await;
    rig.calendar
        .cancel(Actor::new(&rig.lan), cancelled, "")
        .await
        .unwrap();
    assert_eq!(fixed(cancelled).await, Fixed::Cancelled);
    let past = rig.written(rig.complete()).await;
    let refused = rig.moved(past, at("2026-09-01T21:00:00"), false).await;
    assert!(
        matches!(
            refused,
            Err(CalendarError::Field {
                key: "board-move-past",
                ..
            })
        ),
        "{refused:?}"
    );
    // In words, to a program.
    let site = Site::of(&rig, &rig.lan, Language::En);
    let revision = rig.item(out).await.revision;
    let answer = site
        .json(
            Method::POST,
            &format!("/api/v1/items/{out}/move"),
            json!({ "revision": revision, "to": { "days": 1 } }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("It is out already"), "{}", answer.body);
}

#[tokio::test]
async fn only_its_own_writers_move_it() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let revision = rig.item(id).await.revision;
    for who in [&rig.paul, &rig.headquarters, &rig.administrator] {
        let refused = rig
            .calendar
            .move_item(Actor::new(who), id, revision, To::Days(1), true)
            .await;
        assert!(matches!(refused, Err(CalendarError::Access(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn somebody_elses_save_wins() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let seen = rig.item(id).await.revision;
    let mut draft = rig.complete();
    draft.title = "Minh viết".into();
    rig.save(&rig.minh, id, draft).await.unwrap();
    let refused = rig
        .calendar
        .move_item(Actor::new(&rig.lan), id, seen, To::Days(1), false)
        .await;
    assert!(matches!(refused, Err(CalendarError::Stale)), "{refused:?}");
    assert_eq!(rig.wall_of(id).await, "2026-09-02 09:00:00");
}

#[tokio::test]
async fn a_move_and_an_approval_at_once_never_approve_the_other_time() {
    let rig = Rig::new().await;
    for _ in 0..8 {
        let id = rig.submitted(rig.complete()).await;
        let hash = rig.hash(id).await;
        let revision = rig.item(id).await.revision;
        let (moved, approved) = tokio::join!(
            rig.calendar
                .move_item(Actor::new(&rig.lan), id, revision, To::Days(1), true),
            rig.calendar
                .approve(Actor::new(&rig.ambassador), id, hash, "", None),
        );
        let item = rig.item(id).await;
        match (moved.is_ok(), approved.is_ok()) {
            // Moved first: the approver is told that it is no longer what they saw.
            (true, false) => assert_eq!((item.state, item.version), (State::Submitted, 2)),
            // Approved first: the mover looked at something else.
            (false, true) => assert_eq!((item.state, item.version), (State::Approved, 1)),
            other => panic!("{other:?}: {item:?}"),
        }
    }
}

#[tokio::test]
async fn the_hour_on_its_own_wall_stays_across_summer_time() {
    let rig = Rig::new().await;
    let actor = Actor::new(&rig.paul);
    let id = rig
        .calendar
        .create(actor, rig.paris, chancery_calendar::model::Kind::News, "vi")
        .await
        .unwrap();
    let mut draft = rig.complete();
    draft.variants = vec![rig.variant(rig.paris_room, "vi", None)];
    draft.wall = Some(wall("2026-10-24T09:00:00"));
    rig.save(&rig.paul, id, draft).await.unwrap();
    let go = async |to| {
        let revision = rig.item(id).await.revision;
        rig.calendar
            .move_item(actor, id, revision, to, false)
            .await
            .unwrap()
    };
    let moved = go(To::Days(1)).await.appointment.unwrap();
    assert_eq!(moved.wall.at, wall("2026-10-25T09:00:00"));
    assert_eq!(moved.instant().to_rfc3339(), "2026-10-25T08:00:00+00:00");
    // 02:30 is shown twice on that day, and not at all on the last Sunday of March.
    assert_eq!(go(at("2026-10-25T02:30:00")).await.note, Some(Note::Overlap));
    assert_eq!(go(at("2027-03-28T02:30:00")).await.note, Some(Note::Gap));
    // A time of Hanoi's wall becomes the same instant on the item's own.
    let there = go(To::Wall {
        wall: wall("2026-12-01T15:00:00"),
        clock: ClockChoice::Headquarters,
    })
    .await;
    assert_eq!(there.appointment.unwrap().wall.at, wall("2026-12-01T09:00:00"));
    assert_eq!(rig.item(id).await.draft.clock, ClockChoice::Host);
}

#[tokio::test]
async fn the_form_moves_it_too_and_says_what_is_wrong_beside_the_field() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let revision = rig.item(id).await.revision.to_string();
    let path = format!("/calendar/items/{id}/move");
    let past = site
        .post(&path, &[("revision", &revision), ("wall", "2020-01-01T09:00")])
        .await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        past.body.contains("This time has passed") && past.body.contains("2020-01-01T09:00"),
        "{}",
        past.body
    );
    let back = "/calendar?view=week";
    let moved = site
        .post(
            &path,
            &[
                ("revision", &revision),
                ("wall", "2026-09-07T08:15"),
                ("back", back),
            ],
        )
        .await;
    assert_eq!(
        (moved.status, moved.location.as_str()),
        (StatusCode::SEE_OTHER, back)
    );
    assert_eq!(rig.wall_of(id).await, "2026-09-07 08:15:00");
    let outside = site
        .post(
            &path,
            &[
                ("revision", "1"),
                ("wall", "2026-09-08T08:15"),
                ("back", "https://evil.example/"),
            ],
        )
        .await;
    assert_eq!(outside.status, StatusCode::CONFLICT);
    let result: Value = serde_json::from_str(
        &site
            .json(
                Method::POST,
                &format!("/api/v1/items/{id}/move"),
                json!({ "revision": rig.item(id).await.revision, "to": { "days": -1 } }),
            )
            .await
            .body,
    )
    .unwrap();
    assert_eq!(result["publish_at"], "2026-09-06T01:15:00Z");
    assert!(
        result["said"].as_str().unwrap().starts_with("Moved to 08:15"),
        "{result}"
    );
}
