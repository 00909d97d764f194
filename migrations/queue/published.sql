-- Functions of the queue. Services hold no right on its tables: these functions act for them and know them by
-- session_user. Replaced as a whole at every migration.

insert into queue.roles (role, service) values
    ('chancery_identity', 'identity'),
    ('chancery_assets', 'assets'),
    ('chancery_calendar', 'calendar'),
    ('chancery_newsroom', 'newsroom'),
    ('chancery_publisher', 'publisher')
on conflict (service) do update set role = excluded.role;

-- Makes the messages of this build known: [{"kind", "is": "command"|"event", "producers": [], "consumers": []}].
-- A kind that is no longer among them can't be sent any more; what waits of it is left to queue.retire.
create or replace function queue.register(p_messages jsonb) returns void
language plpgsql set search_path = pg_catalog, queue as $$
begin
    insert into queue.kinds (kind, command) select m ->> 'kind', m ->> 'is' = 'command' from jsonb_array_elements(p_messages) m
    on conflict (kind) do update set command = excluded.command, retired = false;
    update queue.kinds set retired = true
    where kind not in (select m ->> 'kind' from jsonb_array_elements(p_messages) m);
    delete from queue.producers;
    insert into queue.producers (kind, service)
    select m ->> 'kind', s from jsonb_array_elements(p_messages) m, jsonb_array_elements_text(m -> 'producers') s;
    delete from queue.subscriptions;
    insert into queue.subscriptions (kind, service)
    select m ->> 'kind', s from jsonb_array_elements(p_messages) m, jsonb_array_elements_text(m -> 'consumers') s;
end $$;

-- The service that is calling; null for the owner; anybody else is refused.
create or replace function queue.caller() returns text
language plpgsql stable security definer set search_path = pg_catalog, queue as $$
declare
    found_service text;
begin
    select r.service into found_service from queue.roles r where r.role = session_user;
    if found_service is null
        and not pg_has_role(session_user, (select nspowner from pg_namespace where nspname = 'queue'), 'usage') then
        raise exception 'role % has no business with the queue', session_user using errcode = '42501';
    end if;
    return found_service;
end $$;

-- Refuses everybody but the owner and identity, whose pages and commands administer the queue.
create or replace function queue.admit_administrator() returns void
language plpgsql stable security definer set search_path = pg_catalog, queue as $$
begin
    if queue.caller() <> 'identity' then
        raise exception 'role % may not administer the queue', session_user using errcode = '42501';
    end if;
end $$;

-- The advisory lock under which it is decided who runs in a lane. Without settings of its own, so that it is inlined.
create or replace function queue.lane_gate(p_service text, p_lane text) returns bigint
language sql immutable as
    $$ select pg_catalog.hashtextextended('queue lane ' || p_service || ' ' || p_lane, 0) $$;

-- Held shared while jobs are taken, exclusively while a pause is placed or lifted.
create or replace function queue.pause_gate() returns bigint
language sql immutable as $$ select pg_catalog.hashtextextended('queue pause', 0) $$;

-- Wakes the best parked job of every kind in these lanes. Waking too many does no harm: whoever finds the lane
-- taken parks again. Whoever frees a lane holds its gate meanwhile, so that nobody parks unseen.
create or replace function queue.promote(p_service text, p_lanes text[]) returns integer
language plpgsql security definer set search_path = pg_catalog, queue
set jit = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
declare
    seen integer;
    woken integer;
    total integer := 0;
begin
    loop
        with head as materialized (
            select h.id from unnest(p_lanes) l(lane) cross join lateral (
                with recursive best as (
                    (select p.id, p.kind from queue.jobs p
                     where p.service = p_service and p.lane = l.lane and p.state = 'parked'
                     order by p.kind, p.priority, p.run_at, p.id limit 1)
                    union all
                    select n.id, n.kind from best b cross join lateral (
                        select p.id, p.kind from queue.jobs p
                        where p.service = p_service and p.lane = l.lane and p.state = 'parked' and p.kind > b.kind
                        order by p.kind, p.priority, p.run_at, p.id limit 1) n)
                select best.id from best) h
        ), up as (
            update queue.jobs j set state = 'ready' from head where j.id = head.id and j.state = 'parked' returning 1
        )
        select (select count(*) from head), (select count(*) from up) into seen, woken;
        total := total + woken;
        exit when woken = seen; -- else somebody removed one meanwhile: look again
    end loop;
    return total;
end $$;

-- Puts messages on the queue: one row for each subscribing service. A null run_at is as early as can be.
-- A key is unique among the waiting jobs of its kind and service: the newcomer replaces it, or is dropped.
create or replace function queue.enqueue(
    p_kinds text[], p_versions smallint[], p_payloads text[], p_run_at timestamptz[], p_priorities smallint[],
    p_keys text[], p_replace boolean[], p_lanes text[],
    p_actors uuid[], p_units uuid[], p_causations uuid[], p_traces text[]
) returns void
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    me text := queue.caller();
    refused text;
    changed record;
    receiver text;
    keyed boolean := exists (select from unnest(p_keys) k where k is not null);
    laned boolean := exists (select from unnest(p_lanes) l where l is not null);
