-- Files on their way in. What has arrived of one lies in the object store's staging under the upload's id; how much that
-- is, the store alone knows, and `received` is what was last heard.

create table assets.uploads (
    id           uuid primary key,
    person_id    uuid not null,
    unit_id      uuid not null,
    -- As the sender calls it, folders and all; made harmless at the intake.
    name         text not null check (char_length(name) between 1 and 1000),
    -- Null: known when it ends, as with a plain form.
    length       bigint check (length >= 0),
    received     bigint not null default 0 check (received >= 0),
    -- What the sender said of it, in tus's own spelling, to be said again.
    metadata     text not null default '' check (length(metadata) <= 8192),
    batch_id     uuid,
    batch_name   text not null default '' check (char_length(batch_name) <= 200),
    -- A list of addresses is a text whose lines say where the files are.
    content      text not null default 'file' check (content in ('file', 'addresses')),
    -- Another file of an asset that is there.
    asset_id     uuid references assets.assets on delete cascade,
    role         text,
    language     text,
    state        text not null default 'receiving' check (state in ('receiving', 'received', 'expanding', 'done', 'refused')),
    -- A Fluent id that says why.
    refusal      text,
    -- The asset that it became.
    arrived      uuid,
    -- Who writes to it, by the database's clock. It keeps two from getting in each other's way; the store keeps them
    -- from doing harm.
    writer       uuid,
    writer_until timestamptz,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    check ((state = 'refused') = (refusal is not null)),
    check ((asset_id is null) = (role is null)),
    check (arrived is null or state = 'done'),
    check (state = 'receiving' or writer is null or writer_until is not null)
);

create index uploads_person on assets.uploads (person_id, id desc);
create index uploads_batch on assets.uploads (batch_id, id) where batch_id is not null;
create index uploads_expiring on assets.uploads (expires_at);

-- What is in an upload that is more than one file: an archive's entries, a list's addresses.
create table assets.upload_entries (
    upload_id uuid not null references assets.uploads on delete cascade,
    position  integer not null check (position >= 0),
    name      text not null check (char_length(name) between 1 and 2000),
    state     text not null default 'waiting' check (state in ('waiting', 'done', 'refused')),
    refusal   text,
    arrived   uuid,
    primary key (upload_id, position),
    check ((state = 'refused') = (refusal is not null)),
    check (arrived is null or state = 'done')
);

create index upload_entries_waiting on assets.upload_entries (upload_id, position) where state = 'waiting';
