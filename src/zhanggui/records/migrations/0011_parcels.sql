-- Parcels as they follow from the facts: one row for each order's parcel, kept with every write of its order, its cases and its events. Nothing in a row
-- depends on the present moment: what will have gone wrong unless something happens is stored with the moment at which it will, so time passes by itself.

create table parcels (
    shop_id      bigint not null,
    order_no     text not null,
    tracking_no  text not null,
    carrier      text not null,        -- as the source writes it; empty where none does
    province     text not null,        -- where it is to go
    shipped_at   timestamptz not null, -- the upload of its number; the first event where nobody tells that
    day          date not null,        -- of that, in Shanghai
    state        text not null,
    place        text not null,        -- the branch or hub of the last event that names one
    picked_up_at timestamptz,
    last_at      timestamptz,
    delivered_at timestamptz,
    abnormal_at  timestamptz,          -- when it began to count as abnormal, or will; null: never
    troubled_at  timestamptz,          -- when the first trouble that lasts began, or will; null: none
    facts        json not null,        -- core's Parcel, whole
    primary key (shop_id, order_no, tracking_no)
);
create index parcels_newest on parcels (shop_id, shipped_at desc, order_no desc);
create index parcels_by_state on parcels (shop_id, state, shipped_at desc, order_no desc);
create index parcels_by_number on parcels (shop_id, tracking_no);
create index parcels_troubled on parcels (shop_id, troubled_at desc, order_no desc) where troubled_at is not null;
create index parcels_abnormal on parcels (shop_id, abnormal_at) include (day, carrier, province, place) where abnormal_at is not null;

-- what went wrong with them, each with its moment; may lie ahead
create table parcel_anomalies (
    shop_id     bigint not null,
    order_no    text not null,
    tracking_no text not null,
    kind        text not null,
    at          timestamptz not null,
    is_open     boolean not null,      -- lasts, as far as the facts tell
    carrier     text not null,
    province    text not null,
    place       text not null,
    at_risk     bigint not null,       -- fen
    primary key (shop_id, order_no, tracking_no, kind, at),
    foreign key (shop_id, order_no, tracking_no) references parcels on delete cascade
);
create index parcel_anomalies_open on parcel_anomalies (shop_id, at desc, order_no desc, kind desc) include (carrier, province, place, at_risk) where is_open;
create index parcel_anomalies_open_by_kind on parcel_anomalies (shop_id, kind, at desc, order_no desc) where is_open;

-- how many were handed in, kept with every write so that no page counts
create table parcel_totals (
    shop_id  bigint not null,
    day      date not null,
    carrier  text not null,
    province text not null,
    state    text not null,
    parcels  bigint not null,
    primary key (shop_id, day, carrier, province, state)
);

-- when a parcel was last asked about and nothing was known of it
create table parcel_lookups (
    shop_id     bigint not null,
    tracking_no text not null,
    asked_at    timestamptz not null,
    primary key (shop_id, tracking_no)
);

-- the mean of the shop's category as its back office shows it, from a day on
create table category_means (
    shop_id   bigint not null,
    from_day  date not null,
    share_ppm bigint not null check (share_ppm > 0), -- millionths: 1.2 % is 12000
    orders    bigint check (orders >= 0),            -- the mean number of abnormal orders; null where it is not shown
    made_by   bigint,
    made_at   timestamptz not null,
    primary key (shop_id, from_day)
);

-- what was learnt of how parcels stall, in versions
create table stall_models (
    shop_id   bigint not null,
    version   integer not null,
    made_at   timestamptz not null,
    learnt_to timestamptz not null,    -- the events up to this moment were learnt from
    legs      bigint not null,
    report    json not null,           -- how well it foresaw what it had not seen
    model     bytea not null,
    primary key (shop_id, version)
);

-- the shops whose parcels from before this table were made into rows
create table parcels_filled (
    shop_id bigint not null references shops,
    is_done boolean not null,
    at      timestamptz not null,
    primary key (shop_id)
);
