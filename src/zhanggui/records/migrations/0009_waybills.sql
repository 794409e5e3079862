-- Electronic waybills: accounts at branches, every number from before it is asked for to its end, and what was handed to the print component.

create table waybill_accounts (
    shop_id       bigint not null references shops,
    account_no    bigint generated always as identity,
    carrier       text not null,          -- the carrier's name
    carrier_code  text not null,          -- the platform's code of it
    branch_code   text not null default '',
    branch_name   text not null default '',
    state         text not null,          -- see core/waybills/accounts.py
    changed_at    timestamptz not null,   -- since when it is in this state
    left_over     bigint,                 -- numbers left, as last told
    used          bigint,                 -- of the account, by whomever, as last told by the platform
    cancelled     bigint,
    recycled      bigint,
    told_at       timestamptz,
    told_by       text,                   -- platform, person
    used_at_first bigint,                 -- the platform's figures when it was first read ...
    known_at_first bigint,                -- ... and how many of them were taken here by then
    known         bigint,                 -- how many of them were taken here when the platform last told
    low_at        bigint,                 -- numbers at which it counts as low, where the shop says so
    sender        json,                   -- the shop's own name, telephone and address on the label
    addresses     json,                   -- from where the branch takes parcels
    template_url  text,
    template_name text,
    custom_url    text,                   -- a template of the shop's own below the label
    is_bulk       boolean not null default false,  -- goods that go by freight, for which the whitelist is needed
    whitelist     text,                   -- applied, approved, refused
    note          text not null default '',
    primary key (shop_id, account_no),
    unique (shop_id, carrier_code, branch_code)
);

-- what an account stood at at the end of each day that was looked at; top-ups that people tell
create table waybill_balances (
    shop_id    bigint not null,
    account_no bigint not null,
    day        date not null,             -- in Shanghai
    left_over  bigint not null,
    used       bigint,
    topped_up  bigint not null default 0,
    told_at    timestamptz not null,
    primary key (shop_id, account_no, day),
    foreign key (shop_id, account_no) references waybill_accounts (shop_id, account_no)
);

create table waybills (
    shop_id      bigint not null,
    waybill_id   bigint generated always as identity,
    account_no   bigint not null,
    carrier      text not null,
    carrier_code text not null,
    object_id    text not null,           -- the name of what the number is for: the same name brings the same number
    part         integer not null,        -- 1, or which further parcel of the order
    state        text not null,           -- see core/waybills/numbers.py
    number       text,
    print_data   bytea,                   -- sealed, for the print component alone; wiped once printed
    receiver     json,                    -- masks and the platform's own sign: by what one sees that the receiver has moved
    taken_by     bigint,
    made_at      timestamptz not null,
    asked_times  integer not null default 0,  -- how often the platform was asked, or may have been
    tries        integer not null default 0,  -- how often in a row nothing came of it
    told_at      timestamptz,             -- when the number was told
    holder       text,
    leased_until timestamptz,             -- by the wall
    look_at      timestamptz,             -- by the wall: when it is taken up again
    because      json,                    -- why it is where it is, a Say
    printed_at   timestamptz,             -- last
    printed      integer not null default 0,
    ended_because text,                   -- why it was not used
    ended_at     timestamptz,
    version      integer not null default 0,
    primary key (shop_id, waybill_id),
    foreign key (shop_id, account_no) references waybill_accounts (shop_id, account_no)
);
-- carriers hand out again what came back to them
create unique index waybills_by_number on waybills (shop_id, carrier_code, number) where number is not null and state <> 'given_back';
create index waybills_newest on waybills (shop_id, waybill_id desc);
create index waybills_by_state on waybills (shop_id, state, waybill_id desc);
create index waybills_to_look_at on waybills (shop_id, look_at) where state in ('asked', 'unsure', 'giving_back');
create index waybills_told on waybills (shop_id, account_no, told_at) where told_at is not null;
create index waybills_with_print_data on waybills (shop_id, told_at) where print_data is not null;

-- the orders a number is for: several where their parcels are combined
create table waybill_orders (
    shop_id    bigint not null,
    waybill_id bigint not null,
    order_no   text not null,
    part       integer not null,
    is_alive   boolean not null,          -- kept with the number's state
    primary key (shop_id, waybill_id, order_no),
    foreign key (shop_id, waybill_id) references waybills (shop_id, waybill_id)
);
-- the wall: of one order's parcel never two numbers at once
create unique index waybill_orders_alive on waybill_orders (shop_id, order_no, part) where is_alive;
create index waybill_orders_of_order on waybill_orders (shop_id, order_no);

-- labels handed to the print component in one go
create table print_runs (
    shop_id  bigint not null references shops,
    run_no   bigint generated always as identity,
    printer  text not null,
    made_by  bigint,
    made_at  timestamptz not null,
    primary key (shop_id, run_no)
);
create table print_documents (
    shop_id     bigint not null,
    run_no      bigint not null,
    waybill_id  bigint not null,
    number      text not null,            -- the document's name with the component
    task        text not null,            -- the name of the bundle it was handed over in: of this run alone, so that the component can be asked about it
    state       text not null,            -- see core/waybills/printing.py
    told        text not null default '', -- the component's own words
    changed_at  timestamptz not null,
    primary key (shop_id, run_no, waybill_id),
    foreign key (shop_id, run_no) references print_runs (shop_id, run_no),
    foreign key (shop_id, waybill_id) references waybills (shop_id, waybill_id)
);
create index print_documents_open on print_documents (shop_id, run_no) where state in ('sent', 'unknown');
create index print_documents_of_waybill on print_documents (shop_id, waybill_id);
