-- The promised hours of a product are learnt from its five newest orders that carry the platform's own field: they are looked up, not looked for among all.
create index orders_that_teach on orders (shop_id, goods_id, group_formed_at desc, order_no) where teaches_hours;
