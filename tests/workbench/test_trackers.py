"""The part of Settings that names a tracking service: kept, shown without its key, taken away; and 郑 learns nothing of it."""

from collections.abc import Callable

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui.people.permissions import Person
from zhanggui.workbench.trackers.handlers import TrackerForm

FORM = {"service": "kdniao", "account": "1234567", "key": "the-very-key", "daily_cap": "40"}


def test_a_service_is_named_and_its_key_never_shown_again(lin: Seat, people: Cast) -> None:
    kept = lin.send_form(f"/shops/{people.shop_id}/tracker", FORM, page="/settings")
    page = lin.get(kept.headers["location"]).text

    assert kept.status_code == 303
    assert ("1234567" in page, "0 / 40 次" in page, "the-very-key" in page) == (True, True, False)
    assert "the-very-key" not in lin.get("/journal").text
    assert repr(TrackerForm(key="the-very-key")) == "TrackerForm(***)"


def test_what_cannot_be_is_refused_without_repeating_the_key(lin: Seat, people: Cast) -> None:
    answers = [lin.send_form(f"/shops/{people.shop_id}/tracker", FORM | change, page="/settings") for change in ({"daily_cap": "many"}, {"service": "x"})]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert not any("the-very-key" in answer.text for answer in answers)
    assert "1234567" not in lin.get("/settings").text


def test_it_is_taken_away(lin: Seat, people: Cast) -> None:
    lin.send_form(f"/shops/{people.shop_id}/tracker", FORM, page="/settings")
    gone = lin.send_form(f"/shops/{people.shop_id}/tracker/removal", page="/settings")

    assert gone.status_code == 303
    assert "1234567" not in lin.get("/settings").text


def test_the_owner_of_another_shop_neither_sees_nor_changes_it(lin: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    lin.send_form(f"/shops/{people.shop_id}/tracker", FORM, page="/settings")
    zheng = at_desk(people.zheng)

    answers = [zheng.send_form(f"/shops/{people.shop_id}/tracker{path}", FORM, page="/settings").status_code for path in ("", "/removal")]

    assert answers == [404, 404]
    assert "1234567" not in zheng.get("/settings").text + zheng.get(f"/settings?shop={people.shop_id}").text
    assert "1234567" in lin.get("/settings").text
