"""Which pictures of cases are to be fetched into the vault; written with the case, fetched later."""

from collections.abc import Iterable
from datetime import datetime

from zhanggui.core.cases.pictures import Named, places_of
from zhanggui.core.facts import AftersaleFacts
from zhanggui.records import case_pictures
from zhanggui.records.db import Tx


def want_pictures(tx: Tx, shop_id: int, cases: Iterable[AftersaleFacts], now: datetime) -> None:
    """Has the pictures of these cases fetched, of those that say where they lie."""
    told = {case.case_no: case.picture_addresses for case in cases if case.order_no and case.picture_addresses}
    if not told:
        return
    before: dict[str, list[Named]] = {}
    for case_no, picture in case_pictures.of_cases(tx, shop_id, list(told)):
        before.setdefault(case_no, []).append(picture)
    wanted = [(no, place, address) for no, addresses in told.items() for place, address in places_of(before.get(no, []), addresses).items()]
    case_pictures.want(tx, shop_id, wanted, now)
