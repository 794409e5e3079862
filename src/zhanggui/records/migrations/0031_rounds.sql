-- A database from before interventions were counted has one row for all of a case: it belongs to the intervention in which people last spoke of it.
-- Otherwise evidence that was handed in in the second one would count for the first, and be asked for again.

update disputes set round = counted.times
from (
    select told.shop_id, told.dispute_no, count(*) as times
    from disputes as told
    join (
        select shop_id, case_no, after, seen_at, lag(after, 1, '') over steps as before
        from case_moves
        where after <> 'unknown'
        window steps as (partition by shop_id, case_no order by move_no)
    ) as moved on moved.shop_id = told.shop_id and moved.case_no = told.case_no
    where moved.after = 'with_platform' and moved.before <> 'with_platform' and moved.seen_at <= told.said_at
    group by told.shop_id, told.dispute_no
) as counted
where counted.shop_id = disputes.shop_id and counted.dispute_no = disputes.dispute_no and disputes.round = 1 and counted.times > 1
    and not exists (
        select 1 from disputes as other
        where other.shop_id = disputes.shop_id and other.case_no = disputes.case_no and other.dispute_no <> disputes.dispute_no
    );
