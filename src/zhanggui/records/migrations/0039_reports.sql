-- The overview and the weekly report.

-- how the deadlines of a large shop ended, by the day they fell due: counted now and then, because no index of theirs leads to that day
create table clock_days (
    shop_id    bigint not null references shops,
    day        date not null,
    kind       text not null,
    state      text not null,            -- met, missed, overdue
    deadlines  bigint not null,
    at_risk    bigint not null,          -- fen
    counted_at timestamptz not null,
    primary key (shop_id, day, kind, state)
);

-- where the report of the week is sent; the messages themselves are rows of alert_sends
create table report_channels (
    shop_id    bigint not null,
    channel_no bigint not null,
    made_by    bigint,
    made_at    timestamptz not null,
    primary key (shop_id, channel_no),
    foreign key (shop_id, channel_no) references alert_channels on delete cascade
);
