"""The whole application in a test, and browsers signed in as people of the cast: what a person would get, headers and all."""

import re
from collections.abc import Mapping
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.people import sign_ins
from zhanggui.people.permissions import Person
from zhanggui.site.app import create_app
from zhanggui.site.settings import Settings

HERE = "http://127.0.0.1:8000"
FIRST_RUN_CODE = "12345678"

_TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')


class Browser(TestClient[Litestar]):
    """A browser with a person at it, or nobody. It fills the hidden form token in as a real page would."""

    door_cookie: str

    def send_form(self, path: str, data: Mapping[str, Any] | None = None, *, page: str = "/sign-in", **more: Any) -> httpx.Response:
        """Post a form to the path, with the token of a page."""
        return self.post(path, data={**(data or {}), "_csrf_token": self.form_token(page)}, **more)

    def form_token(self, page: str = "/sign-in") -> str:
        """The token that the forms of this page carry."""
        answer = self.get(page, follow_redirects=True)
        found = _TOKEN.search(answer.text)
        assert found, f"no form on {page}: {answer.status_code}"
        return found[1]


def make_app(house: House, *, secure: bool = False, **settings: Any) -> Litestar:
    """The application over this house."""
    return create_app(house, Settings(home=house.home, **settings), secure=secure, first_run_code=FIRST_RUN_CODE)


def browser(app: Litestar, person: Person | None = None, *, base_url: str = HERE) -> Browser:
    """A browser at this application; signed in as the person, if one is given."""
    made = Browser(app, base_url=base_url, raise_server_exceptions=True)
    made.follow_redirects = False
    made.headers["accept"] = "text/html"
    made.door_cookie = app.state.door.cookie_name
    if person is not None:
        made.cookies.set(made.door_cookie, token_for(app, person))
    return made


def token_for(app: Litestar, person: Person) -> str:
    """A running sign-in of the person."""
    assert person.person_id is not None
    with app.state.door.house.pool.connection() as tx:
        return sign_ins.begin(tx, person.person_id, clock.unwound(), device="test")
