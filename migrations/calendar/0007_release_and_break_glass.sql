-- What is approved and waits for a person's word, and what two people let out without the rest of its chain.

-- Release on command ---------------------------------------------------------------------------------------------------

alter table calendar.items add column release text not null default 'at_time' check (release in ('at_time', 'on_command'));

alter table calendar.items drop constraint items_state_check;
alter table calendar.items add constraint items_state_check check (state in (
    'draft', 'changes_requested', 'submitted', 'ready', 'approved', 'scheduled', 'publishing', 'published', 'partly',
    'failed', 'needs_person', 'stopping', 'cancelled'));

-- Nobody gives the word within a minute; nothing that goes out by itself does so days late.
alter table calendar.items drop constraint items_window_minutes_check;
alter table calendar.items add constraint items_window_minutes_check check (
    case release when 'on_command' then window_minutes between 30 and 4320 else window_minutes between 1 and 1440 end);

-- What goes out next, and once a minute: which windows have ended? (items_upcoming goes in the next release.)
create index items_planned on calendar.items (unit_id, publish_at) where state in ('ready', 'approved', 'scheduled', 'publishing');
create index items_ready on calendar.items (publish_at, id) where state = 'ready';

-- The word: once for a version, within the window as it stood then. Never changed, never deleted.
create table calendar.releases (
    item_id      uuid not null,
    version      integer not null,
    edition_hash text not null,
    person_id    uuid not null,
    on_behalf_of uuid check (on_behalf_of <> person_id),
    opens_at     timestamptz not null,
    closes_at    timestamptz not null,
    released_at  timestamptz not null,
    primary key (item_id, version),
    foreign key (item_id, version, edition_hash) references calendar.versions (item_id, version, edition_hash),
    constraint releases_in_window check (released_at >= opens_at and released_at < closes_at)
);

create function calendar.refuse_unready_release() returns trigger
language plpgsql as $$
begin
    if not exists (
        select from calendar.items i where i.id = new.item_id and i.version = new.version and i.state = 'ready'
    ) then
        raise exception 'this version does not wait for a word' using errcode = 'check_violation', constraint = 'releases_in_turn';
    end if;
    return new;
end
$$;

create trigger releases_guard before insert on calendar.releases
    for each row execute function calendar.refuse_unready_release();
create trigger releases_are_final before update or delete or truncate on calendar.releases
    for each statement execute function calendar.refuse_change();

-- Break-glass ----------------------------------------------------------------------------------------------------------

-- The first of two orders a submitted version without the rest of its chain.
create table calendar.break_glass (
    id           uuid primary key,
    item_id      uuid not null,
    version      integer not null,
    -- The hash that the person saw on the screen.
    edition_hash text not null,
    reason       text not null check (char_length(reason) between 20 and 2000),
    role         text not null check (role in ('head_of_mission', 'desk_officer', 'headquarters_approver')),
    person_id    uuid not null,
    ordered_at   timestamptz not null,
    -- From here on nobody can confirm it.
    lapses_at    timestamptz not null check (lapses_at = ordered_at + interval '30 minutes'),
    foreign key (item_id, version, edition_hash) references calendar.versions (item_id, version, edition_hash)
);

create index break_glass_item on calendar.break_glass (item_id, ordered_at desc);
-- The list of every use is newest first.
create index break_glass_latest on calendar.break_glass (id desc);

-- The second confirms it: with this row the version needs no more decisions.
create table calendar.break_glass_confirmations (
    break_glass_id uuid primary key references calendar.break_glass,
    item_id        uuid not null,
    version        integer not null,
    edition_hash   text not null,
    role           text not null check (role in ('head_of_mission', 'desk_officer', 'headquarters_approver')),
    person_id      uuid not null,
    confirmed_at   timestamptz not null,
    -- The steps that nobody had taken by then: `native_reviewer:lo`, `head_of_mission`, ….
    bypassed       text[] not null check (cardinality(bypassed) >= 1),
    foreign key (item_id, version, edition_hash) references calendar.versions (item_id, version, edition_hash),
    unique (item_id, version)
);

-- Whoever was passed over has seen it, and may say something about it.
create table calendar.break_glass_seen (
    break_glass_id uuid not null references calendar.break_glass_confirmations,
    person_id      uuid not null,
    comment        text not null default '' check (char_length(comment) <= 2000),
    seen_at        timestamptz not null,
    primary key (break_glass_id, person_id)
);

create function calendar.refuse_own_break_glass() returns trigger
language plpgsql as $$
declare
    ordered calendar.break_glass;
