"""The figures for Prometheus: who may read them, what they tell, and that no label holds anything of a buyer, a person or a shop."""

import re
from typing import Any, cast

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families

from tests.cast import Cast
from tests.site_client import HERE as HERE_BASE
from tests.site_client import browser, make_app
from zhanggui.actions.house import House

TOKEN = "t" * 40
HERE, ELSEWHERE = ("127.0.0.1", 50_000), ("192.168.1.9", 50_000)


@pytest.fixture
def app(house: House, people: Cast) -> Litestar:
    """An application whose figures are for this machine, and for whoever bears the token."""
    assert people.shop_id
    return make_app(house, metrics=True, metrics_token=TOKEN)


def asked_from(app: Litestar, client: tuple[str, int]) -> TestClient[Litestar]:
    """A program at that address."""

    async def from_there(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["client"] = client
        await app(scope, receive, send)

    made = TestClient(cast(Litestar, from_there), base_url=HERE_BASE, raise_server_exceptions=True)
    made.headers["accept"] = "text/html"
    return made


def test_they_are_off_unless_the_settings_let_them_be_read(house: House) -> None:
    with browser(make_app(house)) as stranger:
        assert stranger.get("/metrics").status_code == 404


def test_they_are_for_programs_on_this_machine(app: Litestar) -> None:
    with asked_from(app, HERE) as prometheus:
        assert prometheus.get("/metrics").status_code == 200
        assert prometheus.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 404


@pytest.mark.parametrize(
    ("word", "status"), [("", 404), ("Bearer ", 404), (f"Bearer {TOKEN[:-1]}", 404), (f"Basic {TOKEN}", 404), (f"Bearer {TOKEN}", 200), ("Bearer 密码", 404)]
)
def test_elsewhere_only_the_token_opens_them(app: Litestar, word: str, status: int) -> None:
    with asked_from(app, ELSEWHERE) as prometheus:
        assert prometheus.get("/metrics", headers={b"authorization": word.encode()}).status_code == status


def test_they_tell_how_pages_answer_and_how_the_house_does(app: Litestar, people: Cast) -> None:
    with asked_from(app, HERE) as reader:
        reader.get("/health")
        reader.get("/shops/1/orders/260301-123456789012345?q=张三", follow_redirects=False)
        reader.get("/wp-login.php")
        text = reader.get("/metrics").text

    families = {family.name: family for family in text_string_to_metric_families(text)}
    routes = {(sample.labels["route"], sample.labels["status"]) for sample in families["zhanggui_page_seconds"].samples}
    assert {("/health", "2xx"), ("(none)", "4xx")} <= routes
    assert any(route.startswith("/shops/{shop_id}/orders/{") for route, _ in routes)
    assert families["zhanggui_database_up"].samples[0].value == 1.0
    assert families["zhanggui_shops"].samples[0].value == 2.0
    assert {sample.labels["band"] for sample in families["zhanggui_deadlines"].samples} >= {"overdue", "hour", "today"}
    assert {sample.labels["queue"] for sample in families["zhanggui_queue_behind_seconds"].samples} == {"hints", "windows", "alerts", "acts", "deadlines"}
    assert "260301-123456789012345" not in text
    assert not re.search(r"[^\x00-\x7f]", text), "no name of a shop or a person"
    assert people.shop_id


def test_they_say_that_the_database_is_away(house: House) -> None:
    app = make_app(house, metrics=True, metrics_token=TOKEN)
    with asked_from(app, HERE) as reader:
        house.pool.close()
        answer = reader.get("/metrics")
        live, ready = reader.get("/health/live"), reader.get("/health/ready")

    assert answer.status_code == 200
    assert "zhanggui_database_up 0.0" in answer.text
    assert "zhanggui_deadlines" not in answer.text
    assert (live.status_code, ready.status_code, ready.text) == (200, 503, "not ok")


def test_every_label_has_few_values(app: Litestar) -> None:
    with asked_from(app, HERE) as reader:
        for number in range(30):
            reader.get(f"/shops/1/orders/26030{number}", follow_redirects=False)
            reader.get(f"/nothing/{number}")
        text = reader.get("/metrics").text

    counted: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            for label, value in sample.labels.items():
                counted.setdefault(f"{family.name} {label}", set()).add(value)
    assert {name: len(values) for name, values in counted.items() if len(values) > 60} == {}
