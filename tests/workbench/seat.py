"""Several people before one application in one test: each keeps cookies of their own, and they take turns at one client."""

import re
from collections.abc import Mapping
from typing import Any

import httpx

from tests.site_client import Browser


class Seat:
    """A person's seat. What the browser remembers of them stays with the seat."""

    def __init__(self, shared: Browser, token: str) -> None:
        self._shared = shared
        self._cookies = httpx.Cookies({shared.door_cookie: token})

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Opens a page."""
        return self._in_turn("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Sends something."""
        return self._in_turn("POST", path, **more)

    def send_form(self, path: str, data: Mapping[str, Any] | None = None, *, page: str = "/today", **more: Any) -> httpx.Response:
        """Sends a form with the token of a page."""
        return self.post(path, data={**(data or {}), "_csrf_token": self.form_token(page)}, **more)

    def form_token(self, page: str = "/today") -> str:
        """The token that the forms of this page carry."""
        self._shared.cookies = self._cookies
        token = self._shared.form_token(page)
        self._cookies = self._shared.cookies
        return token

    def _in_turn(self, method: str, path: str, **more: Any) -> httpx.Response:
        self._shared.cookies = self._cookies
        answer = self._shared.request(method, path, **more)
        self._cookies = self._shared.cookies
        return answer


def once_on(page: str, action: str) -> str:
    """The key of the first form on the page whose address ends so."""
    found = re.search(rf'<form[^>]*action="[^"]*{re.escape(action)}">.*?name="once" value="([^"]+)"', page, re.DOTALL)
    assert found is not None
    return found[1]
