-- Taking down what is out: a small state machine beside the delivery, which itself stays what it is: a record that it went out.

create table publisher.withdrawals (
    delivery_id  uuid primary key references publisher.deliveries,
    -- The delivery's version when this was asked for: what is approved afterwards is not meant.
    version      integer not null check (version > 0),
    reason       text not null check (reason in (
                     'published_in_error', 'superseded', 'rights_ended', 'sensitive', 'wrong_facts', 'other')),
    -- What the public is told, in the delivery's language; empty where nothing is to be said.
    note         text not null default '' check (char_length(note) <= 2000),
    -- Who decided it; none: it was not told.
    asked_by     uuid,
    asked_at     timestamptz not null,
    state        text not null default 'requested' check (state in (
                     'requested', 'withdrawing', 'withdrawn', 'needs_person', 'impossible', 'void')),
    why_code     text,
    why          text,
    -- Written before the platform is asked.
    intent_at    timestamptz,
    attempts     integer not null default 0 check (attempts >= 0),
    wake_at      timestamptz,
    withdrawn_at timestamptz,
    -- Who said that they did it on the platform themselves.
    by_hand      uuid,
    sequence     bigint not null default 1,
    updated_at   timestamptz not null,
    check ((intent_at is not null) = (state = 'withdrawing')),
    check ((wake_at is not null) = (state in ('requested', 'withdrawing'))),
    check ((withdrawn_at is not null) = (state = 'withdrawn')),
    check (by_hand is null or state = 'withdrawn')
);

create index withdrawals_wake on publisher.withdrawals (wake_at) where wake_at is not null;

-- The transitions of `model::WithdrawalState`, kept by the database too: a test compares the two.
create function publisher.withdrawal_may_become(p_from text, p_to text) returns boolean
language sql immutable
as $$
    select p_from = p_to or p_to = any (case p_from
        when 'requested'    then array['withdrawing', 'withdrawn', 'needs_person', 'impossible', 'void']
        when 'withdrawing'  then array['requested', 'withdrawn', 'needs_person']
        when 'needs_person' then array['requested', 'withdrawn']
        when 'impossible'   then array['requested', 'withdrawn']
        when 'void'         then array['requested']
        else array[]::text[]
    end)
$$;

create function publisher.guard_withdrawal() returns trigger
language plpgsql as $$
begin
    if not publisher.withdrawal_may_become(old.state, new.state) then
        raise exception 'a withdrawal cannot go from % to %', old.state, new.state
            using errcode = 'check_violation', constraint = 'withdrawals_transition';
    end if;
    if new.sequence <= old.sequence then
        raise exception 'every change of a withdrawal counts' using errcode = 'check_violation', constraint = 'withdrawals_sequence';
    end if;
    return new;
end
$$;

create trigger withdrawals_guard before update on publisher.withdrawals
    for each row execute function publisher.guard_withdrawal();
create trigger withdrawals_stay before delete or truncate on publisher.withdrawals
    for each statement execute function publisher.refuse_change();

-- A correction of what is out is a delivery of its own, with its own permit, that names what it corrects.
alter table publisher.deliveries add column revises uuid references publisher.deliveries;
alter table publisher.deliveries add constraint deliveries_revision check (revises is null or occurrence > 1);
