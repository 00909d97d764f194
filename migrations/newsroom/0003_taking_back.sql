-- Why a release was taken down, and what it said before it was corrected.

alter table newsroom.releases add column withdrawn_cause text check (withdrawn_cause in (
    'published_in_error', 'superseded', 'rights_ended', 'sensitive', 'wrong_facts', 'other'));
alter table newsroom.releases add constraint releases_cause check (withdrawn_cause is null or withdrawn_at is not null);

-- One row for each correction: the note that the public reads, and what stood there until then, which it does not.
create table newsroom.corrections (
    -- The delivery that carried it: correcting again with the same one finds this row.
    id             uuid primary key,
    release_id     uuid not null references newsroom.releases on delete cascade,
    corrected_at   timestamptz not null,
    note           text not null check (note <> ''),
    earlier_title  text not null,
    earlier_body   text not null,
    earlier_images jsonb not null default '[]' check (jsonb_typeof(earlier_images) = 'array')
);

create index corrections_of on newsroom.corrections (release_id, corrected_at);