begin
    select k into refused from (select distinct k from unnest(p_kinds) k) d
    where not exists (select from queue.kinds where kind = k and not retired)
        or me is not null and not exists (select from queue.producers p where p.kind = k and p.service = me)
    limit 1;
    if refused is not null then
        raise exception 'the service % may not send %', coalesce(me, 'owner'), refused using errcode = '42501';
    end if;

    insert into queue.jobs (service, kind, state, priority, run_at, lane,
        message, version, occurred_at, actor, unit, causation, trace, payload)
    select s.service, m.kind, 'ready', m.priority, coalesce(m.run_at, '-infinity'), m.lane,
        m.message, m.version, clock_timestamp(), m.actor, m.unit, m.causation, m.trace, m.payload
    from (
        select u.*, gen_random_uuid() as message
        from unnest(p_kinds, p_versions, p_payloads, p_run_at, p_priorities, p_keys, p_lanes,
            p_actors, p_units, p_causations, p_traces)
            u(kind, version, payload, run_at, priority, key, lane, actor, unit, causation, trace)
        where u.key is null and (u.lane is null or u.run_at is not null)
    ) m join queue.subscriptions s on s.kind = m.kind;

    -- Of those that could start at once in one lane, the first will do; the others wait behind it from the start.
    if laned then
        insert into queue.jobs (service, kind, state, priority, lane,
            message, version, occurred_at, actor, unit, causation, trace, payload)
        select s.service, m.kind, case when m.place = 1 then 'ready' else 'parked' end, m.priority, m.lane,
            m.message, m.version, clock_timestamp(), m.actor, m.unit, m.causation, m.trace, m.payload
        from (
            select u.*, gen_random_uuid() as message,
                row_number() over (partition by u.kind, u.lane order by u.priority, u.n) as place
            from unnest(p_kinds, p_versions, p_payloads, p_run_at, p_priorities, p_keys, p_lanes,
                p_actors, p_units, p_causations, p_traces) with ordinality
                u(kind, version, payload, run_at, priority, key, lane, actor, unit, causation, trace, n)
            where u.key is null and u.lane is not null and u.run_at is null
            order by u.n
        ) m join queue.subscriptions s on s.kind = m.kind;
    end if;

    if keyed then
        for changed in
            insert into queue.jobs as j (service, kind, priority, run_at, key, lane,
                message, version, occurred_at, actor, unit, causation, trace, payload)
            select s.service, m.kind, m.priority, coalesce(m.run_at, '-infinity'), m.key, m.lane,
                m.message, m.version, clock_timestamp(), m.actor, m.unit, m.causation, m.trace, m.payload
            from (
                select distinct on (u.kind, u.key) u.*, gen_random_uuid() as message
                from unnest(p_kinds, p_versions, p_payloads, p_run_at, p_priorities, p_keys, p_replace, p_lanes,
                    p_actors, p_units, p_causations, p_traces) with ordinality
                    u(kind, version, payload, run_at, priority, key, replace, lane, actor, unit, causation, trace, n)
                where u.key is not null and u.replace
                order by u.kind, u.key, u.n desc
            ) m join queue.subscriptions s on s.kind = m.kind
            order by s.service, m.kind, m.key
            on conflict (service, kind, key) where key is not null and state in ('ready', 'parked', 'paused')
            do update set state = case j.state when 'paused' then 'paused' else 'ready' end,
                priority = excluded.priority, run_at = excluded.run_at, message = excluded.message,
                version = excluded.version, occurred_at = excluded.occurred_at, actor = excluded.actor,
                unit = excluded.unit, causation = excluded.causation, trace = excluded.trace,
                payload = excluded.payload, attempt = 0, rescues = 0, reason = null
            returning j.service, j.lane
        loop
            if changed.lane is not null then
                perform queue.promote(changed.service, array[changed.lane]);
            end if;
        end loop;

        insert into queue.jobs (service, kind, priority, run_at, key, lane,
            message, version, occurred_at, actor, unit, causation, trace, payload)
        select s.service, m.kind, m.priority, coalesce(m.run_at, '-infinity'), m.key, m.lane,
            m.message, m.version, clock_timestamp(), m.actor, m.unit, m.causation, m.trace, m.payload
        from (
            select distinct on (u.kind, u.key) u.*, gen_random_uuid() as message
            from unnest(p_kinds, p_versions, p_payloads, p_run_at, p_priorities, p_keys, p_replace, p_lanes,
                p_actors, p_units, p_causations, p_traces) with ordinality
                u(kind, version, payload, run_at, priority, key, replace, lane, actor, unit, causation, trace, n)
            where u.key is not null and not u.replace
            order by u.kind, u.key, u.n
        ) m join queue.subscriptions s on s.kind = m.kind
        order by s.service, m.kind, m.key
        on conflict (service, kind, key) where key is not null and state in ('ready', 'parked', 'paused') do nothing;
    end if;

    -- Without content, since anybody may listen; the server folds equal ones of a transaction into one.
    for receiver in select distinct s.service from queue.subscriptions s where s.kind = any (p_kinds) loop
        perform pg_notify('queue_' || receiver, '');
    end loop;
end $$;

