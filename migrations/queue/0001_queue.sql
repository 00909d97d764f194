-- The job queue: see shared/queue/src/lib.rs for what each state means and who moves a job between them.
create schema if not exists queue;

-- Which service a login role is. Filled by published.sql, where an installation's prefix is put in.
create table queue.roles (
    role    name primary key,
    service text not null unique
);

-- What may travel, who may send it and who receives it. Filled from the contracts by chancery_queue::register.
create table queue.kinds (
    kind    text primary key,
    command boolean not null,
    retired boolean not null default false
);

create table queue.producers (
    kind    text not null references queue.kinds on delete cascade,
    service text not null,
    primary key (kind, service)
);

create table queue.subscriptions (
    kind    text not null references queue.kinds on delete cascade,
    service text not null,
    primary key (kind, service)
);

-- One row per message and receiving service; gone when done.
create table queue.jobs (
    id          bigint generated always as identity primary key,
    run_at      timestamptz not null default '-infinity', -- as early as can be
    occurred_at timestamptz not null,
    started_at  timestamptz,                              -- of the last run
    message     uuid not null,
    actor       uuid,
    unit        uuid,
    causation   uuid,
    worker      uuid,
    attempt     integer not null default 0,               -- runs that count
    fence       integer not null default 0,               -- all runs; never goes back
    rescues     smallint not null default 0,              -- runs whose worker died
    version     smallint not null,
    priority    smallint not null check (priority between 0 and 2),
    service     text not null,
    kind        text not null,
    state       text not null default 'ready'
        check (state in ('ready', 'parked', 'paused', 'running', 'needs_person', 'dead')),
    key         text check (length(key) <= 300),
    lane        text check (length(lane) <= 300),
    trace       text check (length(trace) <= 300),
    reason      text,                                     -- why it did not succeed when it last ran
    payload     text not null check (octet_length(payload) <= 1048576),
    check ((state = 'running') = (worker is not null)),
    check (state <> 'parked' or lane is not null)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

create index jobs_ready on queue.jobs (service, kind, priority, run_at, id) where state = 'ready';
create index jobs_parked on queue.jobs (service, lane, kind, priority, run_at, id) where state = 'parked';
create unique index jobs_lane on queue.jobs (service, lane) where state = 'running' and lane is not null;
create unique index jobs_key on queue.jobs (service, kind, key)
    where key is not null and state in ('ready', 'parked', 'paused');

-- A running process that takes jobs. Its lease covers every job that it holds, running or prefetched.
create table queue.workers (
    id           uuid primary key,
    service      text not null,
    host         text not null,
    started_at   timestamptz not null default clock_timestamp(),
    lease_until  timestamptz not null,
    suspected_at timestamptz -- first seen without a fresh lease; see queue.rescue
) with (fillfactor = 50);

create table queue.pauses (
    id        bigint generated always as identity primary key,
    kind      text,
    unit      uuid,
    reason    text not null,
    placed_at timestamptz not null default clock_timestamp(),
    check (num_nonnulls(kind, unit) > 0),
    unique nulls not distinct (kind, unit)
);

-- The next tick of each recurring job; advanced by compare-and-set.
create table queue.schedules (
    service    text not null,
    name       text not null,
    expression text not null,
    zone       text not null,
    next_at    timestamptz not null,
    primary key (service, name)
);

-- What became of jobs: appended with every batch, summed by the hour later, dropped after a year.
create table queue.tallies (
    at      timestamptz not null default clock_timestamp(),
    service text not null,
    kind    text not null,
    outcome text not null check (outcome in ('done', 'retried', 'snoozed', 'needs_person', 'dead', 'rescued')),
    jobs    bigint not null,
    millis  bigint not null -- spent running
);

create index tallies_at on queue.tallies (at);
