-- What the back office shows of a shop's standing, as people typed or pasted it; the shop's own standards and limits; penalties in force.
-- Values are millionths of the figure's unit: 2.46 % is 2460000, 4.5 stars are 4500000.

create table standing_readings (
    shop_id     bigint not null references shops,
    figure      text not null,                  -- see rulebook/standing.toml
    day         date not null,                  -- up to which the platform had counted
    value       bigint not null check (value >= 0),
    is_met      boolean,                        -- what the page said of it
    standard    bigint check (standard >= 0),   -- what the page asks for the next star
    percentile  bigint check (percentile between 0 and 100000000), -- the share of peers it exceeds
    made_by     bigint,
    made_at     timestamptz not null,
    primary key (shop_id, figure, day)
);

create table standing_lines (
    shop_id   bigint not null references shops,
    kind      text not null check (kind in ('target', 'limit')),
    name      text not null,                    -- the figure of a target, the restriction of a limit
    from_day  date not null,
    value     bigint check (value >= 0),        -- null: from this day on the shop has none of its own
    source    text not null default '',
    made_by   bigint,
    made_at   timestamptz not null,
    primary key (shop_id, kind, name, from_day)
);

create table standing_penalties (
    shop_id     bigint not null references shops,
    penalty_no  bigint generated always as identity,
    title       text not null,
    cause       text not null default '',
    goods_id    text not null default '',       -- empty: the whole shop
    from_day    date not null,
    until_day   date,                           -- the last day; null: not known
    ended_on    date,                           -- a person says that it ended, or was taken back
    made_by     bigint,
    made_at     timestamptz not null,
    primary key (shop_id, penalty_no)
);
create index standing_penalties_newest on standing_penalties (shop_id, from_day desc, penalty_no desc);
