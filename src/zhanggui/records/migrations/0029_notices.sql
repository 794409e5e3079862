-- What buyers are told before they ask, and texts to their telephones. No row holds a name or a number of a buyer in clear.

-- one row for each order and step once a person has decided: it is released, or this buyer is not told
create table notices (
    shop_id     bigint not null references shops,
    order_no    text not null,
    step        text not null,          -- see core/notices/steps.py
    state       text not null,
    script      text not null,
    said        text not null,          -- as it is copied, in Chinese
    gloss       text not null,
    since       timestamptz not null,   -- the moment of what is told of
    promise_at  timestamptz,
    released_at timestamptz not null,
    released_by bigint,
    moved_at    timestamptz not null,   -- when it came into its state
    moved_by    bigint,
    way         text,                   -- once sent: copied, bridge
    because     json,                   -- why it ceased: a Say
    money_at    timestamptz,            -- after a delay: when the buyer wanted the money back
    money_by    timestamptz,            -- by when it is to be on its way
    money_acted boolean not null default false, -- whether it was sent by the outbox
    version     integer not null default 0,
    primary key (shop_id, order_no, step)
);
create index notices_by_state on notices (shop_id, state, moved_at desc, order_no desc, step);
