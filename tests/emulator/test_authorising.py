"""Authorisation: the merchant's page, the code, both exchanges, refresh and expiry."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.emulator.caller import DAY, Caller, quiet, running

BACK = "https://desk.example/back"


def asked(shop: Caller, **changes: str) -> dict[str, str]:
    """The query an application sends the merchant with."""
    return {"response_type": "code", "client_id": shop.line.client_id, "redirect_uri": BACK, "state": "a&b", **changes}


def code_of(shop: Caller) -> str:
    """A fresh code."""
    answer = shop.http.get("/service-market/auth", params=asked(shop, auto="1"))
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


@pytest.mark.parametrize("path", ["/service-market/auth", "/open.html", "/h5-login.html"])
def test_the_merchant_is_asked_and_sent_back_with_a_code(shop: Caller, path: str) -> None:
    page = shop.http.get(path, params=asked(shop))
    form = {"client_id": shop.line.client_id, "redirect_uri": BACK, "state": "a&b", "mall_id": shop.line.shop_id}

    yes = shop.http.post("/_authorize", data=form | {"decision": "yes"})
    no = shop.http.post("/_authorize", data=form | {"decision": "no"})

    assert "同意授权" in page.text
    assert yes.status_code == 302
    query = parse_qs(urlsplit(yes.headers["location"]).query)
    assert (set(query), query["state"]) == ({"code", "state"}, ["a&b"])
    assert "code" not in parse_qs(urlsplit(no.headers["location"]).query)


def test_the_page_refuses_strangers(shop: Caller) -> None:
    assert shop.http.get("/open.html", params=asked(shop, client_id="x")).status_code == 400
    assert shop.http.get("/open.html", params=asked(shop, redirect_uri="javascript:1")).status_code == 400
    assert shop.http.post("/_authorize", data={"client_id": "x"}).status_code == 400


def test_a_code_is_good_once_through_the_gateway(shop: Caller) -> None:
    code = code_of(shop)

    token = shop.raw("pdd.pop.auth.token.create", {"code": code}, token=False)["pop_auth_token_create_response"]
    again = shop.raw("pdd.pop.auth.token.create", {"code": code}, token=False)["error_response"]

    assert (token["owner_id"], token["owner_name"]) == (shop.line.shop_id, f"pdd{shop.line.shop_id}")
    assert len(token["access_token"]) == 40
    assert token["expires_in"] == token["r1_expires_in"] == token["w2_expires_in"] == 31_535_948
    assert "pdd.order.list.get" in token["scope"]
    assert again["error_code"] == 50001
    shop.access_token = token["access_token"]
    assert shop.call("pdd.mall.info.get")["mall_id"] == int(shop.line.shop_id)


def test_the_older_exchange_answers_flat(shop: Caller) -> None:
    app = {"client_id": shop.line.client_id, "client_secret": shop.line.client_secret}
    grant = {"grant_type": "authorization_code", "code": code_of(shop), "redirect_uri": BACK}

    token = shop.http.post("/oauth/token", json=app | grant).json()
    refreshed = shop.http.post("/oauth/token", json=app | {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}).json()
    wrong = shop.http.post("/oauth/token", json=app | {"client_secret": "x"} | grant).json()

    assert token["owner_id"] == shop.line.shop_id
    assert refreshed["access_token"] != token["access_token"]
    assert [entry["outcome"] for entry in shop.ledger(method="oauth.token")] == ["ok", "ok", "10016"]
    assert (wrong["error_code"], "error_response" in wrong) == (10016, False)


def test_refreshing_ends_the_old_tokens(shop: Caller) -> None:
    old = shop.line.refresh_token
    fresh = shop.raw("pdd.pop.auth.token.refresh", {"refresh_token": old}, token=False)["pop_auth_token_refresh_response"]
    ended = shop.refusal("pdd.mall.info.get")
    again = shop.raw("pdd.pop.auth.token.refresh", {"refresh_token": old}, token=False)["error_response"]
    shop.access_token = fresh["access_token"]

    assert ended["error_code"] == 10019
    assert "refresh_token已过期" in again["sub_msg"]
    assert "mall_name" in shop.call("pdd.mall.info.get")


def test_a_token_ends_with_its_time_or_when_told() -> None:
    with running(quiet(gate={"token_seconds": DAY})) as shop:
        shop.step(DAY - 10)
        assert "mall_name" in shop.call("pdd.mall.info.get")
        shop.do("token.expires")

        assert shop.refusal("pdd.mall.info.get")["error_code"] == 10019


def test_every_shop_has_its_own_token_and_its_own_orders() -> None:
    with running(quiet(size={"shops": 2})) as shop:
        first, second = shop.line.shops
        order_sn = shop.do("orders.come", shop_id=int(second.shop_id))["orders"][0]
        foreign = shop.refusal("pdd.order.information.get", order_sn=order_sn)
        shop.access_token = second.access_token

        assert foreign["error_code"] == 45001
        assert shop.order(order_sn)["order_sn"] == order_sn
        assert first.access_token != second.access_token
