//! Texts as they leave: links marked or behind short addresses, before an edition is frozen, and those addresses opened to
//! readers by the order alone.

use chancery_contracts::Edition;
use chancery_contracts::ids::{ItemId, UnitId};
use serde_json::json;
use sqlx::PgConnection;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Account, Draft, LinkStyle, Measuring, ShortLink, State, outgoing};
use crate::store::items::Item;
use crate::store::short_links;

impl Workflow {
    /// The item's draft as it leaves, and the short addresses in it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn outgoing(
        &self,
        conn: &mut PgConnection,
        item: &Item,
        accounts: &[Account],
    ) -> Result<(Draft, Vec<ShortLink>), CalendarError> {
        let campaign = match item.draft.campaign {
            Some(campaign) if item.draft.links != LinkStyle::AsWritten => {
                short_links::campaign_name(conn, campaign.0).await?
            }
            _ => None,
        };
        let measuring = Measuring {
            item: item.id,
            campaign: campaign.as_deref(),
            site: &self.site,
        };
        Ok(outgoing(&item.draft, accounts, measuring))
    }

    /// Opens the short addresses in what is ordered: in the order's own transaction, so that they lead somewhere before
    /// its minute, and never without it.
    pub(super) async fn open_short_links(
        &self,
        tx: &mut PgConnection,
        item: ItemId,
        edition: &Edition,
    ) -> Result<(), CalendarError> {
        let stands_in = |link: &ShortLink| {
            let address = link.address(&self.site);
            let mut texts = edition.variants.iter();
            texts.any(|variant| variant.account == link.account && variant.body.contains(&address))
        };
        let known = short_links::of_item(&mut *tx, item).await?;
        let codes: Vec<String> = known
            .into_iter()
            .filter(stands_in)
            .map(|link| link.code)
            .collect();
        if !codes.is_empty() {
            short_links::open(tx, item, &codes).await?;
        }
        Ok(())
    }

    /// Ends an item's short addresses once it comes to stand where nothing of it is to be read.
    pub(super) async fn end_short_links(
        &self,
        tx: &mut PgConnection,
        item: ItemId,
        state: State,
    ) -> Result<(), CalendarError> {
        if matches!(state, State::Cancelled | State::Withdrawn) {
            short_links::end(tx, item).await?;
        }
        Ok(())
    }

    /// Says how items of a unit and of those below it begin.
    ///
    /// # Errors
    /// There is no such unit, or the person does not manage policy.
    pub async fn set_link_style(
        &self,
        actor: Actor<'_>,
        unit: UnitId,
        links: LinkStyle,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let ministry = self.policy_of(&mut tx, actor).await?;
        let unit = chancery_directory::unit(&mut tx, unit).await?;
        short_links::put_style(&mut tx, unit.id, links, actor.person(), self.clock.now()).await?;
        let detail = json!({ "unit": unit.id, "links": links });
        self.audit_policy(&mut tx, actor, &ministry, "policy.links_changed", detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
