-- Webhooks hear of what waits for somebody's word, and of what was taken down.

alter table calendar.hooks drop constraint hooks_events_check;
alter table calendar.hooks add constraint hooks_events_check check (cardinality(events) >= 1 and events <@ array[
    'item.submitted', 'item.approved', 'item.ready', 'item.scheduled', 'item.published', 'item.partly', 'item.failed',
    'item.needs_person', 'item.withdrawn', 'item.cancelled', 'item.held']);
