//! The weekly letter: what is in it, and that each unit gets one a week.

use chancery_contracts::identity::SendLetter;
use chancery_contracts::publisher::DeliveryStatus as D;

use crate::rig::{Rig, wall};

/// Monday, seven in the morning in Vientiane and Hanoi, two at night in Paris.
const MONDAY: &str = "2026-09-07T00:00:00Z";
const MONDAY_IN_PARIS: &str = "2026-09-07T05:00:00Z";

async fn week(rig: &Rig) {
    let out = rig.approved(rig.complete()).await;
    let mut draft = rig.complete();
    draft.title = "Không đăng được".into();
    draft.wall = Some(wall("2026-09-03T09:00:00"));
    let failed = rig.approved(draft).await;
    rig.clock.set("2026-09-02T02:00:00Z".parse().unwrap());
    rig.report(out, 0, 1, D::Published).await;
    rig.clock.set("2026-09-03T02:00:00Z".parse().unwrap());
    rig.report(failed, 0, 1, D::Failed).await;
    let mut draft = rig.complete();
    draft.title = "Chờ duyệt".into();
    draft.wall = Some(wall("2026-09-08T09:00:00"));
    rig.submitted(draft).await;
    let mut draft = rig.complete();
    draft.title = "Bản thảo".into();
    draft.wall = Some(wall("2026-09-09T09:00:00"));
    rig.written(draft.clone()).await;
    draft.title = "Xa hơn".into();
    draft.wall = Some(wall("2026-09-20T09:00:00"));
    rig.written(draft).await;
}

#[tokio::test]
async fn it_tells_what_went_out_what_failed_what_waits_and_what_comes() {
    let rig = Rig::new().await;
    week(&rig).await;
    rig.clock.set("2026-09-06T23:59:59Z".parse().unwrap());
    assert_eq!(rig.calendar.compose_letters().await.unwrap(), 0);
    rig.clock.set(MONDAY.parse().unwrap());
    assert_eq!(rig.calendar.compose_letters().await.unwrap(), 1);
    let letters: Vec<SendLetter> = rig.sent().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    let letter = &letters[0];
    assert_eq!(
        (letter.unit, letter.week.to_string().as_str()),
        (rig.mission, "2026-09-07")
    );
    let titles = |part: &chancery_contracts::identity::LetterPart| -> Vec<String> {
        part.lines.iter().map(|line| line.title.clone()).collect()
    };
    assert_eq!(titles(&letter.out), ["Chúc mừng Quốc khánh"]);
    assert_eq!(titles(&letter.troubled), ["Không đăng được"]);
    assert_eq!(titles(&letter.waiting), ["Chờ duyệt"]);
    assert_eq!(titles(&letter.planned), ["Bản thảo"]);
    let place = &letter.out.lines[0].places[0];
    assert_eq!(place.url.as_deref(), Some("https://example.test/0"));
    assert!(place.account.starts_with("press_room"));
    let waiting = &letter.waiting.lines[0];
    assert_eq!(waiting.since.unwrap().to_rfc3339(), "2026-09-03T02:00:00+00:00");
    assert_eq!(
        waiting.deadline.unwrap().to_rfc3339(),
        "2026-09-08T01:00:00+00:00"
    );
    assert!(waiting.link.starts_with("/items/"));
    // What needs a person or failed stays out of what is planned, and the last week's news out of the next letter.
    rig.clock.set("2026-09-14T00:00:00Z".parse().unwrap());
    rig.calendar.compose_letters().await.unwrap();
    let letters: Vec<SendLetter> = rig.sent().await;
    assert!(letters.last().unwrap().out.lines.is_empty());
    assert_eq!(titles(&letters.last().unwrap().planned), ["Xa hơn"]);
}

#[tokio::test]
async fn a_unit_gets_one_a_week_however_many_make_it() {
    let rig = Rig::new().await;
    week(&rig).await;
    rig.clock.set(MONDAY.parse().unwrap());
    let (one, two, three) = tokio::join!(
        rig.calendar.compose_letters(),
        rig.calendar.compose_letters(),
        rig.calendar.compose_letters()
    );
    assert_eq!(one.unwrap() + two.unwrap() + three.unwrap(), 1);
    // A restart, an hour and a day later: the same week.
    for later in ["2026-09-07T01:00:00Z", "2026-09-08T00:00:00Z"] {
        rig.clock.set(later.parse().unwrap());
        assert_eq!(rig.calendar.compose_letters().await.unwrap(), 0, "{later}");
    }
    assert_eq!(rig.sent::<SendLetter>().await.len(), 1);
}

#[tokio::test]
async fn a_week_without_news_makes_no_letter() {
    let rig = Rig::new().await;
    week(&rig).await;
    rig.clock.set(MONDAY_IN_PARIS.parse().unwrap());
    assert_eq!(rig.calendar.compose_letters().await.unwrap(), 1);
    // Paris had its turn, and nothing to say.
    let made: Vec<(uuid::Uuid, bool)> = sqlx::query_as("select unit_id, sent from calendar.letters")
        .fetch_all(rig.db.owner())
        .await
        .unwrap();
    assert!(made.contains(&(rig.paris.0, false)), "{made:?}");
    assert!(made.contains(&(rig.mission.0, true)), "{made:?}");
}

#[tokio::test]
async fn a_long_list_is_cut_and_says_so() {
    let rig = Rig::new().await;
    for number in 0..33 {
        let mut draft = rig.complete();
        draft.title = format!("Bài {number}");
        draft.wall = Some(wall("2026-09-09T09:00:00"));
        rig.written(draft).await;
    }
    rig.clock.set(MONDAY.parse().unwrap());
    rig.calendar.compose_letters().await.unwrap();
    let letters: Vec<SendLetter> = rig.sent().await;
    assert_eq!((letters[0].planned.lines.len(), letters[0].planned.more), (30, 3));
}
