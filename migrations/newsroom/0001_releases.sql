-- The public press room: one row for each delivery to a press room account.

create schema if not exists newsroom;

create table newsroom.releases (
    -- The release is its delivery: publishing the same delivery again finds this row.
    id uuid primary key,
    item_id uuid not null,
    unit_id uuid not null,
    language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    title text not null check (title <> ''),
    body text not null,
    topic text,
    -- Where it stands on the site, for ever, whatever the unit or the title become later.
    path text not null unique check (path ~ '^/press/[a-z0-9-]+/[A-Za-z0-9-]+/[0-9]{4}/[0-9]{2}/[0-9]{2}/[a-z0-9-]+$'),
    published_at timestamptz not null,
    updated_at timestamptz not null check (updated_at >= published_at),
    withdrawn_at timestamptz,
    withdrawn_reason text,
    check ((withdrawn_at is null) = (withdrawn_reason is null))
);

-- Latest first, page by page.
create index releases_by_room on newsroom.releases (unit_id, language, published_at desc, id desc);
create index releases_latest on newsroom.releases (published_at desc, id desc);
-- The same item in its other languages.
create index releases_by_item on newsroom.releases (item_id);
create index releases_by_change on newsroom.releases (unit_id, updated_at desc);
create index releases_withdrawn on newsroom.releases (unit_id, language, withdrawn_at) where withdrawn_at is not null;

create table newsroom.release_images (
    release_id uuid not null references newsroom.releases on delete cascade,
    position int not null check (position >= 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    mime text not null check (mime in ('image/jpeg', 'image/png', 'image/webp')),
    width int not null check (width > 0),
    height int not null check (height > 0),
    alt text not null,
    primary key (release_id, position)
);

-- An image is served only while a standing release shows it.
create index release_images_by_content on newsroom.release_images (sha256);

-- Smaller copies of those images, made when first asked for.
create table newsroom.thumbnails (
    source_sha256 text not null,
    width int not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    primary key (source_sha256, width)
);
