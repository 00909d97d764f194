-- Writing: what is looked at before something goes out, headquarters' list of names, versions to go back to, translations,
-- and what people say to each other about an item.

-- Preflight ----------------------------------------------------------------------------------------------------------

-- SHA-256 of a variant's folded words: the same text elsewhere is found by it. Null: too short to tell.
alter table calendar.variants add column text_hash bytea check (length(text_hash) = 32);
create index variants_text on calendar.variants (text_hash) where text_hash is not null;

-- Words that a unit and all below it mind. Without a language: in every one.
create table calendar.sensitive_words (
    id        uuid primary key,
    unit_id   uuid not null,
    language  text check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    word      text not null check (char_length(word) between 1 and 100),
    advice    text not null default '' check (char_length(advice) <= 500),
    -- Nothing with it can be submitted; else people are only told.
    blocking  boolean not null default false,
    -- Diacritics count.
    marks     boolean not null default true,
    added_by  uuid not null,
    added_at  timestamptz not null,
    unique nulls not distinct (unit_id, language, word)
);

-- Names and titles as headquarters approved them (danh mục tên gọi, chức danh): one row for each language.
create table calendar.names (
    id         uuid primary key,
    term       text not null check (char_length(term) between 1 and 100),
    language   text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    approved   text not null check (char_length(approved) between 1 and 300),
    -- [{"form": "…", "reason": "…"}]
    avoid      jsonb not null default '[]' check (jsonb_typeof(avoid) = 'array'),
    locked     boolean not null default false,
    updated_by uuid not null,
    updated_at timestamptz not null,
    unique (term, language)
);

create index names_language on calendar.names (language);

-- What came from headquarters into an item and stays word for word.
create table calendar.locked_passages (
    item_id  uuid not null references calendar.items on delete cascade,
    position integer not null,
    language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    text     text not null check (char_length(text) between 1 and 20000),
    -- Where it comes from, in words for people: the title of the guidance.
    source   text not null default '' check (char_length(source) <= 300),
    primary key (item_id, position)
);

-- What became of a link when it was last followed; one row for each address, whoever names it.
create table calendar.links (
    url_hash   bytea primary key check (length(url_hash) = 32),
    url        text not null check (length(url) <= 2000),
    -- `answers`: a page is there. `unclear`: the server does not want to tell a program.
    outcome    text not null default 'waiting' check (outcome in ('waiting', 'answers', 'unclear', 'gone', 'failing', 'silent', 'private')),
    status     integer check (status between 100 and 999),
    asked_at   timestamptz not null,
    checked_at timestamptz
);

-- Versions -----------------------------------------------------------------------------------------------------------

-- What was written, as it stood at the end of each person's stretch of writing, and at each submission.
create table calendar.snapshots (
    id        uuid primary key,
    seq       bigint generated always as identity,
    item_id   uuid not null references calendar.items on delete cascade,
    version   integer not null,
    revision  bigint not null,
    person_id uuid not null,
    reason    text not null check (reason in ('written', 'submitted', 'restored')),
    draft     jsonb not null,
    began_at  timestamptz not null,
    saved_at  timestamptz not null
);

create index snapshots_item on calendar.snapshots (item_id, seq desc);

-- Translations -------------------------------------------------------------------------------------------------------

-- How far the translation in a variant is. Kept apart from the variant, whose rows are replaced at every save.
create table calendar.translations (
    item_id      uuid not null references calendar.items on delete cascade,
    variant_id   uuid not null,
    stage        text not null check (stage in ('in_work', 'translated', 'reviewed')),
    -- The source that it was made from.
    source_title text not null,
    source_body  text not null,
    person_id    uuid not null,
    at           timestamptz not null,
    primary key (item_id, variant_id)
);

-- In which language somebody writes who has a translation open. Null: the whole item.
alter table calendar.presence add column language text check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');

-- Remarks ------------------------------------------------------------------------------------------------------------

-- What people say to each other about an item: threads that are resolved. A reply names the remark that began it.
create table calendar.remarks (
    id          uuid primary key,
    item_id     uuid not null references calendar.items on delete cascade,
    thread_id   uuid not null references calendar.remarks on delete cascade,
    person_id   uuid not null,
    text        text not null check (char_length(text) between 1 and 5000),
    -- Whom it mentions.
    mentions    uuid[] not null default '{}',
    at          timestamptz not null,
    resolved_by uuid,
    resolved_at timestamptz,
    check ((resolved_by is null) = (resolved_at is null)),
    -- Only the thread as a whole is resolved.
    check (resolved_at is null or thread_id = id)
);

create index remarks_item on calendar.remarks (item_id, thread_id, at);
