-- Conversations that people paste, and what was promised in them. Buyers are known by a keyed digest alone; every text is masked before it is stored.

-- one row for each paste
create table conversations (
    shop_id         bigint not null references shops,
    conversation_no bigint generated always as identity,
    batch_id        bigint not null,        -- the import that holds its messages as facts; undoing that takes all of it back
    digest          bytea not null,         -- of what was read: the same paste again is the same conversation
    buyer           bytea,                  -- a keyed digest of the buyer's name, where it was whole
    order_no        text,
    first_at        timestamptz,
    last_at         timestamptz,
    unread          json not null,          -- the lines that were not understood, masked
    made_by         bigint,
    made_at         timestamptz not null,
    primary key (shop_id, conversation_no),
    unique (shop_id, digest),
    unique (shop_id, batch_id)
);
create index conversations_of_order on conversations (shop_id, order_no, conversation_no) where order_no is not null;
create index conversations_of_buyer on conversations (shop_id, buyer, conversation_no) where buyer is not null;

create table conversation_messages (
    shop_id         bigint not null,
    conversation_no bigint not null,
    no              integer not null,
    key             text not null,          -- the same message in an overlapping paste bears the same key
    who             text not null,          -- see core/chats/shapes.py
    name            text not null,          -- of a buyer as far as it may be shown
    at              timestamptz,
    how             text not null,          -- how its moment is known
    said            text not null,
    marks           text[] not null,
    order_no        text,                   -- the order it is about
    tracking_nos    text[] not null,
    primary key (shop_id, conversation_no, no),
    foreign key (shop_id, conversation_no) references conversations (shop_id, conversation_no)
);
create index conversation_messages_by_key on conversation_messages (shop_id, key);

create table promises (
    shop_id         bigint not null references shops,
    promise_no      bigint generated always as identity,
    conversation_no bigint not null,
    message_key     text not null,
    place           integer not null,       -- which promise of the message
    order_no        text,
    kind            text not null,          -- see core/promises/shapes.py
    words           text not null,
    exactness       text not null,
    rep             text not null,          -- the name under which it was given
    promised_at     timestamptz,
    due_at          timestamptz,            -- null where no moment can be told
    is_past         boolean not null,       -- its moment was long over when it was pasted: history, and no to-do
    said            text not null default '', -- what a person said of it: kept, broken, void
    said_at         timestamptz,
    said_by         bigint,
    state           text not null,          -- with what the facts show, see core/promises/keeping.py
    done_at         timestamptz,
    version         integer not null default 0,
    primary key (shop_id, promise_no),
    unique (shop_id, message_key, place),
    foreign key (shop_id, conversation_no) references conversations (shop_id, conversation_no)
);
create index promises_listed on promises (shop_id, promise_no desc);
create index promises_of_order on promises (shop_id, order_no) where order_no is not null;
create index promises_of_conversation on promises (shop_id, conversation_no);

-- the rates of replies look at the messages of some days
create index messages_by_time on messages (shop_id, at);
