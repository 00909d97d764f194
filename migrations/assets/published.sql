-- What the library offers to the other services. Re-applied at every migration: keep it idempotent.

-- The one rule of what may be done with an asset. Null: it may be used; else why not, a word that ends Fluent ids
-- (`assets-refusal-…`). It reads nothing, so that a search can ask it of every row; all routes ask it through
-- `assets.may_use` or on the row of the search.
--
-- p_channel is where it goes: a platform, or `share_link` for people outside. Null means that it stays in the house.
-- p_country is where the unit that uses it works.
create or replace function assets.refusal(
    p_state text, p_licence text, p_consent text, p_internal_only boolean, p_territory text[], p_channels text[],
    p_starts_at timestamptz, p_ends_at timestamptz, p_embargo_at timestamptz,
    p_country text, p_channel text, p_at timestamptz
) returns text
language sql immutable parallel safe
as $$
    select case
        when p_state = 'withdrawn' then 'withdrawn'
        when p_state <> 'published' then 'not_published'
        when p_embargo_at > p_at then 'embargo'
        when p_starts_at > p_at then 'not_started'
        when p_ends_at <= p_at then 'ended'
        when p_territory is not null and not coalesce(p_country = any (p_territory), false) then 'territory'
        when p_channel is null then null
        when p_internal_only then 'internal_only'
        when p_licence = 'unknown' then 'licence'
        when p_consent = 'missing' then 'consent'
        when p_channels is not null and not (p_channel = any (p_channels)) then 'channel'
    end
$$;

-- Whether a unit may use an asset on a channel at an instant; see above. For an asset that does not exist: `gone`.
create or replace function assets.may_use(p_asset uuid, p_unit uuid, p_channel text, p_at timestamptz) returns text
language sql stable security definer
set search_path = pg_catalog, assets, pg_temp
as $$
    select case
        when a.id is null then 'gone'
        when u.id is null then 'territory'
        else assets.refusal(a.state, a.licence, a.consent, a.internal_only, a.territory, a.channels,
                            a.starts_at, a.ends_at, a.embargo_at, u.country, p_channel, p_at)
    end
    from (values (1)) one
    left join assets.assets a on a.id = p_asset
    left join identity.published_units u on u.id = p_unit
$$;

-- The picture of an asset, for a unit that may use it in the house: where its bytes lie, their length, and the descriptions
-- by language. No row: there is no such picture, or the unit may not use it. The largest picture for the web that was made
-- of all of it, with nothing put on it; before one is made, the clean file itself, if it is of a format of the web.
create or replace function assets.picture(p_asset uuid, p_unit uuid, p_at timestamptz)
returns table (sha256 text, bytes bigint, alts jsonb)
language sql stable security definer
set search_path = pg_catalog, assets, pg_temp
as $$
    select picture.sha256, picture.bytes,
        coalesce((select jsonb_object_agg(t.language, t.alt) from assets.texts t where t.asset_id = p_asset and t.alt <> ''), '{}')
    from assets.files f
    cross join lateral (
        select r.sha256, r.bytes, r.width from assets.renditions r
        where r.source = f.sha256 and r.state = 'ready' and r.plain and f.media_type like 'image/%'
          and greatest(r.width, r.height) >= least(1200, greatest(f.width, f.height))
        union all
        select f.sha256, f.bytes, 0 where f.media_type in ('image/jpeg', 'image/png', 'image/webp')
    ) picture
    where f.asset_id = p_asset and f.role = 'clean' and f.state = 'ready' and f.superseded_at is null
      and assets.may_use(p_asset, p_unit, null, p_at) is null
    order by picture.width desc
    limit 1
$$;

revoke all on schema assets from public;
revoke all on all functions in schema assets from public;

grant usage on schema assets to chancery_assets, chancery_calendar, chancery_publisher, chancery_newsroom;
grant select, insert, update, delete on all tables in schema assets to chancery_assets;
grant usage on all sequences in schema assets to chancery_assets;
grant execute on all functions in schema assets to chancery_assets;
grant execute on function assets.may_use(uuid, uuid, text, timestamptz)
    to chancery_calendar, chancery_publisher, chancery_newsroom;
grant execute on function assets.picture(uuid, uuid, timestamptz) to chancery_calendar;

-- What has been applied is the installer's to write down.
do $$
begin
    if to_regclass('assets.migrations') is not null then
        execute 'revoke all on assets.migrations from chancery_assets';
    end if;
end
$$;
