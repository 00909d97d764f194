//! Models: sent to every mission by jobs, adopted, declined, approved in one tap.

use std::time::{Duration, Instant};

use chancery_access::{Principal, Role};
use chancery_calendar::model::models::{Content, Progress, Text};
use chancery_calendar::model::{ClockChoice, LockedPassage, State};
use chancery_calendar::store::models::missions::{self, Cell};
use chancery_calendar::store::{approvals, models};
use chancery_calendar::workflow::{Approval, SentModel};
use chancery_calendar::{Actor, CalendarError, Deps, service};
use chancery_clock::WallTime;
use chancery_contracts::Origin;
use chancery_contracts::calendar::DeliverModel;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::{ModelId, UnitId};
use chancery_contracts::publisher::{DeliveryStatus, PublishOrder};
use chancery_queue::Worker;
use chancery_web::{Shell, ShellConfig};
use uuid::Uuid;

use crate::library::{asset, rights};
use crate::rig::{Rig, person, unit, wall};

/// A desk officer of the ministry, who writes models and sends none.
pub async fn officer(rig: &Rig) -> Principal {
    person(
        &rig.db,
        &rig.clock,
        "Vân",
        &[("desk_officer", ministry(rig).await.0)],
    )
    .await
}

pub async fn ministry(rig: &Rig) -> UnitId {
    let id: Uuid = sqlx::query_scalar("select id from identity.units where parent_id is null")
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    id.into()
}

fn text(language: &str, body: &str) -> Text {
    Text {
        language: language.into(),
        title: format!("Quốc khánh ({language})"),
        body: body.into(),
        short: String::new(),
    }
}

/// A complete model: two languages, one locked passage, nine in the morning of every mission, tomorrow.
pub fn content() -> Content {
    Content {
        title: "Quốc khánh 2/9".into(),
        guidance: "Nhấn mạnh quan hệ hữu nghị.".into(),
        variations: vec![vec![
            text("vi", "Kỷ niệm Quốc khánh Việt Nam."),
            text("fr", "Fête nationale du Viet Nam."),
        ]],
        passages: vec![LockedPassage {
            language: "vi".into(),
            text: "Quốc khánh Việt Nam".into(),
            source: "Danh mục tên gọi".into(),
        }],
        wall: Some(wall("2026-09-02T09:00:00")),
        answer_by: Some(wall("2026-09-01T23:00:00")),
        ..Content::empty(&[])
    }
}

/// Written by a desk officer.
pub async fn written(rig: &Rig, who: &Principal, content: Content) -> ModelId {
    let id = rig.calendar.create_model(Actor::new(who)).await.unwrap();
    rig.calendar
        .save_model(Actor::new(who), id, 1, content, None)
        .await
        .unwrap();
    id
}

pub async fn send(rig: &Rig, id: ModelId, units: &[UnitId]) -> Result<SentModel, CalendarError> {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let revision = models::load(&mut conn, id, chancery_calendar::store::items::Lock::None)
        .await
        .unwrap()
        .revision;
    drop(conn);
    rig.calendar
        .send_model(Actor::new(&rig.headquarters), id, revision, units)
        .await
}

/// Runs the calendar's jobs that wait.
pub async fn work(rig: &Rig) -> usize {
    let shell = Shell::new(
        ShellConfig::default(),
        rig.calendar.pool.clone(),
        rig.calendar.clock.clone(),
    )
    .unwrap();
    let parts = service(Deps {
        pool: rig.calendar.pool.clone(),
        clock: rig.calendar.clock.clone(),
        shell,
        images: rig.calendar.images.clone(),
        http: chancery_http::Client::new(chancery_http::Settings::default()).unwrap(),
        vault: chancery_vault::Vault::new(&[7; 32]),
    });
    let worker = Worker::new(
        rig.calendar.pool.clone(),
        parts.handlers,
        rig.calendar.clock.clone(),
    );
    worker.drain().await.unwrap().done
}

