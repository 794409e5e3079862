-- What each product sold by day, kept with every write like order_totals: the overview of a large shop reads no order for it.
create table goods_totals (
    shop_id    bigint not null,
    day        date not null,
    goods_id   text not null,
    orders     bigint not null,
    refunded   bigint not null,          -- of these, refunded by now
    paid       bigint not null,          -- fen
    primary key (shop_id, day, goods_id)
);

insert into goods_totals (shop_id, day, goods_id, orders, refunded, paid)
select shop_id, (listed_at at time zone 'Asia/Shanghai')::date, goods_id, count(*), count(*) filter (where refund = 'refunded'),
    coalesce(sum((facts ->> 'pay_amount')::bigint), 0)
from orders
where goods_id is not null
group by 1, 2, 3;
