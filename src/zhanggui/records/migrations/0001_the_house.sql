-- The first shape of the house. Shared, small tables first; then everything of a shop, keyed by shop_id in every key.
-- tests/house/test_schema.py holds the list of shared tables.

create table shops (
    shop_id     bigint generated always as identity primary key,
    name        text not null unique,
    platform    text not null default 'pdd',
    category    text,
    made_at     timestamptz not null
);

create table people (
    person_id     bigint generated always as identity primary key,
    login         text not null unique,
    display_name  text not null,
    password_hash text not null,
    language      text not null default 'zh_Hans',
    is_keeper     boolean not null default false,   -- may make shops and settings of the whole house
    made_at       timestamptz not null,
    closed_at     timestamptz
);

-- server-side sign-ins that can be ended one by one; the token itself is never stored
create table sign_ins (
    token_digest bytea primary key,
    person_id    bigint not null references people,
    made_at      timestamptz not null,
    seen_at      timestamptz not null,
    ends_at      timestamptz not null,
    device       text not null default ''
);
create index sign_ins_of_person on sign_ins (person_id);

create table throttle (
    key      text primary key,
    hits     integer not null,
    ends_at  timestamptz not null
);

create table house_settings (
    name   text primary key,
    value  jsonb not null
);

create table memberships (
    shop_id   bigint not null references shops,
    person_id bigint not null references people,
    role      text not null,
    made_at   timestamptz not null,
    primary key (shop_id, person_id)
);
create index memberships_of_person on memberships (person_id);

create table invitations (
    shop_id      bigint not null references shops,
    token_digest bytea not null,
    role         text not null,
    note         text not null default '',
    made_by      bigint not null references people,
    made_at      timestamptz not null,
    ends_at      timestamptz not null,
    used_at      timestamptz,
    used_by      bigint references people,
    primary key (shop_id, token_digest)
);

create table shop_settings (
    shop_id bigint not null references shops,
    name    text not null,
    value   jsonb not null,
    primary key (shop_id, name)
);

-- a shop's own rule laid over the rulebook: the same shape as a TOML block, as JSON
create table rule_overrides (
    shop_id  bigint not null references shops,
    rule_id  text not null,
    version  text not null,
    rule     jsonb not null,
    made_by  bigint,
    made_at  timestamptz not null,
    primary key (shop_id, rule_id, version)
);

create table promised_hours (
    shop_id  bigint not null references shops,
    goods_id text not null,
    hours    integer not null,
    source   text not null,            -- 'entered' or 'learnt'
    seen     integer not null default 0,
    made_at  timestamptz not null,
    primary key (shop_id, goods_id)
);

-- one import: a preview first, then confirmed or dropped; can be undone whole
create table batches (
    shop_id      bigint not null references shops,
    batch_id     bigint generated always as identity,
    state        text not null,        -- looking, previewed, running, done, failed, undone, dropped
    profile      text not null,
    as_of        timestamptz,          -- the moment its data speak of
    as_of_source text,                 -- told, file, data, import
    files        json not null,        -- names, digests, sizes, what was recognised
    shapes       jsonb not null default '[]',  -- sets of given fields, referred to by sightings.shape
    outcome      json,                 -- what it brought, by kind, with examples; see records/batches.py
    done_rows    bigint not null default 0,
    of_rows      bigint,
    problem      text,
    made_by      bigint,
    made_at      timestamptz not null,
    confirmed_at timestamptz,
    ended_at     timestamptz,
    stored_no    bigint,               -- the order in which the shop's imports were stored: of equal ages the later stored holds
    part_of      bigint,               -- the import whose refused row this one mends; undone with it
    primary key (shop_id, batch_id)
);
create index batches_newest on batches (shop_id, made_at desc);

create table batch_files (
    shop_id  bigint not null,
    digest   bytea not null,
    batch_id bigint not null,
    primary key (shop_id, digest),
    foreign key (shop_id, batch_id) references batches
);

-- every accepted row of every batch, as it was told: current rows are folded from these, so undo is exact
create table sightings (
    shop_id  bigint not null,
    batch_id bigint not null,
    kind     text not null,
    key      text not null,
    as_of    timestamptz not null,
    shape    smallint not null,
    facts    json not null,            -- json, not jsonb: never searched, kept to the byte, and cheaper to store
    primary key (shop_id, kind, key, batch_id, as_of),
    foreign key (shop_id, batch_id) references batches
);
create index sightings_of_batch on sightings (shop_id, batch_id);

