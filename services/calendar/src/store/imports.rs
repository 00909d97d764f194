//! Files that were read and wait for a yes, and the drafts that come of them.

use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{DateTime, NaiveDateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::import::Reading;
use crate::store::items::Item;

/// A file that waits.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its id.
    pub id: Uuid,
    /// Who read it in.
    pub person: PersonId,
    /// For which unit.
    pub unit: UnitId,
    /// As it was called.
    pub file_name: String,
    /// Its rows.
    pub rows: Vec<Reading>,
}

/// Keeps it until its reader says yes. What nobody said yes to for a day is forgotten.
///
/// # Errors
/// The database fails.
pub async fn keep(conn: &mut PgConnection, import: &Import, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with old as (delete from calendar.imports where created_at < $6::timestamptz - interval '1 day')
         insert into calendar.imports (id, person_id, unit_id, file_name, rows, created_at) values ($1, $2, $3, $4, $5, $6)",
        import.id,
        import.person.0,
        import.unit.0,
        import.file_name,
        Json(&import.rows) as _,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One that this person read in.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none of theirs.
pub async fn load(conn: &mut PgConnection, id: Uuid, person: PersonId) -> Result<Import, sqlx::Error> {
    let row = sqlx::query!(
        r#"select unit_id, file_name, rows as "rows: Json<Vec<Reading>>" from calendar.imports where id = $1 and person_id = $2"#,
        id,
        person.0
    )
    .fetch_one(conn)
    .await?;
    Ok(Import {
        id,
        person,
        unit: row.unit_id.into(),
        file_name: row.file_name,
        rows: row.rows.0,
    })
}

/// Forgets it. False: it was taken already.
///
/// # Errors
/// The database fails.
pub async fn forget(conn: &mut PgConnection, id: Uuid, person: PersonId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from calendar.imports where id = $1 and person_id = $2",
        id,
        person.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Makes many drafts at once: items, their first channel, their writer, and the first line of their timelines, which the
/// audit trail has as one entry for all.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert_drafts(conn: &mut PgConnection, drafts: &[Item]) -> Result<(), sqlx::Error> {
    let Some(first) = drafts.first() else {
        return Ok(());
    };
    let (by, at) = first.created;
    let ids: Vec<Uuid> = drafts.iter().map(|item| item.id.0).collect();
    let kinds: Vec<String> = drafts.iter().map(|item| item.draft.kind.to_string()).collect();
    let titles: Vec<String> = drafts.iter().map(|item| item.draft.title.clone()).collect();
    let bodies: Vec<String> = drafts.iter().map(|item| item.draft.body.clone()).collect();
    let languages: Vec<String> = drafts.iter().map(|item| item.draft.language.clone()).collect();
    let topics: Vec<String> = drafts.iter().map(|item| item.draft.topic.to_string()).collect();
    let audiences: Vec<String> = drafts.iter().map(|item| item.draft.audience.clone()).collect();
    let campaigns: Vec<Option<Uuid>> = drafts
        .iter()
        .map(|item| item.draft.campaign.map(|campaign| campaign.0))
        .collect();
    let walls: Vec<_> = drafts
        .iter()
        .map(|item| item.appointment.map(|time| time.wall.at))
        .collect();
    let zones: Vec<Option<String>> = drafts
        .iter()
        .map(|item| item.appointment.map(|time| time.wall.zone.name().to_owned()))
        .collect();
    let instants: Vec<_> = drafts
        .iter()
        .map(|item| item.appointment.map(crate::model::Appointment::instant))
        .collect();
    sqlx::query!(
        "insert into calendar.items (id, unit_id, kind, title, body, language, topic, audience, campaign_id, wall, zone,
             publish_at, created_by, created_at, updated_by, updated_at, links)
         select n.id, $12, n.kind, n.title, n.body, n.language, n.topic, n.audience, n.campaign, n.wall, n.zone, n.publish_at,
                $13, $14, $13, $14, $15
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
                     $9::timestamp[], $10::text[], $11::timestamptz[])
             n(id, kind, title, body, language, topic, audience, campaign, wall, zone, publish_at)",
        &ids,
        &kinds,
        &titles,
        &bodies,
        &languages,
        &topics,
        &audiences,
        &campaigns as &[Option<Uuid>],
        &walls as &[Option<NaiveDateTime>],
        &zones as &[Option<String>],
        &instants as &[Option<DateTime<Utc>>],
        first.unit.0,
        by.0,
        at,
        first.draft.links.as_str(),
    )
    .execute(&mut *conn)
    .await?;
    let variants: Vec<(Uuid, Uuid, Uuid, String)> = drafts
        .iter()
        .flat_map(|item| {
            let of = |variant: &crate::model::DraftVariant| {
                (item.id.0, variant.id, variant.account.0, variant.language.clone())
            };
            item.draft.variants.iter().map(of)
        })
        .collect();
    let of_items: Vec<Uuid> = variants.iter().map(|variant| variant.0).collect();
    let variant_ids: Vec<Uuid> = variants.iter().map(|variant| variant.1).collect();
    let accounts: Vec<Uuid> = variants.iter().map(|variant| variant.2).collect();
    let spoken: Vec<String> = variants.into_iter().map(|variant| variant.3).collect();
    sqlx::query!(
        "with channels as (
             insert into calendar.variants (item_id, id, account_id, language, position)
             select n.item, n.id, n.account, n.language, 1
             from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[]) n(item, id, account, language)),
         writers as (
             insert into calendar.contributors (item_id, person_id, since) select n.id, $2, $3 from unnest($1::uuid[]) n(id))
         insert into calendar.timeline (item_id, version, at, person_id, action, detail)
         select n.id, 1, $3, $2, 'created', '{\"imported\": true}'::jsonb from unnest($1::uuid[]) n(id)",
        &ids,
        by.0,
        at,
        &of_items,
        &variant_ids,
        &accounts,
        &spoken,
    )
    .execute(&mut *conn)
    .await?;
    Ok(())
}
