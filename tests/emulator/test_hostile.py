"""A careful caller in a hostile mood: what the ledger says was done is what was done, and nothing twice."""

from collections import Counter
from typing import Any

import httpx

from tests.emulator.caller import HOUR, START_SECONDS, YTO, Caller, quiet, running

HOSTILE = {"name": "hostile", "hold_seconds": 0.05, "late_read_seconds": 0, "server_error": 0.1, "cut_before": 0.1, "cut_after": 0.2, "timeout_after": 0.05}
BROKEN = (httpx.TransportError, ValueError)
SPAN = {"start_confirm_at": START_SECONDS - 60, "end_confirm_at": START_SECONDS + 4 * HOUR, "order_status": 5, "refund_status": 5}


def patient(shop: Caller, method: str, **business: object) -> dict[str, Any]:
    """An answer of a reading method, asked for until a whole one comes; a dead token is refreshed."""
    for _ in range(200):
        try:
            body = shop.http.post("/api/router", json=shop.signed(method, business)).json()
        except BROKEN:
            continue
        if body.get("error_response", {}).get("error_code") == 10019:
            refresh(shop)
        elif "error_response" not in body:
            return dict(body)
    raise AssertionError(f"{method} never answered")


def refresh(shop: Caller) -> None:
    """A living token, however often it has to be asked for; a lost answer costs the grant, so the merchant is asked again."""
    for _ in range(200):
        answer = shop.http.get(
            "/open.html", params={"response_type": "code", "client_id": shop.line.client_id, "redirect_uri": "http://127.0.0.1/", "auto": "1"}
        )
        code = answer.headers["location"].partition("code=")[2]
        try:
            sent = shop.signed("pdd.pop.auth.token.create", {"code": code}, token=False)
            body = shop.http.post("/api/router", json=sent).json()
            shop.access_token = body["pop_auth_token_create_response"]["access_token"]
        except (*BROKEN, KeyError):
            continue
        return


def ship_once(shop: Caller, order_sn: str, number: str) -> None:
    """Ship an order, and look before trying again whenever the answer was lost."""
    for _ in range(200):
        found = patient(shop, "pdd.order.information.get", order_sn=order_sn)["order_info_get_response"]["order_info"]
        if found["tracking_number"] == number:
            return
        business = {"order_sn": order_sn, "logistics_id": YTO, "tracking_number": number}
        try:
            body = shop.http.post("/api/router", json=shop.signed("pdd.logistics.online.send", business)).json()
        except BROKEN:
            continue
        if body.get("error_response", {}).get("error_code") == 10019:
            refresh(shop)
    raise AssertionError(f"{order_sn} was never shipped")


def test_every_order_is_shipped_once_and_the_ledger_knows() -> None:
    with running(quiet()) as shop:
        numbers = shop.new_orders(60)
        shop.mood(**HOSTILE)
        for place, order_sn in enumerate(numbers):
            ship_once(shop, order_sn, f"YT76000000{place:05d}")
        shop.mood(name="fair")

        effects = Counter(effect for entry in shop.ledger(changed="1") for effect in entry["effects"] if effect.startswith("order."))
        answered = Counter(entry["answered"] for entry in shop.ledger() if "answered" in entry)
        assert effects == {f"order.shipped:{order_sn}": 1 for order_sn in numbers}
        assert answered["cut_after"] > 0
        assert answered["cut_before"] > 0
        assert answered["server_error"] > 0
        refresh(shop)
        listed = {order["order_sn"]: order for order in shop.call("pdd.order.list.get", **SPAN)["order_list"]}
        assert listed == {line["order"]["order_sn"]: line["order"] for line in shop.state("orders")}
