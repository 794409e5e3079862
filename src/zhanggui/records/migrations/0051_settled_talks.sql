-- Talks that were settled, or answered about another order, and whose orders went on asking for an answer: their orders learn anew what became of them.
update conversation_messages m set is_told = false
from threads t, deadlines d
where t.shop_id = m.shop_id and t.thread_no = m.thread_no and (t.waiting_since is null or m.placed_at < t.waiting_since)
    and d.shop_id = m.shop_id and d.subject_kind = 'conversation' and d.subject_no = m.order_no and d.kind = 'reply_buyer' and d.band is not null
    and m.who = 'buyer' and not 'recalled' = any(m.marks);
