-- What advice on after-sales cases rests on beside the facts.

-- the shop's own terms, one row for each time they were changed; the newest that has begun holds
create table advice_terms (
    shop_id    bigint not null references shops,
    version_no bigint generated always as identity,
    terms      json not null,           -- only what differs from the house's defaults
    from_at    timestamptz not null,
    made_at    timestamptz not null,
    made_by    bigint,
    primary key (shop_id, version_no)
);
create index advice_terms_newest on advice_terms (shop_id, from_at desc, version_no desc);

-- what people found out about a case
create table advice_findings (
    shop_id  bigint not null references shops,
    case_no  text not null,
    findings json not null,             -- core's Beside, whole
    made_at  timestamptz not null,
    made_by  bigint,
    primary key (shop_id, case_no)
);

-- the counts of the last thirty days, learnt now and then
create table advice_standing (
    shop_id  bigint not null references shops,
    standing json not null,             -- core's Standing, whole
    made_at  timestamptz not null,
    primary key (shop_id)
);

-- what the shop's own orders of the last ninety days tell of buyers; made anew now and then, so that everything older is forgotten
create table advice_buyers (
    shop_id bigint not null references shops,
    buyer   bytea not null,             -- keyed digest of the masked receiver and the place
    orders  integer not null,
    refunds integer not null,
    kept    integer not null,           -- refunds that let the buyer keep the goods
    primary key (shop_id, buyer)
);
