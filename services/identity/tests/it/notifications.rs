//! Notifications: who is told, once, and who may read it.

use std::collections::BTreeMap;

use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::PersonId;
use chancery_contracts::{Origin, Service};
use chancery_queue::Outgoing;
use http::StatusCode;

use crate::fixture::World;

async fn notify(world: &World, to: Vec<Recipient>, actor: Option<PersonId>) {
    let message = Notify {
        to,
        key: "units-name-from".into(),
        arguments: BTreeMap::from([("date".to_owned(), "<b>today</b>".to_owned())]),
        link: "/units".into(),
    };
    let origin = Origin {
        actor,
        ..Origin::default()
    };
    let mut conn = world.database.service(Service::Calendar).acquire().await.unwrap();
    chancery_queue::send(&mut conn, &Outgoing::new(message, &origin))
        .await
        .unwrap();
    world.worker.drain().await.unwrap();
}

fn role(world: &World, role: &str, unit: &str) -> Recipient {
    Recipient::Role {
        role: role.into(),
        unit: world.units[unit],
    }
}

#[tokio::test]
async fn whoever_holds_a_role_there_or_above_is_told_once_but_not_who_acted() {
    let world = World::new().await;
    let to = vec![
        role(&world, "administrator", "vientiane"),
        role(&world, "head_of_mission", "vientiane"),
        role(&world, "press_attache", "vientiane"),
        Recipient::Person(world.people["minh"]),
    ];
    notify(&world, to, Some(world.people["lan"])).await;
    let told: Vec<String> = sqlx::query_scalar(
        "select p.name from identity.notifications n join identity.people p on p.id = n.person_id order by p.name",
    )
    .fetch_all(world.database.owner())
    .await
    .unwrap();
    assert_eq!(told, ["Person admin", "Person local", "Person minh"]);
}

#[tokio::test]
async fn a_command_that_is_handled_twice_tells_once() {
    let world = World::new().await;
    notify(&world, vec![Recipient::Person(world.people["lan"])], None).await;
    let again = sqlx::query(
        "insert into identity.notifications (id, person_id, cause, key, created_at)
         select gen_random_uuid(), person_id, cause, key, now() from identity.notifications",
    );
    assert!(again.execute(world.database.owner()).await.is_err());
    assert_eq!(
        world.count("select count(*) from identity.notifications").await,
        1
    );
}

#[tokio::test]
async fn the_bell_counts_and_opening_reads_and_leads_on() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    assert!(lan.get("/notifications").await.body.contains("Nothing yet"));
    for _ in 0..2 {
        notify(&world, vec![Recipient::Person(world.people["lan"])], None).await;
    }
    assert!(
        lan.get("/notifications/fragments/bell")
            .await
            .body
            .contains("2 unread")
    );
    let page = lan.get("/notifications").await.body;
    assert!(
        page.contains("since &lt;b&gt;today&lt;/b&gt;") && !page.contains("<b>today"),
        "{page}"
    );
    let id = page
        .split("/notifications/")
        .find_map(|rest| rest.split_once("/open"))
        .unwrap()
        .0
        .to_owned();
    let paul = world.signed_in("paul").await;
    assert_eq!(
        paul.post(&format!("/notifications/{id}/open"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        lan.post(&format!("/notifications/{id}/open"), &[])
            .await
            .location(),
        "/units"
    );
    assert!(
        lan.get("/notifications/fragments/bell")
            .await
            .body
            .contains("1 unread")
    );
    lan.post("/notifications/read-all", &[]).await;
    assert!(
        !lan.get("/notifications/fragments/bell")
            .await
            .body
            .contains("unread")
    );
}
