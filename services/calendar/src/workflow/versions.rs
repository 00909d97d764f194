//! Versions to go back to: taken while people write, compared word by word, put in place again without losing anything.

use chancery_access::Action;
use chancery_contracts::ids::{ItemId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::model::{Change, Draft};
use crate::store::accounts;
use crate::store::items::{Item, Lock};
use crate::store::snapshots::{self, Reason, Taken};

impl Workflow {
    /// Keeps what has just been saved in an item. What stood there before is kept first, where nothing is yet.
    pub(super) async fn keep_version(
        &self,
        tx: &mut PgConnection,
        before: &Item,
        revision: i64,
        draft: &Draft,
        (by, reason): (PersonId, Reason),
    ) -> Result<(), CalendarError> {
        let taken = |person, revision, reason, draft| Taken {
            id: self.clock.new_id(),
            item: before.id,
            version: before.version,
            revision,
            person,
            reason,
            draft,
            at: self.clock.now(),
        };
        let was_written = !before.draft.title.is_empty() || !before.draft.body.is_empty();
        if was_written && !snapshots::any(&mut *tx, before.id).await? {
            let (person, at) = before.updated;
            let first = Taken {
                at,
                ..taken(person, before.revision, Reason::Written, &before.draft)
            };
            snapshots::take(&mut *tx, &first).await?;
        }
        Ok(snapshots::take(tx, &taken(by, revision, reason, draft)).await?)
    }

    /// Puts an earlier version in the place of what stands in an open item. That is a save like any other: what it
    /// replaces stays in the list. Channels that the unit no longer has are left out.
    ///
    /// # Errors
    /// There is no such version, the item is not open, it changed since (`revision`), or the person may not.
    pub async fn restore_version(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        revision: i64,
        version: Uuid,
    ) -> Result<(), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        if item.revision != revision {
            return Err(CalendarError::Stale);
        }
        let mut draft = snapshots::draft(&mut tx, id, version).await?;
        let accounts = accounts::of_unit(&mut tx, unit.id).await?;
        draft.variants.retain(|variant| {
            accounts.iter().any(|account| account.id == variant.account)
                || item
                    .draft
                    .variants
                    .iter()
                    .any(|now| now.account == variant.account)
        });
        let draft = super::writing::only_its_pictures(draft, &item);
        self.write(&mut tx, actor, &item, &unit, &draft, Reason::Restored)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
