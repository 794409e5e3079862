"""What advice knows of the recalls of an order: those of the parcel that is about, read without holding anything."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.actions.returns.bench import Bench
from tests.cast import Cast
from zhanggui.actions.advice.seeing import case_seen
from zhanggui.actions.house import House
from zhanggui.actions.recalls.stepping import begin_recall, step_recall
from zhanggui.core.advice.case import Goods
from zhanggui.core.recalls.states import RecallEvent

FIRST, SECOND = "YT8816402275001", "YT8816402275002"


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """A parcel that was called back and is here again."""
    made = Bench(house, people, tmp_path)
    number = made.sent(tracking_no=FIRST, carrier="圆通快递")
    made.asked(kind="refund_only", state="seller_to_answer", return_tracking_no=None, return_sent_at=None)
    recall = begin_recall(house, people.lin, people.shop_id, number, "", made.now)
    step_recall(house, people.lin, people.shop_id, recall, RecallEvent.TELL, made.now)
    step_recall(house, people.lin, people.shop_id, recall, RecallEvent.RECEIVE, made.now)
    return made


def _goods(bench: Bench) -> Goods:
    return case_seen(bench.house, bench.people.mei, bench.people.shop_id, "1", bench.now).facts.goods


def test_a_parcel_that_came_back_is_back_until_another_leaves(bench: Bench) -> None:
    before = _goods(bench)

    bench.sent(tracking_no=SECOND, carrier="圆通快递")

    assert (before, _goods(bench)) == (Goods.BACK, Goods.ON_THE_WAY)


def test_a_page_waits_for_nobody_who_holds_a_recall(bench: Bench) -> None:
    with ThreadPoolExecutor(1) as reader, bench.reading() as tx:
        tx.execute("select 1 from recalls for update")
        seen = reader.submit(_goods, bench)
        try:
            assert seen.result(timeout=3) is Goods.BACK
        finally:
            tx.rollback()
