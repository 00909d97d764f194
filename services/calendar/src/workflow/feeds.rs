//! Calendars to subscribe to. The address is the proof, and shows what its owner may see at that moment: no more after
//! their posting has ended.

use chancery_access::Action;
use chancery_web::token_hash;
use chrono::{DateTime, TimeDelta, Utc};
use rand::TryRng as _;
use rand::rngs::SysRng;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::store::feeds::{self, Feed, Occasion, Subject};
use crate::store::{campaigns, timeline};

/// The most feeds of one person.
const MOST: usize = 50;

impl Workflow {
    /// Makes a feed; gives its secret, which is kept nowhere.
    ///
    /// # Errors
    /// The person may not see what it is of, or has too many.
    pub async fn make_feed(
        &self,
        actor: Actor<'_>,
        subject: Subject,
        language: &str,
    ) -> Result<String, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let unit = match subject {
            Subject::Person => chancery_directory::ministry(&mut tx).await?,
            Subject::Unit(unit) => chancery_directory::unit(&mut tx, unit).await?,
            Subject::Campaign(campaign) => {
                let campaign = campaigns::load(&mut tx, campaign).await?;
                chancery_directory::unit(&mut tx, campaign.unit).await?
            }
        };
        if subject != Subject::Person {
            actor.require(Action::ItemRead, &unit)?;
        }
        if feeds::of_person(&mut tx, actor.person()).await?.len() >= MOST {
            return Err(CalendarError::field("subject", "feeds-too-many"));
        }
        let mut bytes = [0_u8; 32];
        SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| CalendarError::Random(error.to_string()))?;
        let secret = hex::encode(bytes);
        let feed = Feed {
            id: self.clock.new_id(),
            owner: actor.person(),
            subject,
            language: if language == "en" { "en" } else { "vi" }.to_owned(),
        };
        feeds::insert(&mut tx, &feed, &token_hash(&secret), self.clock.now()).await?;
        let what = ("feed.made", "feed", Some(feed.id));
        timeline::audit(&mut tx, actor.person(), unit.id, what, json!({}), actor.request).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Ends a feed of one's own, at once.
    ///
    /// # Errors
    /// There is none.
    pub async fn revoke_feed(&self, actor: Actor<'_>, id: Uuid) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        if !feeds::revoke(&mut tx, id, actor.person(), self.clock.now()).await? {
            return Err(CalendarError::NotFound);
        }
        let unit = chancery_directory::ministry(&mut tx).await?.id;
        let what = ("feed.revoked", "feed", Some(id));
        timeline::audit(&mut tx, actor.person(), unit, what, json!({}), actor.request).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What is behind a secret, now: as much as its owner may see today. Two months back and a year ahead.
    ///
    /// # Errors
    /// [`CalendarError::NotFound`]: it was revoked, or its owner may see nothing of it any more.
    pub async fn feed(
        &self,
        conn: &mut PgConnection,
        secret: &str,
    ) -> Result<(Feed, Vec<Occasion>), CalendarError> {
        let now: DateTime<Utc> = self.clock.now();
        let feed = feeds::by_token(&mut *conn, &token_hash(secret), now).await?;
        let ministry = chancery_directory::ministry(&mut *conn).await?;
        let today = now.with_timezone(&ministry.zone).date_naive();
        let owner = chancery_directory::principal(&mut *conn, feed.owner, today).await?;
        let roots = owner.units_for(Action::ItemRead);
        let unit = match feed.subject {
            Subject::Person => None,
            Subject::Unit(unit) => Some(unit),
            Subject::Campaign(campaign) => Some(campaigns::load(&mut *conn, campaign).await?.unit),
        };
        if let Some(unit) = unit {
            let unit = chancery_directory::unit(&mut *conn, unit).await?;
            if !owner.decide(Action::ItemRead, unit.place()).is_allowed() {
                return Err(CalendarError::NotFound);
            }
        }
        if roots.is_empty() {
            return Err(CalendarError::NotFound);
        }
        let (from, until) = (now - TimeDelta::days(60), now + TimeDelta::days(366));
        let occasions = feeds::occasions(conn, &feed, &roots, from, until).await?;
        Ok((feed, occasions))
    }
}
