"""The people of the load: who click through the pages, some of them at real browsers, and the programs that bring messages and files."""

import random
import re
import secrets
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright

from tests.emulator.caller import NO_CERTIFICATES
from tests.journeys.conftest import ARGUMENTS, CHROMIUM, DESK
from zhanggui.core.moments import SHANGHAI

TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')
IMPORT = re.compile(r"^/shops/\d+/imports/\d+$")
WAITS = 60.0
"""Seconds a person waits for a page before it counts as failed."""
PAGES = (
    ("Today", "/today", 6),
    ("Orders", "/orders?shop={shop}", 3),
    ("Order", "/shops/{shop}/orders/{order}", 6),
    ("Search", "/search?q={order}", 2),
    ("To ship", "/ship?shop={shop}", 3),
    ("Parcels", "/parcels?shop={shop}", 2),
    ("After-sales", "/aftersales?shop={shop}", 2),
    ("Inbox", "/inbox", 3),
    ("Journal", "/journal?shop={shop}", 1),
    ("Acts", "/acts?shop={shop}", 1),
    ("Imports", "/imports?shop={shop}", 1),
    ("Timetable", "/timetable", 1),
    ("Overview", "/overview?shop={shop}", 1),
)
"""What is looked at, under its name, and how often beside the others."""


