//! What two people let out without the rest of its chain: their orders, and who has seen it since. Nothing here is ever
//! changed.

use chancery_contracts::EditionHash;
use chancery_contracts::ids::{ItemId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::policies::words;
use super::word;
use crate::model::{Step, StepRole};

/// The order of the first of two.
#[derive(Debug, Clone)]
pub struct Ordered {
    /// A fresh id.
    pub id: Uuid,
    /// Of which version.
    pub version: i32,
    /// With which hash on the screen.
    pub hash: EditionHash,
    /// Why.
    pub reason: String,
    /// In which role.
    pub role: StepRole,
    /// Whose.
    pub person: PersonId,
    /// When.
    pub at: DateTime<Utc>,
    /// From here on nobody can confirm it.
    pub lapses_at: DateTime<Utc>,
}

/// Writes an order down.
///
/// # Errors
/// The database fails, or refuses: own text, no second factor, not waiting.
pub async fn insert(conn: &mut PgConnection, item: ItemId, ordered: &Ordered) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.break_glass
             (id, item_id, version, edition_hash, reason, role, person_id, ordered_at, lapses_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        ordered.id,
        item.0,
        ordered.version,
        ordered.hash.to_string(),
        ordered.reason,
        ordered.role.as_str(),
        ordered.person.0,
        ordered.at,
        ordered.lapses_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The order of this version that can still be confirmed.
///
/// # Errors
/// The database fails.
pub async fn open(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
    now: DateTime<Utc>,
) -> Result<Option<Ordered>, sqlx::Error> {
    let row = sqlx::query!(
        "select b.id, b.version, b.edition_hash, b.reason, b.role, b.person_id, b.ordered_at, b.lapses_at
         from calendar.break_glass b
         where b.item_id = $1 and b.version = $2 and b.lapses_at > $3
           and not exists (select from calendar.break_glass_confirmations c where c.break_glass_id = b.id)
         order by b.ordered_at desc limit 1",
        item.0,
        version,
        now
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Ordered {
            id: row.id,
            version: row.version,
            hash: word("edition_hash", &row.edition_hash)?,
            reason: row.reason,
            role: word("role", &row.role)?,
            person: row.person_id.into(),
            at: row.ordered_at,
            lapses_at: row.lapses_at,
        })
    })
    .transpose()
}

/// Writes down that a second person confirms an order.
///
/// # Errors
/// The database fails, or refuses: the same person, own text, no second factor, too late.
pub async fn confirm(
    conn: &mut PgConnection,
    item: ItemId,
    ordered: &Ordered,
    (person, role): (PersonId, StepRole),
    bypassed: &[Step],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.break_glass_confirmations
             (break_glass_id, item_id, version, edition_hash, role, person_id, confirmed_at, bypassed)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        ordered.id,
        item.0,
        ordered.version,
        ordered.hash.to_string(),
        role.as_str(),
        person.0,
        at,
        &words(bypassed),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that somebody who was passed over has seen it. False: they have said so before.
///
/// # Errors
/// The database fails.
pub async fn see(
    conn: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    comment: &str,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into calendar.break_glass_seen (break_glass_id, person_id, comment, seen_at) values ($1, $2, $3, $4)
         on conflict do nothing",
        id,
        person.0,
        comment,
        at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether somebody's sign-in asks for a one-time code.
///
/// # Errors
/// The database fails.
pub async fn has_second_factor(conn: &mut PgConnection, person: PersonId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from identity.published_people where id = $1 and active and second_factor) as "has!""#,
        person.0
    )
    .fetch_one(conn)
    .await
}

/// Somebody who was passed over and has seen it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Seen {
    /// Who.
    #[schema(value_type = Uuid)]
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// What they say about it; may be empty.
    pub comment: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A use of break-glass, or an order for it that nobody confirmed.
#[derive(Debug, Clone, Serialize)]
pub struct Use {
    /// Its id.
    pub id: Uuid,
    /// Of which item.
    pub item: ItemId,
    /// The item's headline, as it is now.
    pub headline: String,
    /// Whose it is.
    pub unit: UnitId,
    /// Its unit's names.
    pub unit_names: Value,
    /// Its unit's clock.
    pub zone: String,
    /// Which version of it.
    pub version: i32,
    /// What both had on the screen.
    pub hash: String,
    /// Why.
    pub reason: String,
    /// The first of the two.
    pub first: PersonId,
    /// Their name.
    pub first_name: String,
    /// Their role: a [`StepRole`].
    pub first_role: String,
    /// When they ordered it.
    pub ordered_at: DateTime<Utc>,
    /// Until when it could be confirmed.
    pub lapses_at: DateTime<Utc>,
    /// The second; none: nobody confirmed it.
    pub second: Option<PersonId>,
    /// Their name.
    pub second_name: Option<String>,
    /// Their role.
    pub second_role: Option<String>,
    /// When they confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The steps that were passed over: `native_reviewer:lo`, `head_of_mission`, ….
    pub bypassed: Vec<String>,
    /// Who of them has seen it, the first first.
    pub seen: Json<Vec<Seen>>,
}

/// Which uses are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// Of one item.
    Item(ItemId),
    /// At or below these units, those before `after` in the list.
    Below {
        /// The units.
        roots: &'a [UnitId],
        /// Where the page begins.
        after: Option<Uuid>,
    },
}

/// Uses and orders, the latest first, at most `limit`.
///
/// # Errors
/// The database fails.
pub async fn uses(conn: &mut PgConnection, which: Which<'_>, limit: i64) -> Result<Vec<Use>, sqlx::Error> {
    let (item, roots, after): (_, Vec<Uuid>, _) = match which {
        Which::Item(item) => (Some(item.0), Vec::new(), None),
        Which::Below { roots, after } => (None, roots.iter().map(|unit| unit.0).collect(), after),
    };
    sqlx::query_as!(
        Use,
        r#"select b.id, b.item_id as "item: ItemId", i.title as headline, i.unit_id as "unit: UnitId", u.names as "unit_names!",
                  u.zone as "zone!", b.version, b.edition_hash as hash, b.reason,
                  b.person_id as "first: PersonId", coalesce(f.name, '') as "first_name!", b.role as first_role,
                  b.ordered_at, b.lapses_at,
                  c.person_id as "second?: PersonId", s.name as "second_name?", c.role as "second_role?", c.confirmed_at as "confirmed_at?",
                  coalesce(c.bypassed, '{}') as "bypassed!", seen.list as "seen!: Json<Vec<Seen>>"
           from calendar.break_glass b
           join calendar.items i on i.id = b.item_id
           join identity.published_units u on u.id = i.unit_id
           left join calendar.break_glass_confirmations c on c.break_glass_id = b.id
           left join identity.published_people f on f.id = b.person_id
           left join identity.published_people s on s.id = c.person_id
           cross join lateral (
               select coalesce(jsonb_agg(jsonb_build_object('person', n.person_id, 'person_name', coalesce(p.name, ''),
                                                            'comment', n.comment, 'at', n.seen_at) order by n.seen_at), '[]') as list
               from calendar.break_glass_seen n left join identity.published_people p on p.id = n.person_id
               where n.break_glass_id = b.id) seen
           where ($1::uuid is null or b.item_id = $1) and ($1::uuid is not null or u.path && $2)
             and ($3::uuid is null or b.id < $3)
           order by b.id desc limit $4"#,
        item,
        &roots,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}
