"""Messages of conversations about orders."""

from zhanggui.core.facts import FactKind, MessageFacts
from zhanggui.records.facts.table import Column, Table

FETCH = "select facts::text, as_of from messages where shop_id = %(shop_id)s and message_no = any(%(a)s)"
COPY_NEW = "copy messages (shop_id, message_no, order_no, speaker, at, as_of, facts) from stdin"
REMOVE = "delete from messages where shop_id = %(shop_id)s and message_no = any(%(a)s)"
REFRESH = "update messages set as_of = %(as_of)s where shop_id = %(shop_id)s and message_no = any(%(a)s) and as_of < %(as_of)s"


def _columns(facts: MessageFacts) -> tuple[Column, ...]:
    return (facts.message_no, facts.order_no, facts.speaker.value, facts.at)


TABLE = Table(
    kind=FactKind.MESSAGE,
    facts=MessageFacts,
    fetch=FETCH,
    copy_new=COPY_NEW,
    remove=REMOVE,
    refresh=REFRESH,
    keys=lambda facts: (facts.message_no,),
    columns=_columns,
)
