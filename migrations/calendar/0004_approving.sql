-- Chains as data, delegates, deadlines, marked passages. `calendar.policies` stays for the release that still reads it.

-- Who must approve what. The head of a mission approves everything of the mission: no rule says so, and none can change
-- it. A rule adds steps to what it names: a unit with all below it, a kind, a topic, a language; null means any.
create table calendar.chain_rules (
    id         uuid primary key default gen_random_uuid(),
    unit_id    uuid,
    kind       text check (kind in ('statement', 'press_release', 'news', 'greeting', 'notice')),
    topic      text check (topic in (
                   'general', 'bilateral', 'economy', 'culture', 'consular', 'consular_emergency', 'high_level_visit',
                   'sovereignty', 'human_rights')),
    language   text check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    steps      text[] not null check (steps <@ array['native_reviewer', 'desk_officer', 'headquarters_approver']),
    updated_by uuid,
    updated_at timestamptz not null default now(),
    unique nulls not distinct (unit_id, kind, topic, language),
    -- A reviewer passes the text of one language.
    constraint chain_rules_reviewer check (not 'native_reviewer' = any(steps) or language is not null),
    -- Headquarters never stands in the way of everything: its steps are for a topic or a kind.
    constraint chain_rules_headquarters check (
        not steps && array['desk_officer', 'headquarters_approver'] or topic is not null or kind is not null),
    -- A rule of a topic only ever adds.
    constraint chain_rules_topic check (topic is null or cardinality(steps) >= 1)
);

-- What policy said until now; the reserved topics get the second pair of eyes, unless somebody had changed them.
insert into calendar.chain_rules (topic, steps, updated_by, updated_at)
select topic, case when updated_by is null then array['desk_officer', 'headquarters_approver'] else array['headquarters_approver'] end,
       updated_by, updated_at
from calendar.policies where topic is not null and 'headquarters_approver' = any(steps);

-- Who had wanted headquarters for everything still gets it, topic by topic.
insert into calendar.chain_rules (topic, steps, updated_by, updated_at)
select t.topic, array['headquarters_approver'], p.updated_by, p.updated_at
from calendar.policies p
cross join unnest(array['general', 'bilateral', 'economy', 'culture', 'consular', 'consular_emergency', 'high_level_visit',
                        'sovereignty', 'human_rights']) t (topic)
where p.topic is null and 'headquarters_approver' = any(p.steps)
on conflict do nothing;

-- Texts in the languages of Viet Nam's peoples are passed by a named native reviewer (ISO 639-3: Tày, Nùng, Thái, Mông,
-- Ê-đê, Gia-rai, Ba-na, Chăm).
insert into calendar.chain_rules (language, steps)
select l, array['native_reviewer'] from unnest(array['tyz', 'nut', 'blt', 'hmn', 'rad', 'jra', 'bdq', 'cjm']) l;

-- Which languages a holder of the role native_reviewer passes.
create table calendar.reviewer_languages (
    person_id uuid not null,
    language  text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    since     timestamptz not null,
    primary key (person_id, language)
);

-- So many minutes before an item's time a step should be taken; half of it later, headquarters hears of it.
create table calendar.step_deadlines (
    role       text primary key check (role in ('native_reviewer', 'head_of_mission', 'desk_officer', 'headquarters_approver')),
    minutes    integer not null check (minutes between 2 and 10080),
    updated_by uuid,
    updated_at timestamptz not null default now()
);

insert into calendar.step_deadlines (role, minutes) values
    ('native_reviewer', 240), ('head_of_mission', 60), ('desk_officer', 90), ('headquarters_approver', 60);

-- Until when a step should be taken: so many minutes before the item's time, or at half of the time that there was when it was
-- submitted later than that.
create function calendar.deadline(p_publish timestamptz, p_submitted timestamptz, p_minutes int) returns timestamptz
language sql immutable
as $$
    select greatest(
        p_publish - make_interval(mins => coalesce(p_minutes, 60)),
        p_submitted + (p_publish - p_submitted) / 2)
$$;

-- Who was told of a step that waits too long: once a level.
create table calendar.escalations (
    item_id uuid not null references calendar.items on delete cascade,
    version integer not null,
    step    integer not null,
    level   integer not null check (level in (1, 2)),
    told_at timestamptz not null,
    primary key (item_id, version, step, level)
);

-- Somebody decides on behalf of a head of mission or a headquarters approver, from a day to a day, both included.
create table calendar.delegations (
    id          uuid primary key,
    unit_id     uuid not null,
    role        text not null check (role in ('head_of_mission', 'headquarters_approver')),
    from_person uuid not null,
    to_person   uuid not null check (to_person <> from_person),
    reason      text not null check (char_length(reason) between 1 and 500),
    valid_from  date not null,
    valid_to    date not null check (valid_to between valid_from and valid_from + 366),
    created_at  timestamptz not null,
    revoked_at  timestamptz,
    revoked_by  uuid,
    check ((revoked_at is null) = (revoked_by is null))
);

