"""Whatever is told and undone in whatever order: the classed bill, the matches and all totals are what a count from scratch says."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actions.money.recount import money_differences
from tests.actions.money.telling import NOW, ONE, THREE, TWO
from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.money.classing import classify
from zhanggui.core.bill import BillClass

NOS = st.sampled_from((ONE, TWO, THREE, None))
SUMS = st.sampled_from((0, 1, 500, 501, 12000))
DAYS = st.sampled_from((None, "2026-03-09 09:00:00", "2026-02-28 23:30:00", "2024-08-31 12:00:00"))
CODES = st.sampled_from((("0010002", "收入"), ("0020002", "退款"), ("0030002", "技术服务费"), ("0990001", "新"), (None, "提现"), (None, "延迟发货_扣款")))


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    """A line of the bill."""
    code, words = draw(CODES)
    told = {"fact": "bill_line", "line_no": f"b{draw(st.integers(0, 6))}", "order_no": draw(NOS), "happened_at": draw(DAYS), "code": code}
    return {**told, "description": f"{code}|{words}", "income": draw(SUMS), "expense": draw(SUMS)}


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """An after-sales case."""
    told = {"fact": "aftersale", "case_no": f"{draw(st.integers(1, 4))}", "order_no": draw(NOS), "kind": "refund_only", "agreed_at": draw(DAYS)}
    state = draw(st.sampled_from(("refunded", "closed", "seller_to_answer")))
    return {**told, "state": state, "refund_amount": draw(st.one_of(st.none(), SUMS)), "shipped": draw(st.sampled_from((None, True, False)))}


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """An order, refunded or not."""
    told = {"fact": "order", "order_no": draw(st.sampled_from((ONE, TWO, THREE))), "stage": draw(st.sampled_from(("to_ship", "shipped", "cancelled")))}
    refund = draw(st.sampled_from(("none", "open", "refunded")))
    return {**told, "refund": refund, "refund_amount": draw(st.one_of(st.none(), SUMS)), "group_formed_at": "2026-03-01 10:00:00"}


FACTS = st.one_of(lines(), lines(), cases(), orders())
STEPS = st.one_of(
    st.tuples(st.just("tell"), st.lists(FACTS, min_size=1, max_size=6), st.integers(1, 5)),
    st.tuples(st.just("undo"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("class"), st.sampled_from((BillClass.REFUND, BillClass.INCOME, None)), st.just(0)),
)


@pytest.mark.usefixtures("people")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=7))
def test_what_stands_is_what_a_count_from_scratch_says(house: House, people: Cast, steps: list[Any]) -> None:
    _empty(house, people)
    done: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (deed, what, day) in enumerate(steps):
            _do(house, people, Path(folder) / f"{number}.jsonl", deed, what, day, done)

            with house.pool.connection() as tx:
                assert money_differences(tx, people.shop_id) == []


def _do(house: House, people: Cast, path: Path, deed: str, what: Any, day: int, done: list[int]) -> None:
    if deed == "tell":
        told = [{**fact, "as_of": f"2026-03-1{day}T08:00:00+08:00"} for fact in what]
        path.write_text("".join(json.dumps(fact, ensure_ascii=False) + "\n" for fact in told), "utf-8")
        batch = importing.preview(house, people.lin, people.shop_id, [path], NOW)
        done.append(importing.confirm(house, people.lin, people.shop_id, batch.batch_id, NOW).batch_id)
    elif deed == "undo" and done:
        importing.undo(house, people.lin, people.shop_id, done.pop(what % len(done)), NOW)
    elif deed == "class" and _has_unknown(house):
        classify(house, people.lin, people.shop_id, "0990001", what, NOW)


def _has_unknown(house: House) -> bool:
    with house.pool.connection() as tx:
        return bool(tx.execute("select 1 from bill_entries where class = 'unknown' and code = '0990001' limit 1").fetchone())


def _empty(house: House, people: Cast) -> None:
    """Takes back what an earlier example left."""
    with house.pool.connection() as tx:
        left = [batch_id for (batch_id,) in tx.execute("select batch_id from batches where state = 'done' order by batch_id")]
        tx.execute("delete from bill_own_classes")
    for batch_id in left:
        importing.undo(house, people.lin, people.shop_id, batch_id, NOW)
