//! Collections and kits.

use std::collections::BTreeMap;

use chancery_contracts::ids::{AssetId, CollectionId, PersonId, UnitId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{PgConnection, query, query_as, query_scalar};
use uuid::Uuid;

use super::word;
use crate::model::CollectionKind;

/// A name by language.
pub type Names = BTreeMap<String, String>;

/// A collection or kit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Collection {
    /// Its id.
    pub id: CollectionId,
    /// Whose it is.
    pub unit: UnitId,
    /// Which of the two.
    pub kind: CollectionKind,
    /// What it is called.
    pub names: Names,
    /// How it is meant to be used.
    pub guidance: String,
    /// Everybody sees it.
    pub shared_all: bool,
    /// These units see it, and those below them.
    pub shared_units: Vec<Uuid>,
    /// Units of these kinds see it.
    pub shared_kinds: Vec<String>,
    /// Counts saves.
    pub revision: i64,
}

impl Collection {
    /// What it is called in this language, or in another.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        self.names
            .get(language)
            .or_else(|| self.names.values().next())
            .map_or("", String::as_str)
    }
}

/// One collection.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn load(conn: &mut PgConnection, id: CollectionId, lock: bool) -> Result<Collection, sqlx::Error> {
    if lock {
        query!("select id from assets.collections where id = $1 for update", id.0)
            .fetch_one(&mut *conn)
            .await?;
    }
    let row = query!(
        r#"select unit_id, kind, names as "names: Json<Names>", guidance, shared_all, shared_units, shared_kinds, revision
           from assets.collections where id = $1"#,
        id.0
    )
    .fetch_one(conn)
    .await?;
    Ok(Collection {
        id,
        unit: UnitId(row.unit_id),
        kind: word("kind", &row.kind)?,
        names: row.names.0,
        guidance: row.guidance,
        shared_all: row.shared_all,
        shared_units: row.shared_units,
        shared_kinds: row.shared_kinds,
        revision: row.revision,
    })
}

