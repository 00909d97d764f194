-- What is still missing of each asset, so that stewards find what lacks an English description among a million.

-- `licence`, `alt:lo`: the words of completeness, with the language where it is a text. Null: not written down yet; a job
-- does it.
alter table assets.search add column lacks text[];

create index search_lacks on assets.search using gin (lacks);
create index search_lacking on assets.search (asset_id desc) where lacks <> '{}';
create index search_unread on assets.search (asset_id) where lacks is null;
-- What nobody uses.
create index search_unused on assets.search (asset_id desc) where not used;
