-- Units, people, roles, sign-in, tokens and notifications: who is who, and who may act for which unit.

create schema if not exists identity;

-- The organisation ------------------------------------------------------------------------------------------------

create table identity.units (
    id           uuid primary key,
    parent_id    uuid references identity.units,
    -- Root .. self, kept by a trigger: inheritance of roles is one array test, without recursion.
    path         uuid[] not null,
    kind         text not null check (kind in (
                     'ministry', 'department', 'desk', 'agency', 'province',
                     'embassy', 'consulate_general', 'consulate', 'permanent_mission', 'office')),
    is_mission   boolean not null generated always as (kind in (
                     'embassy', 'consulate_general', 'consulate', 'permanent_mission', 'office')) stored,
    -- Part of public addresses (/press/vientiane), so never reused, even after the unit is closed.
    slug         text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
    country      text check (country ~ '^[A-Z]{2}$'),
    zone         text not null check (length(zone) between 1 and 60),
    languages    text[] not null default '{}' check (cardinality(languages) <= 20),
    region       text check (region ~ '^[a-z_]+$'),
    valid_from   date not null,
    valid_to     date check (valid_to >= valid_from),
    successor_id uuid references identity.units,
    revision     integer not null default 1,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    check ((parent_id is null) = (kind = 'ministry')),
    check (successor_id is null or (valid_to is not null and successor_id <> id))
);

-- One ministry is one database.
create unique index units_one_root on identity.units ((parent_id is null)) where parent_id is null;
create index units_parent on identity.units (parent_id);

-- Names by period: a page about 2026 says what the unit was called in 2026.
create table identity.unit_names (
    unit_id    uuid not null references identity.units on delete cascade,
    valid_from date not null,
    names      jsonb not null check (
                   length(names ->> 'vi') between 1 and 200 and length(names ->> 'en') between 1 and 200),
    city       jsonb check (length(city ->> 'vi') between 1 and 100 and length(city ->> 'en') between 1 and 100),
    primary key (unit_id, valid_from)
);

create function identity.keep_unit_path() returns trigger
language plpgsql as $$
declare
    parent_path uuid[] := '{}';
begin
    if new.parent_id is not null then
        select path into parent_path from identity.units where id = new.parent_id for share;
        if new.id = any (parent_path) then
            raise exception 'a unit cannot be placed below itself'
                using errcode = 'check_violation', constraint = 'units_no_cycle';
        end if;
    end if;
    new.path := parent_path || new.id;
    return new;
end
$$;

create trigger units_path before insert or update of parent_id on identity.units
    for each row execute function identity.keep_unit_path();

create function identity.move_unit_children() returns trigger
language plpgsql as $$
begin
    update identity.units
    set path = new.path || path[cardinality(old.path) + 1 :]
    where path @> array[new.id] and id <> new.id;
    return null;
end
$$;

create trigger units_move after update of parent_id on identity.units
    for each row when (old.path is distinct from new.path) execute function identity.move_unit_children();

-- People ----------------------------------------------------------------------------------------------------------

