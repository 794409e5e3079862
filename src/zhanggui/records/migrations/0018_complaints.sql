-- Cases that the platform decides, and what is filed with it: how far each has come, and what exactly was handed in.

-- one row for each case in which the platform stepped in
create table disputes (
    shop_id       bigint not null references shops,
    dispute_no    bigint generated always as identity,
    case_no       text not null,
    order_no      text not null,
    claim         text not null,           -- what it is about, see core/disputes/needs.py
    at_stake      bigint not null,         -- fen
    noticed_at    timestamptz not null,    -- when the house first knew of it
    said          text not null,           -- what persons said of it, see core/disputes/states.py
    said_at       timestamptz not null,
    state         text not null,           -- with what the case shows
    stepped_at    timestamptz not null,
    note          text not null default '',-- what goes to the platform beside the pictures
    images        bigint[] not null default '{}', -- numbers of pieces in the vault, in their order
    proposed_by   bigint,
    proposed_at   timestamptz,
    signed_by     bigint,
    signed_at     timestamptz,
    is_signed_alone boolean not null default false, -- by whoever proposed it, since nobody else is there
    remark        text not null default '',-- what the second person wants changed, or how the platform ruled
    submitted_by  bigint,
    submitted_at  timestamptz,
    manifest_seq  bigint,                  -- the piece of the vault that says what was handed in
    packet_sha256 text not null default '',-- of the packet that holds it
    shown         text[] not null default '{}', -- what the pictures handed in show, for the share that is won
    ended_at      timestamptz,             -- when it was first seen to be decided
    version       integer not null default 0,
    primary key (shop_id, dispute_no),
    unique (shop_id, case_no)
);
create index disputes_listed on disputes (shop_id, state, dispute_no desc);
create index disputes_open on disputes (shop_id) where ended_at is null;
create index disputes_of_order on disputes (shop_id, order_no);

-- what a piece of the vault shows, as somebody said; the vault itself is never touched
create table evidence_shows (
    shop_id bigint not null,
    seq     bigint not null,
    shows   text[] not null,
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id, seq),
    foreign key (shop_id, seq) references evidence (shop_id, seq)
);

create table complaints (
    shop_id      bigint not null references shops,
    complaint_no bigint generated always as identity,
    kind         text not null,            -- see core/complaints/states.py
    order_no     text not null,
    case_no      text not null default '',
    ref          text not null default '', -- tells apart what is of one kind and order, such as the lines of a bill
    because      json not null,            -- a Say
    at_stake     bigint not null,          -- fen; 0 where it is not about money
    due          timestamptz,              -- where somebody knows it better than the rules
    noticed_at   timestamptz not null,     -- what its term counts from
    state        text not null,
    stepped_at   timestamptz not null,
    filed_at     timestamptz,              -- the first time: the month it counts in
    filed_by     bigint,
    got          bigint,                   -- fen: what it brought
    ticket       text not null default '', -- the platform's own number
    note         text not null default '',
    made_by      bigint,
    made_at      timestamptz not null,
    version      integer not null default 0,
    primary key (shop_id, complaint_no),
    unique (shop_id, kind, order_no, case_no, ref)
);
create index complaints_listed on complaints (shop_id, state, complaint_no desc);
create index complaints_filed on complaints (shop_id, kind, filed_at) where filed_at is not null;
create index complaints_of_order on complaints (shop_id, order_no);
