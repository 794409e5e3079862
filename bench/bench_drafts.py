"""From a buyer's message to the drafts of an answer, through the bridge: what a service tool waits for, in a shop of ten thousand orders.

The site is a process of its own. Messages come at an even pace, each of a buyer of its own about an order of the shop, in words as buyers type them; one
request brings a message and is answered with the drafts for it. The pace stays below what one token may send. A message that comes while the one before is
being answered waits for its turn, and the wait counts.
"""

import http.client
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec

from bench.orders import some_orders
from bench.streams import child_of, free_port, serve, spread, wait_for
from bench.support import QUICK, fresh_database, report, say_progress
from zhanggui import clock, rulebook
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.house import House
from zhanggui.actions.intake.storing import CHUNK, Storing
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.facts import OrderFacts, Place, Sighting
from zhanggui.estimates.intents_examples import examples_in
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import batches, shops
from zhanggui.records.db import Tx, connect, open_pool
from zhanggui.site.app import create_app
from zhanggui.site.settings import Settings
from zhanggui.workbench.live.live import Live

ORDERS = 200 if QUICK else 10_000
MESSAGES = 20 if QUICK else 600
WARMING = 3 if QUICK else 20
RATE = 15
LIMIT = 200.0
CLIENTS = 2
NOW = datetime.fromisoformat("2026-03-02T12:00:00+08:00")
_ANSWERS_WITHIN = 60.0
_GIVEN = frozenset(OrderFacts.__struct_fields__) - {"order_no"}
_ME = "bench.bench_drafts"


def main() -> None:
    """Print the figures as JSON lines."""
    with fresh_database() as conninfo, tempfile.TemporaryDirectory(prefix="zg-bench-") as home, open_pool(conninfo) as pool:
        clock.use_home(Path(home))
        clock.wind(Path(home), NOW - clock.unwound())
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        orders = list(some_orders(ORDERS))
        with pool.connection() as tx:
            shop_id = _stored(tx, house, orders)
        with connect(conninfo, autocommit=True) as tx:
            tx.execute("vacuum analyze")
        scopes = (Scope.MESSAGES_WRITE, Scope.DRAFTS_READ)
        token = make_token(house, operator(), shop_id, "bench", scopes, clock.now(), clock.unwound()).token
        port = free_port()
        with child_of(_ME, "--site", conninfo, home, str(port)):
            wait_for(port)
            _measured(port, token, _messages(orders, WARMING + MESSAGES))


def _measured(port: int, token: str, asked: Sequence[bytes]) -> None:
    first, _ = _ask(http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWERS_WITHIN), token, asked[0])
    report("the very first message of a fresh process, to its drafts", value=first * 1000, unit="ms", note="the examples are read and the model is opened")
    _asked_at_pace(port, token, asked[1:WARMING])
    say_progress(f"{MESSAGES} messages at {RATE} a second")
    took, drafts = _asked_at_pace(port, token, asked[WARMING:])
    median, late = spread(took)
    drafted = sum(many > 0 for many in drafts)
    what = f"from a message to the drafts of an answer, a shop of {ORDERS:,} orders"
    report(f"{what}, median", value=median, unit="ms", note=f"{len(took)} messages at {RATE} a second; {drafted} of them got a draft")
    report(
        f"{what}, 99th percentile", value=late, unit="ms", against=f"the limit of {LIMIT:.0f} ms", ratio=late / LIMIT, target="< 200", ok=late < LIMIT or QUICK
    )


def _asked_at_pace(port: int, token: str, asked: Sequence[bytes]) -> tuple[list[float], list[int]]:
    """How long each took from the moment it came, and how many drafts it got."""
    due: SimpleQueue[tuple[float, bytes] | None] = SimpleQueue()
    found: list[tuple[float, int]] = []

    def serve_them() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWERS_WITHIN)
        while (one := due.get()) is not None:
            _, drafts = _ask(line, token, one[1])
            found.append((time.monotonic() - one[0], drafts))
        line.close()

    threads = [threading.Thread(target=serve_them) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    for number, body in enumerate(asked):
        time.sleep(max(0.0, began + number / RATE - time.monotonic()))
        due.put((time.monotonic(), body))
    for _ in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    if len(found) != len(asked):
        raise SystemExit(f"only {len(found)} of {len(asked)} messages were answered")
    return [seconds for seconds, _ in found], [drafts for _, drafts in found]


def _ask(line: http.client.HTTPConnection, token: str, body: bytes) -> tuple[float, int]:
    """The seconds until a message was answered, and how many drafts came."""
    began = time.monotonic()
    line.request("POST", "/api/v1/messages?drafts=true", body, {"authorization": f"Bearer {token}", "content-type": "application/json"})
    answer = line.getresponse()
    told = answer.read()
    seconds = time.monotonic() - began
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {told[:300]!r}")
    taken: dict[str, Any] = msgspec.json.decode(told)
    return seconds, sum(len(each["drafts"]) for each in taken["drafts"])


def _messages(orders: Sequence[OrderFacts], many: int) -> list[bytes]:
    """Messages of as many buyers, each about an order of its own."""
    dice = random.Random(11)
    told = files("zhanggui.estimates") / "intents_data" / "examples.txt"
    texts = [each.text for each in examples_in(told.read_text("utf-8"))]
    chosen = dice.sample(orders, min(many, len(orders)))
    return [_message(number, chosen[number % len(chosen)].order_no, dice.choice(texts)) for number in range(many)]


def _message(number: int, order_no: str, text: str) -> bytes:
    one = {"message_id": f"m{number}", "conversation_id": f"c{number}", "who": "buyer", "said": text, "name": f"买家{number}", "order_no": order_no}
    return msgspec.json.encode({"messages": [one]})


def _stored(tx: Tx, house: House, orders: Sequence[OrderFacts]) -> ShopId:
    """A shop with these orders and all that hangs on them."""
    say_progress(f"storing {len(orders):,} orders")
    shop = shops.insert(tx, "bench", NOW)
    assert shop is not None
    batch_id = batches.insert(tx, shop.shop_id, "bench", None, NOW, state="running")
    storing = Storing(tx, shop.shop_id, batch_id, house.rulebook, NOW, None)
    told: list[Sighting[Any]] = [Sighting(order, _GIVEN, Place("orders.csv", row=number)) for number, order in enumerate(orders, start=2)]
    for first in range(0, len(told), CHUNK):
        storing.take(told[first : first + CHUNK], NOW)
    storing.finish()
    return ShopId(shop.shop_id)


def _site(conninfo: str, home: str, port: str) -> None:
    clock.use_home(Path(home))
    with open_pool(conninfo, min_size=2, max_size=12) as pool:
        house = House(pool=pool, home=Path(home), rulebook=rulebook.load())
        live = Live(house, clock.now, clock.unwound)
        serve(create_app(house, Settings(home=house.home), secure=False, live=live), live, house.home, int(port))


if __name__ == "__main__":
    if "--site" in sys.argv:
        _site(*sys.argv[sys.argv.index("--site") + 1 :])
    else:
        main()
