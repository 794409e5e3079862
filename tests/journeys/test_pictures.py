"""Every page of the demo shop, at a desk and on a phone, in both languages: opened, listened to, and with PICTURES=1 photographed into docs/pictures."""

import csv
import io
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from psycopg import sql

from tests.journeys.conftest import DESK, PHONE, Site, Visitor, served, visit_of, written
from tests.journeys.small_png import small_png
from tests.site_client import make_app
from tests.workbench.shop_files import csv_bytes
from zhanggui import clock, rulebook
from zhanggui.actions.automation.listing import rules_seen
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.inbox.listing import InboxAsked, InboxView, inbox
from zhanggui.actions.money.classing import class_bills
from zhanggui.actions.overview.reporting import report
from zhanggui.actions.own_account import set_own_language
from zhanggui.actions.today import settle, today
from zhanggui.core.deadlines import Band
from zhanggui.core.moments import shanghai_day
from zhanggui.core.periods import week_of
from zhanggui.demo import telling
from zhanggui.demo.world import world
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records.db import open_pool
from zhanggui.words import load
from zhanggui.workbench.places import thread_path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
TALLEST = 2200
SCREENS = {1440: DESK, 390: PHONE}
ASKED = os.environ.get("PICTURES", "")
PHOTOGRAPHS = bool(ASKED)
ONLY = frozenset(ASKED.split(",")) - {"1", ""}
"""With PICTURES=overview,reviews those pages alone are opened and photographed."""
LANGUAGES = {1440: ("zh_Hans", "en"), 390: ("zh_Hans", "en")} if PHOTOGRAPHS else {1440: ("zh_Hans",), 390: ("en",)}
"""Every page at every width and in every language; in all four ways only for photographs. English words are longer, so they are for the telephone."""
CHAPTERS_TOLD = 5

_FAULTS = """
(() => {
  const faults = [];
  const named = (each) => each.getAttribute("aria-label") || each.getAttribute("aria-labelledby") || each.textContent.trim() || each.title;
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => faults.push("id given twice: " + id));
  document.querySelectorAll("input:not([type=hidden]), select, textarea").forEach((each) => {
    if (!each.labels.length && !each.getAttribute("aria-label")) faults.push("field without a label: " + each.outerHTML.slice(0, 90));
  });
  document.querySelectorAll("a, button:not([hidden]), summary").forEach((each) => {
    if (!named(each)) faults.push("nameless: " + each.outerHTML.slice(0, 90));
  });
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  if (!document.documentElement.lang || !document.title.trim()) faults.push("no language or no title");
  return faults;
})()
"""
_AXE = """
axe.run(document, {resultTypes: ["violations"]}).then((told) => told.violations.map((each) =>
  each.id + ": " + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 140) + " " + (node.any[0] ? node.any[0].message : "")).join(" | ")))
"""


