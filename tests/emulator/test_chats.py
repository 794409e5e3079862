"""Buyers chat: each about their own order, as people type, and each takes an answer as it is heard and as the order stands."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.emulator.caller import START, Caller, quiet, running
from zhanggui.emulator.chronicle import Chronicle
from zhanggui.emulator.clock import Clock
from zhanggui.emulator.doors.chat_shapes import chat_lines
from zhanggui.emulator.doors.chats import Saying, say
from zhanggui.emulator.doors.deeds import Deed, do
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.replaying import platform_with
from zhanggui.emulator.scenario import Scenario
from zhanggui.emulator.world.chats import reacting
from zhanggui.emulator.world.chats.hearing import hear
from zhanggui.emulator.world.chats.manner import manner

WANTS = (
    "chase_shipping", "chase_delivery", "refund", "chase_refund", "return", "exchange", "repair", "missing", "wrong", "quality", "address_change", "invoice",
    "price", "stock", "use", "promotion", "order_payment", "complaint", "review_threat", "thanks", "other",
)  # fmt: skip
SHOP = {"size": {"history": 800, "history_days": 14, "per_day": 0, "goods": 12, "buyers": 20_000}, "speed": 0.0}


@pytest.fixture(scope="module")
def shop() -> Iterator[Caller]:
    with running(quiet(**SHOP)) as platform:
        yield platform


def talk_of(platform: Caller, want: str, temper: str = "calm", **more: object) -> str:
    """A talk about this."""
    begun: list[str] = platform.do("buyer.talks", want=want, temper=temper, **more)["talks"]
    return begun[0]


def answered(platform: Caller, talk: str, *texts: str) -> dict[str, Any]:
    """The truth of a talk after these answers, each given once the buyer has written."""
    for text in texts:
        platform.step(60)
        assert platform.http.post(f"/chats/{talk}/answers", json={"text": text, "rep": "小美"}).status_code == 200
    platform.step(180)
    return truth(platform, talk)


def truth(platform: Caller, talk: str) -> dict[str, Any]:
    """What is true of a talk."""
    return next(line for line in platform.state("chats") if line["conversation_id"] == talk)


def test_it_has_lines_for_every_want_and_every_temper() -> None:
    held = manner()

    assert set(held.wants) == set(WANTS)
    assert {len(want.opens) >= 5 and len(want.glad) >= 1 and bool(want.again) for want in held.wants.values()} == {True}
    assert all(other in held.wants for want in held.wants.values() for other in want.others)
    assert set(reacting.TAKEN) <= {*held.anger, "solved"}


def test_everybody_talks_about_their_own_order_at_a_stage_that_fits(shop: Caller) -> None:
    begun = shop.do("buyer.talks", many=120, within=300)["talks"]
    shop.step(400)
    lines = [line for line in shop.state("chats") if line["conversation_id"] in begun]
    orders = {line["order"]["order_sn"]: line["order"] for line in shop.state("orders")}

    assert len(set(begun)) == 120
    assert {orders[line["order_sn"]]["order_status"] for line in lines if line["want"] == "chase_shipping"} == {1}
    assert {orders[line["order_sn"]]["order_status"] for line in lines if line["want"] == "missing"} == {3}
    assert {line["order_sn"] for line in lines if line["want"] == "stock"} == {""}
    assert {message["who"] for line in lines for message in line["messages"]} == {"buyer"}


def test_the_feed_tells_each_message_once_and_in_order(shop: Caller) -> None:
    talk_of(shop, "quality")
    shop.step(200)
    first = shop.http.get("/chats/next", params={"after": 0, "limit": 5}).json()
    rest = shop.http.get("/chats/next", params={"after": first["next"], "limit": 500}).json()

    places = [message["seq"] for message in [*first["messages"], *rest["messages"]]]
    assert places == sorted(set(places))
    assert len(first["messages"]) == 5
    assert shop.http.get("/chats/next", params={"after": rest["next"]}).json() == {"messages": [], "next": rest["next"]}


def test_the_same_answer_arrives_twice_and_is_given_once(shop: Caller) -> None:
    talk = talk_of(shop, "invoice")
    shop.step(60)
    told = [shop.http.post(f"/chats/{talk}/answers", json={"text": "可以开电子发票的哦", "key": "k1"}).json() for _ in range(2)]
    messages = shop.http.get(f"/chats/{talk}").json()["messages"]

    assert told[0] == told[1]
    assert [message["who"] for message in messages].count("rep") == 1
    assert [entry["keys"]["conversation_id"] for entry in shop.ledger(method="chat.answer")].count(talk) == 1


def test_a_buyer_who_is_told_the_hour_is_content(shop: Caller) -> None:
    told = answered(shop, talk_of(shop, "chase_shipping", "worried"), "让您久等了，您的订单今天18点前发出")

    assert told["answers"][0]["taken"] == "solved"
    assert told["anger"] == 0


def test_a_buyer_sees_on_the_own_screen_that_nothing_was_shipped(shop: Caller) -> None:
    told = answered(shop, talk_of(shop, "chase_shipping"), "亲，您的订单已经发货了，请放心")

    assert (told["answers"][0]["taken"], told["answers"][0]["wrong"]) == ("wrong", ["not_shipped"])
    assert told["messages"][-1]["who"] == "buyer"


def test_an_insulted_buyer_has_had_enough(shop: Caller) -> None:
    told = answered(shop, talk_of(shop, "quality", "angry"), "你烦不烦，事真多")

    assert told["answers"][0]["taken"] == "insulted"
    assert told["state"] in {"refund_asked", "complained", "threatened"}


def test_who_is_told_that_the_money_comes_back_asks_for_it_on_the_platform(shop: Caller) -> None:
    told = answered(shop, talk_of(shop, "refund"), "好的，您在订单里申请退款，这边马上同意")

    assert told["state"] == "content"
    assert told["case_id"] > 0
    assert told["order_sn"] in {line["detail"]["order_sn"] for line in shop.state("cases")}


def test_who_is_never_answered_asks_again_and_then_goes() -> None:
    with running(quiet(**SHOP)) as shop:
        talk = talk_of(shop, "stock", "hurried")
        shop.step(3600)
        told = truth(shop, talk)

    assert told["state"] in {"left", "complained"}
    assert len(told["messages"]) >= 4


def test_it_says_what_is_wrong_with_a_call(shop: Caller) -> None:
    talk = talk_of(shop, "use")
    read = [shop.http.get("/chats/next", params=given) for given in ({"after": "x"}, {"limit": 0}, {"shop_id": 5})] + [shop.http.get("/chats/none")]
    said = [shop.http.post(f"/chats/{whose}/answers", json={"text": text}) for whose, text in (("1-2", "您好"), (talk, " "))]
    begun = shop.http.post("/_do", json={"act": "buyer.talks", "want": "gold"})

    answers = [*read, *said, begun]
    assert [answer.status_code for answer in answers] == [400, 400, 404, 404, 404, 400, 409]
    assert all(answer.json()["error"] for answer in answers)


def test_talks_begin_by_themselves_where_the_scenario_says_so() -> None:
    with running(quiet(**SHOP, chats={"per_day": 200})) as shop:
        shop.step(86400)
        told = shop.state("chats")

    assert 140 < len(told) < 260
    assert len(Counter(line["want"] for line in told)) >= 15


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("亲，已经给您发货了", "says_shipped"), ("还没有发货，抱歉", "says_not_shipped"), ("今天晚上8点前", "names_hour"), ("后天能到", "names_day"),
        ("您自己联系快递吧", "passes"), ("加微信聊", "outside"),
        ("五星好评返现5元", "bribes"), ("退款原因选不想要了", "steers"), ("麻烦撤销一下退款", "asks_withdraw"),
    ],
)  # fmt: skip
def test_a_buyer_hears(text: str, cue: str) -> None:
    assert cue in hear(text)


def test_a_buyer_of_rubbish_bags_is_not_insulted_by_their_name() -> None:
    assert "rude" not in hear("您的礼盒加厚垃圾袋今天18点前发出")
    assert "rude" in hear("你这人真垃圾")


@pytest.mark.parametrize("text", ["还没发货", "如果已发货的话您拒收就好", "发货后会有短信"])
def test_a_buyer_does_not_hear_that_it_was_shipped(text: str) -> None:
    assert "says_shipped" not in hear(text)


def test_a_talk_is_the_same_after_a_restart(tmp_path: Path) -> None:
    scenario = msgspec.structs.replace(quiet(**SHOP), start=START)
    chronicle, clock = Chronicle(tmp_path / "deeds"), Clock(start=scenario.starts_at(), speed=0.0)
    before = _played(platform_with(chronicle, scenario, clock))
    chronicle.close()

    again = Chronicle(tmp_path / "deeds")
    after = platform_with(again, scenario, Clock(start=scenario.starts_at(), speed=0.0))
    after.catch_up()
    again.close()

    assert before == list(chat_lines(after.first))
    assert len(before) == 20


def _played(platform: Platform) -> list[dict[str, object]]:
    """The talks of a platform on which some were begun and one was answered."""
    deed = Deed("buyer.talks", many=20, within=60)
    do(platform, deed)
    platform.remember("deed", deed)
    platform.clock.step(120)
    platform.catch_up()
    saying = Saying(platform.first.mall_id, 3, "您好，今天18点前给您答复", "小美", "k")
    say(platform, saying)
    platform.note("chat.answer", {}, "ok", done=("answer", saying))
    platform.clock.step(600)
    platform.remember("clock", platform.clock.stand)
    platform.catch_up()
    return list(chat_lines(platform.first))


def test_the_same_seed_gives_the_same_talks() -> None:
    told = [list(chat_lines(_talking(quiet(**SHOP)))) for _ in range(2)]

    assert told[0] == told[1]


def _talking(scenario: Scenario) -> Any:
    platform = Platform(scenario, Clock(start=scenario.starts_at(), speed=0.0))
    do(platform, Deed("buyer.talks", many=30))
    platform.clock.step(300)
    platform.catch_up()
    return platform.first
