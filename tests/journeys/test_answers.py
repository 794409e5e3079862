"""The emulator's buyers chase, and want their money; a rep follows the way to each answer with the eye, and the buyers find nothing wrong in what is said."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from tests.journeys.conftest import DESK, NOW, PHONE, Site, Visitor
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.dispatching import handed_over, may_print, printed
from zhanggui.actions.goods.changing import Count, count_stock
from zhanggui.actions.house import House
from zhanggui.actions.syncing import read_again
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.chats.shapes import Who
from zhanggui.core.dispatch import PrintedPaper
from zhanggui.records import order_goods, stock

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Talks:
    """Buyers of the emulated platform who begin to chat; a service tool brings their words into the house, and the reps' back."""

    def __init__(self, door: Door, people: Cast) -> None:
        self.door, self.people, self.seen = door, people, 0
        self.orders: dict[str, str] = {}

    def begin(self, want: str, order_no: str) -> str:
        """The id of the conversation about this order."""
        (ident,) = self.door.platform.do("buyer.talks", want=want, temper="calm", order_sn=order_no)["talks"]
        self.orders[ident] = order_no
        return str(ident)

    def come(self) -> dict[str, str]:
        """What they write comes in; by conversation the path of its talk in the inbox."""
        paths = {}
        for message in self.door.platform.http.get(f"/chats/next?after={self.seen}").json()["messages"]:
            self.seen = message["seq"]
            incoming = Incoming(
                message_id=message["message_id"],
                external_id=message["conversation_id"],
                who=Who.BUYER,
                name=message["nick"],
                said=message["text"],
                at=datetime.fromtimestamp(message["at"], UTC),
                order_no=self.orders[message["conversation_id"]],
            )
            taken = take_message(self.door.house, self.people.mei, self.door.shop_id, incoming, self.door.now)
            paths[message["conversation_id"]] = f"/shops/{self.door.shop_id}/threads/{taken.thread_no}"
        return paths

    def hears(self, ident: str, text: str) -> list[str]:
        """What the buyer finds wrong in an answer by how the order stands."""
        assert self.door.platform.http.post(f"/chats/{ident}/answers", json={"text": text, "rep": "小美"}).status_code == 200
        self.door.later(timedelta(minutes=3))
        (talk,) = [each for each in self.door.platform.state("chats") if each["conversation_id"] == ident]
        wrong: list[str] = talk["answers"][-1]["wrong"]
        return wrong


@pytest.fixture
def door(house: House, site: Site, people: Cast) -> Iterator[Door]:
    """The shop connected to an emulated platform that lives three hours before the story's moment."""
    with running(quiet(start=(NOW - timedelta(hours=3)).isoformat())) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def leaves(visit: Visitor) -> list[str | None]:
    return [way.get_attribute("data-leaf") for way in visit.page.locator("[data-leaf]").all()]


def test_a_rep_follows_the_way_to_what_each_buyer_is_answered(visitor: Callable[..., Visitor], door: Door, people: Cast) -> None:
    waits, asks, wants_money, left = door.orders(4)
    door.later(timedelta(hours=2, minutes=55))
    talks = Talks(door, people)
    begun = {
        "ships_by": talks.begin("chase_shipping", waits),
        "goods_or_money": talks.begin("chase_shipping", asks),
        "money_unshipped": talks.begin("refund", wants_money),
        "number_missing": talks.begin("chase_shipping", left),
    }
    door.asks(asks)
    door.asks(wants_money)
    _hand_over(door, people, left, "YT7000000000001")
    door.later(timedelta(minutes=4))
    paths = talks.come()
    mei = visitor(people.mei, DESK)

    said, wrong = {}, {}
    for expected, ident in begun.items():
        mei.goes_to(paths[ident])
        expect(mei.page.locator(".way .path li")).not_to_have_count(0)
        if expected not in leaves(mei):  # it was not clear from the words alone; the rep, who reads them, goes by the order
            mei.goes_to(f"/shops/{people.shop_id}/orders/{talks.orders[ident]}/answers")
        assert expected in leaves(mei)
        said[expected] = mei.page.locator("blockquote.draft").nth(leaves(mei).index(expected)).text_content() or ""
        wrong[expected] = talks.hears(ident, said[expected])

    assert "前发货" in said["ships_by"]
    assert "继续要商品，还是退款" in said["goods_or_money"]
    assert "前同意退款" in said["money_unshipped"]
    assert "已经交给" in said["number_missing"]
    assert wrong == {
        "ships_by": [],
        "goods_or_money": [],
        "money_unshipped": [],
        "number_missing": ["other_number"],
    }  # the buyer's screen does not show the number yet


def test_every_answer_to_who_chases_shipping_is_reached_as_the_orders_stand(visitor: Callable[..., Visitor], house: House, site: Site, people: Cast) -> None:
    with running(quiet(start=(NOW - timedelta(hours=60)).isoformat())) as platform:
        door = Door(house, people.lin, people.shop_id, platform)
        stands = _stands(door, people)
        mei = visitor(people.mei, DESK)

        found = {}
        for expected, (order_no, want) in stands.items():
            mei.page.goto(f"{mei.address}/shops/{people.shop_id}/orders/{order_no}/answers?want={want}", wait_until="domcontentloaded")
            found[expected] = leaves(mei)[0]
            assert mei.page.locator("blockquote.draft").count() == 1

    assert found == {expected: expected for expected in stands}


