//! Pauses, as the publisher publishes them.

use chancery_contracts::Topic;
use chancery_contracts::ids::{AccountId, CampaignId, UnitId};
use sqlx::PgConnection;
use uuid::Uuid;

/// The reason of the first pause that keeps back what goes to these accounts, about this topic, in this campaign, in the
/// name of this unit; none: nothing keeps it back.
///
/// # Errors
/// The database fails.
pub async fn covering(
    conn: &mut PgConnection,
    accounts: &[AccountId],
    (topic, campaign, unit): (Topic, Option<CampaignId>, UnitId),
) -> Result<Option<String>, sqlx::Error> {
    let accounts: Vec<Uuid> = accounts.iter().map(|account| account.0).collect();
    sqlx::query_scalar!(
        r#"select s.reason as "reason!" from publisher.published_stops s
           where exists (
               select from publisher.published_accounts a
               where a.id = any($1) and publisher.stop_covers(s.scope, s.scope_id, $2, $3, a.id, $4, a.unit_id))
           order by s.placed_at limit 1"#,
        &accounts,
        topic.as_str(),
        campaign.map(|campaign| campaign.0),
        unit.0,
    )
    .fetch_optional(conn)
    .await
}
