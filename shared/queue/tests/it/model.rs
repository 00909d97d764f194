//! Any sequence of what services, workers and administrators do, against a model that is plain to see.

use std::collections::{BTreeMap, BTreeSet};

use chancery_contracts::Service;
use chancery_queue::{Outgoing, Priority, cancel, reschedule};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use sqlx::PgPool;
use uuid::Uuid;

use crate::common::{House, other, seconds, task};

const KINDS: [&str; 2] = ["calendar.test_task", "calendar.test_other"];

#[derive(Debug, Clone)]
struct Order {
    kind: usize,
    lane: Option<u8>,
    key: Option<u8>,
    preserve: bool,
    delay: Option<u64>,
    priority: Priority,
}

#[derive(Debug, Clone)]
enum Step {
    Send(Vec<Order>),
    Fetch {
        worker: usize,
        room: i32,
    },
    Complete {
        worker: usize,
        most: usize,
    },
    Release {
        worker: usize,
        outcome: &'static str,
        delay: u64,
    },
    Crash {
        worker: usize,
    },
    Leave {
        worker: usize,
    },
    Cancel {
        kind: usize,
        key: u8,
    },
    Reschedule {
        kind: usize,
        key: u8,
        delay: u64,
    },
    Pass {
        time: u64,
    },
    Tidy,
}

fn order() -> impl Strategy<Value = Order> {
    (
        0..2_usize,
        prop::option::weighted(0.7, 0..3_u8),
        prop::option::weighted(0.3, 0..3_u8),
        any::<bool>(),
        prop::option::weighted(0.4, 0..60_u64),
        prop::sample::select(vec![Priority::Urgent, Priority::Normal, Priority::Low]),
    )
        .prop_map(|(kind, lane, key, preserve, delay, priority)| Order {
            kind,
            lane,
            key,
            preserve,
            delay,
            priority,
        })
}

fn step() -> impl Strategy<Value = Step> {
    let worker = 0..3_usize;
    prop_oneof![
        4 => prop::collection::vec(order(), 1..6).prop_map(Step::Send),
        4 => (worker.clone(), prop::sample::select(vec![1, 2, 50])).prop_map(|(worker, room)| Step::Fetch { worker, room }),
        3 => (worker.clone(), 1..5_usize).prop_map(|(worker, most)| Step::Complete { worker, most }),
        2 => (worker.clone(), prop::sample::select(vec!["retried", "snoozed", "dead", "needs_person"]), 0..60_u64)
            .prop_map(|(worker, outcome, delay)| Step::Release { worker, outcome, delay }),
        1 => worker.clone().prop_map(|worker| Step::Crash { worker }),
        1 => worker.prop_map(|worker| Step::Leave { worker }),
        1 => (0..2_usize, 0..3_u8).prop_map(|(kind, key)| Step::Cancel { kind, key }),
        1 => (0..2_usize, 0..3_u8, 0..60_u64).prop_map(|(kind, key, delay)| Step::Reschedule { kind, key, delay }),
        2 => (1..40_u64).prop_map(|time| Step::Pass { time }),
        1 => Just(Step::Tidy),
    ]
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Waiting,
    Running { worker: usize, id: i64, fence: i32 },
    SetAside,
}

#[derive(Debug, Clone)]
struct Known {
    kind: usize,
    lane: Option<u8>,
    key: Option<u8>,
    run_at: Option<DateTime<Utc>>,
    priority: Priority,
    state: State,
}

/// The model, and the real thing beside it.
struct World<'a> {
    house: &'a House,
    pool: PgPool,
    workers: Vec<Uuid>,
    made: u32,
    next: u32,
    jobs: BTreeMap<u32, Known>,
}