begin
    if exists (
        select from calendar.contributors c where c.item_id = new.item_id and c.person_id = new.person_id
    ) then
        raise exception 'nobody lets out their own text' using errcode = 'check_violation', constraint = 'break_glass_not_own';
    end if;
    if not exists (
        select from identity.published_people p where p.id = new.person_id and p.active and p.second_factor
    ) then
        raise exception 'this takes a second factor' using errcode = 'check_violation', constraint = 'break_glass_second_factor';
    end if;
    if not exists (
        select from calendar.items i where i.id = new.item_id and i.version = new.version and i.state = 'submitted'
    ) then
        raise exception 'this version waits for nobody' using errcode = 'check_violation', constraint = 'break_glass_in_turn';
    end if;
    if tg_table_name = 'break_glass_confirmations' then
        select * into ordered from calendar.break_glass b where b.id = new.break_glass_id;
        if ordered.person_id = new.person_id then
            raise exception 'it takes two people' using errcode = 'check_violation', constraint = 'break_glass_two_people';
        end if;
        if (ordered.item_id, ordered.version, ordered.edition_hash) is distinct from (new.item_id, new.version, new.edition_hash)
           or new.confirmed_at < ordered.ordered_at or new.confirmed_at >= ordered.lapses_at
        then
            raise exception 'there is no such order any more' using errcode = 'check_violation', constraint = 'break_glass_in_time';
        end if;
    end if;
    return new;
end
$$;

create trigger break_glass_guard before insert on calendar.break_glass
    for each row execute function calendar.refuse_own_break_glass();
create trigger break_glass_confirmations_guard before insert on calendar.break_glass_confirmations
    for each row execute function calendar.refuse_own_break_glass();
create trigger break_glass_is_final before update or delete or truncate on calendar.break_glass
    for each statement execute function calendar.refuse_change();
create trigger break_glass_confirmations_are_final before update or delete or truncate on calendar.break_glass_confirmations
    for each statement execute function calendar.refuse_change();
create trigger break_glass_seen_is_final before update or delete or truncate on calendar.break_glass_seen
    for each statement execute function calendar.refuse_change();

-- What both mean for what was there ------------------------------------------------------------------------------------

-- As before, or two people have let it out; what goes out on command needs a word for exactly this hash and window.
create or replace function calendar.refuse_unapproved_order() returns trigger
language plpgsql as $$
begin
    if (select count(*) from calendar.decisions d
        where d.item_id = new.item_id and d.version = new.version and d.edition_hash = new.edition_hash and d.decision = 'approved')
       < (select cardinality(v.chain) from calendar.versions v where v.item_id = new.item_id and v.version = new.version)
       and not exists (
           select from calendar.break_glass_confirmations c
           where c.item_id = new.item_id and c.version = new.version and c.edition_hash = new.edition_hash)
    then
        raise exception 'not every step has approved this version' using errcode = 'check_violation', constraint = 'orders_need_approval';
    end if;
    if exists (
        select from calendar.versions v
        where v.item_id = new.item_id and v.version = new.version and v.edition ->> 'release' = 'on_command'
    ) and not exists (
        select from calendar.releases r
        where r.item_id = new.item_id and r.version = new.version and r.edition_hash = new.edition_hash
          and r.closes_at = new.not_after
    ) then
        raise exception 'nobody has given the word for this version' using errcode = 'check_violation', constraint = 'orders_need_release';
    end if;
    return new;
end
$$;

-- As before; how it goes out is frozen like its text.
create or replace function calendar.refuse_frozen_text() returns trigger
language plpgsql as $$
begin
    if old.state not in ('draft', 'changes_requested')
       and (new.title, new.body, new.language, new.topic, new.scope, new.unit_id, new.release)
           is distinct from (old.title, old.body, old.language, old.topic, old.scope, old.unit_id, old.release)
    then
        raise exception 'this version is frozen' using errcode = 'check_violation', constraint = 'items_frozen';
    end if;
    -- The time of a frozen version changes only together with the version, by an approver who chose a new one.
    if old.state not in ('draft', 'changes_requested') and new.version = old.version
       and (new.wall, new.zone, new.window_minutes) is distinct from (old.wall, old.zone, old.window_minutes)
    then
        raise exception 'this version is frozen' using errcode = 'check_violation', constraint = 'items_frozen';
    end if;
    -- Opening what was submitted makes a new version: an approval never covers what was written after it.
    if new.state in ('draft', 'changes_requested') and old.state not in ('draft', 'changes_requested')
       and new.version <= old.version
    then
        raise exception 'a submitted version is not opened again' using errcode = 'check_violation', constraint = 'items_versions_rise';
    end if;
    return new;
end
$$;
