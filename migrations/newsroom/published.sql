-- What other services may use of the press room, and the press room's own rights.

-- A title as one segment of an address: "Đại sứ quán tiếp đoàn" becomes "dai-su-quan-tiep-doan".
-- Empty when nothing of the title can be written in Latin letters.
create or replace function newsroom.slug(p_title text) returns text
language sql immutable strict parallel safe
set search_path = pg_catalog, newsroom, pg_temp
as $$
    select trim(both '-' from regexp_replace(
        -- At most 80 characters, cut after a whole word where there is one.
        case when length(folded) > 80 then regexp_replace(left(folded, 81), '-[^-]*$', '') else folded end,
        '^(.{80}).*$', '\1'))
    from (
        select trim(both '-' from regexp_replace(lower(translate(regexp_replace(
            normalize(p_title, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd')), '[^a-z0-9]+', '-', 'g')) as folded
    ) as words
$$;

-- Puts a release on the press room of a unit; gives its address. Called inside the publisher's permit
-- transaction, so it either happened together with the receipt or not at all. Calling it again with the same
-- delivery changes nothing, gives the same address, and does not bring back what was withdrawn.
create or replace function newsroom.publish(
    p_delivery uuid, p_item uuid, p_unit uuid, p_language text, p_title text, p_body text,
    p_images jsonb, p_published_at timestamptz, p_topic text
) returns text
language plpgsql security definer
set search_path = pg_catalog, newsroom, pg_temp
as $$
declare
    v_unit record;
    v_folder text;
    v_slug text;
    v_path text;
begin
    select path into v_path from newsroom.releases where id = p_delivery;
    if found then
        return v_path;
    end if;

    select slug, zone into v_unit from identity.published_units where id = p_unit;
    if not found then
        raise exception 'press room: no unit %', p_unit using errcode = 'foreign_key_violation';
    end if;

    -- The folder is the mission's own day: what Vientiane publishes at 23:30 carries that day's date.
    v_folder := format('/press/%s/%s/%s/', v_unit.slug, p_language,
        to_char(p_published_at at time zone v_unit.zone, 'YYYY/MM/DD'));
    -- A title in Lao or Chinese leaves no Latin letters: then the end of the delivery's id stands for it.
    v_slug := coalesce(nullif(newsroom.slug(p_title), ''), 'r-' || right(p_delivery::text, 12));

    for n in 1..1000 loop
        v_path := v_folder || v_slug || case when n = 1 then '' else '-' || n end;
        insert into newsroom.releases
            (id, item_id, unit_id, language, title, body, topic, path, published_at, updated_at)
        values
            (p_delivery, p_item, p_unit, p_language, p_title, p_body, p_topic, v_path, p_published_at, p_published_at)
        on conflict do nothing;
        if found then
            insert into newsroom.release_images (release_id, position, sha256, mime, width, height, alt, asset_id)
            select p_delivery, image.ordinality - 1, value ->> 'sha256', value ->> 'mime',
                (value ->> 'width')::int, (value ->> 'height')::int, coalesce(value ->> 'alt', ''),
                (value ->> 'asset')::uuid
            from jsonb_array_elements(coalesce(p_images, '[]')) with ordinality as image;
            perform identity.touch('release', p_delivery);
            return v_path;
        end if;
        -- Either another transaction published this very delivery meanwhile, or the address is taken.
        select path into v_path from newsroom.releases where id = p_delivery;
        if found then
            return v_path;
        end if;
    end loop;
    raise exception 'press room: no free address under %', v_folder || v_slug using errcode = 'unique_violation';
end
$$;

-- Takes a release down. Its page then answers 410 with the reason. False when there is no such release or it
-- was down already; the first reason is kept.
create or replace function newsroom.withdraw(p_delivery uuid, p_reason text) returns boolean
language plpgsql security definer
set search_path = pg_catalog, newsroom, pg_temp
as $$
begin
    update newsroom.releases
    set withdrawn_at = now(), withdrawn_reason = p_reason, updated_at = greatest(now(), published_at)
    where id = p_delivery and withdrawn_at is null;
    if not found then
        return false;
    end if;
    perform identity.touch('release', p_delivery);
    return true;
end
$$;

-- A short address of what was approved, called in the transaction that orders it: no order stands without its addresses,
-- and no address leads to what nobody approved. Calling it again changes nothing.
create or replace function newsroom.short(p_code text, p_item uuid, p_account uuid, p_language text, p_target text)
returns void
language plpgsql security definer
set search_path = pg_catalog, newsroom, pg_temp
as $$
begin
    insert into newsroom.short_links (code, item_id, account_id, language, target)
    values (p_code, p_item, p_account, p_language, p_target)
    on conflict (code) do nothing;
    if not exists (select from newsroom.short_links
                   where code = p_code and item_id = p_item and account_id = p_account and language = p_language
                     and target = p_target) then
        raise exception 'press room: % is another address', p_code using errcode = 'unique_violation';
    end if;
end
$$;

-- From now on an item's short addresses say that it is no longer there.
create or replace function newsroom.short_gone(p_item uuid) returns void
language sql security definer
set search_path = pg_catalog, newsroom, pg_temp
as $$
    update newsroom.short_links set gone_at = now() where item_id = p_item and gone_at is null
$$;

-- How often each short address was followed, by the day.
create or replace view newsroom.published_clicks as
select l.code, l.item_id, c.day, c.clicks
from newsroom.short_links l join newsroom.short_clicks c on c.code = l.code;

-- The same, with the reason as one of a closed list and a note in the room's own words. `p_at` is the publisher's clock.
create or replace function newsroom.withdraw(p_delivery uuid, p_cause text, p_note text, p_at timestamptz) returns boolean
language plpgsql security definer
set search_path = pg_catalog, newsroom, pg_temp
as $$
begin
    update newsroom.releases
    set withdrawn_at = greatest(p_at, published_at), withdrawn_cause = p_cause, withdrawn_reason = p_note,
        updated_at = greatest(p_at, updated_at)
    where id = p_delivery and withdrawn_at is null;
    if not found then
        return false;
    end if;
    perform identity.touch('release', p_delivery);
    return true;
end
$$;

-- Corrects a release where it stands, inside the publisher's permit transaction; gives its address. What it said before
-- is kept. Calling it again with the same correction changes nothing, and it does not bring back what was withdrawn.
create or replace function newsroom.revise(
    p_release uuid, p_correction uuid, p_title text, p_body text, p_images jsonb, p_note text, p_at timestamptz
) returns text
language plpgsql security definer
set search_path = pg_catalog, newsroom, pg_temp
as $$
declare
    v_path text;
begin
    select path into v_path from newsroom.releases where id = p_release for update;
    if not found then
        raise exception 'press room: no release %', p_release using errcode = 'foreign_key_violation';
    end if;
    insert into newsroom.corrections (id, release_id, corrected_at, note, earlier_title, earlier_body, earlier_images)
    select p_correction, r.id, greatest(p_at, r.updated_at), p_note, r.title, r.body,
        coalesce((select jsonb_agg(to_jsonb(i) - 'release_id' order by i.position)
                  from newsroom.release_images i where i.release_id = r.id), '[]')
    from newsroom.releases r
    where r.id = p_release and r.withdrawn_at is null
    on conflict do nothing;
    if not found then
        return v_path;
    end if;
    update newsroom.releases
    set title = p_title, body = p_body, updated_at = greatest(p_at, updated_at)
    where id = p_release;
    delete from newsroom.release_images where release_id = p_release;
    insert into newsroom.release_images (release_id, position, sha256, mime, width, height, alt, asset_id)
    select p_release, image.ordinality - 1, value ->> 'sha256', value ->> 'mime',
        (value ->> 'width')::int, (value ->> 'height')::int, coalesce(value ->> 'alt', ''),
        (value ->> 'asset')::uuid
    from jsonb_array_elements(coalesce(p_images, '[]')) with ordinality as image;
    perform identity.touch('release', p_release);
    return v_path;
end
$$;

revoke all on schema newsroom from public;
revoke all on all functions in schema newsroom from public;

grant usage on schema newsroom to chancery_newsroom, chancery_publisher, chancery_calendar;
grant execute on function newsroom.publish(uuid, uuid, uuid, text, text, text, jsonb, timestamptz, text) to chancery_publisher;
grant execute on function newsroom.withdraw(uuid, text) to chancery_publisher;
grant execute on function newsroom.withdraw(uuid, text, text, timestamptz) to chancery_publisher;
grant execute on function newsroom.revise(uuid, uuid, text, text, jsonb, text, timestamptz) to chancery_publisher;

-- The press room itself only shows; releases come, change and go through these functions alone.
grant select on newsroom.releases, newsroom.release_images, newsroom.corrections to chancery_newsroom;
grant select, insert, update, delete on newsroom.thumbnails to chancery_newsroom;

-- The calendar makes short addresses of what it orders, ends them, and reads how often they were followed.
grant execute on function newsroom.short(text, uuid, uuid, text, text), newsroom.short_gone(uuid) to chancery_calendar;
grant select on newsroom.published_clicks to chancery_calendar;
grant select on newsroom.short_links to chancery_newsroom;
grant select, insert, update on newsroom.short_clicks to chancery_newsroom;
