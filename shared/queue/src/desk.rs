use std::collections::VecDeque;
use std::time::Duration;

use crate::handler::Registered;
use crate::store::Taken;

/// At most so many jobs of a kind are taken ahead of their turn.
const MOST_AHEAD: usize = 1_000;
/// How long a look back the pace is reckoned from.
const WINDOW: Duration = Duration::from_millis(100);

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
}
