//! Live updates: what any service says by `identity.touch` goes to every open page that may hear it.
//!
//! One connection a process listens; each page gets a bounded queue, and first what was said since the page was asked for:
//! a post may go out between a page's making and its first word with us. Where something may have been missed (a page too
//! slow or too old, a lost connection to the database) the browser fetches everything.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chancery_clock::SharedClock;
use chancery_contracts::ids::PersonId;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many pages of this process listen at once; more are asked to come back later.
const PAGES: usize = 2_000;
const WAITING: usize = 256;
/// How many touches are remembered for pages that are still on their way, and for how long.
const REMEMBERED: usize = 1_000;
const MEMORY: TimeDelta = TimeDelta::minutes(2);

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

/// What was said lately.
#[derive(Debug)]
struct Memory {
    /// Everything said after this instant is here.
    complete_since: Option<DateTime<Utc>>,
    touches: VecDeque<(DateTime<Utc>, Touch)>,
}

impl Memory {
    const fn new() -> Self {
        Self {
            complete_since: None,
            touches: VecDeque::new(),
        }
    }

    /// What was said before this instant is not known.
    fn begin(&mut self, now: DateTime<Utc>) {
        self.touches.clear();
        self.complete_since = Some(now);
    }

    fn remember(&mut self, touch: Touch, now: DateTime<Utc>) {
        self.touches.push_back((now, touch));
        while let Some((at, _)) = self.touches.front() {
            if self.touches.len() <= REMEMBERED && now - *at <= MEMORY {
                break;
            }
            let after = *at + TimeDelta::microseconds(1);
            self.complete_since = self.complete_since.map(|since| since.max(after));
            self.touches.pop_front();
        }
    }

    /// Each thing touched since `since`, once; none where that is not known any more.
    fn since(&self, since: DateTime<Utc>) -> Option<Vec<Touch>> {
        self.complete_since.filter(|complete| *complete <= since)?;
        let mut said: Vec<Touch> = Vec::new();
        for (_, touch) in self.touches.iter().filter(|(at, _)| *at >= since) {
            if !said.contains(touch) {
                said.push(touch.clone());
            }
        }
        Some(said)
    }
}

/// Whom to tell, and what was told: together, so that nothing is said between reading the one and joining the other.
#[derive(Debug)]
struct Voice {
    sender: broadcast::Sender<Heard>,
    memory: Mutex<Memory>,
    clock: SharedClock,
}

impl Voice {
    fn say(&self, touch: Touch) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.remember(touch.clone(), self.clock.now());
        // Nobody listening is no error.
        drop(self.sender.send(Some(touch)));
    }

    /// From now on everything is heard; what was said until now may have been missed.
    fn begin(&self) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.begin(self.clock.now());
        drop(self.sender.send(None));
    }

    fn join(&self, since: Option<DateTime<Utc>>) -> (Option<Vec<Touch>>, broadcast::Receiver<Heard>) {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        (
            since.map_or_else(|| Some(Vec::new()), |since| memory.since(since)),
            self.sender.subscribe(),
        )
    }
}

/// See the module's page.
#[derive(Debug, Clone)]
pub struct Live {
    pool: PgPool,
    voice: Arc<Voice>,
    seats: Arc<Semaphore>,
    listening: Arc<OnceCell<()>>,
    shutdown: CancellationToken,
}

/// A page's place; free again when dropped.
#[derive(Debug)]
pub struct Seat {
    /// What happened since the page was asked for; none: nobody remembers.
    pub earlier: Option<Vec<Touch>>,
    /// What happens.
    pub touches: broadcast::Receiver<Heard>,
    _permit: OwnedSemaphorePermit,
}

impl Live {
    /// Nobody listens until the first page comes.
    #[must_use]
    pub fn new(pool: PgPool, clock: SharedClock, shutdown: CancellationToken) -> Self {
        let (sender, _) = broadcast::channel(WAITING);
        let (seats, listening) = (Arc::new(Semaphore::new(PAGES)), Arc::new(OnceCell::new()));
        Self {
            pool,
            voice: Arc::new(Voice {
                sender,
                memory: Mutex::new(Memory::new()),
                clock,
            }),
            seats,
            listening,
            shutdown,
        }
    }

    /// A place for one page, or none while all are taken. It hears everything touched `since` it was asked for; without that,
    /// from now on.
    ///
    /// # Errors
    /// The database does not let anybody listen.
    pub async fn join(&self, since: Option<DateTime<Utc>>) -> Result<Option<Seat>, sqlx::Error> {
        let Ok(permit) = Arc::clone(&self.seats).try_acquire_owned() else {
            return Ok(None);
        };
        self.listening
            .get_or_try_init(|| async {
                let listener = listen(&self.pool).await?;
                self.voice.begin();
                tokio::spawn(forward(
                    self.pool.clone(),
                    listener,
                    Arc::clone(&self.voice),
                    self.shutdown.clone(),
                ));
                Ok::<(), sqlx::Error>(())
            })
            .await?;
        let (earlier, touches) = self.voice.join(since);
        Ok(Some(Seat {
            earlier,
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
async fn forward(pool: PgPool, mut listener: PgListener, voice: Arc<Voice>, shutdown: CancellationToken) {
    loop {
        let heard = tokio::select! {
            () = shutdown.cancelled() => return,
            heard = listener.try_recv() => heard,
        };
        match heard {
            Ok(Some(notification)) => {
                if let Some(touch) = Touch::parse(notification.payload()) {
                    voice.say(touch);
                }
            }
            // The connection was lost and made again; what was said meanwhile is unknown.
            Ok(None) => voice.begin(),
            Err(error) => {
                tracing::warn!(%error, "live updates are interrupted");
                let Some(again) = reconnect(&pool, &shutdown).await else {
                    return;
                };
                listener = again;
                voice.begin();
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

    #[test]
    fn a_page_hears_what_was_said_while_it_was_on_its_way_and_is_told_when_nobody_remembers() {
        let touch = |n: u128| Touch {
            topic: "item".into(),
            id: Some(Uuid::from_u128(n)),
        };
        let begun = DateTime::UNIX_EPOCH;
        let at = |seconds: i64| begun + TimeDelta::seconds(seconds);
        let mut memory = Memory::new();
        assert_eq!(memory.since(begun), None, "nobody listens yet");
        memory.begin(begun);
        assert_eq!(memory.since(begun), Some(Vec::new()));
        for (second, what) in [(1, 1), (2, 2), (3, 1)] {
            memory.remember(touch(what), at(second));
        }
        assert_eq!(memory.since(at(2)), Some(vec![touch(2), touch(1)]));
        assert_eq!(memory.since(at(0)), Some(vec![touch(1), touch(2)]), "each once");
        memory.remember(touch(3), at(123));
        assert_eq!(memory.since(at(2)), None, "that is forgotten");
        assert_eq!(memory.since(at(3)), Some(vec![touch(1), touch(3)]));
        for n in 0..2_000 {
            memory.remember(touch(n), at(124));
        }
        assert_eq!(memory.since(at(123)), None, "there was too much");
        assert_eq!(memory.touches.len(), REMEMBERED);
        memory.begin(at(200));
        assert_eq!(memory.since(at(199)), None, "the connection was lost in between");
    }
}
