use chancery_contracts::ids::UnitId;
use chrono::NaiveDate;
use chrono_tz::Tz;
use sqlx::types::Json;
use sqlx::{Error, query, query_as};
use uuid::Uuid;

use super::Store;
use crate::model::{ListedRoom, Names, Room};

impl Store {
    /// Every press room: all missions that are open, and whoever else has published; by their name in `language`.
    ///
    /// # Errors
    /// The database's.
    pub async fn rooms(&self, language: &str) -> Result<Vec<ListedRoom>, Error> {
        query_as!(
            ListedRoom,
            r#"select u.slug as "slug!", u.names as "names!: Json<Names>", u.city as "city: Json<Names>", u.region, r.latest
               from identity.published_units u
               left join lateral (
                   select max(updated_at) as latest from newsroom.releases
                   where unit_id = u.id and withdrawn_at is null
               ) r on true
               where (u.is_mission and u.valid_to is null) or r.latest is not null
               order by u.names ->> $1 collate "vi-x-icu", u.slug"#,
            language
        )
        .fetch_all(&self.pool)
        .await
    }

    /// One press room by its part of the address.
    ///
    /// # Errors
    /// [`Error::RowNotFound`] when no unit that could speak has this slug.
    pub async fn room(&self, slug: &str) -> Result<Room, Error> {
        self.one(Some(slug), None).await
    }

    /// The press room of a unit, for releases whose address has an older slug.
    ///
    /// # Errors
    /// [`Error::RowNotFound`] when there is no such unit.
    pub async fn room_of(&self, unit: UnitId) -> Result<Room, Error> {
        self.one(None, Some(unit.0)).await
    }

    async fn one(&self, slug: Option<&str>, unit: Option<Uuid>) -> Result<Room, Error> {
        let row = query!(
            r#"select u.id as "id!", u.slug as "slug!", u.names as "names!: Json<Names>",
                      u.city as "city: Json<Names>", u.zone as "zone!",
                      (select root.zone from identity.published_units root where root.parent_id is null limit 1) as headquarters,
                      array(select distinct language from newsroom.releases
                            where unit_id = u.id and withdrawn_at is null order by language) as "languages!"
               from identity.published_units u
               where (u.slug = $1 or u.id = $2)
                 and (u.is_mission or exists (select from newsroom.releases where unit_id = u.id))"#,
            slug,
            unit
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(Room {
            unit: row.id.into(),
            slug: row.slug,
            names: row.names.0,
            city: row.city.map(|city| city.0).unwrap_or_default(),
            headquarters: row.headquarters.as_deref().map_or_else(|| zone(&row.zone), zone),
            zone: zone(&row.zone),
            published_languages: row.languages,
        })
    }

    /// What a unit was called on a day: history keeps the name of its time.
    ///
    /// # Errors
    /// The database's.
    pub async fn names_on(&self, unit: Uuid, day: NaiveDate) -> Result<Names, Error> {
        let names = query!(
            r#"select identity.unit_names_on($1, $2) as "names: Json<Names>""#,
            unit,
            day
        )
        .fetch_one(&self.pool)
        .await?
        .names;
        Ok(names.map(|names| names.0).unwrap_or_default())
    }
}

/// Identity checks zones when units are entered; one that this build does not know is shown as UTC.
fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}
