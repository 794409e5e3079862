"""The connection page: named, authorised on the platform's page and back, checked, taken away; and no secret ever comes back out."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from litestar import Litestar

from tests.cast import Cast
from tests.connected import connect, name_app
from tests.emulator.caller import Caller, quiet, running
from tests.site_client import Browser, browser, make_app
from zhanggui import clock
from zhanggui.actions.connections import connection_state
from zhanggui.actions.house import House
from zhanggui.actions.platform import access_to
from zhanggui.actions.shops import rename_shop
from zhanggui.core.connection import ConnectionState
from zhanggui.workbench.connections.handlers import ApplicationForm, TokenForm

LINK = 'http-equiv="refresh" content="1;url='


@pytest.fixture
def platform() -> Iterator[Caller]:
    with running(quiet(size={"shops": 2})) as caller:
        yield caller


@pytest.fixture
def app(house: House) -> Litestar:
    return make_app(house)


def page_of(people: Cast) -> str:
    return f"/shops/{people.shop_id}/connection"


def leaving(seat: Browser, people: Cast) -> str:
    """The platform's address that the page leads on to."""
    answer = seat.send_form(page_of(people) + "/authorisation", page=page_of(people))
    assert answer.status_code in (200, 201), answer.text
    return answer.text.partition(LINK)[2].partition('"')[0].replace("&amp;", "&")


def back_from(platform: Caller, address: str) -> httpx.URL:
    """Where the platform sends the browser once the merchant has said yes."""
    return httpx.URL(platform.http.get(address + "&auto=1").headers["location"])


def test_it_goes_to_the_platform_and_comes_back_connected(app: Litestar, house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    rename_shop(house, people.lin, people.shop_id, platform.line.shops[0].shop_name, clock.now())
    with browser(app, people.lin) as lin:
        address = leaving(lin, people)
        asked = parse_qs(urlsplit(address).query)
        back = back_from(platform, address)
        answer = lin.get(back.raw_path.decode())
        shown = lin.get(answer.headers["location"])

    assert address.startswith(platform.line.oauth + "?")
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/platform/authorised"]
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page_of(people)}?done=connected")
    assert "已连接" in shown.text
    assert platform.line.shop_id in shown.text
    assert connection_state(house, people.lin, people.shop_id, clock.now()).state is ConnectionState.CONNECTED


@pytest.mark.parametrize("base", ["https://192.168.1.20:8443", "https://desk.localhost"])
def test_the_way_back_is_the_address_this_browser_came_by(house: House, people: Cast, platform: Caller, base: str) -> None:
    name_app(house, people.shop_id, platform)
    app = make_app(house, secure=True, hosts=("desk.localhost",))

    with browser(app, people.lin, base_url=base) as lin:
        address = leaving(lin, people)

    assert parse_qs(urlsplit(address).query)["redirect_uri"] == [base + "/platform/authorised"]


