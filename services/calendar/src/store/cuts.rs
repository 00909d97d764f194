//! The parts of pictures that go to platforms.

use chancery_contracts::Platform;
use chancery_contracts::ids::{ItemId, PersonId};
use chancery_media::Frame;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::word;
use crate::model::Cut;

/// Those of an item's pictures: the picture, and its part.
///
/// # Errors
/// The database fails.
pub async fn of_item(conn: &mut PgConnection, item: ItemId) -> Result<Vec<(Uuid, Cut)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select image_id, platform, frame as "frame: Json<Frame>", sha256, mime, width, height
           from calendar.cuts where item_id = $1 order by image_id, platform"#,
        item.0
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let cut = Cut {
                platform: word("platform", &row.platform)?,
                frame: row.frame.0,
                sha256: row.sha256,
                mime: row.mime,
                width: row.width.unsigned_abs(),
                height: row.height.unsigned_abs(),
            };
            Ok((row.image_id, cut))
        })
        .collect()
}

/// Sets the part of a picture that goes to a platform.
///
/// # Errors
/// The database fails, or refuses because the version is frozen.
pub async fn put(
    conn: &mut PgConnection,
    item: ItemId,
    image: Uuid,
    cut: &Cut,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.cuts (image_id, item_id, platform, frame, sha256, mime, width, height, cut_by, cut_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (image_id, platform) do update set
             frame = excluded.frame, sha256 = excluded.sha256, mime = excluded.mime, width = excluded.width,
             height = excluded.height, cut_by = excluded.cut_by, cut_at = excluded.cut_at",
        image,
        item.0,
        cut.platform.as_str(),
        Json(cut.frame) as _,
        cut.sha256,
        cut.mime,
        cut.width.cast_signed(),
        cut.height.cast_signed(),
        by.0,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// All of the picture goes there again.
///
/// # Errors
/// The database fails, or refuses because the version is frozen.
pub async fn remove(conn: &mut PgConnection, image: Uuid, platform: Platform) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from calendar.cuts where image_id = $1 and platform = $2",
        image,
        platform.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}
