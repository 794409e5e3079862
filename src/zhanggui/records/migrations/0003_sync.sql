-- Reading from the platform: the sources of a shop, and the ledger of windows that were read or are still to be read.

create table sync_sources (
    shop_id      bigint not null references shops,
    source       text not null,        -- orders, refunds, recheck
    goal         timestamptz,          -- how far back to read, by the platform's time; null until that was asked for
    floor        timestamptz,          -- everything from here to the horizon was read without a hole
    horizon      timestamptz,          -- of settled readings: the read side had caught up when they were made
    seen_to      timestamptz,          -- of all readings, those of the last minutes too
    plan_at      timestamptz not null, -- wall: when windows are planned next
    look_at      timestamptz,          -- wall: when there is something to do next; null while nothing may be done
    rests_until  timestamptz,          -- wall: after trouble that every window would meet
    failures     integer not null default 0,  -- in a row
    windows      bigint not null default 0,
    calls        bigint not null default 0,
    things       bigint not null default 0,
    healed       bigint not null default 0,
    problem      json,                 -- a Say: the last trouble, until a window is read again
    problem_at   timestamptz,
    begun_at     timestamptz not null,
    primary key (shop_id, source)
);

create table sync_windows (
    shop_id     bigint not null,
    window_id   bigint generated always as identity,
    source      text not null,
    starts_at   timestamptz not null,  -- platform's time, both ends included
    ends_at     timestamptz not null,
    rank        smallint not null,     -- lower ranks are read first; inside a rank the newest
    state       text not null,         -- planned, running, done, failed
    look_at     timestamptz,           -- wall: when it may be claimed: planned, after its lease, or after its back-off; null once done
    attempts    integer not null default 0,
    holder      text,
    read_at     timestamptz,           -- platform's time when its reading began
    settled_to  timestamptz,           -- how much of it can be relied upon
    calls       bigint not null default 0,
    things      bigint not null default 0,
    changed     bigint not null default 0,
    problem     json,
    made_at     timestamptz not null,
    done_at     timestamptz,
    primary key (shop_id, window_id),
    foreign key (shop_id, source) references sync_sources
);
create index sync_windows_waiting on sync_windows (shop_id, rank, ends_at desc) where state <> 'done';
create index sync_windows_of_source on sync_windows (shop_id, source, state);

-- what the platform told and nobody could read: one row a thing, gone once it was read after all
create table sync_left_out (
    shop_id  bigint not null references shops,
    kind     text not null,
    no       text not null,
    reason   json not null,            -- a Say
    seen_at  timestamptz not null,
    primary key (shop_id, kind, no)
);

-- one standing batch a shop for what comes through the platform's doors: never listed among imports and never undone
create unique index batches_standing on batches (shop_id, profile) where state = 'standing';
