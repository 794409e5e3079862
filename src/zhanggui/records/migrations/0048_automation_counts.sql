-- What counts toward a rule's caps and its brake is what it did, not what it suggested or tried in vain; and a thing that the program stumbles over is told and tried again.

alter table automation_firings add column acted boolean not null default false;   -- whether anything was done or announced
update automation_firings set acted = true where level = 'act' and (done::text like '%"deed_done"%' or done::text like '%"deed_announced"%');
create index automation_firings_acted on automation_firings (shop_id, rule_no, fired_at) where acted;

alter table automation_days add column suggested integer not null default 0;      -- what only waits for a person, counted apart from `fired`, the acts

-- things over which looking stumbled: skipped until `next_at`, later each time
create table automation_troubles (
    shop_id      bigint not null references shops,
    todo         text not null,
    subject_kind text not null,
    subject_no   text not null,
    failures     integer not null,
    problem      text not null,         -- the name of the error; its words may hold what a buyer wrote
    first_at     timestamptz not null,  -- by the house's clock
    next_at      timestamptz not null,  -- by the wall
    primary key (shop_id, todo, subject_kind, subject_no)
);
create index automation_acts_of_firing on automation_acts (shop_id, firing_no);
