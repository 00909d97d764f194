//! Models: headquarters writes and sends them, missions answer. Sending is done by jobs, a batch of missions each.

mod adopting;
mod answering;
mod sending;
mod writing;

pub use adopting::AdoptedModel;
pub use answering::ModelAt;
pub use sending::SentModel;

use chancery_access::Action;
use chancery_contracts::ids::ModelId;
use chancery_directory::Unit;
use serde_json::Value;
use sqlx::PgConnection;

use super::{Actor, Workflow};
use crate::error::CalendarError;
use crate::store::items::Lock;
use crate::store::models::{self, Model};
use crate::store::timeline;

impl Workflow {
    /// A model and its unit, for who may do `action` there.
    ///
    /// # Errors
    /// There is none, or the person may not.
    pub async fn open_model(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: ModelId,
        action: Action,
    ) -> Result<(Model, Unit), CalendarError> {
        self.opened_model(conn, actor, id, Lock::None, action).await
    }

    async fn opened_model(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: ModelId,
        lock: Lock,
        action: Action,
    ) -> Result<(Model, Unit), CalendarError> {
        let model = models::load(&mut *conn, id, lock).await?;
        let unit = chancery_directory::unit(conn, model.unit).await?;
        actor.require(action, &unit)?;
        Ok((model, unit))
    }

    /// Writes into the audit trail what was done to a model, and lets open pages look again.
    async fn record_model(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        model: &Model,
        action: &'static str,
        detail: Value,
    ) -> Result<(), CalendarError> {
        let what = (action, "model", Some(model.id.0));
        timeline::audit(
            &mut *conn,
            actor.person(),
            model.unit,
            what,
            detail,
            actor.request,
        )
        .await?;
        Ok(models::touch(conn, model.id).await?)
    }
}
