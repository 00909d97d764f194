-- What the publisher offers to the other services. Re-applied at every migration: keep it idempotent.

create or replace view publisher.published_accounts as
select id, unit_id, platform, handle, name, languages, state, max_graphemes, max_bytes, token_ends_at
from publisher.accounts;

create or replace view publisher.published_stops as
select id, scope, scope_id, reason, placed_at
from publisher.stops
where lifted_at is null;

-- Whether a stop covers a delivery: the one place that says so. A unit covers everything below it; both the unit in
-- whose name something speaks and the unit whose account it uses count. Inlined by the planner.
create or replace function publisher.stop_covers(
    p_scope text, p_scope_id text, p_topic text, p_campaign uuid, p_account uuid, p_unit uuid, p_account_unit uuid
) returns boolean
language sql stable
as $$
    select case p_scope
        when 'ministry' then true
        when 'topic' then p_scope_id = p_topic
        when 'account' then p_scope_id = p_account::text
        when 'campaign' then p_campaign is not null and p_scope_id = p_campaign::text
        when 'region' then exists (
            select 1 from identity.published_units u
            where u.id in (p_unit, p_account_unit) and u.region = p_scope_id)
        when 'unit' then exists (
            select 1 from identity.published_units u
            where u.id in (p_unit, p_account_unit) and p_scope_id = any (u.path::text[]))
        else true
    end
$$;

-- Cluster, timeline and database. The timeline is the one being written to at this moment, so a failover shows at
-- once, before any checkpoint; a dump restored elsewhere shows by the cluster or by the database's number.
create or replace function publisher.server_incarnation() returns text
language sql volatile security definer
set search_path = pg_catalog, publisher, pg_temp
as $$
    select (select system_identifier from pg_control_system())::text
        || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
        || '/' || (select oid from pg_database where datname = current_database())::text
$$;

-- Called by `chancery restore` as the owner, after it has put older data in place: from then on nothing is sent
-- until the publisher has looked up every delivery.
create or replace function publisher.mark_restored() returns void
language sql volatile
set search_path = pg_catalog, publisher, pg_temp
as $$
    insert into publisher.incarnation (value, since) values ('restored', now())
    on conflict (only_row) do update set value = excluded.value, since = excluded.since
$$;

revoke all on schema publisher from public;
revoke all on all functions in schema publisher from public;

grant usage on schema publisher to chancery_publisher, chancery_identity, chancery_assets, chancery_calendar, chancery_newsroom;
grant select, insert, update on
    publisher.accounts, publisher.orders, publisher.stops, publisher.deliveries, publisher.incarnation, publisher.withdrawals
    to chancery_publisher;
grant select, insert on publisher.delivery_steps, publisher.stop_in_flight to chancery_publisher;
grant select on publisher.published_accounts, publisher.published_stops to chancery_publisher;
grant execute on function publisher.server_incarnation(), publisher.may_become(text, text),
    publisher.withdrawal_may_become(text, text),
    publisher.stop_covers(text, text, text, uuid, uuid, uuid, uuid) to chancery_publisher;
-- Whoever gives the word is told of a pause beforehand.
grant execute on function publisher.stop_covers(text, text, text, uuid, uuid, uuid, uuid) to chancery_calendar;

grant select on publisher.published_accounts to chancery_calendar;
grant select on publisher.published_stops to chancery_identity, chancery_assets, chancery_calendar, chancery_newsroom;
