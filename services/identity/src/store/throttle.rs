//! The leaky buckets of [`crate::model::throttle`].

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use crate::model::secret;
use crate::model::throttle::Bucket;

/// Counts a try. `Ok(None)`: go on. `Ok(Some(wait))`: refused, and again possible after that long. One statement, so
/// a hundred tries at once count as a hundred; counted before the password is looked at.
pub async fn take(
    pool: &PgPool,
    bucket: Bucket,
    key: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<TimeDelta>> {
    let refill = bucket.refill();
    let full = now + refill * bucket.burst();
    let hash = secret::hash(key);
    let taken = sqlx::query_scalar!(
        "insert into identity.throttle as t (bucket, key, full_at) values ($1, $2, $3::timestamptz + $4::interval)
         on conflict (bucket, key) do update
             set full_at = greatest(t.full_at, $3) + $4::interval
             where greatest(t.full_at, $3) + $4::interval <= $5
         returning full_at",
        bucket.as_str(),
        hash.as_slice(),
        now,
        interval(refill),
        full
    )
    .fetch_optional(pool)
    .await?;
    if taken.is_some() {
        return Ok(None);
    }
    let full_at = sqlx::query_scalar!(
        "select full_at from identity.throttle where bucket = $1 and key = $2",
        bucket.as_str(),
        hash.as_slice()
    )
    .fetch_optional(pool)
    .await?
    .unwrap_or(now);
    Ok(Some((full_at + refill - full).max(TimeDelta::seconds(1))))
}

/// Forgets the tries: the right one came.
pub async fn forgive(pool: &PgPool, bucket: Bucket, key: &str) -> sqlx::Result<()> {
    let hash = secret::hash(key);
    sqlx::query!(
        "delete from identity.throttle where bucket = $1 and key = $2",
        bucket.as_str(),
        hash.as_slice()
    )
    .execute(pool)
    .await?;
    Ok(())
}

fn interval(delta: TimeDelta) -> sqlx::postgres::types::PgInterval {
    let microseconds = delta.num_microseconds().unwrap_or_default();
    sqlx::postgres::types::PgInterval {
        months: 0,
        days: 0,
        microseconds,
    }
}
