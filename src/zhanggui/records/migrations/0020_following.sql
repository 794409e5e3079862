-- What is followed up, once more: why a parcel need not come back any more, and where a category's mean comes from.

alter table recalls add column needless json;   -- a Say, by the facts; null while it should
alter table category_means add column source text not null default '';   -- where it was read, as a person or a list tells; '' where nobody said