/// Written by an officer, sent to Vientiane and Paris, arrived.
pub async fn arrived(rig: &Rig, content: Content) -> (Principal, ModelId) {
    let officer = officer(rig).await;
    let id = written(rig, &officer, content).await;
    send(rig, id, &[rig.mission, rig.paris]).await.unwrap();
    work(rig).await;
    (officer, id)
}

pub async fn grid(rig: &Rig, id: ModelId) -> Vec<Cell> {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    missions::grid(&mut conn, &[id]).await.unwrap()
}

pub async fn cell(rig: &Rig, id: ModelId, unit: UnitId) -> Cell {
    grid(rig, id)
        .await
        .into_iter()
        .find(|cell| cell.unit == unit)
        .unwrap()
}

pub async fn progress(rig: &Rig, id: ModelId, unit: UnitId) -> Progress {
    cell(rig, id, unit).await.progress
}

async fn notices(rig: &Rig, key: &str) -> Vec<Notify> {
    let all = rig.sent::<Notify>().await;
    all.into_iter().filter(|notice| notice.key == key).collect()
}

/// Ninety-seven more missions, so that there are ninety-nine.
async fn all_missions(rig: &Rig) -> Vec<UnitId> {
    let parent = ministry(rig).await;
    for n in 0..97 {
        unit(
            rig.db.owner(),
            Some(parent.0),
            "embassy",
            &format!("mission-{n}"),
            "Africa/Cairo",
            &["vi", "en"],
        )
        .await;
    }
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let officer = officer(rig).await;
    let draft = rig.calendar.create_model(Actor::new(&officer)).await.unwrap();
    let all = missions::candidates(&mut conn, draft).await.unwrap();
    all.iter().map(|mission| mission.id).collect()
}

#[tokio::test]
async fn ninety_nine_missions_have_it_once_through_a_crash_and_a_doubled_job() {
    let rig = Rig::new().await;
    let units = all_missions(&rig).await;
    assert_eq!(units.len(), 99);
    let officer = officer(&rig).await;
    let mut several = content();
    several.variations.push(several.variations[0].clone());
    several.variations.push(several.variations[0].clone());
    let id = written(&rig, &officer, several).await;

    let began = Instant::now();
    let sent = send(&rig, id, &units).await.unwrap();
    assert_eq!(
        sent,
        SentModel {
            version: 1,
            missions: 99
        }
    );
    let jobs = rig.sent::<DeliverModel>().await;
    assert_eq!(jobs.len(), 5, "batches of at most twenty");

    // A worker dies in the middle of the first job: nothing of it was written.
    let mut tx = rig.calendar.pool.begin().await.unwrap();
    let lost = missions::deliver(
        &mut tx,
        id,
        1,
        &jobs[0].units,
        chancery_clock::Clock::now(&rig.clock),
    )
    .await
    .unwrap();
    assert_eq!(lost.len(), 20);
    tx.rollback().await.unwrap();
    assert!(
        grid(&rig, id)
            .await
            .iter()
            .all(|cell| cell.progress == Progress::OnItsWay)
    );

    // Another dies after its work and before it could say so: the job runs twice.
    rig.calendar
        .deliver_model(&jobs[1], &Origin::default())
        .await
        .unwrap();
    assert_eq!(work(&rig).await, 5);
    let took = began.elapsed();
    println!("sending to 99 missions took {took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");

    let told = notices(&rig, "notice-model-received").await;
    assert_eq!(told.len(), 99, "each mission is told once");
    let mut places: Vec<_> = told.iter().map(|notice| notice.link.clone()).collect();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), 99);
    let cells = grid(&rig, id).await;
    assert!(cells.iter().all(|cell| cell.progress == Progress::Unseen));
    for variation in 1..=3 {
        let count = cells.iter().filter(|cell| cell.variation == variation).count();
        assert_eq!(count, 33, "variations go round");
    }
    // Sending the same again is no news to anybody.
    assert_eq!(send(&rig, id, &units).await.unwrap().version, 1);
    work(&rig).await;
    assert_eq!(notices(&rig, "notice-model-received").await.len(), 99);
}

