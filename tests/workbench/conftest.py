"""The desk in a test: the whole application over a fresh house, its clock standing at the hour of the story."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from litestar import Litestar

from tests.cast import Cast
from tests.site_client import browser, make_app, token_for
from tests.workbench.seat import Seat
from tests.workbench.shop_files import case_file, order_file
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.people.permissions import Person

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
"""14:30 in Shanghai."""


@pytest.fixture
def app(house: House) -> Iterator[Litestar]:
    """The application, at 14:30 of the story's day."""
    clock.use_home(house.home)
    clock.wind(house.home, NOW - clock.unwound())
    yield make_app(house)
    clock.use_home(None)


@pytest.fixture
def at_desk(app: Litestar, people: Cast) -> Iterator[Callable[[Person], Seat]]:
    """Sits a person down at the desk."""
    with browser(app) as shared:
        yield lambda person: Seat(shared, token_for(app, person))


@pytest.fixture
def mei(at_desk: Callable[[Person], Seat], people: Cast) -> Seat:
    """小美 at her desk."""
    return at_desk(people.mei)


@pytest.fixture
def lin(at_desk: Callable[[Person], Seat], people: Cast) -> Seat:
    """林 at hers."""
    return at_desk(people.lin)


@pytest.fixture
def stocked(lin: Seat, people: Cast) -> str:
    """The path of the import that brought the story's orders and its one case."""
    return import_files(lin, people, order_file(NOW), case_file(NOW), as_of="2026-11-21T14:20")


def preview_files(who: Seat, people: Cast, *files: bytes, as_of: str = "") -> str:
    """Uploads the files and gives the path of the preview."""
    answer = who.post(
        "/imports",
        data={"shop": str(people.shop_id), "as_of": as_of, "_csrf_token": who.form_token("/imports")},
        files=[("files", (f"export{number}.csv", content, "text/csv")) for number, content in enumerate(files)],
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def import_files(who: Seat, people: Cast, *files: bytes, as_of: str = "") -> str:
    """Uploads the files, confirms the preview, and gives the path of the import."""
    path = preview_files(who, people, *files, as_of=as_of)
    answer = who.send_form(f"{path}/confirmation", page=path)
    assert answer.status_code == 303, answer.text
    return path
