//! `chancery audit`: the trail of who did what, newest first.

use chancery_clock::SystemClock;
use chancery_identity::AuditFilter;
use chrono::SecondsFormat;

use super::table::{self, or_dash, short};
use crate::cli::Audit;
use crate::compose::identity;
use crate::config::Config;
use crate::error::Failure;
use crate::ground::Ground;

/// Prints the entries that match.
pub async fn run(config: Config, options: &Audit) -> Result<(), Failure> {
    let ground = Ground::join(config).await?;
    let filter = AuditFilter {
        subject: options.subject,
        action: options.action.clone(),
        fetch: options.limit,
        ..AuditFilter::default()
    };
    let found = identity(&ground, &SystemClock::shared(), false)
        .audit(&filter)
        .await;
    ground.leave().await?;
    let entries = found.map_err(|error| Failure::said(error.to_string()))?;
    if options.json {
        for entry in entries {
            println!(
                "{}",
                serde_json::to_string(&entry).map_err(|error| Failure::said(error.to_string()))?
            );
        }
        return Ok(());
    }
    table::print(
        ["NO", "AT", "WHO", "ACTION", "SUBJECT", "DETAIL"],
        entries.into_iter().map(|entry| {
            let who = entry.actor_name.unwrap_or(entry.recorded_by);
            let subject = format!("{} {}", entry.subject_kind, or_dash(entry.subject));
            let at = entry.at.to_rfc3339_opts(SecondsFormat::Secs, true);
            [
                entry.seq.to_string(),
                at,
                who,
                entry.action,
                subject,
                short(&entry.detail.to_string(), 60),
            ]
        }),
    );
    Ok(())
}
