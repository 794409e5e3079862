"""Everybody follows every link of their own pages and looks at every form: none leads to what is not theirs, none lacks its token, nothing stands inline."""

import re
from collections import deque
from pathlib import Path
from urllib.parse import unquote

import pytest
from litestar import Litestar

from tests.cast import Cast
from tests.security.pages import Form, own, read_page
from tests.site.planted import Planted, plant
from tests.site_client import Browser, browser, make_app
from zhanggui.actions.house import House
from zhanggui.people import accounts
from zhanggui.people.permissions import Person, Role
from zhanggui.records.db import Pool

FEW = 1
"""Of pages that differ in numbers and choices alone, so many are opened."""
ENDS = ("/sign-out", "/live/", "/static/", "/api/")
NEW_PERSON = "insert into people (login, display_name, password_hash, made_at) values (%(name)s, %(name)s, '!', '2025-01-01Z') returning person_id"
NEW_MEMBER = "insert into memberships (shop_id, person_id, role, made_at) values (%(shop_id)s, %(person_id)s, %(role)s, '2025-01-01Z')"


@pytest.fixture
def ours(house: House, people: Cast, tmp_path: Path) -> Planted:
    """Our shop, full."""
    return plant(house, people, tmp_path, ours=True)


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application."""
    return make_app(house)


ROLES = (Role.OWNER, Role.REP, Role.FINANCE, Role.VIEWER)


def test_every_link_and_form_of_a_role_is_in_order(app: Litestar, ours: Planted, people: Cast, house: House) -> None:
    walks = {}

    for role in ROLES:
        with browser(app, people.lin if role is Role.OWNER else _in_role(house.pool, ours, role)) as walker:
            walks[role] = Walk(walker, "/today")
            walks[role].goes()
    with browser(app) as stranger:
        walk = Walk(stranger, "/sign-in")
        walk.goes()

    assert {role: walked.wrong for role, walked in walks.items() if walked.wrong} == {}
    assert all(len(walked.opened) > 20 for walked in walks.values())
    assert (walk.wrong, {shape(path) for path in walk.opened}) == ([], {"/sign-in"})


class Walk:
    """A walk along the links of pages, as one person sees them."""

    def __init__(self, walker: Browser, start: str) -> None:
        self._walker = walker
        self._to_open = deque([start])
        self._met: dict[str, int] = {}
        self.opened: list[str] = []
        self.wrong: list[str] = []

    def goes(self) -> None:
        """Opens everything that can be reached, a few of a shape."""
        while self._to_open:
            path = self._to_open.popleft()
            answer = self._walker.get(path)
            self.opened.append(path)
            if answer.status_code in {302, 303}:
                self._comes_upon(own(answer.headers["location"], path), path)
            elif answer.status_code != 200 and not _is_of_no_case(path):
                self.wrong.append(f"{answer.status_code} {path}")
            elif answer.headers["content-type"].startswith("text/html"):
                self._looks_at(path, answer.text)

    def _looks_at(self, path: str, text: str) -> None:
        page = read_page(text, path)
        self.wrong += [f"{path}: {inline}" for inline in (*page.inline, *page.foreign)]
        for form in page.forms:
            self._looks_at_form(path, form)
        for link in page.links:
            self._comes_upon(link, path)

    def _looks_at_form(self, path: str, form: Form) -> None:
        if form.method == "POST" and "_csrf_token" not in form.fields:
            self.wrong.append(f"{path}: the form to {form.action} has no token")
        if form.method not in {"GET", "POST", "DIALOG"}:
            self.wrong.append(f"{path}: the form to {form.action} is sent by {form.method}")
        if form.files and not form.is_multipart:
            self.wrong.append(f"{path}: the form to {form.action} sends no files")
        if form.method == "GET":
            self._comes_upon(form.action, path)

    def _comes_upon(self, link: str | None, path: str) -> None:
        if link is None:
            self.wrong.append(f"{path} leads elsewhere")
        elif not link.startswith(ENDS) and self._met.setdefault(shape(link), 0) < FEW and link not in self.opened and link not in self._to_open:
            self._met[shape(link)] += 1
            self._to_open.append(link)


def _is_of_no_case(path: str) -> bool:
    """Whether it is the page of the planted dispute's case: without a platform, only the table of disputes can tell of it."""
    return unquote(path).endswith("/aftersales/松子单号")


def shape(path: str) -> str:
    """The kind of page: its path without what is one of many, and which view of it."""
    at, _, query = path.partition("?")
    pieces = ["#" if place > 3 or re.search(r"[0-9%@]", piece) else piece for place, piece in enumerate(at.split("/"))]
    view = next((pair for pair in query.split("&") if pair.startswith(("view=", "state=", "step="))), "")
    return "/".join(pieces) + (f"?{view}" if view else "")


def _in_role(pool: Pool, planted: Planted, role: Role) -> Person:
    with pool.connection() as tx:
        made = tx.execute(NEW_PERSON, {"name": f"crawls-{role.value}"}).fetchone()
        assert made is not None
        tx.execute(NEW_MEMBER, {"shop_id": planted.shop_id, "person_id": made[0], "role": role.value})
        person = accounts.person(tx, made[0])
    assert person is not None
    return person
