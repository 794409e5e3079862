-- In which state goods came back before, so that what they are worth once they are back need not be assumed; made anew now and then.
create table advice_goods (
    shop_id bigint not null references shops,
    sku     text not null,              -- as returns name their goods
    grade   text not null,              -- see core/returns/grades.py
    pieces  bigint not null,
    primary key (shop_id, sku, grade)
);
