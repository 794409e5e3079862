"""What to answer, on the page of an order and in the inbox: the way, the words, and the coupon written down from beside it."""

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from tests.workbench.shop_files import LATE
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.house import House
from zhanggui.actions.scripts.conceding import set_limit
from zhanggui.actions.shops import set_shop_setting
from zhanggui.core.chats.shapes import Who
from zhanggui.core.money import Fen
from zhanggui.core.scripting.conceding import Limit


def test_the_coupon_for_who_waited_is_offered_and_written_down_once(lin: Seat, stocked: str, house: House, people: Cast) -> None:
    set_shop_setting(house, people.lin, people.shop_id, "late_coupon", "3", NOW)
    set_limit(house, people.lin, people.shop_id, Limit(most_fen=Fen(500), most_percent=50), NOW)
    path = f"/shops/{people.shop_id}/orders/{LATE}/answers"
    incoming = Incoming(message_id="1", external_id="c1", who=Who.BUYER, name="王小明", said="什么时候发货", at=NOW, order_no=LATE)
    thread = take_message(house, people.mei, people.shop_id, incoming, NOW).thread_no

    offered, in_talk = lin.get(path).text, lin.get(f"/shops/{people.shop_id}/threads/{thread}").text
    fields = {"order_no": LATE, "kind": "coupon_given", "sum": "3.0", "note": "补偿久等"}
    kept = lin.send_form(f"/shops/{people.shop_id}/concessions", fields, page=path)

    assert 'data-leaf="late_with_coupon"' in offered
    assert 'data-leaf="late_with_coupon"' in in_talk
    assert 'name="sum" value="3.0"' in offered
    assert kept.status_code == 303
    assert 'data-leaf="late"' in lin.get(path).text


def test_every_want_has_its_answer_and_a_strange_one_the_first(lin: Seat, stocked: str, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/orders/{LATE}/answers"

    assert 'data-leaf="money_late_ask"' in lin.get(f"{path}?want=refund").text
    assert 'data-leaf="late"' in lin.get(f"{path}?want=nothing").text
    assert 'data-leaf="money_late_ask"' in lin.get(f"{path}?want=chase_shipping&money=1").text
    assert lin.get(f"/shops/{people.shop_id}/orders/999999-999999999999999/answers").status_code == 404
