-- Return parcels are claimed for, too; the platform may step in more than once; what a step by hand gives away is told with it; pictures of cases are fetched.

alter table claims add column leg text not null default 'leg_outgoing'; -- which way the parcel went, see core/claims/states.py
alter table claims add column case_no text;                             -- the case whose return it was
create index claims_of_order on claims (shop_id, order_no);
create index claims_of_case on claims (shop_id, case_no) where case_no is not null;

-- one row for each time the platform stepped in
alter table disputes add column round integer not null default 1;
alter table disputes drop constraint disputes_shop_id_case_no_key;
create unique index disputes_once on disputes (shop_id, case_no, round);

-- what was handed in with the latest appeal
alter table disputes add column appeal_seq bigint;                       -- the piece of the vault that says so
alter table disputes add column appeal_sha256 text not null default '';  -- of the packet that holds it
alter table disputes add column appealed_at timestamptz;
alter table disputes add column appealed_by bigint;

-- what the shop gives once the step is agreed to: a list of kind, cause and fen
alter table guided_steps add column gives json not null default '[]';

-- the pictures that a case names, each fetched once into the vault of its order
create table case_pictures (
    shop_id  bigint not null references shops,
    case_no  text not null,
    place    integer not null,             -- the how-manieth of the case
    address  text not null,                -- where the platform keeps it
    state    text not null,                -- see core/cases/pictures.py
    look_at  timestamptz not null,         -- when it is fetched, by the clock on the wall
    attempts integer not null default 0,
    seq      bigint,                       -- its number in the vault
    problem  json,                         -- a Say
    made_at  timestamptz not null,
    kept_at  timestamptz,
    primary key (shop_id, case_no, place)
);
create index case_pictures_due on case_pictures (shop_id, look_at) where state = 'picture_wanted';
