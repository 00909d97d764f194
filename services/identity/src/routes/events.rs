//! The stream of live updates (server-sent events): `{"topic", "id"}`, and the event `missed` where what was said since the
//! page was asked for is not known any more.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chancery_contracts::ids::PersonId;
use chancery_web::{Caller, Problem, Query};
use chrono::DateTime;
use futures_util::stream;
use http::HeaderMap;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;

use super::App;
use crate::live::{Heard, Seat};
use crate::model::secret;
use crate::store::sessions;

/// Proxies close what is silent; phones wake up for what is not.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// How often a stream asks whether its session still stands.
const CHECK: Duration = Duration::from_mins(1);

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// When the page that listens was asked for, by our clock: milliseconds of the Unix epoch.
    since: Option<i64>,
}

pub(crate) async fn stream(
    State(app): State<App>,
    Caller(me): Caller,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut seat = app
        .live
        .join(asked.since.and_then(DateTime::from_timestamp_millis))
        .await?
        .ok_or_else(|| Problem::unavailable("events-full"))?;
    let token = app.shell.session_token(&headers).unwrap_or_default();
    let earlier = match seat.earlier.take() {
        Some(touches) => touches.into_iter().map(Some).collect(),
        None => VecDeque::from([None]),
    };
    let listener = Listener {
        app,
        seat,
        earlier,
        person: me.person,
        session: secret::hash(&token),
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = match listener.next().await? {
            Some(touch) => Event::default().json_data(&touch).ok()?,
            None => Event::default().event("missed").data("-"),
        };
        Some((Ok::<_, Infallible>(event), listener))
    });
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    // nginx would hold events back until its buffer is full.
    Ok(([("x-accel-buffering", "no"), ("cache-control", "no-store")], sse).into_response())
}

/// One page that listens.
struct Listener {
    app: App,
    seat: Seat,
    earlier: VecDeque<Heard>,
    person: PersonId,
    session: [u8; 32],
}

impl Listener {
    /// The next event for this page; none when its session has ended or the process stops.
    async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.earlier.pop_front() {
                if heard.as_ref().is_none_or(|touch| touch.concerns(self.person)) {
                    return Some(heard);
                }
                continue;
            }
            let heard = tokio::select! {
                () = self.app.live.stopped() => return None,
                () = tokio::time::sleep(CHECK) => {
                    self.stands().await?;
                    continue;
                }
                heard = self.seat.touches.recv() => heard,
            };
            match heard {
                Ok(Some(touch)) if touch.concerns(self.person) => return Some(Some(touch)),
                Ok(Some(_)) => {}
                // Something may have been missed: the browser connects again, and the page fetches everything.
                Ok(None) | Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
            }
        }
    }

    /// Asking does not count as a request: an open page alone keeps nobody signed in.
    async fn stands(&self) -> Option<()> {
        sessions::standing(&self.app.pool, &self.session)
            .await
            .ok()
            .flatten()
            .map(drop)
    }
}
