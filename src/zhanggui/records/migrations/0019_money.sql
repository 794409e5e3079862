-- Money: what each line of the bill is, refunds held against it, what after-sales cost, goods' costs, cash that is bound or on its way.

-- every line of the bill with its class; a function of the line, of rulebook/bill.toml, and of what the shop says of unknown codes
create table bill_entries (
    shop_id  bigint not null,
    line_no  text not null,
    order_no text,
    at       timestamptz not null,     -- 1970 where the line names no moment
    class    text not null,            -- income, refund, fee, compensation, clawback, transfer, unknown
    finding  text not null default '', -- what a compensation is for
    code     text not null,            -- the code, else the words it goes by; cut to sixty characters
    income   bigint not null,          -- fen
    expense  bigint not null,          -- fen
    primary key (shop_id, line_no)
);
create index bill_entries_listed on bill_entries (shop_id, class, at desc, line_no desc) include (income, expense);
create index bill_entries_of_order on bill_entries (shop_id, order_no) include (class, at, income, expense) where order_no is not null;

-- kept with every write, so that no page counts
create table bill_totals (
    shop_id bigint not null,
    day     date not null,             -- in Shanghai
    class   text not null,
    code    text not null,
    lines   bigint not null,
    income  bigint not null,           -- fen
    expense bigint not null,           -- fen
    primary key (shop_id, day, class, code)
);

-- what the shop says an unknown code is
create table bill_own_classes (
    shop_id bigint not null references shops,
    code    text not null,
    class   text not null,
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id, code)
);

-- by which table of classes the entries of a shop were made; no row, or another digest: to be made anew
create table bill_classed (
    shop_id bigint not null references shops,
    digest  text not null,
    at      timestamptz not null,
    primary key (shop_id)
);

-- refunds: what cases and orders tell, held against the bill. One row for each order that any of them speaks of, and for each case or line that names no order
create table refund_matches (
    shop_id  bigint not null,
    subject  text not null,            -- order, case, line
    no       text not null,
    state    text not null,            -- see core/ledger/matching.py
    reason   text not null,
    since    timestamptz not null,     -- when the refund was first told; 1970 where nobody says
    told     bigint,                   -- fen: what went back by cases and order; null: somebody tells of a refund and nobody its sum
    billed   bigint not null,          -- fen: what the bill shows as refunded, less what came back
    booked   bigint not null,          -- fen: what the bill credited for the order
    fee      bigint not null,          -- fen: charged for it
    fee_back bigint not null,          -- fen: given back of that
    fee_state text not null,           -- see core/ledger/fees.py
    fee_due  bigint not null,          -- fen: still to be given back
    primary key (shop_id, subject, no)
);
create index refund_matches_by_age on refund_matches (shop_id, state, since, subject, no);
create index refund_matches_fees on refund_matches (shop_id, fee_state, since, subject, no) where fee_state not in ('no_fee', 'fee_back');

create table refund_match_totals (
    shop_id   bigint not null,
    month     date not null,           -- the first day of the month of `since`, in Shanghai
    state     text not null,
    reason    text not null,
    fee_state text not null,
    refunds   bigint not null,
    told      bigint not null,         -- fen
    billed    bigint not null,         -- fen
    fee_due   bigint not null,         -- fen
    primary key (shop_id, month, state, reason, fee_state)
);

-- what after-sales cost beside the refund itself, written down by people and by what the house does
create table costs (
    shop_id     bigint not null references shops,
    cost_no     bigint generated always as identity,
    order_no    text not null,
    case_no     text,
    kind        text not null,         -- see core/ledger/costs.py
    cause       text not null,
    sku         text,
    fen         bigint not null check (fen > 0),
    at          timestamptz not null,
    note        text not null default '',
    once        text,                  -- what wrote it down, so that it does so once
    buyer       bytea,                 -- a keyed digest of the masked receiver; null where unknown, and once it has expired
    buyer_until timestamptz,
    made_by     bigint,
    made_at     timestamptz not null,
    void_at     timestamptz,           -- taken back
    void_by     bigint,
    primary key (shop_id, cost_no)
);
create unique index costs_once on costs (shop_id, once) where once is not null;
create index costs_newest on costs (shop_id, at desc, cost_no desc);
create index costs_of_order on costs (shop_id, order_no);
create index costs_of_buyer on costs (shop_id, buyer, at) where buyer is not null;
create index costs_to_forget on costs (shop_id, buyer_until) where buyer is not null;

-- the key of the digests of buyers
create table buyer_keys (
    shop_id bigint not null references shops,
    secret  bytea not null,
    made_at timestamptz not null,
    primary key (shop_id)
);

-- what one piece of a SKU costs the shop, from a day on
create table goods_costs (
    shop_id  bigint not null references shops,
    sku      text not null,
    from_day date not null,
    fen      bigint not null check (fen >= 0),
    made_by  bigint,
    made_at  timestamptz not null,
    primary key (shop_id, sku, from_day)
);

-- the balance as the back office showed it
create table balance_marks (
    shop_id bigint not null references shops,
    at      timestamptz not null,
    fen     bigint not null,
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id, at)
);

create table withdrawals (
    shop_id       bigint not null references shops,
    withdrawal_no bigint generated always as identity,
    fen           bigint not null check (fen > 0),
    asked_at      timestamptz not null,
    due_at        timestamptz not null,  -- when it should be in the bank
    account       text not null default '',  -- what the shop calls the account; never its number
    state         text not null,         -- see core/ledger/cash.py
    ended_at      timestamptz,
    made_by       bigint,
    made_at       timestamptz not null,
    version       integer not null default 0,
    primary key (shop_id, withdrawal_no)
);
create index withdrawals_listed on withdrawals (shop_id, state, withdrawal_no desc);

-- money that is the shop's and cannot be used: deposits, what an activity or a finding has frozen
create table holds (
    shop_id  bigint not null references shops,
    hold_no  bigint generated always as identity,
    kind     text not null,            -- see core/ledger/cash.py
    fen      bigint not null check (fen > 0),
    reason   text not null default '',
    from_at  timestamptz not null,
    free_at  timestamptz,              -- when it should come free; null: nobody knows
    state    text not null,
    lost     bigint not null default 0,  -- fen of it that did not come back
    ended_at timestamptz,
    made_by  bigint,
    made_at  timestamptz not null,
    version  integer not null default 0,
    primary key (shop_id, hold_no)
);
create index holds_listed on holds (shop_id, state, hold_no desc);

-- what the shop itself sets for its money; null: the rulebook's
create table money_settings (
    shop_id             bigint not null references shops,
    buyer_cap           bigint,        -- fen that after-sales may cost for one buyer before it is warned of
    received_after_days integer,       -- from the forming of the group until an order's money can be used
    made_by             bigint,
    made_at             timestamptz not null,
    primary key (shop_id)
);