create table quarantine (
    shop_id  bigint not null,
    batch_id bigint not null,
    row_no   bigint not null,
    file     text not null,
    sheet    text,
    line     integer,
    col      text,
    profile  text not null,
    reason   json not null,            -- a Say
    cells    jsonb not null,           -- the row as it stood, personal data masked
    kind     text not null,
    state    text not null default 'waiting',  -- waiting, fixed, dropped
    made_at  timestamptz not null,
    primary key (shop_id, batch_id, row_no),
    foreign key (shop_id, batch_id) references batches
);

create table orders (
    shop_id      bigint not null,
    order_no     text not null,
    stage        text not null,
    refund       text not null,
    listed_at    timestamptz not null, -- where lists put it: group formed; else paid; else created; else 1970
    group_formed_at timestamptz,
    ship_by      timestamptz,          -- the order's own; a line's stands in order_lines
    deliver_by   timestamptz,
    shipped_at   timestamptz,
    received_at  timestamptz,
    goods_id     text,
    tracking_no  text,
    teaches_hours boolean not null,    -- carries the platform's own ship-by, so that its product's promised hours can be learnt
    as_of        timestamptz not null,
    facts        json not null,       -- OrderFacts, whole
    primary key (shop_id, order_no)
);
create index orders_newest on orders (shop_id, listed_at desc, order_no desc);
create index orders_by_stage on orders (shop_id, stage, listed_at desc, order_no desc);
create index orders_by_refund on orders (shop_id, refund, listed_at desc, order_no desc) where refund <> 'none';
create index orders_by_tracking on orders (shop_id, tracking_no) where tracking_no is not null;
create index orders_by_goods on orders (shop_id, goods_id) where goods_id is not null;

-- counts by day and state, kept with every write, so that no page counts
create table order_totals (
    shop_id    bigint not null,
    day        date not null,
    stage      text not null,
    refund     text not null,
    orders     bigint not null,
    paid       bigint not null,        -- fen
    primary key (shop_id, day, stage, refund)
);

create table order_lines (
    shop_id  bigint not null,
    order_no text not null,
    line_no  text not null,
    ship_by  timestamptz,
    facts    json not null,
    as_of    timestamptz not null,
    primary key (shop_id, order_no, line_no)
);

create table payments (
    shop_id  bigint not null,
    order_no text not null,
    part_no  text not null,
    facts    json not null,
    as_of    timestamptz not null,
    primary key (shop_id, order_no, part_no)
);

create table aftersales (
    shop_id    bigint not null,
    case_no    text not null,
    order_no   text,
    kind       text not null,
    state      text not null,
    listed_at  timestamptz not null,   -- where lists put it: applied; else agreed; else 1970
    tracking_no text,
    return_tracking_no text,
    as_of      timestamptz not null,
    facts      json not null,
    primary key (shop_id, case_no)
);
create index aftersales_newest on aftersales (shop_id, listed_at desc, case_no desc);
create index aftersales_by_state on aftersales (shop_id, state, listed_at desc, case_no desc);
create index aftersales_of_order on aftersales (shop_id, order_no);
create index aftersales_by_tracking on aftersales (shop_id, tracking_no) where tracking_no is not null;
create index aftersales_by_return_tracking on aftersales (shop_id, return_tracking_no) where return_tracking_no is not null;

create table bill_lines (
    shop_id     bigint not null,
    line_no     text not null,
    order_no    text,
    happened_at timestamptz,
    income      bigint not null,
    expense     bigint not null,
    as_of       timestamptz not null,
    facts       json not null,
    primary key (shop_id, line_no)
);
create index bill_lines_of_order on bill_lines (shop_id, order_no) where order_no is not null;

create table reviews (
    shop_id    bigint not null,
    review_no  text not null,
    order_no   text not null,
    score      smallint,
    created_at timestamptz,
    as_of      timestamptz not null,
    facts      json not null,
    primary key (shop_id, review_no, order_no)
);
create index reviews_of_order on reviews (shop_id, order_no);

