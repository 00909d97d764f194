-- The part of a picture that goes to one platform. Where there is none, all of it goes.

create table calendar.cuts (
    image_id uuid not null references calendar.images on delete cascade,
    item_id  uuid not null references calendar.items on delete cascade,
    platform text not null check (platform ~ '^[a-z_]{1,40}$'),
    -- How it was cut: a shape around a point, or a rectangle drawn by hand.
    frame    jsonb not null check (jsonb_typeof(frame) = 'object'),
    -- What came of it.
    sha256   text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    mime     text not null check (mime in ('image/jpeg', 'image/png', 'image/webp')),
    width    integer not null check (width > 0),
    height   integer not null check (height > 0),
    cut_by   uuid not null,
    cut_at   timestamptz not null,
    primary key (image_id, platform)
);

create index cuts_item on calendar.cuts (item_id);

create trigger cuts_frozen before insert or update or delete on calendar.cuts
    for each row execute function calendar.refuse_frozen_change();
