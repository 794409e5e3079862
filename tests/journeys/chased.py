"""Orders of the emulator that stand so that a chase is answered with each leaf of its tree.

They come to stand so by the emulator's doors and its clock, and by what people do in the house.
"""

from collections.abc import Iterator
from datetime import timedelta

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.journeys.conftest import NOW
from zhanggui.actions.abnormal import answer, ask
from zhanggui.actions.dispatching import handed_over, may_print, printed
from zhanggui.actions.goods.changing import Count, count_stock
from zhanggui.actions.scans import paste_scans
from zhanggui.actions.syncing import read_again
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.answers.tree import ROOTS, TREE
from zhanggui.core.dispatch import PrintedPaper
from zhanggui.core.intents.kinds import Intent
from zhanggui.core.moments import in_shanghai
from zhanggui.records import order_goods, stock

GOODS, MONEY = "chase_shipping", "refund"
BEGINS = timedelta(hours=92)
"""So long before the story's moment the platform's world begins."""

Stand = tuple[str, str]
"""An order, and what its buyer wants."""

NOT_TO_BE_HAD = {
    "ships_by_plan": "the platform names the last moment to ship of every order it shows",
    "unclear": "a word that nobody knows is believed when it is told twice, and the second time the emulator says another",
    "forming": "the platform shows no order before its group has formed",
    "closed": "the platform shows no order whose group failed, and one that it shows ends by a refund alone",
    "money_look": "labels of the shop are printed in the house",
    "money_look_late": "labels of the shop are printed in the house",
    "paying": "once a refund is agreed to the platform shows the whole order as being refunded, so that paid_back answers it",
}
"""Leaves that no order of the emulator leads to, and why."""


def chase_leaves() -> set[str]:
    """Every leaf that the way of whoever chases may end in, and that of whoever wants the money."""
    seen: set[str] = set()
    ahead = [ROOTS[Intent.CHASE_SHIPPING], ROOTS[Intent.REFUND]]
    while ahead:
        node = ahead.pop()
        if node not in seen:
            seen.add(node)
            ahead += [row.to for row in TREE if row.node == node]
    return {node.removeprefix("=") for node in seen if node.startswith("=")}


class Parcels:
    """Parcels that left one an hour, so that at any moment some stand at each place of the way."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.orders: dict[str, str] = {}
        """By the number of the parcel."""

    def leave(self, before: timedelta) -> None:
        """One an hour until so long before the story's moment."""
        door = self.door
        while door.now + timedelta(hours=1) <= NOW - before:
            (order_no,) = door.platform.new_orders(1)
            number = f"YT70000000{len(self.orders):05d}"
            door.platform.ship(order_no, number)
            self.orders[number] = order_no
            door.later(timedelta(hours=1))
        until(door, before)

    def at(self, *actions: str) -> str:
        """The order of a parcel whose last scan, by the carrier, is one of these. Nobody else gets it."""
        for parcel in self.door.platform.state("parcels"):
            if parcel["tracking_number"] in self.orders and parcel["scans"] and parcel["scans"][-1]["action"] in actions:
                return self.orders.pop(parcel["tracking_number"])
        raise AssertionError(f"no parcel is at {actions}")


def until(door: Door, before: timedelta) -> None:
    """Lets the time pass until so long before the story's moment."""
    door.later(NOW - before - door.now)


def stands(door: Door, people: Cast) -> Iterator[tuple[str, Stand]]:
    """An order for each answer to a chase, as the shop begins the story's moment."""
    parcels = Parcels(door)
    named, withdrawn = _days_ago(door, people, parcels)
    named |= _today(door)
    _printed_and_left(door, people, named)
    for each in ("late_asked", "late_printed", "asked", "printed_asked", "left_asked", "uploaded_asked", "moving_asked", "said_asked", "short_asked"):
        door.asks(named[each])
    _kept_back(door, people, named)
    yield from _on_the_way(door, parcels, named)
    assert door.reads(withdrawn, named["turned"])
    yield from ((leaf, (named[each], want)) for each, want, leaf in _LEAVES)
    yield from _cases(door, named)
    yield from _returns(door, parcels)


