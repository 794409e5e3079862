"""What advice knows beside the facts of a case: what the goods cost, how they came back before, what the vault shows, and pictures seen with other orders."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.goods.shelves import NOW, RED, no_of, order
from tests.actions.returns.bench import Bench
from tests.cast import Cast
from tests.makers.pictures import jpeg, scene, shrunk
from zhanggui.actions.advice.findings import FoundOut, find_out
from zhanggui.actions.advice.learning import learn_in
from zhanggui.actions.advice.seeing import case_seen
from zhanggui.actions.complaints.malice import malice_plan
from zhanggui.actions.evidence import NewFile, add_file
from zhanggui.actions.house import House
from zhanggui.actions.money.profit import put_goods_cost
from zhanggui.actions.photos.finding import look_at_photos
from zhanggui.core.advice.case import CaseToAdvise, ReturnGrade
from zhanggui.core.disputes.needs import Shows
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import Grade
from zhanggui.records import advice, disputes
from zhanggui.records.db import transact

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """Two orders of two red bowls, each asked to be paid back."""
    made = Bench(house, people, tmp_path)
    for number in (1, 2):
        made.sent(number)
        made.asked(number, return_tracking_no=f"YT881640227591{number}", sku_id=RED)
    return made


def _facts(bench: Bench, people: Cast, case_no: str = "1") -> CaseToAdvise:
    return case_seen(bench.house, people.mei, bench.shop_id, case_no, LATER).facts


def _bring(bench: Bench, people: Cast, number: int, content: bytes, *, shows: Shows | None = None, name: str = "图.jpg") -> None:
    new = NewFile(name=name, media_type="image/jpeg", content=content)
    seq = add_file(bench.house, people.mei, bench.shop_id, no_of(number), new, LATER)
    if shows is not None:
        transact(bench.house.pool, lambda tx: disputes.show(tx, bench.shop_id, seq, [shows.value], people.mei.person_id, LATER))


def test_it_knows_what_the_shop_says_its_goods_cost(bench: Bench, people: Cast) -> None:
    before = _facts(bench, people).goods_cost
    put_goods_cost(bench.house, people.lin, bench.shop_id, RED, Fen(900), shanghai_day(NOW) - timedelta(days=30), NOW)
    bench.asked(2, return_tracking_no="YT8816402275912", sku_id=RED, refund_amount=2990)

    assert before is None
    assert _facts(bench, people).goods_cost == 1800
    assert _facts(bench, people, "2").goods_cost == 900


def test_what_a_person_found_out_goes_before_the_table_and_is_not_mixed_with_it(bench: Bench, people: Cast) -> None:
    put_goods_cost(bench.house, people.lin, bench.shop_id, RED, Fen(900), shanghai_day(NOW) - timedelta(days=30), NOW)
    find_out(bench.house, people.mei, bench.shop_id, "1", FoundOut(goods_cost=Fen(1500)), LATER)

    seen, other = (case_seen(bench.house, people.mei, bench.shop_id, no, LATER) for no in ("1", "2"))

    assert (seen.facts.goods_cost, seen.found.goods_cost) == (1500, 1500)
    assert (other.facts.goods_cost, other.found.goods_cost) == (1800, None)


def test_it_learns_how_goods_come_back(bench: Bench, people: Cast) -> None:
    bench.opens((RED, Grade.WORN, 1), (RED, Grade.AS_NEW, 1), code="YT8816402275911")
    with bench.house.pool.connection() as tx:
        standing = learn_in(tx, bench.house, bench.shop_id, LATER)

    assert standing.graded == {ReturnGrade.WORN: 1, ReturnGrade.AS_NEW: 1}
    assert _facts(bench, people, "2").graded == standing.graded


def test_both_rates_of_a_month_are_of_the_orders_whose_groups_formed_by_shanghai_days(bench: Bench, people: Cast) -> None:
    bench.now = datetime(2026, 3, 1, 22, tzinfo=UTC)  # the second of March in Shanghai
    bench.sent(3, group_formed_at="2026-03-02T00:30:00+08:00", ship_by="2026-03-04T00:30:00+08:00", shipped_at="2026-03-02T01:00:00+08:00")
    bench.tell(order(4, stage="forming"))

    with bench.reading() as tx:
        formed = advice.formed(tx, bench.shop_id, bench.now - timedelta(days=30), bench.now)

    assert (formed, malice_plan(bench.house, people.lin, bench.shop_id, bench.now).formed) == (3, 3)


def test_a_picture_of_the_buyers_that_another_order_has_too_counts_and_our_own_does_not(bench: Bench, people: Cast) -> None:
    _bring(bench, people, 1, jpeg(scene(1)), shows=Shows.BUYERS)
    _bring(bench, people, 2, jpeg(shrunk(scene(1), 0.5), 50))
    look_at_photos(bench.house, LATER)
    beside_ours = _facts(bench, people).same_picture_elsewhere
    _bring(bench, people, 2, jpeg(shrunk(scene(1), 0.6), 60), shows=Shows.BUYERS)
    look_at_photos(bench.house, LATER)

    assert beside_ours is None
    assert [_facts(bench, people, no).same_picture_elsewhere for no in ("1", "2")] == [True, True]


def test_a_person_may_say_that_it_is_another_picture(bench: Bench, people: Cast) -> None:
    for number in (1, 2):
        _bring(bench, people, number, jpeg(scene(1)), shows=Shows.BUYERS)
    look_at_photos(bench.house, LATER)
    find_out(bench.house, people.mei, bench.shop_id, "1", FoundOut(same_picture_elsewhere=False), LATER)

    assert [_facts(bench, people, no).same_picture_elsewhere for no in ("1", "2")] == [False, True]


def test_it_knows_how_much_of_what_is_needed_the_vault_shows(bench: Bench, people: Cast) -> None:
    nothing = _facts(bench, people)
    _bring(bench, people, 1, b"\xff\xd8\xff one", name="x.jpg")
    unnamed = _facts(bench, people)
    _bring(bench, people, 1, b"\xff\xd8\xff two", name="聊天.jpg")
    _bring(bench, people, 1, b"\xff\xd8\xff three", shows=Shows.GOODS)

    told = _facts(bench, people)

    assert (nothing.evidence, nothing.shown, unnamed.evidence, unnamed.shown) == (None, None, 1, None)
    assert told.evidence == 3
    assert told.shown is not None
    assert 0 < told.shown <= 100
