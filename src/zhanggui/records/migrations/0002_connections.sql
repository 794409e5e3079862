-- How the house reaches the platform: the applications it calls as, which shop of the platform is which of ours, and the connections with their sealed tokens.
-- What is sealed can be opened only with the keys in the home folder (keys/vault.keys), which no backup carries.

create table apps (
    app_id     bigint generated always as identity primary key,
    client_id  text not null,
    for_shop   bigint references shops,   -- null: every shop of the house may be connected through it
    secret     bytea not null,            -- the client_secret, sealed
    doors      jsonb not null,            -- the addresses it is reached by: the platform's own, or an emulator's
    made_by    bigint,
    made_at    timestamptz not null,
    changed_at timestamptz not null,
    unique nulls not distinct (client_id, for_shop)
);

-- one shop of the platform is one shop of the house
create table platform_shops (
    platform text not null,
    owner_id text not null,               -- the platform's number of the shop
    of_shop  bigint not null references shops,
    made_at  timestamptz not null,
    primary key (platform, owner_id)
);

create table connections (
    shop_id         bigint not null references shops,
    app_id          bigint references apps, -- null once disconnected from an application of its own, whose secret is wiped too
    state           text not null,        -- see core/connection.py
    owner_id        text,
    owner_name      text,                 -- the account that said yes, such as pdd100001
    mall_name       text,
    tokens          bytea,                -- access and refresh token, sealed; null where there are none
    by_hand         boolean not null default false,  -- the token was typed in, not granted through the platform's page
    authorised_at   timestamptz,          -- when a person last said yes; the house's time, like all that follow but retry_at
    refreshed_at    timestamptz,
    access_ends_at  timestamptz,
    refresh_ends_at timestamptz,
    refresh_at      timestamptz,          -- when to refresh; null where that cannot be done or is not due by time
    retry_at        timestamptz,          -- after a refresh that failed: not before this moment of the wall clock
    attempts        integer not null default 0,
    lapsed_at       timestamptz,
    lapse           json,                 -- a Say: why nothing can be read or sent until a person acts
    changed_at      timestamptz not null,
    primary key (shop_id)
);
create index connections_to_refresh on connections (shop_id, refresh_at) where refresh_at is not null;

-- a person on the way to the platform's page and back; the state itself is never stored
create table connect_attempts (
    shop_id      bigint not null,
    state_digest bytea not null,
    sign_in      bytea not null,          -- the digest of the sign-in it was begun in; nobody else can finish it
    app_id       bigint not null references apps,
    redirect_uri text not null,
    made_at      timestamptz not null,    -- wall
    ends_at      timestamptz not null,
    used_at      timestamptz,
    primary key (shop_id, state_digest),
    foreign key (shop_id) references shops
);

-- what went wrong with the platform lately: one row for each kind of trouble, not for each time
create table platform_troubles (
    shop_id    bigint not null references shops,
    method     text not null,
    code       text not null,
    sub_code   text not null,
    trouble    text not null,
    told       text not null,             -- the platform's own words
    say        json not null,             -- a Say: what happened and what to do
    request_id text not null,
    times      bigint not null,
    first_at   timestamptz not null,
    last_at    timestamptz not null,
    primary key (shop_id, method, code, sub_code)
);
create index platform_troubles_newest on platform_troubles (shop_id, last_at desc);
