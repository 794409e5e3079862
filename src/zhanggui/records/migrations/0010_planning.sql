-- When to print and with whom to send: what the shop says of its own work, and what was learned of its orders and its carriers.

create table plan_terms (
    shop_id bigint not null references shops,
    terms   json not null,             -- core's PlanTerms, whole
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id)
);

-- when a carrier takes parcels
create table carrier_visits (
    shop_id   bigint not null references shops,
    carrier   text not null,           -- the platform's code
    at_minute integer not null check (at_minute between 0 and 1439),  -- of the day in Shanghai
    weekdays  text not null,           -- such as 12345: Monday is 1
    primary key (shop_id, carrier, at_minute)
);

-- the carriers the shop works with
create table carriers_used (
    shop_id bigint not null references shops,
    carrier text not null,
    made_at timestamptz not null,
    primary key (shop_id, carrier)
);

create table carrier_prices (
    shop_id  bigint not null references shops,
    carrier  text not null,
    province text not null,            -- without 省 or 市; empty: every province without lines of its own
    above_g  integer not null check (above_g >= 0),
    fen      bigint not null check (fen >= 0),
    step_g   integer not null default 0 check (step_g >= 0),
    step_fen bigint not null default 0 check (step_fen >= 0),
    primary key (shop_id, carrier, province, above_g)
);

-- where a carrier does not come; an empty city or district means all of them
create table carrier_gaps (
    shop_id  bigint not null references shops,
    carrier  text not null,
    province text not null,
    city     text not null default '',
    district text not null default '',
    primary key (shop_id, carrier, province, city, district)
);

create table carrier_experiments (
    shop_id       bigint not null references shops,
    experiment_no bigint generated always as identity,
    name          text not null,
    shares        json not null,       -- by carrier, in hundredths of a percent
    provinces     json not null,
    started_at    timestamptz not null,
    ended_at      timestamptz,
    made_by       bigint,
    primary key (shop_id, experiment_no)
);

-- what was learned of the shop's orders and parcels, whole; made anew now and then
create table plan_learnt (
    shop_id bigint not null references shops,
    learnt  json not null,
    made_at timestamptz not null,
    primary key (shop_id)
);
