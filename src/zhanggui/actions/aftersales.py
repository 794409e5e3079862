"""The After-sales list."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions import cursors
from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.views import CaseRow, CasesPage
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import case_lists
from zhanggui.records.case_lists import CaseWanted


def cases(
    house: House,
    by: Person,
    now: datetime,  # noqa: ARG001 - every read takes the moment it is made at, so that lists may come to use it
    *,
    shop_ids: Sequence[ShopId] | None = None,
    state: AftersaleState | None = None,
    kind: AftersaleKind | None = None,
    query: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> CasesPage:
    """A page of after-sales cases, newest application first, each with its most urgent deadline; `query` is a case or order number and stands alone."""
    after = cursors.read(cursor, tuple[datetime, str, int]) if cursor else None
    with house.pool.connection() as tx:
        shops = shops_with(tx, by, Permission.AFTERSALES_READ, shop_ids)
        wanted = CaseWanted(list(shops), state.value if state else None, kind.value if kind else None, after, limit + 1)
        found = case_lists.by_number(tx, list(shops), query.strip(), limit) if query and query.strip() else case_lists.page(tx, wanted)
        shown = found[:limit]
        urgent = case_lists.most_urgent(tx, [(row.shop_id, row.case_no) for row in shown])
    rows = tuple(
        CaseRow(
            shop_id=ShopId(row.shop_id),
            shop_name=shops[ShopId(row.shop_id)].name,
            case=row.case,
            deadline=urgent[row.shop_id, row.case_no].deadline() if (row.shop_id, row.case_no) in urgent else None,
        )
        for row in shown
    )
    following = cursors.write((shown[-1].listed_at, shown[-1].case_no, shown[-1].shop_id)) if len(found) > limit else None
    return CasesPage(rows, following)
