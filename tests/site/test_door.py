"""The door from outside: the first run, signing in and out, invitations, one's own account, and what a stranger meets."""

import re

import httpx
import pytest
from litestar import Litestar

from tests.cast import Cast
from tests.site_client import FIRST_RUN_CODE, Browser, browser, make_app, token_for
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.people import invite
from zhanggui.people import accounts, sign_ins
from zhanggui.people.permissions import Person, PersonId, Role

GOOD = "七号仓库 今天 发货 吗"


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application."""
    return make_app(house)


def test_it_leads_a_stranger_to_the_sign_in_page_and_back(app: Litestar, people: Cast) -> None:
    with browser(app) as stranger:
        answer = stranger.get("/account?done=name")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/account%3Fdone%3Dname"


def test_it_tells_a_fragment_request_to_go_to_the_sign_in_page(app: Litestar, people: Cast) -> None:
    with browser(app) as stranger:
        answer = stranger.get("/today", headers={"hx-request": "true"})

    assert (answer.status_code, answer.headers["hx-redirect"], answer.text) == (401, "/sign-in", "")


def test_it_leads_whoever_typed_in_a_fragment_back_to_that_page(app: Litestar, people: Cast) -> None:
    with browser(app) as stranger:
        answer = stranger.get("/today", headers={"hx-request": "true", "hx-current-url": "http://testserver.local/inbox?shop=1"})

    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=/inbox%3Fshop%3D1")


@pytest.mark.parametrize(
    ("came_from", "way_back"),
    [
        ("http://testserver.local/money?view=cash", 'href="/money?view=cash"'),
        ("http://testserver.local/shops/1/withdrawals", 'href="/today"'),
        ("http://[", None),
        ("", None),
    ],
)
def test_what_was_not_taken_says_so_with_a_way_back(app: Litestar, people: Cast, came_from: str, way_back: str | None) -> None:
    with browser(app) as stranger:
        answer = stranger.send_form("/shops/1/withdrawals", {"amount": "50"}, headers={"referer": came_from})
        asked = stranger.get("/nowhere", headers={"referer": "http://testserver.local/money"})

    assert answer.status_code == 401
    assert "data-unsent" in answer.text
    assert ("Back to the page before" in answer.text or "回到上一页" in answer.text) == (way_back is not None)
    assert way_back is None or way_back in answer.text
    assert "data-unsent" not in asked.text


def test_it_tells_a_program_in_json_that_nobody_is_signed_in(app: Litestar, people: Cast) -> None:
    with browser(app) as stranger:
        answer = stranger.get("/today", headers={"accept": "application/json", "accept-language": "en"})

    assert answer.status_code == 401
    assert answer.json() == {"status": 401, "title": "Not signed in", "detail": "Please sign in first."}


def test_it_leads_to_the_first_run_page_while_nobody_lives_here(app: Litestar) -> None:
    with browser(app) as stranger:
        answer = stranger.get("/sign-in")

    assert (answer.status_code, answer.headers["location"]) == (303, "/first-run")


def test_it_makes_the_owner_of_whoever_knows_the_code_and_lets_them_in(app: Litestar, house: House) -> None:
    with browser(app) as stranger:
        answer = stranger.send_form("/first-run", _first_run(code=FIRST_RUN_CODE), page="/first-run")
        account = stranger.get("/account")

        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "林" in account.text
        assert stranger.get("/first-run").status_code == 404
        assert stranger.get("/settings").status_code == 200
    with house.pool.connection() as tx:
        assert [(each.login, each.is_keeper) for each in accounts.every(tx)] == [("lin", True)]


@pytest.mark.parametrize("code", ["", "00000000", "１２３４５６７８"])
def test_it_makes_nobody_owner_from_elsewhere_without_the_code(app: Litestar, house: House, code: str) -> None:
    with browser(app) as stranger:
        answer = stranger.send_form("/first-run", _first_run(code=code), page="/first-run")

    assert answer.status_code == 422
    assert "验证码不正确" in answer.text
    with house.pool.connection() as tx:
        assert accounts.nobody_yet(tx) is True


def test_it_ends_the_guessing_of_the_code(app: Litestar, house: House) -> None:
    with browser(app) as stranger:
        token = stranger.form_token("/first-run")
        for _ in range(10):
            stranger.post("/first-run", data=_first_run(code="00000000", _csrf_token=token))
        answer = stranger.post("/first-run", data=_first_run(code=FIRST_RUN_CODE, _csrf_token=token))

    assert answer.status_code == 422
    assert "尝试次数过多" in answer.text
    with house.pool.connection() as tx:
        assert accounts.nobody_yet(tx) is True


def test_it_believes_no_proxy_that_says_the_request_is_from_here(app: Litestar) -> None:
    with browser(app) as stranger:
        page = stranger.get("/first-run", headers={"x-forwarded-for": "127.0.0.1", "host": "localhost:8000"})

    assert 'name="code"' in page.text


def test_it_lets_somebody_in_by_name_and_password(app: Litestar, house: House, people: Cast) -> None:
    _give_password(house, people.mei)

    with browser(app) as mei:
        answer = _sign_in(mei, "XiaoMei", next="/orders")

        assert (answer.status_code, answer.headers["location"]) == (303, "/orders")
        assert "小美" in mei.get("/account").text


def test_it_shows_the_form_again_with_the_reason_and_the_name_but_no_password(app: Litestar, house: House, people: Cast) -> None:
    _give_password(house, people.mei)

    with browser(app) as mei:
        answer = _sign_in(mei, "xiaomei", password="wrong horse")

    assert answer.status_code == 422
    assert "登录名或密码不正确。" in answer.text
    assert 'value="xiaomei"' in answer.text
    assert "wrong horse" not in answer.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\r\nset-cookie:x=1", ""])
def test_it_sends_nobody_to_another_site_after_signing_in(app: Litestar, house: House, people: Cast, elsewhere: str) -> None:
    _give_password(house, people.mei)

    with browser(app) as mei:
        answer = _sign_in(mei, "xiaomei", next=elsewhere)

    assert answer.headers["location"] == "/"


def test_it_takes_over_no_token_that_the_browser_brings(app: Litestar, house: House, people: Cast) -> None:
    _give_password(house, people.mei)

    with browser(app) as mei:
        mei.cookies.set(mei.door_cookie, "planted-by-somebody-else")
        answer = _sign_in(mei, "xiaomei")
        fresh = _cookie(answer, mei.door_cookie)

    assert fresh is not None
    assert fresh != "planted-by-somebody-else"
    with house.pool.connection() as tx:
        assert sign_ins.known(tx, "planted-by-somebody-else", clock.unwound()) is None
        assert sign_ins.known(tx, fresh, clock.unwound()) is not None


def test_it_ends_the_former_sign_in_of_a_browser_that_signs_in_again(app: Litestar, house: House, people: Cast) -> None:
    _give_password(house, people.mei)
    old = token_for(app, people.lin)

    with browser(app) as shared:
        shared.cookies.set(shared.door_cookie, old)
        _sign_in(shared, "xiaomei", page="/account")

    with house.pool.connection() as tx:
        assert sign_ins.known(tx, old, clock.unwound()) is None


def test_it_asks_for_a_new_form_token_after_signing_in(app: Litestar, house: House, people: Cast) -> None:
    _give_password(house, people.mei)

    with browser(app) as mei:
        before = mei.form_token("/sign-in")
        _sign_in(mei, "xiaomei")
        after = mei.form_token("/account")

    assert before != after


def test_it_signs_out_on_the_server_too(app: Litestar, house: House, people: Cast) -> None:
    token = token_for(app, people.lin)

    with browser(app) as lin:
        lin.cookies.set(lin.door_cookie, token)
        answer = lin.send_form("/sign-out", page="/account")

        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    with browser(app) as thief:
        thief.cookies.set(thief.door_cookie, token)
        assert thief.get("/account").status_code == 303


def test_it_locks_an_account_after_ten_wrong_passwords_and_says_until_when(app: Litestar, house: House, people: Cast) -> None:
    _give_password(house, people.mei)

    with browser(app) as guesser:
        token = guesser.form_token("/sign-in")
        for _ in range(10):
            guesser.post("/sign-in", data={"login": "xiaomei", "password": "wrong", "_csrf_token": token})
        answer = guesser.post("/sign-in", data={"login": "xiaomei", "password": GOOD, "_csrf_token": token})

    assert answer.status_code == 422
    assert re.search(r"尝试次数过多，请在 \d{4}-\d\d-\d\d \d\d:\d\d 之后再试。", answer.text)
    assert _cookie(answer, guesser.door_cookie) is None


def test_it_lets_an_invited_person_in_and_shows_the_link_to_nobody_twice(app: Litestar, house: House, people: Cast) -> None:
    path = invite(house, people.lin, people.shop_id, Role.WAREHOUSE, "", clock.now())

    with browser(app) as guest:
        page = guest.get(path)
        answer = guest.send_form(path, {"login": "xiaohong", "name": "小红", "password": GOOD, "password_again": GOOD}, page=path)
        inside = guest.get("/today")
        again = guest.get(path)

    assert "林记坚果" in page.text
    assert (answer.status_code, inside.status_code, again.status_code) == (303, 200, 404)


def test_it_lets_somebody_with_an_account_take_an_invitation_up(app: Litestar, house: House, people: Cast) -> None:
    path = invite(house, people.lin, people.shop_id, Role.VIEWER, "", clock.now())

    with browser(app, people.zheng) as zheng:
        answer = zheng.send_form(path, page=path)

        assert (answer.status_code, answer.headers["location"]) == (303, "/today")
        assert zheng.get(f"/orders?shop={people.shop_id}").status_code == 200


def test_it_takes_a_removed_role_away_at_the_next_request(app: Litestar, house: House, people: Cast) -> None:
    with browser(app, people.mei) as mei:
        before = mei.get(f"/orders?shop={people.shop_id}").status_code
        with house.pool.connection() as tx:
            tx.execute("delete from memberships where person_id = %s", (people.mei.person_id,))
        after = mei.get(f"/orders?shop={people.shop_id}").status_code

    assert (before, after) == (200, 404)


def test_it_speaks_the_language_that_was_chosen(app: Litestar, people: Cast) -> None:
    with browser(app) as stranger:
        stranger.send_form("/language", {"language": "en", "back": "/sign-in"})
        assert "Sign-in name" in stranger.get("/sign-in").text
    with browser(app, people.lin) as lin:
        lin.send_form("/language", {"language": "en", "back": "/account"}, page="/account")
        lin.cookies.delete("language")
        assert "My account" in lin.get("/account").text


@pytest.mark.parametrize(
    ("back", "page"),
    [
        ("/shops/{shop}/privacy/forgotten", "/privacy?shop={shop}"),
        ("/shops/{shop}/ship/told", "/ship?shop={shop}"),
        ("/shops/{shop}/invitations", "/today"),
        ("/orders?shop={shop}", "/orders?shop={shop}"),
        ("//evil.example/x", "/"),
    ],
)
def test_choosing_a_language_leads_back_to_a_page_that_can_be_asked_for(app: Litestar, people: Cast, back: str, page: str) -> None:
    with browser(app, people.lin) as lin:
        answer = lin.send_form("/language", {"language": "en", "back": back.format(shop=people.shop_id)}, page="/account")

    assert answer.headers["location"] == page.format(shop=people.shop_id)


def test_it_signs_out_everywhere_else(app: Litestar, people: Cast) -> None:
    with browser(app, people.lin) as lin:
        elsewhere = token_for(app, people.lin)
        lin.send_form("/account/ended_sign_ins", page="/account")
        assert lin.get("/account").status_code == 200
    with browser(app) as phone:
        phone.cookies.set(phone.door_cookie, elsewhere)
        assert phone.get("/account").status_code == 303


def test_it_escapes_what_people_call_themselves(app: Litestar, people: Cast) -> None:
    with browser(app, people.lin) as lin:
        lin.send_form("/account/name", {"name": '<script>alert("x")</script>'}, page="/account")
        page = lin.get("/account")

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def _first_run(**more: str) -> dict[str, str]:
    return {"login": "lin", "name": "林", "shop_name": "林记坚果", "password": GOOD, "password_again": GOOD, **more}


def _give_password(house: House, person: Person) -> None:
    with house.pool.connection() as tx:
        accounts.set_password(tx, PersonId(person.person_id or 0), GOOD)


def _sign_in(at: Browser, login: str, *, password: str = GOOD, next: str = "/", page: str = "/sign-in") -> httpx.Response:  # noqa: A002 - the field's name
    return at.send_form("/sign-in", {"login": login, "password": password, "next": next}, page=page)


def _cookie(answer: httpx.Response, name: str) -> str | None:
    return answer.cookies.get(name)
