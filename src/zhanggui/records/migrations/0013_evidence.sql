-- The vault: originals kept byte for byte, each entry chained to the one before it; and the journal, sealed block by block.

-- what was brought in, once per shop whatever it is named
create table evidence_contents (
    shop_id bigint not null references shops,
    digest  bytea not null,            -- SHA-256 of the content
    content bytea not null,
    primary key (shop_id, digest)
);
alter table evidence_contents alter column content set storage external;  -- pictures do not shrink

-- append only. `seq` counts without a gap in the shop; `digest` covers everything of the row and both entries it follows
create table evidence (
    shop_id        bigint not null references shops,
    seq            bigint not null,
    order_no       text not null,
    kind           text not null,      -- file, reference
    name           text not null,
    media_type     text not null,
    size           bigint not null,    -- bytes; 0 for a reference
    content        bytea,              -- digest of the content; null where a reference names none
    reference      text not null,      -- where a video lies that is not kept here
    note           text not null,
    taken_at       timestamptz,        -- the moment it shows, as whoever brought it says
    made_by        bigint,
    made_by_name   text not null,      -- as the person was called then
    made_at        timestamptz not null,
    previous       bytea not null,     -- digest of the shop's entry before
    order_previous bytea not null,     -- digest of the order's entry before
    digest         bytea not null,
    primary key (shop_id, seq)
);
create index evidence_of_order on evidence (shop_id, order_no, seq);

-- the end of each chain, so that cutting off its last entries is found; locked by whoever adds one
create table chain_heads (
    shop_id bigint not null references shops,
    chain   text not null,             -- evidence, journal
    seq     bigint not null,
    digest  bytea not null,
    primary key (shop_id, chain)
);

-- a block of journal entries that can no longer change unnoticed
create table journal_seals (
    shop_id  bigint not null references shops,
    seal_no  bigint not null,
    from_no  bigint not null,
    to_no    bigint not null,
    entries  bigint not null,
    body     bytea not null,           -- digest of the entries
    previous bytea not null,
    digest   bytea not null,
    made_at  timestamptz not null,
    primary key (shop_id, seal_no)
);

-- the journal is sealed up to `upto` once every transaction that may still bring a lower number has ended, which is when none older than `horizon` is left
create table journal_marks (
    shop_id bigint primary key references shops,
    upto    bigint not null,
    horizon xid8                       -- null in the first round: a number may be drawn a moment before its transaction has a number itself
);
