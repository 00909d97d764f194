-- The board: a stretch of time over one unit, a part of the world, or all; what was last looked at; days that people
-- enter; feeds; files that wait to be taken in.

-- A month of everything is counted and cut down from the index alone, then a few rows a day are fetched.
create index items_board on calendar.items (publish_at, id) include (unit_id, state, kind, topic, campaign_id, language)
    where publish_at is not null;
-- A month of one mission.
create index items_unit_board on calendar.items (unit_id, publish_at, id) include (state, kind, topic, campaign_id, language)
    where publish_at is not null;
-- What has no day yet.
create index items_undated on calendar.items (unit_id, updated_at desc) where publish_at is null;

-- How somebody last looked at the board: the filters of its address, so that they stay.
create table calendar.boards (
    person_id  uuid primary key,
    query      text not null check (char_length(query) <= 2000),
    changed_at timestamptz not null
);

-- Days that matter and that no rule gives: people enter them. Where a day holds: everywhere, in a part of the world, in
-- a host country, or for a unit and those below it.
create table calendar.days (
    id         uuid primary key,
    kind       text not null check (kind in ('mourning', 'day_off', 'working_day', 'visit', 'event', 'sensitive')),
    scope      text not null check (scope in ('ministry', 'region', 'country', 'unit')),
    region     text check (region ~ '^[a-z_]{1,40}$'),
    country    text check (country ~ '^[A-Z]{2}$'),
    unit_id    uuid,
    starts_on  date not null,
    ends_on    date not null check (ends_on >= starts_on and ends_on <= starts_on + 400),
    name       text not null check (char_length(name) between 1 and 200),
    note       text not null default '' check (char_length(note) <= 2000),
    revision   bigint not null default 1,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_by uuid not null,
    updated_at timestamptz not null,
    check ((scope = 'region') = (region is not null)),
    check ((scope = 'country') = (country is not null)),
    check ((scope = 'unit') = (unit_id is not null))
);

-- Which days touch a month.
create index days_range on calendar.days (ends_on, starts_on);

-- A calendar to subscribe to, at a secret address. Of the secret only the hash is kept.
create table calendar.feeds (
    id          uuid primary key,
    person_id   uuid not null,
    kind        text not null check (kind in ('person', 'unit', 'campaign')),
    unit_id     uuid,
    campaign_id uuid references calendar.campaigns,
    language    text not null check (language in ('vi', 'en')),
    token_hash  bytea not null unique check (length(token_hash) = 32),
    created_at  timestamptz not null,
    used_at     timestamptz,
    revoked_at  timestamptz,
    check ((kind = 'unit') = (unit_id is not null)),
    check ((kind = 'campaign') = (campaign_id is not null))
);

create index feeds_person on calendar.feeds (person_id, created_at desc);

-- A file that was read and waits for its reader to say yes: rows as they were understood, or why not.
create table calendar.imports (
    id         uuid primary key,
    person_id  uuid not null,
    unit_id    uuid not null,
    file_name  text not null check (char_length(file_name) <= 200),
    rows       jsonb not null check (jsonb_typeof(rows) = 'array'),
    created_at timestamptz not null
);

create index imports_person on calendar.imports (person_id, created_at);
