"""A real browser before the real site: a server on a port of this machine, Chromium, and people signed in at it.

Whatever the browser complains of (an error on its console, a script or style that the content policy stops, an answer that broke) fails the test.
"""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from litestar import Litestar
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.cast import Cast
from tests.site_client import make_app, token_for
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.people.permissions import Person

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
"""14:30 in Shanghai."""

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=zh-CN"]
ARGUMENTS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # a camera that shows a moving test picture


_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error("content policy: " + event.violatedDirective + " " + event.blockedURI));
"""


@dataclass
class Site:
    """The site as it answers on a port of this machine."""

    app: Litestar
    address: str


@dataclass
class Visitor:
    """Somebody at a browser, and what the browser complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> None:
        """Opens a page of the site and waits until it is there, its scripts run. What comes over its stream later is for the test to expect."""
        self.page.goto(self.address + path, wait_until="load")

    def complain(self, text: str) -> None:
        """Notes a complaint."""
        self.complaints.append(text)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """The driver of browsers. It keeps an event loop running on this thread, so it must end with this folder's tests."""
    if CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all journeys."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def site(house: House, people: Cast) -> Iterator[Site]:
    """The site over a fresh house, at 14:30 of the story's day."""
    clock.use_home(house.home)
    clock.wind(house.home, NOW - clock.unwound())
    with served(make_app(house)) as running:
        yield running
    clock.use_home(None)


class served:  # noqa: N801 - reads as a verb where it is used
    """Serves the application on a free port while the block runs."""

    def __init__(self, app: Litestar) -> None:
        self._app = app
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]}, daemon=True)

    def __enter__(self) -> Site:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return Site(self._app, f"http://127.0.0.1:{self._listening.getsockname()[1]}")

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._listening.close()


@pytest.fixture
def visitor(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Sits somebody down at a browser: `visitor(person, width, scripts=False)`. No complaint may be left at the end."""
    opened: list[tuple[BrowserContext, Visitor]] = []

    def sit_down(person: Person | None, screen: dict[str, int] | None = None, *, scripts: bool = True, language: str = "zh-CN") -> Visitor:
        context, visit = visit_of(chromium, site, person, screen or DESK, scripts=scripts, language=language)
        opened.append((context, visit))
        return visit

    yield sit_down
    complaints = [complaint for _, visit in opened for complaint in visit.complaints]
    for context, _ in opened:
        context.close()
    assert complaints == []


def visit_of(
    chromium: Browser, site: Site, person: Person | None, screen: dict[str, int], *, scripts: bool = True, language: str = "zh-CN"
) -> tuple[BrowserContext, Visitor]:
    """A browser window of its own with the person signed in."""
    context = chromium.new_context(
        viewport={"width": screen["width"], "height": screen["height"]},
        java_script_enabled=scripts,
        locale=language,
        timezone_id="Asia/Shanghai",
        has_touch=screen is PHONE,
        permissions=["clipboard-read", "clipboard-write"],
    )
    if person is not None:
        context.add_cookies([{"name": site.app.state.door.cookie_name, "value": token_for(site.app, person), "url": site.address}])
    page = context.new_page()
    visit = Visitor(page, site.address)
    if scripts:
        page.add_init_script(_REPORT_VIOLATIONS)
    page.on("console", lambda message: visit.complain(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: visit.complain(str(error)))
    page.on("response", lambda answer: visit.complain(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
    page.set_default_timeout(8000)
    return context, visit


def written(folder: Path, name: str, content: bytes) -> Path:
    """A file of that name with this content, for a browser to upload."""
    path = folder / name
    path.write_bytes(content)
    return path
