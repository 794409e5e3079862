"""An outsider and every role walk every route: strangers are shown the door, 郑 learns nothing of ours, and each role may do what its row says."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from tests.cast import BEGAN, Cast
from tests.keeping import Keeping
from tests.site.expectations import ROUTES, Route, Who, files_of
from tests.site.planted import Planted, furnished, plant
from tests.site_client import Browser, browser, make_app
from zhanggui.actions.house import House
from zhanggui.people import accounts
from zhanggui.people.permissions import MAY, Permission, Person, Role
from zhanggui.records.db import Pool

OUR_TABLES = "select table_name from information_schema.columns where column_name = 'shop_id' and table_schema = 'public' order by 1"
SHARED_TABLES = ("people", "shops")


@pytest.fixture
def house(keeping: Keeping, tmp_path: Path) -> Iterator[House]:
    """A house in which our shop is full: filled once, and copied."""
    with keeping.copied(keeping.kept(furnished), tmp_path) as house:
        yield house


@pytest.fixture
def people(keeping: Keeping) -> Cast:
    """The people of that house."""
    return keeping.kept(furnished).told[0]


@pytest.fixture
def ours(keeping: Keeping, house: House) -> Planted:
    """Our shop in it."""
    return keeping.kept(furnished).told[1]


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application."""
    return make_app(house)


def test_it_has_an_expectation_for_every_route_and_no_more(app: Litestar) -> None:
    expected = {(route.method, route.route) for route in ROUTES}

    assert set(_routes(app)) == expected


def test_it_answers_other_methods_as_if_there_were_nothing(app: Litestar, ours: Planted, people: Cast) -> None:
    known = {(route.method, route.route) for route in ROUTES}

    with browser(app, people.zheng) as zheng:
        for route in ROUTES:
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {method for method, path in known if path == route.route}:
                answer = zheng.request(method, route.ask(ours), headers={"x-csrftoken": "x"})
                assert answer.status_code in {403, 404}, (method, route.route)


def test_it_shows_strangers_the_door_and_nothing_else(app: Litestar, ours: Planted, house: House) -> None:
    before = _fingerprint(house.pool, ours)

    with browser(app) as stranger:
        for route in ROUTES:
            answer = _ask(stranger, route, ours)
            assert answer.status_code in route.stranger, (route.method, route.route, answer.status_code)
            assert not _seen(answer, ours, route), (route.method, route.route)

    assert _fingerprint(house.pool, ours) == before


def test_it_shows_the_owner_of_another_shop_nothing_of_ours(app: Litestar, ours: Planted, people: Cast, house: House, tmp_path: Path) -> None:
    plant(house, people, tmp_path, ours=False)
    before = _fingerprint(house.pool, ours)

    with browser(app, people.zheng) as zheng:
        for route in ROUTES:
            answer = _ask(zheng, route, ours)
            expected = (404,) if route.names_a_shop or route.who is Who.KEEPER else route.right
            assert answer.status_code in expected, (route.method, route.route, answer.status_code)
            assert not _seen(answer, ours, route), (route.method, route.route)

    assert _fingerprint(house.pool, ours) == before


def test_it_finds_nothing_of_ours_by_our_numbers_in_another_shop(app: Litestar, ours: Planted, people: Cast, house: House, tmp_path: Path) -> None:
    theirs = plant(house, people, tmp_path, ours=False)
    mixed = replace(ours, shop_id=theirs.shop_id, owner=theirs.owner)
    before = _fingerprint(house.pool, ours)

    with browser(app, people.zheng) as zheng:
        for route in ROUTES:
            answer = _ask(zheng, route, mixed)
            assert answer.status_code < 500, (route.method, route.route, answer.status_code)
            assert not _seen(answer, mixed, route), (route.method, route.route)

    assert _fingerprint(house.pool, ours) == before


def test_it_finds_no_number_of_ours_for_the_owner_of_another_shop(app: Litestar, ours: Planted, people: Cast) -> None:
    asked = [("/search", ours.order_no), ("/search", ours.tracking_no), ("/orders", ours.order_no), ("/aftersales", ours.order_no)]

    with browser(app, people.mei) as mei:
        found = [mei.get(path, params={"number": number}).headers.get("location", "") for path, number in asked[:2]]
    with browser(app, people.zheng) as zheng:
        answers = [zheng.get(path, params={"number": number}) for path, number in asked]

    assert all(location.startswith(f"/shops/{ours.shop_id}/orders/") for location in found)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert not any(f"/shops/{ours.shop_id}/" in answer.text or "松子" in answer.text for answer in answers)


@pytest.mark.parametrize("role", list(Role))
def test_it_lets_each_role_do_what_its_row_says_and_nothing_else(app: Litestar, ours: Planted, people: Cast, house: House, role: Role) -> None:
    person = _in_role(house.pool, ours, role)
    watch = Watch(house.pool, ours)

    with browser(app, person) as walker:
        for route in ROUTES:
            may = _may(person, role, route)
            if not may:
                watch.look()
            answer = _ask(walker, route, ours)
            assert answer.status_code in (route.right if may else (404,)), (role, route.method, route.route, answer.status_code, _why(answer))
            assert may or watch.is_still(), (role, route.method, route.route)


