//! Items: loading one whole, making one, moving it between states.

use chancery_clock::WallTime;
use chancery_contracts::ids::{AccountId, ItemId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;
use crate::model::{Appointment, Draft, DraftVariant, Image, State};

/// An item, whole.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Whose it is.
    pub unit: UnitId,
    /// Where it stands.
    pub state: State,
    /// Counts what was submitted.
    pub version: i32,
    /// Counts saves.
    pub revision: i64,
    /// Approval steps already passed.
    pub steps_done: i32,
    /// Everything written in it.
    pub draft: Draft,
    /// Its pictures, in order.
    pub images: Vec<Image>,
    /// Its time, if it has one.
    pub appointment: Option<Appointment>,
    /// Who made it, and when.
    pub created: (PersonId, DateTime<Utc>),
    /// Who saved it last, and when.
    pub updated: (PersonId, DateTime<Utc>),
}

/// Whether the row is locked against others until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// To be changed.
    Update,
    /// To be shown.
    None,
}

/// One item with its variants and pictures.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: ItemId, lock: Lock) -> Result<Item, sqlx::Error> {
    if lock == Lock::Update {
        sqlx::query!("select id from calendar.items where id = $1 for update", id.0)
            .fetch_one(&mut *conn)
            .await?;
    }
    let row = sqlx::query!("select * from calendar.items where id = $1", id.0)
        .fetch_one(&mut *conn)
        .await?;
    let variants = sqlx::query_as!(
        DraftVariant,
        r#"select id, account_id as "account: AccountId", language, title, body, images
           from calendar.variants where item_id = $1 order by position"#,
        id.0
    )
    .fetch_all(&mut *conn)
    .await?;
    let pictures = sqlx::query!(
        "select id, sha256, mime, width, height, alts, asset_id from calendar.images where item_id = $1 order by position, id",
        id.0
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut cuts = if pictures.is_empty() {
        Vec::new()
    } else {
        super::cuts::of_item(&mut *conn, id).await?
    };
    let mut images = Vec::with_capacity(pictures.len());
    let mut alts = std::collections::BTreeMap::new();
    for picture in pictures {
        let texts: std::collections::BTreeMap<String, String> =
            serde_json::from_value(picture.alts).unwrap_or_default();
        if !texts.is_empty() {
            alts.insert(picture.id, texts);
        }
        images.push(Image {
            id: picture.id,
            sha256: picture.sha256,
            mime: picture.mime,
            width: picture.width.unsigned_abs(),
            height: picture.height.unsigned_abs(),
            asset: picture.asset_id.map(Into::into),
            cuts: cuts
                .extract_if(.., |(image, _)| *image == picture.id)
                .map(|(_, cut)| cut)
                .collect(),
        });
    }
    let release = word("release", &row.release)?;
    let appointment = match (row.wall, &row.zone) {
        (Some(at), Some(zone)) => Some(Appointment {
            wall: WallTime {
                at,
                zone: word("zone", zone)?,
            },
            window_minutes: row.window_minutes,
            release,
        }),
        _ => None,
    };
    Ok(Item {
        id,
        unit: row.unit_id.into(),
        state: word("state", &row.state)?,
        version: row.version,
        revision: row.revision,
        steps_done: row.steps_done,
        draft: Draft {
            kind: word("kind", &row.kind)?,
            title: row.title,
            body: row.body,
            language: row.language,
            topic: word("topic", &row.topic)?,
            audience: row.audience,
            programme: row.programme_id,
            campaign: row.campaign_id.map(Into::into),
            scope: word("scope", &row.scope)?,
            clock: word("clock", &row.clock)?,
            wall: row.wall,
            window_minutes: row.window_minutes,
            links: word("links", &row.links)?,
            release,
            variants,
            alts,
        },
        images,
        appointment,
        created: (row.created_by.into(), row.created_at),
        updated: (row.updated_by.into(), row.updated_at),
    })
}

