-- Activities and growth: what the back office shows, enrolments, rewards for reviews, and buyers who come back.

-- what the shop read in its back office: the thresholds that an activity shows there, and figures that the platform alone knows
create table activity_figures (
    shop_id  bigint not null references shops,
    activity text not null,            -- '' for a value, which is the same for all activities
    figure   text not null,
    num      bigint not null,
    den      bigint not null check (den > 0),
    read_at  timestamptz not null,
    made_by  bigint,
    primary key (shop_id, activity, figure)
);

create table enrolments (
    shop_id       bigint not null references shops,
    enrolment_no  bigint generated always as identity,
    activity      text not null,       -- its id in rulebook/activities.toml
    goods_id      text not null default '',  -- '' where the shop takes part as a whole
    title         text not null default '',
    starts_at     timestamptz not null,
    ends_at       timestamptz not null,
    price         bigint,              -- fen: the activity's price
    state         text not null,       -- see core/activities/enrolment.py
    moved_at      timestamptz not null,
    deposit       bigint,              -- fen
    deposit_paid_at timestamptz,
    hold_no       bigint,              -- where it stands among the sums that are bound
    note          text not null default '',
    made_by       bigint,
    made_at       timestamptz not null,
    version       integer not null default 0,
    primary key (shop_id, enrolment_no),
    check (starts_at < ends_at)
);
create index enrolments_listed on enrolments (shop_id, starts_at desc, enrolment_no desc);

create table reward_campaigns (
    shop_id     bigint not null references shops,
    campaign_no bigint generated always as identity,
    title       text not null,
    goods       text[] not null,
    coupon      bigint not null check (coupon > 0),  -- fen
    budget      bigint not null,       -- fen
    from_day    date not null,
    until_day   date not null,         -- its last day
    said        text not null,         -- what buyers are told of it
    state       text not null,         -- see core/activities/rewards.py
    read_to     timestamptz not null,  -- up to when reviews were looked at
    spent       bigint not null default 0,  -- fen
    given       bigint not null default 0,  -- coupons
    made_by     bigint,
    made_at     timestamptz not null,
    version     integer not null default 0,
    primary key (shop_id, campaign_no)
);
create index reward_campaigns_listed on reward_campaigns (shop_id, campaign_no desc);

-- one row for each order that got a coupon, with the stars that it was given regardless of
create table reward_grants (
    shop_id     bigint not null,
    campaign_no bigint not null,
    order_no    text not null,
    review_no   text not null,
    stars       smallint,
    fen         bigint not null,
    at          timestamptz not null,  -- when the review was written
    cost_no     bigint,
    primary key (shop_id, campaign_no, order_no),
    foreign key (shop_id, campaign_no) references reward_campaigns
);

-- what was bought, one row an order that was not cancelled before it left; by buyer where buyers can be told apart: a keyed digest of the masked receiver,
-- for a limited time. Nothing here names anybody
create table purchases (
    shop_id     bigint not null,
    order_no    text not null,
    buyer       bytea,
    at          timestamptz not null,
    paid        bigint not null,       -- fen
    goods_id    text,
    ended       text not null,         -- see core/activities/regulars.py
    received_at timestamptz,
    next_at     timestamptz,           -- when the same buyer ordered again
    primary key (shop_id, order_no)
);
create index purchases_of_buyer on purchases (shop_id, buyer, at, order_no) where buyer is not null;
create index purchases_by_age on purchases (shop_id, at) include (goods_id, paid, ended, next_at, buyer);
create index purchases_of_goods on purchases (shop_id, goods_id, at) include (paid, ended) where goods_id is not null;

-- buyers with more than one order; a function of purchases
create table regulars (
    shop_id     bigint not null,
    buyer       bytea not null,
    orders      bigint not null,
    paid        bigint not null,       -- fen
    first_at    timestamptz not null,
    last_at     timestamptz not null,
    last_order  text not null,
    last_ended  text not null,
    received_at timestamptz,           -- when the last order arrived
    primary key (shop_id, buyer)
);
create index regulars_listed on regulars (shop_id, orders desc, last_at desc, buyer);
create index regulars_arrived on regulars (shop_id, received_at) where received_at is not null;

-- up to where a shop's orders were looked through: the newest, and on the way back to the oldest that are kept
create table purchase_reading (
    shop_id   bigint not null references shops,
    newest_at timestamptz not null,
    back_at   timestamptz not null,
    back_no   text not null,
    rests_until timestamptz not null,  -- of the shop's time: when the way back begins again
    began_at  timestamptz not null,    -- when this round began
    primary key (shop_id)
);

-- whom the shop thanked, so that nobody is thanked twice; forgotten with the digest
create table buyer_thanks (
    shop_id  bigint not null references shops,
    buyer    bytea not null,
    at       timestamptz not null,
    order_no text not null,
    made_by  bigint,
    primary key (shop_id, buyer, at)
);
create index buyer_thanks_newest on buyer_thanks (shop_id, at desc, order_no);
