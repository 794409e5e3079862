-- How conversations were graded, and rounds of practice. Texts are those of conversation_messages, masked; a practice buyer is nobody.

-- a day of a thread, as it was graded last
create table quality_grades (
    shop_id     bigint not null,
    thread_no   bigint not null,
    day         date not null,              -- in Shanghai
    messages    integer not null,
    answers     integer not null,           -- messages of persons
    points      integer not null,           -- what is left of a hundred
    knows_order boolean not null,
    last_at     timestamptz not null,
    graded_at   timestamptz not null,
    primary key (shop_id, thread_no, day),
    foreign key (shop_id, thread_no) references threads (shop_id, thread_no) on delete cascade
);
create index quality_grades_newest on quality_grades (shop_id, day desc, thread_no desc);

create table quality_answers (
    shop_id   bigint not null,
    thread_no bigint not null,
    day       date not null,
    rep       text not null,
    answers   integer not null,             -- messages of this person that day
    points    integer not null,             -- taken off by this person's faults
    primary key (shop_id, thread_no, day, rep),
    foreign key (shop_id, thread_no, day) references quality_grades (shop_id, thread_no, day) on delete cascade
);
create index quality_answers_by_day on quality_answers (shop_id, day);

create table quality_faults (
    shop_id   bigint not null,
    thread_no bigint not null,
    day       date not null,
    place     integer not null,             -- which message of that day
    kind      text not null,                -- see core/grading/book.py
    rep       text not null,
    at        timestamptz,
    said      text not null,                -- the message, masked, its beginning
    words     text not null,                -- what of it decided
    because   json not null,
    about     text not null,                -- what was asked, or which rule of forbidden speech
    points    integer not null,
    primary key (shop_id, thread_no, day, place, kind),
    foreign key (shop_id, thread_no, day) references quality_grades (shop_id, thread_no, day) on delete cascade
);
create index quality_faults_newest on quality_faults (shop_id, day desc, thread_no desc, place);

-- up to which message a thread is graded
create table quality_marks (
    shop_id   bigint not null,
    thread_no bigint not null,
    graded_to timestamptz not null,
    primary key (shop_id, thread_no),
    foreign key (shop_id, thread_no) references threads (shop_id, thread_no) on delete cascade
);

-- a round with a pretended buyer: everything in it comes again from the seed and what was answered
create table practice_rounds (
    shop_id   bigint not null references shops,
    round_no  bigint generated always as identity,
    person_id bigint,
    name      text not null,
    want      text not null,
    temper    text not null,
    seed      bigint not null,
    begun_at  timestamptz not null,
    said      json not null,                -- what was answered, and when
    ended_at  timestamptz,
    points    integer,                      -- once it has ended
    outcome   text not null default '',     -- how the buyer left
    faults    json not null default '[]',   -- the kinds, once it has ended
    version   integer not null default 0,
    primary key (shop_id, round_no)
);
create index practice_rounds_newest on practice_rounds (shop_id, round_no desc);
create index practice_rounds_of_person on practice_rounds (shop_id, person_id, round_no desc);

-- the replay of a shift looks at the messages of some days
create index conversation_messages_by_moment on conversation_messages (shop_id, placed_at);
