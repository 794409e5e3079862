"""Which orders tell how many hours their product promises: plain ones, and none whose own tag or date says something else."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from zhanggui.core.facts import OrderFacts, ShippingKind
from zhanggui.records.facts.orders import teaches_hours

FORMED = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
PLAIN = OrderFacts(order_no="O1", group_formed_at=FORMED, ship_by=FORMED + timedelta(hours=48), goods_id="901")


@pytest.mark.parametrize("kind", [None, ShippingKind.SPOT])
def test_it_learns_from_plain_orders(kind: ShippingKind | None) -> None:
    assert teaches_hours(msgspec.structs.replace(PLAIN, shipping_kind=kind))


@pytest.mark.parametrize(
    "changes", [{"shipping_kind": ShippingKind.ONE_DAY}, {"shipping_kind": ShippingKind.PRESALE}, {"delay_allowed": True}, {"goods_id": None}]
)
def test_it_learns_nothing_from_an_order_with_a_tag_of_its_own(changes: dict[str, object]) -> None:
    assert not teaches_hours(msgspec.structs.replace(PLAIN, **changes))
