-- Renditions are made by jobs: who asked for one, how far it is, and what became of it.

alter table assets.renditions
    -- The whole picture and nothing but it: what may stand for the asset where another service shows it.
    add column plain       boolean not null default false,
    -- The values of the sentence that `failure` names.
    add column arguments   jsonb not null default '{}',
    -- How often somebody began to make it. The row gives up, whatever becomes of jobs.
    add column tries       integer not null default 0 check (tries >= 0),
    add column begun_at    timestamptz,
    add column duration_ms bigint check (duration_ms >= 0);

-- What units have asked for of an asset. The rendition itself belongs to the content and is shared by all who ask.
create table assets.asked (
    asset_id     uuid not null references assets.assets on delete cascade,
    rendition_id uuid not null references assets.renditions on delete cascade,
    unit_id      uuid not null,
    person_id    uuid not null,
    -- A word that ends Fluent ids (`rendition-purpose-…`), and the language of captions.
    purpose      text not null check (length(purpose) between 1 and 40),
    language     text check (length(language) <= 35),
    asked_at     timestamptz not null,
    primary key (asset_id, rendition_id, unit_id)
);

create index asked_rendition on assets.asked (rendition_id);

-- Pictures that a unit, and every unit below it, may put in a corner of others.
create table assets.logos (
    asset_id  uuid primary key references assets.assets on delete cascade,
    person_id uuid not null,
    at        timestamptz not null
);