_LEAVES = (
    ("fresh", GOODS, "ships_by"),
    ("late", GOODS, "late"),
    ("short", GOODS, "out_of_stock"),
    ("short_asked", GOODS, "out_of_stock_refund"),
    ("asked", GOODS, "goods_or_money"),
    ("asked_about", GOODS, "held_back"),
    ("approved", GOODS, "not_shipped"),
    ("shown", GOODS, "shown_but_here"),
    ("said", GOODS, "said_shipped"),
    ("said_asked", GOODS, "said_shipped_asked"),
    ("left", GOODS, "number_missing"),
    ("left_asked", GOODS, "number_missing_withdraw"),
    ("uploaded", GOODS, "handed_over"),
    ("uploaded_asked", GOODS, "handed_over_withdraw"),
    ("moving", GOODS, "moves"),
    ("moving_asked", GOODS, "moves_withdraw"),
    ("uncollected", GOODS, "pickup_late"),
    ("lost", GOODS, "stands_still"),
    ("turned", GOODS, "turned_back"),
    ("fresh", MONEY, "money_unshipped_ask"),
    ("asked", MONEY, "money_unshipped"),
    ("printed_asked", MONEY, "money_label"),
    ("late", MONEY, "money_late_ask"),
    ("late_asked", MONEY, "money_late"),
    ("late_printed", MONEY, "money_label_late"),
    ("left", MONEY, "money_number_missing_ask"),
    ("left_asked", MONEY, "money_number_missing"),
    ("uploaded", MONEY, "money_handed_ask"),
    ("uploaded_asked", MONEY, "money_handed"),
    ("moving", MONEY, "money_moves_ask"),
    ("moving_asked", MONEY, "money_moves"),
    ("said_asked", MONEY, "money_said_shipped"),
)


def _days_ago(door: Door, people: Cast, parcels: Parcels) -> tuple[dict[str, str], str]:
    """What came and left before today, and the case of whoever took the wish back after the parcel was called back."""
    parcels.leave(timedelta(hours=60))
    named = _come(door, "late", "late_asked", "late_printed", "moving", "moving_asked", "uncollected")
    named["lost"] = parcels.at("ARRIVAL", "DEPARTURE")
    hand_over(door, people, named["uncollected"], "YT7000000010100")
    ships(door, named["uncollected"], "YT7000000010100")
    for each in ("lost", "uncollected"):
        door.platform.do("parcel.stops", order_sn=named[each])
    parcels.leave(timedelta(hours=40))
    named["turned"] = parcels.at("ARRIVAL", "DEPARTURE")
    withdrawn = str(door.platform.do("buyer.asks", order_sn=named["turned"])["after_sales_id"])
    door.platform.do("seller.recalls", order_sn=named["turned"])
    door.platform.do("buyer.withdraws", order_sn=named["turned"])
    parcels.leave(timedelta(hours=20))
    ships(door, named["moving"], "YT7000000010101")
    ships(door, named["moving_asked"], "YT7000000010102")
    return named, withdrawn


def _today(door: Door) -> dict[str, str]:
    """What came this morning."""
    until(door, timedelta(hours=3))
    shipping = ("fresh", "asked", "printed_asked", "left", "left_asked", "uploaded", "uploaded_asked", "said", "said_asked", "shown")
    named = _come(door, *shipping, "short", "short_asked", "asked_about", "approved", "disputed", "refused", "repaid", "agreed")
    door.asks(named["repaid"])  # so early that the platform pays at once
    until(door, timedelta(minutes=10))
    return named


def _come(door: Door, *names: str) -> dict[str, str]:
    return dict(zip(names, door.orders(len(names)), strict=True))


def _printed_and_left(door: Door, people: Cast, named: dict[str, str]) -> None:
    """How far each came on its way out, in the house and on the platform."""
    for number, each in enumerate(("late_printed", "printed_asked", "shown"), 10201):
        print_label(door, people, named[each], f"YT70000000{number}")
    for number, each in enumerate(("left", "left_asked", "uploaded", "uploaded_asked"), 10301):
        hand_over(door, people, named[each], f"YT70000000{number}")
    numbers = {"uploaded": 10303, "uploaded_asked": 10304, "shown": 10203, "said": 10401, "said_asked": 10402, "refused": 10403}
    for each, number in numbers.items():
        ships(door, named[each], f"YT70000000{number}")


def _kept_back(door: Door, people: Cast, named: dict[str, str]) -> None:
    """What may not leave, for want of goods or by the platform's leave."""
    sells_out(door, named["short"])
    sells_out(door, named["short_asked"])
    both = [named["asked_about"], named["approved"]]
    assert set(ask(door.house, people.zhou, door.shop_id, both, "同一人重复下单", door.now).values()) == {None}
    assert set(answer(door.house, people.zhou, door.shop_id, both[1:], door.now, is_approved=True).values()) == {None}


def _on_the_way(door: Door, parcels: Parcels, named: dict[str, str]) -> Iterator[tuple[str, Stand]]:
    """Parcels of which the carrier is asked."""
    found = {"at_the_door": parcels.at("SENT_SCAN"), "at_point": parcels.at("STORED"), "delivered": parcels.at("SIGN")}
    for order_no in (*found.values(), *(named[each] for each in ("moving", "moving_asked", "lost", "turned", "uncollected"))):
        follow(door, order_no)
    signed = parcels.at("SIGN")
    assert read_again(door.house, door.shop_id, "order", signed, door.now, door.wall)  # it counts as received, and nobody asked its carrier
    yield from ((leaf, (order_no, GOODS)) for leaf, order_no in found.items())
    yield "confirmed", (signed, GOODS)
    yield "ask_problem", (found["delivered"], MONEY)


