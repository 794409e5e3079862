"""Markers are planted through every door, mistakes are made on the way, and everything that was written is searched: they stand only where the inventory
of personal data says that such a thing may stand in clear."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from tests.actions.files import HEADER
from tests.cast import Cast
from tests.site.expectations import ROUTES, Route
from tests.site.planted import Planted, plant
from tests.site_client import browser, make_app
from zhanggui import clock
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.house import House
from zhanggui.actions.privacy.opening import open_personal
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.privacy.inventory import Form, inventory
from zhanggui.core.privacy.opening import Opening
from zhanggui.people.permissions import Permission
from zhanggui.site.logs import REQUESTS

PHONE = "13912345678"
RECEIVER = "诸葛梅花鹿"
STREET = "翠竹路八十八号三单元"
WORDS = "我家的梅花鹿在等这包坚果"
PASSWORD = "梅花鹿的口令 2026"
SECRET = "geheim-marker-5f2c"
TOKEN = "zg_marker-0000000000000000"
MARKERS = (PHONE, RECEIVER, STREET, WORDS, PASSWORD, SECRET, TOKEN)
FREE = {"note", "reason", "remark", "text", "said", "message", "answer", "ticket", "form", "cause", "words", "why", "comment", "detail", "report", "numbers"}
"""Fields of forms in which a person may write what they like."""
TEXTS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and (data_type in ('text', 'json', 'jsonb', 'bytea') or (data_type = 'ARRAY' and udt_name = '_text'))
"""


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    # all that a record carries, whichever way of writing is chosen
    handler.format = lambda record: f"{record.getMessage()} {record.exc_text} {record.__dict__}"  # type: ignore[method-assign]
    handler.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore", "asyncio")))  # the browser's own, not the house's
    root, requests = logging.getLogger(), logging.getLogger(REQUESTS)
    before = {logger: logger.level for logger in (root, requests)}
    root.addHandler(handler)
    for logger in before:
        logger.setLevel(logging.DEBUG)
    yield stream
    for logger, level in before.items():
        logger.setLevel(level)
    root.removeHandler(handler)


