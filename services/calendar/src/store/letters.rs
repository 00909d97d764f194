//! What a unit's weekly letter is made of.

use chancery_contracts::identity::{LetterLine, LetterPart, LetterPlace};
use chancery_contracts::ids::{ItemId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;

/// At most so many lines in a part.
const LINES: i64 = 30;

/// A unit that gets letters.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Which.
    pub unit: UnitId,
    /// Its clock.
    pub zone: String,
    /// The Monday of its last letter.
    pub last: Option<NaiveDate>,
}

/// Every open unit.
///
/// # Errors
/// The database fails.
pub async fn readers(conn: &mut PgConnection) -> Result<Vec<Reader>, sqlx::Error> {
    sqlx::query_as!(
        Reader,
        r#"select u.id as "unit!: UnitId", u.zone as "zone!", l.week as "last?"
           from identity.published_units u
           left join lateral (select max(week) as week from calendar.letters l where l.unit_id = u.id) l on true
           where u.valid_to is null or u.valid_to >= current_date
           order by u.id"#
    )
    .fetch_all(conn)
    .await
}

/// Notes that this letter is being made. False: it has been.
///
/// # Errors
/// The database fails.
pub async fn claim(
    conn: &mut PgConnection,
    unit: UnitId,
    week: NaiveDate,
    sent: bool,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into calendar.letters (unit_id, week, made_at, sent) values ($1, $2, $3, $4) on conflict do nothing",
        unit.0,
        week,
        now,
        sent
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An item of the letter as the database gives it.
struct Row {
    id: ItemId,
    title: String,
    state: String,
    at: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
    deadline: Option<DateTime<Utc>>,
    places: Option<Value>,
    total: i64,
}

fn part(rows: Vec<Row>) -> LetterPart {
    let total = rows.first().map_or(0, |row| row.total);
    let more = usize::try_from(total)
        .unwrap_or_default()
        .saturating_sub(rows.len());
    LetterPart {
        more: u32::try_from(more).unwrap_or(u32::MAX),
        lines: rows.into_iter().map(line).collect(),
    }
}

fn line(row: Row) -> LetterLine {
    let places: Vec<LetterPlace> = row
        .places
        .and_then(|places| serde_json::from_value(places).ok())
        .unwrap_or_default();
    LetterLine {
        link: format!("/items/{}", row.id),
        title: row.title,
        state: row.state,
        at: row.at,
        since: row.since,
        deadline: row.deadline,
        places,
    }
}

/// What of a unit went out between two instants, and where it can be seen.
///
/// # Errors
/// The database fails.
pub async fn out(
    conn: &mut PgConnection,
    unit: UnitId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<LetterPart, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select i.id as "id: ItemId", i.title, i.state, d.at as "at?", null::timestamptz as since,
                  null::timestamptz as deadline, d.places, count(*) over () as "total!"
           from calendar.items i
           cross join lateral (
               select min(d.changed_at) as at,
                      jsonb_agg(jsonb_build_object('account', coalesce(a.name, ''), 'url', d.permalink) order by a.name, d.id) as places
               from calendar.deliveries d left join publisher.published_accounts a on a.id = d.account_id
               where d.item_id = i.id and d.state = 'published' and d.changed_at >= $2 and d.changed_at < $3) d
           where i.unit_id = $1 and d.at is not null
           order by d.at, i.id limit $4"#,
        unit.0,
        from,
        until,
        LINES
    )
    .fetch_all(conn)
    .await?;
    Ok(part(rows))
}

/// What of a unit did not go out as it should, of those whose time was not before `from`, and of those that need a person
/// all.
///
/// # Errors
/// The database fails.
pub async fn troubled(
    conn: &mut PgConnection,
    unit: UnitId,
    from: DateTime<Utc>,
) -> Result<LetterPart, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: ItemId", title, state, publish_at as at, null::timestamptz as since, null::timestamptz as deadline,
                  null::jsonb as places, count(*) over () as "total!"
           from calendar.items
           where unit_id = $1 and (state = 'needs_person' or state in ('failed', 'partly') and publish_at >= $2)
           order by publish_at, id limit $3"#,
        unit.0,
        from,
        LINES
    )
    .fetch_all(conn)
    .await?;
    Ok(part(rows))
}

/// What of a unit waits for approval, since when and until when.
///
/// # Errors
/// The database fails.
pub async fn waiting(conn: &mut PgConnection, unit: UnitId) -> Result<LetterPart, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select i.id as "id: ItemId", i.title, i.state, i.publish_at as at, v.submitted_at as "since?",
                  calendar.deadline(i.publish_at, v.submitted_at, sd.minutes) as deadline, null::jsonb as places,
                  count(*) over () as "total!"
           from calendar.items i
           join calendar.versions v on v.item_id = i.id and v.version = i.version
           left join calendar.step_deadlines sd on sd.role = split_part(v.chain[i.steps_done + 1], ':', 1)
           where i.unit_id = $1 and i.state = 'submitted'
           order by i.publish_at, i.id limit $2"#,
        unit.0,
        LINES
    )
    .fetch_all(conn)
    .await?;
    Ok(part(rows))
}

/// What of a unit is planned between two instants.
///
/// # Errors
/// The database fails.
pub async fn planned(
    conn: &mut PgConnection,
    unit: UnitId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<LetterPart, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: ItemId", title, state, publish_at as at, null::timestamptz as since, null::timestamptz as deadline,
                  null::jsonb as places, count(*) over () as "total!"
           from calendar.items
           where unit_id = $1 and publish_at >= $2 and publish_at < $3
             and state in ('draft', 'changes_requested', 'ready', 'approved', 'scheduled')
           order by publish_at, id limit $4"#,
        unit.0,
        from,
        until,
        LINES
    )
    .fetch_all(conn)
    .await?;
    Ok(part(rows))
}
