"""The answers over a real house: the facts as they are stored, the hour by the queue and the pickups, and what may be sent from beside an answer."""

from datetime import timedelta

import msgspec
import pytest

from tests.actions.dispatching.warehouse import START, Warehouse, number_of
from tests.cast import Cast
from zhanggui.actions.answers import answers_for
from zhanggui.actions.carrier_choice.settling import name_carrier, set_visits
from zhanggui.actions.conversations.bridging import Incoming, answered, take_message
from zhanggui.actions.conversations.threading import link_order
from zhanggui.actions.dispatching import handed_over, packed
from zhanggui.actions.goods.changing import Count, count_stock
from zhanggui.actions.house import House
from zhanggui.actions.inbox.saying import give_answer
from zhanggui.actions.outbox import set_limits
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.planning.settling import set_plan_terms
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts.conceding import Conceding, concede, set_limit
from zhanggui.actions.shops import set_shop_setting
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.answers import Answer
from zhanggui.core.chats.shapes import Who
from zhanggui.core.intents.kinds import Intent, Wanted
from zhanggui.core.money import Fen
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.promises.shapes import PromiseKind
from zhanggui.core.scripting.conceding import Concession, Limit
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import concessions
from zhanggui.records.concessions import NewConcession

ONE, LATE, ASKED, EARLIER = (f"260302-10000000000000{number}" for number in range(1, 5))
HOUR = timedelta(hours=1)


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """An order due tomorrow morning, an overdue one, one whose money is asked back; the carrier comes at 11:00 and 17:00."""
    made = Warehouse(house, people)
    made.comes(ONE, ship_by=START + 25 * HOUR, title="坚果礼盒", sku_id="7001", goods_id="901", quantity=1)
    made.comes(LATE, ship_by=START - HOUR, title="坚果礼盒")
    made.comes(ASKED, ship_by=START + 20 * HOUR, title="坚果礼盒")
    made.asks_back(ASKED)
    name_carrier(house, people.lin, people.shop_id, "圆通", made.now, is_used=True)
    set_visits(house, people.lin, people.shop_id, "圆通快递", "11:00, 17:00", "1234567", made.now)
    return made


def asked(shop: Warehouse, order_no: str | None, *intents: Intent) -> Answer:
    """The first answer to these wants, for 小美."""
    wants = [Wanted(intent, 0.9, sure=True) for intent in intents]
    return answers_for(shop.house, shop.people.mei, shop.shop_id, shop.now, wants=wants, order_no=order_no)[0]


def test_it_promises_the_pickup_that_the_order_is_ready_for(shop: Warehouse) -> None:
    found = asked(shop, ONE, Intent.CHASE_SHIPPING)

    assert found.leaf == "ships_by"
    assert found.promise is not None
    assert (found.promise.kind, found.promise.until) == (PromiseKind.SHIP, START + 2 * HOUR)
    assert found.draft is not None
    assert "3月2日上午11点前发货" in found.draft.zh


def test_it_promises_a_later_pickup_where_others_are_packed_first(shop: Warehouse, people: Cast) -> None:
    set_plan_terms(shop.house, people.lin, shop.shop_id, PlanTerms(people=1, pack_seconds=3600), shop.now)

    found = asked(shop, ONE, Intent.CHASE_SHIPPING)

    assert found.promise is not None
    assert found.promise.until == START + 8 * HOUR


def test_it_promises_nothing_where_the_order_cannot_be_packed_before_its_deadline(shop: Warehouse, people: Cast) -> None:
    set_plan_terms(shop.house, people.lin, shop.shop_id, PlanTerms(people=1, pack_seconds=3600), shop.now)
    shop.changes(ONE, ship_by=START + 5 * HOUR)

    found = asked(shop, ONE, Intent.CHASE_SHIPPING)

    assert found.leaf == "no_hour"
    assert found.promise is not None
    assert found.promise.kind is PromiseKind.REPLY


