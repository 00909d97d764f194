-- Accounts, orders, deliveries and stops: what goes out, and the proof of what happened.

create schema if not exists publisher;

-- Accounts --------------------------------------------------------------------------------------------------------

create table publisher.accounts (
    id            uuid primary key,
    unit_id       uuid not null,
    platform      text not null check (platform ~ '^[a-z_]+$'),
    -- As the platform shows it: `vnembassy.example.org`; for a press room the mission's slug.
    handle        text not null check (length(handle) between 1 and 253),
    name          text not null check (length(name) between 1 and 200),
    -- The server, where the platform has more than one.
    service_url   text check (length(service_url) <= 300),
    -- The account's permanent id on the platform (a DID), as the platform gave it when the account was verified.
    remote_id     text,
    languages     text[] not null default '{}' check (cardinality(languages) <= 20),
    max_graphemes integer check (max_graphemes > 0),
    max_bytes     integer check (max_bytes > 0),
    state         text not null check (state in ('enabled', 'disabled', 'needs_reauth')),
    state_reason  text,
    -- What a person entered, and what the platform gave for it: nonce and ciphertext; only the publisher's process
    -- has the key.
    credentials   bytea,
    session       bytea,
    -- The platform asked us to wait.
    limited_until timestamptz,
    created_by    uuid,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    check ((platform = 'press_room') = (credentials is null))
);

create unique index accounts_once on publisher.accounts (platform, coalesce(remote_id, unit_id::text));
create index accounts_by_unit on publisher.accounts (unit_id);

-- Orders ----------------------------------------------------------------------------------------------------------
-- One row for each item: the highest version ordered, and up to which version everything was cancelled. A row
-- without an edition is a tombstone: the cancellation came before the order.

create table publisher.orders (
    item_id           uuid primary key,
    cancelled_through integer not null default 0,
    version           integer check (version > 0),
    unit_id           uuid,
    topic             text,
    title             text,
    edition           jsonb,
    edition_hash      text check (edition_hash ~ '^[0-9a-f]{64}$'),
    due_at            timestamptz,
    not_after         timestamptz check (not_after >= due_at),
    updated_at        timestamptz not null,
    check (num_nulls(version, unit_id, topic, title, edition, edition_hash, due_at, not_after) in (0, 8))
);

-- Stops -----------------------------------------------------------------------------------------------------------

create table publisher.stops (
    id        uuid primary key,
    scope     text not null check (scope in ('ministry', 'region', 'unit', 'topic', 'account')),
    scope_id  text,
    -- `restore`: placed by the publisher itself, and lifted by itself when every delivery has been looked up.
    cause     text not null default 'person' check (cause in ('person', 'restore')),
    reason    text not null check (length(reason) <= 500),
    placed_by uuid,
    -- Whoever stopped could stop the whole ministry: a mission does not lift what headquarters placed.
    by_headquarters boolean not null default true,
    placed_at timestamptz not null,
    lifted_by uuid,
    lifted_at timestamptz check (lifted_at >= placed_at),
    check ((scope = 'ministry') = (scope_id is null)),
    check (cause = 'person' or scope = 'ministry')
);

create unique index stops_once on publisher.stops (scope, coalesce(scope_id, ''), cause) where lifted_at is null;

-- Deliveries ------------------------------------------------------------------------------------------------------

create table publisher.deliveries (
    id              uuid primary key,
    item_id         uuid not null references publisher.orders,
    occurrence      integer not null default 1,
    account_id      uuid not null references publisher.accounts,
    -- An item may speak on one account in two languages: two variants, two deliveries.
    language        text not null check (length(language) between 2 and 35),
    -- The version whose text this delivery sends, or has sent.
    version         integer not null check (version > 0),
    -- A later approved version that came when this one was already out or on its way: a person decides.
    newer_version   integer check (newer_version > version),
    state           text not null check (state in (
                        'waiting', 'preparing', 'ready', 'committing', 'published', 'unknown', 'needs_person',
                        'held', 'missed', 'rejected', 'cancelled')),
    reason_code     text,
    reason          text,
    due_at          timestamptz not null,
    not_after       timestamptz not null,
    -- What `prepare` left for `poll` and `commit`.
    prepared        jsonb,
    -- Exactly what the last permit allowed to be sent; a later version does not change it.
    sent            jsonb,
    -- Made and stored before the first call, used for every call; its first use starts the platform's key life.
    key             text not null check (key <> ''),
    key_used_at     timestamptz,
    -- Open while the outcome of a commit is not known. `intents` counts them: the number fences late answers.
    intent_at       timestamptz,
    intents         integer not null default 0,
    -- Looks at the platform since the intent, and failures in a row before it.
    attempts        integer not null default 0,
    -- When this delivery should next move; the sweep looks here. Null: nothing to do by itself.
    wake_at         timestamptz,
    remote_id       text,
    permalink       text,
    published_at    timestamptz,
    -- After a restore the row may be older than what happened: look before sending. Names the stop that waits for it.
    recheck_stop_id uuid references publisher.stops,
    -- Counts every change, for compare-and-set here and for order at the subscribers.
    sequence        bigint not null default 1,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    unique (item_id, occurrence, account_id, language),
    check (not_after >= due_at),
    check ((intent_at is not null) = (state in ('committing', 'unknown', 'needs_person'))),
    check ((published_at is not null) = (state = 'published')),
    check (state <> 'published' or permalink is not null or remote_id is not null),
    check ((wake_at is not null) = (state in ('waiting', 'preparing', 'ready', 'committing', 'unknown'))),
    check (state <> 'committing' or (intents > 0 and sent is not null))
);

