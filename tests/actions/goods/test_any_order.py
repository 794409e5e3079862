"""Whatever is told, counted and undone, in whatever order: what is reserved and what lies there is what the orders that stand and the last count add up to."""

import shutil
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.actions.goods.shelves import BLUE, NOW, RED, Shelves, order, sku
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.core.facts import SkuFacts
from zhanggui.core.goods.naming import Names, asked_of
from zhanggui.core.goods.taking import Taking, hold_of
from zhanggui.people.permissions import Role, ShopId
from zhanggui.records import around

STAGES = st.sampled_from(["forming", "to_ship", "to_ship", "shipped", "received", "cancelled"])
ORDERS = st.builds(
    lambda number, stage, refund, quantity, name: order(number, stage=stage, refund=refund, quantity=quantity, **name),
    st.integers(1, 5),
    STAGES,
    st.sampled_from(["none", "none", "open", "refunded"]),
    st.integers(1, 3),
    st.sampled_from([{"sku_id": RED}, {"sku_id": BLUE}, {"sku_id": None, "outer_sku": "W7001"}, {"sku_id": None, "spec": "色2"}]),
)
DEEDS = st.one_of(
    st.tuples(st.just("tell"), st.lists(ORDERS, min_size=1, max_size=4, unique_by=lambda one: one["order_no"]), st.integers(0, 300)),
    st.tuples(st.just("list"), st.lists(st.sampled_from([RED, BLUE]), min_size=1, max_size=2, unique=True)),
    st.tuples(st.just("count"), st.sampled_from([RED, BLUE]), st.integers(0, 6)),
    st.tuples(st.just("undo"), st.integers(0, 20)),
)


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEEDS, min_size=3, max_size=9))
def test_the_shelves_agree_with_what_stands(house: House, people: Cast, deeds: list[Any]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        play(Shelves(house, _another_shop(house, people), folder), deeds)
    finally:
        shutil.rmtree(folder)


def play(shelves: Shelves, deeds: list[Any]) -> None:
    """Does one deed after another, and compares after each."""
    standing: list[int] = []
    counted: dict[str, tuple[int, datetime]] = {}
    for deed in deeds:
        match deed:
            case "tell", told, minutes_ago:
                shipped = [{**one, "shipped_at": shelves.now.isoformat()} if one["stage"] in ("shipped", "received") else one for one in told]
                standing.append(shelves.tell(*shipped, as_of=shelves.now - timedelta(minutes=minutes_ago)))
            case "list", skus:
                standing.append(shelves.tell(*(sku(one) for one in skus)))
            case "count", which, pieces if _is_known(shelves, which):
                shelves.count(pieces, which)
                counted[which] = (pieces, shelves.now)
            case "undo", which if standing:
                shelves.undo(standing.pop(which % len(standing)))
            case _:
                continue
        assert {one: _told(shelves, one) for one in (RED, BLUE)} == {one: _from_scratch(shelves, one, counted) for one in (RED, BLUE)}
        assert _journal_agrees(shelves)


def _is_known(shelves: Shelves, which: str) -> bool:
    with shelves.house.pool.connection() as tx:
        return tx.execute("select 1 from items where shop_id = %s and sku = %s", (shelves.shop_id, which)).fetchone() is not None


def _told(shelves: Shelves, which: str) -> tuple[int | None, int]:
    stock = shelves.stock(which)
    return stock.on_hand, stock.reserved


def _from_scratch(shelves: Shelves, which: str, counted: dict[str, tuple[int, datetime]]) -> tuple[int | None, int]:
    """What lies there and what is reserved, added up from the orders that stand now."""
    with shelves.house.pool.connection() as tx:
        nos = [no for (no,) in tx.execute("select order_no from orders where shop_id = %s", (shelves.shop_id,))]
        known = orders_known(tx, shelves.shop_id, nos)
        lines = around.lines(tx, shelves.shop_id, nos)
        told = [msgspec.json.decode(text, type=SkuFacts) for (text,) in tx.execute("select facts::text from skus where shop_id = %s", (shelves.shop_id,))]
    names = Names(told)
    base = counted.get(which)
    on_hand, reserved = (base[0] if base else None), 0
    for no, one in known.items():
        hold = hold_of(one)
        for asked in asked_of(one.order, [line.facts for line in lines.get(no, ())]):
            if hold is None or names.sku_of(asked) != which:
                continue
            if hold.taking is Taking.RESERVED:
                reserved += asked.quantity
            elif base is not None and hold.left_at is not None and hold.left_at > base[1] and on_hand is not None:
                on_hand -= asked.quantity
    return on_hand, reserved


def _journal_agrees(shelves: Shelves) -> bool:
    """Whether each row of the journal goes on from the one before it, and the last says what lies there."""
    for which in (RED, BLUE):
        lies = 0
        for _, pieces, after, _ in shelves.changes(which):
            lies += pieces
            if lies != after:
                return False
        if lies != (shelves.stock(which).on_hand or 0):
            return False
    return True


def _another_shop(house: House, people: Cast) -> Cast:
    """The same people in a shop that holds nothing yet, so that each example begins anew."""
    with house.pool.connection() as tx:
        made = tx.execute("insert into shops (name, made_at) values ('店' || (select count(*) from shops), %s) returning shop_id", (NOW,)).fetchone()
    assert made is not None
    shop_id = ShopId(made[0])
    lin, zhou = (msgspec.structs.replace(one, roles={shop_id: role}) for one, role in ((people.lin, Role.OWNER), (people.zhou, Role.WAREHOUSE)))
    return replace(people, lin=lin, zhou=zhou, shop_id=shop_id)
