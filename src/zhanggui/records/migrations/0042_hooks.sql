-- Hooks: where a shop's events are sent as they happen, and what became of each.

-- what opens the way (address, secrets) is sealed; `shown` is what people may see of it
create table hooks (
    shop_id       bigint not null references shops,
    hook_no       bigint generated always as identity,
    name          text not null,
    sealed        bytea not null,
    shown         text not null,
    kinds         text[] not null,        -- see core/hooks/kinds.py
    is_on         boolean not null default true,
    failures      integer not null default 0,  -- in a row
    failing_since timestamptz,            -- wall
    rests_until   timestamptz,            -- wall: nothing is sent before
    paused_at     timestamptz,            -- wall: given up on until a person resumes it
    problem       json,                   -- a Say; kept until something is taken again
    problem_at    timestamptz,
    well_at       timestamptz,            -- wall: when an event was taken last
    made_by       bigint,
    made_at       timestamptz not null,
    primary key (shop_id, hook_no)
);

-- what happened, written in the transaction that did it, only where somebody listens; taken from here into hook_events
create table hook_notes (
    shop_id      bigint not null,
    note_no      bigint generated always as identity,
    at           timestamptz not null,
    kind         text not null,
    subject_kind text not null,
    subject_no   text not null,
    order_no     text,
    what         json not null,           -- what the event says of the thing; nothing of a buyer
    primary key (shop_id, note_no)
);

-- where the shop's events have come to; whoever adds to them holds this row, so that a place is never seen before a lower one
create table hook_places (
    shop_id bigint primary key references shops,
    place   bigint not null
);

create table hook_events (
    shop_id      bigint not null references shops,
    place        bigint not null,
    at           timestamptz not null,
    kind         text not null,
    subject_kind text not null,
    subject_no   text not null,
    order_no     text,
    what         json not null,
    primary key (shop_id, place)
);
create index hook_events_by_age on hook_events (shop_id, at);

-- what goes where. Of one thing only the earliest that was not taken yet is sent
create table hook_deliveries (
    shop_id      bigint not null,
    hook_no      bigint not null,
    place        bigint not null,
    subject      text not null,
    state        text not null,           -- waiting, taken, given_up
    attempts     integer not null default 0,
    first_at     timestamptz,             -- wall: when it was first sent
    look_at      timestamptz not null,    -- wall: not before; while it is under way, until when nobody else sends it
    sent_at      timestamptz,             -- wall: when it was sent last
    status       integer,                 -- what was answered last
    took_ms      integer,
    answer       text,                    -- why it was not taken, in short
    primary key (shop_id, hook_no, place),
    foreign key (shop_id, hook_no) references hooks on delete cascade,
    foreign key (shop_id, place) references hook_events on delete cascade
);
create index hook_deliveries_waiting on hook_deliveries (shop_id, hook_no, look_at) where state = 'waiting';
create index hook_deliveries_in_turn on hook_deliveries (shop_id, hook_no, subject, place) where state = 'waiting';
create index hook_deliveries_of_event on hook_deliveries (shop_id, place);
