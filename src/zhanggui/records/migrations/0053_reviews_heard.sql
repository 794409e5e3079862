-- When the shop first knew of a review as one of a product. A review's row is made anew with every change, so it does not stand there.
create table reviews_heard (
    shop_id   bigint not null,
    review_no text not null,
    order_no  text not null,
    heard_at  timestamptz not null,
    primary key (shop_id, review_no, order_no)
);

-- known by the first import that told of it; what programs told is taken as known since it was placed
insert into reviews_heard (shop_id, review_no, order_no, heard_at)
select reviews.shop_id, reviews.review_no, reviews.order_no, coalesce(told.heard_at, reviews.placed_at)
from reviews
left join (
    select sightings.shop_id, sightings.key,
        case when not bool_or(batches.state = 'standing' and batches.profile <> 'reviews_desk')
            then min(coalesce(batches.ended_at, batches.made_at)) filter (where batches.state <> 'standing') end as heard_at
    from sightings
    join batches on batches.shop_id = sightings.shop_id and batches.batch_id = sightings.batch_id
    where sightings.kind = 'review'
    group by sightings.shop_id, sightings.key
) as told on told.shop_id = reviews.shop_id and told.key = reviews.review_no || '/' || reviews.order_no;
