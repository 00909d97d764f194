//! What webhooks are told of an item: written in the transaction that changed it, so that no event is lost and none is
//! invented.

use chancery_contracts::Origin;
use chancery_contracts::calendar::SendHook;
use chancery_queue::Outgoing;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Workflow;
use crate::error::CalendarError;
use crate::model::hooks::{HookEvent, Told, body};
use crate::store::hook_messages::{self, Message};
use crate::store::items::{Item, Standing};
use crate::store::{deliveries, hooks};

impl Workflow {
    /// Tells every endpoint that wants to know what became of an item.
    pub(super) async fn announce(
        &self,
        tx: &mut PgConnection,
        item: &Item,
        to: Standing,
        event: HookEvent,
        origin: &Origin,
    ) -> Result<(), CalendarError> {
        if !hooks::anybody(&mut *tx, event).await? {
            return Ok(());
        }
        let unit = chancery_directory::unit(&mut *tx, item.unit).await?;
        let endpoints = hooks::hearing(&mut *tx, &unit.path, event).await?;
        if endpoints.is_empty() {
            return Ok(());
        }
        let out: Vec<_> = deliveries::of_item(&mut *tx, item.id)
            .await?
            .into_iter()
            .filter_map(|delivery| Some((delivery.account, delivery.permalink?)))
            .collect();
        let told = Told {
            item: item.id.0,
            state: to.state,
            scope: item.draft.scope,
            version: to.version,
            title: item.draft.title.trim(),
            unit: (unit.id.0, &unit.names),
            due: item.appointment.map(crate::model::Appointment::instant),
            permalinks: &out,
        };
        let now = self.clock.now();
        let body = body(event.as_str(), now, Some(&told));
        for hook in endpoints {
            let message = Message {
                id: self.clock.new_id(),
                hook,
                event: event.to_string(),
                item: Some(item.id.0),
                body: body.clone(),
                created_at: now,
            };
            hook_messages::insert(&mut *tx, &message).await?;
            chancery_queue::send(&mut *tx, &delivery(hook, message.id, origin)).await?;
        }
        Ok(())
    }
}

/// The job that delivers a message: one at a time to an endpoint, and one for a message however often it is asked for.
pub(crate) fn delivery(hook: Uuid, message: Uuid, origin: &Origin) -> Outgoing {
    Outgoing::new(SendHook { message }, origin)
        .lane(format!("hook:{hook}"))
        .key(format!("hook-message:{message}"))
}
