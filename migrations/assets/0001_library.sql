-- The library: what is kept, what is said about it, what may be done with it, and what was done.

create schema if not exists assets;

-- The ministry's own priorities, a list that it fills for itself -----------------------------------------------------

create table assets.priorities (
    code     text primary key check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    names    jsonb not null check (length(names ->> 'vi') between 1 and 100 and length(names ->> 'en') between 1 and 100),
    position integer not null
);

insert into assets.priorities (code, names, position) values
    ('country_and_people', '{"vi": "Đất nước, con người", "en": "The country and its people"}', 1),
    ('culture_heritage', '{"vi": "Văn hóa, di sản", "en": "Culture and heritage"}', 2),
    ('sea_and_islands', '{"vi": "Biển, đảo, chủ quyền", "en": "Seas, islands, sovereignty"}', 3),
    ('investment_trade', '{"vi": "Đầu tư, thương mại", "en": "Investment and trade"}', 4),
    ('tourism', '{"vi": "Du lịch", "en": "Tourism"}', 5),
    ('overseas_community', '{"vi": "Người Việt Nam ở nước ngoài", "en": "Nationals living abroad"}', 6),
    ('green_growth', '{"vi": "Tăng trưởng xanh, khí hậu", "en": "Green growth and climate"}', 7),
    ('multilateral', '{"vi": "Hội nhập, đối ngoại đa phương", "en": "Multilateral diplomacy"}', 8);

-- Assets -------------------------------------------------------------------------------------------------------------

-- What somebody put in at once: a folder, a card of a camera, a zip.
create table assets.batches (
    id         uuid primary key,
    unit_id    uuid not null,
    person_id  uuid not null,
    name       text not null check (char_length(name) between 1 and 200),
    created_at timestamptz not null
);

create index batches_unit on assets.batches (unit_id, id desc);

create table assets.assets (
    id               uuid primary key,
    unit_id          uuid not null,
    batch_id         uuid references assets.batches,
    kind             text not null default 'unknown' check (kind in ('unknown', 'picture', 'film', 'audio', 'document', 'captions')),
    state            text not null default 'draft' check (state in ('draft', 'in_review', 'returned', 'published', 'withdrawn')),
    -- Counts every save: two stewards who edit at once find out by it.
    revision         bigint not null default 1 check (revision >= 1),
    -- As it was called on somebody's disk; for people, never a path of ours.
    file_name        text not null check (char_length(file_name) between 1 and 200),

    -- What it is, said by people.
    credit           text not null default '' check (char_length(credit) <= 300),
    agency           text not null default '' check (char_length(agency) <= 300),
    creator          text not null default '' check (char_length(creator) <= 300),
    place            text not null default '' check (char_length(place) <= 300),
    country          text check (country ~ '^[A-Z]{2}$'),
    taken_on         date,
    topics           text[] not null default '{}' check (cardinality(topics) <= 20),
    priorities       text[] not null default '{}' check (cardinality(priorities) <= 20),
    official         boolean not null default false,
    keep_location    boolean not null default false,
    focal_x          real not null default 0.5 check (focal_x between 0 and 1),
    focal_y          real not null default 0.5 check (focal_y between 0 and 1),

    -- What may be done with it. Times are what a wall in `rights_zone` shows; the instants beside them are what Rust
    -- made of that, and what the predicate reads.
    internal_only    boolean not null default false,
    licence          text not null default 'unknown' check (licence in (
                         'unknown', 'owned', 'public_domain', 'cc_by', 'cc_by_sa', 'agency', 'licensed')),
    licence_note     text not null default '' check (char_length(licence_note) <= 1000),
    consent          text not null default 'not_needed' check (consent in ('not_needed', 'given', 'missing')),
    -- Null: everywhere. Else ISO 3166 codes of the countries.
    territory        text[] check (cardinality(territory) between 1 and 250),
    -- Null: every channel. Else platforms, and `share_link`.
    channels         text[] check (cardinality(channels) between 1 and 50),
    rights_zone      text not null default 'UTC' check (length(rights_zone) between 1 and 60),
    starts_wall      timestamp,
    starts_at        timestamptz,
    ends_wall        timestamp,
    ends_at          timestamptz,
    embargo_wall     timestamp,
    embargo_at       timestamptz,
    -- For which end users were told, so that it is told once.
    end_told         timestamptz,
    end_warned       timestamptz,

    submitted_at     timestamptz,
    published_at     timestamptz,
    withdrawn_at     timestamptz,
    -- Why it was returned or withdrawn.
    reason           text not null default '' check (char_length(reason) <= 2000),
    created_by       uuid not null,
    created_at       timestamptz not null,
    updated_by       uuid not null,
    updated_at       timestamptz not null,
    check ((starts_wall is null) = (starts_at is null)),
    check ((ends_wall is null) = (ends_at is null)),
    check ((embargo_wall is null) = (embargo_at is null)),
    check (ends_wall > starts_wall),
    constraint assets_published_once check ((state in ('published', 'withdrawn')) = (published_at is not null)),
    constraint assets_withdrawn_once check ((state = 'withdrawn') = (withdrawn_at is not null)),
    constraint assets_reason check (state not in ('returned', 'withdrawn') or reason <> ''),
    -- Nothing is given out of which nobody knows what it is, or what may be done with it.
    constraint assets_known check (state <> 'published' or (kind <> 'unknown' and licence <> 'unknown'))
);