#[tokio::test]
async fn only_headquarters_writes_and_only_its_approver_sends() {
    let rig = Rig::new().await;
    for who in [&rig.lan, &rig.ambassador, &rig.administrator, &rig.paul] {
        let refused = rig.calendar.create_model(Actor::new(who)).await;
        assert!(matches!(refused, Err(CalendarError::Access(_))), "{}", who.name);
    }
    let officer = officer(&rig).await;
    let id = written(&rig, &officer, content()).await;
    let refused = rig
        .calendar
        .send_model(Actor::new(&officer), id, 2, &[rig.mission])
        .await;
    assert!(matches!(refused, Err(CalendarError::Access(_))));
    let refused = rig
        .calendar
        .save_model(Actor::new(&rig.lan), id, 2, content(), None)
        .await;
    assert!(matches!(refused, Err(CalendarError::Access(_))));
    let refused = rig
        .calendar
        .remind_missions(Actor::new(&rig.ambassador), id)
        .await;
    assert!(matches!(refused, Err(CalendarError::Access(_))));

    rig.calendar
        .offer_model(Actor::new(&officer), id, 2)
        .await
        .unwrap();
    let asked = notices(&rig, "notice-model-offered").await;
    let role = Role::HeadquartersApprover.as_str().to_owned();
    assert_eq!(
        asked[0].to,
        [Recipient::Role {
            role,
            unit: ministry(&rig).await
        }]
    );
    send(&rig, id, &[rig.mission]).await.unwrap();
}

#[tokio::test]
async fn what_is_incomplete_stale_or_to_nobody_is_not_sent() {
    let rig = Rig::new().await;
    let officer = officer(&rig).await;
    let mut lacking = content();
    lacking.variations[0][0].body = "Không có đoạn ấy.".into();
    let id = written(&rig, &officer, lacking).await;
    assert!(
        matches!(send(&rig, id, &[rig.mission]).await, Err(CalendarError::Unready(missing)) if missing.len() == 1)
    );
    rig.calendar
        .save_model(Actor::new(&officer), id, 2, content(), None)
        .await
        .unwrap();
    let stale = rig
        .calendar
        .send_model(Actor::new(&rig.headquarters), id, 2, &[rig.mission])
        .await;
    assert!(matches!(stale, Err(CalendarError::Stale)));
    let stale = rig
        .calendar
        .save_model(Actor::new(&officer), id, 2, Content::empty(&["vi"]), None)
        .await;
    assert!(matches!(stale, Err(CalendarError::Stale)));
    let nobody = send(&rig, id, &[]).await;
    assert!(matches!(
        nobody,
        Err(CalendarError::Field {
            key: "models-unit-missing",
            ..
        })
    ));
    let desk = send(&rig, id, &[ministry(&rig).await]).await;
    assert!(matches!(
        desk,
        Err(CalendarError::Field {
            key: "models-unit-no-mission",
            ..
        })
    ));
    assert_eq!(rig.sent::<DeliverModel>().await.len(), 0);
}

