//! The administrator's page of the queue.

use std::collections::BTreeMap;

use chancery_contracts::identity::Notify;
use chancery_contracts::{Origin, Service};
use chancery_queue::Outgoing;
use chancery_queue::admin::Filter;
use http::StatusCode;

use crate::fixture::World;

async fn a_job(world: &World) -> i64 {
    let message = Notify {
        to: Vec::new(),
        key: "x".into(),
        arguments: BTreeMap::new(),
        link: "/".into(),
    };
    let later = chancery_clock::Clock::now(&world.clock) + chrono::TimeDelta::hours(1);
    let mut conn = world.database.service(Service::Calendar).acquire().await.unwrap();
    chancery_queue::send(
        &mut conn,
        &Outgoing::new(message, &Origin::default()).run_at(later),
    )
    .await
    .unwrap();
    let mut conn = world.database.service(Service::Identity).acquire().await.unwrap();
    let jobs = chancery_queue::admin::list(&mut conn, &Filter::default(), None, 10)
        .await
        .unwrap();
    jobs.iter().find(|job| job.kind == "identity.notify").unwrap().id
}

#[tokio::test]
async fn an_administrator_sees_retries_and_discards_jobs() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    let id = a_job(&world).await;
    let page = admin.get("/queue?kind=identity.notify").await;
    assert!(page.body.contains(&format!("/queue/jobs/{id}")), "{}", page.body);
    let job = admin.get(&format!("/queue/jobs/{id}")).await;
    assert!(
        job.status == StatusCode::OK && job.body.contains("arguments"),
        "{}",
        job.body
    );
    assert_eq!(
        admin.post(&format!("/queue/jobs/{id}/retry"), &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        admin.post(&format!("/queue/jobs/{id}/discard"), &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        admin.get(&format!("/queue/jobs/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        admin.post(&format!("/queue/jobs/{id}/retry"), &[]).await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(
        world
            .count("select count(*) from audit.entries where action like 'queue.%'")
            .await,
        2
    );
}

#[tokio::test]
async fn a_kind_is_paused_with_a_reason_and_goes_on() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    let form = [("kind", "identity.notify"), ("reason", "")];
    let refused = admin.post("/queue/pauses", &form).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("Say why"));
    let form = [
        ("kind", "identity.notify"),
        ("reason", "Moving the <b>server</b>"),
    ];
    assert_eq!(
        admin.post("/queue/pauses", &form).await.status,
        StatusCode::SEE_OTHER
    );
    let page = admin.get("/queue").await.body;
    assert!(
        page.contains("Moving the &lt;b&gt;server") && !page.contains("<b>server"),
        "{page}"
    );
    let id = page
        .split("/queue/pauses/")
        .find_map(|rest| rest.split_once("/resume"))
        .unwrap()
        .0
        .to_owned();
    assert_eq!(
        admin
            .post(&format!("/queue/pauses/{id}/resume"), &[])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    assert!(!admin.get("/queue").await.body.contains("Moving the"));
}
