//! The demonstration's seeds go through the same doors as people.

use chancery_calendar::demo::{self, ItemSeed, Seeds, Stage};
use chancery_calendar::model::{ClockChoice, Kind, Scope, State};
use chancery_clock::Clock as _;
use chancery_contracts::Topic;
use chancery_contracts::publisher::PublishOrder;
use chrono::TimeDelta;

use crate::rig::{Rig, picture};

#[tokio::test]
async fn items_in_every_state_are_loaded_once() {
    let rig = Rig::new().await;
    let now = rig.clock.now();
    let at = |hours: i64, stage: Stage| ItemSeed {
        unit: rig.mission,
        author: rig.lan.person,
        kind: Kind::News,
        topic: Topic::General,
        audience: "press".into(),
        campaign: None,
        programme: None,
        scope: Scope::Public,
        language: "vi".into(),
        title: "Khai mạc tuần phim".into(),
        body: "Tối qua.".into(),
        channels: vec![],
        images: vec![(picture(), [("vi".to_owned(), "Rạp phim".to_owned())].into())],
        at: now + TimeDelta::hours(hours),
        clock: ClockChoice::Host,
        stage,
        comments: vec![(rig.ambassador.person, "Tốt.".into())],
    };
    let items = vec![
        at(30, Stage::Draft),
        at(31, Stage::Submitted("Kính trình.".into())),
        at(
            32,
            Stage::ChangesRequested(rig.ambassador.person, "Thêm ảnh.".into()),
        ),
        at(33, Stage::Approved(vec![rig.ambassador.person])),
        at(-48, Stage::Approved(vec![rig.ambassador.person])),
        at(34, Stage::Cancelled("Hoãn.".into())),
    ];
    let seeds = Seeds {
        programmes: vec![],
        campaigns: vec![],
        items,
        reviewers: vec![(rig.reviewer.person, "lo".to_owned(), rig.mission)],
    };
    let ids = demo::load(&rig.calendar, &seeds).await.unwrap();
    let mut states = Vec::new();
    for id in &ids {
        states.push(rig.state(*id).await);
    }
    let expected = [
        State::Draft,
        State::Submitted,
        State::ChangesRequested,
        State::Approved,
        State::Approved,
        State::Cancelled,
    ];
    assert_eq!(states, expected);
    assert_eq!(rig.sent::<PublishOrder>().await.len(), 2);
    assert!(demo::load(&rig.calendar, &seeds).await.unwrap().is_empty());
}
