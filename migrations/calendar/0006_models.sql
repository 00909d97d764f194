-- Models: what headquarters writes once and sends to missions, each of which adopts it, adapts it or declines.

create table calendar.models (
    id          uuid primary key,
    -- Headquarters' unit that sends it.
    unit_id     uuid not null,
    campaign_id uuid references calendar.campaigns,
    state       text not null default 'draft' check (state in ('draft', 'sent', 'withdrawn')),
    -- What is written in it now. What missions have is the latest row of model_versions.
    content     jsonb not null check (jsonb_typeof(content) = 'object'),
    -- Counts what was sent.
    version     integer not null default 0 check (version >= 0),
    -- Counts saves: two people who edit at once find out by it.
    revision    bigint not null default 1 check (revision >= 1),
    -- Since when it waits for somebody who may send it.
    offered_at  timestamptz,
    offered_by  uuid,
    created_by  uuid not null,
    created_at  timestamptz not null,
    updated_by  uuid not null,
    updated_at  timestamptz not null,
    check ((state = 'draft') = (version = 0)),
    check ((offered_at is null) = (offered_by is null))
);

-- Lists are newest first.
create index models_unit on calendar.models (unit_id, id desc);
create index models_campaign on calendar.models (campaign_id) where campaign_id is not null;

-- Everybody who ever wrote in a model: they count as writers of every item that is made from it.
create table calendar.model_writers (
    model_id  uuid not null references calendar.models on delete cascade,
    person_id uuid not null,
    since     timestamptz not null,
    primary key (model_id, person_id)
);

-- What was sent, word for word. Never changed, never deleted.
create table calendar.model_versions (
    model_id uuid not null references calendar.models,
    version  integer not null check (version >= 1),
    content  jsonb not null,
    sent_by  uuid not null,
    sent_at  timestamptz not null,
    primary key (model_id, version)
);

-- Passages of a version that missions must keep word for word.
create table calendar.model_passages (
    model_id uuid not null,
    version  integer not null,
    position integer not null,
    language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    text     text not null check (char_length(text) between 1 and 5000),
    -- Where the wording comes from: a list of names, a statement.
    source   text not null default '' check (char_length(source) <= 300),
    primary key (model_id, version, position),
    foreign key (model_id, version) references calendar.model_versions
);

-- A model at one mission.
create table calendar.model_missions (
    model_id        uuid not null references calendar.models,
    unit_id         uuid not null,
    -- Which variation of the texts it gets, from 0.
    variation       integer not null check (variation >= 0),
    -- The latest version that has arrived; none while it is on its way.
    version         integer,
    received_at     timestamptz,
    seen_at         timestamptz,
    seen_by         uuid,
    answer          text check (answer in ('adopted', 'declined')),
    answered_by     uuid,
    answered_at     timestamptz,
    reason          text not null default '' check (char_length(reason) <= 5000),
    item_id         uuid unique references calendar.items,
    -- The item's texts as the model gave them, and of which version.
    adopted         jsonb,
    adopted_version integer,
    -- The latest version that the mission has taken over or knowingly left aside.
    settled_version integer,
    reminded_at     timestamptz,
    primary key (model_id, unit_id),
    check ((version is null) = (received_at is null)),
    check (answer is null or received_at is not null),
    check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)),
    check (answer is distinct from 'declined' or reason <> ''),
    check ((answer is not distinct from 'adopted') = (item_id is not null)),
    check ((item_id is null) = (adopted is null) and (item_id is null) = (adopted_version is null))
);

-- What a mission has received, the newest first.
create index model_missions_unit on calendar.model_missions (unit_id, model_id desc) where received_at is not null;

alter table calendar.items add column model_id uuid;
alter table calendar.items add column model_version integer;
alter table calendar.items add constraint items_model foreign key (model_id, model_version) references calendar.model_versions;
create index items_model on calendar.items (model_id) where model_id is not null;

-- The texts of an item, to compare them with those that it was given.
create function calendar.item_texts(p_item uuid) returns jsonb
language sql stable
as $$
    select jsonb_build_object(
        'language', i.language, 'title', i.title, 'body', i.body,
        'variants', coalesce((
            select jsonb_agg(jsonb_build_object('account', v.account_id, 'language', v.language, 'title', v.title, 'body', v.body)
                             order by v.position)
            from calendar.variants v where v.item_id = i.id), '[]'))
    from calendar.items i where i.id = p_item
$$;

create trigger model_versions_are_final before update or delete or truncate on calendar.model_versions
    for each statement execute function calendar.refuse_change();

-- Templates (biểu mẫu) of texts that recur: a greeting, a visit, a condolence, with fields to fill in.
create table calendar.templates (
    id         uuid primary key,
    -- Used by this unit and those below it.
    unit_id    uuid not null,
    template   jsonb not null check (jsonb_typeof(template) = 'object'),
    revision   bigint not null default 1 check (revision >= 1),
    retired_at timestamptz,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_by uuid not null,
    updated_at timestamptz not null
);

create index templates_unit on calendar.templates (unit_id, id desc);

-- What comes again: a rule in plain choices, and one or several source items that are copied in turn.
create table calendar.recurrences (
    id         uuid primary key,
    unit_id    uuid not null,
    name       text not null check (char_length(name) between 1 and 200),
    rule       jsonb not null check (jsonb_typeof(rule) = 'object'),
    -- Copied in turn: one source, or an evergreen set.
    sources    uuid[] not null check (cardinality(sources) between 1 and 50),
    -- So many days before its date a draft is made.
    ahead_days integer not null check (ahead_days between 1 and 60),
    active     boolean not null default true,
    revision   bigint not null default 1 check (revision >= 1),
    created_by uuid not null,
    created_at timestamptz not null,
    updated_by uuid not null,
    updated_at timestamptz not null
);

create index recurrences_unit on calendar.recurrences (unit_id, id desc);
create index recurrences_active on calendar.recurrences (id) where active;

-- The drafts that were made, one a date: a job that runs twice makes no second.
create table calendar.occurrences (
    recurrence_id uuid not null references calendar.recurrences,
    falls_on      date not null,
    item_id       uuid references calendar.items,
    made_at       timestamptz not null,
    primary key (recurrence_id, falls_on)
);

-- What was done off-line or elsewhere (ghi nhận hoạt động): an interview, an exhibition, a post made on the platform's own
-- app. Outlets and partners are named, private people are not.
create table calendar.activities (
    id         uuid primary key,
    unit_id    uuid not null,
    starts_on  date not null,
    activity   jsonb not null check (jsonb_typeof(activity) = 'object'),
    revision   bigint not null default 1 check (revision >= 1),
    created_by uuid not null,
    created_at timestamptz not null,
    updated_by uuid not null,
    updated_at timestamptz not null
);

-- The log is read by unit, the latest first.
create index activities_unit on calendar.activities (unit_id, starts_on desc, id desc);
