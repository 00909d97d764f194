-- Campaigns and items, from draft to published. What a person may do when is decided in Rust (`model/`); what must never
-- be, whoever writes, is refused here as well: approving one's own text, changing what is frozen, ordering without approval.

create schema if not exists calendar;

-- Lists that each ministry fills for itself --------------------------------------------------------------------------

create table calendar.audiences (
    code     text primary key check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    names    jsonb not null check (length(names ->> 'vi') between 1 and 100 and length(names ->> 'en') between 1 and 100),
    position integer not null
);

insert into calendar.audiences (code, names, position) values
    ('host_public', '{"vi": "Công chúng nước sở tại", "en": "Public of the host country"}', 1),
    ('overseas_vietnamese', '{"vi": "Người Việt Nam ở nước ngoài", "en": "Nationals living abroad"}', 2),
    ('press', '{"vi": "Báo chí nước sở tại và quốc tế", "en": "Local and international press"}', 3),
    ('partners', '{"vi": "Cơ quan, tổ chức đối tác", "en": "Partner authorities and organisations"}', 4),
    ('business', '{"vi": "Doanh nghiệp, nhà đầu tư, khách du lịch", "en": "Business, investors, visitors"}', 5),
    ('home_public', '{"vi": "Công chúng trong nước", "en": "Public at home"}', 6);

create table calendar.programmes (
    id         uuid primary key,
    names      jsonb not null check (length(names ->> 'vi') between 1 and 200 and length(names ->> 'en') between 1 and 200),
    starts_on  date,
    ends_on    date check (ends_on >= starts_on),
    created_at timestamptz not null
);

-- Who must approve, in which order. The row without a topic is every item's chain at a mission; a topic's row adds steps
-- after it. Items of headquarters' own units start with headquarters.
create table calendar.policies (
    topic      text unique nulls not distinct check (topic in (
                   'general', 'bilateral', 'economy', 'culture', 'consular', 'consular_emergency', 'high_level_visit',
                   'sovereignty', 'human_rights')),
    steps      text[] not null check (steps <@ array['head_of_mission', 'headquarters_approver'] and cardinality(steps) <= 5),
    updated_by uuid,
    updated_at timestamptz not null default now(),
    -- The common chain is never empty: nothing goes out that nobody approved.
    check (topic is not null or cardinality(steps) >= 1)
);

insert into calendar.policies (topic, steps) values
    (null, '{head_of_mission}'),
    ('sovereignty', '{headquarters_approver}'),
    ('human_rights', '{headquarters_approver}'),
    ('high_level_visit', '{headquarters_approver}'),
    ('consular_emergency', '{headquarters_approver}');

-- Campaigns ----------------------------------------------------------------------------------------------------------

