-- What is followed up, once more: why a parcel need not come back any more.

alter table recalls add column needless json;   -- a Say, by the facts; null while it should
