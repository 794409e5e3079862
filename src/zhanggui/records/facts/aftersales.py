"""After-sales cases."""

from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, FactKind
from zhanggui.records.facts.orders import UNDATED
from zhanggui.records.facts.table import Column, Table

FETCH = "select facts::text, as_of from aftersales where shop_id = %(shop_id)s and case_no = any(%(a)s)"
COPY_NEW = "copy aftersales (shop_id, case_no, order_no, kind, state, listed_at, tracking_no, return_tracking_no, as_of, facts) from stdin"
REMOVE = "delete from aftersales where shop_id = %(shop_id)s and case_no = any(%(a)s)"
REFRESH = "update aftersales set as_of = %(as_of)s where shop_id = %(shop_id)s and case_no = any(%(a)s) and as_of < %(as_of)s"


def _columns(facts: AftersaleFacts) -> tuple[Column, ...]:
    return (
        facts.case_no,
        facts.order_no,
        facts.kind.value if facts.kind else AftersaleKind.UNKNOWN.value,
        facts.state.value if facts.state else AftersaleState.UNKNOWN.value,
        facts.applied_at or facts.agreed_at or UNDATED,
        facts.tracking_no,
        facts.return_tracking_no,
    )


TABLE = Table(
    kind=FactKind.AFTERSALE,
    facts=AftersaleFacts,
    fetch=FETCH,
    copy_new=COPY_NEW,
    remove=REMOVE,
    refresh=REFRESH,
    keys=lambda facts: (facts.case_no,),
    columns=_columns,
)
