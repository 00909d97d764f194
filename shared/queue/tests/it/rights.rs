//! What the database refuses, whoever asks.

use chancery_contracts::Service;
use chancery_queue::{Origin, Outgoing, QueueError, admin, cancel, send};
use sqlx::PgPool;

use crate::common::{House, News, task};
use crate::lanes::Hand;

fn code(error: QueueError) -> String {
    match error {
        QueueError::Database(error) => error.as_database_error().unwrap().code().unwrap().into_owned(),
        other => panic!("{other}"),
    }
}

async fn refused(pool: &PgPool, statement: &'static str) {
    let error = sqlx::query(statement).execute(pool).await.unwrap_err();
    assert_eq!(
        error.as_database_error().unwrap().code().unwrap(),
        "42501",
        "{statement}: {error}"
    );
}

#[tokio::test]
async fn a_service_sends_only_what_it_produces() {
    let house = House::new().await;
    let calendar = house.database.service(Service::Calendar);
    let mut connection = calendar.acquire().await.unwrap();
    let news = Outgoing::new(News { n: 1 }, &Origin::default());
    assert_eq!(code(send(&mut connection, &news).await.unwrap_err()), "42501");

    let newsroom = house.database.service(Service::Newsroom);
    let mut connection = newsroom.acquire().await.unwrap();
    assert_eq!(code(send(&mut connection, &task(1)).await.unwrap_err()), "42501");
    assert_eq!(
        code(
            cancel(&mut connection, "calendar.test_task", "a")
                .await
                .unwrap_err()
        ),
        "42501"
    );

    let retired = "update queue.kinds set retired = true where kind = 'publisher.test_news'";
    sqlx::query(retired).execute(house.owner()).await.unwrap();
    let publisher = house.database.service(Service::Publisher);
    let mut connection = publisher.acquire().await.unwrap();
    assert_eq!(code(send(&mut connection, &news).await.unwrap_err()), "42501");
    assert_eq!(house.count("true").await, 0);
}

#[tokio::test]
async fn tables_and_inner_functions_are_closed_to_services() {
    let house = House::new().await;
    for service in Service::ALL {
        let pool = house.database.service(service);
        refused(&pool, "select * from queue.jobs").await;
        refused(
            &pool,
            "insert into queue.subscriptions values ('calendar.test_task', 'newsroom')",
        )
        .await;
        refused(&pool, "delete from queue.workers").await;
        refused(&pool, "select queue.settle(1, 'ready', null, 0, false, null)").await;
        refused(&pool, "select queue.promote('calendar', '{a}')").await;
        refused(&pool, "select queue.register('[]')").await;
    }
}

#[tokio::test]
async fn nobody_touches_the_jobs_of_another_service() {
    let house = House::new().await;
    house.send(Service::Calendar, &[task(1)]).await;
    let newsroom = house.database.service(Service::Newsroom);
    let thief = uuid::Uuid::from_u128(5);
    sqlx::query("select queue.enlist($1, '')")
        .bind(thief)
        .execute(&newsroom)
        .await
        .unwrap();
    let stolen =
        sqlx::query("select * from queue.fetch($1, array['calendar.test_task'], array[9], 'infinity')")
            .bind(thief)
            .fetch_all(&newsroom)
            .await
            .unwrap();
    assert!(stolen.is_empty());

    let hand = Hand::new(&house, 1).await;
    let held = hand.take(&["calendar.test_task"], 1).await;
    let (id, fence, _) = held.first().unwrap();
    for statement in [
        "select queue.complete(array[$1], array[$2], array[0])",
        "select queue.release(array[$1], array[$2], array['dead'], array[null::timestamptz], array['x'], array[0])",
    ] {
        sqlx::query(statement)
            .bind(id)
            .bind(fence)
            .execute(&newsroom)
            .await
            .unwrap();
    }
    let held: bool = sqlx::query_scalar("select queue.hold($1, $2)")
        .bind(id)
        .bind(fence)
        .fetch_one(&newsroom)
        .await
        .unwrap();
    assert!(!held);
    let beat: bool = sqlx::query_scalar("select queue.beat($1)")
        .bind(hand.id)
        .fetch_one(&newsroom)
        .await
        .unwrap();
    assert!(!beat);
    assert_eq!(house.count("state = 'running'").await, 1);
}

#[tokio::test]
async fn only_identity_and_the_owner_administer() {
    let house = House::new().await;
    for service in Service::ALL {
        let pool = house.database.service(service);
        let listed = admin::list(
            &mut pool.acquire().await.unwrap(),
            &admin::Filter::default(),
            None,
            10,
        )
        .await;
        assert_eq!(listed.is_ok(), service == Service::Identity, "{service}");
    }
    admin::list(
        &mut house.owner().acquire().await.unwrap(),
        &admin::Filter::default(),
        None,
        10,
    )
    .await
    .unwrap();
}