create table identity.people (
    id         uuid primary key,
    name       text not null check (length(name) between 1 and 200),
    -- The sign-in name. Kept as typed, compared without case.
    email      text not null check (length(email) between 3 and 254),
    language   text not null default 'vi' check (language in ('vi', 'en')),
    theme      text not null default 'auto' check (theme in ('auto', 'light', 'dark')),
    active     boolean not null default true,
    -- A person of the demonstration ministry: the only kind that the one-click sign-in knows.
    demo       boolean not null default false,
    -- Shown beside the one-click sign-in: {"vi":..,"en":..}.
    demo_note  jsonb,
    revision   integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create unique index people_email on identity.people (lower(email));
create index people_name on identity.people (lower(name), id);

create table identity.grants (
    id         uuid primary key,
    person_id  uuid not null references identity.people,
    unit_id    uuid not null references identity.units,
    role       text not null check (role in (
                   'press_attache', 'head_of_mission', 'desk_officer', 'headquarters_approver', 'analyst',
                   'contributor', 'native_reviewer', 'remote_reader', 'auditor', 'administrator')),
    -- First and last day (Từ – đến), both included. No last day: until further notice.
    valid_from date not null,
    valid_to   date check (valid_to >= valid_from),
    granted_by uuid references identity.people,
    created_at timestamptz not null
);

create index grants_person on identity.grants (person_id);
create index grants_unit on identity.grants (unit_id, role);
-- The same posting is not entered twice.
create unique index grants_once on identity.grants (person_id, unit_id, role, valid_from);

-- Proofs of who somebody is. Nothing here is a secret in the clear ---------------------------------------------------

create table identity.passwords (
    person_id  uuid primary key references identity.people on delete cascade,
    hash       text not null check (hash like '$argon2id$%'),
    changed_at timestamptz not null
);

create table identity.totp (
    person_id    uuid primary key references identity.people on delete cascade,
    -- nonce || XChaCha20-Poly1305 ciphertext, bound to the person.
    secret       bytea not null,
    confirmed_at timestamptz,
    -- The last time step that was accepted: a code counts once.
    last_step    bigint not null default 0
);

create table identity.recovery_codes (
    person_id uuid not null references identity.people on delete cascade,
    code_hash bytea not null check (octet_length(code_hash) = 32),
    used_at   timestamptz,
    primary key (person_id, code_hash)
);

-- One-time links and codes: an invitation, a reset, the first administrator's set-up. Shown once, kept as a hash.
create table identity.one_time_links (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    purpose    text not null check (purpose in ('invitation', 'setup')),
    person_id  uuid references identity.people on delete cascade,
    created_by uuid references identity.people,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    check ((purpose = 'setup') = (person_id is null))
);

-- Between the right password and the right code.
create table identity.sign_in_challenges (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    person_id  uuid not null references identity.people on delete cascade,
    return_to  text not null default '/' check (return_to like '/%'),
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create table identity.sessions (
    id          uuid primary key,
    token_hash  bytea not null unique check (octet_length(token_hash) = 32),
    person_id   uuid not null references identity.people on delete cascade,
    csrf_secret bytea not null check (octet_length(csrf_secret) = 32),
    demo        boolean not null,
    -- A second factor was shown (or is waived by the demonstration). Without it the roles that need one are withheld.
    strong      boolean not null,
    user_agent  text not null default '' check (length(user_agent) <= 300),
    address     text not null default '' check (length(address) <= 60),
    created_at  timestamptz not null,
    last_seen   timestamptz not null,
    idle_limit  interval not null,
    expires_at  timestamptz not null
);

create index sessions_person on identity.sessions (person_id);
create index sessions_expiry on identity.sessions (expires_at);

create table identity.tokens (
    id         uuid primary key,
    person_id  uuid not null references identity.people on delete cascade,
    name       text not null check (length(name) between 1 and 100),
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    -- What the token may do at most: names of actions, each also needs a role of the person.
    scopes     text[] not null check (cardinality(scopes) between 1 and 100),
    strong     boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at),
    last_used  timestamptz,
    revoked_at timestamptz
);

create index tokens_person on identity.tokens (person_id);

-- Leaky buckets that slow guessing down (generic cell rate algorithm): one row a key, one statement a try.
create table identity.throttle (
    bucket  text not null check (bucket in ('account', 'address', 'code')),
    -- SHA-256 of the account name, address or person: no list of who tried to sign in is kept.
    key     bytea not null check (octet_length(key) = 32),
    full_at timestamptz not null,
    primary key (bucket, key)
);

create index throttle_old on identity.throttle (full_at);

-- Notifications -----------------------------------------------------------------------------------------------------

create table identity.notifications (
    id         uuid primary key,
    person_id  uuid not null references identity.people on delete cascade,
    -- The message that caused it: handled twice, a command still notifies once.
    cause      uuid not null,
    -- A Fluent message and its arguments: everybody reads it in their own language.
    key        text not null check (key ~ '^[a-z][a-z0-9-]*$' and length(key) <= 100),
    args       jsonb not null default '{}' check (jsonb_typeof(args) = 'object'),
    link       text check (link ~ '^/[^/\\]' and length(link) <= 500),
    created_at timestamptz not null,
    read_at    timestamptz,
    unique (person_id, cause)
);

create index notifications_list on identity.notifications (person_id, id desc);
create index notifications_unread on identity.notifications (person_id) where read_at is null;
