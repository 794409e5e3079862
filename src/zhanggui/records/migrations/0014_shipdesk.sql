-- The to-ship desk: what waits to leave, in which batch, with which number.

-- one row for every order that waits to be shipped or is on its way out of the house; kept with every write of orders, deadlines and dispatches,
-- so that the desk reads an index and never works through the orders
create table ship_rows (
    shop_id     bigint not null,
    order_no    text not null,
    step        text not null,         -- print, batch, pack, hand_over, away, destroy
    kept        text,                  -- why it is kept back; null where it may go on
    is_told     boolean not null,      -- whether the platform knows already that it was shipped
    due_at      timestamptz not null,  -- ship by
    goods       text not null,         -- what lies in it, as one line to group by
    door        text,                  -- orders to one receiver may go in one parcel
    carrier     text,
    tracking_no text,
    batch_no    bigint,
    filed_at    timestamptz,           -- when its number was last put in a bulk-shipping file
    tags        text[] not null default '{}',
    primary key (shop_id, order_no)
);
create index ship_rows_by_due on ship_rows (shop_id, step, due_at, order_no) where kept is null;
create index ship_rows_by_goods on ship_rows (shop_id, step, goods, due_at, order_no) where kept is null;
create index ship_rows_by_carrier on ship_rows (shop_id, step, carrier, due_at, order_no) where kept is null;
create index ship_rows_by_door on ship_rows (shop_id, door, step) where door is not null and kept is null;
create index ship_rows_kept on ship_rows (shop_id, due_at, order_no) where kept is not null;
create index ship_rows_to_tell on ship_rows (shop_id, due_at, order_no) where not is_told and tracking_no is not null and kept is null;
create index ship_rows_of_batch on ship_rows (shop_id, batch_no) where batch_no is not null;
create index ship_rows_by_number on ship_rows (shop_id, tracking_no) where tracking_no is not null;

-- orders printed in one go
create table ship_batches (
    shop_id  bigint not null references shops,
    batch_no bigint not null,          -- counts from 1 in every shop
    carrier  text,
    made_by  bigint,
    made_at  timestamptz not null,
    primary key (shop_id, batch_no)
);

-- the batch an order was last put in, and the number written down for it; orders of one parcel share its number
create table ship_batch_rows (
    shop_id     bigint not null,
    order_no    text not null,
    batch_no    bigint not null,
    parcel      integer not null,
    carrier     text,
    tracking_no text,
    written_by  bigint,
    written_at  timestamptz,
    filed_at    timestamptz,
    primary key (shop_id, order_no),
    foreign key (shop_id, batch_no) references ship_batches
);
create index ship_batch_rows_of_batch on ship_batch_rows (shop_id, batch_no, parcel, order_no);
