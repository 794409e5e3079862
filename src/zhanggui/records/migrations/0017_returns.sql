-- Returned parcels as they were opened, what lay in them, pictures, and what pictures look like.

-- one row for each case of a parcel that was opened; nobody's yet while no order is known
create table returns (
    shop_id     bigint not null references shops,
    return_no   bigint generated always as identity,
    code        text not null,           -- what was scanned or typed
    order_no    text,
    case_no     text,
    state       text not null,           -- return_counted, return_waived (paid without the goods), return_nobodys, return_undone
    weight_g    integer,
    note        text not null default '',
    troubles    text[] not null default '{}',   -- see core/returns/troubles.py
    complaint_no bigint,                 -- the complaint that was opened for them
    made_at     timestamptz not null,
    made_by     bigint,
    matched_at  timestamptz,             -- nobody's parcel found its order
    matched_by  bigint,
    undone_at   timestamptz,
    undone_by   bigint,
    version     integer not null default 0,
    primary key (shop_id, return_no)
);
create index returns_of_case on returns (shop_id, case_no) where case_no is not null;
create index returns_of_order on returns (shop_id, order_no) where order_no is not null;
create index returns_by_code on returns (shop_id, code);
create index returns_newest on returns (shop_id, state, return_no desc);

-- the pieces of a return, by goods and grade
create table return_pieces (
    shop_id   bigint not null,
    return_no bigint not null,
    goods     text not null,             -- the SKU, else a name of the goods within the order
    grade     text not null,             -- see core/returns/grades.py
    title     text not null default '',
    pieces    bigint not null,
    put_back  bigint not null default 0, -- pieces put back in stock
    location  text not null default '',
    primary key (shop_id, return_no, goods, grade),
    foreign key (shop_id, return_no) references returns
);

-- pictures taken while it was opened; the originals lie in the vault
create table return_photos (
    shop_id    bigint not null,
    return_no  bigint not null,
    digest     bytea not null,
    name       text not null,
    media_type text not null,
    size       bigint not null,
    seq        bigint,                   -- the entry of the vault; null while it is nobody's
    primary key (shop_id, return_no, digest),
    foreign key (shop_id, return_no) references returns
);

-- what a picture of the vault looks like, so that it is found again cut, shrunk or saved anew
create table photo_prints (
    shop_id bigint not null references shops,
    digest  bytea not null,              -- of the original
    state   text not null,               -- read, unreadable, too_large, plain (nothing to tell it by)
    width   integer,
    height  integer,
    prints  bytea,                       -- the hashes of the whole and of its windows, 8 bytes each
    sketch  bytea,                       -- the picture very small, to check a likeness by
    made_at timestamptz not null,
    primary key (shop_id, digest)
);
create index photo_prints_newest on photo_prints (shop_id, made_at desc) where state = 'read';

-- pictures that show the same, in one shop or in two
create table photo_likenesses (
    shop_id       bigint not null references shops,
    digest        bytea not null,
    other_shop_id bigint not null,
    other_digest  bytea not null,
    likeness      smallint not null,     -- of a thousand
    found_at      timestamptz not null,
    primary key (shop_id, digest, other_shop_id, other_digest)
);
create index photo_likenesses_newest on photo_likenesses (shop_id, found_at desc);

-- how far the entries of the vault have been looked through for pictures
create table photo_marks (
    shop_id bigint primary key references shops,
    seq     bigint not null
);
create index evidence_of_content on evidence (shop_id, content) where content is not null;
