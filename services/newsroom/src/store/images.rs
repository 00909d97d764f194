use sqlx::{Error, query, query_scalar};

use super::Store;

impl Store {
    /// The media type of a picture, if a release that stands shows it and the library, where it comes from there,
    /// allows it; else none, whatever the object store holds.
    ///
    /// # Errors
    /// The database's.
    pub async fn shown_image(&self, sha256: &str) -> Result<Option<String>, Error> {
        query_scalar!(
            "select i.mime from newsroom.release_images i join newsroom.releases r on r.id = i.release_id
             where i.sha256 = $1 and r.withdrawn_at is null
               and (i.asset_id is null or assets.may_use(i.asset_id, r.unit_id, 'press_room', $2) is null)
             limit 1",
            sha256,
            self.clock.now()
        )
        .fetch_optional(&self.pool)
        .await
    }

    /// The smaller copy of a picture, if it was made already.
    ///
    /// # Errors
    /// The database's.
    pub async fn thumbnail(&self, source: &str, width: i32) -> Result<Option<String>, Error> {
        query_scalar!(
            "select sha256 from newsroom.thumbnails where source_sha256 = $1 and width = $2",
            source,
            width
        )
        .fetch_optional(&self.pool)
        .await
    }

    /// Remembers a smaller copy. Whoever made it first is right: the copies are alike.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_thumbnail(&self, source: &str, width: i32, sha256: &str) -> Result<(), Error> {
        query!(
            "insert into newsroom.thumbnails (source_sha256, width, sha256) values ($1, $2, $3)
             on conflict do nothing",
            source,
            width,
            sha256
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
