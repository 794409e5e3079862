-- What was begun with a carrier and has to be followed up: chases, recalls, claims; wrong numbers put right, and further parcels.

-- one message to a carrier's branch about parcels that stand still
create table chases (
    shop_id    bigint not null references shops,
    chase_no   bigint generated always as identity,
    carrier    text not null,            -- as the orders write it; '' where they do not
    branch     text not null,            -- the place of the last events; '' before the pickup
    message    text not null,            -- what was sent, without any buyer's data
    sent_at    timestamptz not null,     -- the last message
    sent_by    bigint,
    times      integer not null default 1,
    check_at   timestamptz,              -- when to look again, where a person chose it
    parcels    integer not null,
    waiting    integer not null,         -- parcels that have not moved since
    answer     text not null default '', -- what the carrier said
    closed_at  timestamptz,              -- settled by a person
    closed_by  bigint,
    version    integer not null default 0,
    primary key (shop_id, chase_no)
);
create index chases_open on chases (shop_id, sent_at, chase_no) where closed_at is null and waiting > 0;
create index chases_newest on chases (shop_id, chase_no desc);

create table chase_parcels (
    shop_id     bigint not null references shops,
    chase_no    bigint not null,
    order_no    text not null,
    tracking_no text not null,
    kind        text not null,           -- the to-do that made it one
    last_at     timestamptz,             -- its last event when it was asked about
    at_risk     bigint not null,         -- fen
    moved_at    timestamptz,             -- the first event since, or when the order ended; by the facts, so it may go again
    primary key (shop_id, chase_no, order_no),
    foreign key (shop_id, chase_no) references chases (shop_id, chase_no)
);
create index chase_parcels_of_order on chase_parcels (shop_id, order_no);

-- parcels under way that are to come back
create table recalls (
    shop_id     bigint not null references shops,
    recall_no   bigint generated always as identity,
    order_no    text not null,
    tracking_no text not null,
    carrier     text,
    because     json not null,           -- a Say
    worth       bigint not null,         -- fen: what is lost with the goods
    left_at     timestamptz,             -- when the parcel left, as far as known
    asked_at    timestamptz not null,
    asked_by    bigint,
    said        text not null,           -- what persons said of it, see core/recalls/states.py
    said_at     timestamptz not null,
    state       text not null,           -- with what the tracking events show
    stepped_at  timestamptz not null,
    fee         bigint,                  -- fen: what it cost
    note        text not null default '',
    version     integer not null default 0,
    primary key (shop_id, recall_no)
);
-- one recall of a parcel at a time
create unique index recalls_once on recalls (shop_id, order_no, tracking_no) where said not in ('recall_back', 'recall_failed', 'recall_dropped');
create index recalls_listed on recalls (shop_id, state, recall_no desc);
create index recalls_newest on recalls (shop_id, recall_no desc);
create index recalls_of_order on recalls (shop_id, order_no);

create table claims (
    shop_id        bigint not null references shops,
    claim_no       bigint generated always as identity,
    order_no       text not null,
    tracking_no    text not null,
    carrier        text,
    loss           text not null,        -- lost, damaged
    goods_value    bigint not null,      -- fen
    freight        bigint,               -- fen
    declared_value bigint,               -- fen; null: not insured
    asked          bigint not null,      -- fen
    expected       bigint,               -- fen: by the carrier's terms when it was made
    expected_rule  text,
    offered        bigint,               -- fen
    got            bigint,               -- fen
    evidence       text[] not null default '{}',
    ticket         text not null default '',  -- the carrier's own number
    note           text not null default '',
    noticed_at     timestamptz not null,
    state          text not null,        -- see core/claims/states.py
    stepped_at     timestamptz not null,
    made_by        bigint,
    made_at        timestamptz not null,
    version        integer not null default 0,
    primary key (shop_id, claim_no)
);
create unique index claims_once on claims (shop_id, order_no, tracking_no) where state <> 'claim_dropped';
create index claims_listed on claims (shop_id, state, claim_no desc);
create index claims_newest on claims (shop_id, claim_no desc);

create table number_changes (
    shop_id     bigint not null references shops,
    change_no   bigint generated always as identity,
    order_no    text not null,
    old_carrier text,
    old_no      text not null,
    new_carrier text not null,
    new_no      text not null,
    reason      text not null default '',
    uploaded_at timestamptz not null,    -- since when the term runs
    said        text not null,           -- see core/renumbering/states.py
    said_at     timestamptz,
    state       text not null,
    done_at     timestamptz,             -- when the platform was first seen to show the right number
    act_no      bigint,
    told_at     timestamptz,             -- the buyer
    told_by     bigint,
    made_by     bigint,
    made_at     timestamptz not null,
    version     integer not null default 0,
    primary key (shop_id, change_no)
);
create unique index number_changes_once on number_changes (shop_id, order_no) where state in ('number_planned', 'number_said_done');
create index number_changes_newest on number_changes (shop_id, change_no desc);
create index number_changes_of_order on number_changes (shop_id, order_no);

create table extra_parcels (
    shop_id     bigint not null references shops,
    extra_no    bigint generated always as identity,
    order_no    text not null,
    kind        text not null,           -- split, resent, gift
    carrier     text not null,
    tracking_no text not null,
    state       text not null,
    act_no      bigint,
    told_at     timestamptz,             -- the buyer
    told_by     bigint,
    made_by     bigint,
    made_at     timestamptz not null,
    version     integer not null default 0,
    primary key (shop_id, extra_no)
);
create unique index extra_parcels_once on extra_parcels (shop_id, order_no, tracking_no) where state <> 'parcel_dropped';
create index extra_parcels_newest on extra_parcels (shop_id, extra_no desc);