#[tokio::test]
async fn each_mission_has_it_at_its_own_hour_in_its_own_languages() {
    let rig = Rig::new().await;
    let (_, id) = arrived(&rig, content()).await;
    let here = rig
        .calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    let there = rig
        .calendar
        .adopt_model(Actor::new(&rig.paul), id, rig.paris)
        .await
        .unwrap();
    let (vientiane, paris) = (rig.item(here.item).await, rig.item(there.item).await);
    assert_eq!(vientiane.draft.language, "vi", "Lao has no text");
    assert_eq!(paris.draft.language, "fr");
    assert_eq!(paris.draft.title, "Quốc khánh (fr)");
    let at = |item: &chancery_calendar::store::items::Item| item.appointment.unwrap().wall;
    assert_eq!(
        at(&vientiane),
        WallTime {
            at: wall("2026-09-02T09:00:00"),
            zone: chancery_clock::Tz::Asia__Vientiane
        }
    );
    assert_eq!(at(&paris).zone, chancery_clock::Tz::Europe__Paris);
    // Vientiane's press room and Bluesky speak Vietnamese; Paris' room speaks both.
    assert_eq!(vientiane.draft.variants.len(), 2);
    let languages: Vec<_> = paris.draft.variants.iter().map(|v| v.language.as_str()).collect();
    assert_eq!(languages, ["fr", "vi"]);
    let (_, at_once) = arrived(
        &rig,
        Content {
            clock: ClockChoice::Headquarters,
            ..content()
        },
    )
    .await;
    let there = rig
        .calendar
        .adopt_model(Actor::new(&rig.paul), at_once, rig.paris)
        .await
        .unwrap();
    assert_eq!(
        at(&rig.item(there.item).await).zone,
        chancery_clock::Tz::Asia__Ho_Chi_Minh
    );
}

#[tokio::test]
async fn a_head_of_mission_adopts_and_approves_in_one_tap() {
    let rig = Rig::new().await;
    let (officer, id) = arrived(&rig, content()).await;
    let calendar = &rig.calendar;
    // Neither the attaché, nor another mission's head, nor headquarters can do it for this mission.
    let refused = calendar
        .adopt_and_approve(Actor::new(&rig.lan), id, rig.mission, 1)
        .await;
    assert!(matches!(
        refused,
        Err(CalendarError::NotTheirs("models-tap-not-head"))
    ));
    let refused = calendar
        .adopt_and_approve(Actor::new(&rig.paul), id, rig.mission, 1)
        .await;
    assert!(matches!(refused, Err(CalendarError::Access(_))));
    // The tap is bound to the version that was on the screen.
    let other = calendar
        .adopt_and_approve(Actor::new(&rig.ambassador), id, rig.mission, 7)
        .await;
    assert!(matches!(other, Err(CalendarError::Objection(_))));
    assert_eq!(progress(&rig, id, rig.mission).await, Progress::Unseen);

    let (adopted, approval) = calendar
        .adopt_and_approve(Actor::new(&rig.ambassador), id, rig.mission, 1)
        .await
        .unwrap();
    assert_eq!(approval, Approval::Complete);
    assert_eq!(rig.state(adopted.item).await, State::Approved);
    assert_eq!(rig.sent::<PublishOrder>().await.len(), 1);
    let mut conn = calendar.pool.acquire().await.unwrap();
    let version = approvals::version(&mut conn, adopted.item, 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        version.submitted_by, officer.person,
        "whoever wrote it answers for having written it"
    );
    let decisions = approvals::decisions(&mut conn, adopted.item, 1).await.unwrap();
    assert_eq!(decisions[0].0.person, rig.ambassador.person);
    assert_eq!(rig.stands(adopted.item, 1, version.hash).await, None);
    assert_eq!(progress(&rig, id, rig.mission).await, Progress::Approved);
}

#[tokio::test]
async fn whoever_edits_one_word_cannot_approve_it() {
    let rig = Rig::new().await;
    let (_, id) = arrived(&rig, content()).await;
    let calendar = &rig.calendar;
    let adopted = calendar
        .adopt_model(Actor::new(&rig.ambassador), id, rig.mission)
        .await
        .unwrap();
    assert_eq!(progress(&rig, id, rig.mission).await, Progress::Adopted);
    let mut draft = rig.item(adopted.item).await.draft;
    draft.body.push_str(" Xin cảm ơn.");
    rig.save(&rig.ambassador, adopted.item, draft).await.unwrap();
    assert_eq!(progress(&rig, id, rig.mission).await, Progress::Adapted);
    let refused = calendar
        .adopt_and_approve(Actor::new(&rig.ambassador), id, rig.mission, 1)
        .await;
    assert!(
        matches!(refused, Err(CalendarError::NotTheirs("models-tap-wrote"))),
        "{refused:?}"
    );
    // Nor by the ordinary way; somebody else may.
    rig.submit(&rig.lan, adopted.item).await.unwrap();
    assert!(rig.approve(&rig.ambassador, adopted.item).await.is_err());
    rig.approve(&rig.both, adopted.item).await.unwrap();
}