def test_it_promises_the_next_pickup_for_what_is_packed_whoever_else_waits(shop: Warehouse, people: Cast) -> None:
    shop.prints(ONE)
    packed(shop.house, shop.by, shop.shop_id, ONE, None, shop.now)
    set_plan_terms(shop.house, people.lin, shop.shop_id, PlanTerms(people=1, pack_seconds=3600), shop.now)

    found = asked(shop, ONE, Intent.CHASE_SHIPPING)

    assert found.promise is not None
    assert found.promise.until == START + 2 * HOUR


def test_that_nothing_is_printed_is_said_only_where_labels_are_printed_here(shop: Warehouse) -> None:
    elsewhere = asked(shop, ONE, Intent.ADDRESS_CHANGE)

    shop.prints(LATE)

    assert (elsewhere.leaf, asked(shop, ONE, Intent.ADDRESS_CHANGE).leaf) == ("address_ask", "address_before")


def test_it_offers_the_coupon_that_the_shop_allows_only_past_the_term(shop: Warehouse, people: Cast) -> None:
    set_shop_setting(shop.house, people.lin, shop.shop_id, "late_coupon", "3", shop.now)
    without_room = asked(shop, LATE, Intent.CHASE_SHIPPING)
    set_limit(shop.house, people.lin, shop.shop_id, Limit(most_fen=Fen(500), most_percent=50), shop.now)

    in_time, late = asked(shop, ONE, Intent.CHASE_SHIPPING), asked(shop, LATE, Intent.CHASE_SHIPPING)

    assert (without_room.leaf, in_time.leaf, late.leaf) == ("late", "ships_by", "late_with_coupon")
    assert late.draft is not None
    assert "3.00元的店铺优惠券" in late.draft.zh
    concede(shop.house, people.mei, shop.shop_id, Conceding(kind=Concession.COUPON, fen=Fen(300), order_no=LATE), shop.now)
    assert asked(shop, LATE, Intent.CHASE_SHIPPING).leaf == "late"


def test_it_offers_no_coupon_twice_in_one_talk_nor_where_the_words_were_sent(shop: Warehouse, people: Cast) -> None:
    set_shop_setting(shop.house, people.lin, shop.shop_id, "late_coupon", "3", shop.now)
    set_limit(shop.house, people.lin, shop.shop_id, Limit(most_fen=Fen(500), most_percent=50), shop.now)
    said = Incoming(message_id="m1", external_id="c1", who=Who.BUYER, said="在吗", name="快乐的鱼", at=shop.now)
    thread_no = take_message(shop.house, people.mei, shop.shop_id, said, shop.now).thread_no
    kind = Concession.COUPON.value
    given = NewConcession(goods_id="901", thread_no=thread_no, order_no=None, kind=kind, fen=300, note="", at=shop.now, made_by=people.mei.person_id)
    with shop.house.pool.connection() as tx:
        number = concessions.insert(tx, shop.shop_id, given)
    link_order(shop.house, people.mei, shop.shop_id, thread_no, LATE, shop.now)
    in_the_talk = asked(shop, LATE, Intent.CHASE_SHIPPING).leaf
    with shop.house.pool.connection() as tx:
        concessions.void(tx, shop.shop_id, number, None, shop.now)
    taken_back = asked(shop, LATE, Intent.CHASE_SHIPPING).leaf
    give_answer(shop.house, people.mei, shop.shop_id, thread_no, "送您一张3元的店铺优惠券", "answer_late_with_coupon", shop.now, shop.now)

    assert (in_the_talk, taken_back, asked(shop, LATE, Intent.CHASE_SHIPPING).leaf) == ("late", "late_with_coupon", "late")


def test_it_keeps_to_the_hour_that_this_buyer_was_promised(shop: Warehouse, people: Cast) -> None:
    said = Incoming(message_id="m1", external_id="c1", who=Who.BUYER, said="什么时候发货", name="快乐的鱼", at=shop.now, order_no=ONE)
    thread_no = take_message(shop.house, people.mei, shop.shop_id, said, shop.now).thread_no
    answered(shop.house, people.mei, shop.shop_id, thread_no, "您好，今天18点前发货", shop.now)

    found = asked(shop, ONE, Intent.CHASE_SHIPPING)

    assert found.promise is not None
    assert found.promise.until == START + 9 * HOUR


