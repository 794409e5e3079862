"""Quick replies: filled with what is true of the order, and not offered where it is not."""

from tests.actions.files import ONE, TWO
from tests.actions.scripts.conftest import NOW
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.scripts import quick_replies, scripts_of, used
from zhanggui.actions.scripts.replying import QuickReply
from zhanggui.records import scripts


def replies(house: House, people: Cast, situation: str, order_no: str | None = None) -> dict[str, QuickReply]:
    return {each.script_id: each for each in quick_replies(house, people.mei, people.shop_id, situation=situation, order_no=order_no, now=NOW)}


def test_it_promises_an_order_to_ship_the_moment_it_has_to_leave_by(stocked: House, people: Cast) -> None:
    found = replies(stocked, people, "chase_shipping", ONE)

    assert list(found) == ["chase_in_time", "chase_late"]
    draft = found["chase_in_time"].draft
    assert draft is not None
    assert draft.zh == "看到您在等了。您的坚果礼盒在待发货队列里，3月3日10点前发出，发出后单号会显示在订单里。"
    assert found["chase_late"].draft is None
    assert not found["chase_late"].fits


def test_it_offers_nothing_about_shipping_where_the_order_has_left(stocked: House, people: Cast) -> None:
    waits, left = replies(stocked, people, "chase_shipping", TWO), replies(stocked, people, "chase_delivery", TWO)

    assert [each.draft for each in waits.values()] == [None, None]
    draft = left["where_no_scan"].draft
    assert draft is not None
    assert "圆通快递单号YT2222222222" in draft.zh


def test_it_names_what_is_missing_instead_of_leaving_a_hole(stocked: House, people: Cast) -> None:
    found = replies(stocked, people, "invoice", ONE)["invoice_how"]

    assert (found.draft, found.missing) == (None, ("invoice",))


def test_it_finds_replies_by_words(stocked: House, people: Cast) -> None:
    found = quick_replies(stocked, people.mei, people.shop_id, search="退货 运费", now=NOW)

    assert "return_freight" in {each.script_id for each in found}


def test_it_writes_down_which_version_was_used(stocked: House, people: Cast) -> None:
    with stocked.pool.connection() as tx:
        version = scripts_of(tx, people.shop_id, NOW).by_id["chase_in_time"].version
        used(tx, people.mei, people.shop_id, "chase_in_time", order_no=ONE, now=NOW)
        nothing = used(tx, people.mei, people.shop_id, "typed_by_hand", now=NOW)
        (row,) = scripts.uses(tx, people.shop_id, NOW, 10)

    assert (version, nothing) == (0, None)
    assert (row.script_id, row.version, row.rep, row.order_no, row.refund_asked) == ("chase_in_time", 0, "小美", ONE, False)