-- Asked for each decision and each queue: whom may this person stand in for?
create index delegations_to on calendar.delegations (to_person) where revoked_at is null;
create index delegations_unit on calendar.delegations (unit_id, valid_to desc);

-- What of it was said on paper stays: only its end may be brought forward.
create function calendar.refuse_other_delegation() returns trigger
language plpgsql as $$
begin
    if (new.id, new.unit_id, new.role, new.from_person, new.to_person, new.reason, new.valid_from, new.valid_to, new.created_at)
       is distinct from (old.id, old.unit_id, old.role, old.from_person, old.to_person, old.reason, old.valid_from, old.valid_to, old.created_at)
       or old.revoked_at is not null
    then
        raise exception 'a delegation is ended, never changed' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;

create trigger delegations_stay before update on calendar.delegations
    for each row execute function calendar.refuse_other_delegation();

alter table calendar.decisions add column on_behalf_of uuid;
alter table calendar.decisions drop constraint decisions_role_check;
alter table calendar.decisions add constraint decisions_role_check
    check (role in ('native_reviewer', 'head_of_mission', 'desk_officer', 'headquarters_approver'));

-- As before, for whoever decides and for whomever they stand in; a step may name a language: `native_reviewer:lo`.
create or replace function calendar.refuse_own_approval() returns trigger
language plpgsql as $$
begin
    if new.decision = 'approved' and exists (
        select from calendar.contributors c
        where c.item_id = new.item_id and c.person_id in (new.person_id, new.on_behalf_of)
    ) then
        raise exception 'nobody approves their own text' using errcode = 'check_violation', constraint = 'decisions_not_own';
    end if;
    if exists (
        select from calendar.decisions d
        where d.item_id = new.item_id and d.version = new.version
          and (d.person_id in (new.person_id, new.on_behalf_of) or d.on_behalf_of in (new.person_id, new.on_behalf_of))
    ) then
        raise exception 'one person takes one step' using errcode = 'unique_violation',
            constraint = 'decisions_item_id_version_person_id_key';
    end if;
    if new.on_behalf_of is not null and not exists (
        select from calendar.delegations d
        where d.from_person = new.on_behalf_of and d.to_person = new.person_id and d.role = new.role and d.revoked_at is null
    ) then
        raise exception 'nobody named this person their delegate' using errcode = 'check_violation', constraint = 'decisions_delegated';
    end if;
    if not exists (
        select from calendar.items i
        join calendar.versions v on v.item_id = i.id and v.version = i.version
        where i.id = new.item_id and i.version = new.version and i.state = 'submitted'
          and new.step = i.steps_done + 1 and split_part(v.chain[new.step], ':', 1) = new.role
    ) then
        raise exception 'this version does not wait for this step' using errcode = 'check_violation', constraint = 'decisions_in_turn';
    end if;
    return new;
end
$$;

-- A place in a submitted text where something is to be changed: the words, and those around them, so that the place is
-- found again after the text was edited (the text quote selector of the W3C's annotation model).
create table calendar.passages (
    id          uuid primary key,
    item_id     uuid not null references calendar.items on delete cascade,
    version     integer not null,
    account_id  uuid not null,
    language    text not null,
    quote       text not null check (char_length(quote) between 1 and 2000),
    prefix      text not null default '' check (char_length(prefix) <= 100),
    suffix      text not null default '' check (char_length(suffix) <= 100),
    comment     text not null check (char_length(comment) between 1 and 2000),
    person_id   uuid not null,
    marked_at   timestamptz not null,
    resolved_by uuid,
    resolved_at timestamptz,
    check ((resolved_by is null) = (resolved_at is null)),
    foreign key (item_id, version) references calendar.versions (item_id, version)
);

create index passages_item on calendar.passages (item_id, version);

-- An approver's own wording of what waits: theirs to propose, a writer's to take over. Whoever takes it over submits it as a
-- new version, so the words become a writer's, and the approver's decision is bound to exactly the edition they proposed.
create table calendar.amendments (
    id             uuid primary key,
    item_id        uuid not null references calendar.items on delete cascade,
    -- The version on the screen; what is proposed is the next one.
    version        integer not null,
    draft          jsonb not null,
    edition        jsonb not null,
    edition_hash   text not null check (edition_hash ~ '^[0-9a-f]{64}$'),
    role           text not null check (role in ('native_reviewer', 'head_of_mission', 'desk_officer', 'headquarters_approver')),
    person_id      uuid not null,
    comment        text not null default '' check (char_length(comment) <= 5000),
    proposed_at    timestamptz not null,
    accepted_by    uuid check (accepted_by <> person_id),
    accepted_at    timestamptz,
    check ((accepted_by is null) = (accepted_at is null)),
    foreign key (item_id, version) references calendar.versions (item_id, version),
    unique (item_id, version)
);
