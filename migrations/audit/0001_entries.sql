-- The audit trail (nhật ký thao tác): who did what, when, where. Written by `audit.append` in the transaction of the
-- change itself, read by auditors, changed by nobody: not even the owner of the database can update or delete a row
-- without first dropping the triggers below, which is itself visible.

create schema if not exists audit;

create table audit.entries (
    seq          bigint generated always as identity primary key,
    at           timestamptz not null default clock_timestamp(),
    -- The database role that wrote the entry, i.e. which service says so.
    recorded_by  name not null default session_user,
    -- The person who acted. Null: the system itself (a schedule, a worker).
    actor        uuid,
    unit         uuid,
    action       text not null check (action ~ '^[a-z_]+(\.[a-z_]+)+$' and length(action) <= 100),
    subject_kind text not null check (subject_kind ~ '^[a-z_]+$' and length(subject_kind) <= 50),
    subject      uuid,
    detail       jsonb not null default '{}' check (jsonb_typeof(detail) = 'object'),
    request_id   text check (length(request_id) <= 200),
    -- For a hash chain (each entry signs the one before); filled by a later job, in the order of seq.
    prev_hash    bytea,
    hash         bytea,
    check ((hash is null) or octet_length(hash) = 32),
    check ((prev_hash is null) or octet_length(prev_hash) = 32)
);

create index entries_actor on audit.entries (actor, seq desc);
create index entries_subject on audit.entries (subject, seq desc);
create index entries_unit on audit.entries (unit, seq desc);
create index entries_action on audit.entries (action text_pattern_ops, seq desc);

create function audit.refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception 'the audit trail is append-only: % is refused', lower(tg_op)
        using errcode = 'insufficient_privilege';
end
$$;

create trigger entries_are_final
    before update or delete or truncate on audit.entries
    for each statement execute function audit.refuse_change();
