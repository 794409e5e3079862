"""A person's hands at the house's pages: in a real browser, or, since a month has thousands of cases, through the same pages and forms without drawing them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from typing import Any, Protocol

from litestar import Litestar
from playwright.sync_api import Page, sync_playwright

from tests.journeys.conftest import ARGUMENTS, CHROMIUM, DESK, served, visit_of
from tests.site_client import browser as forms_of
from zhanggui.people.permissions import Person


class Field(dict[str, str]):
    """One input of a form, by its attributes."""


class Hands(Protocol):
    """Opens pages and sends forms; `sent` is what the last one said where it was refused."""

    def open(self, path: str) -> str:
        """The page, as HTML."""

    def send(self, action: str, told: Mapping[str, str], grades: Mapping[str, int] | None = None, button: tuple[str, str] | None = None) -> str:
        """Fills in the form of the page that goes there, and sends it; the page that follows."""


class Forms(HTMLParser):
    """The forms of a page: where each goes to, and its inputs in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[Field]]] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep forms and what stands in them."""
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((held.get("action", ""), []))
            self._inside = True
        elif self._inside and tag in ("input", "select", "textarea", "button"):
            self.forms[-1][1].append(Field(held | {"tag": tag}))

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self._inside = False

    def of(self, action: str) -> list[Field] | None:
        """The inputs of the first form that goes there."""
        return next((fields for to, fields in self.forms if to == action), None)


class FormHands:
    """The pages and forms without a browser."""

    def __init__(self, app: Litestar, person: Person) -> None:
        self._browser = forms_of(app, person)
        self._page = ""

    def open(self, path: str) -> str:
        """The page, as HTML."""
        self._page = self._browser.get(path, follow_redirects=True).text
        return self._page

    def send(self, action: str, told: Mapping[str, str], grades: Mapping[str, int] | None = None, button: tuple[str, str] | None = None) -> str:
        """Sends the form as a browser would: every input in its order, filled in where it is named."""
        fields = Forms(self._page).of(action)
        if fields is None:
            return ""
        data = list(_filled(fields, told, grades or {})) + ([button] if button else [])
        is_upload = grades is not None
        more: dict[str, Any] = {"files": [(name, (None, value)) for name, value in data]} if is_upload else {"data": _listed(data)}
        self._page = self._browser.post(action, follow_redirects=True, **more).text
        return self._page


def _filled(fields: list[Field], told: Mapping[str, str], grades: Mapping[str, int]) -> "list[tuple[str, str]]":
    """What the form sends: named values, pieces by their grade, and the rest as it stands."""
    sent, left = [], dict(grades)
    for field in fields:
        name, kind = field.get("name", ""), field.get("type", "text")
        if not name or field["tag"] == "button" or kind == "file" or (kind in ("checkbox", "radio") and "checked" not in field):
            continue
        value = told.get(name, field.get("value", ""))
        if field.get("data-grade") in left:
            value = str(left.pop(field["data-grade"]))
        sent.append((name, value))
    return sent


def _listed(data: list[tuple[str, str]]) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    for name, value in data:
        held.setdefault(name, []).append(value)
    return held


class BrowserHands:
    """A real browser before the real site."""

    def __init__(self, page: Page, address: str) -> None:
        self._page, self._address = page, address

    def open(self, path: str) -> str:
        """The page, as HTML."""
        self._page.goto(self._address + path, wait_until="load")
        return self._page.content()

    def send(self, action: str, told: Mapping[str, str], grades: Mapping[str, int] | None = None, button: tuple[str, str] | None = None) -> str:
        """Fills in what is named and presses the button."""
        form = self._page.locator(f'form[action="{action}"]').first
        for name, value in told.items():
            form.locator(f'[name="{name}"]').first.fill(value)
        for grade, pieces in (grades or {}).items():
            form.locator(f'[data-grade="{grade}"]').first.fill(str(pieces))
        press = form.locator(f'button[name="{button[0]}"][value="{button[1]}"]' if button else "button").first
        with self._page.expect_navigation():
            press.click()
        return self._page.content()


@contextmanager
def browser_hands(app: Litestar, person: Person) -> Iterator[BrowserHands]:
    """Somebody at a browser, for as long as the block lasts."""
    with ExitStack() as stack:
        site = stack.enter_context(served(app))
        driver = stack.enter_context(sync_playwright())
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stack.callback(chromium.close)
        _, visitor = visit_of(chromium, site, person, DESK)
        visitor.page.set_default_timeout(60_000)
        yield BrowserHands(visitor.page, site.address)


def attribute(page: str, name: str) -> str:
    """The value of the first attribute of this name; empty where there is none."""
    found = re.search(rf'{name}="([^"]*)"', page)
    return found[1] if found else ""
