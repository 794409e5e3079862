-- What each variant sold by day, kept with every write like order_totals: the overview and the reasons of a large shop read no order for it.
create table goods_totals (
    shop_id    bigint not null,
    day        date not null,
    goods_id   text not null,            -- '' where no product is told
    spec       text not null,            -- its first 200 characters; '' where none is told
    orders     bigint not null,
    refunded   bigint not null,          -- of these, refunded by now
    paid       bigint not null,          -- fen
    primary key (shop_id, day, goods_id, spec)
);

insert into goods_totals (shop_id, day, goods_id, spec, orders, refunded, paid)
select shop_id, (listed_at at time zone 'Asia/Shanghai')::date, coalesce(goods_id, ''), left(coalesce(facts ->> 'spec', ''), 200), count(*),
    count(*) filter (where refund = 'refunded'), coalesce(sum((facts ->> 'pay_amount')::bigint), 0)
from orders
group by 1, 2, 3, 4;
