"""The bar: groups of pages, the second row of the group one is in, and who finds what there."""

import re

import msgspec

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui.people.permissions import Role
from zhanggui.workbench.navigation import GROUPS, groups_for


def entries(page: str, nav: str) -> list[str]:
    found = re.search(rf"<nav[^>]*{nav}.*?</nav>", page, re.DOTALL)
    return re.findall(r'<a href="([^"]+)"', found.group()) if found else []


def test_a_group_leads_to_the_first_of_its_pages_that_a_person_may_open(people: Cast) -> None:
    viewer = msgspec.structs.replace(people.mei, roles={people.shop_id: Role.VIEWER})

    of_the_house = next(group for group in groups_for(viewer) if group.name == "house")

    assert (of_the_house.href, [page.name for page in of_the_house.pages]) == ("/rules", ["rules", "acts", "automation", "journal"])


def test_no_page_stands_in_two_groups_and_no_two_have_one_address() -> None:
    pages = [page for group in GROUPS for page in group.pages]

    assert len({page.name for page in pages}) == len({page.href for page in pages}) == len(pages)
    assert len(GROUPS) <= 10  # each has a digit as its key, the tenth has 0


def test_the_second_row_shows_the_pages_of_the_group_one_is_in(lin: Seat) -> None:
    assert entries(lin.get("/rules").text, 'class="subbar"') == ["/imports", "/rules", "/acts", "/automation", "/people", "/settings", "/privacy", "/journal"]
    assert entries(lin.get("/today").text, 'class="subbar"') == []


def test_it_tells_which_pages_stand_beside_the_open_one() -> None:
    house = next(group for group in GROUPS if group.name == "house")

    assert [house.beside(name) for name in ("imports", "rules", "journal", "connections")] == [
        (None, "rules"),
        ("imports", "acts"),
        ("privacy", None),
        (None, "imports"),
    ]
    assert (house.holds("timetable"), house.holds("today")) == (True, False)
