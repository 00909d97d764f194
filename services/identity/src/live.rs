//! Live updates: what any service says by `identity.touch` goes to every open page that may hear it.
//!
//! One connection a process listens; each page gets a bounded queue. Where something may have been missed (a page too
//! slow, a lost connection to the database) the stream ends: the browser connects again and fetches everything.

use std::sync::Arc;
use std::time::Duration;

use chancery_contracts::ids::PersonId;
use serde::Serialize;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many pages of this process listen at once; more are asked to come back later.
const PAGES: usize = 2_000;
const WAITING: usize = 256;

/// Something changed. Carries no content: the page fetches what it may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touch {
    /// `item`, `delivery`, …
    pub topic: String,
    /// Which one.
    pub id: Option<Uuid>,
}

impl Touch {
    fn parse(payload: &str) -> Option<Self> {
        let (topic, id) = payload.split_once(' ')?;
        Some(Self {
            topic: topic.to_owned(),
            id: id.parse().ok(),
        })
    }

    /// Whether `person`'s pages may hear it: notifications concern one person, everything else is no secret without
    /// the content.
    #[must_use]
    pub fn concerns(&self, person: PersonId) -> bool {
        self.topic != "notification" || self.id == Some(person.0)
    }
}

/// A touch, or none: something may have been missed.
pub type Heard = Option<Touch>;

/// See the module's page.
#[derive(Debug, Clone)]
pub struct Live {
    pool: PgPool,
    sender: broadcast::Sender<Heard>,
    seats: Arc<Semaphore>,
    listening: Arc<OnceCell<()>>,
    shutdown: CancellationToken,
}

/// A page's place; free again when dropped.
#[derive(Debug)]
pub struct Seat {
    /// What happens.
    pub touches: broadcast::Receiver<Heard>,
    _permit: OwnedSemaphorePermit,
}

impl Live {
    /// Nobody listens until the first page comes.
    #[must_use]
    pub fn new(pool: PgPool, shutdown: CancellationToken) -> Self {
        let (sender, _) = broadcast::channel(WAITING);
        let (seats, listening) = (Arc::new(Semaphore::new(PAGES)), Arc::new(OnceCell::new()));
        Self {
            pool,
            sender,
            seats,
            listening,
            shutdown,
        }
    }

    /// A place for one page, or none while all are taken. Everything touched after this call is heard.
    ///
    /// # Errors
    /// The database does not let anybody listen.
    pub async fn join(&self) -> Result<Option<Seat>, sqlx::Error> {
        let Ok(permit) = Arc::clone(&self.seats).try_acquire_owned() else {
            return Ok(None);
        };
        let touches = self.sender.subscribe();
        self.listening
            .get_or_try_init(|| async {
                let listener = listen(&self.pool).await?;
                tokio::spawn(forward(
                    self.pool.clone(),
                    listener,
                    self.sender.clone(),
                    self.shutdown.clone(),
                ));
                Ok::<(), sqlx::Error>(())
            })
            .await?;
        Ok(Some(Seat {
            touches,
            _permit: permit,
        }))
    }

    /// Waits until the process stops.
    pub async fn stopped(&self) {
        self.shutdown.cancelled().await;
    }
}

async fn listen(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen("live").await?;
    Ok(listener)
}

/// Forwards until the process stops. A lost connection is made again, and pages told to fetch everything.
async fn forward(
    pool: PgPool,
    mut listener: PgListener,
    sender: broadcast::Sender<Heard>,
    shutdown: CancellationToken,
) {
    loop {
        let heard = tokio::select! {
            () = shutdown.cancelled() => return,
            heard = listener.try_recv() => heard,
        };
        match heard {
            Ok(Some(notification)) => {
                if let Some(touch) = Touch::parse(notification.payload()) {
                    // Nobody listening is no error.
                    drop(sender.send(Some(touch)));
                }
            }
            // The connection was lost and made again; what was said meanwhile is unknown.
            Ok(None) => drop(sender.send(None)),
            Err(error) => {
                tracing::warn!(%error, "live updates are interrupted");
                let Some(again) = reconnect(&pool, &shutdown).await else {
                    return;
                };
                listener = again;
                drop(sender.send(None));
            }
        }
    }
}

async fn reconnect(pool: &PgPool, shutdown: &CancellationToken) -> Option<PgListener> {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return None,
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
        }
        if let Ok(listener) = listen(pool).await {
            return Some(listener);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_is_heard_by_its_person_only() {
        let (lan, minh) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let touch = Touch {
            topic: "notification".into(),
            id: Some(lan.0),
        };
        assert!(touch.concerns(lan) && !touch.concerns(minh));
        assert!(
            Touch {
                topic: "item".into(),
                id: None
            }
            .concerns(minh)
        );
        assert_eq!(
            Touch::parse("stops -"),
            Some(Touch {
                topic: "stops".into(),
                id: None
            })
        );
        assert_eq!(Touch::parse("nonsense"), None);
    }
}