def test_a_coupon_is_a_sum_that_makes_sense(shop: Warehouse, people: Cast) -> None:
    for word in ("0", "-1", "drei", "100.01"):
        with pytest.raises(Refused):
            set_shop_setting(shop.house, people.lin, shop.shop_id, "late_coupon", word, shop.now)

    assert asked(shop, LATE, Intent.CHASE_SHIPPING).leaf == "late"


def test_it_says_that_nothing_is_left_where_the_shelf_is_short(shop: Warehouse, people: Cast) -> None:
    count_stock(shop.house, people.lin, shop.shop_id, [Count("7001", 0)], shop.now)

    assert asked(shop, ONE, Intent.CHASE_SHIPPING).leaf == "out_of_stock"


@pytest.mark.parametrize(("lying", "leaf"), [(1, "stock_kept"), (2, "stock_there")])
def test_it_offers_for_sale_only_what_no_order_has_taken(shop: Warehouse, people: Cast, lying: int, leaf: str) -> None:
    count_stock(shop.house, people.lin, shop.shop_id, [Count("7001", lying)], shop.now)

    assert asked(shop, ONE, Intent.STOCK).leaf == leaf
    assert asked(shop, ONE, Intent.CHASE_SHIPPING).leaf == "ships_by"


def test_it_enters_the_number_of_what_was_handed_over(shop: Warehouse) -> None:
    shop.prints(ONE)
    handed_over(shop.house, shop.by, shop.shop_id, [ONE], shop.now)

    goods, money = asked(shop, ONE, Intent.CHASE_SHIPPING), asked(shop, ONE, Intent.CHASE_SHIPPING, Intent.REFUND)

    assert (goods.leaf, money.leaf) == ("number_missing", "money_number_missing_ask")
    assert goods.draft is not None
    assert number_of(ONE) in goods.draft.zh


def test_a_refund_that_is_asked_for_can_be_sent_from_beside_the_answer(shop: Warehouse, people: Cast) -> None:
    for kind in (ActKind.SENDING_CANCEL, ActKind.REFUND_AGREE):
        limits = msgspec.structs.replace(act_terms()[kind].limits, level=ActLevel.SUGGEST)
        set_limits(shop.house, people.lin, shop.shop_id, kind, limits, shop.now)

    found = asked(shop, ASKED, Intent.REFUND)

    assert found.leaf == "money_look"  # no label of the shop was ever printed here
    refund = next(offer for offer in found.acts if offer.kind == "refund_now")
    assert {proposed.kind for proposed in refund.doors} == {ActKind.REFUND_AGREE}
    assert refund.todo is not None


def test_nothing_is_offered_to_be_sent_where_the_shop_lets_nothing_out(shop: Warehouse) -> None:
    found = asked(shop, ASKED, Intent.REFUND)

    assert [offer.doors for offer in found.acts] == [(), ()]


def test_it_answers_about_the_order_that_a_thread_is_about(shop: Warehouse, people: Cast) -> None:
    incoming = Incoming(message_id="1", external_id="c1", who=Who.BUYER, name="王小明", said="什么时候发货", at=shop.now, order_no=ONE)
    taken = take_message(shop.house, people.mei, shop.shop_id, incoming, shop.now)
    wants = [Wanted(Intent.CHASE_SHIPPING, 0.9, sure=True)]

    (found,) = answers_for(shop.house, people.mei, shop.shop_id, shop.now, wants=wants, thread_no=taken.thread_no)

    assert found.leaf == "ships_by"


def test_without_an_order_it_asks_which_one(shop: Warehouse) -> None:
    assert asked(shop, None, Intent.CHASE_SHIPPING).leaf == "which_order"
    assert asked(shop, "260302-999999999999999", Intent.CHASE_SHIPPING).leaf == "which_order"


def test_strangers_get_none(shop: Warehouse, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        answers_for(shop.house, people.zheng, shop.shop_id, shop.now, wants=[Wanted(Intent.THANKS, 1.0, sure=True)], order_no=ONE)
