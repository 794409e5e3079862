-- Personal data: the keys of sealed columns, what was opened by whom, how long things are kept, and what was forgotten.

-- a shop's own keys, each sealed with the keys of the house; the newest seals. No foreign key: one is made beside the transaction that first needs it
create table data_keys (
    shop_id bigint not null,
    key_no  integer not null,
    wrapped bytea not null,
    made_at timestamptz not null,
    primary key (shop_id, key_no)
);

-- how far the columns of a shop were sealed anew with its newest key
create table resealings (
    shop_id bigint not null references shops,
    place   text not null,              -- see core/privacy/places.py
    key_no  integer not null,           -- with which key
    after   text not null default '',   -- the last row that was looked at
    done_at timestamptz,                -- everything in this place is sealed with that key
    primary key (shop_id, place)
);

-- somebody looked at whole personal data, and why; append only
create table openings (
    shop_id      bigint not null references shops,
    opening_no   bigint generated always as identity,
    at           timestamptz not null,
    by_person    bigint,                -- null: whoever runs the house's commands
    what         text not null,         -- see core/privacy/opening.py
    subject_kind text not null,
    subject_no   text not null,
    reason       text not null,
    primary key (shop_id, opening_no)
);
create index openings_newest on openings (shop_id, at desc, opening_no desc);

-- how long the shop keeps a kind of data, where it differs from the house's terms
create table retention_terms (
    shop_id bigint not null references shops,
    kind    text not null,
    days    integer not null check (days > 0),
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id, kind)
);

-- how far what is old was gone through; begun anew now and then, for what was still open the last time
create table retention_walks (
    shop_id  bigint not null references shops,
    kind     text not null,
    upto_at  timestamptz not null,
    upto_no  text not null,
    begun_at timestamptz not null,
    primary key (shop_id, kind)
);

-- what was forgotten: that it was done, when, by whom and how much; nothing of what it was
create table erasures (
    shop_id    bigint not null references shops,
    erasure_no bigint generated always as identity,
    at         timestamptz not null,
    by_person  bigint,
    cause      text not null,           -- asked, term
    subject    bytea,                   -- a keyed digest of the order number or buyer it was asked for
    orders     integer not null,
    counts     json not null,           -- rows by place
    reason     text not null default '',
    primary key (shop_id, erasure_no)
);
create index erasures_newest on erasures (shop_id, at desc, erasure_no desc);

-- orders whose buyers were forgotten: what a file or the platform tells of them again is stored without what was forgotten
create table forgotten_orders (
    shop_id      bigint not null references shops,
    order_no     text not null,
    erasure_no   bigint not null,
    forgotten_at timestamptz not null,
    primary key (shop_id, order_no),
    foreign key (shop_id, erasure_no) references erasures (shop_id, erasure_no)
);

-- entries of the vault of which words or content were taken away: the chain goes on by the digests that stood there
create table redactions (
    shop_id    bigint not null,
    seq        bigint not null,
    erasure_no bigint not null,
    digest     bytea not null,          -- what the entry's digest was, and is
    at         timestamptz not null,
    primary key (shop_id, seq),
    foreign key (shop_id, seq) references evidence (shop_id, seq),
    foreign key (shop_id, erasure_no) references erasures (shop_id, erasure_no)
);
