"""What was given to buyers is written down once, added up by buyer for a limited time, and never for a rating."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.money.telling import NOW, ONE, THREE, TWO, order, tell
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.money.costs import costs_view, forget_buyers, note_cost, record_cost, set_money_settings, spent_on, take_cost_back
from zhanggui.actions.refused import Refused
from zhanggui.core.ledger.costs import Cost, CostCause, CostKind
from zhanggui.core.money import Fen
from zhanggui.people.permissions import NotAllowed

MEI = {"receiver_masked": "美* 138****1234", "province": "浙江省", "city": "杭州市", "district": "余杭区"}


def _cost(order_no: str = ONE, fen: int = 500, **more: object) -> Cost:
    plain = {"order_no": order_no, "kind": CostKind.GOODWILL_PAYMENT, "cause": CostCause.MISSING, "fen": Fen(fen)}
    return Cost(**{**plain, **more})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def told(house: House, people: Cast, tmp_path: Path) -> None:
    """Two orders of one buyer, one of another."""
    tell(house, people, tmp_path, order(ONE, **MEI), order(TWO, **MEI), order(THREE, receiver_masked="王* 139****0000", province="浙江省"))


def test_what_was_given_is_added_up_by_order_and_by_buyer(house: House, people: Cast) -> None:
    set_money_settings(house, people.lin, people.shop_id, Fen(1000), None, NOW)
    note_cost(house, people.mei, people.shop_id, _cost(), NOW)
    note_cost(house, people.mei, people.shop_id, _cost(kind=CostKind.RESEND, fen=300), NOW)

    spent = note_cost(house, people.mei, people.shop_id, _cost(TWO, 201), NOW)

    assert (spent.fen, spent.buyer_fen, spent.buyer_orders, spent.cap, spent.is_over) == (201, 1001, 2, 1000, True)
    with house.pool.connection() as tx:
        first, other = spent_on(tx, people.shop_id, ONE, NOW), spent_on(tx, people.shop_id, THREE, NOW)
    assert (first.fen, first.own, first.by_kind) == (800, 300, {CostKind.GOODWILL_PAYMENT: 500, CostKind.RESEND: 300})
    assert (other.fen, other.buyer_fen, other.is_over, other.is_over_with(Fen(1001))) == (0, 0, False, True)


def test_what_wrote_it_down_does_so_once(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        numbers = {record_cost(tx, people.mei, people.shop_id, _cost(once="step:4"), NOW) for _ in range(3)}

        assert len(numbers) == 1
        assert spent_on(tx, people.shop_id, ONE, NOW).fen == 500


def test_nothing_is_written_down_for_a_rating(house: House, people: Cast) -> None:
    for note in ("给个好评返现5元", "for a 5 Stars review"):
        with pytest.raises(Refused):
            note_cost(house, people.mei, people.shop_id, _cost(note=note), NOW)

    with house.pool.connection() as tx:
        assert spent_on(tx, people.shop_id, ONE, NOW).entries == 0


def test_whose_it_was_is_forgotten_in_time(house: House, people: Cast) -> None:
    note_cost(house, people.mei, people.shop_id, _cost(), NOW)
    with house.pool.connection() as tx:
        before = tx.execute("select buyer from costs").fetchone()

    forget_buyers(house, NOW + timedelta(days=181))

    with house.pool.connection() as tx:
        assert tx.execute("select buyer, fen from costs").fetchone() == (None, 500)
        stored = tx.execute("select encode(buyer_keys.secret, 'hex') from buyer_keys").fetchone()
    assert before is not None
    assert b"138" not in before[0]
    assert stored is not None


def test_an_entry_that_was_a_mistake_counts_no_more_and_stays_visible(house: House, people: Cast) -> None:
    note_cost(house, people.mei, people.shop_id, _cost(), NOW)
    (row,) = _view(house, people).rows

    take_cost_back(house, people.mei, people.shop_id, row.cost_no, NOW)

    view = _view(house, people)
    assert (view.fen, view.causes) == (0, ())
    assert [each.void_at for each in view.rows] == [NOW]
    with pytest.raises(Refused):
        take_cost_back(house, people.mei, people.shop_id, row.cost_no, NOW)


def test_the_sums_shown_are_the_sums_of_the_rows(house: House, people: Cast) -> None:
    for number, no in enumerate((ONE, TWO, THREE, ONE), 1):
        note_cost(house, people.mei, people.shop_id, _cost(no, number * 100, sku=f"s{number % 2}", cause=list(CostCause)[number]), NOW)

    view = _view(house, people)

    total = sum(row.fen for row in view.rows)
    assert total == view.fen == sum(each.fen for each in view.causes) == sum(each.fen for each in view.kinds) == sum(each.fen for each in view.skus) == 1000


def test_outsiders_and_those_who_have_no_part_in_it_are_kept_out(house: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        note_cost(house, people.zheng, people.shop_id, _cost(), NOW)
    with pytest.raises(NotAllowed):
        costs_view(house, people.mei, people.shop_id, NOW, NOW, NOW)
    with pytest.raises(Refused):
        note_cost(house, people.lin, people.shop_id, _cost("260301-999999999999999"), NOW)


def _view(house: House, people: Cast):  # type: ignore[no-untyped-def]
    return costs_view(house, people.lin, people.shop_id, NOW - timedelta(days=30), NOW + timedelta(days=1), NOW)
