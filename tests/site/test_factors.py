"""Second factors over the whole application: the two steps of signing in, showing again who sits there, and rights that are withheld."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import quote

import pyotp
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from tests.cast import BEGAN, Cast
from tests.people.device import Device
from tests.site_client import Browser, browser, make_app
from zhanggui import clock
from zhanggui.actions import own_factors
from zhanggui.actions.alerting.channels import add_channel
from zhanggui.actions.hooks.making import add_hook
from zhanggui.actions.house import House
from zhanggui.connectors.notify.ways import Typed
from zhanggui.people import accounts, factors, sign_ins
from zhanggui.people.permissions import Person, PersonId, Role
from zhanggui.workbench.door.confirming import recently_confirmed

GOOD = "七号仓库 今天 发货 吗"
BY_NAME = "http://desk.test:8000"
ASKED_AGAIN = {
    "/account/code-app",
    "/account/code-app/proof",
    "/account/code-app/removal",
    "/account/passkeys",
    "/account/passkeys/asked",
    "/account/passkeys/removal",
    "/account/recovery-codes",
    "/shops/{shop_id:int}/alert_channels",
    "/shops/{shop_id:int}/connection/application",
    "/shops/{shop_id:int}/connection/authorisation",
    "/shops/{shop_id:int}/connection/token",
    "/shops/{shop_id:int}/factor-terms",
    "/shops/{shop_id:int}/hooks",
    "/shops/{shop_id:int}/hooks/{hook_no:int}/kinds",
    "/shops/{shop_id:int}/hooks/{hook_no:int}/secret",
    "/shops/{shop_id:int}/invitations",
    "/shops/{shop_id:int}/people/{person_id:int}",
    "/shops/{shop_id:int}/privacy/key",
    "/shops/{shop_id:int}/privacy/terms",
    "/shops/{shop_id:int}/texts/ways",
    "/shops/{shop_id:int}/tokens",
    "/shops/{shop_id:int}/tracker",
}
"""What is weighty whatever is sent; other rooms add their own."""


@pytest.fixture
def app(house: House, people: Cast) -> Litestar:
    """The whole application; 林 has a password."""
    with house.pool.connection() as tx:
        accounts.set_password(tx, _id(people.lin), GOOD)
    return make_app(house, hosts=("desk.test",))


@pytest.fixture
def lin(app: Litestar, people: Cast) -> Iterator[Browser]:
    """林 at a browser, signed in just now."""
    with browser(app, people.lin, base_url=BY_NAME) as found:
        yield found


def test_it_asks_for_a_code_after_the_password_and_lets_in_nobody_before(app: Litestar, house: House, people: Cast) -> None:
    secret = _has_app(house, people.lin)

    with browser(app) as coming:
        first = coming.send_form("/sign-in", {"login": "lin", "password": GOOD, "next": "/orders"})
        between = coming.get("/orders")
        wrong = coming.send_form("/sign-in/second", {"code": "000000", "next": "/orders"}, page="/sign-in/second")
        right = coming.send_form("/sign-in/second", {"code": _next_code(secret), "next": "/orders"}, page="/sign-in/second")
        after = coming.get("/orders")

    assert (first.status_code, first.headers["location"]) == (303, "/sign-in/second?next=%2Forders")
    assert between.headers["location"].startswith("/sign-in")
    assert (wrong.status_code, right.status_code, right.headers["location"]) == (422, 303, "/orders")
    assert after.status_code == 200


def test_the_second_step_sends_nobody_to_another_site(app: Litestar, house: House, people: Cast) -> None:
    secret = _has_app(house, people.lin)

    with browser(app) as coming:
        first = coming.send_form("/sign-in", {"login": "lin", "password": GOOD, "next": "//evil.example"})
        right = coming.send_form("/sign-in/second", {"code": _next_code(secret), "next": "https://evil.example/"}, page="/sign-in/second")

    assert (first.headers["location"], right.headers["location"]) == ("/sign-in/second?next=%2F", "/")


def test_it_leads_back_whoever_comes_to_the_second_step_without_the_first(app: Litestar) -> None:
    with browser(app) as stranger:
        stranger.cookies.set(app.state.door.half_cookie_name, "invented")

        assert stranger.get("/sign-in/second").headers["location"] == "/sign-in?next=%2F"
        assert stranger.send_form("/sign-in/second", {"code": "123456"}).headers["location"] == "/sign-in?next=%2F"


def test_the_secret_and_the_recovery_codes_are_shown_once(house: House, lin: Browser) -> None:
    begun = lin.send_form("/account/code-app", page="/account")
    secret = begun.text.split('id="app-secret">')[1].split("<")[0]
    proven = lin.send_form("/account/code-app/proof", {"code": pyotp.TOTP(secret).at(clock.unwound())}, page="/account")
    codes = proven.text.split('id="recovery-codes">')[1].split("<")[0].split()
    again = lin.get("/account").text

    assert len(codes) == 10
    assert secret not in proven.text + again
    assert not any(code in again for code in codes)
    assert begun.headers["cache-control"] == "no-store"


def test_it_makes_a_passkey_and_lets_somebody_in_by_it_alone(lin: Browser) -> None:
    device = Device(BY_NAME)
    made = lin.send_form("/account/passkeys", {"answer": device.makes(lin.get("/account/passkeys/asked").json()), "name": "手机"}, page="/account")
    lin.send_form("/sign-out", page="/account")

    asked = lin.get("/sign-in/passkey").json()
    entered = lin.send_form("/sign-in/passkey", {"answer": device.shows(asked), "next": "/orders"})
    inside = lin.get("/account")

    assert made.status_code == 200
    assert asked["userVerification"] == "required"
    assert (entered.status_code, entered.headers["location"]) == (303, "/orders")
    assert "手机" in inside.text


def test_it_offers_no_passkeys_where_it_is_asked_for_by_a_number(app: Litestar, people: Cast) -> None:
    with browser(app, people.lin) as by_number:
        answers = [by_number.get(path).status_code for path in ("/account/passkeys/asked", "/account/confirmation/asked", "/sign-in/passkey")]
        page = by_number.get("/account").text

    assert answers == [404, 404, 404]
    assert "data-passkey=" not in page


def test_what_is_weighty_asks_again_who_sits_there(app: Litestar) -> None:
    guarded = {path for path, guards in _guards(app) if recently_confirmed in guards}

    assert guarded >= ASKED_AGAIN


def test_ten_minutes_after_the_sign_in_nothing_weighty_is_done_before_it_is_shown_again(app: Litestar, house: House, people: Cast, lin: Browser) -> None:
    page = f"/people?shop={people.shop_id}"
    member, asked = f"/shops/{people.shop_id}/people/{people.mei.person_id}", {"act": "role", "role": "owner"}
    _is_long_ago(house)

    refused = lin.send_form(member, asked, page=page, headers={"referer": f"{BY_NAME}{page}"})
    for_htmx = lin.send_form(member, asked, page=page, headers={"referer": f"{BY_NAME}{page}", "hx-request": "true"})
    for_program = lin.send_form(member, asked, page=page, headers={"accept": "application/json"})
    before = _role(house, people)
    wrong = lin.send_form("/account/confirmation", {"password": "wrong", "next": page}, page=page)
    right = lin.send_form("/account/confirmation", {"password": GOOD, "next": page}, page=page)
    done = lin.send_form(member, asked, page=page)

    ask = f"/account/confirmation?next={quote(page, safe='/')}"
    assert (refused.status_code, refused.headers["location"]) == (303, ask)
    assert (for_htmx.status_code, for_htmx.headers["hx-redirect"]) == (403, ask)
    assert for_program.status_code == 403
    assert before == Role.REP
    assert (wrong.status_code, right.status_code, right.headers["location"]) == (422, 303, page)
    assert (done.status_code, _role(house, people)) == (303, Role.OWNER)


def test_switching_off_is_never_asked_about(house: House, people: Cast, lin: Browser) -> None:
    levels = f"/shops/{people.shop_id}/act_levels"
    _is_long_ago(house)

    off = lin.send_form(levels, {"kind": "refund.agree", "level": "off"}, page="/acts")
    raised = lin.send_form(levels, {"kind": "refund.agree", "level": "act"}, page="/acts")
    all_off = lin.send_form(f"{levels}/off", page="/acts")

    assert [answer.headers["location"].split("?")[0] for answer in (off, raised, all_off)] == ["/acts", "/account/confirmation", "/acts"]


def test_a_drafting_endpoint_is_named_by_who_shows_again_and_taken_away_by_anybody(house: House, people: Cast, lin: Browser) -> None:
    drafting = f"/shops/{people.shop_id}/drafting"
    _is_long_ago(house)

    named = lin.send_form(drafting, {"address": "https://drafts.example/v1", "model": "m", "is_on": "yes"}, page="/scripts?view=shop")
    taken = lin.send_form(drafting, {"act": "off"}, page="/scripts?view=shop")

    assert named.headers["location"].startswith("/account/confirmation?")
    assert "/account/confirmation" not in taken.headers.get("location", "")


def test_a_hook_or_channel_is_closed_by_anybody_and_opened_by_who_shows_again(house: House, people: Cast, lin: Browser) -> None:
    hook = add_hook(house, people.lin, people.shop_id, "ERP", "https://erp.example/hook", ["*"], BEGAN).hook_no
    channel = add_channel(house, people.lin, people.shop_id, "wecom", "群", Typed(address="a1b2c3d4-e5f6"), BEGAN)
    steps = (f"/shops/{people.shop_id}/hooks/{hook}/step", f"/shops/{people.shop_id}/alert_channels/{channel}/state")
    _is_long_ago(house)

    closed = [lin.send_form(step, {"step": "off"}, page="/account") for step in steps]
    opened = [lin.send_form(step, {"step": "on"}, page="/account") for step in steps]
    resumed = lin.send_form(steps[0], {"step": "resume"}, page="/account")

    assert [answer.headers["location"].split("?")[0] for answer in closed] == [f"/shops/{people.shop_id}/hooks/{hook}", "/alerts/settings"]
    assert [answer.headers["location"].split("?")[0] for answer in (*opened, resumed)] == ["/account/confirmation"] * 3


def test_the_confirmation_leads_back_to_pages_of_ours_alone(house: House, lin: Browser) -> None:
    _is_long_ago(house)

    asked = lin.send_form("/account/recovery-codes", page="/account", headers={"referer": "https://evil.example//evil.example/x"})
    confirmed = lin.send_form("/account/confirmation", {"password": GOOD, "next": "//evil.example"}, page="/account")

    assert asked.headers["location"] == "/account/confirmation?next=/"
    assert confirmed.headers["location"] == "/"


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("/shops/{shop}/privacy/forgotten", "/privacy?shop={shop}"),
        ("/account/code-app", "/account"),
        ("/shops/{shop}/invitations", "/today"),
        ("/shops/{shop}/threads/7/answers?view=mine", "/shops/{shop}/threads/7"),
        ("/privacy?shop={shop}", "/privacy?shop={shop}"),
    ],
)
def test_the_confirmation_leads_back_to_a_page_that_can_be_asked_for(house: House, people: Cast, lin: Browser, page: str, back: str) -> None:
    _is_long_ago(house)
    page, back = (each.format(shop=people.shop_id) for each in (page, back))

    asked = lin.send_form(f"/shops/{people.shop_id}/privacy/forgotten", {"sure": "1"}, page="/account", headers={"referer": f"{BY_NAME}{page}"})

    assert asked.headers["location"] == f"/account/confirmation?next={quote(back, safe='/')}"


def test_a_role_that_is_withheld_opens_nothing_and_says_what_to_do(app: Litestar, house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        factors.put_terms(tx, people.shop_id, frozenset({Role.REP}), None, clock.unwound())

    with browser(app, people.mei) as mei:
        orders, imports, to_do = mei.get("/orders"), mei.get(f"/imports?shop={people.shop_id}"), mei.get("/today")
        secret = _adds_app(mei)
        afterwards = mei.get(f"/imports?shop={people.shop_id}")

    assert "林记坚果" not in orders.text + to_do.text
    assert imports.status_code == 404
    assert 'href="/account#factors"' in to_do.text
    assert secret
    assert (afterwards.status_code, 'href="/account#factors"' in afterwards.text) == (200, False)


def test_an_owner_sees_who_has_a_second_factor_and_asks_it_of_roles(house: House, people: Cast, lin: Browser) -> None:
    _adds_app(lin)

    kept = lin.send_form(f"/shops/{people.shop_id}/factor-terms", {"roles": ["owner", "warehouse"]}, page="/people")
    page = lin.get("/people").text
    emptied = lin.send_form(f"/shops/{people.shop_id}/factor-terms", {}, page="/people")

    assert (kept.status_code, emptied.status_code) == (303, 303)
    assert page.count("还没有第二重验证") == 1
    assert page.count('<span class="chip good">第二重验证</span>') == 1
    assert own_factors.factor_terms(house, people.lin, people.shop_id) == frozenset()


def test_the_account_lists_devices_and_what_happened_at_the_door(app: Litestar, people: Cast) -> None:
    chrome = {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"}
    with browser(app) as coming:
        coming.send_form("/sign-in", {"login": "lin", "password": "wrong"}, headers=chrome)
        coming.send_form("/sign-in", {"login": "lin", "password": GOOD}, headers=chrome)
        page = coming.get("/account").text

    assert page.count("Chrome · Windows") == 3
    assert "密码不对" in page
    assert page.count('action="/account/ended_sign_ins"') == 2


def _has_app(house: House, person: Person) -> str:
    """The secret of an app of the person."""
    now, secret = clock.unwound(), own_factors.begin_app(house, person, clock.unwound()).secret
    own_factors.prove_app(house, person, pyotp.TOTP(secret).at(now), this=b"elsewhere", now=now, wall=now)
    return secret


def _adds_app(seat: Browser) -> str:
    """The secret of the app that whoever sits at this browser adds."""
    begun = seat.send_form("/account/code-app", page="/account")
    secret = begun.text.split('id="app-secret">')[1].split("<")[0]
    assert seat.send_form("/account/code-app/proof", {"code": pyotp.TOTP(secret).at(clock.unwound())}, page="/account").status_code == 200
    return secret


def _next_code(secret: str) -> str:
    """The code of the coming half-minute, which a phone may show already: the present one was used to add the app."""
    return pyotp.TOTP(secret).at(clock.unwound() + timedelta(seconds=30))


def _is_long_ago(house: House) -> None:
    with house.pool.connection() as tx:
        tx.execute("update sign_ins set confirmed_at = %s", (clock.unwound() - sign_ins.CONFIRMED_FOR,))


def _role(house: House, people: Cast) -> Role:
    with house.pool.connection() as tx:
        person = accounts.person(tx, _id(people.mei))
    assert person is not None
    return person.roles[people.shop_id]


def _guards(app: Litestar) -> Iterator[tuple[str, Sequence[object]]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                yield route.path, handler.guards or ()


def _id(person: Person) -> PersonId:
    assert person.person_id is not None
    return person.person_id
