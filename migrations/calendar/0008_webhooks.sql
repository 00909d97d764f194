-- The weekly letter of each unit, and webhooks: who wants to hear of what, what they are told, and how that went.

-- The letters that were made, one a unit and week: a sweep that runs twice makes no second. `week` is the Monday.
create table calendar.letters (
    unit_id uuid not null,
    week    date not null check (extract(isodow from week) = 1),
    made_at timestamptz not null,
    sent    boolean not null,
    primary key (unit_id, week)
);

-- What went out in a week.
create index deliveries_changed on calendar.deliveries (changed_at) where state = 'published';

create table calendar.hooks (
    id            uuid primary key,
    unit_id       uuid not null,
    -- With the units below it.
    below         boolean not null,
    name          text not null check (char_length(name) between 1 and 100),
    url           text not null check (url ~ '^https?://' and length(url) <= 2000),
    events        text[] not null check (cardinality(events) >= 1 and events <@ array[
                      'item.submitted', 'item.approved', 'item.scheduled', 'item.published', 'item.partly', 'item.failed',
                      'item.needs_person', 'item.cancelled', 'item.held']),
    -- Sealed by the calendar's vault. The one before is signed with too until it ends.
    secret        bytea not null,
    old_secret    bytea,
    old_until     timestamptz,
    state         text not null default 'active' check (state in ('active', 'paused', 'failing', 'disabled')),
    -- Messages in a row that were given up.
    given_up      integer not null default 0 check (given_up >= 0),
    created_by    uuid not null,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    check ((old_secret is null) = (old_until is null))
);

create index hooks_unit on calendar.hooks (unit_id);

-- A message for one endpoint: its id and its body stay the same however often it is sent.
create table calendar.hook_messages (
    id         uuid primary key,
    hook_id    uuid not null references calendar.hooks on delete cascade,
    event      text not null,
    item_id    uuid,
    body       text not null check (length(body) <= 100000),
    state      text not null default 'waiting' check (state in ('waiting', 'delivered', 'given_up')),
    -- Attempts since it was last begun.
    attempts   integer not null default 0 check (attempts >= 0),
    created_at timestamptz not null,
    ended_at   timestamptz,
    check ((state = 'waiting') = (ended_at is null))
);

create index hook_messages_waiting on calendar.hook_messages (hook_id, created_at) where state = 'waiting';
-- Swept by age.
create index hook_messages_ended on calendar.hook_messages (ended_at) where state <> 'waiting';

create table calendar.hook_attempts (
    seq        bigint generated always as identity primary key,
    hook_id    uuid not null references calendar.hooks on delete cascade,
    message_id uuid not null references calendar.hook_messages on delete cascade,
    at         timestamptz not null,
    -- What the endpoint answered; null: nothing usable.
    status     integer check (status between 100 and 999),
    reason     text check (length(reason) <= 500),
    took_ms    integer not null check (took_ms >= 0)
);

create index hook_attempts_hook on calendar.hook_attempts (hook_id, seq desc);
-- Removed with its message.
create index hook_attempts_message on calendar.hook_attempts (message_id);
