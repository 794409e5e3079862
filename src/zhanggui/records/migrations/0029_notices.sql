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

-- texts to telephones: the doors of a shop, its templates, the numbers it gave (sealed, and only for a while), who wants none, and every text

create table text_terms (
    shop_id bigint not null references shops,
    terms   json not null,              -- see core/texts/terms.py
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id)
);

create table text_ways (
    shop_id  bigint not null references shops,
    way      text not null,             -- see core/texts/kinds.py
    sign     text not null,
    key_id   text not null default '',
    secret   bytea,                     -- sealed
    is_on    boolean not null,
    rests_until timestamptz,            -- of the wall clock: until when nothing is sent this way after a trouble of the whole account
    problem  json,                      -- the last trouble: a Say
    problem_at timestamptz,
    made_by  bigint,
    made_at  timestamptz not null,
    primary key (shop_id, way)
);

create table text_templates (
    shop_id bigint not null references shops,
    kind    text not null,
    way     text not null,
    code    text not null,              -- under which the door knows it
    content text not null,              -- as it was approved there
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id, kind, way)
);

create table text_numbers (
    shop_id       bigint not null references shops,
    order_no      text not null,
    sealed        bytea not null,
    is_cipher     boolean not null default false, -- the platform's own ciphertext, which it hands out only until the order ships
    digest        bytea not null,       -- keyed: by what the same number is known again
    may_advertise boolean not null,
    brought_at    timestamptz not null,
    brought_by    bigint,
    ends_at       timestamptz not null, -- then it is forgotten
    primary key (shop_id, order_no)
);
create index text_numbers_ending on text_numbers (shop_id, ends_at);

create table text_refusals (
    shop_id bigint not null references shops,
    digest  bytea not null,
    said_at timestamptz not null,
    said_by bigint,
    primary key (shop_id, digest)
);

create table texts (
    shop_id    bigint not null references shops,
    text_no    bigint generated always as identity,
    once       text not null,           -- what may be sent only once
    kind       text not null,
    way        text not null,
    order_no   text not null,
    digest     bytea,                   -- of the number, or of the buyer as far as the shop can tell them apart
    sign       text not null,
    code       text not null,
    filling    json not null,
    said       text not null,           -- as it arrives; it names nobody
    parts      integer not null,
    cost_li    bigint not null,         -- tenths of a fen
    state      text not null,
    send_at    timestamptz not null,    -- by the shop's time
    look_at    timestamptz,             -- by the wall clock: when it is next looked at; null once it is settled
    sealed     bytea,                   -- the number or its ciphertext while it is under way
    tried_at   timestamptz,
    receipt    text not null default '',
    answer     json,                    -- what the door said, or why it was stopped: a Say
    decided_at timestamptz not null,
    decided_by bigint,
    sent_at    timestamptz,
    version    integer not null default 0,
    primary key (shop_id, text_no),
    unique (shop_id, once)
);
create index texts_due on texts (shop_id, look_at) where look_at is not null;
create index texts_of_number on texts (shop_id, digest, decided_at) where digest is not null;
create index texts_by_month on texts (shop_id, decided_at);
