"""Odd requests that once broke something, or nearly."""

import logging
from pathlib import Path
from typing import Any

import anyio
import pytest
from litestar import Litestar

from tests.cast import Cast
from tests.site.planted import plant
from tests.site_client import browser, make_app
from zhanggui.actions.house import House


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application."""
    return make_app(house)


def test_a_field_named_like_something_handlers_are_given_is_refused_like_any_other(app: Litestar, house: House, people: Cast, tmp_path: Path) -> None:
    ours = plant(house, people, tmp_path, ours=True)
    sent: dict[str, Any] = {"order_no": ours.order_no, "step": "", "door": ["a", "b"]}

    with browser(app, people.lin) as lin:
        answer = lin.send_form(f"/shops/{ours.shop_id}/ship/told", sent, page="/account")

    assert answer.status_code == 400


def test_whoever_goes_away_in_the_middle_of_a_form_breaks_nothing(app: Litestar, people: Cast, caplog: pytest.LogCaptureFixture) -> None:
    said: list[dict[str, Any]] = []
    told = iter([{"type": "http.request", "body": b"login=", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(told)

    async def send(message: Any) -> None:
        said.append(message)

    called: Any = app
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"100")]
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/sign-in",
        "raw_path": b"/sign-in",
        "query_string": b"",
        "headers": headers,
        "root_path": "",
    }
    scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http", "http_version": "1.1", "asgi": {"version": "3.0"}, "extensions": {}}
    with caplog.at_level(logging.ERROR), browser(app):
        anyio.run(called, scope, receive, send)

    assert said[0]["status"] == 400
    assert caplog.text == ""