impl World<'_> {
    async fn take(&mut self, step: Step) {
        match step {
            Step::Send(orders) => self.send(orders).await,
            Step::Fetch { worker, room } => self.fetch(worker, room).await,
            Step::Complete { worker, most } => {
                let held = self.held(worker);
                let some: Vec<_> = held.into_iter().take(most).collect();
                self.complete(&some).await;
            }
            Step::Release {
                worker,
                outcome,
                delay,
            } => self.release(worker, outcome, delay).await,
            Step::Crash { worker } => self.crash(worker).await,
            Step::Leave { worker } => {
                sqlx::query("select queue.leave($1)")
                    .bind(self.id(worker))
                    .execute(&self.pool)
                    .await
                    .unwrap();
                self.let_go(worker);
                self.enlist(worker).await;
            }
            Step::Cancel { kind, key } => {
                let mut connection = self.pool.acquire().await.unwrap();
                let removed = cancel(&mut connection, name(kind), &key.to_string())
                    .await
                    .unwrap();
                let found = self.waiting_under(kind, key);
                assert_eq!(removed, found.is_some());
                found.map(|n| self.jobs.remove(&n));
            }
            Step::Reschedule { kind, key, delay } => {
                let at = self.house.now() + seconds(delay);
                let mut connection = self.pool.acquire().await.unwrap();
                let moved = reschedule(&mut connection, name(kind), &key.to_string(), at)
                    .await
                    .unwrap();
                let found = self.waiting_under(kind, key);
                assert_eq!(moved, found.is_some());
                if let Some(job) = found.and_then(|n| self.jobs.get_mut(&n)) {
                    job.run_at = Some(at);
                }
            }
            Step::Pass { time } => self.house.clock.advance(seconds(time)),
            Step::Tidy => {
                let stuck: i32 = sqlx::query_scalar("select queue.tidy()")
                    .fetch_one(&self.pool)
                    .await
                    .unwrap();
                assert_eq!(stuck, 0, "jobs were parked behind nothing");
            }
        }
        self.compare().await;
    }

    fn id(&self, worker: usize) -> Uuid {
        *self.workers.get(worker).unwrap()
    }

    async fn enlist(&mut self, worker: usize) {
        self.made += 1;
        let id = Uuid::from_u128(u128::from(self.made));
        sqlx::query("select queue.enlist($1, 'model')")
            .bind(id)
            .execute(&self.pool)
            .await
            .unwrap();
        *self.workers.get_mut(worker).unwrap() = id;
    }

    fn waiting_under(&self, kind: usize, key: u8) -> Option<u32> {
        self.jobs
            .iter()
            .find(|(_, job)| job.kind == kind && job.key == Some(key) && job.state == State::Waiting)
            .map(|(n, _)| *n)
    }

    async fn send(&mut self, orders: Vec<Order>) {
        // Within a batch what has no key is sent first, then what replaces, then what preserves; of one key in one
        // batch the last that replaces and the first that preserves count.
        let numbered: Vec<(u32, Order)> = orders
            .into_iter()
            .zip(self.next..)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|(o, n)| (n, o))
            .collect();
        self.next += u32::try_from(numbered.len()).unwrap();
        let batch: Vec<Outgoing> = numbered
            .iter()
            .map(|(n, order)| self.outgoing(*n, order))
            .collect();
        self.house.send(Service::Calendar, &batch).await;

        let mut replaced = BTreeSet::new();
        let mut preserved = BTreeSet::new();
        let keyless = numbered.iter().filter(|(_, order)| order.key.is_none());
        let replacing = numbered
            .iter()
            .rev()
            .filter(|(_, order)| order.key.is_some() && !order.preserve);
        let preserving = numbered
            .iter()
            .filter(|(_, order)| order.key.is_some() && order.preserve);
        for (n, order) in keyless.chain(replacing).chain(preserving).cloned() {
            let mut lane = order.lane;
            if let Some(key) = order.key {
                let seen = if order.preserve {
                    &mut preserved
                } else {
                    &mut replaced
                };
                if !seen.insert((order.kind, key)) {
                    continue;
                }
                if let Some(older) = self.waiting_under(order.kind, key) {
                    if order.preserve {
                        continue;
                    }
                    lane = self.jobs.remove(&older).unwrap().lane;
                }
            }
            let run_at = order.delay.map(|delay| self.house.now() + seconds(delay));
            let state = State::Waiting;
            self.jobs.insert(
                n,
                Known {
                    kind: order.kind,
                    lane,
                    key: order.key,
                    run_at,
                    priority: order.priority,
                    state,
                },
            );
        }
    }

    fn outgoing(&self, n: u32, order: &Order) -> Outgoing {
        let mut one = if order.kind == 0 { task(n) } else { other(n) }.priority(order.priority);
        if let Some(lane) = order.lane {
            one = one.lane(lane.to_string());
        }
        if let Some(key) = order.key {
            one = one.key(key.to_string());
        }
        if order.preserve {
            one = one.preserve();
        }
        match order.delay {
            Some(delay) => one.run_at(self.house.now() + seconds(delay)),
            None => one,
        }
    }

    async fn fetch(&mut self, worker: usize, room: i32) {
        let now = self.house.now();
        let mut lanes: BTreeSet<u8> = self
            .jobs
            .values()
            .filter(|job| matches!(job.state, State::Running { .. }))
            .filter_map(|job| job.lane)
            .collect();
        // What there is to be had: everything due without a lane, and one of each free lane.
        let due = |job: &&Known| job.state == State::Waiting && job.run_at.is_none_or(|at| at <= now);
        let heads: BTreeSet<_> = self
            .jobs
            .values()
            .filter(due)
            .filter_map(|job| job.lane)
            .collect();
        let able = self
            .jobs
            .values()
            .filter(due)
            .filter(|job| job.lane.is_none())
            .count()
            + heads.difference(&lanes).count();

        let taken: Vec<(i64, i32, String)> =
            sqlx::query_as("select id, fence, payload from queue.fetch($1, $2, $3, $4)")
                .bind(self.id(worker))
                .bind(KINDS.map(str::to_owned))
                .bind([room, room])
                .bind(now)
                .fetch_all(&self.pool)
                .await
                .unwrap();
        if room >= 50 {
            assert_eq!(taken.len(), able, "everything that may run is to be had");
        } else if able > 0 {
            assert!(!taken.is_empty(), "something may run, and nothing was to be had");
        }
        let mut least_urgent = BTreeMap::new();
        for (id, fence, payload) in taken {
            let n = number(&payload);
            let job = self
                .jobs
                .get_mut(&n)
                .unwrap_or_else(|| panic!("job {n} should not exist"));
            assert_eq!(job.state, State::Waiting, "job {n} runs twice");
            assert!(job.run_at.is_none_or(|at| at <= now), "job {n} is early");
            assert!(
                job.lane.is_none_or(|lane| lanes.insert(lane)),
                "two in lane {:?}",
                job.lane
            );
            job.state = State::Running { worker, id, fence };
            let (kind, urgency) = (job.kind, job.priority);
            least_urgent
                .entry(kind)
                .and_modify(|least: &mut Priority| *least = urgency.max(*least))
                .or_insert(urgency);
        }
        for job in self.jobs.values().filter(due).filter(|job| job.lane.is_none()) {
            let least = least_urgent.get(&job.kind);
            assert!(
                least.is_none_or(|least| *least <= job.priority),
                "a more urgent job was passed over"
            );
        }
    }

    fn held(&self, worker: usize) -> Vec<u32> {
        let by = |state: &State| matches!(state, State::Running { worker: w, .. } if *w == worker);
        self.jobs
            .iter()
            .filter(|(_, job)| by(&job.state))
            .map(|(n, _)| *n)
            .collect()
    }

    fn tokens(&self, numbers: &[u32]) -> (Vec<i64>, Vec<i32>) {
        numbers
            .iter()
            .map(|n| match self.jobs.get(n).unwrap().state {
                State::Running { id, fence, .. } => (id, fence),
                _ => panic!("job {n} does not run"),
            })
            .unzip()
    }

    async fn complete(&mut self, numbers: &[u32]) {
        let (ids, fences) = self.tokens(numbers);
        let millis = vec![1; ids.len()];
        // Twice: the second time the answer to the first was lost.
        for _ in 0..2 {
            sqlx::query("select queue.complete($1, $2, $3)")
                .bind(&ids)
                .bind(&fences)
                .bind(&millis)
                .execute(&self.pool)
                .await
                .unwrap();
        }
        for n in numbers {
            self.jobs.remove(n);
        }
    }

    async fn release(&mut self, worker: usize, outcome: &'static str, delay: u64) {
        let Some(n) = self.held(worker).first().copied() else {
            return;
        };
        let (ids, fences) = self.tokens(&[n]);
        let waits = matches!(outcome, "retried" | "snoozed");
        let at = waits.then(|| self.house.now() + seconds(delay));
        for _ in 0..2 {
            sqlx::query("select queue.release($1, $2, $3, $4, array['model'], array[1])")
                .bind(&ids)
                .bind(&fences)
                .bind([outcome.to_owned()])
                .bind([at])
                .execute(&self.pool)
                .await
                .unwrap();
        }
        if waits {
            self.wait_again(n);
            self.jobs.get_mut(&n).unwrap().run_at = at;
        } else {
            self.jobs.get_mut(&n).unwrap().state = State::SetAside;
        }
    }

    fn wait_again(&mut self, n: u32) {
        let (kind, key) = self.jobs.get(&n).map(|job| (job.kind, job.key)).unwrap();
        let taken = key.is_some_and(|key| self.waiting_under(kind, key).is_some());
        let job = self.jobs.get_mut(&n).unwrap();
        job.state = State::Waiting;
        if taken {
            job.key = None;
        }
    }

    async fn crash(&mut self, worker: usize) {
        let id = self.id(worker);
        sqlx::query("update queue.workers set lease_until = now() - interval '1 s', suspected_at = now() - interval '14 s' where id = $1")
            .bind(id)
            .execute(self.house.owner())
            .await
            .unwrap();
        let rescued: i32 = sqlx::query_scalar("select queue.rescue()")
            .fetch_one(&self.pool)
            .await
            .unwrap();
        assert_eq!(usize::try_from(rescued).unwrap(), self.held(worker).len());
        // A job that was rescued five times is set aside; the model asks the table which those are.
        let gone: Vec<String> =
            sqlx::query_scalar("select payload from queue.jobs where state = 'dead' and rescues >= 5")
                .fetch_all(self.house.owner())
                .await
                .unwrap();
        for n in gone.iter().map(|payload| number(payload)) {
            self.jobs.get_mut(&n).unwrap().state = State::SetAside;
        }
        self.let_go(worker);
        self.enlist(worker).await;
    }

    /// In the order in which the database does it, which decides who keeps a key: the one that was sent first.
    fn let_go(&mut self, worker: usize) {
        for n in self.held(worker) {
            self.wait_again(n);
        }
    }

    /// Table and model agree on which jobs there are and in what state.
    async fn compare(&self) {
        let rows: Vec<(String, String, Option<String>)> =
            sqlx::query_as("select payload, state, key from queue.jobs")
                .fetch_all(self.house.owner())
                .await
                .unwrap();
        let mut found: BTreeMap<u32, &str> = BTreeMap::new();
        for (payload, state, _) in &rows {
            let state = match state.as_str() {
                "ready" | "parked" => "waiting",
                "dead" | "needs_person" => "set aside",
                other => other,
            };
            assert!(
                found.insert(number(payload), state).is_none(),
                "a job is there twice"
            );
        }
        let expected: BTreeMap<u32, &str> = self
            .jobs
            .iter()
            .map(|(n, job)| {
                let state = match job.state {
                    State::Waiting => "waiting",
                    State::Running { .. } => "running",
                    State::SetAside => "set aside",
                };
                (*n, state)
            })
            .collect();
        assert_eq!(found, expected);
        let keys: usize = rows
            .iter()
            .filter(|(_, state, key)| key.is_some() && matches!(state.as_str(), "ready" | "parked"))
            .count();
        let known = self
            .jobs
            .values()
            .filter(|job| job.key.is_some() && job.state == State::Waiting)
            .count();
        assert_eq!(keys, known, "keys are kept");
    }

    async fn finish(&mut self) {
        self.house.clock.advance(seconds(3_600));
        for worker in 0..self.workers.len() {
            let held = self.held(worker);
            self.complete(&held).await;
        }
        while self.jobs.values().any(|job| job.state == State::Waiting) {
            self.fetch(0, 50).await;
            let held = self.held(0);
            self.complete(&held).await;
        }
        self.compare().await;
    }
}

fn name(kind: usize) -> &'static str {
    KINDS.get(kind).unwrap()
}

fn number(payload: &str) -> u32 {
    serde_json::from_str::<serde_json::Value>(payload)
        .unwrap()
        .get("n")
        .unwrap()
        .as_u64()
        .unwrap()
        .try_into()
        .unwrap()
}

#[test]
fn any_sequence_of_steps_agrees_with_the_model() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let house = runtime.block_on(House::new());
    let pool = {
        let _inside = runtime.enter();
        house.database.service(Service::Calendar)
    };
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(64);
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in prop::collection::vec(step(), 1..50))| {
        runtime.block_on(async {
            sqlx::query("truncate queue.jobs, queue.workers, queue.tallies").execute(house.owner()).await.unwrap();
            let mut world =
                World { house: &house, pool: pool.clone(), workers: vec![Uuid::nil(); 3], made: 0, next: 0, jobs: BTreeMap::new() };
            for worker in 0..3 {
                world.enlist(worker).await;
            }
            for step in steps {
                world.take(step).await;
            }
            world.finish().await;
        });
    });
}
