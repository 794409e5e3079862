"""The page of parcels that went wrong: what waits to be asked about, awaited, called back, claimed, renumbered."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from tests.actions.cases.telling import case_told, order_told, platform_tells, scan_told
from tests.actions.dispatching.warehouse import Warehouse, number_of
from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from tests.workbench.stuck_parcels import HUB_ONE, HUB_TWO, LOST, NO_PICKUP, stuck_shop
from zhanggui.actions.dispatching import handed_over
from zhanggui.actions.house import House
from zhanggui.core.dispatch import DispatchState
from zhanggui.core.facts import AftersaleKind, AftersaleState, FurtherParcel, ParcelKind, ScanStage
from zhanggui.people.permissions import Person

VIEWS = ("chase", "waiting", "recalls", "claims", "numbers", "carriers")


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path, lin: Seat) -> str:
    """The path of the page, in a shop whose parcels stand still."""
    assert lin is not None  # the clock stands at the story's hour from here on
    stuck_shop(house, people, tmp_path, NOW)
    return f"/shops/{people.shop_id}"


def view(who: Seat, name: str, **more: str) -> httpx.Response:
    return who.get("/chase", params={"view": name, **more})


def sent_chase(who: Seat, shop: str) -> httpx.Response:
    page = view(who, "chase").text
    section = next(part for part in page.split("<section")[1:] if HUB_ONE in part)
    orders = re.findall(r'name="orders" value="([^"]+)"', section)
    message = unescape(re.findall(r'name="message" value="([^"]+)"', section)[0])
    return who.send_form(f"{shop}/chases", {"orders": orders, "message": message, "check_at": ""}, page="/chase")


def test_it_shows_every_list_also_to_whose_shop_is_empty(shop: str, mei: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    answers = [view(who, name).status_code for who in (mei, at_desk(people.zheng)) for name in VIEWS]

    assert answers == [200] * 12


def test_it_stands_in_the_bar(shop: str, mei: Seat) -> None:
    page = mei.get("/chase").text

    assert 'href="/chase"' in page
    assert "催件与理赔" in page
    assert mei.get("/chase?view=nothing").status_code == 404


def test_it_shows_the_further_parcels_that_stand_still(shop: str, mei: Seat, house: House, people: Cast) -> None:
    further = (FurtherParcel(ParcelKind.EXTRA, "中通快递", "78912345678901"),)
    order = order_told(NOW - timedelta(days=9), order_no="260301-999999999999999", tracking_no="YT7600000000099", further_parcels=further)
    picked_up = scan_told(NOW - timedelta(days=8), tracking_no="78912345678901", text="已揽收", stage=ScanStage.PICKED_UP)
    platform_tells(house, people.shop_id, [order, picked_up], NOW)

    page = view(mei, "chase").text

    section = next(part for part in page.split("<section")[1:] if "停滞的额外包裹" in part)
    assert re.findall(r'href="(/shops/[^"]+)"', section) == [f"{shop}/parcels/78912345678901", f"{shop}/orders/260301-999999999999999"]


def test_it_is_led_to_from_the_order(shop: str, mei: Seat) -> None:
    links = re.findall(r'href="(/chase\?view=[^"]+)"', mei.get(f"{shop}/orders/{HUB_ONE}").text)

    assert [unescape(link).split("&")[0] for link in links if "order=" in link] == [f"/chase?view={name}" for name in ("recalls", "claims", "numbers")]
    assert f'value="{HUB_ONE}"' in mei.get(unescape(links[0])).text


def test_it_marks_a_message_as_sent(shop: str, mei: Seat) -> None:
    answer = sent_chase(mei, shop)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/chase?view=chase&shop={shop.split('/')[2]}&done=sent")
    assert HUB_ONE not in view(mei, "chase").text
    waiting = view(mei, "waiting").text
    assert "3 个中 3 个未动" in waiting
    assert all(no in waiting for no in (HUB_ONE, HUB_TWO, LOST))
    assert "已向圆通快递上海转运中心催件（催件 1 号，共 3 个包裹）。" in mei.get(f"{shop}/orders/{HUB_ONE}").text


def test_it_asks_again_and_settles(shop: str, mei: Seat) -> None:
    sent_chase(mei, shop)

    again = mei.send_form(f"{shop}/chases/1/again", {"check_at": "2026-11-22 09:00"}, page="/chase")
    asked = view(mei, "waiting").text
    settled = mei.send_form(f"{shop}/chases/1/answer", {"answer": "明天派送", "settled": "1"}, page="/chase")

    assert (again.status_code, settled.status_code) == (303, 303)
    assert "已催 2 次" in asked
    assert "没有在等回复的催件。" in view(mei, "waiting").text


def test_it_leads_from_the_to_do_to_its_list(shop: str, mei: Seat) -> None:
    mei.send_form(f"{shop}/recalls", {"order_no": NO_PICKUP, "reason": "拍错了"}, page="/chase?view=recalls")

    assert f'href="/chase?view=recalls&amp;shop={shop.split("/")[2]}#recall-1"' in mei.get("/today").text


def test_it_calls_a_parcel_back_step_by_step(shop: str, mei: Seat) -> None:
    mei.send_form(f"{shop}/recalls", {"order_no": NO_PICKUP, "reason": "拍错了"}, page="/chase?view=recalls")
    begun = view(mei, "recalls").text
    for event in ("recall.tell", "recall.agree", "recall.receive"):
        form = {"event": event, "note": "网点小李", "fee": "4.5"}
        assert mei.send_form(f"{shop}/recalls/1/step", form, page="/chase?view=recalls").status_code == 303

    over = view(mei, "recalls", over="1").text

    assert "还划算。" in begun
    assert "还没通知快递" in mei.get("/today").text or "没有正在拦截的包裹。" in view(mei, "recalls").text
    assert "已拦截退回" in over
    assert "费用 ¥4.50" in over
    assert mei.send_form(f"{shop}/recalls/1/step", {"event": "recall.tell"}, page="/chase").status_code == 422


def test_it_offers_to_say_that_a_parcel_is_here_of_which_only_its_events_tell(mei: Seat, house: House, people: Cast) -> None:
    warehouse, order_no = Warehouse(house, people), "260302-100000000000001"
    warehouse.comes(order_no)
    warehouse.prints(order_no)
    handed_over(house, warehouse.by, warehouse.shop_id, [order_no], warehouse.now)
    warehouse.asks_back(order_no)
    back = [
        scan_told(warehouse.now + timedelta(hours=hour), tracking_no=number_of(order_no), text=stage.value, stage=stage)
        for hour, stage in enumerate((ScanStage.RETURN_TO_SENDER, ScanStage.DELIVERED), 1)
    ]
    platform_tells(house, people.shop_id, back, NOW)
    page = view(mei, "recalls").text
    before = warehouse.state(order_no)

    answer = mei.send_form(f"/shops/{people.shop_id}/recalls/1/step", {"event": "recall.receive"}, page="/chase?view=recalls")

    assert "物流轨迹显示它已退回。" in page
    assert re.findall(r'name="event" value="([^"]+)"', page) == ["recall.receive"]
    assert (answer.status_code, before, warehouse.state(order_no)) == (303, DispatchState.HANDED_OVER, DispatchState.RECALLED)
    assert "没有正在拦截的包裹。" in view(mei, "recalls").text


def test_it_claims_what_was_lost(shop: str, mei: Seat) -> None:
    offered = view(mei, "claims").text
    mei.send_form(f"{shop}/claims", {"order_no": LOST, "loss": "lost"}, page="/chase?view=claims")
    form = {"value": "29.90", "freight": "3.5", "asked": "29.9", "evidence": ["evidence_waybill", "evidence_trace"], "ticket": "T-7"}
    version = re.findall(r'name="seen" value="(\d+)"', view(mei, "claims").text)[0]
    mei.send_form(f"{shop}/claims/1/particulars", form | {"seen": version}, page="/chase?view=claims")
    stale = mei.send_form(f"{shop}/claims/1/particulars", {"ticket": "", "seen": version}, page="/chase?view=claims")
    entered = view(mei, "claims").text
    mei.send_form(f"{shop}/claims/1/step", {"event": "claim.file"}, page="/chase?view=claims")
    without_sum = mei.send_form(f"{shop}/claims/1/step", {"event": "claim.pay", "amount": ""}, page="/chase?view=claims")
    mei.send_form(f"{shop}/claims/1/step", {"event": "claim.pay", "amount": "17.50"}, page="/chase?view=claims")

    assert "可按丢失理赔" in offered
    assert "未保价：运费 ¥3.50，按快递条款一般赔 ¥17.50；依法可主张实际损失 ¥29.90。" in entered
    assert re.search(r"还缺： 价值凭证、快递答复记录", entered)
    assert (without_sum.status_code, stale.status_code) == (422, 422)
    assert "到账：¥17.50" in view(mei, "claims", over="1").text


def test_it_asks_once_more_where_a_number_looks_wrong(shop: str, mei: Seat) -> None:
    near = {"order_no": HUB_ONE, "carrier": "圆通快递", "number": "YT7300002222223"}
    doubted = mei.send_form(f"{shop}/number_changes", near, page="/chase?view=numbers")
    sure = mei.send_form(f"{shop}/number_changes", near | {"sure": "1"}, page="/chase?view=numbers")
    done = mei.send_form(f"{shop}/number_changes/1/step", {"do": "done"}, page="/chase?view=numbers")
    told = mei.send_form(f"{shop}/number_changes/1/step", {"do": "told"}, page="/chase?view=numbers")
    sent = mei.send_form(f"{shop}/number_changes/1/step", {"do": "send"}, page="/chase?view=numbers")

    assert doubted.status_code == 200
    assert "只差一位" in doubted.text or "一位" in doubted.text
    assert 'name="sure"' in doubted.text
    assert [answer.status_code for answer in (sure, done, told)] == [303, 303, 303]
    assert sent.status_code == 404
    assert "已在后台更改，待证实" in view(mei, "numbers").text


def test_it_keeps_a_further_parcel(shop: str, mei: Seat) -> None:
    form = {"order_no": HUB_ONE, "kind": "gift", "carrier": "圆通快递", "number": "YT7366152940871"}
    added = mei.send_form(f"{shop}/extra_parcels", form, page="/chase?view=numbers")
    entered = mei.send_form(f"{shop}/extra_parcels/1/step", {"do": "done"}, page="/chase?view=numbers")

    assert (added.status_code, entered.status_code) == (303, 303)
    assert "平台已登记" in view(mei, "numbers").text


WRONG: tuple[tuple[str, dict[str, str]], ...] = (
    ("chases", {"orders": "", "message": "x"}),
    ("chases", {"orders": HUB_ONE, "message": ""}),
    ("chases", {"orders": HUB_ONE, "message": "x", "check_at": "gestern"}),
    ("recalls", {"order_no": "nothing"}),
    ("claims", {"order_no": LOST, "loss": "lost", "value": "viel"}),
    ("number_changes", {"order_no": HUB_ONE, "carrier": "", "number": "YT7366152940871"}),
    ("number_changes", {"order_no": HUB_ONE, "carrier": "圆通快递", "number": "?"}),
    ("extra_parcels", {"order_no": "nothing", "carrier": "圆通快递", "number": "YT7366152940871"}),
)


def test_it_says_what_cannot_be_taken(shop: str, mei: Seat) -> None:
    answers = [mei.send_form(f"{shop}/{path}", form, page="/chase").status_code for path, form in WRONG]

    assert answers == [422] * len(WRONG)


def test_it_does_nothing_for_strangers(shop: str, mei: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    mei.send_form(f"{shop}/recalls", {"order_no": NO_PICKUP, "reason": ""}, page="/chase?view=recalls")
    zheng = at_desk(people.zheng)

    for path, form in (
        ("chases", {"orders": HUB_ONE, "message": "x"}),
        ("recalls/1/step", {"event": "recall.drop"}),
        ("claims", {"order_no": LOST, "loss": "lost"}),
        ("number_changes", {"order_no": HUB_ONE, "carrier": "圆通快递", "number": "YT7366152940871"}),
    ):
        assert zheng.send_form(f"{shop}/{path}", form, page="/chase").status_code == 404
    assert zheng.get(f"/chase?shop={people.shop_id}").status_code == 404


def test_a_return_that_never_came_is_claimed_from_its_case(shop: str, mei: Seat, house: House, people: Cast) -> None:
    told = {"kind": AftersaleKind.RETURN_AND_REFUND, "state": AftersaleState.SELLER_TO_RECEIVE, "order_no": LOST, "applied_at": NOW - timedelta(days=14)}
    back = {"return_tracking_no": "SF2026030600017", "return_carrier": "顺丰速运", "return_sent_at": NOW - timedelta(days=13), "case_no": "9000001"}
    platform_tells(house, people.shop_id, [case_told(NOW, **told | back)], NOW)
    case = f"{shop}/aftersales/9000001"

    offered, on_case = view(mei, "claims").text, mei.get(case).text
    claimed = mei.send_form(f"{shop}/claims", {"case_no": "9000001", "loss": "lost"}, page=case)
    listed = view(mei, "claims").text

    assert ('name="case_no" value="9000001"' in offered, 'name="case_no" value="9000001"' in on_case, claimed.status_code) == (True, True, 303)
    assert "SF2026030600017" in listed
    assert "/chase?view=claims" in mei.get(case).text
    assert 'name="case_no"' not in mei.get(case).text
