-- Threads: one buyer's talk with one shop, out of pastes, of a bridge's messages and of what reps said here. API tokens, by which other programs come in.

create table threads (
    shop_id         bigint not null references shops,
    thread_no       bigint generated always as identity,
    external_id     text,                       -- the conversation's own id with the tool that brings it
    buyer           bytea,                      -- a keyed digest of the buyer's name, where it was whole
    order_no        text,                       -- the order it is about now
    named_order_no  text,                       -- an order that was named and that the shop does not know yet
    shown           text not null default '',   -- the buyer's name as far as it may be shown
    waiting_since   timestamptz,                -- the earliest message of the buyer that no person answered
    waiting_known   boolean not null default false, -- whether somebody told that moment; else it is when the house learnt of it
    waiting_text    text not null default '',   -- the latest such message, masked, its beginning
    last_at         timestamptz not null,
    last_who        text not null default '',
    owner           bigint,                     -- the person who took it
    owned_at        timestamptz,
    snoozed_until   timestamptz,
    settled_at      timestamptz,                -- what the buyer wrote up to here needs no answer: a person said so, or it was long over when it came in
    wants           json not null default '[]', -- what the buyer wants by the messages of the last turn, the likeliest first: see core/intents/kinds.py
    on_its_way      integer not null default 0, -- answers that wait for the tool that sends them
    made_at         timestamptz not null,
    version         integer not null default 0,
    primary key (shop_id, thread_no)
);
create unique index threads_of_tool on threads (shop_id, external_id) where external_id is not null;
create index threads_of_buyer on threads (shop_id, buyer) where buyer is not null;
create index threads_of_order on threads (shop_id, order_no) where order_no is not null;
create index threads_waiting on threads (shop_id, waiting_since, thread_no) where waiting_since is not null;
create index threads_latest on threads (shop_id, last_at desc, thread_no desc);
create index threads_owned on threads (shop_id, owner, last_at desc) where owner is not null;
create index threads_naming on threads (shop_id, named_order_no) where named_order_no is not null;

-- a paste hangs on its thread; what comes message by message is one conversation of a thread, which is no import
alter table conversations add column thread_no bigint;
alter table conversations alter column batch_id drop not null;

alter table conversation_messages add column thread_no bigint;
alter table conversation_messages add column placed_at timestamptz;                  -- where it stands among the others: its moment, or that of what stands around it
alter table conversation_messages add column via text not null default 'paste';     -- paste, bridge, desk: see core/chats/shapes.py
alter table conversation_messages add column source_key text;                       -- a digest of the tool's ids: a message comes in once
alter table conversation_messages add column is_told boolean not null default true; -- whether its order knows of it
alter table conversation_messages add column sending text not null default '';      -- an answer on its way to the tool: see core/chats/shapes.py
alter table conversation_messages add column said_by bigint;                        -- the person who said it here

-- pastes from before: a thread for each buyer, else each order, else each paste. Nobody is said to wait in them: the to-dos of their orders tell that.
alter table threads add column made_of text;
insert into threads (shop_id, buyer, order_no, made_of, last_at, made_at)
select shop_id, (array_agg(buyer) filter (where buyer is not null))[1], (array_agg(order_no order by conversation_no desc) filter (where order_no is not null))[1],
    coalesce(encode(buyer, 'hex'), order_no, conversation_no::text), max(coalesce(last_at, made_at)), min(made_at)
from conversations
group by shop_id, coalesce(encode(buyer, 'hex'), order_no, conversation_no::text);
update conversations c set thread_no = t.thread_no
from threads t where t.shop_id = c.shop_id and t.made_of = coalesce(encode(c.buyer, 'hex'), c.order_no, c.conversation_no::text);
update conversation_messages m set thread_no = c.thread_no, placed_at = coalesce(m.at, c.last_at, c.made_at)
from conversations c where c.shop_id = m.shop_id and c.conversation_no = m.conversation_no;
update threads t set settled_at = t.last_at, last_who = coalesce(said.who, ''), shown = coalesce(said.shown, '')
from (
    select shop_id, thread_no, (array_agg(who order by at desc nulls last, conversation_no desc, no desc))[1] as who,
        (array_agg(name order by conversation_no desc, no desc) filter (where who = 'buyer' and name <> ''))[1] as shown
    from conversation_messages group by shop_id, thread_no
) said
where said.shop_id = t.shop_id and said.thread_no = t.thread_no;
alter table threads drop column made_of;

alter table conversations alter column thread_no set not null;
alter table conversations add foreign key (shop_id, thread_no) references threads (shop_id, thread_no);
create index conversations_of_thread on conversations (shop_id, thread_no, conversation_no);
create unique index conversations_spoken on conversations (shop_id, thread_no) where batch_id is null;

alter table conversation_messages alter column thread_no set not null;
alter table conversation_messages alter column placed_at set not null;
create index conversation_messages_of_thread on conversation_messages (shop_id, thread_no, placed_at, conversation_no, no);
create unique index conversation_messages_of_tool on conversation_messages (shop_id, source_key) where source_key is not null;
create index conversation_messages_untold on conversation_messages (shop_id) where not is_told;
create index conversation_messages_sending on conversation_messages (shop_id, conversation_no, no) where sending <> '';

-- a token is shown once; what is kept is its digest
create table api_tokens (
    shop_id    bigint not null references shops,
    token_no   bigint generated always as identity,
    name       text not null,           -- which tool holds it
    digest     bytea not null,
    scopes     text[] not null,         -- see core/bridge/scopes.py
    made_by    bigint,
    made_at    timestamptz not null,
    ends_at    timestamptz,             -- null where it lasts until it is taken back
    used_at    timestamptz,             -- noted once a minute at most
    revoked_at timestamptz,
    revoked_by bigint,
    primary key (shop_id, token_no),
    unique (shop_id, digest)
);
create index api_tokens_listed on api_tokens (shop_id, revoked_at, token_no);

-- what a tool asked under a key of its own, and what it was told: asked again it is told the same
create table api_answers (
    shop_id  bigint not null references shops,
    token_no bigint not null,
    key      text not null,
    digest   bytea not null,            -- of what was asked
    status   integer not null,
    answer   json not null,
    made_at  timestamptz not null,
    primary key (shop_id, token_no, key),
    foreign key (shop_id, token_no) references api_tokens (shop_id, token_no)
);
create index api_answers_by_age on api_answers (shop_id, made_at);
