-- A picture from the library is shown only as long as the library allows it.
alter table newsroom.release_images add column asset_id uuid;
