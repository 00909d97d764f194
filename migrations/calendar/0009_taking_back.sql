-- Taking back what is out: who wanted what taken down and why, and what the public is told of a correction.

-- `ready` is another change's; a state is never taken out of this list.
alter table calendar.items drop constraint items_state_check;
alter table calendar.items add constraint items_state_check check (state in (
    'draft', 'changes_requested', 'submitted', 'ready', 'approved', 'scheduled', 'publishing', 'published', 'partly',
    'failed', 'needs_person', 'withdrawn', 'stopping', 'cancelled'));

-- What the publisher last said of taking a delivery down. Its own sequence: the two reports may overtake each other.
alter table calendar.deliveries add column language text;
alter table calendar.deliveries add column withdrawal text check (withdrawal in (
    'requested', 'withdrawing', 'withdrawn', 'needs_person', 'impossible', 'void'));
alter table calendar.deliveries add column withdrawal_sequence bigint not null default 0;
alter table calendar.deliveries add column withdrawal_reason text;

-- One row for each time that somebody wanted something taken down. Who may not decide asks, and somebody else confirms.
create table calendar.withdrawals (
    id           uuid primary key,
    item_id      uuid not null references calendar.items,
    reason       text not null check (reason in (
                     'published_in_error', 'superseded', 'rights_ended', 'sensitive', 'wrong_facts', 'other')),
    -- For the public, by language: {"vi": "…"}.
    notes        jsonb not null default '{}' check (jsonb_typeof(notes) = 'object'),
    -- For the record; never published.
    internal     text not null check (char_length(internal) between 1 and 5000),
    deliveries   uuid[] not null check (cardinality(deliveries) >= 1),
    asked_by     uuid not null,
    asked_at     timestamptz not null,
    confirmed_by uuid,
    confirmed_at timestamptz,
    declined_by  uuid,
    declined_at  timestamptz,
    check ((confirmed_by is null) = (confirmed_at is null)),
    check ((declined_by is null) = (declined_at is null)),
    check (confirmed_at is null or declined_at is null)
);

create index withdrawals_item on calendar.withdrawals (item_id, asked_at desc);
-- One at a time waits for its confirmation.
create unique index withdrawals_one_open on calendar.withdrawals (item_id)
    where confirmed_at is null and declined_at is null;

-- Of versions that correct what is out: what the public is told, for each text. Part of the edition that is approved.
-- Opening another correction replaces them.
create table calendar.corrections (
    item_id    uuid not null references calendar.items on delete cascade,
    account_id uuid not null,
    language   text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    note       text not null check (char_length(note) between 1 and 2000),
    primary key (item_id, account_id, language)
);
create trigger corrections_frozen before insert or update or delete on calendar.corrections
    for each row execute function calendar.refuse_frozen_change();
