-- What becomes of the links in a text, how far translations are, where campaigns stand, what comes again from a template.

-- Links --------------------------------------------------------------------------------------------------------------

alter table calendar.items add column links text not null default 'as_written'
    check (links in ('as_written', 'marked', 'short'));

-- It decides what leaves, so it freezes with the text.
create function calendar.refuse_frozen_links() returns trigger
language plpgsql as $$
begin
    if old.state not in ('draft', 'changes_requested') and new.links <> old.links then
        raise exception 'this version is frozen' using errcode = 'check_violation', constraint = 'items_frozen';
    end if;
    return new;
end
$$;

create trigger items_links_frozen before update of links on calendar.items
    for each row execute function calendar.refuse_frozen_links();

-- How a unit, and those below it, begin an item.
create table calendar.link_styles (
    unit_id    uuid primary key,
    links      text not null check (links in ('as_written', 'marked', 'short')),
    updated_by uuid not null,
    updated_at timestamptz not null
);

-- The short addresses that stand in an item's frozen versions. The press room learns of them with the order.
create table calendar.short_links (
    code       text primary key check (code ~ '^[1-9A-HJ-NP-Za-km-z]{10}$'),
    item_id    uuid not null references calendar.items on delete cascade,
    account_id uuid not null,
    language   text not null,
    -- As it was written, and where readers are sent.
    written    text not null check (length(written) <= 2000),
    target     text not null check (target ~ '^https://' and length(target) <= 2500),
    made_at    timestamptz not null
);

create index short_links_item on calendar.short_links (item_id);

-- Translations -------------------------------------------------------------------------------------------------------

-- How far the translations of an item are, language by language: the least of what its variants say. `model::standing` says
-- the same of one variant.
create view calendar.translation_standings as
select s.item_id, s.language,
       (array['reviewed', 'translated', 'outdated', 'in_work', 'missing'])[max(s.place)] as standing
from (
    select v.item_id, v.language,
           case when coalesce(v.body, '') !~ '[^\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]' then 5
                when t.stage is null or t.stage = 'in_work' then 4
                when (t.source_title, t.source_body) is distinct from (i.title, i.body) then 3
                when t.stage = 'translated' then 2
                else 1 end as place
    from calendar.variants v
    join calendar.items i on i.id = v.item_id and i.language <> v.language
    left join calendar.translations t on t.item_id = v.item_id and t.variant_id = v.id
) s
group by s.item_id, s.language;

-- Campaigns ----------------------------------------------------------------------------------------------------------

-- Where a campaign stands: `model::CampaignState` says what may become of it.
alter table calendar.campaigns add column state text not null default 'planned'
    check (state in ('planned', 'running', 'ended', 'put_away'));

update calendar.campaigns
set state = case when ends_on < current_date then 'ended' when starts_on <= current_date then 'running' else 'planned' end;

-- What a day may begin or end.
create index campaigns_turning on calendar.campaigns (starts_on) where state in ('planned', 'running');

-- What comes again ---------------------------------------------------------------------------------------------------

-- Instead of items that are copied: a template, with what is filled in. A day that is left empty is the date itself.
alter table calendar.recurrences add column template_id uuid references calendar.templates;
alter table calendar.recurrences add column template_values jsonb not null default '{}'
    check (jsonb_typeof(template_values) = 'object');
alter table calendar.recurrences drop constraint recurrences_sources_check;
alter table calendar.recurrences add constraint recurrences_sources_check
    check (case when template_id is null then cardinality(sources) between 1 and 50 else cardinality(sources) = 0 end);
