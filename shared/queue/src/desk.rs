use std::collections::VecDeque;
use std::time::Duration;

use crate::handler::Registered;
use crate::store::Taken;

/// At most so many jobs of a kind are taken ahead of their turn.
const MOST_AHEAD: usize = 1_000;
/// How long a look back the pace is reckoned from.
const WINDOW: Duration = Duration::from_millis(100);

/// How far back a floor lags: whoever was given a number may take so long to commit.
const LAG: Duration = Duration::from_secs(1);

/// What a worker has in its hands of one kind: jobs that run, and jobs taken ahead. How many are taken ahead follows
/// the pace: about as many as end within two windows, so that quick jobs come in big batches and slow ones are left for
/// other workers.
pub struct Desk {
    pub kind: &'static str,
    pub registered: Registered,
    /// There may be more of it in the database than was taken.
    pub more: bool,
    running: usize,
    ahead: VecDeque<Taken>,
    ended: usize,
    ended_before: usize,
    window_began: Duration,
    floors: Floors,
}

/// Up to which number jobs without an appointment were taken, by urgency. Lower numbers need not be sought every time;
/// that they are sought every second or so finds the exceptions.
#[derive(Default)]
struct Floors {
    /// In force: what had been taken one to two [`LAG`]s ago.
    settled: [i64; 3],
    older: [i64; 3],
    newest: [i64; 3],
    turned: Duration,
}

impl Desk {
    pub fn new(kind: &'static str, registered: Registered) -> Self {
        Self {
            kind,
            registered,
            more: true,
            running: 0,
            ahead: VecDeque::new(),
            ended: 0,
            ended_before: 0,
            window_began: Duration::ZERO,
            floors: Floors::default(),
        }
    }

    /// How many jobs to ask for at `now` (monotonic); 0 while the desk is more than half full.
    pub fn room(&mut self, now: Duration) -> usize {
        let elapsed = now.saturating_sub(self.window_began);
        if elapsed >= WINDOW {
            self.ended_before = if elapsed >= 2 * WINDOW { 0 } else { self.ended };
            self.ended = 0;
            self.window_began = now;
        }
        let concurrency = self.registered.options.concurrency.max(1);
        let pace = self.ended.max(self.ended_before);
        // Fewer than fill every place twice a window: no need to take any ahead.
        let wanted = if pace < 2 * concurrency {
            0
        } else {
            (2 * pace).min(MOST_AHEAD)
        };
        let held = self.running + self.ahead.len();
        if wanted > 0 && self.ahead.len() > wanted / 2 {
            return 0;
        }
        (concurrency + wanted).saturating_sub(held)
    }

    pub fn put(&mut self, taken: Taken) {
        let urgency = usize::try_from(taken.priority).unwrap_or_default();
        if let (None, Some(newest)) = (taken.run_at, self.floors.newest.get_mut(urgency)) {
            *newest = taken.id.max(*newest);
        }
        self.ahead.push_back(taken);
    }

    /// The next job to run, if there is a free place for it.
    pub fn next(&mut self) -> Option<Taken> {
        if self.running >= self.registered.options.concurrency.max(1) {
            return None;
        }
        let taken = self.ahead.pop_front()?;
        self.running += 1;
        Some(taken)
    }

    pub fn end(&mut self) {
        self.running = self.running.saturating_sub(1);
        self.ended += 1;
    }

    /// The job numbers from which to seek, by urgency, at `now` (monotonic). Jobs from number `woken` on came free again.
    pub fn floors(&mut self, now: Duration, woken: i64) -> [i64; 3] {
        let floors = &mut self.floors;
        if now.saturating_sub(floors.turned) >= LAG {
            (floors.settled, floors.older, floors.turned) = (floors.older, floors.newest, now);
        }
        floors.settled = floors.settled.map(|floor| floor.min(woken));
        floors.settled
    }
}