create index assets_batch on assets.assets (batch_id, id) where batch_id is not null;
create index assets_review on assets.assets (submitted_at, id) where state = 'in_review';
create index assets_ending on assets.assets (ends_at, id) where state = 'published' and ends_at is not null;

-- In each language: BCP 47.
create table assets.texts (
    asset_id   uuid not null references assets.assets on delete cascade,
    language   text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
    title      text not null default '' check (char_length(title) <= 300),
    caption    text not null default '' check (char_length(caption) <= 5000),
    alt        text not null default '' check (char_length(alt) <= 1000),
    transcript text not null default '' check (char_length(transcript) <= 200000),
    primary key (asset_id, language),
    check (title <> '' or caption <> '' or alt <> '' or transcript <> '')
);

-- Files. The original is what arrived and leaves the library only by a steward's hand; `clean` is what is given out.
create table assets.files (
    id            uuid primary key,
    asset_id      uuid not null references assets.assets on delete cascade,
    role          text not null check (role in ('original', 'clean', 'subtitled', 'source', 'captions', 'consent')),
    language      text check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
    version       integer not null default 1 check (version >= 1),
    sha256        text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    bytes         bigint not null check (bytes >= 0),
    name          text not null check (char_length(name) between 1 and 200),
    -- Null until somebody has looked inside.
    media_type    text,
    state         text not null default 'waiting' check (state in ('waiting', 'ready', 'refused')),
    -- A Fluent id that says why.
    refusal       text check ((state = 'refused') = (refusal is not null)),
    width         integer check (width > 0),
    height        integer check (height > 0),
    duration_ms   bigint check (duration_ms >= 0),
    pages         integer check (pages > 0),
    -- 64 bits of how a picture looks; near hashes are near pictures.
    look          bigint,
    -- What was found inside: codecs, embedded metadata, the text of a document.
    facts         jsonb not null default '{}',
    -- The clean copy made of this file; made from which original.
    made_from     uuid references assets.files,
    superseded_at timestamptz,
    added_by      uuid not null,
    added_at      timestamptz not null
);

-- One of each is current: a file takes the place of the one before when it has been looked into, and only then.
create unique index files_current on assets.files (asset_id, role, language) nulls not distinct
    where superseded_at is null and state = 'ready';
create index files_asset on assets.files (asset_id, role, version desc);
create index files_content on assets.files (sha256);
create index files_waiting on assets.files (added_at) where state = 'waiting';
-- Near pictures share at least one of four pieces of 16 bits, if they differ in three bits or fewer, and mostly beyond.
create index files_look_1 on assets.files ((look & 65535)) where look is not null;
create index files_look_2 on assets.files (((look >> 16) & 65535)) where look is not null;
create index files_look_3 on assets.files (((look >> 32) & 65535)) where look is not null;
create index files_look_4 on assets.files (((look >> 48) & 65535)) where look is not null;

-- What was made of files, by what was asked for. Belongs to content, not to an asset: the same picture is cut once.
create table assets.renditions (
    id         uuid primary key,
    source     text not null check (source ~ '^[0-9a-f]{64}$'),
    spec       text not null check (length(spec) between 1 and 1000),
    state      text not null default 'waiting' check (state in ('waiting', 'ready', 'failed')),
    failure    text,
    sha256     text check (sha256 ~ '^[0-9a-f]{64}$'),
    media_type text,
    bytes      bigint,
    width      integer,
    height     integer,
    asked_at   timestamptz not null,
    made_at    timestamptz,
    used_at    timestamptz not null,
    unique (source, spec),
    check ((state = 'ready') = (sha256 is not null and media_type is not null and bytes is not null))
);

create index renditions_waiting on assets.renditions (asked_at) where state = 'waiting';

-- Use ----------------------------------------------------------------------------------------------------------------

-- The last that the calendar said of an item; a later report has a higher number.
create table assets.reports (
    item_id  uuid primary key,
    sequence bigint not null,
    title    text not null,
    unit_id  uuid not null,
    stage    text not null check (stage in ('chosen', 'scheduled', 'live', 'ended')),
    at       timestamptz not null
);

create table assets.uses (
    asset_id uuid not null references assets.assets on delete cascade,
    item_id  uuid not null references assets.reports,
    primary key (asset_id, item_id)
);

create index uses_item on assets.uses (item_id);

create table assets.downloads (
    seq       bigint generated always as identity primary key,
    asset_id  uuid not null references assets.assets on delete cascade,
    unit_id   uuid,
    person_id uuid,
    share_id  uuid,
    what      text not null check (length(what) <= 100),
    at        timestamptz not null
);

create index downloads_asset on assets.downloads (asset_id, seq desc);

