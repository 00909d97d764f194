//! The log by hand.

use chancery_access::Action;
use chancery_contracts::ids::UnitId;
use serde_json::json;
use uuid::Uuid;

use super::accept::is_language;
use super::preflight::refuse_marked_text;
use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::activity::Activity;
use crate::store::activities::{self, Kept};
use crate::store::{campaigns, timeline};

impl Workflow {
    /// Writes down what `unit` did off-line or elsewhere.
    ///
    /// # Errors
    /// A value is refused, or the person may not write there.
    pub async fn log_activity(
        &self,
        actor: Actor<'_>,
        unit: UnitId,
        activity: Activity,
    ) -> Result<Uuid, CalendarError> {
        let id = self.clock.new_id();
        let kept = Kept {
            id,
            unit,
            activity,
            revision: 0,
        };
        self.write_activity(actor, kept).await?;
        Ok(id)
    }

    /// Changes an entry that still has `revision`.
    ///
    /// # Errors
    /// As above, or somebody else changed it meanwhile.
    pub async fn change_activity(
        &self,
        actor: Actor<'_>,
        id: Uuid,
        revision: i64,
        activity: Activity,
    ) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let unit = activities::load(&mut conn, id).await?.unit;
        drop(conn);
        let kept = Kept {
            id,
            unit,
            activity,
            revision,
        };
        self.write_activity(actor, kept).await
    }

    async fn write_activity(&self, actor: Actor<'_>, kept: Kept) -> Result<(), CalendarError> {
        let activity = kept
            .activity
            .accepted()
            .map_err(|(field, key)| CalendarError::field(field, key))?;
        for (field, text) in [("title", &activity.title), ("summary", &activity.summary)] {
            refuse_marked_text(field, text)?;
        }
        if !is_language(&activity.language) {
            return Err(CalendarError::field("language", "items-language-unknown"));
        }
        let mut tx = self.pool.begin().await?;
        let unit = chancery_directory::unit(&mut tx, kept.unit).await?;
        actor.require(Action::ItemWrite, &unit)?;
        let (audience, programme, campaign) = campaigns::exist(
            &mut tx,
            &activity.audience,
            activity.programme,
            activity.campaign,
            &unit.path,
        )
        .await?;
        if !audience {
            return Err(CalendarError::field("audience", "items-audience-unknown"));
        }
        if !programme {
            return Err(CalendarError::field("programme", "items-programme-unknown"));
        }
        if !campaign {
            return Err(CalendarError::field("campaign", "items-campaign-unknown"));
        }
        let kept = Kept { activity, ..kept };
        if !activities::save(&mut tx, &kept, actor.person(), self.clock.now()).await? {
            return Err(CalendarError::Stale);
        }
        let action = if kept.revision == 0 {
            "activity.logged"
        } else {
            "activity.changed"
        };
        let detail = json!({ "title": kept.activity.title, "kind": kept.activity.kind });
        let what = (action, "activity", Some(kept.id));
        timeline::audit(&mut tx, actor.person(), kept.unit, what, detail, actor.request).await?;
        tx.commit().await?;
        Ok(())
    }
}
