-- What the audit trail offers to the services. Re-applied at every migration: keep it idempotent.

-- Appends one entry. Call it in the transaction of the change that it describes, so that neither exists without the
-- other. p_actor null = the system itself. Returns the entry's number.
create or replace function audit.append(
    p_actor uuid, p_unit uuid, p_action text, p_subject_kind text, p_subject uuid, p_detail jsonb, p_request_id text
) returns bigint
language sql volatile security definer
set search_path = pg_catalog, audit, pg_temp
as $$
    insert into audit.entries (actor, unit, action, subject_kind, subject, detail, request_id)
    values (p_actor, p_unit, p_action, p_subject_kind, p_subject, coalesce(p_detail, '{}'), p_request_id)
    returning seq
$$;

-- For the page, the API and the CLI of the trail, all of them identity's.
create or replace view audit.published_entries as
select seq, at, recorded_by::text as recorded_by, actor, unit, action, subject_kind, subject, detail, request_id
from audit.entries;

revoke all on schema audit from public;
revoke all on all functions in schema audit from public;
grant usage on schema audit to chancery_identity, chancery_assets, chancery_calendar, chancery_publisher, chancery_newsroom;
grant execute on function audit.append(uuid, uuid, text, text, uuid, jsonb, text)
    to chancery_identity, chancery_assets, chancery_calendar, chancery_publisher, chancery_newsroom;
grant select on audit.published_entries to chancery_identity;
