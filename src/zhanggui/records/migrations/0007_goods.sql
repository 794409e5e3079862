-- Products, the shop's own facts of each SKU, what orders take of it, and stock by location.

-- what the platform or a list of products tells of a variant: the fold of its sightings
create table skus (
    shop_id   bigint not null,
    sku_id    text not null,
    goods_id  text,
    outer_sku text,
    as_of     timestamptz not null,
    facts     json not null,           -- SkuFacts, whole
    primary key (shop_id, sku_id)
);
create index skus_by_goods on skus (shop_id, goods_id) where goods_id is not null;
create index skus_by_code on skus (shop_id, outer_sku) where outer_sku is not null;

-- every SKU the shop has to do with: told, typed, or only named by an order. What it is called, and what the shop itself knows of it
create table items (
    shop_id   bigint not null,
    sku       text not null,           -- its id on the platform, else code:… or goods:…/…; see core/goods/naming.py
    goods_id  text not null default '',
    title     text,
    spec      text,
    code      text,                    -- 商家编码
    is_told   boolean not null default false,  -- a list of products or the platform names it
    weight_g  integer,
    packing_g integer,
    barcodes  text[] not null default '{}',
    location  text not null default '',        -- where it is picked, and what shipments are taken from
    warn_at   bigint,                  -- few are left: so many or less
    made_at   timestamptz not null,
    primary key (shop_id, sku)
);
create index items_by_goods on items (shop_id, goods_id, sku);
create index items_by_code on items (shop_id, code) where code is not null;

-- what items.barcodes holds, to be found by a scan; a barcode stands on one SKU of a shop
create table item_barcodes (
    shop_id bigint not null,
    barcode text not null,
    sku     text not null,
    primary key (shop_id, barcode)
);
create index item_barcodes_of_sku on item_barcodes (shop_id, sku);

-- what every order takes: reserved from the forming of its group, taken once it has left. A function of the order and of the last count
create table order_goods (
    shop_id   bigint not null,
    order_no  text not null,
    sku       text not null,
    quantity  bigint not null,
    state     text not null,           -- reserved, left
    left_at   timestamptz,
    location  text not null default '',
    asked     text not null default '',  -- what the order called it, where that was not the platform's own id
    primary key (shop_id, order_no, sku)
);
create index order_goods_of_sku on order_goods (shop_id, sku, state) include (quantity, left_at, location);
create index order_goods_by_asked on order_goods (shop_id, asked) where asked <> '';

-- what lay at a place when it was last counted, with what was changed by hand since; what orders took since is in order_goods
create table stock_levels (
    shop_id    bigint not null,
    sku        text not null,
    location   text not null,
    base       bigint not null,
    counted_at timestamptz not null,
    primary key (shop_id, sku, location)
);

-- every change of stock; append only
create table stock_changes (
    shop_id   bigint not null,
    change_no bigint generated always as identity,
    sku       text not null,
    location  text not null,
    at        timestamptz not null,
    kind      text not null,           -- counted, came_in, went_out, moved, shipped, shipment_back
    pieces    bigint not null,         -- with its sign
    after     bigint not null,         -- what lay at the place afterwards
    by_person bigint,
    reason    text not null default '',
    order_no  text,
    primary key (shop_id, change_no)
);
create index stock_changes_of_sku on stock_changes (shop_id, sku, change_no desc);
create index stock_changes_newest on stock_changes (shop_id, change_no desc);

-- what parcels with the same goods weighed, so that the next one's weight can be told
create table parcel_weights (
    shop_id  bigint not null,
    goods    text not null,            -- a digest of the SKUs and their quantities
    order_no text not null,
    weight_g integer not null,
    at       timestamptz not null,
    primary key (shop_id, goods, order_no)
);
create index parcel_weights_newest on parcel_weights (shop_id, goods, at desc);
create index parcel_weights_of_order on parcel_weights (shop_id, order_no);

-- when the shop's products are read from the platform next, and how far the walk through their details has come
create table goods_readings (
    shop_id      bigint not null references shops,
    look_at      timestamptz not null, -- by the wall clock
    next_page    integer not null default 1,
    found        bigint not null default 0,    -- products found by the reading under way
    walks        boolean not null default false,  -- the list has been read; the details are walked through
    walk_after   text not null default '',
    walked_on    date,                 -- the day all details were last walked through
    read_at      timestamptz,          -- when the last whole list was read, by the house's time
    products     bigint not null default 0,    -- of the last whole list
    primary key (shop_id)
);
