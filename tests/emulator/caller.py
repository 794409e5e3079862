"""A small client written from the reference alone, so that the emulator is not tested with its own code."""

import asyncio
import hashlib
import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec
import uvicorn
from litestar import Litestar

from zhanggui.emulator.app import make_app, stand_over
from zhanggui.emulator.clock import Clock
from zhanggui.emulator.command import FirstLine, bound, first_line, server_config
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.scenario import Scenario

# Making one costs more than starting an emulator; nothing here is spoken over TLS.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
START = "2026-03-02T09:00:00+08:00"
START_SECONDS = 1772413200
HOUR, DAY = 3600, 86400
WISHES = (
    "never_pay", "group_fails", "under_review", "chase", "memo", "moves", "promise", "refund_unshipped", "refund_in_transit", "refund_received", "rate",
    "trusted_return",
)  # fmt: skip
YTO, ZTO, SF = 85, 115, 44


def sign(secret: str, parameters: Mapping[str, str]) -> str:
    """The signature as the reference describes it."""
    text = "".join(name + parameters[name] for name in sorted(parameters))
    return hashlib.md5((secret + text + secret).encode(), usedforsecurity=False).hexdigest().upper()


class Caller:
    """A running emulator, and how to talk to it."""

    def __init__(self, line: FirstLine) -> None:
        self.line = line
        self.base = line.page.rstrip("/")
        self.http = httpx.Client(base_url=self.base, timeout=15, verify=NO_CERTIFICATES)
        self.access_token = line.access_token

    def signed(self, method: str, business: Mapping[str, object] | None = None, *, token: bool = True, **common: str) -> dict[str, str]:
        """The parameters of a call, signed."""
        parameters = {"type": method, "client_id": self.line.client_id, "timestamp": str(int(time.time())), "data_type": "JSON"} | common
        if token:
            parameters.setdefault("access_token", self.access_token)
        for name, value in (business or {}).items():
            parameters[name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return parameters | {"sign": sign(self.line.client_secret, parameters)}

    def raw(self, method: str, business: Mapping[str, object] | None = None, *, token: bool = True, **common: str) -> dict[str, Any]:
        """The whole answer to a call."""
        answer = self.http.post("/api/router", json=self.signed(method, business, token=token, **common))
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def call(self, method: str, **business: object) -> dict[str, Any]:
        """What stands under the wrapper of a call that must succeed."""
        body = self.raw(method, business)
        assert "error_response" not in body, body
        inner = body if len(body) > 1 else next(iter(body.values()))
        assert isinstance(inner, dict)
        return inner

    def refusal(self, method: str, **business: object) -> dict[str, Any]:
        """The error of a call that must be refused."""
        body = self.raw(method, business)
        assert list(body) == ["error_response"], body
        error: dict[str, Any] = body["error_response"]
        return error

    def do(self, act: str, **fields: object) -> dict[str, Any]:
        """Make something happen in the world."""
        answer = self.http.post("/_do", json={"act": act, **fields})
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    def step(self, seconds: float) -> dict[str, Any]:
        """Move the world on."""
        answer = self.http.post("/_clock", json={"step": seconds})
        assert answer.status_code == 200, answer.text
        summary: dict[str, Any] = answer.json()
        return summary

    def mood(self, **changes: object) -> None:
        """Put the platform in a mood."""
        answer = self.http.post("/_mood", json=changes)
        assert answer.status_code == 200, answer.text

    def state(self, part: str) -> list[dict[str, Any]]:
        """One part of the truth."""
        lines = self.http.get("/_state", params={"part": part}).text.splitlines()
        return [json.loads(line) for line in lines if line]

    def ledger(self, **wanted: str) -> list[dict[str, Any]]:
        """The calls the platform remembers."""
        return [json.loads(line) for line in self.http.get("/_ledger", params=wanted).text.splitlines() if line]

    def now(self) -> int:
        """The world's moment."""
        return int(self.http.get("/_state").json()[0]["now"])

    def new_orders(self, many: int = 1) -> list[str]:
        """Let so many orders come, and return their numbers."""
        numbers: list[str] = self.do("orders.come", many=many)["orders"]
        return numbers

    def order(self, order_sn: str) -> dict[str, Any]:
        """One order."""
        found: dict[str, Any] = self.call("pdd.order.information.get", order_sn=order_sn)["order_info"]
        return found

    def ship(self, order_sn: str, number: str, carrier: int = YTO) -> dict[str, Any]:
        """Ship an order."""
        return self.call("pdd.logistics.online.send", order_sn=order_sn, logistics_id=carrier, tracking_number=number)


class _Attentive(uvicorn.Server):
    """A server that looks every hundredth of a second whether it is to end, not every tenth: hundreds of tests wait for it."""

    async def main_loop(self) -> None:
        tick = 0
        while not await self.on_tick(tick // 10):
            tick += 1
            await asyncio.sleep(0.01)


_AT_REST: list[Litestar] = []
"""Applications that were made and do not run: one takes 25 ms, and over another platform it is the same."""


def _app_over(platform: Platform) -> Litestar:
    if not _AT_REST:
        return make_app(platform)
    app = _AT_REST.pop()
    stand_over(app, platform)
    return app


@contextmanager
def running(scenario: Scenario) -> Iterator[Caller]:
    """An emulator on a free port of the loopback, for as long as the block lasts."""
    platform = Platform(scenario, Clock(start=scenario.starts_at(), speed=scenario.speed))
    listening = bound("127.0.0.1", 0)
    host, port = listening.getsockname()[:2]
    app = _app_over(platform)
    server = _Attentive(server_config(app, ends_within=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    caller = Caller(first_line(platform, f"{host}:{port}"))
    try:
        yield caller
    finally:
        caller.http.close()
        server.should_exit = True
        thread.join(10)
        if not thread.is_alive():
            _AT_REST.append(app)
        listening.close()


def quiet(**changes: object) -> Scenario:
    """A scenario in which nothing happens by itself: no arrivals, no wishes, smooth parcels, a stopped clock."""
    plain: dict[str, object] = {
        "name": "quiet",
        "start": START,
        "speed": 0.0,
        "size": {"history": 0, "per_day": 0, "goods": 4, "buyers": 50},
        "buyers": dict.fromkeys(WISHES, 0.0),
        "parcels": dict.fromkeys(("never_picked_up", "late_pickup", "stalled", "lost", "refused"), 0.0),
        "seller": {"presale": 0.0},
        "gate": {"limit_factor": 0.0, "subscribed": True},
    }
    for name, value in changes.items():
        held = plain.get(name)
        plain[name] = {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
    return msgspec.convert(plain, Scenario)
