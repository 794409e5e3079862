"""The page of quality: five views for whoever sees conversations, a promise's outcome, and a round of practice from its beginning to its grade."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui import clock
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.house import House
from zhanggui.actions.quality.grading import grade_shop
from zhanggui.core.chats.shapes import Who
from zhanggui.people.permissions import Person
from zhanggui.records import promises

PRACTICE = re.compile(r"/shops/\d+/practice/\d+$")


@pytest.fixture
def graded(house: House, people: Cast) -> House:
    """A talk in which the buck is passed, and one in which something is promised."""
    lines = [
        ("c1", Who.BUYER, "快递三天没动了"),
        ("c1", Who.REP, "物流的事<b>不归我们管"),
        ("c2", Who.BUYER, "还没发货？"),
        ("c2", Who.REP, "今天18点前给您发出"),
    ]
    for place, (talk, who, text) in enumerate(lines):
        at = NOW - timedelta(hours=2) + timedelta(minutes=place)
        name = "快乐的鱼" if who is Who.BUYER else "小美"
        message = Incoming(message_id=f"m{place}", external_id=talk, who=who, name=name, said=text, at=at)
        take_message(house, people.mei, people.shop_id, message, at)
    grade_shop(house, people.shop_id, NOW)
    return house


def test_the_grades_show_the_words_the_indicator_and_the_better_sentence(at_desk: Callable[[Person], Seat], people: Cast, graded: House) -> None:
    text = at_desk(people.lin).get("/quality").text

    assert "物流的事&lt;b&gt;<mark>不归我们</mark>管" in text
    assert "近30天平台求助率" in text
    assert "这件事交给我" in text


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("replies", ("三分钟人工回复率", "回复率")), ("promises", ("今天18点前给您发", "小美", "待兑现")), ("staffing", ("全天 2 人", "需要人数", "12:00")),
        ("practice", ("和买家对练", "催发货", "生气")), ("nonsense", ("按客服",)),
    ],
)  # fmt: skip
def test_every_view_shows_what_it_is_for(at_desk: Callable[[Person], Seat], people: Cast, graded: House, view: str, words: tuple[str, ...]) -> None:
    answer = at_desk(people.lin).get(f"/quality?view={view}&reps=x&seconds=&days=9")

    assert answer.status_code == 200
    assert [word for word in words if word not in answer.text] == []


def test_a_person_says_what_became_of_a_promise(mei: Seat, people: Cast, graded: House) -> None:
    with graded.pool.connection() as tx:
        (promise,) = promises.newest(tx, people.shop_id, 2**62, 5)
    path = f"/shops/{people.shop_id}/promises/{promise.promise_no}"

    kept = mei.send_form(path, {"said": "kept"}, page="/quality?view=promises")
    odd = mei.send_form(path, {"said": "won"}, page="/quality?view=promises")

    assert (kept.status_code, odd.status_code) == (303, 422)
    assert "已兑现</span>" in mei.get("/quality?view=promises").text


def test_a_round_goes_from_the_buyers_first_words_to_the_grade(mei: Seat, people: Cast, house: House) -> None:
    begun = mei.send_form(f"/shops/{people.shop_id}/practice", {"want": "chase_shipping", "temper": "angry"}, page="/quality?view=practice")
    path = begun.headers["location"]
    clock.wind(house.home, NOW + timedelta(minutes=1) - clock.unwound())
    talk = mei.get(path, headers={"HX-Request": "true"}).text
    mei.send_form(f"{path}/answers", {"text": "催什么催"}, page=path)
    clock.wind(house.home, NOW + timedelta(minutes=2) - clock.unwound())
    mei.send_form(f"{path}/end", page=path)
    text = mei.get(path).text

    assert PRACTICE.search(path)
    assert 'class="buyer"' in talk
    assert "<html" not in talk
    assert "态度差 −30" in text
    assert "可以这样答" in text
    assert ">70</div>" in text


def test_outsiders_and_those_who_may_not_learn_nothing(at_desk: Callable[[Person], Seat], people: Cast, graded: House) -> None:
    zhou, zheng = at_desk(people.zhou), at_desk(people.zheng)

    assert zhou.get(f"/quality?shop={people.shop_id}").status_code == 404
    assert zheng.get(f"/quality?shop={people.shop_id}").status_code == 404
    assert zheng.send_form(f"/shops/{people.shop_id}/practice", {}, page="/quality").status_code == 404


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "0", "7"])
def test_a_round_that_there_is_not_is_refused_in_words(mei: Seat, people: Cast, number: str) -> None:
    answers = [
        mei.get(f"/shops/{people.shop_id}/practice/{number}"),
        mei.send_form(f"/shops/{people.shop_id}/practice/{number}/end", page="/quality?view=practice"),
    ]

    assert {answer.status_code for answer in answers} <= {404, 422}
