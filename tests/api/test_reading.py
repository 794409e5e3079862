"""What holds of all that programs read and do: pages that stay good while rows arrive, requests done once, marks, refusals in both languages."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.actions.cases.telling import order_told, platform_tells
from tests.api.calls import CSV
from tests.cast import Cast
from tests.site_client import HERE, make_app
from zhanggui import clock
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.hooks.spreading import spread_events
from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.facts import OrderStage
from zhanggui.people import factors
from zhanggui.people.permissions import Role


@pytest.fixture
def erp(house: House, people: Cast) -> Iterator[TestClient[Litestar]]:
    """A program with every scope."""
    token = make_token(house, people.lin, people.shop_id, "ERP", tuple(Scope), clock.now(), clock.unwound()).token
    with TestClient(make_app(house), base_url=HERE) as made:
        made.headers.update({"authorization": f"Bearer {token}", "accept-language": "en"})
        yield made


def told(house: House, people: Cast, *last: int) -> None:
    """Orders whose numbers end so, each formed an hour after the one before."""
    now = clock.now()
    facts = [
        order_told(
            now,
            order_no=f"260301-1111111111111{each:02d}",
            group_formed_at=now - timedelta(hours=90 - each),
            stage=OrderStage.TO_SHIP,
            shipped_at=None,
            tracking_no=None,
        )
        for each in last
    ]
    platform_tells(house, people.shop_id, facts, now)


def walked(erp: TestClient[Litestar], path: str, of: str, **params: Any) -> list[Any]:
    """Every row, page by page."""
    rows: list[Any] = []
    cursor = ""
    while True:
        answer = erp.get(f"/api/v1/{path}", params={**params, "cursor": cursor}).json()
        rows += answer[of]
        cursor = answer["next_cursor"]
        if not cursor or not answer[of]:
            return rows


def test_it_goes_on_where_the_page_ended_while_orders_arrive(erp: TestClient[Litestar], house: House, people: Cast) -> None:
    told(house, people, *range(1, 8))
    first = erp.get("/api/v1/orders", params={"limit": 3}).json()
    told(house, people, 20, 21)

    rest = walked(erp, "orders", "orders", limit=3) if first["next_cursor"] is None else []
    second = erp.get("/api/v1/orders", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    third = erp.get("/api/v1/orders", params={"limit": 3, "cursor": second["next_cursor"]}).json()

    assert rest == []
    assert [each["order"]["order_no"][-2:] for page in (first, second, third) for each in page["orders"]] == ["07", "06", "05", "04", "03", "02", "01"]
    assert third["next_cursor"] is None


def test_it_walks_a_band_of_to_dos_page_by_page_without_missing_one(erp: TestClient[Litestar], house: House, people: Cast) -> None:
    told(house, people, *range(1, 8))
    every = erp.get("/api/v1/todo").json()["todo"]

    (band,) = {each["band"] for each in every if each["deadline"]["kind"] == "ship_by"}
    found = walked(erp, "todo", "todo", limit=2, band=band)

    assert len(found) == len({each["deadline"]["no"] + each["deadline"]["kind"] for each in found}) == sum(each["band"] == band for each in every)
    assert erp.get("/api/v1/todo", params={"cursor": "x"}).status_code == 422


def test_it_reads_events_to_the_end_and_goes_on_from_there(erp: TestClient[Litestar], house: House, people: Cast) -> None:
    told(house, people, 1, 2)
    spread_events(house, people.shop_id, clock.now(), clock.unwound(), "worker")
    page = erp.get("/api/v1/events", params={"kinds": "order.seen", "limit": 1}).json()
    rest = erp.get("/api/v1/events", params={"kinds": "order.seen", "cursor": page["next_cursor"]}).json()
    told(house, people, 3)
    spread_events(house, people.shop_id, clock.now(), clock.unwound(), "worker")

    later = erp.get("/api/v1/events", params={"kinds": "order.*", "cursor": rest["next_cursor"]}).json()

    assert [(len(each["events"]), each["has_more"]) for each in (page, rest, later)] == [(1, True), (1, False), (1, False)]
    assert later["events"][0]["no"] == "260301-111111111111103"
    assert erp.get("/api/v1/events", params={"kinds": "orders"}).status_code == 422


def test_it_brings_a_file_once_under_a_key_and_stores_it(erp: TestClient[Litestar], house: House, people: Cast) -> None:
    files = {"files": ("orders.csv", CSV.encode(), "text/csv")}
    first, again = (erp.post("/api/v1/imports", params={"store": True}, files=files, headers={"idempotency-key": "k"}) for _ in range(2))
    other = erp.post("/api/v1/imports", files=files, headers={"idempotency-key": "k"})
    listed = erp.get("/api/v1/imports").json()["imports"]
    undone = erp.post(f"/api/v1/imports/{first.json()['import_no']}/reversal").json()

    assert (first.status_code, first.json()["stands"], first.json()["kinds"]["order"]["new"]) == (200, "done", 1)
    assert (again.json(), other.status_code, len(listed)) == (first.json(), 422, 1)
    assert (undone["stands"], erp.get("/api/v1/orders/260301-999999999999999").status_code) == ("undone", 404)


def test_it_leaves_a_note_once_under_a_key(erp: TestClient[Litestar], house: House, people: Cast) -> None:
    told(house, people, 1)
    path = "/api/v1/orders/260301-111111111111101"

    made = [erp.post(f"{path}/notes", json={"text": "装紧一点"}, headers={"idempotency-key": "n1"}).json() for _ in range(2)]

    erp.post(f"{path}/notes", json={"text": "客户电话13812345678"})

    assert made[0] == made[1]
    assert [note["text"] for note in erp.get(path).json()["notes"]] == ["装紧一点", "客户电话138****5678"]
    assert erp.post("/api/v1/orders/260301-0/notes", json={"text": "x"}).status_code == 404


def test_it_answers_without_a_body_what_the_program_holds_already(erp: TestClient[Litestar], house: House, people: Cast) -> None:
    told(house, people, 1)
    first = erp.get("/api/v1/orders")

    same = erp.get("/api/v1/orders", headers={"if-none-match": first.headers["etag"]})
    told(house, people, 2)
    changed = erp.get("/api/v1/orders", headers={"if-none-match": first.headers["etag"]})

    assert (same.status_code, same.content, changed.status_code) == (304, b"", 200)


def test_it_refuses_in_the_language_of_the_program_and_repeats_nothing(erp: TestClient[Litestar]) -> None:
    asked = "/api/v1/orders?cursor=13812345678"
    english, chinese = (erp.get(asked, headers={"accept-language": language}) for language in ("en", "zh"))
    odd = [
        erp.get("/api/v1/orders", params=params).status_code
        for params in ({"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"stage": "nowhere"}, {"cursor": "x" * 3000})
    ]
    far = [
        erp.get(f"/api/v1/{path}").status_code for path in ("imports/99999999999999999999", "imports/-1", "orders/%00", "parcels/..%2f", "goods/x", "cases/1")
    ]

    assert (english.status_code, english.headers["content-type"]) == (422, "application/problem+json")
    assert (english.json()["title"], chinese.json()["title"]) == ("That cannot be done", "无法完成")
    assert "13812345678" not in english.text + chinese.text
    assert odd == [400] * 5
    assert set(far) <= {400, 404}, far


def test_a_token_opens_nothing_while_whoever_made_it_lacks_the_second_factor_that_the_shop_asks(erp: TestClient[Litestar], house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        factors.put_terms(tx, people.shop_id, frozenset({Role.OWNER}), None, clock.unwound())
    withheld = erp.get("/api/v1/orders")
    with house.pool.connection() as tx:
        factors.put_terms(tx, people.shop_id, frozenset({Role.REP}), None, clock.unwound())
    again = erp.get("/api/v1/orders")

    assert (withheld.status_code, again.status_code) == (403, 200)
    assert "second factor" in withheld.json()["detail"]
