-- A pause may name a campaign: an order says which campaign it belongs to, as it stood when it was approved.

alter table publisher.orders add column campaign_id uuid;

alter table publisher.stops drop constraint stops_scope_check;
alter table publisher.stops add constraint stops_scope_check
    check (scope in ('ministry', 'region', 'unit', 'topic', 'account', 'campaign'));
