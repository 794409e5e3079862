"""The Scripts page: replies filled for an order, words tried and kept, room to concede, and the words of one shop unseen by another."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.cast import Cast
from tests.connectors.drafting.endpoint import says, serving
from tests.site_client import browser, make_app, token_for
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat, once_on
from tests.workbench.shop_files import CALM
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.drafting.asking import HOSTS
from zhanggui.actions.drafting.settings import NewDrafting, keep_drafting
from zhanggui.actions.house import House
from zhanggui.connectors.drafting.drafter import Drafter
from zhanggui.core.chats import Who
from zhanggui.people.permissions import Person, operator


@pytest.fixture
def zheng(at_desk: Callable[[Person], Seat], people: Cast) -> Seat:
    """郑 at her own desk."""
    return at_desk(people.zheng)


def test_it_shows_every_view(mei: Seat, people: Cast, stocked: str) -> None:
    for view in ("replies", "drafts", "cards", "room", "outcomes", "shop"):
        answer = mei.get(f"/scripts?view={view}&shop={people.shop_id}")

        assert answer.status_code == 200, view
    assert mei.get("/scripts?view=nothing").status_code == 404


def test_it_fills_replies_for_an_order_and_writes_down_what_was_sent(mei: Seat, people: Cast, stocked: str) -> None:
    page = mei.get(f"/scripts?situation=chase_shipping&order_no={CALM}").text
    sent = mei.send_form(f"/shops/{people.shop_id}/scripts/chase_in_time/uses", {"order_no": CALM})

    assert "在待发货队列里" in page
    assert sent.status_code == 303
    assert "1 次" in mei.get(f"/shops/{people.shop_id}/scripts/chase_in_time").text
    assert "小美" in mei.get("/scripts?view=outcomes").text


def test_it_says_what_speaks_against_words_and_keeps_those_that_may_be_said(mei: Seat, people: Cast, stocked: str) -> None:
    path = f"/shops/{people.shop_id}/scripts/chase_in_time"
    words = {"when_zh": "催发货", "situation": "chase_shipping", "fits": "to_ship_in_time", "act": "keep", "order_no": CALM}

    bad = mei.send_form(path, {**words, "zh": "五星好评返现5元，{商品}马上发"})
    tried = mei.send_form(path, {**words, "zh": "{商品}{发货时间}前发出。", "act": "try"})
    kept = mei.send_form(path, {**words, "zh": "{商品}{发货时间}前发出。"})

    assert bad.status_code == 200
    assert "可以改说" in bad.text
    assert "前发出。</blockquote>" in tried.text
    assert (kept.status_code, kept.headers["location"]) == (303, f"{path}?done=kept")
    shown = mei.get(f"{path}?order_no={CALM}").text
    assert "自有第 1 版" in shown
    assert "<del>" in shown
    assert mei.send_form(f"{path}/versions/1/withdrawal").status_code == 303
    assert "自有第 1 版" not in mei.get("/scripts?situation=chase_shipping").text


def test_it_writes_a_script_of_the_shop_s_own_and_carries_it_as_a_file(mei: Seat, zheng: Seat, people: Cast) -> None:
    made = mei.send_form(
        f"/shops/{people.shop_id}/scripts/new", {"zh": "满2件9折", "when_zh": "三月活动", "situation": "promotion", "until_at": "2026-12-01", "act": "keep"}
    )
    file = mei.get(f"/shops/{people.shop_id}/script_file").content
    brought = zheng.post(
        f"/shops/{people.other_shop_id}/script_file",
        data={"_csrf_token": zheng.form_token()},
        files=[("files", ("scripts.json", file, "application/json"))],
    )

    assert made.headers["location"] == f"/shops/{people.shop_id}/scripts/own_1?done=kept"
    assert "新版本 1 条" in brought.text
    assert zheng.get(f"/shops/{people.other_shop_id}/scripts/own_1").status_code == 200
    assert zheng.get(f"/shops/{people.shop_id}/scripts/own_1").status_code == 404


@pytest.mark.parametrize(("begins", "shown"), [("2026-12-01 09:00", "2026-12-01 09:00"), ("", "")])
def test_a_correction_of_words_that_begin_later_begins_with_them(mei: Seat, people: Cast, begins: str, shown: str) -> None:
    words = {"zh": "满2件9折", "when_zh": "十二月活动", "situation": "promotion", "from_at": begins, "until_at": "2026-12-31 20:00", "act": "keep"}
    mei.send_form(f"/shops/{people.shop_id}/scripts/new", words)

    page = mei.get(f"/shops/{people.shop_id}/scripts/own_1").text

    assert f'name="from_at" value="{shown}"' in page
    assert 'name="until_at" value="2026-12-31 20:00"' in page


def test_it_writes_down_what_was_conceded_within_the_room(lin: Seat, mei: Seat, people: Cast, stocked: str) -> None:
    shop = f"/shops/{people.shop_id}"
    give = {"order_no": CALM, "kind": "coupon_given", "sum": "2.00"}

    none = mei.send_form(f"{shop}/concessions", give)
    lin.send_form(f"{shop}/concession_limits", {"most": "3", "percent": "50"})
    given = mei.send_form(f"{shop}/concessions", give)
    beyond = mei.send_form(f"{shop}/concessions", give)

    assert [none.status_code, given.status_code, beyond.status_code] == [422, 303, 422]
    assert "¥2.00" in mei.get("/scripts?view=room").text
    assert mei.send_form(f"{shop}/concessions/1/withdrawal").status_code == 303


def test_a_concession_that_is_sent_twice_is_made_once_and_one_that_was_refused_can_be_sent_again(lin: Seat, mei: Seat, people: Cast, stocked: str) -> None:
    shop = f"/shops/{people.shop_id}"
    give = {"order_no": CALM, "kind": "coupon_given", "sum": "1.00", "once": once_on(mei.get("/scripts?view=room").text, "/concessions")}

    refused = mei.send_form(f"{shop}/concessions", give)
    lin.send_form(f"{shop}/concession_limits", {"most": "3", "percent": "50"})
    given = [mei.send_form(f"{shop}/concessions", give) for _ in range(2)]

    assert [refused.status_code, *(answer.status_code for answer in given)] == [422, 303, 303]
    assert mei.get("/scripts?view=room").text.count("/withdrawal") == 1


def test_it_names_an_endpoint_only_for_the_keeper(lin: Seat, people: Cast) -> None:
    answer = lin.send_form(f"/shops/{people.shop_id}/drafting", {"address": "https://api.example.com/v1", "model": "m", "key": "k", "is_on": "1"})

    assert answer.status_code == 404
    assert "只有管理员" in lin.get("/scripts?view=shop").text


@pytest.mark.usefixtures("app")
def test_it_shows_a_draft_of_the_endpoint_or_why_there_is_none(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOSTS, "localhost")
    asked = Incoming(message_id="m1", who=Who.BUYER, said="尺码怎么选，我叫王小明 13812345678", at=NOW, external_id="talk-1", name="乐**")
    thread_no = take_message(house, people.mei, people.shop_id, asked, NOW).thread_no
    with serving() as served:
        new = NewDrafting(address=served.address, model="qwen-plus", key="sk-1", is_on=True)
        keep_drafting(house, operator(), people.shop_id, new, NOW)
        moved = make_app(replace(house, drafter=Drafter(served.trusting)))
        with browser(moved) as shared:
            mei = Seat(shared, token_for(moved, people.mei))
            served.answer = says("您好，尺码请以商品页的尺码表为准，告诉我身高体重我帮您看。")
            told = mei.send_form(f"/shops/{people.shop_id}/threads/{thread_no}/drafting").text
            served.answer = says("这款有现货，今天拍今天发，好评返现5元。")
            lying = mei.send_form(f"/shops/{people.shop_id}/drafting/trial", {"said": "有货吗"}).text

    assert 'data-script="model">您好，尺码请以商品页的尺码表为准' in told
    assert "没有采用" in lying
    assert "今天拍今天发，好评返现5元。" not in lying
    assert not any(marker in body for body in served.bodies for marker in ("王小明", "13812345678", "sk-1"))
