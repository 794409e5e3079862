"""A refund that the shop agreed to in the back office while the platform had the case is no ruling, and nothing to appeal against."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.actions.cases.telling import ORDER, case_told, order_told, platform_tells
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.facts import AftersaleState
from zhanggui.records import disputes

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
BUYER, SELLER, PLATFORM = 1, 2, 3


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        ([(4, None), (10, None)], DisputeState.SETTLED),
        ([(4, None)], DisputeState.SETTLED),
        ([(10, SELLER)], DisputeState.SETTLED),
        ([(10, PLATFORM)], DisputeState.RULED_AGAINST),
        ([(10, None)], DisputeState.RULED_AGAINST),
        ([(5, None), (10, None)], DisputeState.RULED_AGAINST),
        ([(8, BUYER), (4, None), (8, BUYER), (10, None)], DisputeState.RULED_AGAINST),
    ],
)
def test_it_follows_who_agreed(house: House, people: Cast, seen: list[tuple[int, int | None]], state: DisputeState) -> None:
    _told(house, people, 0, 8, BUYER)

    for hours, (code, role) in enumerate(seen, start=1):
        _told(house, people, hours, code, role)

    with house.pool.connection() as tx:
        last = disputes.of_orders(tx, people.shop_id, [ORDER])[-1]
    assert last.state == state


def _told(house: House, people: Cast, hours: int, code: int, role: int | None) -> None:
    at = NOW + hours * HOUR
    fields: dict[str, Any] = {"state": AftersaleState.PLATFORM_HANDLES if code == 8 else AftersaleState.REFUNDED, "status_code": code}
    if role is not None:
        fields["operator_role"] = role
    platform_tells(house, people.shop_id, [order_told(at), case_told(at, applied_at=NOW, **fields)], at)