@pytest.fixture(scope="module")
def house(conninfo: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for the pages of this file, since telling the demo's story takes long."""
    name = f"zg_pictures_{secrets.token_hex(6)}"
    with psycopg.connect(conninfo, autocommit=True) as server:
        server.execute(sql.SQL("create database {} template {} strategy file_copy").format(sql.Identifier(name), sql.Identifier(template)))
        with open_pool(psycopg.conninfo.make_conninfo(conninfo, dbname=name)) as pool:
            yield House(pool=pool, home=tmp_path_factory.mktemp("pictures"), rulebook=rulebook.load())
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def demo(house: House) -> Iterator[Site]:
    """The demo shop in the middle of its week, served."""
    telling.begin_clock(house.home)
    clock.use_home(house.home)
    telling.prepare(house)
    for _ in range(CHAPTERS_TOLD - 1):
        chapter = telling.next_chapter(house.home)
        if chapter is not None:
            telling.step_to_chapter(house, chapter.id)
    class_bills(house, clock.now())  # as the worker would
    with served(make_app(house)) as running:
        yield running
    clock.use_home(None)


def paths_of(house: House, by: Person) -> dict[str, str]:
    """Every page by the name of its picture."""
    shop_id = next(iter(by.roles))
    damaged, waiting = damaged_import(house, by, shop_id), waiting_import(house, by, shop_id)
    settle(house, (shop_id,), clock.now())
    listed = today(house, by, clock.now(), bands=(Band.OVERDUE, Band.HOUR, Band.TODAY, Band.LATER))
    items = [item for _, items in listed.groups for item in items if item.deadline.order_no]
    talked = next((item for item in items if item.deadline.kind == "reply_buyer"), items[0])
    back = next(case for case in world().cases if case.told.order == "back_short")
    parcel = next(step.return_tracking_no for step in back.told.steps if step.return_tracking_no)
    subject = talked.deadline.subject
    rule = rules_seen(house, by, shop_id, clock.now())[0]
    return {
        "today": "/today",
        "shops": "/shops",
        "unverified": "/today?view=unverified",
        "todo": f"/shops/{shop_id}/todos/{subject.kind}/{talked.deadline.kind}?no={subject.no}",
        "inbox": "/inbox",
        "talk": _newest_talk(house, by),
        "notices": f"/notices?shop={shop_id}",
        "scripts": f"/scripts?shop={shop_id}",
        "quality": f"/quality?shop={shop_id}",
        "alerts": f"/alerts?shop={shop_id}",
        "alert-settings": f"/alerts/settings?shop={shop_id}",
        "orders": "/orders",
        "order": f"/shops/{shop_id}/orders/{talked.deadline.order_no}",
        "answers": f"/shops/{shop_id}/orders/{talked.deadline.order_no}/answers",
        "abnormal": "/abnormal",
        "ship": "/ship",
        "pack": "/ship/pack",
        "waybills": "/waybills",
        "plan": "/plan",
        "parcels": "/parcels",
        "chase": "/chase",
        "carriers": "/carriers",
        "goods": "/goods",
        "aftersales": "/aftersales",
        "case": f"/shops/{shop_id}/aftersales/{back.case_no}",
        "terms": f"/shops/{shop_id}/aftersales/terms",
        "returns": "/returns",
        "return": f"/returns?shop={shop_id}&code={parcel}",
        "complaints": f"/complaints?view=deductions&shop={shop_id}",
        "reasons": f"/reasons?shop={shop_id}",
        "overview": f"/overview?shop={shop_id}",
        "clocks": f"/overview/clocks?shop={shop_id}&kind=ship_by&ended=missed&span=30",
        "measures": f"/standing?view=measures&shop={shop_id}",
        "stars": f"/standing?view=stars&shop={shop_id}",
        "reviews": f"/reviews?view=all&shop={shop_id}",
        "products": f"/products?shop={shop_id}",
        "what-if": f"/whatif?shop={shop_id}",
        "rule-notices": f"/whatif/notices?shop={shop_id}",
        "activities": f"/activities?shop={shop_id}",
        "money": f"/money?shop={shop_id}",
        "bill": f"/money?view=bill&shop={shop_id}",
        "cash": f"/money?view=cash&shop={shop_id}",
        "costs": f"/money?view=costs&shop={shop_id}",
        "imports": "/imports",
        "preview": f"/shops/{shop_id}/imports/{waiting}",
        "import": f"/shops/{shop_id}/imports/{damaged}",
        "quarantine": f"/shops/{shop_id}/imports/{damaged}/quarantine",
        "rules": "/rules",
        "automation": f"/automation?shop={shop_id}",
        "automation-rule": f"/shops/{shop_id}/automation/{rule.row.rule_no}",
        "automation-new": f"/shops/{shop_id}/automation/new",
        "privacy": f"/privacy?shop={shop_id}",
        "people": "/people",
        "settings": "/settings",
        "timetable": "/timetable",
        "connection": f"/shops/{shop_id}/connection",
        "journal": "/journal",
        "account": "/account",
    }


def _newest_talk(house: House, by: Person) -> str:
    """The talk in which something was said last."""
    row = inbox(house, by, InboxAsked(view=InboxView.ALL), clock.now()).rows[0]
    return thread_path(row.shop_id, row.thread_no)


def damaged_import(house: House, by: Person, shop_id: ShopId) -> int:
    """A stored import two rows of which were refused."""
    headers, rows = _newest_orders(house)
    rows[1]["用户实付金额(元)"], rows[2]["承诺发货时间"] = "8x.90", "明天"
    file = written(house.home, "orders_damaged.csv", csv_bytes(headers, rows))
    now = clock.now()
    batch = preview(house, by, shop_id, [file], now, as_of=now)
    confirm(house, by, shop_id, batch.batch_id, clock.now())
    return batch.batch_id


def waiting_import(house: House, by: Person, shop_id: ShopId) -> int:
    """An import that waits to be confirmed: two orders new, three sent."""
    headers, rows = _newest_orders(house)
    for number, row in enumerate([row for row in rows if row["订单状态"] == "待发货"][:3]):
        row |= {"订单状态": "已发货，待收货", "快递单号": f"YT780000000000{number}", "快递公司": "圆通速递"}
    rows += [rows[0] | {"订单号": f"261117-90000000000000{number}", "订单状态": "待发货", "快递单号": ""} for number in range(2)]
    file = written(house.home, "orders_export.csv", csv_bytes(headers, rows))
    now = clock.now()
    return preview(house, by, shop_id, [file], now, as_of=now).batch_id


def _newest_orders(house: House) -> tuple[list[str], list[dict[str, str]]]:
    newest = max((house.home / "exports").rglob("orders*.csv"), key=lambda path: path.name)
    raw = newest.read_bytes()
    text = raw.decode("gb18030") if b"\xef\xbb\xbf" not in raw[:3] and not _is_utf8(raw) else raw.decode("utf-8-sig")
    reader = csv.DictReader(io.StringIO(text))
    rows = [{name: value.strip("\t") for name, value in row.items()} for row in reader]
    return list(reader.fieldnames or ()), rows


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_every_page_opens_without_a_complaint(chromium: Browser, demo: Site, house: House) -> None:
    by = telling.owner(house)
    paths = paths_of(house, by)
    complaints: list[str] = []

    for width, language in [(width, language) for width, languages in LANGUAGES.items() for language in languages]:
        set_own_language(house, by, language)
        context, visit = visit_of(chromium, demo, by, SCREENS[width])
        for name, path in paths.items():
            if ONLY and name not in ONLY:
                continue
            _opens(visit, path)
            _audit(visit, name)
            _photograph(visit, f"{name}-{width}-{language}")
        if width == 1440 and not ONLY:
            _open_first_row(visit)
            _photograph(visit, f"today-open-{width}-{language}")
        context.close()
        complaints += [f"{width} {language}: {complaint}" for complaint in visit.complaints]

    complaints += _opens_the_door(chromium, demo)
    if PHOTOGRAPHS and (not ONLY or "report" in ONLY):
        _photograph_report(house, by, next(iter(by.roles)))
    assert complaints == []


def test_every_page_about_standing_is_walked_by_keys_alone(chromium: Browser, demo: Site, house: House) -> None:
    context, visit = visit_of(chromium, demo, telling.owner(house), DESK)
    page = visit.page
    set_own_language(house, telling.owner(house), "zh_Hans")
    visit.goes_to("/today")
    group = page.locator("header nav a", has_text="表现").get_attribute("data-key")
    assert group is not None

    _leads(page, group, "/overview")
    _opens_first_row(page)
    _leads(page, group, "/overview")
    _leads(page, ".", "/standing")
    _opens_first_row(page)
    assert "/measures/" in page.url
    _leads(page, ".", "/reviews")
    _tabs_to(page, "a[href*='view=all']")
    _leads(page, "Enter", "view=all")
    _opens_first_row(page)
    _leads(page, "u", "/reviews")
    _tabs_to(page, "main a[href^='/products']")
    _leads(page, "Enter", "/products")
    _opens_first_row(page)
    _leads(page, "u", "/products")
    for path in ("/overview", "/standing", "/reviews", "/whatif"):
        _leads(page, ".", path)
    page.keyboard.press("e")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    _leads(page, "t", "/whatif")
    expect(page.locator("select[name=cases]")).to_have_value("agree")
    _leads(page, ".", "/activities")
    page.keyboard.press("j")
    expect(page.locator("[data-row] :focus")).to_have_count(1)
    _leads(page, ",", "/whatif")

    context.close()
    assert visit.complaints == []


def _opens_the_door(chromium: Browser, demo: Site) -> list[str]:
    """What the browser complains of before anybody has signed in."""
    complaints: list[str] = []
    for width, screen in SCREENS.items():
        for language in LANGUAGES[width]:
            context, visit = visit_of(chromium, demo, None, screen, language=language.replace("_Hans", "-CN"))
            visit.goes_to("/sign-in")
            _photograph(visit, f"sign-in-{width}-{language}")
            context.close()
            complaints += visit.complaints
    return complaints


def _opens(visit: Visitor, path: str) -> None:
    """Opens a page; only for a photograph it has to stand still, which takes half a second of waiting."""
    visit.page.goto(visit.address + path, wait_until="networkidle" if PHOTOGRAPHS else "load")


def _open_first_row(visit: Visitor) -> None:
    visit.goes_to("/today")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("x")
    visit.page.locator(".panelbody").first.wait_for()


def _audit(visit: Visitor, name: str) -> None:
    """Complains of what keeps people out: controls and fields without a name, an id given twice, a page without its one heading.

    With AXE=path of axe.min.js the rules of axe-core are asked too.
    """
    for fault in visit.page.evaluate(_FAULTS):
        visit.complain(f"{name}: {fault}")
    if axe := os.environ.get("AXE"):
        visit.page.evaluate(Path(axe).read_text())
        for fault in visit.page.evaluate(_AXE):
            visit.complain(f"{name}: {fault}")


def _photograph_report(house: House, by: Person, shop_id: ShopId) -> None:
    """The report of the week before, its pages one below the other."""
    for language in ("zh_Hans", "en"):
        paper = report(house, by, shop_id, week_of(shanghai_day(clock.now())).before, clock.now(), load(language))
        pages = [page.render(scale=1.6).to_pil() for page in pypdfium2.PdfDocument(paper)]
        whole = Image.new("RGB", (pages[0].width, sum(page.height for page in pages)), "white")
        for at, page in enumerate(pages):
            whole.paste(page, (0, at * page.height))
        told = io.BytesIO()
        whole.save(told, "PNG")
        (PICTURES / f"report-{language}.png").write_bytes(small_png(told.getvalue()))


def _photograph(visit: Visitor, name: str) -> None:
    if not PHOTOGRAPHS:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(small_png(_shot(visit.page)))


def _shot(page: Page) -> bytes:
    width = page.viewport_size["width"] if page.viewport_size else 1440
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    return page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})


def _leads(page: Page, key: str, path: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)
    assert path in page.url


def _tabs_to(page: Page, what: str) -> None:
    """The tabulator comes by it, as by everything one can use."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(f"{what}:focus").count():
            return
    raise AssertionError(f"the tabulator does not come by {what}")


def _opens_first_row(page: Page) -> None:
    """The first row is reached, its focus can be seen, and Enter opens it."""
    page.keyboard.press("j")
    expect(page.locator("[data-row] :focus-visible")).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_count(1)