-- Rule 7, kept by the database: at most one commit at a time on an account.
create unique index deliveries_one_commit on publisher.deliveries (account_id) where state = 'committing';
create index deliveries_wake on publisher.deliveries (wake_at) where wake_at is not null;
create index deliveries_by_time on publisher.deliveries (due_at desc, id desc);
create index deliveries_by_account on publisher.deliveries (account_id, due_at desc);
create index deliveries_attention on publisher.deliveries (updated_at desc)
    where state in ('unknown', 'needs_person', 'held', 'missed', 'rejected');
create index deliveries_recheck on publisher.deliveries (recheck_stop_id) where recheck_stop_id is not null;

-- The transitions of `model::DeliveryState`, kept by the database too: a test compares the two.
create function publisher.may_become(p_from text, p_to text) returns boolean
language sql immutable
as $$
    select p_from = p_to or p_to = any (case p_from
        when 'waiting'      then array['preparing', 'ready', 'held', 'missed', 'rejected', 'cancelled', 'unknown']
        when 'preparing'    then array['waiting', 'ready', 'held', 'missed', 'rejected', 'cancelled', 'unknown']
        when 'ready'        then array['waiting', 'committing', 'published', 'held', 'missed', 'cancelled', 'unknown']
        when 'committing'   then array['published', 'ready', 'held', 'rejected', 'unknown']
        when 'unknown'      then array['waiting', 'published', 'ready', 'held', 'missed', 'needs_person', 'rejected', 'cancelled']
        when 'needs_person' then array['published', 'unknown', 'held', 'missed', 'cancelled']
        when 'held'         then array['waiting', 'missed', 'cancelled', 'published', 'unknown']
        when 'missed'       then array['waiting', 'cancelled', 'published', 'unknown']
        when 'rejected'     then array['waiting', 'cancelled', 'published', 'unknown']
        when 'cancelled'    then array['waiting', 'published', 'unknown']
        else array[]::text[]
    end)
$$;

create function publisher.guard_delivery() returns trigger
language plpgsql as $$
begin
    if not publisher.may_become(old.state, new.state) then
        raise exception 'a delivery cannot go from % to %', old.state, new.state
            using errcode = 'check_violation', constraint = 'deliveries_transition';
    end if;
    if new.key is distinct from old.key then
        raise exception 'the key of a delivery is made once' using errcode = 'check_violation', constraint = 'deliveries_one_key';
    end if;
    if new.sequence <= old.sequence then
        raise exception 'every change of a delivery counts' using errcode = 'check_violation', constraint = 'deliveries_sequence';
    end if;
    return new;
end
$$;

create trigger deliveries_guard before update on publisher.deliveries
    for each row execute function publisher.guard_delivery();

create function publisher.refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'insufficient_privilege';
end
$$;

-- A delivery that was made stays: what happened to it is the ministry's record.
create trigger deliveries_stay before delete or truncate on publisher.deliveries
    for each statement execute function publisher.refuse_change();

-- The ledger: every step of every delivery, as it happened.
create table publisher.delivery_steps (
    id          bigint generated always as identity primary key,
    delivery_id uuid not null references publisher.deliveries,
    at          timestamptz not null,
    step        text not null check (step ~ '^[a-z_]+$'),
    from_state  text,
    to_state    text not null,
    version     integer not null,
    intent      integer not null default 0,
    -- Null: the publisher itself.
    actor       uuid,
    detail      jsonb not null default '{}' check (jsonb_typeof(detail) = 'object')
);

create index delivery_steps_of on publisher.delivery_steps (delivery_id, id);

create trigger delivery_steps_are_final before update or delete or truncate on publisher.delivery_steps
    for each statement execute function publisher.refuse_change();

-- What was in flight when a stop was placed: the open intents, read under the exclusive gate.
create table publisher.stop_in_flight (
    stop_id     uuid not null references publisher.stops,
    delivery_id uuid not null references publisher.deliveries,
    intent_at   timestamptz not null,
    primary key (stop_id, delivery_id)
);

-- Which database this is: cluster, timeline and database, as far as this service has checked it. When the value
-- differs from the server's own, the database was restored or failed over, and nothing is sent (rule 9).
create table publisher.incarnation (
    only_row boolean primary key default true check (only_row),
    value    text not null,
    since    timestamptz not null
);