create table scans (
    shop_id     bigint not null,
    tracking_no text not null,
    at          timestamptz not null,
    text        text not null,
    stage       text not null,
    carrier     text,
    as_of       timestamptz not null,
    facts       json not null,
    primary key (shop_id, tracking_no, at, text)
);

create table messages (
    shop_id    bigint not null,
    message_no text not null,
    order_no   text,
    speaker    text not null,
    at         timestamptz not null,
    as_of      timestamptz not null,
    facts      json not null,
    primary key (shop_id, message_no)
);
create index messages_of_order on messages (shop_id, order_no, at) where order_no is not null;

create table deadlines (
    shop_id      bigint not null,
    subject_kind text not null,
    subject_no   text not null,
    kind         text not null,
    state        text not null,
    counts_from  text not null,
    started_at   timestamptz not null,
    due_at       timestamptz not null,
    due_source   text not null,
    look_at      timestamptz,          -- when the band changes next; null when it never will
    band         smallint,             -- null once it is no longer open
    score        double precision not null default 0,  -- order inside the band; see core/ranking.py
    rule         text not null,
    basis        text not null,
    at_risk      bigint not null,      -- fen
    worth        bigint not null default 0,  -- fen: money x chance, what passing it is expected to cost
    risk_rule    text,
    closed_at    timestamptz,
    because      json,
    order_no     text,
    assignee     bigint,               -- the person it was handed to
    data_as_of   timestamptz not null, -- how old the facts are that it was computed from
    made_at      timestamptz not null,
    primary key (shop_id, subject_kind, subject_no, kind)
);
create index deadlines_ranked on deadlines (shop_id, band, score desc, subject_no desc, kind desc) where band is not null;
create index deadlines_ranked_by_kind on deadlines (shop_id, kind, band, score desc, subject_no desc) where band is not null;
create index deadlines_to_look_at on deadlines (shop_id, look_at) where look_at is not null;
create index deadlines_of_person on deadlines (shop_id, assignee, band, score desc, subject_no desc, kind desc) where assignee is not null and band is not null;
create index deadlines_of_order on deadlines (shop_id, order_no) where order_no is not null;

-- how many stand in each band, and what they put at risk; kept with every write
create table deadline_totals (
    shop_id   bigint not null,
    band      smallint not null,
    kind      text not null,
    deadlines bigint not null,
    at_risk   bigint not null,         -- fen
    worth     bigint not null,         -- fen
    primary key (shop_id, band, kind)
);

-- what a person said of a to-do: done in the back office, snoozed, handed on, not ours
create table todo_marks (
    shop_id      bigint not null,
    mark_id      bigint generated always as identity,
    subject_kind text not null,
    subject_no   text not null,
    kind         text not null,
    mark         text not null,        -- done, snoozed, handed, not_ours, taken_back
    reason       text not null default '',
    until        timestamptz,
    assignee     bigint,
    made_by      bigint,
    made_at      timestamptz not null,
    outcome      text,                 -- confirmed, contradicted
    outcome_at   timestamptz,
    outcome_batch bigint,
    primary key (shop_id, mark_id)
);
create index todo_marks_of_subject on todo_marks (shop_id, subject_kind, subject_no, kind, mark_id desc);

create table notes (
    shop_id      bigint not null,
    note_id      bigint generated always as identity,
    subject_kind text not null,
    subject_no   text not null,
    text         text not null,
    made_by      bigint,
    made_at      timestamptz not null,
    primary key (shop_id, note_id)
);
create index notes_of_subject on notes (shop_id, subject_kind, subject_no, note_id);

-- who did what and when; append only
create table journal (
    shop_id      bigint not null,
    entry_no     bigint generated always as identity,
    at           timestamptz not null,
    kind         text not null,
    by_person    bigint,               -- null: the house itself
    subject_kind text,
    subject_no   text,
    batch_id     bigint,
    data         jsonb not null default '{}',
    primary key (shop_id, entry_no)
);
create index journal_of_subject on journal (shop_id, subject_kind, subject_no, entry_no desc) where subject_no is not null;
create index journal_newest on journal (shop_id, at desc, entry_no desc);

-- how fresh each kind of fact is, per shop
create table data_ages (
    shop_id bigint not null,
    kind    text not null,
    as_of   timestamptz not null,
    seen_at timestamptz not null,
    primary key (shop_id, kind)
);