/// Makes a collection, or changes it when its revision is still the one given. False: somebody else changed it.
///
/// # Errors
/// The database fails or refuses.
pub async fn save(
    conn: &mut PgConnection,
    collection: &Collection,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = query!(
        "insert into assets.collections as c
             (id, unit_id, kind, names, guidance, shared_all, shared_units, shared_kinds, created_by, created_at,
              updated_by, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $10)
         on conflict (id) do update set
             kind = excluded.kind, names = excluded.names, guidance = excluded.guidance,
             shared_all = excluded.shared_all, shared_units = excluded.shared_units,
             shared_kinds = excluded.shared_kinds, updated_by = excluded.updated_by, updated_at = excluded.updated_at,
             revision = c.revision + 1
         where c.revision = $11 and c.unit_id = excluded.unit_id",
        collection.id.0,
        collection.unit.0,
        collection.kind.as_str(),
        Json(&collection.names) as _,
        collection.guidance,
        collection.shared_all,
        &collection.shared_units,
        &collection.shared_kinds,
        by.0,
        at,
        collection.revision
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A collection in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Listed {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: CollectionId,
    /// `collection` or `kit`.
    pub kind: String,
    /// What it is called, by language.
    pub names: Value,
    /// Whose it is, by language.
    pub unit: Value,
    /// How many assets it has.
    pub count: i64,
    /// The first picture among them that may be used where they look.
    #[schema(value_type = Option<Uuid>)]
    pub first: Option<AssetId>,
}

/// For whom a list is made.
#[derive(Debug)]
pub struct For<'a> {
    /// The units whose collections they may change.
    pub own: &'a [Uuid],
    /// The path of the unit for which they look: root first.
    pub path: &'a [UnitId],
    /// That unit.
    pub unit: UnitId,
    /// Its kind.
    pub kind: &'a str,
    /// When.
    pub now: DateTime<Utc>,
}

/// The collections that somebody sees, the latest first.
///
/// # Errors
/// The database fails.
pub async fn list(
    conn: &mut PgConnection,
    whom: &For<'_>,
    after: Option<CollectionId>,
    limit: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let path: Vec<_> = whom.path.iter().map(|unit| unit.0).collect();
    query_as!(
        Listed,
        r#"select c.id as "id: CollectionId", c.kind, c.names, u.names as "unit!",
                  (select count(*) from assets.collection_items where collection_id = c.id) as "count!",
                  (select i.asset_id from assets.collection_items i join assets.assets a on a.id = i.asset_id
                   where i.collection_id = c.id and a.kind = 'picture' and assets.may_use(a.id, $6, null, $7) is null
                   order by i.position limit 1) as "first: AssetId"
           from assets.collections c join identity.published_units u on u.id = c.unit_id
           where (c.unit_id = any($1) or c.shared_all or c.shared_units && $2 or $3 = any(c.shared_kinds))
             and ($4::uuid is null or c.id < $4)
           order by c.id desc limit $5"#,
        whom.own,
        &path,
        whom.kind,
        after.map(|id| id.0),
        limit,
        whom.unit.0,
        whom.now
    )
    .fetch_all(conn)
    .await
}

/// A collection to put something into.
#[derive(Debug, Clone, Serialize)]
pub struct ToFill {
    /// Its id.
    pub id: CollectionId,
    /// What it is called.
    pub names: Value,
}

/// The collections of the units at or below `roots`, the latest first.
///
/// # Errors
/// The database fails.
pub async fn to_fill(conn: &mut PgConnection, roots: &[UnitId]) -> Result<Vec<ToFill>, sqlx::Error> {
    let roots: Vec<_> = roots.iter().map(|unit| unit.0).collect();
    query_as!(
        ToFill,
        r#"select c.id as "id: CollectionId", c.names from assets.collections c
           join identity.published_units u on u.id = c.unit_id
           where u.path && $1 order by c.updated_at desc limit 100"#,
        &roots
    )
    .fetch_all(conn)
    .await
}

/// One asset of a collection.
#[derive(Debug, Clone, Serialize)]
pub struct Member {
    /// Which.
    pub id: AssetId,
    /// What is said of it there.
    pub note: String,
}

/// The assets of a collection, in order.
///
/// # Errors
/// The database fails.
pub async fn members(conn: &mut PgConnection, id: CollectionId) -> Result<Vec<Member>, sqlx::Error> {
    query_as!(
        Member,
        r#"select asset_id as "id: AssetId", note from assets.collection_items
           where collection_id = $1 order by position, asset_id"#,
        id.0
    )
    .fetch_all(conn)
    .await
}

/// Puts assets at the end; those that are in already stay where they are. Gives how many were new.
///
/// # Errors
/// The database fails.
pub async fn add(conn: &mut PgConnection, id: CollectionId, assets: &[AssetId]) -> Result<u64, sqlx::Error> {
    let assets: Vec<_> = assets.iter().map(|asset| asset.0).collect();
    let done = query!(
        "insert into assets.collection_items (collection_id, asset_id, position)
         select $1, t.id, t.place + coalesce((select max(position) from assets.collection_items where collection_id = $1), 0)
         from unnest($2::uuid[]) with ordinality as t (id, place)
         on conflict do nothing",
        id.0,
        &assets
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Writes order and notes anew; who is not named goes.
///
/// # Errors
/// The database fails.
pub async fn arrange(
    conn: &mut PgConnection,
    id: CollectionId,
    members: &[(AssetId, String)],
) -> Result<(), sqlx::Error> {
    let assets: Vec<_> = members.iter().map(|member| member.0.0).collect();
    let notes: Vec<_> = members.iter().map(|member| member.1.clone()).collect();
    query!(
        "delete from assets.collection_items where collection_id = $1 and not (asset_id = any($2))",
        id.0,
        &assets
    )
    .execute(&mut *conn)
    .await?;
    query!(
        "update assets.collection_items c set position = t.place, note = t.note
         from unnest($2::uuid[], $3::text[]) with ordinality as t (id, note, place)
         where c.collection_id = $1 and c.asset_id = t.id",
        id.0,
        &assets,
        &notes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What is in a collection, or its order, has changed: whoever arranges the one before comes second.
///
/// # Errors
/// The database fails.
pub async fn count_change(
    conn: &mut PgConnection,
    id: CollectionId,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    query!(
        "update assets.collections set revision = revision + 1, updated_by = $2, updated_at = $3 where id = $1",
        id.0,
        by.0,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Who changed a collection last.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] when there is none.
pub async fn changed_by(conn: &mut PgConnection, id: CollectionId) -> Result<PersonId, sqlx::Error> {
    query_scalar!(
        r#"select updated_by as "by: PersonId" from assets.collections where id = $1"#,
        id.0
    )
    .fetch_one(conn)
    .await
}

/// The kinds of units that there are, for sharing.
///
/// # Errors
/// The database fails.
pub async fn unit_kinds(conn: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    query_scalar!(r#"select distinct kind as "kind!" from identity.published_units order by 1"#)
        .fetch_all(conn)
        .await
}
