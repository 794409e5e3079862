-- Rules of the shop's own: if these facts hold, then these acts.

create table automation_rules (
    shop_id     bigint not null references shops,
    rule_no     bigint generated always as identity,
    rule_id     text not null,          -- the name it has in files
    version     integer not null,       -- the newest one, which is the one that holds
    level       text not null,          -- off, suggest, act
    level_by    bigint,
    level_at    timestamptz not null,
    owner       bigint,                 -- who answers for it
    busiest_day integer not null,       -- so often it would have fired on the busiest day of the month before it was switched on
    checked     text not null,          -- what its golden cases were last run against
    held_at     timestamptz,            -- when a brake or a check held it; its acts then wait for a person
    held_why    json,                   -- a Say
    released_at timestamptz,            -- what fired before does not count for the brake
    made_at     timestamptz not null,
    removed_at  timestamptz,
    primary key (shop_id, rule_no)
);
create unique index automation_rules_by_id on automation_rules (shop_id, rule_id) where removed_at is null;

create table automation_versions (
    shop_id bigint not null,
    rule_no bigint not null,
    version integer not null,
    body    json not null,              -- the rule as it is written, see core/automation/rules.py
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id, rule_no, version),
    foreign key (shop_id, rule_no) references automation_rules
);

-- one row for each time a rule fired: once for a version of it, a thing and a state
create table automation_firings (
    shop_id      bigint not null references shops,
    firing_no    bigint generated always as identity,
    rule_no      bigint not null,
    version      integer not null,
    todo         text not null,
    subject_kind text not null,
    subject_no   text not null,
    order_no     text,
    standing     text not null,         -- the state of the thing, and what else makes it another decision
    level        text not null,
    fired_at     timestamptz not null,
    facts        json not null,         -- what was seen of each fact that the rule asks; none of them names a person
    done         json not null,         -- what came of each deed
    money        bigint not null,       -- fen that leave with it
    answers      boolean not null,      -- whether it answers the thing, so that the house does not answer it otherwise
    state        text not null,
    settled_by   bigint,
    settled_at   timestamptz,
    primary key (shop_id, firing_no),
    foreign key (shop_id, rule_no) references automation_rules
);
create unique index automation_firings_once on automation_firings (shop_id, rule_no, version, subject_kind, subject_no, todo, standing);
create index automation_firings_newest on automation_firings (shop_id, firing_no desc);
create index automation_firings_of_rule on automation_firings (shop_id, rule_no, firing_no desc);
create index automation_firings_of_subject on automation_firings (shop_id, subject_kind, subject_no);
create index automation_firings_of_order on automation_firings (shop_id, order_no) where order_no is not null;
create index automation_firings_waiting on automation_firings (shop_id, firing_no desc) where state = 'fired_waits';

-- which act of the door a rule brought about
create table automation_acts (
    shop_id   bigint not null,
    act_no    bigint not null,
    firing_no bigint not null,
    primary key (shop_id, act_no),
    foreign key (shop_id, firing_no) references automation_firings
);

-- what a rule did on a day, so that its caps hold
create table automation_days (
    shop_id bigint not null,
    rule_no bigint not null,
    day     date not null,
    fired   integer not null,
    money   bigint not null,            -- fen
    primary key (shop_id, rule_no, day),
    foreign key (shop_id, rule_no) references automation_rules
);

-- where the looking over of a shop's open to-dos goes on, a round for each to-do
create table automation_rounds (
    shop_id bigint not null references shops,
    todo    text not null,
    next_at timestamptz not null,       -- by the wall
    after   text not null,
    primary key (shop_id, todo)
);
