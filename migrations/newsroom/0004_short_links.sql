-- Short addresses in what was approved, and how often they were followed. Nothing is known of who followed them.

create table newsroom.short_links (
    -- The end of /s/{code}.
    code       text primary key check (code ~ '^[1-9A-HJ-NP-Za-km-z]{10}$'),
    item_id    uuid not null,
    account_id uuid not null,
    language   text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    target     text not null check (target ~ '^https://' and length(target) <= 2500),
    made_at    timestamptz not null default now(),
    -- Since when it leads nowhere any more.
    gone_at    timestamptz
);

create index short_links_by_item on newsroom.short_links (item_id);

-- One row for each link and day (in UTC).
create table newsroom.short_clicks (
    code   text not null references newsroom.short_links,
    day    date not null,
    clicks bigint not null default 1 check (clicks >= 1),
    primary key (code, day)
);
