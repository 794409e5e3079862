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
from zhanggui.actions.whatif import trying
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
    assert (outlook.missing, outlook.left_off, outlook.history_days, outlook.is_whole) == ((), False, DAYS, True)


def test_last_month_refused_throughout_would_have_paid_less_and_been_taken_to_the_platform_more(shop: House, people: Cast) -> None:
    outlook = _try(shop, people, Decision(do=Do.REFUSE, case=OPEN))

    quality, called = _measure(outlook, "quality_refund_rate").month, _measure(outlook, "intervention_rate").month
    assert outlook.replayed == 1
    assert quality is not None
    assert called is not None
    assert 0 <= quality.num < 1
    assert 0 < called.num < 1


def test_last_month_shipped_throughout_every_order_that_had_to_leave_would_have_left_in_time(shop: House, people: Cast, tmp_path: Path) -> None:
    late, gone, formed = _no(7, 8), _no(7, 9), {"group_formed_at": "2026-03-13 10:00:00"}
    refunded = order(gone, stage="cancelled", refund="refunded", shipped_at=None, tracking_no=None, carrier=None, **formed)
    paid_back = case("7003", gone, 12000, applied_at="2026-03-13 11:00:00", agreed_at="2026-03-13 12:00:00")
    tell(shop, people, tmp_path, order(late, **(formed | {"shipped_at": "2026-03-17 10:00:00"})), refunded, paid_back)

    outlook = _try(shop, people, Decision(do=Do.SHIP, every=Every.ORDERS))

    shipment = _measure(outlook, "pdd_on_time_shipment_rate")
    assert outlook.replayed == 1
    assert shipment.now.den - shipment.now.num == 1
    assert shipment.month is not None
    assert (shipment.month.num, shipment.month.den) == pytest.approx((shipment.now.den, shipment.now.den))


@pytest.mark.parametrize(("most_fen", "replayed"), [(11999, 0), (12000, 1), (None, 1)])
def test_last_month_only_cases_that_asked_for_no_more_are_decided_so(shop: House, people: Cast, most_fen: int | None, replayed: int) -> None:
    outlook = _try(shop, people, Decision(do=Do.AGREE, every=Every.CASES, kind=AftersaleKind.REFUND_ONLY, most_fen=most_fen))

    assert outlook.replayed == replayed


def test_a_case_whose_sum_nobody_told_is_within_none(shop: House, people: Cast, tmp_path: Path) -> None:
    tell(shop, people, tmp_path, case("7004", _no(6, 0), None, state="seller_to_answer", applied_at="2026-03-20 10:00:00", agreed_at=None))

    some, every = (_try(shop, people, Decision(do=Do.AGREE, every=Every.CASES, most_fen=most)) for most in (20000, None))

    assert [each.case_no for each in some.weighed] == [OPEN]
    assert {each.case_no for each in every.weighed} == {OPEN, "7004"}


def test_the_most_are_taken_of_those_that_fit_and_it_is_said_that_there_are_more(
    shop: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "MOST_EACH", 1)
    older = {"state": "seller_to_answer", "applied_at": "2026-03-19 10:00:00", "agreed_at": None}
    tell(shop, people, tmp_path, *(case(f"690{number}", _no(6, number), 12000, kind="exchange", **older) for number in range(3)))

    fitting, exchanges = (
        _try(shop, people, Decision(do=Do.AGREE, every=Every.CASES, kind=kind)) for kind in (AftersaleKind.REFUND_ONLY, AftersaleKind.EXCHANGE)
    )

    assert ([each.case_no for each in fitting.weighed], fitting.left_off) == ([OPEN], False)
    assert ([each.case_no for each in exchanges.weighed], exchanges.left_off) == (["6900"], True)


def test_a_month_too_large_to_be_decided_anew_whole_is_said_to_be(shop: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    decisions = (Decision(do=Do.REFUSE, case=OPEN), Decision(do=Do.SHIP, order=WAITING))
    whole = _try(shop, people, *decisions).month_left_off
    found = []
    for name in ("PAST_CASES", "PAST_ORDERS"):
        with monkeypatch.context() as patch:
            patch.setattr(trying, name, 1)
            found.append(_try(shop, people, *decisions).month_left_off)

    assert (whole, found) == (False, [True, True])


def test_what_nobody_has_told_of_is_neither_nought_nor_foretold(house: House, people: Cast, tmp_path: Path, told: list[dict[str, Any]]) -> None:
    tell(house, people, tmp_path, *(row for row in told if row["fact"] == "order"))

    outlook = _try(house, people, Decision(do=Do.SHIP, order=WAITING))

    for name in ("quality_refund_rate", "intervention_rate", "valid_ratings"):
        measure = _measure(outlook, name)
        assert (measure.now.value, measure.shown.value, measure.tomorrow, measure.week, measure.month) == (None,) * 5
    assert _measure(outlook, "pdd_on_time_shipment_rate").tomorrow is not None


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
