//! The demonstration ministry's releases. They take the same road as real ones: the function that the publisher calls.

use chancery_contracts::EditionImage;
use chancery_contracts::ids::{DeliveryId, ItemId, UnitId};
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{Error, PgConnection, query_scalar};

/// A release to be seen in the demonstration.
#[derive(Debug, Clone)]
pub struct DemoRelease {
    /// The delivery that is said to have put it there.
    pub delivery: DeliveryId,
    /// Of which item.
    pub item: ItemId,
    /// Who speaks.
    pub unit: UnitId,
    /// BCP 47.
    pub language: String,
    /// The headline.
    pub title: String,
    /// The text.
    pub body: String,
    /// Pictures that are in the store already.
    pub images: Vec<EditionImage>,
    /// When it went out.
    pub published_at: DateTime<Utc>,
    /// What it is about.
    pub topic: String,
    /// Why it was taken down again, if it was.
    pub withdrawn: Option<String>,
}

/// Publishes the releases; those that are there already stay as they are. Gives their addresses, in order.
/// `connection` is the publisher's login or the owner's.
///
/// # Errors
/// The database's; a unit that does not exist.
pub async fn load(connection: &mut PgConnection, releases: &[DemoRelease]) -> Result<Vec<String>, Error> {
    let mut paths = Vec::with_capacity(releases.len());
    for release in releases {
        let path = query_scalar!(
            r#"select newsroom.publish($1, $2, $3, $4, $5, $6, $7, $8, $9) as "path!""#,
            release.delivery.0,
            release.item.0,
            release.unit.0,
            release.language,
            release.title,
            release.body,
            Json(&release.images) as _,
            release.published_at,
            release.topic,
        )
        .fetch_one(&mut *connection)
        .await?;
        if let Some(reason) = &release.withdrawn {
            query_scalar!("select newsroom.withdraw($1, $2)", release.delivery.0, reason)
                .fetch_one(&mut *connection)
                .await?;
        }
        paths.push(path);
    }
    Ok(paths)
}
