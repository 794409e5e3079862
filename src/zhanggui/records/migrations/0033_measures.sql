-- The shop's measures, kept day by day so that no page counts. What an order gave last stands beside it, to be taken off when it changes.

-- how often each thing happened on a day, and the seconds or stars it brought (core/measures/what.py); days may lie ahead
create table measure_days (
    shop_id bigint not null,
    what    text not null,
    day     date not null,
    many    bigint not null,
    amount  bigint not null,
    primary key (shop_id, what, day)
);

-- what an order counts for: a number for each thing and day (records/measures/keys.py), the shop in it, and their amounts in the same places
create table measure_orders (
    shop_id  bigint not null,
    order_no text not null,
    keys     bigint[] not null,
    amounts  bigint[],                 -- null: none of them brings any
    primary key (shop_id, order_no)
);
-- found by what and day: lists down to the order, however many there are; sorted in at once, since every search would go through what waits for it
create index measure_orders_by_key on measure_orders using gin (keys) with (fastupdate = off);

-- ratings that buyers really gave, and whether each is among the first of its buyer and month
create table measure_ratings (
    shop_id   bigint not null,
    order_no  text not null,
    review_no text not null,
    buyer     text not null,
    month     date not null,
    day       date not null,
    at        timestamptz not null,
    score     smallint not null,
    counts    boolean not null,
    primary key (shop_id, order_no, review_no)
);
create index measure_ratings_of_buyer on measure_ratings (shop_id, buyer, month);
create index measure_ratings_by_day on measure_ratings (shop_id, day desc, order_no, review_no) where counts;

-- what has to be counted again: orders by number, days by what was said on them. One row at most for each chunk that is stored
create table measure_touched (
    shop_id    bigint not null,
    touched_no bigint generated always as identity,
    order_nos  text[] not null default '{}',
    days       date[] not null default '{}',
    primary key (shop_id, touched_no)
);

-- by which formulas and rules the shop was counted whole last; no row: not yet
create table measure_counts (
    shop_id    bigint not null references shops,
    made_of    text not null,
    counted_at timestamptz not null,
    primary key (shop_id)
);
