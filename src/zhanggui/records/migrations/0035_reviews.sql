-- Reviews for the eye and for reports. What the facts of a review tell stands in columns made of them; what has to be read out of it (its goods where only
-- the order tells them, its aspects, whose it is) is read afterwards, review by review, so that storing costs nothing more.

alter table reviews
    add column placed_at timestamptz not null generated always as (coalesce(created_at, timestamptz '2000-01-01 00:00:00+00')) stored,
    add column is_answered boolean not null generated always as (
        (facts ->> 'answered_at') is not null or coalesce(facts ->> 'reply', '') <> ''
    ) stored,
    add column has_pictures boolean not null generated always as (
        coalesce((facts ->> 'pictures')::integer, 0) > 0 or coalesce(facts ->> 'picture_addresses', '[]') <> '[]' or coalesce((facts ->> 'has_video')::boolean, false)
    ) stored,
    add column has_follow_up boolean not null generated always as (coalesce(facts ->> 'follow_up', '') <> '') stored,
    add column is_reported boolean not null generated always as (coalesce(facts ->> 'report_text', '') <> '') stored, -- by what the source says
    add column reading smallint not null default 0,       -- 0 unread, 1 read while its order was not known, 2 read
    add column goods_id text,                             -- told by the review, else by its order
    add column sku_id text,
    add column aspects text[] not null default '{}',      -- like 'quality-', 'courier+'
    add column buyer bytea;                               -- a keyed digest of whoever gave it; null where nobody can be told from others

create index reviews_listed on reviews (shop_id, placed_at desc, review_no desc, order_no desc);
create index reviews_bad on reviews (shop_id, score, placed_at desc) where score <= 3;
create index reviews_waiting on reviews (shop_id, placed_at desc) where score <= 3 and not is_answered;
create index reviews_of_goods on reviews (shop_id, goods_id, placed_at desc) where goods_id is not null;
create index reviews_of_buyer on reviews (shop_id, buyer, placed_at) where buyer is not null;
create index reviews_unread on reviews (shop_id, placed_at) where reading = 0;
create index reviews_without_order on reviews (shop_id, order_no) where reading = 1;

-- Which review a complaint of the register reports, on which ground, and the words that decided it; the register holds its course.
create table review_reports (
    shop_id      bigint not null,
    review_no    text not null,
    order_no     text not null,
    complaint_no bigint not null,
    ground       text not null,
    words        text[] not null,     -- pieces of the masked text
    reported_by  bigint,
    reported_at  timestamptz not null,
    primary key (shop_id, review_no, order_no),
    unique (shop_id, complaint_no),
    foreign key (shop_id, complaint_no) references complaints (shop_id, complaint_no) on delete cascade
);

-- Expert reviews (行家心得): they belong to a product, come from no order, and are entered by hand or pasted.
create table expert_reviews (
    shop_id     bigint not null,
    expert_no   bigint generated always as identity,
    goods_id    text not null,
    title       text not null default '',    -- of the product
    author      text not null default '',    -- masked
    said        text not null,               -- masked
    placed_at   timestamptz,                 -- when it was written, where told
    state       text not null,               -- see core/reviews/experts.py
    reason      text not null default '',    -- why it is reported
    report      text not null default '',    -- the text of the report
    pieces      json not null default '[]',  -- of the vault: [order number, number of the piece]
    filed_at    timestamptz,
    due_at      timestamptz,                 -- when the platform's answer is looked for
    ended_at    timestamptz,
    note        text not null default '',
    made_by     bigint,
    made_at     timestamptz not null,
    version     integer not null default 0,
    primary key (shop_id, expert_no)
);
create index expert_reviews_listed on expert_reviews (shop_id, state, expert_no desc);
create index expert_reviews_of_goods on expert_reviews (shop_id, goods_id, expert_no desc);
