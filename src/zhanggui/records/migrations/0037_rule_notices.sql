-- notices of the platform that change a rule, one row for each rule a notice changes: as it was pasted, what a person set of it, how far it has come
create table rule_notices (
    shop_id      bigint not null references shops,
    notice_no    bigint generated always as identity,
    title        text not null,
    said         text not null,          -- the notice as it was pasted
    over         text not null,          -- the cite of the rule it changes
    rule         jsonb not null,         -- the changed rule, of the shape of a block of the rulebook
    cite         text not null,          -- of the changed rule
    published_on date not null,
    weight       text not null,          -- see core/whatif/noticing.py: Weight
    starts_at    timestamptz not null,
    state        text not null,          -- see core/whatif/notices.py: NoticeState
    made_by      bigint,
    made_at      timestamptz not null,
    adopted_at   timestamptz,
    ready_at     timestamptz,
    ended_at     timestamptz,
    version      integer not null default 0,
    primary key (shop_id, notice_no)
);
create index rule_notices_listed on rule_notices (shop_id, notice_no desc);
create unique index rule_notices_in_force on rule_notices (shop_id, cite) where state = 'adopted';
