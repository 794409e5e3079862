-- One row a shop, lying where all its other rows lie. A statement that asks which shops have work walks this table, so that each server of a spread
-- database answers for its own shops; the shops themselves are copied whole to every server and cannot be walked that way.
create table shop_homes (
    shop_id bigint primary key references shops
);
insert into shop_homes (shop_id) select shop_id from shops;
