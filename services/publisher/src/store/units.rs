use chancery_contracts::ids::UnitId;
use sqlx::PgConnection;

use crate::error::{PublisherError, Result};

/// The unit and everything above it, root first: what a permission is asked for.
///
/// # Errors
/// [`PublisherError::NotFound`], or when the database fails.
pub async fn path(conn: &mut PgConnection, unit: UnitId) -> Result<Vec<UnitId>> {
    let path = sqlx::query_scalar!(
        r#"select path as "path!" from identity.published_units where id = $1"#,
        unit.0
    )
    .fetch_optional(conn)
    .await?
    .ok_or(PublisherError::NotFound)?;
    Ok(path.into_iter().map(Into::into).collect())
}

/// The ministry itself.
///
/// # Errors
/// [`PublisherError::NotFound`] before there is one, or when the database fails.
pub async fn root(conn: &mut PgConnection) -> Result<UnitId> {
    let id =
        sqlx::query_scalar!(r#"select id as "id!" from identity.published_units where parent_id is null"#)
            .fetch_optional(conn)
            .await?
            .ok_or(PublisherError::NotFound)?;
    Ok(id.into())
}
