//! What the publisher reports, once, twice, late and in any order.

use chancery_calendar::model::State;
use chancery_calendar::{Actor, Deps, service};
use chancery_contracts::identity::Notify;
use chancery_contracts::publisher::{CancelOrder, DeliveryChanged, DeliveryStatus as D, OrderCancelled};
use chancery_contracts::{Origin, Service};
use chancery_queue::{Outgoing, Worker};
use chancery_web::{Shell, ShellConfig};

use crate::rig::Rig;

async fn on_two_channels(rig: &Rig) -> chancery_contracts::ids::ItemId {
    let mut draft = rig.complete();
    draft
        .variants
        .push(rig.variant(rig.bluesky, "en", Some("Happy national day")));
    rig.approved(draft).await
}

#[tokio::test]
async fn an_item_follows_its_deliveries_until_it_is_out() {
    let rig = Rig::new().await;
    let id = on_two_channels(&rig).await;
    rig.report(id, 0, 1, D::Waiting).await;
    assert_eq!(rig.state(id).await, State::Scheduled);
    rig.report(id, 1, 1, D::Waiting).await;
    rig.report(id, 0, 2, D::Publishing).await;
    assert_eq!(rig.state(id).await, State::Publishing);
    rig.report(id, 0, 3, D::Published).await;
    assert_eq!(rig.state(id).await, State::Publishing);
    assert!(
        rig.sent::<Notify>()
            .await
            .iter()
            .all(|notice| notice.key != "notice-item-published")
    );
    rig.report(id, 1, 2, D::Published).await;
    assert_eq!(rig.state(id).await, State::Published);
    assert!(
        rig.sent::<Notify>()
            .await
            .iter()
            .any(|notice| notice.key == "notice-item-published")
    );
}

#[tokio::test]
async fn late_and_repeated_reports_change_nothing() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    rig.report(id, 0, 5, D::Published).await;
    let notices = rig.sent::<Notify>().await.len();
    for (sequence, late) in [
        (5, D::Published),
        (3, D::Publishing),
        (1, D::Waiting),
        (4, D::Unknown),
    ] {
        rig.report(id, 0, sequence, late).await;
        assert_eq!(rig.state(id).await, State::Published);
    }
    assert_eq!(rig.sent::<Notify>().await.len(), notices);
}

#[tokio::test]
async fn each_ending_has_its_state() {
    let rig = Rig::new().await;
    for (first, second, state) in [
        (D::Published, D::Failed, State::Partly),
        (D::Published, D::Missed, State::Partly),
        (D::Failed, D::Missed, State::Failed),
        (D::Published, D::NeedsPerson, State::NeedsPerson),
        (D::Failed, D::Unknown, State::Publishing),
        (D::Held, D::Waiting, State::Scheduled),
        (D::Cancelled, D::Cancelled, State::Cancelled),
    ] {
        let id = on_two_channels(&rig).await;
        rig.report(id, 0, 1, first).await;
        rig.report(id, 1, 1, second).await;
        assert_eq!(rig.state(id).await, state, "{first:?} and {second:?}");
    }
}

#[tokio::test]
async fn cancelled_shows_only_after_the_publisher_has_confirmed() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    let hash = rig.hash(id).await;
    rig.report(id, 0, 1, D::Waiting).await;
    let state = rig
        .calendar
        .cancel(Actor::new(&rig.lan), id, "Hoãn lễ")
        .await
        .unwrap();
    assert_eq!(state, State::Stopping);
    assert_eq!(rig.stands(id, 1, hash).await.as_deref(), Some("cancelled"));
    assert_eq!(
        rig.sent::<CancelOrder>().await,
        [CancelOrder { item: id, version: 1 }]
    );
    // A report in between does not hide that it is being stopped.
    rig.report(id, 0, 2, D::Cancelled).await;
    assert_eq!(rig.state(id).await, State::Stopping);
    rig.stopped(id, 1, vec![]).await;
    assert_eq!(rig.state(id).await, State::Cancelled);
    rig.stopped(id, 1, vec![]).await;
    rig.report(id, 0, 1, D::Waiting).await;
    assert_eq!(rig.state(id).await, State::Cancelled);
}

#[tokio::test]
async fn what_could_not_be_stopped_is_told_as_it_is() {
    let rig = Rig::new().await;
    let id = on_two_channels(&rig).await;
    rig.report(id, 0, 1, D::Publishing).await;
    rig.calendar.cancel(Actor::new(&rig.lan), id, "").await.unwrap();
    // The confirmation overtakes the reports: one delivery was on its way.
    rig.stopped(id, 1, vec![rig.delivery(id, 0)]).await;
    assert_eq!(rig.state(id).await, State::Publishing);
    rig.report(id, 1, 2, D::Cancelled).await;
    rig.report(id, 0, 2, D::Published).await;
    assert_eq!(rig.state(id).await, State::Partly);

    // Out before the stop reached the publisher, and only known afterwards.
    let id = rig.approved(rig.complete()).await;
    rig.calendar.cancel(Actor::new(&rig.lan), id, "").await.unwrap();
    rig.stopped(id, 1, vec![rig.delivery(id, 0)]).await;
    rig.report(id, 0, 4, D::Published).await;
    assert_eq!(rig.state(id).await, State::Published);
}

#[tokio::test]
async fn reports_about_a_version_that_was_reopened_leave_the_draft_alone() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    rig.report(id, 0, 1, D::Cancelled).await;
    rig.stopped(id, 1, vec![]).await;
    assert_eq!(rig.state(id).await, State::Draft);
    // The new version goes its own way.
    rig.submit(&rig.lan, id).await.unwrap();
    rig.approve(&rig.ambassador, id).await.unwrap();
    rig.report(id, 0, 2, D::Published).await;
    assert_eq!(rig.state(id).await, State::Published);
}

#[tokio::test]
async fn a_reopened_draft_that_is_cancelled_waits_for_the_stop_of_its_old_order() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    rig.calendar.reopen(Actor::new(&rig.lan), id).await.unwrap();
    assert_eq!(
        rig.calendar.cancel(Actor::new(&rig.lan), id, "").await.unwrap(),
        State::Stopping
    );
    rig.stopped(id, 1, vec![]).await;
    assert_eq!(rig.state(id).await, State::Cancelled);
}

#[tokio::test]
async fn reports_arrive_by_the_queue_and_are_handled_by_the_services_own_role() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    let mut publisher = rig.db.service(Service::Publisher).acquire().await.unwrap();
    let changed = DeliveryChanged {
        delivery: rig.delivery(id, 0),
        item: id,
        version: 1,
        account: rig.room,
        language: Some("vi".into()),
        sequence: 1,
        state: D::Published,
        permalink: Some("/press/vientiane/vi/2026/09/02/x".into()),
        reason: None,
    };
    let unknown = OrderCancelled {
        item: chancery_contracts::ids::ItemId(uuid::Uuid::nil()),
        version: 1,
        not_stopped: vec![],
    };
    let origin = Origin::default();
    let messages = [
        Outgoing::new(changed.clone(), &origin),
        Outgoing::new(changed, &origin),
        Outgoing::new(unknown, &origin),
    ];
    chancery_queue::send_all(&mut publisher, &messages).await.unwrap();
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
    Worker::new(
        rig.calendar.pool.clone(),
        parts.handlers,
        rig.calendar.clock.clone(),
    )
    .drain()
    .await
    .unwrap();
    assert_eq!(rig.state(id).await, State::Published);
    let left: i64 = sqlx::query_scalar("select count(*) from queue.jobs where service = 'calendar'")
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
    assert_eq!(left, 0);
}
