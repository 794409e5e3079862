"""What stands before every page: hosts, headers, sizes, kinds of content, and answers that give nothing away."""

import logging
import re

import pytest
from litestar import Litestar, get

from tests.cast import Cast
from tests.site_client import browser, make_app
from zhanggui.actions.house import House
from zhanggui.site.app import create_app, open_door
from zhanggui.site.headers import CONTENT_POLICY
from zhanggui.site.settings import Settings


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application, which also answers to a name of its own."""
    return make_app(house, hosts=("desk.example",), upload_mb=2)


OUR_NAMES = ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "192.168.1.20:8443", "10.0.0.7", "100.64.3.2", "desk.example:443", "desk.example."]
OTHER_NAMES = ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "8.8.8.8", "desk.example.evil.example", "xdesk.example", ""]
OTHER_NAMES += ["127.0.0.1:80@evil.example", "[::1", "127.0.0.1:x", "127.0.0.1:99999", "127.0.0.1:999999", "127.0.0.1 more: x", "127.0.0.1:-1", "[::1]:x"]
OTHER_KINDS = ["application/json", "text/plain", "application/msgpack", "multipart/form-data", "multipart/form-data; boundary=x", "nonsense"]


@pytest.mark.parametrize("host", OUR_NAMES)
def test_it_answers_to_its_own_names(app: Litestar, people: Cast, host: str) -> None:
    with browser(app) as stranger:
        assert stranger.get("/sign-in", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", OTHER_NAMES)
def test_it_answers_to_no_name_that_was_made_to_point_here(app: Litestar, people: Cast, host: str) -> None:
    with browser(app, people.lin) as lin:
        answer = lin.get("/account", headers={"host": host})

    assert answer.status_code == 400
    assert "ZHANGGUI_HOSTS" in answer.text or " " in host  # what is no name of a host at all is refused before that
    assert "林" not in answer.text
    assert host == "" or host not in answer.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_it_takes_no_form_from_a_page_of_another_site(app: Litestar, people: Cast, site: str) -> None:
    with browser(app, people.lin) as lin:
        answer = lin.send_form("/account/name", {"name": "别人"}, page="/account", headers={"sec-fetch-site": site})
        name = lin.get("/account").text

    assert answer.status_code == 400
    assert "别人" not in name


@pytest.mark.parametrize("path", ["/account", "/sign-in", "/nothing", "/health", "/static/desk.css", "/today"])
def test_it_lays_its_headers_on_every_answer(app: Litestar, people: Cast, path: str) -> None:
    with browser(app, people.lin) as lin:
        headers = lin.get(path).headers

    assert headers["content-security-policy"] == CONTENT_POLICY
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["permissions-policy"].startswith("camera=(self), clipboard-read=(self), clipboard-write=(self)")
    assert "strict-transport-security" not in headers
    assert "no-store" in headers["cache-control"] or path.startswith("/static/")


@pytest.mark.parametrize("path", ["/account", "/today", "/orders", "/imports", "/rules", "/people", "/settings", "/journal", "/sign-in", "/first-run"])
def test_it_has_nothing_inline_that_its_own_policy_would_refuse(app: Litestar, people: Cast, path: str) -> None:
    with browser(app, people.lin) as lin:
        page = lin.get(path, follow_redirects=True).text

    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|(?:src|href|action)=.https?://", page) == []


def test_it_says_over_https_that_cookies_and_pages_stay_there(house: House, people: Cast) -> None:
    app = make_app(house, secure=True)

    with browser(app, people.lin, base_url="https://192.168.1.20:8443") as lin:
        answer = lin.get("/account")
        cookies = answer.headers.get_list("set-cookie")

    assert answer.headers["strict-transport-security"] == "max-age=2592000"
    assert app.state.door.cookie_name.startswith("__Host-zhanggui-")
    assert [cookie.partition("=")[0].startswith("__Host-zhanggui-form-") for cookie in cookies] == [True]
    assert all(flag in cookies[0] for flag in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"))


def test_it_keeps_scripts_away_from_the_sign_in_cookie(house: House) -> None:
    door = make_app(house, secure=True).state.door

    header = door.cookie("token").to_header(header="")

    assert all(flag in header for flag in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", f"Max-Age={30 * 24 * 3600}"))
    assert "Domain" not in header


def test_it_uses_other_cookies_for_another_house_on_the_same_machine(house: House) -> None:
    one = create_app(house, Settings(home=house.home, secret="a" * 32), secure=False).state.door
    other = create_app(house, Settings(home=house.home, secret="b" * 32), secure=False).state.door

    assert one.cookie_name != other.cookie_name
    assert one.csrf_cookie_name != other.csrf_cookie_name


def test_it_keeps_its_secret_over_a_restart(house: House) -> None:
    settings = Settings(home=house.home)

    assert open_door(house, settings, secure=False).secret == open_door(house, settings, secure=False).secret


def test_it_takes_uploads_up_to_the_limit_and_no_larger(app: Litestar, people: Cast) -> None:
    with browser(app, people.lin) as lin:
        token = lin.form_token("/account")
        form = {"shop": str(people.shop_id), "_csrf_token": token}
        small = lin.post("/imports", data=form, files={"files": ("a.csv", b"x" * 1_500_000, "text/csv")})
        large = lin.post("/imports", data=form, files={"files": ("a.csv", b"x" * 2_500_000, "text/csv")})

    assert (small.status_code, large.status_code) == (422, 413)


def test_it_takes_no_large_form_where_no_file_is_expected(app: Litestar, people: Cast) -> None:
    with browser(app, people.lin) as lin:
        answer = lin.send_form("/account/name", {"name": "x" * 1_000_001}, page="/account")

    assert answer.status_code == 413


def test_it_reads_no_upload_of_a_stranger(app: Litestar, people: Cast) -> None:
    with browser(app) as stranger:
        form = {"shop": str(people.shop_id), "_csrf_token": stranger.form_token()}
        answer = stranger.post("/imports", data=form, files={"files": ("a.csv", b"x" * 2_500_000, "text/csv")})

    assert answer.status_code == 401


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_it_reads_forms_as_forms_only(app: Litestar, people: Cast, kind: str) -> None:
    with browser(app, people.lin) as lin:
        headers = {"content-type": kind, "x-csrftoken": lin.form_token("/account")}
        answer = lin.post("/account/name", content=b'{"name": "\xe5\x88\xab\xe4\xba\xba"}', headers=headers)
        name = lin.get("/account").text

    assert answer.status_code in {400, 415}
    assert "别人" not in name


def test_it_takes_the_form_token_in_a_header_too(app: Litestar, people: Cast) -> None:
    with browser(app, people.lin) as lin:
        answer = lin.post("/account/name", data={"name": "林老板"}, headers={"x-csrftoken": lin.form_token("/account")})

    assert answer.status_code == 303


def test_it_lists_no_files_and_leaves_its_folder_for_nobody(app: Litestar) -> None:
    paths = ("/static/", "/static/../templating.py", "/static/%2e%2e/templating.py", "/static/..%2ftemplating.py")

    with browser(app) as stranger:
        answers = [stranger.get(path).status_code for path in paths]

    assert answers == [404, 404, 404, 404]


@pytest.mark.parametrize("name", ["desk.css%00.png", "x" * 5000, "%ff%fe", "vendor", "a%0ab"])
def test_it_has_no_file_of_an_impossible_name(app: Litestar, name: str) -> None:
    with browser(app) as stranger:
        assert stranger.get(f"/static/{name}").status_code == 404


def test_it_refuses_a_form_in_an_encoding_that_nobody_knows(app: Litestar, people: Cast) -> None:
    with browser(app, people.lin) as lin:
        form = {"shop": (None, b"1", "text/plain; charset=nonsense"), "_csrf_token": (None, lin.form_token("/account").encode(), "text/plain")}
        answer = lin.post("/imports", files=form)

    assert answer.status_code == 400


def test_it_says_nothing_of_an_error_but_that_it_is_ours(house: House, people: Cast, caplog: pytest.LogCaptureFixture) -> None:
    @get("/broken", opt={"open": True}, sync_to_thread=True)
    def broken() -> str:
        raise RuntimeError(chr(0x5F20) + chr(0x4E09))

    app = create_app(house, Settings(home=house.home), secure=False, more_handlers=[broken])
    with caplog.at_level(logging.ERROR), browser(app) as stranger:
        answer = stranger.get("/broken")

    assert answer.status_code == 500
    assert "张三" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "张三" not in caplog.text
    assert "RuntimeError while answering GET /broken" in caplog.text


def test_it_says_when_the_database_is_away_and_is_well_when_it_is_back(house: House, app: Litestar, people: Cast) -> None:
    with browser(app) as watcher:
        assert (watcher.get("/health").status_code, watcher.get("/health").text) == (200, "ok")

        house.pool.close()
        answer = watcher.get("/health")

    assert (answer.status_code, answer.text) == (503, "not ok")
