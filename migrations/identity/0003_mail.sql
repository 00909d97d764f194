-- What goes out by mail: what each person wants, what was made of it, and addresses that refuse.

-- Without a row a person gets what the product thinks best (identity's `model/mail.rs`), in the language of their pages.
create table identity.mail_choices (
    person_id  uuid primary key references identity.people on delete cascade,
    language   text not null check (language in ('vi', 'en')),
    kinds      text[] not null check (kinds <@ array['approval', 'decided', 'changes', 'needs_person', 'mentions', 'weekly']),
    updated_at timestamptz not null
);

-- One mail to one person. Its id makes the Message-ID, so what is sent twice after a crash is known to be the same.
create table identity.mails (
    id              uuid primary key,
    person_id       uuid not null references identity.people on delete cascade,
    kind            text not null check (kind in ('approval', 'decided', 'changes', 'needs_person', 'mentions', 'weekly', 'test')),
    -- The message or request that caused it: handled twice, it still makes one mail a person.
    cause           uuid not null,
    unit_id         uuid,
    notification_id uuid unique references identity.notifications on delete cascade,
    letter          jsonb check (jsonb_typeof(letter) = 'object'),
    state           text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    attempts        integer not null default 0 check (attempts >= 0),
    -- What the mail server said last, for the administrator.
    reason          text check (length(reason) <= 1000),
    created_at      timestamptz not null,
    ended_at        timestamptz,
    unique (person_id, cause),
    check ((kind = 'weekly') = (letter is not null)),
    check ((kind in ('weekly', 'test')) = (notification_id is null)),
    check ((state = 'waiting') = (ended_at is null))
);

-- The administrator's page: what failed, the latest first, and how many of each in the last days.
create index mails_failed on identity.mails (ended_at desc) where state = 'failed';
create index mails_created on identity.mails (created_at, state);

-- Addresses that a mail server refused for good, again and again: nothing more is sent there until somebody says so, or
-- the person's address is another.
create table identity.mail_refusals (
    person_id      uuid primary key references identity.people on delete cascade,
    email          text not null,
    refusals       integer not null check (refusals >= 1),
    reason         text not null check (length(reason) <= 1000),
    last_at        timestamptz not null,
    bouncing_since timestamptz
);
