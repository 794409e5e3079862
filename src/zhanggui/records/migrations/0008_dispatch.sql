-- Orders on their way out of the house, and orders that had better not be shipped.

-- one row per order of which anything was printed, or may be: the row that every step locks. No foreign key: an order's own row is written anew by every import
create table dispatches (
    shop_id         bigint not null references shops,
    order_no        text not null,
    state           text,              -- see core/dispatch/moves.py; null where nothing was printed
    slot_at         timestamptz,       -- somebody was let print it, and has not said what came out
    slot_by         bigint,
    carrier         text,
    tracking_no     text,
    batch_no        bigint,
    printed_at      timestamptz,
    printed_by      bigint,
    packed_at       timestamptz,
    packed_by       bigint,
    weight_g        integer check (weight_g > 0),
    handed_at       timestamptz,
    handed_by       bigint,
    halted_at       timestamptz,
    destroyed_at    timestamptz,
    destroyed_by    bigint,
    recall_asked_at timestamptz,
    recalled_at     timestamptz,
    recalled_by     bigint,
    moved_at        timestamptz,       -- when it came into its state
    because         json,              -- why it was halted, or should come back: a Say
    version         integer not null default 0,
    primary key (shop_id, order_no)
);
create index dispatches_by_state on dispatches (shop_id, state, moved_at, order_no) where state is not null;
create index dispatches_by_tracking on dispatches (shop_id, tracking_no) where tracking_no is not null;
create index dispatches_by_batch on dispatches (shop_id, batch_no) where batch_no is not null;
create index dispatches_to_recall on dispatches (shop_id, recall_asked_at, order_no) where recall_asked_at is not null and state = 'handed_over';

-- the acts that pay an order's buyer back are asked for at every step
create index acts_of_order on acts (shop_id, order_no, kind) where order_no is not null;

-- orders that signs speak against, or that somebody asked not to ship. No foreign key: an order's own row is written anew by every import
create table abnormal_orders (
    shop_id     bigint not null references shops,
    order_no    text not null,
    state       text not null,         -- see core/abnormal/states.py
    signs       json not null,
    found_at    timestamptz not null,
    asked_at    timestamptz,
    asked_by    bigint,
    reason      text not null default '',
    answered_at timestamptz,
    answered_by bigint,
    moved_at    timestamptz not null,
    moved_by    bigint,
    version     integer not null default 0,
    primary key (shop_id, order_no)
);
create index abnormal_orders_by_state on abnormal_orders (shop_id, state, moved_at desc, order_no desc);
