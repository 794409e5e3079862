"""What the shop's own refusals and rulings taught it: counted once their time is over, told in the reasons, and weighed."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.cases.telling import case_told, order_told, platform_tells
from tests.actions.complaints.court import CASE, NOW, in_court
from tests.cast import Cast
from zhanggui.actions.advice.learning import learn_in
from zhanggui.actions.house import House
from zhanggui.core.advice.case import Standing, Tried
from zhanggui.core.facts import AftersaleState
from zhanggui.core.money import Fen
from zhanggui.records.db import transact

BEGAN = NOW - timedelta(days=20)
REFUSED, WITH_PLATFORM, PAID, SILENT = 6, 8, 10, 12
TURNS = {
    REFUSED: AftersaleState.REJECTED,
    WITH_PLATFORM: AftersaleState.PLATFORM_HANDLES,
    PAID: AftersaleState.REFUNDED,
    SILENT: AftersaleState.CLOSED,
}


def _goes(house: House, people: Cast, number: int, reason: str, codes: tuple[int, ...], began: datetime = BEGAN) -> None:
    """A request for the money alone that goes through these states, a day each."""
    no = f"260301-{number:015}"
    fields = {"case_no": str(number), "order_no": no, "reason": reason, "shipped": True, "applied_at": began, "refund_amount": Fen(5990)}
    platform_tells(house, people.shop_id, [order_told(began - timedelta(days=2), order_no=no), case_told(began, **fields)], began)
    for day, code in enumerate(codes, 1):
        at = began + timedelta(days=day)
        platform_tells(house, people.shop_id, [case_told(at, **fields | {"status_code": code, "state": TURNS[code], "updated_at": at})], at)


def _first_seen(house: House, people: Cast, number: int, code: int) -> None:
    """A request that stands there already when the house hears of it."""
    no = f"260301-{number:015}"
    fields = {"case_no": str(number), "order_no": no, "reason": "质量问题", "shipped": True, "applied_at": BEGAN, "refund_amount": Fen(5990)}
    told = case_told(BEGAN, **fields | {"status_code": code, "state": TURNS[code], "updated_at": BEGAN})
    platform_tells(house, people.shop_id, [order_told(BEGAN - timedelta(days=2), order_no=no), told], BEGAN)


def _learnt(house: House, people: Cast) -> Standing:
    with house.pool.connection() as tx:
        return learn_in(tx, house, people.shop_id, NOW)


def test_it_counts_who_called_in_the_platform_after_a_refusal(house: House, people: Cast) -> None:
    _goes(house, people, 1, "质量问题", (REFUSED, WITH_PLATFORM, PAID))
    _goes(house, people, 2, "质量问题", (REFUSED, SILENT))
    _goes(house, people, 3, "质量问题", (REFUSED,))
    _goes(house, people, 4, "未收到货", (REFUSED, WITH_PLATFORM))
    _goes(house, people, 5, "质量问题", (REFUSED, WITH_PLATFORM), NOW - timedelta(days=3))

    past = _learnt(house, people).past

    assert (past["calls.quality"], past["calls.not_received"]) == (Tried(3, 1), Tried(1, 1))


def test_it_counts_the_refused_whom_nobody_saw_until_later(house: House, people: Cast) -> None:
    _first_seen(house, people, 1, REFUSED)
    _first_seen(house, people, 2, WITH_PLATFORM)
    _first_seen(house, people, 3, PAID)

    past = _learnt(house, people).past

    assert past["calls.quality"] == Tried(2, 1)


def test_it_counts_apart_who_kept_a_parcel_that_was_under_way(house: House, people: Cast) -> None:
    _goes(house, people, 1, "不想要了", (REFUSED, SILENT))
    _goes(house, people, 2, "不想要了", (REFUSED, SILENT))
    _goes(house, people, 3, "不想要了", (REFUSED, WITH_PLATFORM, PAID))
    _goes(house, people, 4, "不想要了", (REFUSED, PAID))

    past = _learnt(house, people).past

    assert (past["keeps_refused"], past["calls_under_way"]) == (Tried(4, 2), Tried(2, 1))
    assert not [name for name in past if name.startswith("calls.")]


@pytest.mark.parametrize(
    ("state", "shown", "learnt"),
    [
        ("ruled_for", ["shows_packing", "shows_weight", "shows_chat"], {"wins.claim_missing_items.shown": Tried(1, 1)}),
        ("ruled_against", [], {"wins.claim_missing_items.bare": Tried(1, 0)}),
        ("accepted", [], {"wins.claim_missing_items.bare": Tried(1, 0)}),
        ("agreed", [], {}),
    ],
)
def test_it_learns_from_rulings_by_claim_and_by_what_was_shown(
    house: House, people: Cast, tmp_path: Path, state: str, shown: list[str], learnt: dict[str, Tried]
) -> None:
    in_court(house, people, tmp_path)
    transact(
        house.pool,
        lambda tx: tx.execute(
            "update disputes set state = %s, shown = %s, stepped_at = %s where shop_id = %s and case_no = %s",
            (f"dispute_{state}", shown, NOW, people.shop_id, CASE),
        ),
    )

    past = _learnt(house, people).past

    assert {name: tried for name, tried in past.items() if name.startswith("wins.")} == learnt