def test_what_to_answer_stands_beside_an_order_too_and_the_refund_is_sent_from_there(visitor: Callable[..., Visitor], door: Door, people: Cast) -> None:
    (order_no,) = door.orders(1)
    door.later(timedelta(hours=3))
    door.asks(order_no)
    door.put(ActKind.REFUND_AGREE, ActLevel.SUGGEST)
    lin = visitor(people.lin, PHONE)
    lin.goes_to(f"/shops/{people.shop_id}/orders/{order_no}")

    with lin.page.expect_navigation(url="**/answers"):
        lin.page.keyboard.press("a")
    assert leaves(lin) == ["goods_or_money"]
    with lin.page.expect_navigation():
        lin.page.get_by_role("link", name="要退款或取消").click()
    assert leaves(lin) == ["money_unshipped"]
    assert lin.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with lin.page.expect_navigation():
        lin.page.locator("[data-offer=refund_now] button").first.click()
    door.later(timedelta(minutes=10))  # the site's clock has gone on, the platform's stands
    door.works()

    assert door.happened(ActKind.REFUND_AGREE) == 1


def _hand_over(door: Door, people: Cast, order_no: str, number: str) -> None:
    """老周 prints the order's label and gives the parcel to the carrier; nobody uploads its number."""
    _print(door, people, order_no, number)
    assert all(outcome.done for outcome in handed_over(door.house, people.zhou, people.shop_id, [order_no], door.now))
    assert read_again(door.house, people.shop_id, "order", order_no, door.now, door.wall)


def _stands(door: Door, people: Cast) -> dict[str, tuple[str, str]]:
    """An order for each answer to a chase, and what its buyer wants."""
    goods, money = "chase_shipping", "refund"
    late, late_asked, late_printed, moving, moving_asked = door.orders(5)
    door.later(timedelta(hours=40))
    _ships(door, moving, "YT7000000000101")
    _ships(door, moving_asked, "YT7000000000102")
    door.later(timedelta(hours=17))
    fresh, asked, printed_asked, left, left_asked, uploaded, uploaded_asked, short = door.orders(8)
    for number in ("YT7000000000101", "YT7000000000102"):
        assert read_again(door.house, door.shop_id, "parcel", number, door.now, door.wall)
    door.later(timedelta(hours=2, minutes=50))
    _print(door, people, late_printed, "YT7000000000201")
    _print(door, people, printed_asked, "YT7000000000202")
    for place, order_no in enumerate((left, left_asked, uploaded, uploaded_asked)):
        _hand_over(door, people, order_no, f"YT700000000030{place}")
    _ships(door, uploaded, "YT7000000000302")
    _ships(door, uploaded_asked, "YT7000000000303")
    for order_no in (late_asked, late_printed, asked, printed_asked, left_asked, uploaded_asked, moving_asked):
        door.asks(order_no)
    _sells_out(door, short)
    return {
        "ships_by": (fresh, goods),
        "late": (late, goods),
        "out_of_stock": (short, goods),
        "goods_or_money": (asked, goods),
        "number_missing": (left, goods),
        "number_missing_withdraw": (left_asked, goods),
        "handed_over": (uploaded, goods),
        "handed_over_withdraw": (uploaded_asked, goods),
        "moves": (moving, goods),
        "moves_withdraw": (moving_asked, goods),
        "money_unshipped_ask": (fresh, money),
        "money_unshipped": (asked, money),
        "money_label": (printed_asked, money),
        "money_late_ask": (late, money),
        "money_late": (late_asked, money),
        "money_label_late": (late_printed, money),
        "money_number_missing_ask": (left, money),
        "money_number_missing": (left_asked, money),
        "money_handed_ask": (uploaded, money),
        "money_handed": (uploaded_asked, money),
        "money_moves_ask": (moving, money),
        "money_moves": (moving_asked, money),
    }


def _ships(door: Door, order_no: str, number: str) -> None:
    door.platform.ship(order_no, number)
    assert read_again(door.house, door.shop_id, "order", order_no, door.now, door.wall)


def _print(door: Door, people: Cast, order_no: str, number: str) -> None:
    assert all(outcome.done for outcome in may_print(door.house, people.zhou, people.shop_id, [order_no], door.now))
    printed(door.house, people.zhou, people.shop_id, [PrintedPaper(order_no, "圆通快递", number)], door.now)


def _sells_out(door: Door, order_no: str) -> None:
    """Nothing is left of what this order is about: whoever is due before it gets the last."""
    with door.house.pool.connection() as tx:
        skus = [row.sku for row in order_goods.of_orders(tx, door.shop_id, [order_no])]
        others = sum(sums.reserved for sums in stock.sums(tx, door.shop_id, skus).values())
    assert len(skus) == 1
    count_stock(door.house, door.by, door.shop_id, [Count(skus[0], others - 1)], door.now)
