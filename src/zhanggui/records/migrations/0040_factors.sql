-- Second factors, the devices people are signed in on, and the report of every day across shops.

alter table sign_ins
    add column network      text not null default '',      -- where it came from, kept short: a net, never a whole address
    add column is_strong    boolean not null default false, -- shown by a second factor too
    add column confirmed_at timestamptz;                   -- when it was last shown who sits there
update sign_ins set confirmed_at = made_at;
alter table sign_ins alter column confirmed_at set not null;

-- an authenticator app: its secret is sealed. `used_step` is the newest half-minute a code was taken of, so that no code is taken twice
create table code_apps (
    person_id bigint primary key references people,
    sealed    bytea not null,
    made_at   timestamptz not null,
    proven_at timestamptz,                                 -- null: begun, and not yet shown to work
    used_step bigint not null default 0
);

create table passkeys (
    credential_id bytea primary key,
    person_id     bigint not null references people,
    host          text not null,                           -- the name of the house it was made at, and works at
    credential    bytea not null,                          -- the public key, with the kind of device
    counted       bigint not null,                         -- what the device said last of how often it was used; 0 where it does not count
    name          text not null,
    made_at       timestamptz not null,
    used_at       timestamptz
);
create index passkeys_of_person on passkeys (person_id);

create table recovery_codes (
    person_id bigint not null references people,
    digest    bytea not null,
    made_at   timestamptz not null,
    used_at   timestamptz,
    primary key (person_id, digest)
);

-- somebody whose password was right, and who has a second factor still to show
create table half_sign_ins (
    token_digest bytea primary key,
    person_id    bigint not null references people,
    ends_at      timestamptz not null
);

-- what passkeys were asked to sign, once it was: none is taken twice
create table spent_challenges (
    digest  bytea primary key,
    ends_at timestamptz not null
);

-- the newest sign-ins and tries of each person, for their own eyes
create table entries (
    entry_no  bigint generated always as identity primary key,
    person_id bigint not null references people,
    at        timestamptz not null,
    what      text not null,
    device    text not null,
    network   text not null
);
create index entries_of_person on entries (person_id, entry_no);
create index entries_by_age on entries (at);

-- the roles that have no rights in the shop without a second factor
create table factor_terms (
    shop_id bigint not null references shops,
    role    text not null,
    made_by bigint,
    made_at timestamptz not null,
    primary key (shop_id, role)
);

-- who is sent the report of the day over all their shops, through which channel of their own
create table day_reports (
    shop_id    bigint not null,
    channel_no bigint not null,
    person_id  bigint not null references people,
    hour       integer not null,                           -- of the morning in Shanghai
    made_at    timestamptz not null,
    primary key (shop_id, channel_no),
    foreign key (shop_id, channel_no) references alert_channels on delete cascade
);
create index day_reports_of_person on day_reports (shop_id, person_id);
