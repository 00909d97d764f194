//! Headquarters' clock and city, from the root unit: data of the organisation, so read from the database and kept for
//! a minute.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono_tz::Tz;
use serde_json::Value;
use sqlx::PgPool;

const FRESH: Duration = Duration::from_mins(1);

/// See the module's page.
#[derive(Debug, Clone)]
pub(crate) struct Headquarters(Arc<RwLock<State>>);

#[derive(Debug)]
struct State {
    zone: Tz,
    /// `{"vi": "Hà Nội", "en": "Hanoi"}`.
    city: Value,
    read: Option<Duration>,
}

impl Headquarters {
    pub fn new(zone: Tz) -> Self {
        Self(Arc::new(RwLock::new(State {
            zone,
            city: Value::Null,
            read: None,
        })))
    }

    pub fn zone(&self) -> Tz {
        self.0.read().unwrap_or_else(PoisonError::into_inner).zone
    }

    pub fn city(&self) -> Value {
        self.0.read().unwrap_or_else(PoisonError::into_inner).city.clone()
    }

    /// Reads the root unit again if a minute has passed. A failure keeps what was known: a page without the latest
    /// name of a city is better than none.
    pub async fn refresh(&self, pool: &PgPool, now: Duration) {
        {
            let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if state.read.is_some_and(|read| now.saturating_sub(read) < FRESH) {
                return;
            }
            state.read = Some(now);
        }
        let root =
            sqlx::query!("select zone, city from identity.published_units where parent_id is null limit 1")
                .fetch_optional(pool)
                .await;
        match root {
            Ok(Some(root)) => {
                let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
                state.zone = root.zone.and_then(|zone| zone.parse().ok()).unwrap_or(state.zone);
                state.city = root.city.unwrap_or(Value::Null);
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the root unit can't be read"),
        }
    }
}
