-- Pictures that come from the library keep pointing at their asset, so that its rights decide until the last moment.
alter table calendar.images add column asset_id uuid;
create index images_asset on calendar.images (asset_id, item_id) where asset_id is not null;

-- Counts what the library was told of an item's assets: a report that arrives late is recognised by it.
alter table calendar.items add column library_reports bigint not null default 0;
