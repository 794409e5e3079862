-- The one door out: every outward act is a row from its decision to its end.

-- one row, always there, so that it can be locked: whoever sends holds it, whoever closes the door waits for that and then nobody sends
create table act_switch (
    only_row   boolean primary key default true check (only_row),
    is_open    boolean not null,
    epoch      bigint not null,        -- counts the closings: what was announced before one is never sent after it
    changed_by bigint,
    changed_at timestamptz
);
insert into act_switch (is_open, epoch) values (true, 0);

-- how far the house goes by itself, per shop and kind; a kind without a row has the terms of the rulebook
create table act_levels (
    shop_id      bigint not null references shops,
    kind         text not null,
    level        text not null,        -- off, suggest, act
    wait_minutes integer not null,
    daily_cap    integer not null,
    daily_money  bigint not null,      -- fen
    most_money   bigint not null,      -- fen
    changed_by   bigint,
    changed_at   timestamptz not null,
    primary key (shop_id, kind)
);

create table acts (
    shop_id       bigint not null references shops,
    act_no        bigint generated always as identity,
    key           text not null,       -- the decision's own: the same decision twice is one act
    once          text,                -- what may happen only once; null once it may happen again
    kind          text not null,
    subject_kind  text not null,
    subject_no    text not null,
    order_no      text,
    deadline_kind text,                -- the to-do it answers
    request       json not null,       -- what is sent
    grounds       json not null,       -- the facts it rests on
    money         bigint not null,     -- fen that leave with it
    state         text not null,       -- see core/acts/moves.py
    by_itself     boolean not null,    -- announced by the house, not sent by a person
    decided_by    bigint,
    decided_at    timestamptz not null,
    epoch         bigint not null,     -- of the switch, when it was decided or confirmed
    send_at       timestamptz,         -- by the house's time: not before
    look_at       timestamptz,         -- by the wall: when the door looks at it next; null where only send_at counts, or nothing follows
    sure_after    timestamptz,         -- by the wall: what is read earlier may lag behind
    attempts      integer not null default 0,  -- how often it was sent or may have been
    tries         integer not null default 0,  -- how often something came between since the last step
    is_halted     boolean not null default false,  -- not to be sent again, whatever comes of the sending under way
    sent_at       timestamptz,
    day           date,                -- the day in Shanghai it counts in
    holder        text,
    leased_until  timestamptz,         -- by the wall
    because       json,                -- why it is where it is, a Say
    answer        json,                -- the platform's own words
    ended_at      timestamptz,
    version       integer not null default 0,
    primary key (shop_id, act_no)
);
create unique index acts_by_key on acts (shop_id, key);
-- the last wall: two acts that would do the same thing are never both under way, and what was done is not done again
create unique index acts_once on acts (shop_id, once) where once is not null and state not in ('declined', 'withdrawn', 'stopped');
create index acts_announced on acts (shop_id, send_at) where state = 'announced';
create index acts_to_look_at on acts (shop_id, look_at) where state in ('sending', 'unsure');
create index acts_in_hand on acts (shop_id, state, act_no desc);
create index acts_newest on acts (shop_id, act_no desc);
create index acts_of_subject on acts (shop_id, subject_kind, subject_no, act_no desc);

-- what left on a day, kept by whoever sends: the caps hold because a place is taken before sending
create table act_days (
    shop_id bigint not null references shops,
    kind    text not null,
    day     date not null,
    acts    integer not null,
    money   bigint not null,           -- fen
    primary key (shop_id, kind, day)
);

-- when the to-dos of a shop were last looked over for acts to announce
create table act_rounds (
    shop_id bigint primary key references shops,
    next_at timestamptz not null,      -- by the wall
    after   text not null default ''   -- where the next round goes on
);