/// A new draft.
///
/// # Errors
/// The database fails or refuses.
pub async fn insert(conn: &mut PgConnection, item: &Item) -> Result<(), sqlx::Error> {
    let draft = &item.draft;
    sqlx::query!(
        "insert into calendar.items (id, unit_id, kind, language, topic, audience, created_by, created_at, updated_by, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8)",
        item.id.0,
        item.unit.0,
        draft.kind.as_str(),
        draft.language,
        draft.topic.as_str(),
        draft.audience,
        item.created.0.0,
        item.created.1,
    )
    .execute(&mut *conn)
    .await?;
    write_draft(
        conn,
        item.id,
        draft,
        item.appointment,
        item.created.0,
        item.created.1,
    )
    .await?;
    Ok(())
}

/// Replaces everything that is written in an item; gives the new revision.
///
/// # Errors
/// The database fails, or refuses because the version is frozen.
pub async fn write_draft(
    conn: &mut PgConnection,
    id: ItemId,
    draft: &Draft,
    appointment: Option<Appointment>,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    let revision = sqlx::query_scalar!(
        "update calendar.items set
             kind = $2, title = $3, body = $4, language = $5, topic = $6, audience = $7, programme_id = $8,
             campaign_id = $9, scope = $10, clock = $11, wall = $12, zone = $13, publish_at = $14, window_minutes = $15,
             updated_by = $16, updated_at = $17, links = $18, release = $19, revision = revision + 1
         where id = $1 returning revision",
        id.0,
        draft.kind.as_str(),
        draft.title,
        draft.body,
        draft.language,
        draft.topic.as_str(),
        draft.audience,
        draft.programme,
        draft.campaign.map(|campaign| campaign.0),
        draft.scope.as_str(),
        draft.clock.as_str(),
        appointment.map(|a| a.wall.at),
        appointment.map(|a| a.wall.zone.name()),
        appointment.map(Appointment::instant),
        draft.window_minutes,
        by.0,
        at,
        draft.links.as_str(),
        draft.release.as_str(),
    )
    .fetch_one(&mut *conn)
    .await?;
    write_variants(&mut *conn, id, draft).await?;
    write_alts(&mut *conn, id, draft).await?;
    sqlx::query!(
        "insert into calendar.contributors (item_id, person_id, since) values ($1, $2, $3) on conflict do nothing",
        id.0,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(revision)
}

async fn write_variants(conn: &mut PgConnection, id: ItemId, draft: &Draft) -> Result<(), sqlx::Error> {
    let variants = &draft.variants;
    // Replaced as a whole: which channel was exchanged for which does not matter, and two may swap languages.
    sqlx::query!("delete from calendar.variants where item_id = $1", id.0)
        .execute(&mut *conn)
        .await?;
    let ids: Vec<Uuid> = variants.iter().map(|v| v.id).collect();
    let accounts: Vec<Uuid> = variants.iter().map(|v| v.account.0).collect();
    let languages: Vec<String> = variants.iter().map(|v| v.language.clone()).collect();
    let titles: Vec<Option<String>> = variants.iter().map(|v| v.title.clone()).collect();
    let bodies: Vec<Option<String>> = variants.iter().map(|v| v.body.clone()).collect();
    let images: Vec<bool> = variants.iter().map(|v| v.images).collect();
    // By this the same text elsewhere is found.
    let hashes: Vec<Option<Vec<u8>>> = variants
        .iter()
        .map(|v| chancery_preflight::fingerprint(draft.body_of(v)).map(|hash| hash.to_vec()))
        .collect();
    sqlx::query!(
        "insert into calendar.variants (id, item_id, account_id, language, title, body, images, position, text_hash)
         select v.id, $1, v.account, v.language, v.title, v.body, v.images, v.position, v.text_hash
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::bytea[])
             with ordinality v(id, account, language, title, body, images, text_hash, position)",
        id.0,
        &ids,
        &accounts,
        &languages,
        &titles as &[Option<String>],
        &bodies as &[Option<String>],
        &images,
        &hashes as &[Option<Vec<u8>>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_alts(conn: &mut PgConnection, id: ItemId, draft: &Draft) -> Result<(), sqlx::Error> {
    let alts = serde_json::to_value(&draft.alts).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        "update calendar.images set alts = coalesce($2::jsonb -> id::text, '{}')
         where item_id = $1 and alts <> coalesce($2::jsonb -> id::text, '{}')",
        id.0,
        alts,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds a picture after the others, with its parts for platforms and what is known to describe it (`{"vi": …}`). The same picture twice is one:
/// then false.
///
/// # Errors
/// The database fails, or refuses because the version is frozen.
pub async fn add_image(
    conn: &mut PgConnection,
    item: ItemId,
    image: &Image,
    alts: &serde_json::Value,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into calendar.images (id, item_id, position, sha256, mime, width, height, added_by, added_at, asset_id, alts)
         select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10
         from calendar.images where item_id = $2
         on conflict (item_id, sha256) do nothing",
        image.id,
        item.0,
        image.sha256,
        image.mime,
        image.width.cast_signed(),
        image.height.cast_signed(),
        by.0,
        at,
        image.asset.map(|asset| asset.0),
        alts,
    )
    .execute(&mut *conn)
    .await?;
    let added = done.rows_affected() > 0;
    if added {
        for cut in &image.cuts {
            super::cuts::put(&mut *conn, item, image.id, cut, by, at).await?;
        }
    }
    Ok(added)
}

/// Takes a picture out of an item; the stored object stays, others may use it.
///
/// # Errors
/// The database fails, or refuses because the version is frozen.
pub async fn remove_image(conn: &mut PgConnection, item: ItemId, image: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from calendar.images where item_id = $1 and id = $2",
        item.0,
        image
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes who changed the pictures. The revision stays: pictures come and go one by one, so two people who add some do
/// not get in each other's way.
///
/// # Errors
/// The database fails.
pub async fn note_writer(
    conn: &mut PgConnection,
    item: ItemId,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with writer as (
             insert into calendar.contributors (item_id, person_id, since) values ($1, $2, $3) on conflict do nothing)
         update calendar.items set updated_by = $2, updated_at = $3 where id = $1",
        item.0,
        by.0,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Where an item is to stand.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// The version.
    pub version: i32,
    /// Approval steps passed by it.
    pub steps_done: i32,
}

/// Moves a locked item. The revision counts too: an editor that is open elsewhere finds out at its next save.
///
/// # Errors
/// The database fails or refuses.
pub async fn stand(conn: &mut PgConnection, item: ItemId, to: Standing) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.items set state = $2, version = $3, steps_done = $4, revision = revision + 1 where id = $1",
        item.0,
        to.state.as_str(),
        to.version,
        to.steps_done,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives a submitted item a new time together with a new version; its text stays as it is.
///
/// # Errors
/// The database fails or refuses.
pub async fn retime(
    conn: &mut PgConnection,
    item: ItemId,
    version: i32,
    clock: &str,
    to: Appointment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update calendar.items
         set version = $2, steps_done = 0, clock = $3, wall = $4, zone = $5, publish_at = $6, revision = revision + 1
         where id = $1",
        item.0,
        version,
        clock,
        to.wall.at,
        to.wall.zone.name(),
        to.instant(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an open item another time, or none; its clock stays. Its new revision.
///
/// # Errors
/// The database fails, or refuses because the version is frozen.
pub async fn place(
    conn: &mut PgConnection,
    item: ItemId,
    to: Option<Appointment>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "update calendar.items set wall = $2, zone = $3, publish_at = $4, revision = revision + 1
         where id = $1 returning revision",
        item.0,
        to.map(|to| to.wall.at),
        to.map(|to| to.wall.zone.name()),
        to.map(Appointment::instant),
    )
    .fetch_one(conn)
    .await
}
