//! Campaigns, and the policy of approval.

use chancery_access::Action;
use chancery_contracts::ids::{CampaignId, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{CampaignChange, CampaignState, Colour, clean};
use crate::store::campaigns::{self, Campaign};
use crate::store::timeline;

/// What a person enters of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CampaignDraft {
    /// Its name.
    pub name: String,
    /// What it is to achieve.
    #[serde(default)]
    pub goal: String,
    /// First day, in the unit's country.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Its colour in lists.
    pub colour: Colour,
}

impl Workflow {
    /// Makes a campaign of `unit`; whoever makes it answers for it.
    ///
    /// # Errors
    /// A value is refused, or the person may not write there.
    pub async fn create_campaign(
        &self,
        actor: Actor<'_>,
        unit: UnitId,
        draft: CampaignDraft,
    ) -> Result<CampaignId, CalendarError> {
        let id = CampaignId(self.clock.new_id());
        self.write_campaign(
            actor,
            Campaign {
                id,
                unit,
                owner: actor.person(),
                revision: 0,
                state: CampaignState::on(actor.principal.today, draft.starts_on, draft.ends_on),
                ..entered(&draft)?
            },
        )
        .await?;
        Ok(id)
    }

    /// Changes a campaign that still has `revision`.
    ///
    /// # Errors
    /// As above, or somebody else changed it meanwhile.
    pub async fn change_campaign(
        &self,
        actor: Actor<'_>,
        id: CampaignId,
        revision: i64,
        draft: CampaignDraft,
    ) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let known = campaigns::load(&mut conn, id).await?;
        drop(conn);
        let campaign = Campaign {
            id,
            unit: known.unit,
            owner: known.owner,
            revision,
            ..entered(&draft)?
        };
        self.write_campaign(actor, campaign).await
    }

    /// Begins, ends, resumes, puts away or takes back a campaign that still has `revision`.
    ///
    /// # Errors
    /// It does not fit where the campaign stands, its last day is over and it cannot be resumed, somebody else changed it,
    /// or the person may not write there.
    pub async fn turn_campaign(
        &self,
        actor: Actor<'_>,
        id: CampaignId,
        revision: i64,
        change: CampaignChange,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let campaign = campaigns::load(&mut tx, id).await?;
        let unit = chancery_directory::unit(&mut tx, campaign.unit).await?;
        actor.require(Action::ItemWrite, &unit)?;
        let from = campaign.state;
        let to = from
            .after(change)
            .ok_or(CalendarError::NotNow("campaigns-state-refused"))?;
        if to.due(actor.principal.today, campaign.starts_on, campaign.ends_on) == Some(CampaignChange::End) {
            return Err(CalendarError::NotNow("campaigns-days-over"));
        }
        let now = self.clock.now();
        if !campaigns::stand(&mut tx, id, (from, to), Some(revision), now).await? {
            return Err(CalendarError::Stale);
        }
        let what = ("campaign.turned", "campaign", Some(id.0));
        let detail = json!({ "name": campaign.name, "from": from, "to": to });
        timeline::audit(
            &mut tx,
            actor.person(),
            campaign.unit,
            what,
            detail,
            actor.request,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Begins and ends campaigns as their days come, each on its unit's own wall. How many.
    ///
    /// # Errors
    /// The database fails: to be run again.
    pub async fn turn_campaigns(&self) -> Result<usize, CalendarError> {
        let now = self.clock.now();
        let mut conn = self.pool.acquire().await?;
        let mut turned = 0;
        for campaign in campaigns::turning(&mut conn).await? {
            let today = now.with_timezone(&campaign.zone).date_naive();
            let due = campaign.state.due(today, campaign.starts_on, campaign.ends_on);
            let Some(to) = due.and_then(|change| campaign.state.after(change)) else {
                continue;
            };
            let done = campaigns::stand(&mut conn, campaign.id, (campaign.state, to), None, now).await?;
            turned += usize::from(done);
        }
        Ok(turned)
    }

    async fn write_campaign(&self, actor: Actor<'_>, campaign: Campaign) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let unit = chancery_directory::unit(&mut tx, campaign.unit).await?;
        actor.require(Action::ItemWrite, &unit)?;
        if !campaigns::save(&mut tx, &campaign, actor.person(), self.clock.now()).await? {
            return Err(CalendarError::Stale);
        }
        let action = if campaign.revision == 0 {
            "campaign.created"
        } else {
            "campaign.changed"
        };
        let what = (action, "campaign", Some(campaign.id.0));
        let detail = json!({ "name": campaign.name });
        timeline::audit(
            &mut tx,
            actor.person(),
            campaign.unit,
            what,
            detail,
            actor.request,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

fn entered(draft: &CampaignDraft) -> Result<Campaign, CalendarError> {
    let name = clean(&draft.name).replace(['\n', '\t'], " ").trim().to_owned();
    let goal = clean(&draft.goal).trim().to_owned();
    if name.is_empty() {
        return Err(CalendarError::field("name", "campaigns-name-missing"));
    }
    if name.chars().count() > 200 {
        return Err(CalendarError::field("name", "campaigns-name-too-long"));
    }
    if goal.chars().count() > 2_000 {
        return Err(CalendarError::field("goal", "campaigns-goal-too-long"));
    }
    if draft.ends_on < draft.starts_on {
        return Err(CalendarError::field("ends_on", "campaigns-ends-before-it-starts"));
    }
    let likely = NaiveDate::from_ymd_opt(2000, 1, 1)..=NaiveDate::from_ymd_opt(2100, 1, 1);
    if !likely.contains(&Some(draft.starts_on)) || !likely.contains(&Some(draft.ends_on)) {
        return Err(CalendarError::field("starts_on", "items-time-unlikely"));
    }
    let nobody = uuid::Uuid::nil();
    Ok(Campaign {
        id: nobody.into(),
        unit: nobody.into(),
        name,
        goal,
        starts_on: draft.starts_on,
        ends_on: draft.ends_on,
        owner: nobody.into(),
        colour: draft.colour.to_string(),
        state: CampaignState::Planned,
        revision: 0,
    })
}
