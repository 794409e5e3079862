-- Products that their reviews raised, what people found of it, and what product pages say, version by version.

-- one row a product that was ever raised; raised again after it was looked at, the same row
create table product_alarms (
    shop_id     bigint not null references shops,
    goods_id    text not null,
    raised_at   timestamptz not null,      -- when the review came that raised it
    rule        text not null,             -- the cite of the rule in force then
    found       json not null,             -- see core/products/raising.py: Found
    checked_at  timestamptz,               -- somebody looked; what came before is settled
    checked_by  bigint,
    note        text not null default '',
    primary key (shop_id, goods_id)
);
create index product_alarms_open on product_alarms (shop_id, raised_at desc) where checked_at is null;

-- what a product page said from a moment on, as it was pasted
create table product_pages (
    shop_id    bigint not null references shops,
    page_no    bigint generated always as identity,
    goods_id   text not null,
    title      text not null,
    detail     text not null,
    since      timestamptz not null,
    made_by    bigint,
    made_at    timestamptz not null,
    primary key (shop_id, page_no)
);
create index product_pages_of_goods on product_pages (shop_id, goods_id, since desc);