def test_it_asks_whether_it_is_this_shop_and_takes_both_answers(app: Litestar, house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    with browser(app, people.lin) as lin:
        lin.get(back_from(platform, leaving(lin, people)).raw_path.decode())
        asked = lin.get(page_of(people)).text
        no = lin.send_form(page_of(people) + "/confirmation", {"owner_id": platform.line.shop_id, "answer": "no"}, page=page_of(people))
        lin.get(back_from(platform, leaving(lin, people)).raw_path.decode())
        yes = lin.send_form(page_of(people) + "/confirmation", {"owner_id": platform.line.shop_id, "answer": "yes"}, page=page_of(people))

    assert "是这家店铺吗" in asked
    assert [answer.headers["location"].partition("=")[2] for answer in (no, yes)] == ["refused", "connected"]


def test_nobody_else_can_finish_what_one_sign_in_began(app: Litestar, house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    with browser(app, people.lin) as lin:
        back = back_from(platform, leaving(lin, people)).raw_path.decode()
    with browser(app) as stranger:
        sent_away = stranger.get(back)
    with browser(app, people.zheng) as zheng:
        hidden = zheng.get(back)
    with browser(app, people.lin) as elsewhere:
        refused = elsewhere.get(back)

    assert (sent_away.status_code, sent_away.headers["location"].partition("?")[0]) == (303, "/sign-in")
    assert (hidden.status_code, refused.status_code) == (404, 422)
    assert "这次授权已失效" in refused.text
    assert connection_state(house, people.lin, people.shop_id, clock.now()).state is ConnectionState.UNCONNECTED


def test_an_owner_names_an_application_and_pastes_a_token_and_sees_neither_again(app: Litestar, house: House, people: Cast, platform: Caller) -> None:
    line = platform.line
    connect(house, people.other_shop_id, platform, which=1)  # the house's application is known, with the emulator's doors
    with browser(app, people.lin) as lin:
        page = lin.get(page_of(people)).text
        chosen = lin.send_form(page_of(people) + "/application", {"app_id": "1"}, page=page_of(people))
        put = lin.send_form(page_of(people) + "/token", {"access_token": line.access_token, "refresh_token": line.refresh_token}, page=page_of(people))
        shown = lin.get(put.headers["location"]).text
        wrong = lin.send_form(page_of(people) + "/token", {"access_token": line.shops[1].access_token}, page=page_of(people))

    assert line.client_id in page
    assert (chosen.status_code, put.status_code, wrong.status_code) == (303, 303, 422)
    assert [secret for secret in (line.client_secret, line.access_token, line.refresh_token) for text in (page, shown, wrong.text) if secret in text] == []
    assert line.shops[1].access_token not in wrong.text


def test_only_keepers_name_other_gateways_and_applications_for_all(app: Litestar, house: House, people: Cast, platform: Caller) -> None:
    own = {"client_id": "mine", "client_secret": "sealed"}
    with browser(app, people.lin) as lin:
        gateway = lin.send_form(page_of(people) + "/application", own | {"gateway": platform.line.gateway}, page=page_of(people))
        for_all = lin.send_form(page_of(people) + "/application", own | {"for_all_shops": "1"}, page=page_of(people))
        plain = lin.send_form(page_of(people) + "/application", own, page=page_of(people))

    view = connection_state(house, people.lin, people.shop_id, clock.now())
    assert [answer.status_code for answer in (gateway, for_all, plain)] == [404, 404, 303]
    assert view.application is not None
    assert (view.application.client_id, view.application.doors.router) == ("mine", "https://gw-api.pinduoduo.com/api/router")
    assert connection_state(house, people.zheng, people.other_shop_id, clock.now()).applications == ()


def test_it_tells_the_platforms_code_and_words_and_what_to_do(app: Litestar, house: House, people: Cast, platform: Caller) -> None:
    connect(house, people.shop_id, platform)
    platform.mood(server_error=1.0)
    with browser(app, people.lin) as lin:
        checked = lin.send_form(page_of(people) + "/check", page=page_of(people))
        platform.mood(server_error=0.0)
        well = lin.send_form(page_of(people) + "/check", page=page_of(people))
        settings = lin.get(f"/settings?shop={people.shop_id}").text

    assert (checked.status_code, well.headers["location"]) == (422, f"{page_of(people)}?done=checked")
    assert "pdd.mall.info.get" in checked.text
    assert "连接平台" in settings


def test_disconnecting_takes_the_access_away_and_leaves_the_page(app: Litestar, house: House, people: Cast, platform: Caller) -> None:
    connect(house, people.shop_id, platform)
    with browser(app, people.lin) as lin:
        gone = lin.send_form(page_of(people) + "/removal", page=page_of(people))
        shown = lin.get(gone.headers["location"])

    assert "未连接" in shown.text
    with pytest.raises(Exception, match="not connected"):
        access_to(house, people.shop_id, clock.now())


def test_the_bar_of_every_page_tells_how_old_the_data_are(app: Litestar, house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        for kind, hours in (("order", 1), ("aftersale", 7)):
            moment = clock.now().replace(microsecond=0)
            tx.execute(
                "insert into data_ages (shop_id, kind, as_of, seen_at) values (%s, %s, %s::timestamptz - %s * interval '1 hour', %s)",
                (people.shop_id, kind, moment, hours, moment),
            )
    with browser(app, people.mei) as mei:
        page = mei.get("/orders").text
    with browser(app, people.zheng) as zheng:
        other = zheng.get("/orders").text

    assert "数据已旧" in page
    assert "林记坚果" in page.partition('class="me fresh"')[2].partition("</details>")[0]
    assert 'class="me fresh"' not in other


def test_forms_never_show_what_was_typed_as_a_secret() -> None:
    shown = repr(ApplicationForm(client_secret="hidden")) + repr(TokenForm(access_token="hidden", refresh_token="hidden"))

    assert "hidden" not in shown
