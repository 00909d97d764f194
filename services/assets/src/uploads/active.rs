//! Who writes to an upload in this process, and how to make them stop.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long a writer is given to put down what it has.
const FLUSH: Duration = Duration::from_secs(10);

/// The writers by upload. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Active(Arc<Mutex<HashMap<Uuid, Signals>>>);

#[derive(Debug, Clone, Default)]
struct Signals {
    stop: CancellationToken,
    ended: CancellationToken,
}

/// A writer's entry: gone with it, however it ends.
#[derive(Debug)]
pub(super) struct Writing {
    active: Active,
    id: Uuid,
    signals: Signals,
}

impl Active {
    /// Enters a writer. The claim in the database has been won, so an older entry is one that is about to end.
    pub fn begin(&self, id: Uuid) -> Writing {
        let signals = Signals::default();
        self.lock().insert(id, signals.clone());
        Writing {
            active: self.clone(),
            id,
            signals,
        }
    }

    /// Makes the writer of an upload stop, if there is one here, and waits until what it had is kept.
    pub async fn stop(&self, id: Uuid) {
        let signals = self.lock().get(&id).cloned();
        if let Some(signals) = signals {
            signals.stop.cancel();
            if tokio::time::timeout(FLUSH, signals.ended.cancelled())
                .await
                .is_err()
            {
                tracing::warn!(%id, "a writer to an upload does not end; the store keeps it from doing harm");
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Signals>> {
        // Inserting and removing leave the map whole wherever they stop.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writing {
    /// Told when it is to stop.
    pub fn stop(&self) -> CancellationToken {
        self.signals.stop.clone()
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let mut writers = self.active.lock();
        // A later writer may have taken the place.
        if writers
            .get(&self.id)
            .is_some_and(|present| present.ended == self.signals.ended)
        {
            writers.remove(&self.id);
        }
        drop(writers);
        self.signals.ended.cancel();
    }
}