@dataclass
class Seen:
    """What people saw: seconds by page, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, seconds: float) -> None:
        """Keep how long something took."""
        with self.lock:
            self.took[what].append(seconds)

    def failed(self, what: str) -> None:
        """Count what went wrong."""
        with self.lock:
            self.failures[what] += 1


@dataclass(frozen=True)
class Crowd:
    """Where people click, by which cookies, what they know, and when they stop."""

    address: str
    cookie: str
    tokens: Sequence[str]
    shop_id: int
    order: Callable[[], str]
    """The number of an order that is known here."""
    stop: threading.Event
    seen: Seen
    thinks: tuple[float, float]

    def path(self, pattern: str) -> str:
        """An address with a shop and an order filled in."""
        return pattern.format(shop=self.shop_id, order=self.order())

    def client(self, token: str | None = None) -> httpx.Client:
        """A connection to the site, signed in."""
        cookies = {} if token is None else {self.cookie: token}
        return httpx.Client(base_url=self.address, timeout=WAITS, verify=NO_CERTIFICATES, trust_env=False, cookies=cookies, headers={"accept": "text/html"})


@contextmanager
def clicking(crowd: Crowd, people: int, browsers: int, seed: int) -> Iterator[None]:
    """So many people click while the block lasts, the first of them at real browsers."""
    threads = [threading.Thread(target=_click, args=(crowd, crowd.tokens[number], seed + number), daemon=True) for number in range(browsers, people)]
    if browsers:
        threads.append(threading.Thread(target=_browse, args=(crowd, crowd.tokens[:browsers], seed), daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        crowd.stop.set()
        for thread in threads:
            thread.join(WAITS + 10)


def _choose(dice: random.Random) -> tuple[str, str]:
    ((name, pattern, _),) = dice.choices(PAGES, weights=[weight for _, _, weight in PAGES])
    return name, pattern


def _click(crowd: Crowd, token: str, seed: int) -> None:
    dice = random.Random(seed)
    crowd.stop.wait(dice.uniform(0, crowd.thinks[1]))
    with crowd.client(token) as http:
        while not crowd.stop.is_set():
            name, pattern = _choose(dice)
            path = crowd.path(pattern)
            page = _asked(crowd, name, lambda path=path: http.get(path))  # type: ignore[misc]  # bound now
            if name == "Order" and page is not None and dice.random() < 0.2:
                _write_note(crowd, http, path, page.text)
            crowd.stop.wait(dice.uniform(*crowd.thinks))


def _write_note(crowd: Crowd, http: httpx.Client, path: str, page: str) -> None:
    found = TOKEN.search(page)
    if found:
        _asked(crowd, "Note written", lambda: http.post(f"{path}/notes", data={"text": "已电话联系", "_csrf_token": found[1]}), right=(303,))
        crowd.seen.counts["notes written"] += 1


def _asked(crowd: Crowd, name: str, ask: Callable[[], httpx.Response], right: Sequence[int] = (200,)) -> httpx.Response | None:
    """The answer, timed; None where it was none or a wrong one."""
    began = time.perf_counter()
    try:
        try:
            answer = ask()
        except (httpx.RemoteProtocolError, httpx.ReadError):
            crowd.seen.counts["connections found closed"] += 1
            answer = ask()  # the server closed the idle connection in the very moment: a browser asks again, too
    except httpx.HTTPError as error:
        crowd.seen.failed(f"{name}: {type(error).__name__}")
        return None
    if answer.status_code not in right:
        crowd.seen.failed(f"{name}: {answer.status_code}")
        return None
    crowd.seen.note(name, time.perf_counter() - began)
    return answer


def _browse(crowd: Crowd, tokens: Sequence[str], seed: int) -> None:
    """Some people at browsers of their own, each click timed until the page is loaded; their Today pages are kept in step all the while."""
    dice = random.Random(seed)
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        pages = [_sit_down(crowd, chromium.new_context(viewport={"width": DESK["width"], "height": DESK["height"]}, locale="zh-CN"), token) for token in tokens]
        while not crowd.stop.is_set():
            for page in pages:
                _look(crowd, page, dice)
                crowd.stop.wait(dice.uniform(*crowd.thinks) / len(pages))
        chromium.close()


def _sit_down(crowd: Crowd, context: object, token: str) -> Page:
    context.add_cookies([{"name": crowd.cookie, "value": token, "url": crowd.address}])  # type: ignore[attr-defined]  # a browser context
    page: Page = context.new_page()  # type: ignore[attr-defined]
    page.set_default_timeout(WAITS * 1000)
    return page


def _look(crowd: Crowd, page: Page, dice: random.Random) -> None:
    name, pattern = _choose(dice)
    began = time.perf_counter()
    try:
        answer = page.goto(crowd.address + crowd.path(pattern), wait_until="load")
    except BrowserError as error:
        if not crowd.stop.is_set():
            crowd.seen.failed(f"{name} in a browser: {type(error).__name__}")
        return
    if answer is None or not answer.ok:
        crowd.seen.failed(f"{name} in a browser: {answer and answer.status}")
        return
    crowd.seen.note("any page in Chromium, loaded", time.perf_counter() - began)


@dataclass
class Talks:
    """A service tool that brings what buyers write, in one request a second."""

    crowd: Crowd
    token: str
    rate: float
    brought: set[str] = field(default_factory=set)
    _owed: float = 0.0

    def bring(self, seconds: float, now: datetime) -> None:
        """Bring as many messages as those seconds are worth."""
        self._owed += self.rate * seconds
        many = min(int(self._owed), MOST_AT_ONCE)
        self._owed -= many
        if not many:
            return
        messages = [_message(self.crowd.order(), now) for _ in range(many)]
        headers = {"authorization": f"Bearer {self.token}", "accept": "application/json"}
        with self.crowd.client() as http:
            answer = _asked(self.crowd, "Messages brought", lambda: http.post("/api/v1/messages?drafts=true", json={"messages": messages}, headers=headers))
        if answer is not None:
            self.brought |= {message["message_id"] for message in messages}


MOST_AT_ONCE = 100
"""As many as one request of the bridge takes."""
WORDS = ("什么时候发货呀", "还没发货吗？我急用", "可以改一下地址吗", "我不想要了，退款吧", "快递到哪里了", "怎么还没到", "有发票吗", "谢谢")


def _message(order_no: str, now: datetime) -> dict[str, str]:
    number = secrets.token_hex(8)
    buyer = f"买家{number[:6]}"
    said = WORDS[int(number[0], 16) % len(WORDS)]
    return {"message_id": number, "who": "buyer", "said": said, "at": now.isoformat(), "conversation_id": f"c-{number}", "name": buyer, "order_no": order_no}


@dataclass
class Files:
    """Somebody who exports a shop without keys and imports the file, as often as it is worth it."""

    crowd: Crowd
    shop_id: int
    rate: float
    """Orders a second."""
    every: float
    brought: set[str] = field(default_factory=set)
    under_way: list[threading.Thread] = field(default_factory=list)
    _waited: float = 0.0

    def bring(self, seconds: float, now: datetime) -> None:
        """Import a file once as many orders have come together."""
        self._waited += seconds
        if self._waited < self.every or not self.rate:
            return
        many, self._waited = max(1, int(self.rate * self._waited)), 0.0
        numbers = [f"{now.astimezone(SHANGHAI):%y%m%d}-{secrets.randbelow(9 * 10**14) + 10**14}" for _ in range(many)]
        self.under_way.append(threading.Thread(target=self._import, args=(numbers, now), daemon=True))
        self.under_way[-1].start()

    def _import(self, numbers: list[str], now: datetime) -> None:
        began = time.perf_counter()
        with suppress(httpx.HTTPError), self.crowd.client(self.crowd.tokens[0]) as http:
            token = TOKEN.search(http.get("/imports").text)
            form = {"shop": str(self.shop_id), "_csrf_token": token[1] if token else ""}
            shown = http.post("/imports", data=form, files={"files": ("orders.csv", _table(numbers, now), "text/csv")})
            path = shown.headers.get("location", "")
            token = TOKEN.search(http.get(path).text)
            done = http.post(f"{path}/confirmation", data={"_csrf_token": token[1] if token else ""})
            if done.status_code == 303:
                self.brought.update(numbers)
                self.crowd.seen.note("File imported", time.perf_counter() - began)
                return
        self.crowd.seen.failed("a file was not imported")


def _table(numbers: Sequence[str], now: datetime) -> bytes:
    formed = (now - timedelta(minutes=5)).astimezone(SHANGHAI)
    rows = ["订单号,订单状态,商品,商品数量(件),用户实付金额(元),订单成交时间"]
    rows += [f"{number},待发货,云南高山红富士苹果,1,19.90,{formed:%Y-%m-%d %H:%M:%S}" for number in numbers]
    return ("\n".join(rows) + "\n").encode("utf-8")
