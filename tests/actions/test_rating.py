"""The rating is replayed from what is stored, page by page, for those who may read the shop's orders, and told by the command."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.ratings import rating_of
from zhanggui.cli.main import main
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import reviews
from zhanggui.records.db import conninfo_of

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
# Brasília's 13:00 is midnight in Shanghai
ROWS = """review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp
r1,A1,5,,,2026-05-01 09:00:00,
r2,A1,4,,,2026-05-01 09:00:00,
r3,A1,3,,,2026-05-02 09:00:00,
r4,A1,1,,,2026-05-03 09:00:00,
r5,A2,2,,系统默认好评,2026-05-03 09:00:00,
r6,A3,2,,,2026-05-31 12:59:59,
r7,A4,5,,,2026-05-31 13:00:00,
r8,A5,5,,,2025-05-31 13:00:00,
"""


@pytest.fixture
def reviewed(house: House, people: Cast, tmp_path: Path) -> House:
    """A shop with reviews of an order that has four of them."""
    path = tmp_path / "olist_order_reviews.csv"
    path.write_text(ROWS, "utf-8")
    view = preview(house, people.lin, people.shop_id, [path], NOW, as_of=NOW)
    confirm(house, people.lin, people.shop_id, view.batch_id, NOW)
    return house


def test_it_replays_what_is_stored_for_those_who_may_see_it(reviewed: House, people: Cast) -> None:
    found = rating_of(reviewed, people.mei, people.shop_id, NOW)

    assert found is not None
    assert (found.today.total, found.today.count, found.next.total, found.next.count) == (14, 4, 19, 5)
    with pytest.raises(NotAllowed):
        rating_of(reviewed, people.zheng, people.shop_id, NOW)
    with reviewed.pool.connection() as tx:
        whole = list(reviews.between(tx, people.shop_id, datetime(2026, 5, 1, tzinfo=UTC), NOW))
        paged = list(reviews.between(tx, people.shop_id, datetime(2026, 5, 1, tzinfo=UTC), NOW, page=2))
        other = list(reviews.between(tx, people.other_shop_id, datetime(2026, 5, 1, tzinfo=UTC), NOW))
    assert ([each.review_no for each in whole], paged, other) == ([f"r{number}" for number in range(1, 8)], whole, [])


def test_the_command_tells_it_to_programs_and_to_people(
    reviewed: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", conninfo_of(reviewed.pool))
    words = ["rating", "--shop", "林记坚果", "--at", "2026-06-01T04:00:00Z"]

    codes = [main(["--home", str(tmp_path / "home"), *words, "--json"])]
    document = capfd.readouterr().out
    codes.append(main(["--home", str(tmp_path / "home"), "--lang", "zh", *words, "--limit", "1"]))
    spoken = capfd.readouterr().out.splitlines()

    rule = "pdd.shop_rating@2015-09-01"
    assert codes == [0, 0]
    assert json.loads(document) == {
        "now": {"since": "2026-05-31T16:00:00Z", "figure": "3.50", "is_hidden": True, "lacking": 46, "total": 14, "count": 4, "rule": rule},
        "next": {"since": "2026-06-01T16:00:00Z", "figure": "3.80", "is_hidden": True, "lacking": 45, "total": 19, "count": 5, "rule": rule},
        "leaves": {
            "at": "2026-07-30T16:00:00Z",
            "ratings": [
                {"order_no": "A1", "review_no": "r1", "at": "2026-05-01T12:00:00Z", "score": 5},
                {"order_no": "A1", "review_no": "r2", "at": "2026-05-01T12:00:00Z", "score": 4},
            ],
            "then": {"since": "2026-07-30T16:00:00Z", "figure": "3.33", "is_hidden": True, "lacking": 47, "total": 10, "count": 3, "rule": rule},
        },
        "not_counted": {"default_rating": 1, "beyond_first": 1},
        "left_out": [
            {"order_no": "A1", "review_no": "r4", "at": "2026-05-03T12:00:00Z", "score": 1, "why": "beyond_first", "is_tied": False},
            {"order_no": "A2", "review_no": "r5", "at": "2026-05-03T12:00:00Z", "score": 2, "why": "default_rating", "is_tied": False},
        ],
        "buyer_is": "receiver_or_order",
    }
    assert spoken[0] == "店铺评分：3.50（4 条评分），再有 46 条有效评分才会显示。"
    assert spoken[-1].split() == ["2026-05-03", "20:00", "A1", "1", "超出该买家当月计入的次数"]
