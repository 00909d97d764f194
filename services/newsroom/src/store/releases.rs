use std::collections::HashMap;

use chancery_contracts::ids::UnitId;
use chancery_web::{Page, Pagination, Problem};
use chrono::{DateTime, Utc};
use sqlx::{Error, query, query_as};
use uuid::Uuid;

use super::{Store, after};
use crate::model::{Alternate, Correction, Image, Release, Standing, clean};

/// A sitemap may have 50,000 addresses (sitemaps.org); a room's own pages are among them.
const SITEMAP_RELEASES: i64 = 49_000;

/// A release without its pictures.
struct Row {
    id: Uuid,
    item_id: Uuid,
    unit_id: Uuid,
    language: String,
    title: String,
    body: String,
    topic: Option<String>,
    path: String,
    published_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
    withdrawn_reason: Option<String>,
    withdrawn_cause: Option<String>,
}

impl Row {
    fn with(self, images: Vec<Image>, corrections: Vec<Correction>) -> Release {
        let standing = match (self.withdrawn_at, self.withdrawn_reason) {
            (Some(at), reason) => Standing::Withdrawn {
                at,
                cause: self.withdrawn_cause.and_then(|cause| cause.parse().ok()),
                reason: reason.unwrap_or_default(),
            },
            (None, _) => Standing::Public,
        };
        // What was taken down stays in the database for the record; no page, feed or answer ever gets it.
        let (body, images, corrections) = if standing == Standing::Public {
            (self.body, images, corrections)
        } else {
            (String::new(), Vec::new(), Vec::new())
        };
        let title = if standing.shows_title() {
            clean(&self.title)
        } else {
            String::new()
        };
        Release {
            id: self.id.into(),
            item: self.item_id.into(),
            unit: self.unit_id.into(),
            language: self.language,
            title,
            body,
            topic: self.topic,
            path: self.path,
            published_at: self.published_at,
            updated_at: self.updated_at,
            standing,
            images,
            corrections,
        }
    }
}

impl Store {
    /// A page of what stands, newest first; of one unit or of all, in one language or in all.
    ///
    /// # Errors
    /// A cursor that was not given out by this list; the database's.
    pub async fn page(
        &self,
        unit: Option<UnitId>,
        language: Option<&str>,
        pagination: &Pagination,
    ) -> Result<Page<Release>, Problem> {
        let (published_at, id) = after(pagination)?;
        let rows = query_as!(
            Row,
            r#"select id, item_id, unit_id, language, title, body, topic, path, published_at, updated_at,
                      withdrawn_at, withdrawn_reason, withdrawn_cause
               from newsroom.releases
               where ($1::uuid is null or unit_id = $1) and ($2::text is null or language = $2)
                 and withdrawn_at is null and (published_at, id) < ($3, $4)
               order by published_at desc, id desc
               limit $5"#,
            unit.map(|unit| unit.0),
            language,
            published_at,
            id,
            pagination.fetch()
        )
        .fetch_all(&self.pool)
        .await?;
        let releases = self.with_images(rows).await?;
        Ok(Page::new(releases, pagination, |release| {
            (release.published_at, release.id.0)
        }))
    }

    /// The release at an address, standing or withdrawn.
    ///
    /// # Errors
    /// [`Error::RowNotFound`] when nothing was ever published there.
    pub async fn release_at(&self, path: &str) -> Result<Release, Error> {
        let row = query_as!(
            Row,
            r#"select id, item_id, unit_id, language, title, body, topic, path, published_at, updated_at,
                      withdrawn_at, withdrawn_reason, withdrawn_cause
               from newsroom.releases where path = $1"#,
            path
        )
        .fetch_one(&self.pool)
        .await?;
        self.with_images(vec![row]).await?.pop().ok_or(Error::RowNotFound)
    }

    /// The release of a delivery, standing or withdrawn.
    ///
    /// # Errors
    /// [`Error::RowNotFound`] when it was never published.
    pub async fn release(&self, id: Uuid) -> Result<Release, Error> {
        let row = query_as!(
            Row,
            r#"select id, item_id, unit_id, language, title, body, topic, path, published_at, updated_at,
                      withdrawn_at, withdrawn_reason, withdrawn_cause
               from newsroom.releases where id = $1"#,
            id
        )
        .fetch_one(&self.pool)
        .await?;
        self.with_images(vec![row]).await?.pop().ok_or(Error::RowNotFound)
    }

    /// The same item in every language that stands in this room, by language; the release itself is among them.
    ///
    /// # Errors
    /// The database's.
    pub async fn alternates(&self, release: &Release) -> Result<Vec<Alternate>, Error> {
        query_as!(
            Alternate,
            r#"select distinct on (language) language, path
               from newsroom.releases
               where item_id = $1 and unit_id = $2 and withdrawn_at is null
               order by language, id = $3 desc, published_at desc, id desc"#,
            release.item.0,
            release.unit.0,
            release.id.0
        )
        .fetch_all(&self.pool)
        .await
    }

    /// What was taken down in a room and language since an instant: feed readers are told.
    ///
    /// # Errors
    /// The database's.
    pub async fn withdrawn_since(
        &self,
        unit: UnitId,
        language: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<(Uuid, DateTime<Utc>)>, Error> {
        let rows = query!(
            r#"select id, withdrawn_at as "at!" from newsroom.releases
               where unit_id = $1 and language = $2 and withdrawn_at >= $3
               order by withdrawn_at desc limit 100"#,
            unit.0,
            language,
            since
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|row| (row.id, row.at)).collect())
    }

    /// Addresses and last changes of what stands in a room, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn sitemap(&self, unit: UnitId) -> Result<Vec<(String, DateTime<Utc>)>, Error> {
        let rows = query!(
            "select path, updated_at from newsroom.releases
             where unit_id = $1 and withdrawn_at is null
             order by published_at desc, id desc limit $2",
            unit.0,
            SITEMAP_RELEASES
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|row| (row.path, row.updated_at)).collect())
    }

    /// Adds the pictures of all rows, those that the library still allows where they come from there, and what was
    /// corrected: one statement each.
    async fn with_images(&self, rows: Vec<Row>) -> Result<Vec<Release>, Error> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let found = query!(
            "select i.release_id, i.sha256, i.mime, i.width, i.height, i.alt
             from newsroom.release_images i join newsroom.releases r on r.id = i.release_id
             where i.release_id = any($1)
               and (i.asset_id is null or assets.may_use(i.asset_id, r.unit_id, 'press_room', $2) is null)
             order by i.release_id, i.position",
            &ids,
            self.clock.now()
        )
        .fetch_all(&self.pool)
        .await?;
        let mut images: HashMap<Uuid, Vec<Image>> = HashMap::new();
        for row in found {
            let image = Image {
                sha256: row.sha256,
                mime: row.mime,
                width: row.width,
                height: row.height,
                alt: clean(&row.alt),
            };
            images.entry(row.release_id).or_default().push(image);
        }
        let noted = query!(
            "select release_id, corrected_at, note from newsroom.corrections
             where release_id = any($1) order by release_id, corrected_at, id",
            &ids
        )
        .fetch_all(&self.pool)
        .await?;
        let mut corrections: HashMap<Uuid, Vec<Correction>> = HashMap::new();
        for row in noted {
            corrections.entry(row.release_id).or_default().push(Correction {
                at: row.corrected_at,
                note: clean(&row.note),
            });
        }
        Ok(rows
            .into_iter()
            .map(|row| {
                let images = images.remove(&row.id).unwrap_or_default();
                let corrections = corrections.remove(&row.id).unwrap_or_default();
                row.with(images, corrections)
            })
            .collect())
    }
}
