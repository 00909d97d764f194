//! What people are told in the page.

use chancery_contracts::identity::Notify;
use chancery_contracts::ids::PersonId;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One thing somebody was told.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Notification {
    /// Its id, a UUID version 7: ids are in the order of time.
    pub id: Uuid,
    /// The Fluent id of the sentence.
    pub key: String,
    /// The sentence's arguments.
    #[schema(value_type = BTreeMap<String, String>)]
    pub args: Json<BTreeMap<String, String>>,
    /// Where a click leads.
    pub link: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

/// Tells `person` once, however often the same cause is handled; says whether it is news.
pub async fn insert(
    conn: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    cause: Uuid,
    notify: &Notify,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let link = Some(notify.link.as_str()).filter(|link| link.starts_with('/') && !link.starts_with("//"));
    let done = sqlx::query!(
        "insert into identity.notifications (id, person_id, cause, key, args, link, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (person_id, cause) do nothing",
        id,
        person.0,
        cause,
        notify.key,
        Json(&notify.arguments) as _,
        link,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One page, the latest first.
pub async fn list(
    pool: &PgPool,
    person: PersonId,
    before: Option<Uuid>,
    fetch: i64,
) -> sqlx::Result<Vec<Notification>> {
    sqlx::query_as!(
        Notification,
        r#"select id, key, args as "args: Json<BTreeMap<String, String>>", link, created_at, read_at
           from identity.notifications
           where person_id = $1 and ($2::uuid is null or id < $2)
           order by id desc limit $3"#,
        person.0,
        before,
        fetch
    )
    .fetch_all(pool)
    .await
}

/// How many are unread; counts to one hundred.
pub async fn unread(pool: &PgPool, person: PersonId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
               select from identity.notifications where person_id = $1 and read_at is null limit 100) as unread"#,
        person.0
    )
    .fetch_one(pool)
    .await
}

/// Marks one as read; says where it leads.
pub async fn open(
    conn: &mut PgConnection,
    person: PersonId,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Option<String>>> {
    sqlx::query_scalar!(
        "update identity.notifications set read_at = coalesce(read_at, $3) where person_id = $1 and id = $2
         returning link",
        person.0,
        id,
        now
    )
    .fetch_optional(conn)
    .await
}

/// Marks all as read.
pub async fn read_all(conn: &mut PgConnection, person: PersonId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update identity.notifications set read_at = $2 where person_id = $1 and read_at is null",
        person.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Tells the open pages of a person that something is new.
pub async fn touch(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<()> {
    sqlx::query!("select identity.touch('notification', $1)", person.0)
        .fetch_one(conn)
        .await?;
    Ok(())
}
