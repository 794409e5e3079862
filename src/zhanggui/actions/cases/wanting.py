"""Which pictures of cases are to be fetched into the vault; written with the case, fetched later."""

from collections.abc import Iterable
from datetime import datetime

from zhanggui.core.facts import AftersaleFacts
from zhanggui.records import case_pictures
from zhanggui.records.db import Tx


def want_pictures(tx: Tx, shop_id: int, cases: Iterable[AftersaleFacts], now: datetime) -> None:
    """Has the pictures of these cases fetched, of those that say where they lie."""
    told = [(case.case_no, place, address) for case in cases if case.order_no for place, address in enumerate(case.picture_addresses or ())]
    case_pictures.want(tx, shop_id, told, now)
