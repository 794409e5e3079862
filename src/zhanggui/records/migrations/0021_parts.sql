-- Orders that go in several parcels; carriers chosen by advice; what may leave without a person.

-- the further parcels of an order of which a label was printed: a list of {kind, carrier, tracking_no}
alter table dispatches add column further json;

-- an order that goes in several parcels: a row for each of them, the first included. Its first parcel's number stands where every order's does
create table ship_parts (
    shop_id     bigint not null references shops,
    order_no    text not null,
    part        integer not null check (part between 1 and 20),
    carrier     text,
    tracking_no text,                  -- of a further parcel; null for the first
    printed_at  timestamptz,           -- of a further parcel: when its label was last printed
    packed_at   timestamptz,
    packed_by   bigint,
    weight_g    integer check (weight_g > 0),
    pieces      json,                  -- what was put in: by line of the order how many
    told_at     timestamptz,           -- when somebody had the platform told of it
    made_at     timestamptz not null,
    made_by     bigint,
    primary key (shop_id, order_no, part)
);
create index ship_parts_by_number on ship_parts (shop_id, tracking_no) where tracking_no is not null;
create index ship_parts_to_tell on ship_parts (shop_id, order_no, part) where printed_at is not null and told_at is null;

-- why an order of a batch travels with the carrier it does: a Say, where the house chose by advice
alter table ship_batch_rows add column because json;

-- what left without a person is counted beside the caps of the day
create index acts_alone on acts (shop_id, kind, day) where by_itself;
-- what nobody decided follows the terms
update act_levels set daily_cap = 5000 where kind = 'ship.upload' and daily_cap = 500 and changed_by is null;