@pytest.mark.parametrize("form", ["without a token", "with an invented token", "with the token of another browser"])
def test_it_takes_no_form_that_did_not_come_from_its_own_page(app: Litestar, ours: Planted, people: Cast, house: House, form: str) -> None:
    with browser(app) as other:
        tokens = {"without a token": {}, "with an invented token": _token("a" * 128), "with the token of another browser": _token(other.form_token())}
    before = _fingerprint(house.pool, ours)

    with browser(app, people.lin) as lin:
        lin.get("/account")
        for route in ROUTES:
            if route.method != "POST":
                continue
            answer = lin.post(route.ask(ours), data={**route.send(ours), **tokens[form]}, **files_of(route))
            assert answer.status_code == (401 if route.who is Who.TOKEN else 403), (route.route, answer.status_code)
        assert lin.get("/account").status_code == 200

    assert _fingerprint(house.pool, ours) == before


NO_SHOPS = ("99999999999999999999", "-1", "0", "1e3", "x", "%00", "..%2f1", "1'--")
"""What no shop's number can be. Every route meets the first, and two of the others in turn, so that all routes together meet each of them dozens of times."""


def test_it_finds_nothing_at_addresses_that_make_no_sense(app: Litestar, ours: Planted, people: Cast) -> None:
    of_shops = [route for route in ROUTES if "{shop_id:int}" in route.route]

    with browser(app, people.lin) as lin:
        for number, route in enumerate(of_shops):
            for asked in (NO_SHOPS[0], NO_SHOPS[1 + number % 7], NO_SHOPS[1 + (number + 3) % 7]):
                path = route.ask(ours).replace(f"/{ours.shop_id}/", f"/{asked}/", 1)
                answer = _send(lin, route, path, ours)
                assert answer.status_code in {400, 404}, (route.method, path, answer.status_code)


def _token(token: str) -> dict[str, str]:
    return {"_csrf_token": token}


def _routes(app: Litestar) -> Iterator[tuple[str, str]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            assert isinstance(handler, HTTPRouteHandler)
            for method in handler.http_methods:
                if method not in {"OPTIONS", "HEAD"}:
                    yield str(method), route.path


def _ask(walker: Browser, route: Route, planted: Planted) -> httpx.Response:
    return _send(walker, route, route.ask(planted), planted)


def _send(walker: Browser, route: Route, path: str, planted: Planted) -> httpx.Response:
    if route.method == "GET":
        return walker.get(path)
    page = "/account" if walker.cookies.get(walker.door_cookie) else "/sign-in"
    token = walker.kept_tokens.get(page) or walker.form_token(page)
    walker.kept_tokens[page] = token  # one browser's forms carry one token: fetching it anew for every form would double the walk
    return walker.post(path, data={**route.send(planted), "_csrf_token": token}, **files_of(route))


def _seen(answer: httpx.Response, planted: Planted, route: Route) -> list[str]:
    """What of the shop stands in the answer that the request did not say itself."""
    said = route.ask(planted) + repr(route.send(planted))
    told = answer.text + repr(answer.headers)
    return [marker for marker in planted.markers if marker in told and marker not in said]


def _may(person: Person, role: Role, route: Route) -> bool:
    match route.who:
        case Permission():
            return {route.who, route.also or route.who} <= MAY[role]
        case Who.KEEPER:
            return person.is_keeper
        case _:
            return True


def _why(answer: httpx.Response) -> str:
    return answer.text.partition("<main")[2][:600]


def _in_role(pool: Pool, planted: Planted, role: Role) -> Person:
    with pool.connection() as tx:
        made = tx.execute(
            "insert into people (login, display_name, password_hash, made_at) values (%s, %s, '!', %s) returning person_id", (role.value, role.value, BEGAN)
        ).fetchone()
        assert made is not None
        tx.execute("insert into memberships (shop_id, person_id, role, made_at) values (%s, %s, %s, %s)", (planted.shop_id, made[0], role.value, BEGAN))
        person = accounts.person(tx, made[0])
    assert person is not None
    return person


class Watch:
    """Sees whether anything of the shop changes. Where no transaction wrote anything at all, nothing need be read again."""

    def __init__(self, pool: Pool, planted: Planted) -> None:
        self._pool, self._planted = pool, planted
        self._written, self._seen = -1, ""

    def look(self) -> None:
        """How everything stands, before something is tried."""
        written = self._last_written()
        if written != self._written:
            self._written, self._seen = written, _fingerprint(self._pool, self._planted)

    def is_still(self) -> bool:
        """Whether everything stands as it did."""
        before = self._seen
        self.look()
        return self._seen == before

    def _last_written(self) -> int:
        """The number that the next transaction which writes will bear; reading takes none."""
        with self._pool.connection() as tx:
            row = tx.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
        assert row is not None
        return int(row[0])


def _fingerprint(pool: Pool, planted: Planted) -> str:
    """Every row of the shop, and of what is shared, in one digest. Tables of people are left out: a name may be changed by its owner."""
    with pool.connection() as tx:
        tables = [row[0] for row in tx.execute(OUR_TABLES)]
        ours = [f"select '{table}', md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t where shop_id = %(ours)s" for table in tables]
        shared = [f"select '{table}', count(*)::text from {table}" for table in SHARED_TABLES]
        parts = tx.execute(" union all ".join([*ours, *shared]), {"ours": planted.shop_id}).fetchall()
    return " ".join(f"{name}:{part}" for name, part in sorted(parts))
