-- The carriers as the platform itself lists them, read once a day: one list for the whole house.
create table platform_carriers (
    carrier_id   text primary key,       -- logistics_id of its calls
    code         text not null,
    name         text not null,
    is_available boolean not null,
    gateway      text not null,          -- by which it was told
    read_at      timestamptz not null
);
