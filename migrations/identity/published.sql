-- What identity offers to the other services. Re-applied at every migration: keep it idempotent.

-- The ministry's calendar day. Postings and names begin and end at headquarters' midnight.
create or replace function identity.today() returns date
language sql stable security definer
set search_path = pg_catalog, identity, pg_temp
as $$
    select (now() at time zone coalesce((select zone from identity.units where parent_id is null), 'UTC'))::date
$$;

-- The roles that answer for what goes out or who gets in. They count only with a second factor.
create or replace function identity.needs_second_factor(role text) returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select role in ('head_of_mission', 'headquarters_approver', 'administrator') $$;

create or replace view identity.published_units as
with now_there as materialized (select identity.today() as today)
select u.id, u.parent_id, u.path, u.kind, u.slug, n.names, n.city, u.country, u.zone, u.languages, u.region,
       u.is_mission, u.valid_from, u.valid_to, u.successor_id
from now_there
cross join identity.units u
cross join lateral (
    -- The name of today; before the first name begins, that first name.
    select m.names, m.city
    from identity.unit_names m
    where m.unit_id = u.id
    order by (m.valid_from <= now_there.today) desc,
             case when m.valid_from <= now_there.today then m.valid_from end desc,
             m.valid_from
    limit 1
) n;

-- `second_factor`: their sign-in asks for a one-time code. The demonstration's people have none and need none.
create or replace view identity.published_people as
select id, name, language, active,
       demo or exists (select from identity.totp t where t.person_id = p.id and t.confirmed_at is not null) as second_factor
from identity.people p;

create or replace view identity.published_grants as
select g.person_id, g.unit_id, g.role, g.valid_from, g.valid_to
from identity.grants g
join identity.people p on p.id = g.person_id
where p.active;

-- What a unit was called on a day: {"vi":..,"en":..}. Null for an unknown unit.
create or replace function identity.unit_names_on(p_unit uuid, p_day date) returns jsonb
language sql stable security definer
set search_path = pg_catalog, identity, pg_temp
as $$
    select names from identity.unit_names
    where unit_id = p_unit
    order by (valid_from <= p_day) desc, case when valid_from <= p_day then valid_from end desc, valid_from
    limit 1
$$;

-- The grants of a person as [{"role","unit_id","valid_from","valid_to"}], past and future ones too: the caller judges
-- the day, and a refusal can say "your posting has ended". Without a second factor, those that need one are left out.
create or replace function identity.grants_of(p_person uuid, p_strong boolean) returns jsonb
language sql stable
set search_path = pg_catalog, identity, pg_temp
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
               'role', g.role, 'unit_id', g.unit_id, 'valid_from', g.valid_from, 'valid_to', g.valid_to)
               order by g.valid_from, g.id), '[]')
    from identity.grants g
    where g.person_id = p_person
      and (p_strong or not identity.needs_second_factor(g.role))
$$;

-- Who a session cookie stands for. No row: unknown, idle too long, past its end, or the person was deactivated.
create or replace function identity.session_lookup(token_hash bytea)
returns table (person_id uuid, name text, language text, theme text, csrf_secret bytea, demo boolean, grants jsonb)
language plpgsql volatile security definer
set search_path = pg_catalog, identity, pg_temp
as $$
#variable_conflict use_column
declare
    found_session identity.sessions;
begin
    select s.* into found_session
    from identity.sessions s
    where s.token_hash = session_lookup.token_hash
      and s.expires_at > now()
      and s.last_seen + s.idle_limit > now();
    if not found then
        return;
    end if;
    -- Once a minute is enough, and a page of ten fragments writes once.
    if found_session.last_seen < now() - interval '1 minute' then
        update identity.sessions s set last_seen = now()
        where s.id = found_session.id and s.last_seen < now() - interval '1 minute';
    end if;
    return query
        select p.id, p.name, p.language, p.theme, found_session.csrf_secret, found_session.demo,
               identity.grants_of(p.id, found_session.strong)
        from identity.people p
        where p.id = found_session.person_id and p.active;
end
$$;

-- Who an API token stands for, and what it may do at most. No row: unknown, expired, revoked or deactivated.
create or replace function identity.token_lookup(token_hash bytea)
returns table (person_id uuid, name text, language text, scopes text[], grants jsonb)
language plpgsql volatile security definer
set search_path = pg_catalog, identity, pg_temp
as $$
#variable_conflict use_column
declare
    found_token identity.tokens;
begin
    select t.* into found_token
    from identity.tokens t
    where t.token_hash = token_lookup.token_hash and t.revoked_at is null and t.expires_at > now();
    if not found then
        return;
    end if;
    if found_token.last_used is null or found_token.last_used < now() - interval '1 minute' then
        update identity.tokens t set last_used = now() where t.id = found_token.id;
    end if;
    return query
        select p.id, p.name, p.language, found_token.scopes, identity.grants_of(p.id, found_token.strong)
        from identity.people p
        where p.id = found_token.person_id and p.active;
end
$$;

-- Tells open pages that something changed, when the transaction commits. Carries a name and an id, never content:
-- LISTEN has no access control, and the page fetches what it may see.
create or replace function identity.touch(topic text, id uuid) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if topic is null or topic !~ '^[a-z_]{1,40}$' then
        raise exception 'not a topic of live updates: %', topic using errcode = 'invalid_parameter_value';
    end if;
    perform pg_notify('live', topic || ' ' || coalesce(id::text, '-'));
end
$$;

revoke all on schema identity from public;
revoke all on all functions in schema identity from public;

grant usage on schema identity to chancery_identity, chancery_assets, chancery_calendar, chancery_publisher, chancery_newsroom;
grant select, insert, update, delete on all tables in schema identity to chancery_identity;
grant execute on all functions in schema identity to chancery_identity;

-- `grant on all tables` covers views too; nobody writes through a published view.
revoke insert, update, delete
    on identity.published_units, identity.published_people, identity.published_grants from chancery_identity;

grant select on identity.published_units, identity.published_people, identity.published_grants
    to chancery_assets, chancery_calendar, chancery_publisher, chancery_newsroom;
-- What has been applied is the installer's to write down.
do $$
begin
    if to_regclass('identity.migrations') is not null then
        execute 'revoke all on identity.migrations from chancery_identity';
    end if;
end
$$;
-- The views call it; a function inside a view runs with the reader's rights.
grant execute on function identity.today(), identity.unit_names_on(uuid, date), identity.session_lookup(bytea),
    identity.token_lookup(bytea), identity.touch(text, uuid)
    to chancery_assets, chancery_calendar, chancery_publisher, chancery_newsroom;
