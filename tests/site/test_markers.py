"""Markers are planted through every door, mistakes are made on the way, and everything that was written is searched: they stand only where the inventory
of personal data says that such a thing may stand in clear."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from click import ClickException
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from psycopg.conninfo import conninfo_to_dict

from tests.actions.files import HEADER
from tests.cast import Cast
from tests.site.expectations import ROUTES, Route
from tests.site.planted import Planted, plant
from tests.site_client import browser, make_app
from zhanggui import clock
from zhanggui.actions.alerting.channels import add_channel, keep_terms, try_channel
from zhanggui.actions.alerting.digests import plan_digest
from zhanggui.actions.alerting.sending import send_alerts
from zhanggui.actions.alerting.watching import watch_alerts
from zhanggui.actions.alerting.wording import Worded
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.hooks.making import add_hook
from zhanggui.actions.hooks.sending import send_events
from zhanggui.actions.hooks.spreading import spread_events
from zhanggui.actions.house import House
from zhanggui.actions.overview.daily import DAY_REPORT, day_report_worded, put_day_report
from zhanggui.actions.overview.letters import report_worded
from zhanggui.actions.overview.mailing import LEAVES_AT, REPORT, put_report_channel
from zhanggui.actions.privacy.opening import open_personal
from zhanggui.cli.main import program
from zhanggui.connectors.notify.letters import Letter
from zhanggui.connectors.notify.notifier import Notifier
from zhanggui.connectors.notify.ways import Typed, Way
from zhanggui.connectors.notify.wire import Answer, Post
from zhanggui.core.alerts.terms import AlertTerms
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.moments import shanghai_day
from zhanggui.core.periods import week_name, week_of
from zhanggui.core.privacy.inventory import Form, inventory
from zhanggui.core.privacy.opening import Opening
from zhanggui.people.permissions import Permission
from zhanggui.records import alert_channels
from zhanggui.records.db import conninfo_of, transact
from zhanggui.server import backup_of
from zhanggui.server.backups import DUMP
from zhanggui.site.logs import REQUESTS
from zhanggui.worker.loop import Worker

PHONE = "13912345678"
RECEIVER = "诸葛梅花鹿"
STREET = "翠竹路八十八号三单元"
WORDS = "我家的梅花鹿在等这包坚果"
PASSWORD = "梅花鹿的口令 2026"
SECRET = "geheim-marker-5f2c"
TOKEN = "zg_marker-0000000000000000"
MARKERS = (PHONE, RECEIVER, STREET, WORDS, PASSWORD, SECRET, TOKEN)
FREE = {
    "note", "reason", "because", "remark", "text", "said", "message", "answer", "ticket", "form", "cause", "words", "why", "comment", "detail", "report",
    "numbers",
}  # fmt: skip
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
    house: House, people: Cast, tmp_path: Path, logged: io.StringIO, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving = Leaving()
    house = replace(house, notifier=leaving)
    planted = plant(house, people, tmp_path, ours=True)
    app = make_app(house)
    channel = _has_ways_out(house, people)

    answers = list(_through_every_form(app, people, planted))
    answers += _through_files(app, people)
    answers += _through_the_bridge(app, house, people, planted)
    answers += _through_the_door(app)
    _through_the_worker(house, people, channel)
    _through_commands(house, tmp_path, monkeypatch)
    copied = _backed_up(house, tmp_path)

    assert (len(answers) > 100, sum(answer.status_code < 400 for answer in answers) > 80) == (True, True)
    assert [answer.request.url.path for answer in answers if answer.status_code >= 500] == []
    assert _in_database(house) == {}
    assert _in_files(house.home) == {}
    assert (len(copied), _in_files(*copied)) == (1, {})
    assert _in_files(*_server_logs(house)) == {}
    assert {"alerts", "test", "hook", "report", "day"} <= leaving.sorts
    assert [marker for marker in MARKERS if marker in leaving.text] == []
    told = logged.getvalue() + "".join(capfd.readouterr())
    assert "answered" in told
    assert [marker for marker in MARKERS if marker in told] == []


class Leaving(Notifier):
    """Keeps all that leaves for people and programs, and lets none of it go."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.sorts: set[str] = set()

    def deliver(self, _way: Way, letter: Letter, *, allowed: object = ()) -> None:
        self.sorts |= set(letter.data)
        self.text += f"{letter.title}\n{letter.text}\n{letter.data}\n"

    def carry(self, what: Post, *, allowed: object = ()) -> Answer:
        self.sorts.add("hook")
        self.text += f"{what.body.decode()}\n"
        return Answer(204, b"")

    def keep(self, sort: str, worded: Worded | None) -> None:
        """The same of a message that is worded without being sent."""
        assert worded is not None
        self.sorts.add(sort)
        self.text += f"{worded.title}\n{worded.text}\n{worded.data}\n"


