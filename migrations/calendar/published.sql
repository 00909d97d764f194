-- What the calendar offers to the other services. Re-applied at every migration: keep it idempotent.

-- Whether what was ordered may still go out. Null: it stands. Else why not. The publisher asks in its permit, with a
-- fresh snapshot, at the last moment before it sends.
create or replace function calendar.stands(p_item uuid, p_version int, p_edition_hash text) returns text
language sql stable security definer
set search_path = pg_catalog, calendar, pg_temp
as $$
    select case
        when i.id is null then 'gone'
        when i.version > p_version then 'superseded'
        when o.item_id is null then 'not_approved'
        when o.edition_hash <> p_edition_hash then 'hash_mismatch'
        when o.cancel_requested_at is not null then 'cancelled'
    end
    from (values (1)) one
    left join calendar.items i on i.id = p_item
    left join calendar.orders o on o.item_id = i.id and o.version = p_version
$$;

-- Campaigns by name: a pause may name one.
create or replace view calendar.published_campaigns as
select id, unit_id, name, starts_on, ends_on
from calendar.campaigns;

revoke all on schema calendar from public;
revoke all on all functions in schema calendar from public;

grant usage on schema calendar to chancery_calendar, chancery_publisher;
grant select, insert, update, delete on all tables in schema calendar to chancery_calendar;
revoke update, delete on calendar.versions, calendar.decisions from chancery_calendar;
revoke update, delete on
    calendar.releases, calendar.break_glass, calendar.break_glass_confirmations, calendar.break_glass_seen from chancery_calendar;
revoke update, delete on calendar.model_versions from chancery_calendar;
grant execute on all functions in schema calendar to chancery_calendar;
grant execute on function calendar.stands(uuid, int, text) to chancery_publisher;
grant select on calendar.published_campaigns to chancery_publisher;
grant usage on all sequences in schema calendar to chancery_calendar;
-- Who stood in for whom stays on record.
revoke delete on calendar.delegations from chancery_calendar;
