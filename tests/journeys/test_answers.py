"""The emulator's buyers chase, and want their money; a rep follows the way to each answer with the eye, and the buyers find nothing wrong in what is said."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from tests.journeys.chased import BEGINS, NOT_TO_BE_HAD, Stand, chase_leaves, hand_over, stands
from tests.journeys.conftest import DESK, NOW, PHONE, Site, Visitor
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.house import House
from zhanggui.actions.planning.settling import set_plan_terms
from zhanggui.actions.scripts.conceding import set_limit
from zhanggui.actions.shops import set_shop_setting
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.chats.shapes import Who
from zhanggui.core.money import Fen
from zhanggui.core.planning.hours import OpenHours
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.scripting.conceding import Limit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TUESDAY = 2


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
                order_no=self.orders.get(message["conversation_id"]),
            )
            taken = take_message(self.door.house, self.people.mei, self.door.shop_id, incoming, self.door.now)
            paths[message["conversation_id"]] = f"/shops/{self.door.shop_id}/threads/{taken.thread_no}"
        return paths

    def begins_without_order(self) -> str:
        """Somebody chases the shipping from the shop's own page: the service tool does not know of which order. The path of the talk."""
        ident = self.begin("chase_shipping", *self.door.platform.new_orders())
        del self.orders[ident]
        self.door.later(timedelta(minutes=4))
        return self.come()[ident]

    def hears(self, ident: str, text: str) -> list[str]:
        """What the buyer finds wrong in an answer by how the order stands."""
        assert self.door.platform.http.post(f"/chats/{ident}/answers", json={"text": text, "rep": "小美"}).status_code == 200
        self.door.later(timedelta(minutes=3))
        return self.found_wrong(ident)

    def found_wrong(self, ident: str) -> list[str]:
        """What the buyer found wrong in the last answer."""
        (talk,) = [each for each in self.door.platform.state("chats") if each["conversation_id"] == ident]
        wrong: list[str] = talk["answers"][-1]["wrong"]
        return wrong

    def hear(self, said: Mapping[str, tuple[Stand, str]]) -> dict[str, list[str]]:
        """What the buyers find wrong in what is said to them, by its leaf; whoever is told several things hears one after the other."""
        begun: dict[str, str] = {}
        waiting: dict[str, list[tuple[str, str]]] = {}
        for leaf, ((order_no, want), text) in said.items():
            if order_no not in begun:
                begun[order_no] = self.begin(want, order_no)
            waiting.setdefault(begun[order_no], []).append((leaf, text))
        self.door.later(timedelta(minutes=4))
        wrong: dict[str, list[str]] = {}
        while waiting:
            now = {ident: lines.pop(0) for ident, lines in waiting.items()}
            for ident, (_, text) in now.items():
                assert self.door.platform.http.post(f"/chats/{ident}/answers", json={"text": text, "rep": "小美"}).status_code == 200
            self.door.later(timedelta(minutes=3))
            wrong |= {leaf: self.found_wrong(ident) for ident, (leaf, _) in now.items()}
            waiting = {ident: lines for ident, lines in waiting.items() if lines}
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
    hand_over(door, people, left, "YT7000000000001")
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


def test_every_answer_to_who_chases_is_reached_as_the_orders_stand(visitor: Callable[..., Visitor], house: House, site: Site, people: Cast) -> None:
    with running(quiet(start=(NOW - BEGINS).isoformat(), size={"goods": 24, "buyers": 5000})) as platform:
        door = Door(house, people.lin, people.shop_id, platform)
        orders = dict(stands(door, people))
        mei = visitor(people.mei, DESK)

        found = {expected: _answered(mei, people, stand) for expected, stand in orders.items()}
        set_shop_setting(house, people.lin, people.shop_id, "late_coupon", "3", NOW)
        set_limit(house, people.lin, people.shop_id, Limit(most_fen=Fen(500), most_percent=50), NOW)
        orders |= {"late_with_coupon": orders["late"], "late_no_hour": orders["late"], "no_hour": orders["ships_by"]}
        found["late_with_coupon"] = _answered(mei, people, orders["late_with_coupon"])
        set_plan_terms(house, people.lin, people.shop_id, PlanTerms(hours=OpenHours(weekdays=(TUESDAY,))), NOW)  # the story's day is a Saturday
        found |= {expected: _answered(mei, people, orders[expected]) for expected in ("no_hour", "late_no_hour")}
        talks = Talks(door, people)
        mei.goes_to(talks.begins_without_order())
        in_talk = leaves(mei)
        wrong = talks.hear({leaf: (orders[leaf], draft) for leaf, (_, draft) in found.items()})

    assert {expected: leaf for expected, (leaf, _) in found.items()} == {expected: expected for expected in orders}
    assert in_talk == ["which_order"]
    assert {*found, "which_order"} | set(NOT_TO_BE_HAD) == chase_leaves()
    assert set(found) & set(NOT_TO_BE_HAD) == set()
    unseen = ["other_number"]  # the buyer's screen does not show the number yet
    assert {leaf: each for leaf, each in wrong.items() if each} == {"number_missing": unseen, "number_missing_withdraw": unseen}


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
    assert leaves(lin) == ["money_look"]
    assert lin.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with lin.page.expect_navigation():
        lin.page.locator("[data-offer=refund_now] button").first.click()
    door.later(timedelta(minutes=10))  # the site's clock has gone on, the platform's stands
    door.works()

    assert door.happened(ActKind.REFUND_AGREE) == 1


def _answered(visit: Visitor, people: Cast, stand: Stand) -> tuple[str | None, str]:
    """The leaf that the page of an order's answers shows for what its buyer wants, and the words beside it."""
    order_no, want = stand
    visit.page.goto(f"{visit.address}/shops/{people.shop_id}/orders/{order_no}/answers?want={want}", wait_until="domcontentloaded")
    assert visit.page.locator("blockquote.draft").count() == 1
    return leaves(visit)[0], visit.page.locator("blockquote.draft").text_content() or ""