def _cases(door: Door, named: dict[str, str]) -> Iterator[tuple[str, Stand]]:
    """Cases of orders that are not there yet."""
    (at_once,) = door.orders()
    door.asks(at_once)  # the platform pays at once; some minutes later the money is there
    for each in ("disputed", "refused", "agreed"):
        door.asks(named[each])
    for deed, each in (("platform.steps_in", "disputed"), ("seller.agrees_if_refused", "refused")):
        case_no = str(door.platform.do(deed, order_sn=named[each])["after_sales_id"])
        assert door.reads(case_no, named[each])
    assert door.reads(_case_of(door, named["repaid"]), named["repaid"])
    door.put(ActKind.REFUND_AGREE, ActLevel.SUGGEST)
    door.sends(_case_of(door, named["agreed"]))
    door.later(timedelta(minutes=6))
    door.works()  # the platform has taken it, and has not told of it yet
    assert door.happened(ActKind.REFUND_AGREE, order_sn=named["agreed"]) == 1
    yield "paid_back", (at_once, GOODS)
    yield "refunded", (named["repaid"], GOODS)
    yield "with_platform", (named["disputed"], GOODS)
    yield "to_refuse", (named["refused"], GOODS)
    yield "case_unclear", (named["agreed"], GOODS)


def _returns(door: Door, parcels: Parcels) -> Iterator[tuple[str, Stand]]:
    """Cases of orders that are there, of whose money the buyer asks."""
    yield "case_asked", (_received(door, parcels, 2), MONEY)
    yield "rejected", (_received(door, parcels, 2, "seller.rejects"), MONEY)
    yield "to_send_back", (_received(door, parcels, 2, "seller.lets_return"), MONEY)
    yield "on_way_back", (_received(door, parcels, 2, "seller.lets_return", "buyer.sends_back"), MONEY)
    back = _received(door, parcels, 2, "seller.lets_return", "buyer.sends_back", "return.arrives")
    number = door.our_cases()[_case_of(door, back)].return_tracking_no  # the platform tells no traces of returns: a person pastes the carrier's
    paste_scans(door.house, door.by, door.shop_id, back, f"{in_shanghai(door.now):%Y-%m-%d %H:%M:%S} 快件已签收", door.now, tracking_no=number)
    yield "back_here", (back, MONEY)
    yield "goods_again", (_received(door, parcels, 4), MONEY)
    yield "goods_sent", (_received(door, parcels, 4, "seller.replaces"), MONEY)


def _received(door: Door, parcels: Parcels, kind: int, *deeds: str) -> str:
    """An order that its buyer has, with a case of this kind after these deeds."""
    order_no = parcels.at("SIGN")
    follow(door, order_no)
    case_no = door.asks(order_no, kind)
    for deed in deeds:
        door.platform.do(deed, order_sn=order_no)
    assert door.reads(case_no, order_no)
    return order_no


def follow(door: Door, order_no: str) -> None:
    """The order and its parcel, as the platform tells of them now."""
    assert read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)
    number = door.our_orders()[order_no].tracking_no
    assert number is not None
    read_again(door.house, door.shop_id, "parcel", number, door.now, door.wall)


def hand_over(door: Door, people: Cast, order_no: str, number: str) -> None:
    """老周 prints the order's label and gives the parcel to the carrier; nobody uploads its number."""
    print_label(door, people, order_no, number)
    assert all(outcome.done for outcome in handed_over(door.house, people.zhou, people.shop_id, [order_no], door.now))
    assert read_again(door.house, people.shop_id, "order", order_no, door.now, door.wall)


def ships(door: Door, order_no: str, number: str) -> None:
    """The number is uploaded."""
    door.platform.ship(order_no, number)
    assert read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)


def print_label(door: Door, people: Cast, order_no: str, number: str) -> None:
    """老周 prints the order's label."""
    assert all(outcome.done for outcome in may_print(door.house, people.zhou, people.shop_id, [order_no], door.now))
    printed(door.house, people.zhou, people.shop_id, [PrintedPaper(order_no, "圆通快递", number)], door.now)


def sells_out(door: Door, order_no: str) -> None:
    """Nothing is left of what this order is about: whoever is due before it gets the last."""
    with door.house.pool.connection() as tx:
        skus = [row.sku for row in order_goods.of_orders(tx, door.shop_id, [order_no])]
        others = sum(sums.reserved for sums in stock.sums(tx, door.shop_id, skus).values())
    assert len(skus) == 1
    count_stock(door.house, door.by, door.shop_id, [Count(skus[0], max(0, others - 1))], door.now)


def _case_of(door: Door, order_no: str) -> str:
    (case_no,) = (case_no for case_no, case in door.our_cases().items() if case.order_no == order_no)
    return case_no
