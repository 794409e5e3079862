-- What the worker is told to look at, and what it did: hints, the lanes of each shop, chores, the workers themselves. Moments here are the wall clock's.

-- somebody said that this thing may have changed: it is read from the platform again; never the data itself
create table hints (
    shop_id      bigint not null,
    what         text not null,        -- order, case, parcel
    no           text not null,
    order_no     text,                 -- the order it belongs to, where that was told
    because      text not null,        -- push, due, silence, asked, act
    told         integer not null default 1,  -- how often; what is told anew while it is being read is read once more
    look_at      timestamptz,          -- when to read it; while somebody reads it, when their lease runs out; null once given up
    again_at     timestamptz,          -- read it once more then, for the platform's reads lag behind its pushes
    attempts     integer not null default 0,
    tried_at     timestamptz,
    leased_until timestamptz,
    holder       text,
    problem      json,                 -- a Say
    primary key (shop_id, what, no)
);
create index hints_to_look_at on hints (shop_id, look_at) where look_at is not null;

-- how the worker fares with one kind of work in one shop; a shop in trouble is let alone for a while, so that no other waits for it
create table lanes (
    shop_id      bigint not null,
    lane         text not null,
    last_at      timestamptz,          -- when it last did something there
    failures     integer not null default 0,  -- one after the other
    paused_until timestamptz,
    problem      json,                 -- a Say; kept until it goes well again
    problem_at   timestamptz,
    primary key (shop_id, lane)
);

create table chores (
    name       text primary key,
    began_at   timestamptz not null,
    failures   integer not null default 0,
    problem    json,                   -- a Say
    problem_at timestamptz
);

create table workers (
    name     text primary key,         -- machine, process, and a number made up at its start
    began_at timestamptz not null,
    seen_at  timestamptz not null
);

-- every look at what is due walks over the entries of what was moved since the last vacuum, about 4 ns each: after 2 % of the rows, not 20 %, and always the indexes too
alter table deadlines set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, vacuum_index_cleanup = on);
