"""The page of a shop's people."""

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.people import set_keeper
from zhanggui.people.permissions import operator


def test_it_says_who_keeps_the_house_and_how_that_is_taken_from_them(lin: Seat, house: House, people: Cast) -> None:
    before = lin.get("/people").text

    set_keeper(house, operator(), "xiaomei", clock.now(), keeps=True)

    assert ["zhanggui people keeper" in page for page in (before, lin.get("/people").text)] == [False, True]
