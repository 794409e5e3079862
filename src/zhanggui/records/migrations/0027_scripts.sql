-- Scripts of the shop's own, what came of using them, room to concede, and the endpoint that may draft.

-- the shop's own words, version by version; of those whose time it is, the newest holds, and where none holds, the words that come along
create table script_versions (
    shop_id      bigint not null references shops,
    script_id    text not null,
    version      integer not null,
    situation    text not null,          -- see core/scripting/situations.py; empty for drafts of the house
    fits         text[] not null,        -- how the order must stand, see core/scripts.py
    zh           text not null,
    en           text not null,
    when_zh      text not null,
    when_en      text not null,
    owner        bigint,                 -- who looks after it
    from_at      timestamptz not null,
    until_at     timestamptz,            -- null: until it is withdrawn
    made_by      bigint,
    made_at      timestamptz not null,
    withdrawn_at timestamptz,
    withdrawn_by bigint,
    primary key (shop_id, script_id, version)
);

-- what the shop tells of itself, for the slots that no order fills
create table script_facts (
    shop_id bigint not null references shops,
    name    text not null,
    zh      text not null,
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id, name)
);

-- a person sent these words; what came of it is read from the facts
create table script_uses (
    shop_id      bigint not null references shops,
    use_no       bigint generated always as identity,
    script_id    text not null,
    version      integer not null,
    used_at      timestamptz not null,
    used_by      bigint,
    thread_no    bigint,
    order_no     text,                   -- the order it was about then; null before there was one
    refund_asked boolean not null,       -- the buyer's request for money was open then
    primary key (shop_id, use_no)
);
create index script_uses_newest on script_uses (shop_id, used_at desc, use_no desc);
create index script_uses_of_script on script_uses (shop_id, script_id, used_at desc, use_no desc);
create index script_uses_of_thread on script_uses (shop_id, thread_no) where thread_no is not null;

-- how far a rep may go with a buyer who haggles: for the shop (goods_id empty), or for one product
create table concession_limits (
    shop_id      bigint not null references shops,
    goods_id     text not null,
    most_fen     bigint not null check (most_fen >= 0),
    most_percent integer not null check (most_percent between 0 and 100),
    month_fen    bigint check (month_fen >= 0),   -- of all within thirty days; null: no such limit
    made_by      bigint,
    made_at      timestamptz not null,
    primary key (shop_id, goods_id)
);
create table concessions (
    shop_id       bigint not null references shops,
    concession_no bigint generated always as identity,
    goods_id      text not null,
    thread_no     bigint,
    order_no      text,
    kind          text not null,         -- see core/scripting/conceding.py
    fen           bigint not null check (fen > 0),
    note          text not null default '',
    at            timestamptz not null,
    made_by       bigint,
    void_at       timestamptz,           -- taken back
    void_by       bigint,
    primary key (shop_id, concession_no)
);
create index concessions_newest on concessions (shop_id, at desc, concession_no desc);

-- an endpoint that may draft; off until somebody says otherwise
create table drafting (
    shop_id    bigint not null references shops,
    address    text not null,
    model      text not null,
    secret     bytea,                    -- the key, sealed; null where the server wants none
    is_on      boolean not null,
    daily_cap  integer not null,
    day        date,                     -- the calls of that day, by the wall clock
    calls      integer not null default 0,
    problem    json,                     -- the last trouble, as a sentence
    problem_at timestamptz,
    made_by    bigint,
    made_at    timestamptz not null,
    primary key (shop_id)
);
