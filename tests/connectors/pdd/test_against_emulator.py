"""Every call against the emulator, which was written from the same documents by other hands."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from tests.emulator.caller import HOUR, Caller, quiet, running
from zhanggui.connectors.pdd import aftersales, logistics, messages, orders, shipping, shop, tokens
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.case_facts import case_sighting, doubt_of
from zhanggui.connectors.pdd.doors import App, doors_of
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.order_facts import order_sighting
from zhanggui.connectors.pdd.scan_facts import scan_sightings
from zhanggui.core.facts import AftersaleState, OrderStage, RefundState, ScanStage

T = TypeVar("T")
NUMBER = "YT7600000000001"


class Shop:
    """An emulated shop, asked through our own line."""

    def __init__(self, platform: Caller) -> None:
        self.platform, self.line, self.token = platform, Line(), platform.access_token
        self.app = App(platform.line.client_id, platform.line.client_secret, doors_of(platform.line.gateway))

    def ask(self, call: Call[T]) -> T:
        return self.line.call(self.app, call, shop_key="a", access_token=self.token, now=datetime.now(UTC))

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.platform.now(), UTC)

    def trouble(self, call: Call[Any]) -> PlatformError:
        with pytest.raises(PlatformError) as problem:
            self.ask(call)
        return problem.value

    def asked_for(self, order_no: str, kind: int = 1) -> str:
        """A buyer asks for something; the number of the case."""
        return str(self.platform.do("buyer.asks", order_sn=order_no, kind=kind)["after_sales_id"])


@pytest.fixture
def seller() -> Iterator[Shop]:
    with running(quiet()) as platform:
        shop = Shop(platform)
        yield shop
        shop.line.close()


def test_it_reads_orders_by_both_lists_and_one_by_one(seller: Shop) -> None:
    numbers = seller.platform.new_orders(3)
    seller.platform.step(600)
    now = seller.now()

    by_update = seller.ask(orders.orders_updated(now - timedelta(minutes=30), now, 1, use_has_next=False))
    by_forming = seller.ask(orders.orders_confirmed(now - timedelta(hours=24), now, 1, 2, use_has_next=True))
    alone = order_sighting(seller.ask(orders.order_detail(numbers[0])))

    assert (by_update.total, by_update.has_next) == (3, False)
    assert (by_forming.total, by_forming.has_next, len(by_forming.orders)) == (None, True, 2)
    assert {order_sighting(each).facts.order_no for each in by_update.orders} == set(numbers)
    assert alone.facts in [order_sighting(each).facts for each in by_update.orders]
    assert alone.as_of == alone.facts.group_formed_at


def test_it_tells_an_order_as_the_emulator_s_own_truth_has_it(seller: Shop) -> None:
    number = seller.platform.new_orders()[0]
    seller.ask(shipping.ship(number, "85", NUMBER))

    facts = order_sighting(seller.ask(orders.order_detail(number))).facts
    truth = seller.platform.order(number)

    assert facts.pay_amount == round(truth["pay_amount"] * 100)
    assert (facts.stage, facts.carrier, facts.tracking_no) == (OrderStage.SHIPPED, "圆通快递", NUMBER)
    assert facts.shipped_at == seller.now()


def test_it_follows_a_parcel(seller: Shop) -> None:
    number = seller.platform.new_orders()[0]
    assert seller.ask(shipping.pre_check(number, "YTO", NUMBER)) is True
    seller.ask(shipping.ship(number, "85", NUMBER))
    assert seller.ask(logistics.trace("YTO", NUMBER)) == ()
    seller.ask(logistics.follow_trace("YTO", NUMBER))

    seller.platform.step(10 * 24 * HOUR)
    nodes = seller.ask(logistics.trace("YTO", NUMBER))
    scans = scan_sightings(nodes, tracking_no=NUMBER, carrier="圆通快递")

    assert scans[0].facts.stage is ScanStage.PICKED_UP
    assert scans[-1].facts.stage is ScanStage.DELIVERED
    assert ScanStage.UNKNOWN not in {scan.facts.stage for scan in scans}


def test_it_reads_a_case_by_list_and_by_itself_alike(seller: Shop) -> None:
    number = seller.platform.new_orders()[0]
    seller.ask(shipping.ship(number, "85", NUMBER))
    seller.platform.step(3 * HOUR)
    case_no, now = seller.asked_for(number), seller.now()

    by_state = seller.ask(aftersales.refunds_updated(2, now - timedelta(minutes=30), now, 1))
    by_order = seller.ask(aftersales.refunds_of_order(number, now))
    alone = seller.ask(aftersales.refund_detail(number, case_no))
    joined = case_sighting(by_state.cases[0], alone).facts

    assert (by_state.total, by_order.total) == (1, 1)
    assert case_sighting(listed=by_order.cases[0]) == case_sighting(listed=by_state.cases[0])
    assert case_sighting(listed=by_state.cases[0]).as_of == case_sighting(detailed=alone).as_of == now
    assert doubt_of(by_state.cases[0], alone) is None
    assert (joined.case_no, joined.state, joined.shipped, joined.applied_at) == (case_no, AftersaleState.SELLER_TO_ANSWER, True, now)
    assert joined.expire_at == now + timedelta(hours=36)
    assert seller.ask(aftersales.status_check([number])) == {number}


def test_a_case_that_moves_dates_its_order_anew_in_the_emulator(seller: Shop) -> None:
    number = seller.platform.new_orders()[0]
    seller.platform.step(3 * HOUR)
    before = order_sighting(seller.ask(orders.order_detail(number)))

    case_no = seller.asked_for(number)
    asked = order_sighting(seller.ask(orders.order_detail(number)))
    seller.platform.step(60)
    seller.ask(shipping.agree_refund(number, case_no))
    agreed = order_sighting(seller.ask(orders.order_detail(number)))

    assert [before.facts.refund, asked.facts.refund, agreed.facts.refund] == [RefundState.NONE, RefundState.OPEN, RefundState.REFUNDING]
    assert before.as_of is not None
    assert [asked.as_of, agreed.as_of] == [before.as_of + timedelta(hours=3), before.as_of + timedelta(hours=3, seconds=60)]


def test_it_agrees_to_a_refund_once_and_hears_why_not_twice(seller: Shop) -> None:
    number = seller.platform.new_orders()[0]
    seller.platform.step(3 * HOUR)
    case_no = seller.asked_for(number)

    seller.ask(shipping.agree_refund(number, case_no, "同意"))
    again = seller.trouble(shipping.agree_refund(number, case_no, "同意"))
    seller.platform.step(HOUR)

    assert (again.code, again.sub_code, again.trouble, again.may_have_acted) == (50001, "AFTER_SALES_STATUS_CHANGED", Trouble.PERSON, False)
    assert case_sighting(detailed=seller.ask(aftersales.refund_detail(number, case_no))).facts.state is AftersaleState.REFUNDED
    assert order_sighting(seller.ask(orders.order_detail(number))).facts.stage is OrderStage.CANCELLED
    assert len(seller.platform.ledger(effect="refund.agreed")) == 1


def test_it_follows_a_return_to_our_door(seller: Shop) -> None:
    number = seller.platform.new_orders()[0]
    seller.ask(shipping.ship(number, "85", NUMBER))
    seller.platform.step(10 * 24 * HOUR)
    case_no = seller.asked_for(number, kind=2)
    address = next(each for each in seller.ask(aftersales.refund_addresses()) if each.is_default)

    seller.ask(shipping.agree_return(number, case_no, "请寄回", address.address_id))
    agreed = case_sighting(detailed=seller.ask(aftersales.refund_detail(number, case_no))).facts
    seller.platform.do("buyer.sends_back", after_sales_id=int(case_no))
    sent = case_sighting(detailed=seller.ask(aftersales.refund_detail(number, case_no))).facts

    assert (agreed.state, agreed.return_tracking_no) == (AftersaleState.BUYER_TO_SEND, None)
    assert sent.state is AftersaleState.SELLER_TO_RECEIVE
    assert sent.return_tracking_no is not None


def test_it_does_every_other_act(seller: Shop) -> None:
    first, second = seller.platform.new_orders(2)
    seller.platform.step(3 * HOUR)
    case_no = seller.asked_for(second)

    seller.ask(shipping.note_order(first, "易碎", 2, "脆"))
    seller.ask(shipping.report_printed(first, "85", NUMBER))
    seller.ask(shipping.ship(first, "85", NUMBER))
    seller.ask(shipping.ship(first, "115", "76000000000001", redelivery=True))
    seller.ask(shipping.extra_parcels(first, [("85", "YT7600000000002")]))
    seller.ask(shipping.cancel_sending(second, case_no, held_back=True, amount=None, at=seller.now()))
    seller.ask(messages.permit_messages())

    told = order_sighting(seller.ask(orders.order_detail(first))).facts
    effects = [effect.split(":")[0] for entry in seller.platform.ledger(changed="1") for effect in entry["effects"]]
    assert (told.seller_note, told.carrier, told.tracking_no) == ("易碎", "中通快递", "76000000000001")
    assert effects == ["order.noted", "order.printed", "order.shipped", "order.reshipped", "order.extra_parcels", "sending.cancelled", "stream.permitted"]


def test_it_reads_the_shop_its_carriers_and_the_clock(seller: Shop) -> None:
    assert seller.ask(shop.platform_time()) == seller.now()
    assert seller.ask(shop.mall_info()).owner_id == seller.platform.line.shop_id
    carriers = seller.ask(logistics.companies())
    assert (carriers.by_id["384"].name, carriers.by_code["JTSD"].id) == ("极兔速递", "384")
    unknown = seller.ask(orders.order_status(["260101-123456789012345"]))[0]
    assert (unknown.is_ours, unknown.stage) == (False, OrderStage.UNKNOWN)


def test_it_refreshes_a_token(seller: Shop) -> None:
    token = seller.ask(tokens.token_from_refresh(seller.platform.line.refresh_token))
    old = seller.trouble(shop.mall_info())
    seller.token = token.access_token

    assert token.owner_id == seller.platform.line.shop_id
    assert token.expires_in is not None
    assert token.expires_in > timedelta(days=300)
    assert (old.trouble, old.do) == (Trouble.TOKEN, "connect")
    assert seller.ask(shop.mall_info()).owner_id == token.owner_id


@pytest.mark.parametrize(
    ("call", "trouble", "code"),
    [
        (lambda: orders.order_detail("260101-123456789012345"), Trouble.FOREVER, 45001),
        (lambda: aftersales.refund_detail("260101-123456789012345", "1"), Trouble.FOREVER, 45001),
        (lambda: tokens.token_from_code("stale"), Trouble.TOKEN, None),
        (lambda: logistics.follow_trace("NONE", "1"), Trouble.PERSON, 50001),
    ],
)
def test_it_hears_why_it_was_refused(seller: Shop, call: Callable[[], Call[Any]], trouble: Trouble, code: int | None) -> None:
    problem = seller.trouble(call())

    assert problem.trouble is trouble or code is None
    assert code in (None, problem.code)
    assert problem.request_id


@pytest.mark.parametrize(
    ("mood", "trouble", "may_have_acted"),
    [
        ({"server_error": 1.0}, Trouble.RETRY, True),
        ({"cut_before": 1.0}, Trouble.RETRY, True),
        ({"cut_after": 1.0}, Trouble.RETRY, True),
        ({"broken_json": 1.0}, Trouble.RETRY, True),
        ({"too_often": 1.0}, Trouble.SLOW_DOWN, False),
        ({"method_full": 1.0}, Trouble.SLOW_DOWN, False),
        ({"busy_inside": 1.0}, Trouble.RETRY, False),
        ({"token_expires": 1.0}, Trouble.TOKEN, False),
    ],
)
def test_it_bears_every_mood(seller: Shop, mood: dict[str, float], trouble: Trouble, may_have_acted: bool) -> None:
    number = seller.platform.new_orders()[0]
    seller.platform.mood(**mood)

    problem = seller.trouble(shipping.ship(number, "85", NUMBER))

    assert (problem.trouble, problem.may_have_acted) == (trouble, may_have_acted)


def test_it_bears_that_clocks_go_wrong_and_are_set_right_again(seller: Shop) -> None:
    told = []
    for mood in ("skewed", "fair", "skewed", "fair"):
        seller.platform.mood(name=mood, clock_skew_seconds=900 if mood == "skewed" else 0)
        told.append(seller.ask(shop.platform_time()))

    assert len(told) == 4


def test_it_keeps_a_strange_word_visible(seller: Shop) -> None:
    number = seller.platform.new_orders()[0]
    seller.platform.mood(strange_word=1.0)

    told = [order_sighting(seller.ask(orders.order_detail(number))).facts for _ in range(3)]

    assert all(each.stage is OrderStage.UNKNOWN or each.refund is RefundState.UNKNOWN for each in told if "97" in f"{each.status_text}{each.refund_text}")
    assert any("97" in f"{each.status_text}{each.refund_text}" for each in told)