-- Jobs under this key that have not started, if the caller sends or receives the kind.
create or replace function queue.admit_key(p_kind text) returns void
language plpgsql stable security definer set search_path = pg_catalog, queue as $$
declare
    me text := queue.caller();
begin
    if me is not null and not exists (select from queue.producers p where p.kind = p_kind and p.service = me)
        and not exists (select from queue.subscriptions s where s.kind = p_kind and s.service = me) then
        raise exception 'the service % may not touch %', me, p_kind using errcode = '42501';
    end if;
end $$;

-- Removes the waiting jobs under a key; one that is running goes on. Returns how many were removed.
create or replace function queue.cancel(p_kind text, p_key text) returns integer
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    gone record;
    total integer := 0;
begin
    perform queue.admit_key(p_kind);
    for gone in
        delete from queue.jobs where kind = p_kind and key = p_key and state in ('ready', 'parked', 'paused')
            and service in (select s.service from queue.subscriptions s where s.kind = p_kind)
        returning service, lane
    loop
        total := total + 1;
        if gone.lane is not null then
            perform queue.promote(gone.service, array[gone.lane]);
        end if;
    end loop;
    return total;
end $$;

-- Moves the waiting jobs under a key to another time. Returns how many were moved.
create or replace function queue.reschedule(p_kind text, p_key text, p_run_at timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    moved record;
    total integer := 0;
begin
    perform queue.admit_key(p_kind);
    for moved in
        update queue.jobs set run_at = coalesce(p_run_at, '-infinity'),
            state = case state when 'paused' then 'paused' else 'ready' end
        where kind = p_kind and key = p_key and state in ('ready', 'parked', 'paused')
            and service in (select s.service from queue.subscriptions s where s.kind = p_kind)
        returning service, lane
    loop
        total := total + 1;
        if moved.lane is not null then
            perform queue.promote(moved.service, array[moved.lane]);
        end if;
        perform pg_notify('queue_' || moved.service, '');
    end loop;
    return total;
end $$;

-- A worker begins: from now on its lease must be renewed by queue.beat.
create or replace function queue.enlist(p_worker uuid, p_host text) returns void
language plpgsql security definer set search_path = pg_catalog, queue as $$
begin
    if queue.caller() is null then
        raise exception 'only a service runs workers' using errcode = '42501';
    end if;
    insert into queue.workers (id, service, host, lease_until)
    values (p_worker, queue.caller(), p_host, clock_timestamp() + interval '30 seconds');
end $$;

-- Renews the lease. False: the lease was lost, and the jobs with it.
create or replace function queue.beat(p_worker uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, queue as $$
begin
    update queue.workers set lease_until = clock_timestamp() + interval '30 seconds', suspected_at = null
    where id = p_worker and service = queue.caller();
    return found;
end $$;

-- Takes due jobs, at most p_rooms[i] of p_kinds[i]. Raises QL001 when the lease was lost.
-- The planner is held to indexes whatever it believes of a table that is empty one minute and full the next; the price that
-- it puts on a forbidden scan must then not set off its compiler, which takes seconds.
-- A lane is decided under its gate in a statement of its own: only a snapshot taken after the gate sees who left.
-- p_floors (three for each kind, by urgency) are job numbers below which nothing without an appointment is sought: under
-- an old snapshot nobody can clear away the rows of jobs long gone, and every fetch would wade through all of them.
create or replace function queue.fetch(p_worker uuid, p_kinds text[], p_rooms integer[], p_now timestamptz,
    p_floors bigint[] default '{}')
returns table (id bigint, fence integer, attempt integer, priority smallint, run_at timestamptz, message uuid, kind text,
    version smallint, occurred_at timestamptz, actor uuid, unit uuid, causation uuid, trace text, payload text)
language plpgsql security definer set search_path = pg_catalog, queue
set jit = off set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    me text := queue.caller();
    rooms integer[];
    widths integer[];
    plain tid[];
    special tid[];
    gates text[];
    chosen tid[];
    behind tid[];
    held tid[];
    held_lanes text[];
begin
    perform from queue.workers w where w.id = p_worker and w.service = me for key share;
    if not found then
        raise exception 'the lease of worker % was lost', p_worker using errcode = 'QL001';
    end if;
    perform pg_advisory_xact_lock_shared(queue.pause_gate());
    select array_agg(case when exists (select from queue.pauses p where p.kind = k and p.unit is null) then 0 else r end
        order by n) into rooms
    from unnest(p_kinds, p_rooms) with ordinality u(k, r, n);
    widths := rooms;

    for pass in 1..50 loop
        -- An appointment goes before what has none; within the same urgency the earlier goes first. Compared as pairs and
        -- not by run_at = '-infinity', since then the primary key would seem to give the order as well.
        select array_agg(c.ctid) filter (where not c.special), array_agg(c.ctid) filter (where c.special)
        into plain, special
        from unnest(p_kinds, widths) with ordinality w(kind, room, n) cross join lateral (
            select u.ctid, u.lane is not null or exists (select from queue.pauses p where p.unit = u.unit) as special
            from (
                select * from (select j.ctid, j.lane, j.unit from queue.jobs j where j.service = me and j.kind = w.kind
                    and j.state = 'ready' and j.priority = 0 and j.run_at > '-infinity' and j.run_at <= p_now
                    order by j.run_at, j.id limit w.room for update skip locked) a
                union all
                select * from (select j.ctid, j.lane, j.unit from queue.jobs j where j.service = me and j.kind = w.kind
                    and j.state = 'ready' and j.priority = 0 and j.run_at <= '-infinity'
                        and (j.run_at, j.id) >= ('-infinity', coalesce(p_floors[w.n * 3 - 2], 0))
                    order by j.run_at, j.id limit w.room for update skip locked) b
                union all
                select * from (select j.ctid, j.lane, j.unit from queue.jobs j where j.service = me and j.kind = w.kind
                    and j.state = 'ready' and j.priority = 1 and j.run_at > '-infinity' and j.run_at <= p_now
                    order by j.run_at, j.id limit w.room for update skip locked) c
                union all
                select * from (select j.ctid, j.lane, j.unit from queue.jobs j where j.service = me and j.kind = w.kind
                    and j.state = 'ready' and j.priority = 1 and j.run_at <= '-infinity'
                        and (j.run_at, j.id) >= ('-infinity', coalesce(p_floors[w.n * 3 - 1], 0))
                    order by j.run_at, j.id limit w.room for update skip locked) d
                union all
                select * from (select j.ctid, j.lane, j.unit from queue.jobs j where j.service = me and j.kind = w.kind
                    and j.state = 'ready' and j.priority = 2 and j.run_at > '-infinity' and j.run_at <= p_now
                    order by j.run_at, j.id limit w.room for update skip locked) e
                union all
                select * from (select j.ctid, j.lane, j.unit from queue.jobs j where j.service = me and j.kind = w.kind
                    and j.state = 'ready' and j.priority = 2 and j.run_at <= '-infinity'
                        and (j.run_at, j.id) >= ('-infinity', coalesce(p_floors[w.n * 3 - 0], 0))
                    order by j.run_at, j.id limit w.room for update skip locked) f
                limit w.room
            ) u
        ) c where w.room > 0;

        chosen := null;
        behind := null;
        held := null;
        if special is not null then
            select array_agg(d.lane) into gates from (
                select distinct j.lane from queue.jobs j where j.ctid = any (special) and j.lane is not null
            ) d where pg_try_advisory_xact_lock(queue.lane_gate(me, d.lane));

            with candidate as (
                select j.ctid as place, j.id, j.kind, j.lane, j.priority, j.run_at,
                    exists (select from queue.pauses p where p.unit = j.unit and (p.kind is null or p.kind = j.kind)) as held,
                    j.lane is not null and exists (select from queue.jobs r
                        where r.service = me and r.lane = j.lane and r.state = 'running') as taken
                from queue.jobs j
                where j.ctid = any (plain || special) and (j.lane is null or j.lane in (select unnest(gates)))
            ), turn as (
                select *, case when lane is null then 1
                    else row_number() over (partition by lane, held
                        order by priority, run_at = '-infinity', run_at, id) end as place_in_lane
                from candidate
            ), ranked as (
                select *, place_in_lane = 1 and not held and not taken as able,
                    row_number() over (partition by kind, place_in_lane = 1 and not held and not taken
                        order by priority, run_at = '-infinity', run_at, id) as place_in_kind
                from turn
            ), decided as (
                select r.*, r.able and r.place_in_kind <= rooms[array_position(p_kinds, r.kind)] as runs from ranked r
            )
            select array_agg(d.place) filter (where d.runs), array_agg(d.place) filter (where d.held),
                array_agg(distinct d.lane) filter (where d.held and d.lane is not null),
                array_agg(d.place) filter (where not d.runs and not d.held and not d.able
                    and (d.taken or d.lane in (select f.lane from decided f where f.runs and f.lane is not null)))
            into chosen, held, held_lanes, behind
            from decided d;
        else
            chosen := plain;
        end if;

        if behind is not null or held is not null then
            -- Something stood in the way: look further ahead next time for what may run instead.
            select array_agg(u.r - (select count(*) from queue.jobs j where j.ctid = any (chosen) and j.kind = u.k)
                order by u.n) into rooms from unnest(p_kinds, rooms) with ordinality u(k, r, n);
            select array_agg(case when u.r > 0 then greatest(u.r, 500) else 0 end order by u.n) into widths
            from unnest(rooms) with ordinality u(r, n);
        end if;
        return query update queue.jobs j set state = 'running', worker = p_worker, attempt = j.attempt + 1,
            fence = j.fence + 1, started_at = clock_timestamp()
        where j.ctid = any (chosen)
        returning j.id, j.fence, j.attempt, j.priority, nullif(j.run_at, '-infinity'), j.message, j.kind, j.version,
            j.occurred_at, j.actor, j.unit, j.causation, j.trace, j.payload;

        exit when behind is null and held is null;
        update queue.jobs j set state = 'parked' where j.ctid = any (behind);
        update queue.jobs j set state = 'paused' where j.ctid = any (held);
        perform queue.promote(me, held_lanes);
    end loop;
end $$;

-- When the next job of these kinds is due; p_now when one is due already; null when nothing waits. Floors as in fetch.
create or replace function queue.next_due(p_kinds text[], p_now timestamptz, p_floors bigint[] default '{}')
returns timestamptz
language sql security definer set search_path = pg_catalog, queue
set jit = off set enable_seqscan = off set enable_bitmapscan = off as $$
    select case when min(j.run_at) is not null then greatest(min(j.run_at), p_now) end
    from unnest(p_kinds) with ordinality w(kind, n) cross join generate_series(0, 2) urgency cross join lateral (
        (select j.run_at from queue.jobs j
        where j.service = queue.caller() and j.kind = w.kind and j.state = 'ready' and j.priority = urgency
            and j.run_at <= '-infinity'
            and (j.run_at, j.id) >= ('-infinity', coalesce(p_floors[w.n * 3 - 2 + urgency], 0))
        order by j.run_at, j.id limit 1)
        union all
        (select j.run_at from queue.jobs j
        where j.service = queue.caller() and j.kind = w.kind and j.state = 'ready' and j.priority = urgency
            and j.run_at > '-infinity'
        order by j.run_at limit 1)) j
    where not exists (select from queue.pauses p where p.kind = w.kind and p.unit is null)
$$;

-- Frees lanes after their jobs were taken away: the gates are shut in sorted order and stay so until the commit.
create or replace function queue.free_lanes(p_service text, p_lanes text[]) returns integer
language plpgsql security definer set search_path = pg_catalog, queue as $$
begin
    if p_lanes is null then
        return 0;
    end if;
    perform pg_advisory_xact_lock(gate) from (
        select distinct queue.lane_gate(p_service, l) as gate from unnest(p_lanes) l order by 1) g;
    return queue.promote(p_service, (select array_agg(distinct l) from unnest(p_lanes) l));
end $$;

-- Removes jobs that succeeded, where the fence still holds. Returns how many others were woken by it.
create or replace function queue.complete(p_ids bigint[], p_fences integer[], p_millis integer[]) returns integer
language plpgsql security definer set search_path = pg_catalog, queue
set jit = off set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
    me text := queue.caller();
    lanes text[];
begin
    with gone as (
        delete from queue.jobs j using unnest(p_ids, p_fences, p_millis) d(id, fence, millis)
        where j.id = d.id and j.fence = d.fence and j.state = 'running' and j.service = me
        returning j.kind, j.lane, d.millis
    ), tally as (
        insert into queue.tallies (service, kind, outcome, jobs, millis)
        select me, kind, 'done', count(*), sum(millis) from gone group by kind
    )
    select array_agg(lane) filter (where lane is not null) into lanes from gone;
    return queue.free_lanes(me, lanes);
end $$;

-- Gives a job that did not succeed its next state: ready again at a time (attempt kept or given back), or waiting for
-- a person. If its key was taken by a newcomer meanwhile, it goes on without one: a job is never lost to its key.
create or replace function queue.settle(p_id bigint, p_state text, p_run_at timestamptz, p_attempts_back integer,
    p_rescued boolean, p_reason text) returns void
language plpgsql security definer set search_path = pg_catalog, queue as $$
begin
    begin
        update queue.jobs set state = p_state, worker = null, run_at = coalesce(p_run_at, run_at),
            attempt = greatest(attempt - p_attempts_back, 0), rescues = rescues + p_rescued::integer,
            reason = coalesce(p_reason, reason)
        where id = p_id;
    exception when unique_violation then
        update queue.jobs set state = p_state, worker = null, run_at = coalesce(p_run_at, run_at), key = null,
            attempt = greatest(attempt - p_attempts_back, 0), rescues = rescues + p_rescued::integer,
            reason = coalesce(p_reason, reason)
        where id = p_id;
    end;
end $$;

-- Ends runs that did not succeed. Outcomes: retried, snoozed, needs_person, dead.
create or replace function queue.release(p_ids bigint[], p_fences integer[], p_outcomes text[],
    p_run_at timestamptz[], p_reasons text[], p_millis integer[]) returns integer
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    me text := queue.caller();
    one record;
    lanes text[];
begin
    for one in
        select j.id, j.kind, j.lane, d.outcome, d.run_at, d.reason, d.millis
        from unnest(p_ids, p_fences, p_outcomes, p_run_at, p_reasons, p_millis)
            d(id, fence, outcome, run_at, reason, millis)
        join queue.jobs j on j.id = d.id and j.fence = d.fence and j.state = 'running' and j.service = me
        order by j.kind, j.key for update of j
    loop
        perform queue.settle(one.id, case when one.outcome in ('retried', 'snoozed') then 'ready' else one.outcome end,
            one.run_at, case one.outcome when 'snoozed' then 1 else 0 end, false, one.reason);
        insert into queue.tallies (service, kind, outcome, jobs, millis)
        values (me, one.kind, one.outcome, 1, one.millis);
        if one.lane is not null then
            lanes := lanes || one.lane;
        end if;
    end loop;
    return queue.free_lanes(me, lanes);
end $$;

-- True while this run is the job's present one; the row is locked, so that it stays so until the caller's commit.
create or replace function queue.hold(p_id bigint, p_fence integer) returns boolean
language plpgsql security definer set search_path = pg_catalog, queue as $$
begin
    perform from queue.jobs j where j.id = p_id and j.fence = p_fence and j.state = 'running'
        and j.service = queue.caller() for share;
    return found;
end $$;

-- A worker ends in good order. What it still holds was taken ahead, or by a fetch whose answer never arrived, and goes
-- back with its attempt. The worker goes first: while a fetch of its is under way, this waits.
create or replace function queue.leave(p_worker uuid) returns void
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    me text := queue.caller();
    one record;
    lanes text[];
begin
    delete from queue.workers where id = p_worker and service = me;
    for one in
        select j.id, j.lane from queue.jobs j where j.worker = p_worker and j.service = me and j.state = 'running'
        order by j.kind, j.key for update
    loop
        perform queue.settle(one.id, 'ready', null, 1, false, null);
        if one.lane is not null then
            lanes := lanes || one.lane;
        end if;
    end loop;
    perform queue.free_lanes(me, lanes);
    perform pg_notify('queue_' || me, '');
end $$;

-- Takes the jobs of dead workers back. Returns how many.
-- The clock of the database may be set: a worker is dead when its lease has passed *and* it has been under suspicion
-- for longer than a beat takes, so that a jump forward kills nobody; a lease too far ahead after a jump back is cut.
-- A job whose worker died five times goes to the dead letters: it may be what kills them.
create or replace function queue.rescue() returns integer
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    me text := queue.caller();
    lost uuid;
    one record;
    lanes text[];
    total integer := 0;
begin
    update queue.workers set lease_until = clock_timestamp() + interval '30 seconds'
    where service = me and lease_until > clock_timestamp() + interval '31 seconds';
    update queue.workers set suspected_at = clock_timestamp()
    where service = me and lease_until < clock_timestamp() + interval '16 seconds'
        and (suspected_at is null or suspected_at > clock_timestamp());
    for lost in
        select w.id from queue.workers w
        where w.service = me and w.lease_until < clock_timestamp()
            and w.suspected_at < clock_timestamp() - interval '13 seconds'
        for update skip locked
    loop
        for one in
            select j.id, j.kind, j.lane, j.rescues from queue.jobs j
            where j.worker = lost and j.service = me and j.state = 'running'
            order by j.kind, j.key for update
        loop
            if one.rescues < 4 then
                perform queue.settle(one.id, 'ready', null, 0, true, 'the worker was lost while it ran');
            else
                perform queue.settle(one.id, 'dead', null, 0, true, 'the worker was lost every time it ran');
            end if;
            insert into queue.tallies (service, kind, outcome, jobs, millis)
            values (me, one.kind, case when one.rescues < 4 then 'rescued' else 'dead' end, 1, 0);
            total := total + 1;
            if one.lane is not null then
                lanes := lanes || one.lane;
            end if;
        end loop;
        delete from queue.workers where id = lost;
    end loop;
    perform queue.free_lanes(me, lanes);
    if total > 0 then
        perform pg_notify('queue_' || me, '');
    end if;
    return total;
end $$;

-- Sets what waits of kinds that nobody handles any more aside as dead letters.
create or replace function queue.retire(p_kinds text[]) returns integer
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    total integer;
begin
    update queue.jobs set state = 'dead', reason = 'this kind of job was retired'
    where service = queue.caller() and kind = any (p_kinds) and state in ('ready', 'parked', 'paused');
    get diagnostics total = row_count;
    return total;
end $$;

-- Once a minute by whoever comes first: sums tallies by the hour, drops those older than a year, and wakes lanes in
-- which jobs are parked behind nothing. That last never happens; the return value is how often it did.
create or replace function queue.tidy() returns integer
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    me text := queue.caller();
    stuck text[];
begin
    if not pg_try_advisory_xact_lock(hashtextextended('queue tidy ' || me, 0)) then
        return 0;
    end if;
    with old as (
        delete from queue.tallies where service = me and at < date_trunc('hour', clock_timestamp())
            and at <> date_trunc('hour', at)
        returning *
    )
    insert into queue.tallies (at, service, kind, outcome, jobs, millis)
    select date_trunc('hour', at), service, kind, outcome, sum(jobs), sum(millis) from old group by 1, 2, 3, 4;
    delete from queue.tallies where service = me and at < clock_timestamp() - interval '1 year';

    with recursive parked as (
        (select p.lane from queue.jobs p where p.service = me and p.state = 'parked' order by p.lane limit 1)
        union all
        select n.lane from parked cross join lateral (select p.lane from queue.jobs p
            where p.service = me and p.state = 'parked' and p.lane > parked.lane order by p.lane limit 1) n
    )
    select array_agg(parked.lane) into stuck from parked
    where not exists (select from queue.jobs j where j.service = me and j.lane = parked.lane and j.state = 'running')
        and parked.lane <> all (array (select j.lane from queue.jobs j
            where j.service = me and j.state = 'ready' and j.lane is not null));
    return queue.free_lanes(me, stuck);
end $$;

-- Makes a schedule known and returns its next tick. A changed expression, or a tick still to come, is reckoned anew.
create or replace function queue.plan(p_name text, p_expression text, p_zone text, p_next timestamptz, p_now timestamptz)
returns timestamptz
language sql security definer set search_path = pg_catalog, queue as $$
    insert into queue.schedules as s (service, name, expression, zone, next_at)
    values (queue.caller(), p_name, p_expression, p_zone, p_next)
    on conflict (service, name) do update set expression = excluded.expression, zone = excluded.zone,
        next_at = case when (s.expression, s.zone) <> (excluded.expression, excluded.zone) or s.next_at > p_now
            then excluded.next_at else s.next_at end
    returning next_at
$$;

-- Moves a schedule on from the tick p_expected, if nobody else has done so or is doing it; else says when it is due.
create or replace function queue.tick(p_name text, p_expected timestamptz, p_next timestamptz,
    out won boolean, out next_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, queue as $$
begin
    update queue.schedules s set next_at = p_next
    where s.service = queue.caller() and s.name = p_name and s.next_at = p_expected;
    won := found;
    select s.next_at into next_at from queue.schedules s where s.service = queue.caller() and s.name = p_name;
end $$;

-- Administration, for the owner and identity ---------------------------------------------------------------------

create or replace function queue.admin_list(p_service text, p_kind text, p_state text, p_unit uuid, p_lane text,
    p_before bigint, p_limit integer)
returns table (id bigint, service text, kind text, state text, priority smallint, run_at timestamptz,
    occurred_at timestamptz, started_at timestamptz, attempt integer, key text, lane text, unit uuid, actor uuid,
    reason text)
language plpgsql stable security definer set search_path = pg_catalog, queue as $$
begin
    perform queue.admit_administrator();
    return query select j.id, j.service, j.kind, j.state, j.priority, nullif(j.run_at, '-infinity'), j.occurred_at,
        j.started_at, j.attempt, j.key, j.lane, j.unit, j.actor, j.reason
    from queue.jobs j
    where (p_service is null or j.service = p_service) and (p_kind is null or j.kind = p_kind)
        and (p_state is null or j.state = p_state) and (p_unit is null or j.unit = p_unit)
        and (p_lane is null or j.lane = p_lane) and (p_before is null or j.id < p_before)
    order by j.id desc limit least(p_limit, 1000);
end $$;

create or replace function queue.admin_show(p_id bigint)
returns table (id bigint, service text, kind text, state text, priority smallint, run_at timestamptz,
    occurred_at timestamptz, started_at timestamptz, attempt integer, key text, lane text, unit uuid, actor uuid,
    reason text, message uuid, version smallint, causation uuid, trace text, worker uuid, rescues smallint, payload text)
language plpgsql stable security definer set search_path = pg_catalog, queue as $$
begin
    perform queue.admit_administrator();
    return query select j.id, j.service, j.kind, j.state, j.priority, nullif(j.run_at, '-infinity'), j.occurred_at,
        j.started_at, j.attempt, j.key, j.lane, j.unit, j.actor, j.reason, j.message, j.version, j.causation, j.trace,
        j.worker, j.rescues, j.payload
    from queue.jobs j where j.id = p_id;
end $$;

-- Runs jobs again, or at once if they wait: dead letters, those that need a person, those that wait for their time.
create or replace function queue.admin_retry(p_ids bigint[]) returns integer
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    one record;
    total integer := 0;
begin
    perform queue.admit_administrator();
    for one in
        select j.id, j.service, j.attempt from queue.jobs j
        where j.id = any (p_ids) and j.state in ('needs_person', 'dead', 'ready')
        order by j.service, j.kind, j.key for update
    loop
        perform queue.settle(one.id, 'ready', '-infinity', one.attempt, false, null);
        update queue.jobs set rescues = 0 where id = one.id;
        perform pg_notify('queue_' || one.service, '');
        total := total + 1;
    end loop;
    return total;
end $$;

-- Removes jobs that are not running.
create or replace function queue.admin_discard(p_ids bigint[]) returns integer
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    gone record;
    total integer := 0;
begin
    perform queue.admit_administrator();
    for gone in delete from queue.jobs where id = any (p_ids) and state <> 'running' returning service, lane loop
        total := total + 1;
        if gone.lane is not null then
            perform queue.promote(gone.service, array[gone.lane]);
        end if;
    end loop;
    return total;
end $$;

-- Stops the start of jobs of a kind, of a unit, or of a kind in a unit. What a worker has taken already goes on:
-- returns how many that are.
create or replace function queue.admin_pause(p_kind text, p_unit uuid, p_reason text,
    out pause bigint, out running integer)
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    held record;
begin
    perform queue.admit_administrator();
    perform pg_advisory_xact_lock(queue.pause_gate());
    insert into queue.pauses (kind, unit, reason) values (p_kind, p_unit, p_reason)
    on conflict (kind, unit) do update set reason = excluded.reason returning id into pause;
    if p_unit is not null then
        for held in
            with stopped as (
                update queue.jobs set state = 'paused' where unit = p_unit and (p_kind is null or kind = p_kind)
                    and state in ('ready', 'parked')
                returning service, lane)
            select service, array_agg(distinct lane) as lanes from stopped where lane is not null group by service
        loop
            perform queue.promote(held.service, held.lanes);
        end loop;
    end if;
    select count(*) into running from queue.jobs
    where state = 'running' and (p_kind is null or kind = p_kind) and (p_unit is null or unit = p_unit);
end $$;

-- Lifts a pause. Jobs that another pause still covers stay where they are.
create or replace function queue.admin_resume(p_pause bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, queue as $$
declare
    lifted queue.pauses;
    receiver text;
begin
    perform queue.admit_administrator();
    perform pg_advisory_xact_lock(queue.pause_gate());
    delete from queue.pauses where id = p_pause returning * into lifted;
    if lifted.id is null then
        return false;
    end if;
    update queue.jobs j set state = 'ready'
    where j.state = 'paused' and j.unit = lifted.unit and not exists (
        select from queue.pauses p where p.unit = j.unit and (p.kind is null or p.kind = j.kind));
    for receiver in select service from queue.roles loop
        perform pg_notify('queue_' || receiver, '');
    end loop;
    return true;
end $$;

create or replace function queue.admin_pauses()
returns table (id bigint, kind text, unit uuid, reason text, placed_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, queue as $$
begin
    perform queue.admit_administrator();
    return query select p.id, p.kind, p.unit, p.reason, p.placed_at from queue.pauses p order by p.id;
end $$;

-- By service and kind: what is there by state, how late the latest is, and what came of jobs since p_since.
create or replace function queue.admin_stats(p_since timestamptz)
returns table (service text, kind text, ready bigint, scheduled bigint, parked bigint, paused bigint, running bigint,
    needs_person bigint, dead bigint, oldest_due timestamptz, done bigint, retried bigint, rescued bigint,
    millis bigint)
language plpgsql stable security definer set search_path = pg_catalog, queue as $$
#variable_conflict use_column
begin
    perform queue.admit_administrator();
    return query
    with live as (
        select j.service, j.kind,
            count(*) filter (where state = 'ready' and run_at <= clock_timestamp()) as ready,
            count(*) filter (where state = 'ready' and run_at > clock_timestamp()) as scheduled,
            count(*) filter (where state = 'parked') as parked, count(*) filter (where state = 'paused') as paused,
            count(*) filter (where state = 'running') as running,
            count(*) filter (where state = 'needs_person') as needs_person,
            count(*) filter (where state = 'dead') as dead,
            min(greatest(run_at, occurred_at)) filter (where state = 'ready' and run_at <= clock_timestamp()) as oldest_due
        from queue.jobs j group by 1, 2
    ), past as (
        select t.service, t.kind, sum(jobs) filter (where outcome = 'done') as done,
            sum(jobs) filter (where outcome = 'retried') as retried,
            sum(jobs) filter (where outcome = 'rescued') as rescued, sum(millis) as millis
        from queue.tallies t where at >= p_since group by 1, 2
    )
    select s.service, s.kind, coalesce(l.ready, 0), coalesce(l.scheduled, 0), coalesce(l.parked, 0),
        coalesce(l.paused, 0), coalesce(l.running, 0), coalesce(l.needs_person, 0), coalesce(l.dead, 0), l.oldest_due,
        coalesce(p.done, 0)::bigint, coalesce(p.retried, 0)::bigint, coalesce(p.rescued, 0)::bigint,
        coalesce(p.millis, 0)::bigint
    from (select service, kind from queue.subscriptions union select service, kind from live
        union select service, kind from past) s
    left join live l using (service, kind) left join past p using (service, kind)
    order by s.service, s.kind;
end $$;

-- Rights ---------------------------------------------------------------------------------------------------------

revoke all on all functions in schema queue from public;
revoke all on all tables in schema queue from public;
grant usage on schema queue to chancery_identity, chancery_assets, chancery_calendar, chancery_newsroom, chancery_publisher;
grant execute on function
    queue.enqueue(text[], smallint[], text[], timestamptz[], smallint[], text[], boolean[], text[], uuid[], uuid[], uuid[], text[]),
    queue.cancel(text, text),
    queue.reschedule(text, text, timestamptz),
    queue.enlist(uuid, text),
    queue.beat(uuid),
    queue.fetch(uuid, text[], integer[], timestamptz, bigint[]),
    queue.next_due(text[], timestamptz, bigint[]),
    queue.complete(bigint[], integer[], integer[]),
    queue.release(bigint[], integer[], text[], timestamptz[], text[], integer[]),
    queue.hold(bigint, integer),
    queue.leave(uuid),
    queue.rescue(),
    queue.retire(text[]),
    queue.tidy(),
    queue.plan(text, text, text, timestamptz, timestamptz),
    queue.tick(text, timestamptz, timestamptz)
to chancery_identity, chancery_assets, chancery_calendar, chancery_newsroom, chancery_publisher;
grant execute on function
    queue.admin_list(text, text, text, uuid, text, bigint, integer),
    queue.admin_show(bigint),
    queue.admin_retry(bigint[]),
    queue.admin_discard(bigint[]),
    queue.admin_pause(text, uuid, text),
    queue.admin_resume(bigint),
    queue.admin_pauses(),
    queue.admin_stats(timestamptz)
to chancery_identity;
