-- After-sales cases: every step that was seen of one, and what is left to people to do by hand.

-- append only, save that an undone import takes its steps along. Where a case stands is what its last step led to
create table case_moves (
    shop_id   bigint not null references shops,
    case_no   text not null,
    move_no   bigint generated always as identity,
    order_no  text,
    kind      text not null,
    before    text,                     -- null: first told of
    event     text not null,            -- see core/cases/states.py
    after     text not null,
    who       text not null,
    steps     integer not null,         -- 1: a step of the table; more: those between were not seen; 0: no way leads there
    is_sure   boolean not null,         -- nothing else can have happened
    amount    bigint,                   -- fen: what is asked for, after the step
    at        timestamptz not null,     -- when it happened, as far as the source tells: no later than this
    seen_at   timestamptz not null,
    source    text not null,            -- platform, file, tracker, house (time, or an undone import)
    batch_id  bigint,
    primary key (shop_id, case_no, move_no)
);
create index case_moves_of_order on case_moves (shop_id, order_no) where order_no is not null;
create index case_moves_of_batch on case_moves (shop_id, batch_id) where batch_id is not null;

-- what the platform's doors do not take and a person does in the back office, made ready to be done
create table guided_steps (
    shop_id    bigint not null references shops,
    step_no    bigint generated always as identity,
    kind       text not null,           -- see core/cases/guided.py
    state      text not null,           -- step_open, step_done, step_dropped
    order_no   text not null,
    case_no    text,
    ref        text not null default '',-- what it belongs to elsewhere, such as complaint:12
    title      json not null,           -- a Say
    because    json not null,           -- list of Say: why, in order
    form       text not null,           -- the text for the platform's form
    message    text not null default '',-- the text for the buyer
    files      bigint[] not null default '{}',  -- entries of the vault, in the order in which they are handed in
    amount     bigint,                  -- fen, where the step names a sum
    due_at     timestamptz,
    due_rule   text,
    opened_at  timestamptz not null,
    opened_by  bigint,
    done_at    timestamptz,
    done_by    bigint,
    outcome    text,                    -- see core/cases/guided.py
    note       text not null default '',
    version    integer not null default 0,
    primary key (shop_id, step_no)
);
create unique index guided_steps_once on guided_steps (shop_id, order_no, coalesce(case_no, ''), kind, ref) where state = 'step_open';
create index guided_steps_of_order on guided_steps (shop_id, order_no, step_no desc);
create index guided_steps_of_case on guided_steps (shop_id, case_no, step_no desc) where case_no is not null;
create index guided_steps_open on guided_steps (shop_id, due_at, step_no) where state = 'step_open';

-- products that the seven days without a reason are not for, each with the law's exception
create table no_reason_exceptions (
    shop_id   bigint not null references shops,
    goods_id  text not null,
    exception text not null,            -- see core/cases/no_reason.py
    set_at    timestamptz not null,
    set_by    bigint,
    primary key (shop_id, goods_id)
);
