"""The whole application in a test, and browsers signed in as people of the cast: what a person would get, headers and all."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.people import sign_ins
from zhanggui.people.permissions import Person
from zhanggui.site.app import create_app, open_door, stand_over
from zhanggui.site.settings import Settings
from zhanggui.workbench.live.live import Live

HERE = "http://127.0.0.1:8000"
FIRST_RUN_CODE = "12345678"

_TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')


class Browser(TestClient[Litestar]):
    """A browser with a person at it, or nobody. It fills the hidden form token in as a real page would."""

    door_cookie: str
    kept_tokens: dict[str, str]
    """Form tokens by the page they stand on, for whoever walks many forms."""

    def send_form(self, path: str, data: Mapping[str, Any] | None = None, *, page: str = "/sign-in", **more: Any) -> httpx.Response:
        """Post a form to the path, with the token of a page."""
        return self.post(path, data={**(data or {}), "_csrf_token": self.form_token(page)}, **more)

    def form_token(self, page: str = "/sign-in") -> str:
        """The token that the forms of this page carry."""
        answer = self.get(page, follow_redirects=True)
        found = _TOKEN.search(answer.text)
        assert found, f"no form on {page}: {answer.status_code}"
        return found[1]


_MADE: dict[tuple[object, ...], Litestar] = {}
"""The applications made by this process. One takes half a second, and over another house it is the same."""


def make_app(house: House, *, secure: bool = False, **settings: Any) -> Litestar:
    """The application over this house. Over one house at a time: asked for once more with the same settings, it has moved."""
    sort = (secure, *sorted(settings.items()))
    whole = Settings(home=house.home, **({"paces": False} | settings))  # a test walks faster than any hand
    app = _MADE.get(sort)
    if app is None:
        app = _MADE[sort] = create_app(house, whole, secure=secure, first_run_code=FIRST_RUN_CODE)
    else:
        door = open_door(house, whole, secure=secure, first_run_code=FIRST_RUN_CODE)
        stand_over(app, house, whole, replace(door, secret=app.state.door.secret), Live(house, clock.now, clock.unwound))
    return app


def browser(app: Litestar, person: Person | None = None, *, base_url: str = HERE) -> Browser:
    """A browser at this application; signed in as the person, if one is given."""
    made = Browser(app, base_url=base_url, raise_server_exceptions=True)
    made.follow_redirects = False
    made.headers["accept"] = "text/html"
    made.door_cookie = app.state.door.cookie_name
    made.kept_tokens = {}
    if person is not None:
        made.cookies.set(made.door_cookie, token_for(app, person))
    return made


def token_for(app: Litestar, person: Person) -> str:
    """A running sign-in of the person."""
    assert person.person_id is not None
    with app.state.door.house.pool.connection() as tx:
        return sign_ins.begin(tx, person.person_id, clock.unwound(), device="test")