#[tokio::test]
async fn an_attache_adopts_and_the_head_approves_unless_the_text_was_changed() {
    let rig = Rig::new().await;
    let (_, id) = arrived(&rig, content()).await;
    let calendar = &rig.calendar;
    let adopted = calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    let again = calendar
        .adopt_model(Actor::new(&rig.minh), id, rig.mission)
        .await
        .unwrap();
    assert_eq!(adopted.item, again.item, "a mission adopts once");
    let mut draft = rig.item(adopted.item).await.draft;
    draft.title.push('!');
    rig.save(&rig.lan, adopted.item, draft).await.unwrap();
    let refused = calendar
        .adopt_and_approve(Actor::new(&rig.ambassador), id, rig.mission, 1)
        .await;
    assert!(matches!(
        refused,
        Err(CalendarError::NotTheirs("models-tap-edited"))
    ));
    rig.submit(&rig.lan, adopted.item).await.unwrap();
    assert_eq!(
        rig.approve(&rig.ambassador, adopted.item).await.unwrap(),
        Approval::Complete
    );
    rig.report(adopted.item, 0, 1, DeliveryStatus::Published).await;
    rig.report(adopted.item, 1, 1, DeliveryStatus::Published).await;
    let cell = cell(&rig, id, rig.mission).await;
    assert_eq!((cell.progress, cell.item), (Progress::Out, Some(adopted.item)));
    assert!(cell.permalink.is_some());
}

#[tokio::test]
async fn a_writer_of_the_model_never_approves_an_item_made_from_it() {
    let rig = Rig::new().await;
    // Heads the mission and approves at headquarters, where they wrote the model.
    let id = written(&rig, &rig.both, content()).await;
    send(&rig, id, &[rig.mission]).await.unwrap();
    work(&rig).await;
    let refused = rig
        .calendar
        .adopt_and_approve(Actor::new(&rig.both), id, rig.mission, 1)
        .await;
    assert!(matches!(refused, Err(CalendarError::NotTheirs(_))), "{refused:?}");
    let adopted = rig
        .calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    rig.submit(&rig.lan, adopted.item).await.unwrap();
    assert!(rig.approve(&rig.both, adopted.item).await.is_err());
    rig.approve(&rig.ambassador, adopted.item).await.unwrap();
}

#[tokio::test]
async fn a_mission_declines_with_a_reason_for_itself_only() {
    let rig = Rig::new().await;
    let (officer, id) = arrived(&rig, content()).await;
    let calendar = &rig.calendar;
    let silent = calendar
        .decline_model(Actor::new(&rig.lan), id, rig.mission, "  ")
        .await;
    assert!(matches!(
        silent,
        Err(CalendarError::Field {
            key: "models-reason-missing",
            ..
        })
    ));
    let foreign = calendar
        .decline_model(Actor::new(&rig.paul), id, rig.mission, "Không")
        .await;
    assert!(matches!(foreign, Err(CalendarError::Access(_))));
    let headquarters = calendar
        .decline_model(Actor::new(&officer), id, rig.mission, "Không")
        .await;
    assert!(matches!(
        headquarters,
        Err(CalendarError::NotTheirs("models-not-for-headquarters"))
    ));
    let headquarters = calendar.adopt_model(Actor::new(&officer), id, rig.mission).await;
    assert!(matches!(
        headquarters,
        Err(CalendarError::NotTheirs("models-not-for-headquarters"))
    ));
    calendar
        .decline_model(
            Actor::new(&rig.lan),
            id,
            rig.mission,
            "Trùng lễ tang cấp nhà nước.",
        )
        .await
        .unwrap();
    let cell = cell(&rig, id, rig.mission).await;
    assert_eq!(
        (cell.progress, cell.reason.as_str()),
        (Progress::Declined, "Trùng lễ tang cấp nhà nước.")
    );
    assert_eq!(progress(&rig, id, rig.paris).await, Progress::Unseen);
    // Minds change.
    calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    assert_eq!(progress(&rig, id, rig.mission).await, Progress::Adopted);
    let late = calendar
        .decline_model(Actor::new(&rig.lan), id, rig.mission, "Thôi")
        .await;
    assert!(matches!(
        late,
        Err(CalendarError::NotNow("models-refused-decline"))
    ));
}

