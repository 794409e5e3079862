"""Decisions tried on a small shop: exact where everything is known, nothing kept, others' shops never seen."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.actions.money.telling import case, order, tell
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.whatif.trying import MeasureAhead, Outlook, what_if
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.whatif.deciding import MOST_DECISIONS, Decision, Do, Every
from zhanggui.people.permissions import NotAllowed

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
DAYS, A_DAY = 12, 5
OPEN, PAID, WAITING = "7001", "7002", "260319-999000000000001"


@pytest.fixture(scope="module")
def told() -> list[dict[str, Any]]:
    """Five orders a day for twelve days, all shipped in time; one refund for quality paid, one asked for, one order to ship."""
    rows: list[dict[str, Any]] = []
    for back in range(1, DAYS + 1):
        day = date(2026, 3, 20) - timedelta(days=back)
        for number in range(A_DAY):
            moments = {"group_formed_at": f"{day} 10:00:00", "shipped_at": f"{day} 15:00:00", "received_at": f"{day + timedelta(days=2)} 09:00:00"}
            rows.append(order(_no(back, number), **({"stage": "received", **moments} if back > 3 else {name: moments[name] for name in list(moments)[:2]})))
    rows.append(case(PAID, _no(9, 0), 12000, reason="质量问题", applied_at="2026-03-14 09:00:00", agreed_at="2026-03-15 09:00:00"))
    rows.append(case(OPEN, _no(8, 0), 12000, reason="质量问题", state="seller_to_answer", applied_at="2026-03-20 09:00:00", agreed_at=None))
    rows.append({"fact": "order", "order_no": WAITING, "stage": "to_ship", "group_formed_at": "2026-03-19 10:00:00", "pay_amount": 900, "receive_amount": 900})
    return rows


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path, told: list[dict[str, Any]]) -> House:
    """The shop with all of it."""
    tell(house, people, tmp_path, *told)
    return house


def test_agreeing_counts_the_refund_from_tomorrow_on_and_keeps_nothing(shop: House, people: Cast) -> None:
    before = _try(shop, people, Decision(do=Do.REFUSE, case=OPEN))
    kept = contents(shop.pool)

    outlook = _try(shop, people, Decision(do=Do.AGREE, case=OPEN))

    quality = _measure(outlook, "quality_refund_rate")
    assert (quality.now.num, quality.now.den) == (1, DAYS * A_DAY + 1)
    assert quality.tomorrow is not None
    assert quality.tomorrow.decided.num > quality.tomorrow.as_is.num
    assert _measure(before, "intervention_rate").week.decided.num > 0  # type: ignore[union-attr]  # twelve days are enough
    assert contents(shop.pool) == kept
    assert (outlook.missing, outlook.left_off, outlook.history_days, outlook.is_whole) == ((), 0, DAYS, True)


def test_last_month_refused_throughout_would_have_paid_less_and_been_taken_to_the_platform_more(shop: House, people: Cast) -> None:
    outlook = _try(shop, people, Decision(do=Do.REFUSE, case=OPEN))

    quality, called = _measure(outlook, "quality_refund_rate").month, _measure(outlook, "intervention_rate").month
    assert outlook.replayed == 1
    assert quality is not None
    assert called is not None
    assert 0 <= quality.num < 1
    assert 0 < called.num < 1


def test_every_takes_all_of_a_sort_that_fits(shop: House, people: Cast) -> None:
    fitting, dear, other = (
        _try(shop, people, Decision(do=Do.AGREE, every=Every.CASES, **more))
        for more in ({"kind": AftersaleKind.REFUND_ONLY}, {"most_fen": 11999}, {"kind": AftersaleKind.EXCHANGE})
    )
    orders = _try(shop, people, Decision(do=Do.SHIP, every=Every.ORDERS))

    assert [each.case_no for each in fitting.weighed] == [OPEN]
    assert (dear.weighed, other.weighed) == ((), ())
    assert [each.order_no for each in orders.weighed] == [WAITING]


def test_what_is_named_goes_before_what_is_taken_in_with_all(shop: House, people: Cast) -> None:
    outlook = _try(shop, people, Decision(do=Do.AGREE, every=Every.CASES), Decision(do=Do.REFUSE, case=OPEN))

    assert [(each.case_no, each.do) for each in outlook.weighed] == [(OPEN, Do.REFUSE)]


def test_numbers_nobody_knows_and_orders_that_left_are_named(shop: House, people: Cast) -> None:
    outlook = _try(shop, people, Decision(do=Do.AGREE, case="404"), Decision(do=Do.SHIP, order=_no(5, 1)), Decision(do=Do.SHIP, order=WAITING))

    assert sorted(outlook.missing) == sorted(["404", _no(5, 1)])
    assert [each.order_no for each in outlook.weighed] == [WAITING]


@pytest.mark.parametrize(
    "decisions",
    [
        [],
        [Decision(do=Do.SHIP, case=OPEN)],
        [Decision(do=Do.AGREE, case=OPEN)] * (MOST_DECISIONS + 1),
        [Decision(do=Do.AGREE, case=OPEN, at=datetime(2026, 3, 20))],  # noqa: DTZ001 - that it has no zone is the point
    ],
)
def test_what_cannot_be_tried_is_refused(shop: House, people: Cast, decisions: list[Decision]) -> None:
    with pytest.raises(Refused):
        what_if(shop, people.lin, people.shop_id, decisions, NOW)


def test_another_owner_sees_nothing_of_the_shop(shop: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        what_if(shop, people.zheng, people.shop_id, [Decision(do=Do.AGREE, case=OPEN)], NOW)
    outlook = what_if(shop, people.zheng, people.other_shop_id, [Decision(do=Do.AGREE, case=OPEN)], NOW)

    assert (outlook.missing, outlook.weighed) == ((OPEN,), ())
    assert all(each.tomorrow is None for each in outlook.measures)


def _try(house: House, people: Cast, *decisions: Decision) -> Outlook:
    return what_if(house, people.lin, people.shop_id, decisions, NOW, waits=True)


def _measure(outlook: Outlook, name: str) -> MeasureAhead:
    return next(each for each in outlook.measures if each.formula.id == name)


def _no(back: int, number: int) -> str:
    return f"2603{20 - back:02d}-{back:03d}{number:012d}"
