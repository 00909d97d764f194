//! Clocks: two walls, summer time, and the least lead.

use chancery_calendar::model::{ClockChoice, Kind};
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::ids::ItemId;

use crate::rig::{Rig, wall};

async fn in_paris(rig: &Rig, at: &str, clock: ClockChoice) -> ItemId {
    let id = rig
        .calendar
        .create(Actor::new(&rig.paul), rig.paris, Kind::Greeting, "vi")
        .await
        .unwrap();
    let mut draft = rig.complete();
    draft.variants = vec![rig.variant(rig.paris_room, "vi", None)];
    (draft.wall, draft.clock) = (Some(wall(at)), clock);
    rig.save(&rig.paul, id, draft).await.unwrap();
    id
}

#[tokio::test]
async fn a_greeting_goes_out_at_midnight_in_hanoi_from_paris() {
    let rig = Rig::new().await;
    let id = in_paris(&rig, "2027-02-06T00:00:00", ClockChoice::Headquarters).await;
    let item = rig.item(id).await;
    assert_eq!(
        item.appointment.unwrap().instant().to_rfc3339(),
        "2027-02-05T17:00:00+00:00"
    );
    assert_eq!(item.appointment.unwrap().wall.zone.name(), "Asia/Ho_Chi_Minh");
}

#[tokio::test]
async fn a_time_that_summer_time_skips_or_doubles_is_said_and_does_not_block() {
    let rig = Rig::new().await;
    let findings = async |id| {
        let mut conn = rig.calendar.pool.acquire().await.unwrap();
        let (item, unit) = rig
            .calendar
            .open(&mut conn, Actor::new(&rig.paul), id)
            .await
            .unwrap();
        let accounts = chancery_calendar::store::accounts::of_unit(&mut conn, unit.id)
            .await
            .unwrap();
        rig.calendar
            .findings(&mut conn, &item, &unit, &accounts, Actor::new(&rig.paul))
            .await
            .unwrap()
            .0
    };
    let gap = in_paris(&rig, "2027-03-28T02:30:00", ClockChoice::Host).await;
    assert_eq!(
        rig.item(gap).await.appointment.unwrap().instant().to_rfc3339(),
        "2027-03-28T01:00:00+00:00"
    );
    let found = findings(gap).await;
    assert!(
        found
            .iter()
            .any(|finding| finding.code == "time-gap" && !finding.blocking)
    );
    let overlap = in_paris(&rig, "2026-10-25T02:30:00", ClockChoice::Host).await;
    assert_eq!(
        rig.item(overlap)
            .await
            .appointment
            .unwrap()
            .instant()
            .to_rfc3339(),
        "2026-10-25T00:30:00+00:00"
    );
    assert!(
        findings(overlap)
            .await
            .iter()
            .any(|finding| finding.code == "time-overlap")
    );
}

#[tokio::test]
async fn what_is_too_soon_or_past_cannot_be_submitted() {
    let rig = Rig::new().await;
    // It is 21:55 in Vientiane.
    for (at, code) in [
        ("2026-09-01T21:55:00", "time-passed"),
        ("2026-09-01T21:54:00", "time-passed"),
    ] {
        let mut draft = rig.complete();
        draft.wall = Some(wall(at));
        let id = rig.written(draft).await;
        let Err(CalendarError::Blocked(found)) = rig.submit(&rig.lan, id).await else {
            panic!("submitted")
        };
        assert_eq!(found[0].code, code);
    }
    rig.clock.advance(std::time::Duration::from_secs(1));
    let mut draft = rig.complete();
    draft.wall = Some(wall("2026-09-01T21:56:00"));
    let id = rig.written(draft).await;
    let Err(CalendarError::Blocked(found)) = rig.submit(&rig.lan, id).await else {
        panic!("submitted")
    };
    assert_eq!(found[0].code, "time-too-soon");
    let mut draft = rig.complete();
    draft.wall = Some(wall("2026-09-01T21:57:00"));
    rig.submitted(draft).await;
}
