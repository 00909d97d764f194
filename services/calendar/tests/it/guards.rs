//! What the schema itself refuses, to the service's own role, when the code is wrong.

use chancery_calendar::model::State;
use chancery_contracts::Service;
use chancery_contracts::ids::{ItemId, PersonId};
use sqlx::PgPool;
use uuid::Uuid;

use crate::rig::Rig;

async fn refused(pool: &PgPool, statement: &str, values: &[Uuid]) -> String {
    let mut query = sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()));
    for value in values {
        query = query.bind(*value);
    }
    let error = query.execute(pool).await.unwrap_err();
    let error = error.as_database_error().unwrap();
    error
        .constraint()
        .map_or_else(|| error.code().unwrap().into_owned(), str::to_owned)
}

async fn decide(rig: &Rig, id: ItemId, person: PersonId, step: i32, role: &str) -> Result<(), String> {
    let hash = rig.hash(id).await.to_string();
    let done = sqlx::query(
        "insert into calendar.decisions (id, item_id, version, edition_hash, step, role, decision, person_id, decided_at)
         values ($1, $2, 1, $3, $4, $5, 'approved', $6, now())",
    )
    .bind(Uuid::now_v7())
    .bind(id.0)
    .bind(hash)
    .bind(step)
    .bind(role)
    .bind(person.0)
    .execute(&rig.calendar.pool)
    .await;
    done.map(|_| ()).map_err(|error| {
        error
            .as_database_error()
            .unwrap()
            .constraint()
            .unwrap()
            .to_owned()
    })
}

#[tokio::test]
async fn approving_ones_own_text_is_refused_by_the_database() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    assert_eq!(
        decide(&rig, id, rig.lan.person, 1, "head_of_mission")
            .await
            .unwrap_err(),
        "decisions_not_own"
    );
    // Not in turn, not in the right role.
    assert_eq!(
        decide(&rig, id, rig.ambassador.person, 2, "head_of_mission")
            .await
            .unwrap_err(),
        "decisions_in_turn"
    );
    let other_role = decide(&rig, id, rig.ambassador.person, 1, "headquarters_approver").await;
    assert_eq!(other_role.unwrap_err(), "decisions_in_turn");
    decide(&rig, id, rig.ambassador.person, 1, "head_of_mission")
        .await
        .unwrap();
}

#[tokio::test]
async fn an_order_without_every_approval_is_refused_by_the_database() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let order = "insert into calendar.orders (item_id, version, edition_hash, not_after, ordered_at)
                 select item_id, version, edition_hash, now(), now() from calendar.versions where item_id = $1";
    assert_eq!(
        refused(&rig.calendar.pool, order, &[id.0]).await,
        "orders_need_approval"
    );
}

#[tokio::test]
async fn what_was_submitted_is_frozen_in_the_database() {
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    let pool = &rig.calendar.pool;
    for statement in [
        "update calendar.items set body = 'x' where id = $1",
        "update calendar.items set wall = wall + interval '1 minute' where id = $1",
        "update calendar.variants set body = 'x' where item_id = $1",
        "delete from calendar.variants where item_id = $1",
    ] {
        assert_eq!(
            refused(pool, statement, &[id.0]).await,
            "items_frozen",
            "{statement}"
        );
    }
    let reopened = "update calendar.items set state = 'draft' where id = $1";
    assert_eq!(refused(pool, reopened, &[id.0]).await, "items_versions_rise");
    // Not even by the owner of the database.
    for (pool, code) in [(pool, "42501"), (rig.db.owner(), "42501")] {
        assert_eq!(
            refused(pool, "delete from calendar.versions where item_id = $1", &[id.0]).await,
            code
        );
        assert_eq!(
            refused(pool, "update calendar.decisions set person_id = $1", &[id.0]).await,
            code
        );
    }
}

#[tokio::test]
async fn the_schema_is_closed_to_other_services() {
    let rig = Rig::new().await;
    let id = rig.draft().await;
    for service in [Service::Identity, Service::Newsroom, Service::Publisher] {
        let pool = rig.db.service(service);
        let read = sqlx::query("select from calendar.items")
            .execute(&pool)
            .await
            .unwrap_err();
        assert_eq!(
            read.as_database_error().unwrap().code().unwrap(),
            "42501",
            "{service}"
        );
    }
    let calendar = &rig.calendar.pool;
    for foreign in [
        "select from publisher.deliveries",
        "select from identity.people",
        "select from audit.entries",
    ] {
        assert_eq!(refused(calendar, foreign, &[]).await, "42501");
    }
    assert_eq!(rig.state(id).await, State::Draft);
}

#[tokio::test]
async fn what_does_not_exist_does_not_stand() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    let hash = rig.hash(id).await;
    assert_eq!(
        rig.stands(ItemId(Uuid::nil()), 1, hash).await.as_deref(),
        Some("gone")
    );
    assert_eq!(rig.stands(id, 2, hash).await.as_deref(), Some("not_approved"));
    let other: String = "0".repeat(64);
    assert_eq!(
        rig.stands(id, 1, other.parse().unwrap()).await.as_deref(),
        Some("hash_mismatch")
    );
}