#[tokio::test]
async fn a_picture_that_one_mission_may_not_use_is_left_out_there() {
    let rig = Rig::new().await;
    let picture = asset(&rig).await;
    sqlx::query("update identity.units set country = case slug when 'paris' then 'FR' else 'LA' end where slug in ('paris', 'vientiane')")
        .execute(rig.db.owner())
        .await
        .unwrap();
    rights(&rig, picture, "territory = array['LA']").await;
    let (_, id) = arrived(
        &rig,
        Content {
            assets: vec![picture],
            ..content()
        },
    )
    .await;
    let here = rig
        .calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    let there = rig
        .calendar
        .adopt_model(Actor::new(&rig.paul), id, rig.paris)
        .await
        .unwrap();
    assert_eq!((here.left_out, there.left_out), (vec![], vec![picture]));
    let images = rig.item(here.item).await.images;
    assert_eq!(images.len(), 1);
    assert_eq!(images[0].asset, Some(picture));
    assert!(rig.item(there.item).await.images.is_empty());
    // Pictures that come with the model make nobody a writer: the tap is still the head's.
    let (_, approval) = rig
        .calendar
        .adopt_and_approve(Actor::new(&rig.ambassador), id, rig.mission, 1)
        .await
        .unwrap();
    assert_eq!(approval, Approval::Complete);
}

#[tokio::test]
async fn the_silent_are_reminded_and_not_every_hour() {
    let rig = Rig::new().await;
    let (officer, id) = arrived(&rig, content()).await;
    rig.calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    let remind = async || {
        rig.calendar
            .remind_missions(Actor::new(&officer), id)
            .await
            .unwrap()
    };
    assert_eq!(remind().await, 1);
    assert_eq!(remind().await, 0);
    rig.clock.advance(Duration::from_hours(13));
    assert_eq!(remind().await, 1);
    let links: Vec<_> = notices(&rig, "notice-model-reminder")
        .await
        .into_iter()
        .map(|n| n.link)
        .collect();
    assert_eq!(links, vec![format!("/models/{id}/missions/{}", rig.paris); 2]);
}

#[tokio::test]
async fn a_withdrawn_model_cannot_be_adopted_and_leaves_items_alone() {
    let rig = Rig::new().await;
    let (_, id) = arrived(&rig, content()).await;
    let adopted = rig
        .calendar
        .adopt_model(Actor::new(&rig.lan), id, rig.mission)
        .await
        .unwrap();
    rig.calendar
        .withdraw_model(Actor::new(&rig.headquarters), id, "Thay đổi chương trình.")
        .await
        .unwrap();
    let refused = rig
        .calendar
        .adopt_model(Actor::new(&rig.paul), id, rig.paris)
        .await;
    assert!(matches!(
        refused,
        Err(CalendarError::NotNow("models-refused-withdrawn"))
    ));
    rig.submit(&rig.lan, adopted.item).await.unwrap();
    assert_eq!(notices(&rig, "notice-model-withdrawn").await.len(), 2);
}
