-- Alerts: what rings, where it is said, and every message about it from the decision to the end.

create table alert_terms (
    shop_id    bigint primary key references shops,
    terms      json not null,            -- core's AlertTerms
    changed_by bigint,
    changed_at timestamptz not null
);

-- when one person is left alone in one shop
create table alert_quiet (
    shop_id   bigint not null references shops,
    person_id bigint not null,
    quiet     json not null,             -- core's periods
    primary key (shop_id, person_id)
);

-- where a message can be sent. What opens the way (keys, addresses, passwords) is sealed; `shown` is what people may see of it
create table alert_channels (
    shop_id      bigint not null references shops,
    channel_no   bigint generated always as identity,
    service      text not null,          -- email, wecom, dingtalk, feishu, webhook, other
    name         text not null,
    person_id    bigint,                 -- whose own it is; null: the shop's
    tells        text not null,          -- alerts, digest, both
    language     text not null,
    sealed       bytea not null,
    shown        text not null,
    is_on        boolean not null default true,
    paused_until timestamptz,            -- wall: nothing is sent before
    recent       timestamptz[] not null default '{}',  -- wall: when messages left, as far back as the service counts
    problem      json,                   -- a Say; kept until a message is taken again
    problem_at   timestamptz,
    well_at      timestamptz,            -- when a message was taken last
    made_by      bigint,
    made_at      timestamptz not null,
    primary key (shop_id, channel_no)
);

-- one row a matter, however often it is heard of
create table alerts (
    shop_id         bigint not null references shops,
    alert_no        bigint generated always as identity,
    kind            text not null,
    subject_kind    text not null,
    subject_no      text not null,
    due_at          timestamptz not null,
    act             json not null,       -- a Say: the next act
    because         json not null,       -- a Say
    money           bigint not null,     -- fen
    is_money_clock  boolean not null,
    is_watched      boolean not null,    -- raised for a deadline, and ended with it; else it is ended by whoever raised it
    assignee        bigint,
    state           text not null,       -- open, acknowledged, ended
    ring            integer not null default 0,  -- counted up when it is about another moment than before
    told            bigint[] not null,   -- people told one after the other
    is_overdue_told boolean not null,
    look_at         timestamptz,         -- house: when somebody else is to be told, or it is overdue
    raised_at       timestamptz not null,
    acknowledged_by bigint,
    acknowledged_at timestamptz,
    ended_at        timestamptz,
    primary key (shop_id, alert_no),
    unique (shop_id, kind, subject_kind, subject_no)
);
create index alerts_standing on alerts (shop_id, state, due_at, alert_no) where state <> 'ended';
create index alerts_to_look_at on alerts (shop_id, look_at) where look_at is not null;
create index alerts_ended on alerts (shop_id, ended_at, alert_no) where state = 'ended';

-- what is said where: written with the decision, sent after it. Several that go one way at the same time leave as one message
create table alert_sends (
    shop_id      bigint not null references shops,
    send_no      bigint generated always as identity,
    channel_no   bigint not null,
    alert_no     bigint,                 -- null: the digest, or a test
    once         text not null,          -- ring and stage of the alert, or the day of the digest
    stage        text not null,          -- warned, escalated, overdue, digest, test
    state        text not null,          -- waiting, sending, sent, unsure, failed, withdrawn
    made_at      timestamptz not null,
    send_at      timestamptz not null,   -- house: not before; quiet hours put it off
    look_at      timestamptz not null,   -- wall: not before; troubles put it off
    message_id   text,                   -- of the message it left in; the same when that one is sent again
    attempts     integer not null default 0,
    leased_until timestamptz,            -- wall
    answer       text,                   -- the service's own words
    because      json,                   -- a Say: why it is where it is
    ended_at     timestamptz,
    primary key (shop_id, send_no),
    foreign key (shop_id, channel_no) references alert_channels on delete cascade,
    foreign key (shop_id, alert_no) references alerts on delete cascade,
    unique nulls not distinct (shop_id, channel_no, alert_no, once)
);
create index alert_sends_due on alert_sends (shop_id, look_at) where state in ('waiting', 'sending', 'unsure');
create index alert_sends_of_alert on alert_sends (shop_id, alert_no);