create table calendar.campaigns (
    id         uuid primary key,
    unit_id    uuid not null,
    name       text not null check (char_length(name) between 1 and 200),
    goal       text not null default '' check (char_length(goal) <= 2000),
    starts_on  date not null,
    ends_on    date not null check (ends_on >= starts_on),
    owner_id   uuid not null,
    colour     text not null check (colour in ('blue', 'azure', 'indigo', 'purple', 'pink', 'red', 'orange', 'yellow', 'lime', 'green', 'teal', 'cyan')),
    revision   bigint not null default 1,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create index campaigns_unit on calendar.campaigns (unit_id, starts_on desc, id desc);

-- Items --------------------------------------------------------------------------------------------------------------

create table calendar.items (
    id             uuid primary key,
    unit_id        uuid not null,
    campaign_id    uuid references calendar.campaigns,
    kind           text not null check (kind in ('statement', 'press_release', 'news', 'greeting', 'notice')),
    state          text not null default 'draft' check (state in (
                       'draft', 'changes_requested', 'submitted', 'approved', 'scheduled', 'publishing', 'published',
                       'partly', 'failed', 'needs_person', 'stopping', 'cancelled')),
    -- Counts what was submitted: one higher whenever a submitted version is opened again.
    version        integer not null default 1 check (version >= 1),
    -- Counts every save: two people who edit at once find out by it.
    revision       bigint not null default 1 check (revision >= 1),
    -- Approval steps already passed by this version.
    steps_done     integer not null default 0 check (steps_done >= 0),
    language       text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    title          text not null default '' check (char_length(title) <= 300),
    body           text not null default '' check (char_length(body) <= 100000),
    topic          text not null default 'general' check (topic in (
                       'general', 'bilateral', 'economy', 'culture', 'consular', 'consular_emergency', 'high_level_visit',
                       'sovereignty', 'human_rights')),
    audience       text not null default 'host_public' references calendar.audiences,
    programme_id   uuid references calendar.programmes,
    -- Distribution scope (phạm vi phổ biến). Only what is public can be submitted for a public channel.
    scope          text not null default 'internal' check (scope in ('internal', 'public')),
    -- The appointment: what a wall in `zone` shows. `publish_at` is what Rust made of it, for lists and sorting only.
    clock          text not null default 'host' check (clock in ('host', 'headquarters')),
    wall           timestamp,
    zone           text check (length(zone) between 1 and 60),
    publish_at     timestamptz,
    window_minutes integer not null default 60 check (window_minutes between 1 and 1440),
    created_by     uuid not null,
    created_at     timestamptz not null,
    updated_by     uuid not null,
    updated_at     timestamptz not null,
    check ((wall is null) = (publish_at is null) and (wall is null) = (zone is null)),
    check (state in ('draft', 'changes_requested', 'stopping', 'cancelled') or wall is not null),
    check (state <> 'changes_requested' or version > 1)
);

-- Lists are newest first, by unit, by state.
create index items_unit on calendar.items (unit_id, id desc);
create index items_state on calendar.items (state, id desc);
create index items_upcoming on calendar.items (unit_id, publish_at) where state in ('approved', 'scheduled', 'publishing');
create index items_waiting on calendar.items (publish_at, id) where state = 'submitted';
create index items_author on calendar.items (created_by, id desc);
create index items_campaign on calendar.items (campaign_id, id desc) where campaign_id is not null;

-- The item for one account, in one language. Without text of its own it carries the item's.
create table calendar.variants (
    item_id    uuid not null references calendar.items on delete cascade,
    id         uuid not null,
    account_id uuid not null,
    language   text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    position   integer not null,
    title      text check (char_length(title) <= 300),
    body       text check (char_length(body) <= 100000),
    images     boolean not null default true,
    primary key (item_id, id),
    unique (item_id, account_id, language)
);

create table calendar.images (
    id       uuid primary key,
    item_id  uuid not null references calendar.items on delete cascade,
    position integer not null,
    sha256   text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    mime     text not null check (mime in ('image/jpeg', 'image/png', 'image/webp')),
    width    integer not null check (width > 0),
    height   integer not null check (height > 0),
    -- What somebody who cannot see it should know, by language: {"vi": "…", "en": "…"}.
    alts     jsonb not null default '{}' check (jsonb_typeof(alts) = 'object'),
    added_by uuid not null,
    added_at timestamptz not null,
    unique (item_id, sha256)
);

-- Everybody who ever wrote in an item: none of them may approve it.
create table calendar.contributors (
    item_id   uuid not null references calendar.items on delete cascade,
    person_id uuid not null,
    since     timestamptz not null,
    primary key (item_id, person_id)
);

-- Who has the editor open, as of their last sign of life.
create table calendar.presence (
    item_id   uuid not null references calendar.items on delete cascade,
    person_id uuid not null,
    seen_at   timestamptz not null,
    primary key (item_id, person_id)
);

-- What a person wrote on top of something that had changed meanwhile: kept until they take it or discard it.
create table calendar.copies (
    id            uuid primary key,
    item_id       uuid not null references calendar.items on delete cascade,
    person_id     uuid not null,
    base_revision bigint not null,
    draft         jsonb not null,
    saved_at      timestamptz not null,
    unique (item_id, person_id)
);

-- Approval -----------------------------------------------------------------------------------------------------------

-- What was submitted, word for word. Never changed, never deleted.
create table calendar.versions (
    item_id      uuid not null references calendar.items,
    version      integer not null,
    edition      jsonb not null,
    edition_hash text not null check (edition_hash ~ '^[0-9a-f]{64}$'),
    -- The chain as the policy stood at submission, one role a step.
    chain        text[] not null check (cardinality(chain) >= 1),
    submitted_by uuid not null,
    submitted_at timestamptz not null,
    -- Set when an approver chose a new time for text that nobody changed.
    retimed_by   uuid,
    primary key (item_id, version),
    unique (item_id, version, edition_hash)
);

create table calendar.decisions (
    id           uuid primary key,
    item_id      uuid not null,
    version      integer not null,
    -- The hash that the person saw on the screen.
    edition_hash text not null,
    step         integer not null check (step >= 1),
    role         text not null check (role in ('head_of_mission', 'headquarters_approver')),
    decision     text not null check (decision in ('approved', 'changes_requested')),
    person_id    uuid not null,
    comment      text not null default '' check (char_length(comment) <= 5000),
    decided_at   timestamptz not null,
    check (decision = 'approved' or comment <> ''),
    foreign key (item_id, version, edition_hash) references calendar.versions (item_id, version, edition_hash),
    unique (item_id, version, step),
    -- A chain of two is two people, even when one person holds both roles.
    unique (item_id, version, person_id)
);

-- An approved version, ordered from the publisher.
create table calendar.orders (
    item_id             uuid not null,
    version             integer not null,
    edition_hash        text not null,
    not_after           timestamptz not null,
    ordered_at          timestamptz not null,
    cancel_requested_at timestamptz,
    cancel_confirmed_at timestamptz,
    primary key (item_id, version),
    foreign key (item_id, version, edition_hash) references calendar.versions (item_id, version, edition_hash),
    check (cancel_confirmed_at is null or cancel_requested_at is not null)
);

-- What the publisher last said of each delivery.
create table calendar.deliveries (
    id         uuid primary key,
    item_id    uuid not null,
    version    integer not null,
    account_id uuid not null,
    sequence   bigint not null,
    state      text not null check (state in (
                   'waiting', 'held', 'publishing', 'published', 'unknown', 'needs_person', 'failed', 'missed', 'cancelled')),
    permalink  text,
    reason     text,
    changed_at timestamptz not null
);

create index deliveries_item on calendar.deliveries (item_id);

-- Who did what when, and said what. Comments are entries like the others.
create table calendar.timeline (
    seq       bigint generated always as identity primary key,
    item_id   uuid not null references calendar.items on delete cascade,
    version   integer not null,
    at        timestamptz not null,
    person_id uuid,
    action    text not null check (action ~ '^[a-z_]+$'),
    text      text not null default '' check (char_length(text) <= 5000),
    detail    jsonb not null default '{}' check (jsonb_typeof(detail) = 'object')
);

create index timeline_item on calendar.timeline (item_id, seq desc);

-- What is refused whoever writes -------------------------------------------------------------------------------------

create function calendar.refuse_own_approval() returns trigger
language plpgsql as $$
begin
    if new.decision = 'approved' and exists (
        select from calendar.contributors c where c.item_id = new.item_id and c.person_id = new.person_id
    ) then
        raise exception 'nobody approves their own text' using errcode = 'check_violation', constraint = 'decisions_not_own';
    end if;
    if not exists (
        select from calendar.items i
        join calendar.versions v on v.item_id = i.id and v.version = i.version
        where i.id = new.item_id and i.version = new.version and i.state = 'submitted'
          and new.step = i.steps_done + 1 and v.chain[new.step] = new.role
    ) then
        raise exception 'this version does not wait for this step' using errcode = 'check_violation', constraint = 'decisions_in_turn';
    end if;
    return new;
end
$$;

create trigger decisions_guard before insert on calendar.decisions
    for each row execute function calendar.refuse_own_approval();

create function calendar.refuse_unapproved_order() returns trigger
language plpgsql as $$
begin
    if (select count(*) from calendar.decisions d
        where d.item_id = new.item_id and d.version = new.version and d.edition_hash = new.edition_hash and d.decision = 'approved')
       < (select cardinality(v.chain) from calendar.versions v where v.item_id = new.item_id and v.version = new.version)
    then
        raise exception 'not every step has approved this version' using errcode = 'check_violation', constraint = 'orders_need_approval';
    end if;
    return new;
end
$$;

create trigger orders_guard before insert on calendar.orders
    for each row execute function calendar.refuse_unapproved_order();

-- Only a draft changes: what waits for approval or has it stays as it was seen.
create function calendar.refuse_frozen_change() returns trigger
language plpgsql as $$
begin
    if exists (
        select from calendar.items i
        where i.id = case when tg_op = 'DELETE' then old.item_id else new.item_id end
          and i.state not in ('draft', 'changes_requested')
    ) then
        raise exception 'this version is frozen' using errcode = 'check_violation', constraint = 'items_frozen';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end
$$;

create trigger variants_frozen before insert or update or delete on calendar.variants
    for each row execute function calendar.refuse_frozen_change();
create trigger images_frozen before insert or update or delete on calendar.images
    for each row execute function calendar.refuse_frozen_change();

create function calendar.refuse_frozen_text() returns trigger
language plpgsql as $$
begin
    if old.state not in ('draft', 'changes_requested')
       and (new.title, new.body, new.language, new.topic, new.scope, new.unit_id)
           is distinct from (old.title, old.body, old.language, old.topic, old.scope, old.unit_id)
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

create trigger items_frozen before update on calendar.items
    for each row execute function calendar.refuse_frozen_text();

create function calendar.refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception '% of calendar.% is refused: what was submitted and decided stays', lower(tg_op), tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

create trigger versions_are_final before update or delete or truncate on calendar.versions
    for each statement execute function calendar.refuse_change();
create trigger decisions_are_final before update or delete or truncate on calendar.decisions
    for each statement execute function calendar.refuse_change();
