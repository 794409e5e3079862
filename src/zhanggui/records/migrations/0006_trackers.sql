-- Tracking services: with which account parcels are asked about where the platform cannot be. The key can be opened only with the keys in the home folder.

create table trackers (
    tracker_id   bigint generated always as identity primary key,
    for_shop     bigint references shops,   -- null: every shop of the house that has none of its own
    service      text not null,             -- kuaidi100, kdniao (request 1002), kdniao_8001
    account      text not null,             -- 快递100's customer, 快递鸟's EBusinessID
    secret       bytea not null,            -- the key, sealed
    address      text,                      -- null: the service's own
    daily_cap    integer not null check (daily_cap > 0),
    day          date,                      -- in Shanghai, by the wall clock
    calls        integer not null default 0,  -- on that day
    paused_until timestamptz,               -- wall: after a trouble nothing is asked before
    problem      json,                      -- a Say; kept until an answer is understood again
    problem_at   timestamptz,
    made_by      bigint,
    made_at      timestamptz not null,
    changed_at   timestamptz not null,
    unique nulls not distinct (for_shop)
);
