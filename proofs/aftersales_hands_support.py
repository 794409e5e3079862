"""A person's hands at the house's pages: in a real browser, or, since a month has thousands of cases, through the same pages and forms without drawing them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from html import unescape
from html.parser import HTMLParser
from typing import Any, Protocol

from litestar import Litestar
from playwright.sync_api import FilePayload, Locator, Page, sync_playwright

from tests.journeys.conftest import ARGUMENTS, CHROMIUM, DESK, served, visit_of
from tests.site_client import browser as forms_of
from zhanggui.people.permissions import Person

File = tuple[str, bytes]
BROKEN = 500
REFUSED = re.compile(r"status of 4\d\d")
"""A browser complains also of an answer that merely said no."""
OUTCOMES = re.compile(r'<form[^>]* action="(/shops/\d+/steps/\d+/outcome)">(.*?)</form>', re.DOTALL)
ALL = "*"
"""Every box of this name is ticked."""
SECONDS = 20
"""A page, or what a press of a button brings, that takes longer has stalled."""


class PageBroke(Exception):
    """A page of the house answered that it broke, or complained in the browser."""


class Field(dict[str, str]):
    """One input of a form, by its attributes."""


class Hands(Protocol):
    """Opens pages and sends their forms."""

    def open(self, path: str) -> str:
        """The page, as HTML."""

    def send(
        self,
        action: str,
        told: Mapping[str, str],
        grades: Mapping[str, int] | None = None,
        button: tuple[str, str] | None = None,
        files: Sequence[File] = (),
    ) -> str:
        """Fills in the form of the page that goes there, and sends it; the page that follows."""


class Forms(HTMLParser):
    """The forms of a page: where each goes to, and its inputs in order, also those that stand outside and name it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[Field]]] = []
        self._named: dict[str, list[Field]] = {}
        self._loose: list[tuple[str, Field]] = []
        self._inside: list[Field] | None = None
        self._choosing = self._writing = ""
        self.feed(page)
        for name, field in self._loose:
            self._named.get(name, []).append(field)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep forms and what stands in them."""
        held = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._inside = self._named.setdefault(held.get("id", f"form {len(self.forms)}"), [])
                self.forms.append((held.get("action", ""), self._inside))
            case "input" | "select" | "textarea" | "button":
                self._keep(Field(held | {"tag": tag}))
            case "option" if self._inside and self._inside[-1]["tag"] == "select" and ("selected" in held or "value" not in self._inside[-1]):
                self._inside[-1]["value"] = held.get("value", "")

    def _keep(self, field: Field) -> None:
        if "form" in field:
            self._loose.append((field["form"], field))
        elif self._inside is not None:
            self._inside.append(field)

    def handle_data(self, data: str) -> None:
        """What stands in a text of several lines."""
        if self._inside and self._inside[-1]["tag"] == "textarea" and "over" not in self._inside[-1]:
            self._inside[-1]["value"] = self._inside[-1].get("value", "") + data

    def handle_endtag(self, tag: str) -> None:
        """A form ends, or a text in it."""
        if tag == "form":
            self._inside = None
        elif tag == "textarea" and self._inside:
            self._inside[-1]["over"] = ""

    def of(self, action: str, told: Iterable[str], button: tuple[str, str] | None) -> list[Field] | None:
        """The inputs of the first form that goes there, asks for what is told, and has the button."""
        return next((fields for to, fields in self.forms if to == action and _asks(fields, told) and _has(fields, button)), None)


def _asks(fields: list[Field], told: Iterable[str]) -> bool:
    return set(told) <= {field.get("name", "") for field in fields if field["tag"] != "button"}


def _has(fields: list[Field], button: tuple[str, str] | None) -> bool:
    return button is None or any(field["tag"] == "button" and (field.get("name"), field.get("value")) == button for field in fields)


class FormHands:
    """The pages and forms without a browser."""

    def __init__(self, app: Litestar, person: Person) -> None:
        self._browser = forms_of(app, person)
        self._page = ""

    def open(self, path: str) -> str:
        """The page, as HTML."""
        self._page = self._browser.get(path, follow_redirects=True).text
        return self._page

    def send(
        self,
        action: str,
        told: Mapping[str, str],
        grades: Mapping[str, int] | None = None,
        button: tuple[str, str] | None = None,
        files: Sequence[File] = (),
    ) -> str:
        """Sends the form as a browser would: every input in its order, filled in where it is named."""
        fields = Forms(self._page).of(action, told, button)
        if fields is None:
            raise PageBroke(f"there is no form that goes to {action}")
        data = list(_filled(fields, told, grades or {})) + ([button] if button else [])
        more: dict[str, Any] = {"data": _listed(data)}
        if any(field.get("type") == "file" for field in fields):
            parts: list[tuple[str, tuple[str | None, Any]]] = [(name, (None, value)) for name, value in data]
            more = {"files": parts + [("files", (name, content)) for name, content in files]}
        answer = self._browser.post(action, follow_redirects=True, **more)
        if answer.status_code >= BROKEN:
            raise PageBroke(f"{answer.status_code} {action}")
        self._page = answer.text
        return self._page


def _filled(fields: list[Field], told: Mapping[str, str], grades: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """What the form sends: named values, pieces by their grade, and the rest as it stands."""
    left = dict(grades)
    for field in fields:
        name, kind = field.get("name", ""), field.get("type", "text")
        is_left = kind in ("checkbox", "radio") and "checked" not in field and told.get(name) != ALL
        if not name or field["tag"] == "button" or kind == "file" or is_left:
            continue
        value = field.get("value", "") if told.get(name) == ALL else told.get(name, field.get("value", ""))
        if field.get("data-grade") in left:
            value = str(left.pop(field["data-grade"]))
        yield name, value


def _listed(data: list[tuple[str, str]]) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    for name, value in data:
        held.setdefault(name, []).append(value)
    return held


class BrowserHands:
    """A real browser before the real site."""

    def __init__(self, page: Page, address: str, complaints: list[str]) -> None:
        self._page, self._address, self._complaints = page, address, complaints

    def open(self, path: str) -> str:
        """The page, as HTML."""
        self._page.goto(self._address + path, wait_until="domcontentloaded")
        return self._shown()

    def send(
        self,
        action: str,
        told: Mapping[str, str],
        grades: Mapping[str, int] | None = None,
        button: tuple[str, str] | None = None,
        files: Sequence[File] = (),
    ) -> str:
        """Fills in what is named and presses the button."""
        forms = self._page.locator(f'form[action="{action}"]')
        pressed = f'button[name="{button[0]}"][value="{button[1]}"]' if button else "button:not([type=button])"
        typed = {name: value for name, value in told.items() if value != ALL}
        for wanted in [*(f':not(button)[name="{name}"]' for name in typed), pressed]:
            forms = forms.filter(has=self._page.locator(wanted))
        form = forms.first
        for box in [box for name in told.keys() - typed.keys() for box in self._page.locator(f'input[name="{name}"]').all()]:
            box.check()
        for name, value in typed.items():
            _fill(form.locator(f':not(button)[name="{name}"]').first, value)
        for grade, pieces in (grades or {}).items():
            form.locator(f'[data-grade="{grade}"]').first.fill(str(pieces))
        if files:
            form.locator('input[type="file"]').first.set_input_files([FilePayload(name=name, mimeType="image/jpeg", buffer=content) for name, content in files])
        press = form.locator(pressed).first
        _unfold(press)
        with self._page.expect_navigation(wait_until="domcontentloaded"):
            press.click()
        return self._shown()

    def _shown(self) -> str:
        broke = [each for each in self._complaints if not REFUSED.search(each)]
        if broke:
            raise PageBroke(f"{self._page.url}: {broke[0]}")
        return self._page.content()


def _fill(field: Locator, value: str) -> None:
    """Type it, choose it, or leave it as it is where the page has written it."""
    if field.get_attribute("type") == "hidden":
        return
    _unfold(field)
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def _unfold(what: Locator) -> None:
    """Open what is folded around it: nobody types or presses where nothing is to be seen."""
    folded = what.locator("xpath=ancestor::details[not(@open)]/summary")
    while folded.count():
        folded.first.click()


@contextmanager
def browser_hands(app: Litestar, *people: Person) -> Iterator[list[BrowserHands]]:
    """People at browsers of their own, for as long as the block lasts."""
    with ExitStack() as stack:
        site = stack.enter_context(served(app))
        driver = stack.enter_context(sync_playwright())
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stack.callback(chromium.close)
        seated = []
        for person in people:
            _, visitor = visit_of(chromium, site, person, DESK)
            visitor.page.set_default_timeout(SECONDS * 1000)
            seated.append(BrowserHands(visitor.page, site.address, visitor.complaints))
        yield seated


def attribute(page: str, name: str) -> str:
    """The value of the first attribute of this name; empty where there is none."""
    found = re.search(rf'{name}="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def rows_of(page: str) -> list[str]:
    """The rows of the page's lists, each with what stands in it."""
    return re.split(r"<(?:tr|section|li)\b[^>]* data-row", page)[1:]


def further(page: str) -> str:
    """Where the list goes on; empty at its end."""
    found = re.search(r'<a class="button" href="([^"]+)" data-key="l">', page)
    return unescape(found[1]) if found else ""


def further_of_band(page: str) -> str:
    """Where a band of Today goes on; empty at its end."""
    found = re.search(r'<a class="button" href="(/today[^"]*after=[^"]*)">', page)
    return unescape(found[1]) if found else ""


def step_with(page: str, outcome: str, *, but: str = " ") -> str | None:
    """Where the outcome of the first step by hand is kept that offers this one, and not that."""
    return next((action for action, form in OUTCOMES.findall(page) if f'value="{outcome}"' in form and f'value="{but}"' not in form), None)
