//! Adding and changing units. Names are kept by period, so that history says what a unit was called at its time.

use chancery_contracts::ids::UnitId;
use chrono::NaiveDate;
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::model::unit::UnitDraft;
use crate::store::audit::{self, Record};
use crate::store::units;
use crate::{By, Identity, IdentityError};

impl Identity {
    /// Adds a unit.
    ///
    /// # Errors
    /// The slug is taken; the unit above does not exist; a second ministry.
    pub async fn add_unit(&self, by: By<'_>, draft: &UnitDraft) -> Result<UnitId, IdentityError> {
        let id = UnitId(self.clock.new_id());
        let mut tx = self.pool.begin().await?;
        units::insert(&mut tx, id, draft, self.clock.now())
            .await
            .map_err(IdentityError::from_write)?;
        record_unit(&mut tx, by, id, "unit.added", describe(draft)).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes a unit. A new name counts from `renamed_from`; before that day it was called as it was.
    ///
    /// # Errors
    /// As [`Identity::add_unit`]; somebody else changed it since `revision`.
    pub async fn change_unit(
        &self,
        by: By<'_>,
        id: UnitId,
        draft: &UnitDraft,
        revision: i32,
        renamed_from: NaiveDate,
    ) -> Result<(), IdentityError> {
        let before = units::get(&self.pool, id).await?.ok_or(IdentityError::NotFound)?;
        let mut tx = self.pool.begin().await?;
        let changed = units::update(&mut tx, id, draft, revision, self.clock.now())
            .await
            .map_err(IdentityError::from_write)?;
        if !changed {
            return Err(IdentityError::Stale);
        }
        let same_city = before.city.as_ref().map(|city| &city.0) == draft.city.as_ref();
        if before.names.0 != draft.names || !same_city {
            units::rename(&mut tx, id, &draft.names, draft.city.as_ref(), renamed_from).await?;
        }
        record_unit(&mut tx, by, id, "unit.changed", describe(draft)).await?;
        Ok(tx.commit().await?)
    }
}

fn describe(draft: &UnitDraft) -> Value {
    json!({
        "names": draft.names, "kind": draft.kind, "slug": draft.slug, "zone": draft.zone.name(),
        "parent": draft.parent, "from": draft.valid_from, "to": draft.valid_to, "successor": draft.successor,
    })
}

async fn record_unit(
    conn: &mut PgConnection,
    by: By<'_>,
    unit: UnitId,
    action: &'static str,
    detail: Value,
) -> Result<(), IdentityError> {
    let record = Record {
        actor: by.actor,
        unit: Some(unit),
        action,
        subject_kind: "unit",
        subject: Some(unit.0),
        detail,
        request_id: by.request_id,
    };
    Ok(audit::append(conn, record).await?)
}