-- Collections and kits -----------------------------------------------------------------------------------------------

create table assets.collections (
    id         uuid primary key,
    unit_id    uuid not null,
    kind       text not null check (kind in ('collection', 'kit')),
    names      jsonb not null check (jsonb_typeof(names) = 'object'),
    guidance   text not null default '' check (char_length(guidance) <= 20000),
    -- Who sees it besides its unit: these units and those below, units of these kinds, or everybody.
    shared_all boolean not null default false,
    shared_units uuid[] not null default '{}',
    shared_kinds text[] not null default '{}',
    revision   bigint not null default 1,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_by uuid not null,
    updated_at timestamptz not null
);

create index collections_unit on assets.collections (unit_id, id desc);

create table assets.collection_items (
    collection_id uuid not null references assets.collections on delete cascade,
    asset_id      uuid not null references assets.assets on delete cascade,
    position      integer not null check (position >= 0),
    note          text not null default '' check (char_length(note) <= 2000),
    primary key (collection_id, asset_id)
);

create index collection_items_asset on assets.collection_items (asset_id);

-- A link for people outside. Only a hash of its secret is kept.
create table assets.shares (
    id            uuid primary key,
    collection_id uuid not null references assets.collections on delete cascade,
    token_hash    bytea not null unique check (octet_length(token_hash) = 32),
    password_hash text,
    ends_at       timestamptz not null,
    max_downloads integer check (max_downloads between 1 and 100000),
    downloads     integer not null default 0 check (downloads >= 0),
    failures      integer not null default 0,
    failed_at     timestamptz,
    unit_id       uuid not null,
    created_by    uuid not null,
    created_at    timestamptz not null,
    revoked_at    timestamptz,
    constraint shares_count check (max_downloads is null or downloads <= max_downloads)
);

create index shares_collection on assets.shares (collection_id, id desc);

-- For one person -----------------------------------------------------------------------------------------------------

create table assets.saved_searches (
    id         uuid primary key,
    person_id  uuid not null,
    name       text not null check (char_length(name) between 1 and 100),
    query      text not null check (char_length(query) <= 2000),
    created_at timestamptz not null,
    unique (person_id, name)
);

-- A change of many assets at once, with what would take it back.
create table assets.bulk_edits (
    id        uuid primary key,
    person_id uuid not null,
    what      jsonb not null,
    -- [{"asset", "revision", …what it was}]: undone only where nobody has edited since.
    inverse   jsonb not null,
    assets    integer not null,
    at        timestamptz not null,
    undone_at timestamptz
);

create index bulk_edits_person on assets.bulk_edits (person_id, id desc);

-- Search: one row for each asset -------------------------------------------------------------------------------------

-- Everything that a search asks of an asset, so that one table answers. The trigger below copies what is on the asset;
-- the words, the languages and the shape are written by the service.
create table assets.search (
    asset_id      uuid primary key references assets.assets on delete cascade,
    unit_id       uuid not null,
    kind          text not null,
    state         text not null,
    country       text,
    topics        text[] not null,
    priorities    text[] not null,
    official      boolean not null,
    internal_only boolean not null,
    licence       text not null,
    consent       text not null,
    territory     text[],
    channels      text[],
    starts_at     timestamptz,
    ends_at       timestamptz,
    embargo_at    timestamptz,
    words         tsvector not null default '',
    languages     text[] not null default '{}',
    -- Of those: the ones with a description for who cannot see.
    alts          text[] not null default '{}',
    shape         text check (shape in ('landscape', 'portrait', 'square', 'panorama')),
    -- Of film and sound: under a minute, five minutes, longer.
    length        text check (length in ('short', 'medium', 'long')),
    used          boolean not null default false
);

create index search_words on assets.search using gin (words);
create index search_topics on assets.search using gin (topics);
create index search_unit on assets.search (unit_id, asset_id desc);
create index search_kind on assets.search (kind, asset_id desc);
create index search_country on assets.search (country, asset_id desc) where country is not null;

create function assets.keep_search() returns trigger
language plpgsql as $$
begin
    insert into assets.search as s
        (asset_id, unit_id, kind, state, country, topics, priorities, official, internal_only, licence, consent,
         territory, channels, starts_at, ends_at, embargo_at)
    values
        (new.id, new.unit_id, new.kind, new.state, new.country, new.topics, new.priorities, new.official,
         new.internal_only, new.licence, new.consent, new.territory, new.channels, new.starts_at, new.ends_at,
         new.embargo_at)
    on conflict (asset_id) do update set
        unit_id = excluded.unit_id, kind = excluded.kind, state = excluded.state, country = excluded.country,
        topics = excluded.topics, priorities = excluded.priorities, official = excluded.official,
        internal_only = excluded.internal_only, licence = excluded.licence, consent = excluded.consent,
        territory = excluded.territory, channels = excluded.channels, starts_at = excluded.starts_at,
        ends_at = excluded.ends_at, embargo_at = excluded.embargo_at;
    return null;
end
$$;

create trigger assets_searched after insert or update on assets.assets
    for each row execute function assets.keep_search();
