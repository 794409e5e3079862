"""Products are marked as ones that the seven days without a reason are not for; advice on their cases knows it, and how often a case was refused."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.actions.cases.telling import CASE, ORDER, case_told, order_told, platform_tells
from tests.cast import Cast
from zhanggui.actions.advice.seats import seat_for
from zhanggui.actions.cases.exceptions import goods_exception, mark_goods
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.refused import Refused
from zhanggui.core.advice.seat import Beside
from zhanggui.core.cases.no_reason import NoReasonException
from zhanggui.core.facts import AftersaleState
from zhanggui.people.permissions import NotAllowed

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def beside(house: House, people: Cast) -> Beside:
    with house.pool.connection() as tx:
        orders = orders_known(tx, people.shop_id, [ORDER])
        seat = seat_for(tx, people.shop_id, list(orders[ORDER].cases), orders, house.rulebook, NOW)
    return seat.beside[CASE]


def test_a_mark_is_kept_told_and_taken_away(house: House, people: Cast) -> None:
    platform_tells(house, people.shop_id, [order_told(NOW, goods_id="5600"), case_told(NOW)], NOW)
    assert beside(house, people).no_reason_exempt is None

    mark_goods(house, people.lin, people.shop_id, "5600", NoReasonException.PERISHABLE, NOW)
    assert goods_exception(house, people.lin, people.shop_id, "5600") is NoReasonException.PERISHABLE
    assert beside(house, people).no_reason_exempt is True

    mark_goods(house, people.lin, people.shop_id, "5600", None, NOW)
    assert goods_exception(house, people.lin, people.shop_id, "5600") is None


def test_it_needs_a_product_and_the_right(house: House, people: Cast) -> None:
    with pytest.raises(Refused):
        mark_goods(house, people.lin, people.shop_id, " ", NoReasonException.DOWNLOAD, NOW)
    with pytest.raises(NotAllowed):
        mark_goods(house, people.zheng, people.shop_id, "5600", NoReasonException.DOWNLOAD, NOW)


def test_a_rejection_that_was_seen_is_known_to_the_advice(house: House, people: Cast) -> None:
    platform_tells(house, people.shop_id, [order_told(NOW), case_told(NOW)], NOW)
    assert beside(house, people).refused_before is None

    rejected = case_told(NOW + HOUR, applied_at=NOW, state=AftersaleState.REJECTED, status_code=6)
    again = case_told(NOW + 2 * HOUR, applied_at=NOW)
    for told in (rejected, again):
        platform_tells(house, people.shop_id, [told], NOW + 2 * HOUR)

    assert beside(house, people).refused_before is True
