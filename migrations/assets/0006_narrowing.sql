-- A search that narrows by everything put three large indexes together, one bitmap each. In one index the lists are walked
-- together, from the shortest on.

alter table assets.search add column tags text[] generated always as (
    array_remove(array['kind:' || kind, 'country:' || country, 'shape:' || shape, 'length:' || length], null)
) stored;

create index search_narrowed on assets.search using gin (words, tags, topics, priorities, languages);

drop index assets.search_words;
drop index assets.search_topics;
