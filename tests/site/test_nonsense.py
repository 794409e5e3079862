"""Whatever is typed into an address or a form is answered in words: nothing that is sent breaks the house."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from tests.cast import Cast
from tests.site.expectations import ROUTES, Who, files_of
from tests.site.planted import Planted, plant
from tests.site_client import browser, make_app
from zhanggui.actions.house import House

NONSENSE = (
    *("", " ", "x", "-1", "0", "9" * 30, "\x00", "a\x00b", "'", '"><b>', "%", "\\", "{}", "~~~~~", "../.."),
    *("2026-13-45", "9999-12-31T23:59:59", "0001-01-01", "𠮷" * 300, "\ud7ff\ue000"),
)

MARK = '"><b>'
"""Of the nonsense, what would stand in a page as it is if the page did not escape it."""

WORST = (MARK, "a\x00b", "9" * 30, "2026-13-45")
"""What every field meets in company, and each of them now and then alone. Of the rest each meets one, in turn, so that all fields together meet
everything dozens of times."""

ENDS_THE_WALK = {"/sign-out", "/account/password"}


@pytest.fixture
def ours(house: House, people: Cast, tmp_path: Path) -> Planted:
    """Our shop, full."""
    return plant(house, people, tmp_path, ours=True)


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application."""
    return make_app(house)


def test_it_answers_nonsense_in_an_address_in_words(app: Litestar, ours: Planted, people: Cast) -> None:
    wrong = []

    fields = count()
    with browser(app, people.lin) as lin:
        for route in ROUTES:
            if route.method != "GET":
                continue
            for met in _met(_query_names(app, route.route), fields):
                answer = lin.get(route.ask(ours), params=met)
                if answer.status_code >= 500 or MARK in answer.text:
                    wrong.append((route.route, met, answer.status_code))

    assert wrong == []


def test_it_answers_nonsense_in_a_form_in_words(app: Litestar, ours: Planted, people: Cast) -> None:
    wrong = []

    fields = count()
    with browser(app, people.lin) as lin:
        token = lin.form_token("/account")
        for route in ROUTES:
            if route.method != "POST" or route.route in ENDS_THE_WALK or route.who is Who.KEEPER:
                continue
            for met in _met(list(route.send(ours)) or ["cell:订单号"], fields):
                answer = lin.post(route.ask(ours), data={**route.send(ours), **met, "_csrf_token": token}, **files_of(route))
                if answer.status_code >= 500 or MARK in answer.text:
                    wrong.append((route.route, met, answer.status_code))

    assert wrong == []


def test_it_answers_nonsense_at_the_door_in_words(app: Litestar, people: Cast) -> None:
    answers = []

    with browser(app) as stranger:
        token = stranger.form_token()
        for value in NONSENSE:
            answers.append(stranger.post("/sign-in", data={"login": value, "password": value, "next": value, "_csrf_token": token}).status_code)
            stranger.cookies.set(stranger.door_cookie, "x" + "".join(char for char in value if char.isascii() and char.isalnum()))
            answers.append(stranger.get("/sign-in").status_code)

    assert set(answers) <= {200, 400, 422}


def _met(names: list[str], fields: Iterator[int]) -> Iterator[dict[str, str]]:
    """What fields meet: of the worst two at once in each, so that none stands behind what is refused for another's sake; and some alone.

    `script/prove fuzz` asks a hundred thousand such things, and some of them with every test run.
    """
    for turn in range(0, len(WORST) if len(names) > 1 else 0, 2):
        yield {name: WORST[(turn + place) % len(WORST)] for place, name in enumerate(names)}
    for name in names:
        number = next(fields)
        worst = WORST if len(names) == 1 else (WORST[number % len(WORST)],)
        for value in dict.fromkeys((*worst, *NONSENSE[number % len(NONSENSE) :: len(NONSENSE)])):
            yield {name: value}


def _query_names(app: Litestar, path: str) -> list[str]:
    """The names a page reads from its address."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if route.path == path and isinstance(handler, HTTPRouteHandler) and "GET" in handler.http_methods:
                aliases = {"stands": "state"}
                return [aliases.get(name, name) for name in handler.parsed_fn_signature.parameters if name not in {"desk", "visit", "by", "shop_id", "request"}]
    return []
