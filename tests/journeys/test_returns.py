"""老周 opens return parcels with a scanner and a webcam, and never needs the mouse for one that is all right."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.actions.returns.bench import PARCEL, Bench
from tests.cast import Cast
from tests.journeys.conftest import NOW, PHONE, Visitor
from zhanggui.actions.evidence import content_of
from zhanggui.actions.house import House

pytestmark = [pytest.mark.browser]


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """Two returns that were delivered."""
    made = Bench(house, people, tmp_path)
    made.now = NOW
    for number in (1, 2):
        made.sent(number)
        made.asked(number, return_tracking_no=f"{PARCEL[:-1]}{number}", return_delivered_at="2026-11-21T09:00:00+08:00")
    return made


def test_a_scan_and_one_key_receive_a_return_that_is_all_right(visitor: Callable[..., Visitor], bench: Bench, people: Cast) -> None:
    zhou = visitor(people.zhou)
    zhou.goes_to("/returns")

    zhou.page.keyboard.type(f"{PARCEL[:-1]}1\n")
    expect(zhou.page.get_by_role("button", name="全部退回，完好")).to_be_focused()
    zhou.page.keyboard.press("Enter")
    expect(zhou.page.locator(".verdict")).to_contain_text("无异常")
    zhou.page.keyboard.type(f"{PARCEL[:-1]}2\n")
    expect(zhou.page.get_by_role("button", name="全部退回，完好")).to_be_focused()
    zhou.page.keyboard.type("7001\n")
    zhou.page.locator("[data-grade=as_new]").focus()
    zhou.page.keyboard.press("Enter")

    expect(zhou.page.locator(".verdict")).to_contain_text("退回的数量少于")
    assert (bench.ceiling("1").fen, bench.ceiling("2").fen) == (5980, 2990)


def test_enter_in_a_count_keeps_what_was_counted_without_scripts_too(visitor: Callable[..., Visitor], bench: Bench, people: Cast) -> None:
    zhou = visitor(people.zhou, scripts=False)
    zhou.goes_to(f"/returns?code={PARCEL[:-1]}2")

    zhou.page.fill("[data-grade=as_new]", "1")
    with zhou.page.expect_navigation():
        zhou.page.press("[data-grade=as_new]", "Enter")

    expect(zhou.page.locator(".verdict")).to_contain_text("退回的数量少于")
    assert bench.ceiling("2").fen == 2990


def test_a_picture_of_the_webcam_is_kept(visitor: Callable[..., Visitor], bench: Bench, people: Cast) -> None:
    zhou = visitor(people.zhou, PHONE)
    zhou.goes_to(f"/returns?code={PARCEL[:-1]}1")

    zhou.page.get_by_role("button", name="在这里拍照").click()
    zhou.page.locator("[data-webcam-shoot]").click()
    expect(zhou.page.locator("[data-shots] canvas")).to_have_count(1)
    zhou.page.get_by_role("button", name="空包裹").click()

    expect(zhou.page.locator(".verdict")).to_contain_text("空包裹")
    piece, content = content_of(bench.house, people.mei, bench.shop_id, "260301-000000000000001", 1)
    assert (piece.media_type, content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