def _has_ways_out(house: House, people: Cast) -> int:
    """A hook that is told of everything, and a channel of the owner's own that is told of alerts, the digest and both reports."""
    now, shop_id = clock.now(), people.shop_id
    add_hook(house, people.lin, shop_id, "ERP", "https://erp.example/hook", ["*"], now)
    add_channel(house, people.lin, shop_id, "wecom", "店铺群", Typed(address="a1b2c3d4-e5f6"), now, tells="both")
    own = add_channel(house, people.lin, shop_id, "wecom", "我的群", Typed(address="a1b2c3d4-e5f7"), now, tells="both", mine=True)
    put_report_channel(house, people.lin, shop_id, own, now, is_on=True)
    put_day_report(house, people.lin, shop_id, own, 8, now)
    return own


def _through_the_worker(house: House, people: Cast, channel_no: int) -> None:
    """Every chore once, what waits for people and programs, and the reports of the day and the week."""
    now, wall, shop_id = clock.now(), clock.unwound(), people.shop_id
    keep_terms(house, people.lin, shop_id, AlertTerms(quiet=()), now)  # a form may have switched them off
    test = add_channel(house, people.lin, shop_id, "wecom", "再来一个", Typed(address="a1b2c3d4-e5f8"), now, tells="both")
    Worker(house, lanes=()).tick(wall)
    transact(house.pool, lambda tx: plan_digest(tx, shop_id, now))
    try_channel(house, people.lin, shop_id, test, now, wall)
    with house.pool.connection() as tx:
        due = [at for (at,) in tx.execute("select distinct due_at from deadlines where shop_id = %s and band is not null", (shop_id,))]
    for at in sorted(due)[-5:]:
        watch_alerts(house, at)
        while send_alerts(house, shop_id, at, wall, "test"):
            pass
    while spread_events(house, shop_id, now, wall, "test"):
        pass
    while send_events(house, shop_id, now, wall, "test"):
        pass
    leaving, week = house.notifier, week_of(shanghai_day(now)).before
    assert isinstance(leaving, Leaving)
    with house.pool.connection() as tx:
        channel = next(row for row in alert_channels.of_shop(tx, shop_id) if row.channel_no == channel_no)
        leaving.keep("report", report_worded(tx, house, shop_id, channel, f"{REPORT} {week_name(week)}", week.until + LEAVES_AT))
        leaving.keep("day", day_report_worded(tx, house, shop_id, channel, f"{DAY_REPORT} {shanghai_day(now).isoformat()}", now))


def _through_commands(house: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody at the machine may type in vain, and a file that nobody understands; what is printed is looked at with all else."""
    monkeypatch.setenv("DATABASE_URL", conninfo_of(house.pool))
    (folder / "odd.csv").write_text(f"{STREET},{PHONE}\n{RECEIVER},{WORDS}\n", "utf-8")
    shop = ("--shop", "林记坚果")
    for typed, words in (
        (RECEIVER, ("privacy", *shop, "--forget-name", "--yes")),
        (PHONE, ("privacy", *shop, "--forget-phone", "--json")),
        ("", ("import", str(folder / "odd.csv"), *shop, "--yes")),
        (f"{RECEIVER} 2026-03-01 16:00\n{WORDS}，{PHONE}\n", ("paste", "--at", STREET, *shop)),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8"))
        with suppress(SystemExit, ClickException):
            program.main(args=["--home", str(house.home), *words], prog_name="zhanggui", standalone_mode=False)


def _backed_up(house: House, folder: Path) -> list[Path]:
    """What of a backup lies open: everything but the dump, which holds what the database does."""
    backup_of(conninfo_of(house.pool), house.home, folder / "backup", clock.unwound())
    return [file for file in (folder / "backup").rglob("*") if file.is_file() and file.name != DUMP]


def _server_logs(house: House) -> list[Path]:
    """The log of the embedded server, where this run has one."""
    host = str(conninfo_to_dict(conninfo_of(house.pool)).get("host") or "")
    return [log for log in (Path(host).parent / "log", Path(host) / "log") if host.startswith("/") and log.is_file()]


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


def _in_files(*places: Path) -> dict[str, list[str]]:
    """The same in files, or those of a folder; what waits for a yes lies in the spool as it came, and what was brought in, in the file it came from."""
    found = {}
    for file in (one for place in places for one in (place.rglob("*") if place.is_dir() else (place,))):
        if file.is_file() and "spool" not in file.parts and file.name not in {"odd.csv", DUMP}:
            text = file.read_bytes().decode("utf-8", "replace")
            hits = [marker for marker in MARKERS if marker in text]
            if hits:
                found[file.name] = hits
    return found