def test_what_is_planted_through_every_door_is_found_only_where_the_inventory_says(
    house: House, people: Cast, tmp_path: Path, logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    planted = plant(house, people, tmp_path, ours=True)
    app = make_app(house)

    answers = list(_through_every_form(app, people, planted))
    answers += _through_files(app, people)
    answers += _through_the_bridge(app, house, people, planted)
    answers += _through_the_door(app)

    assert (len(answers) > 100, sum(answer.status_code < 400 for answer in answers) > 80) == (True, True)
    assert [answer.request.url.path for answer in answers if answer.status_code >= 500] == []
    assert _in_database(house) == {}
    assert _in_files(house.home) == {}
    told = logged.getvalue() + "".join(capfd.readouterr())
    assert "answered" in told
    assert [marker for marker in MARKERS if marker in told] == []


def _through_every_form(app: Litestar, people: Cast, planted: Planted) -> Iterator[httpx.Response]:
    """Every form that the owner may send, with a telephone number and more in every field in which one may write."""
    fields = _free_fields(app)
    with browser(app, people.lin) as lin:
        token = lin.form_token("/account")
        for route in ROUTES:
            if route.method != "POST" or not isinstance(route.who, Permission) or route.files or route.route.endswith("/scans"):
                continue  # tracking events name couriers, who are there to be called
            sent = _with_markers(route, planted, fields.get(route.route, ()))
            yield lin.post(route.ask(planted), data={**sent, "_csrf_token": token})


def _with_markers(route: Route, planted: Planted, free: tuple[str, ...]) -> dict[str, Any]:
    told = dict(route.send(planted))
    for name in free:
        before = told.get(name, "")
        if isinstance(before, str):
            told[name] = f"{before} 请打 {PHONE}".strip()
    for name in ("password", "secret", "key", "client_secret", "access_token"):
        if name in told:
            told[name] = SECRET
    return told


def _free_fields(app: Litestar) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and "POST" in handler.http_methods and "data" in handler.parsed_fn_signature.parameters:
                form = handler.parsed_fn_signature.parameters["data"].annotation
                if isinstance(form, type) and issubclass(form, msgspec.Struct):
                    found[route.path] = tuple(field.name for field in msgspec.structs.fields(form) if field.type is str and field.name in FREE)
    return found


def _through_files(app: Litestar, people: Cast) -> list[httpx.Response]:
    """An export with every personal column, one with rows that nobody understands, and facts line by line; the first is confirmed."""
    headers = [*HEADER, "收货人", "手机", "详细地址", "买家留言"]
    row = {"订单号": "260301-999999999999111", "订单状态": "待发货", "用户实付金额(元)": "1.00", "订单成交时间": "2026-03-01 10:00:00"}
    personal = {"收货人": RECEIVER, "手机": PHONE, "详细地址": STREET, "买家留言": f"打我电话{PHONE}"}
    rows = [row | personal, row | personal | {"订单号": "260301-999999999999112", "用户实付金额(元)": f"{RECEIVER} {PHONE}", "订单成交时间": STREET}]
    table = "\n".join([",".join(headers), *(",".join(one.get(header, "") for header in headers) for one in rows)])
    lines = [
        {"fact": "message", "message_no": "MK1", "order_no": row["订单号"], "speaker": "buyer", "at": "2026-03-01 11:00:00", "text": WORDS},
        {"fact": "order", "order_no": row["订单号"], "receiver_masked": f"{RECEIVER} {PHONE}", "pay_amount": PHONE, "unknown_field": STREET},
    ]
    told = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    with browser(app, people.lin) as lin:
        shop = {"shop": str(people.shop_id), "as_of": "2026-03-02T10:00", "_csrf_token": lin.form_token("/account")}
        seen = [
            lin.post("/imports", data=shop, files=[("files", (name, text.encode(), "text/csv"))])
            for name, text in (("orders.csv", table), ("facts.jsonl", told), ("odd.csv", f"{STREET},{PHONE}\n{RECEIVER},{WORDS}\n"))
        ]
        confirmed = [
            lin.post(f"{answer.headers['location'].split('?')[0]}/confirmation", data=shop)
            for answer in seen
            if "/imports/" in answer.headers.get("location", "")
        ]
        dropped = [lin.get(answer.headers["location"]) for answer in seen if "location" in answer.headers]
    return [*seen, *confirmed, *dropped]


def _through_the_bridge(app: Litestar, house: House, people: Cast, planted: Planted) -> list[httpx.Response]:
    """Messages and reviews of a tool, whole and broken, a paste, an answer, a number opened, wrong tokens."""
    now, shop_id = clock.now(), people.shop_id
    token = make_token(house, people.lin, shop_id, "客服工具", tuple(Scope), now, clock.unwound()).token
    ours, theirs = ({"Authorization": f"Bearer {word}"} for word in (token, TOKEN))
    message = {"message_id": "x1", "conversation_id": "x", "who": "buyer", "said": f"{WORDS}，电话{PHONE}", "name": RECEIVER, "at": now.isoformat()}
    paste = f"{RECEIVER} 2026-03-01 16:00\n{WORDS}，{PHONE}\n客服小美 2026-03-01 16:02\n马上查\n"
    with browser(app) as tool:
        answers = [
            tool.post("/api/v1/messages", json={"messages": [message]}, headers=ours),
            tool.post("/api/v1/messages", json={"messages": [message | {"message_id": "x2", "at": STREET}]}, headers=ours),
            tool.post("/api/v1/messages", content=f'{{"messages": [{{"said": "{WORDS}'.encode(), headers=ours),
            tool.post("/api/v1/messages", json={"messages": [message]}, headers=theirs),
            tool.get(f"/api/v1/threads/{PHONE}", headers=ours),
            tool.get("/api/v1/threads", params={"after": PHONE}, headers=theirs),
            tool.post("/api/v1/threads/1/answered", json={"said": f"{WORDS} {PHONE}"}, headers=ours),
        ]
    with browser(app, people.mei) as mei:
        form = {"_csrf_token": mei.form_token("/account")}
        answers += [
            mei.post("/inbox/paste", data=form | {"shop": str(shop_id), "text": paste, "do": "take"}),
            mei.post(f"/shops/{shop_id}/orders/{planted.order_no}/notes", data=form | {"text": f"{RECEIVER}住{STREET}，{WORDS}"}),
            mei.post(f"/shops/{shop_id}/orders/{planted.order_no}/notes", data=form | {"text": "\0" + WORDS}),
        ]
    with browser(app, people.lin) as lin:
        form = {"_csrf_token": lin.form_token("/account")}
        answers.append(lin.post(f"/shops/{shop_id}/texts/numbers", data=form | {"numbers": f"{planted.order_no},{PHONE},是\n{RECEIVER}"}))
    opened = open_personal(house, people.mei, shop_id, Opening.NUMBER, planted.order_no, "买家要求回电", now + timedelta(seconds=1))
    assert (opened.text, PHONE in repr(opened)) == (PHONE, False)
    return answers


def _through_the_door(app: Litestar) -> list[httpx.Response]:
    """Wrong passwords and addresses that hold what they should not."""
    with browser(app) as stranger:
        form = {"_csrf_token": stranger.form_token("/sign-in")}
        return [
            stranger.post("/sign-in", data=form | {"login": "lin", "password": PASSWORD}),
            stranger.post("/sign-in", data={"login": "lin", "password": PASSWORD}),
            stranger.get(f"/shops/{PHONE}/orders/{SECRET}"),
            stranger.get("/search", params={"number": PHONE}),
            stranger.get(f"/invitations/{TOKEN}"),
        ]


def _in_database(house: House) -> dict[str, list[str]]:
    """The markers found, by column, where the inventory does not say that people's texts stand there in clear."""
    clear = {column for kind in inventory().kind if kind.form is Form.CLEAR for column in kind.columns}
    found: dict[str, list[str]] = {}
    with house.pool.connection() as tx:
        for table, column in tx.execute(TEXTS).fetchall():
            if f"{table}.{column}" in clear:
                continue
            for (value,) in tx.execute(f"select {column} from {table} where {column} is not null").fetchall():
                text = bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
                hits = [marker for marker in MARKERS if marker in text]
                if hits:
                    found.setdefault(f"{table}.{column}", []).extend(hits)
    return {column: sorted(set(hits)) for column, hits in found.items()}


def _in_files(home: Path) -> dict[str, list[str]]:
    """The same in the files of the home; what waits for a yes lies in the spool as it came."""
    found = {}
    for file in home.rglob("*"):
        if file.is_file() and "spool" not in file.parts:
            text = file.read_bytes().decode("utf-8", "replace")
            hits = [marker for marker in MARKERS if marker in text]
            if hits:
                found[str(file.relative_to(home))] = hits
    return found
