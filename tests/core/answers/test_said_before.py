"""What was said to the buyer before, and what else of the order is on its way, is not forgotten beside a draft."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.answers.golden import STANDS, books, known, rules
from zhanggui.core.answers import Ground, answers
from zhanggui.core.answers.hours import Hour, ship_hour
from zhanggui.core.intents.kinds import Intent, Wanted
from zhanggui.core.scripting.filling import fit_of

NOW = datetime(2026, 11, 20, 6, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHASED = [Wanted(Intent.CHASE_DELIVERY, 0.9, sure=True)]


# the pickup, the deadline and what was promised before, in hours from now; what is promised now, and what does not hold any more
@pytest.mark.parametrize(
    ("leaves", "due", "promised", "until", "broken"),
    [
        (2, 20, 6, 6, None),
        (2, -4, 30, 30, None),
        (2, 20, 1, 3 - 10 / 60, 1),
        (2, 20, -1, 3 - 10 / 60, -1),
        (2, 20, 21, 3 - 10 / 60, 21),
        (None, 20, 6, None, 6),
    ],
)
def test_an_hour_promised_before_stays_where_it_can_be_kept(
    leaves: float | None, due: float, promised: float, until: float | None, broken: float | None
) -> None:
    def at(hours: float | None) -> datetime | None:
        return None if hours is None else NOW + hours * HOUR

    found = ship_hour(at(leaves), at(due), NOW, promised=at(promised))

    assert (found.until, found.broken) == (at(until), at(broken))


@pytest.mark.parametrize(("received", "is_told"), [("", True), ("2026-11-20 13:00:00", False)])
def test_it_says_that_other_parcels_may_be_on_their_way_though_the_first_is_there(received: str, is_told: bool) -> None:
    parcels = [{"kind": "extra", "tracking_no": "YT2", "carrier": "圆通快递"}]
    order = {"stage": "shipped", "shipped_at": "2026-11-18 15:00:00", "tracking_no": "78512345678901", "received_at": received, "further_parcels": parcels}
    scans = [{"at": "2026-11-20 09:00:00", "text": "已签收", "stage": "delivered"}]

    (found,) = answers(CHASED, Ground(known=known({"order": order}, {"scans": scans}, NOW), rulebook=rules(), now=NOW), books())

    assert found.leaf == "delivered"
    assert any("further parcels" in each.text for each in found.confirm) is is_told


# how the own parcel is, and what the further one is scanned as; the answer speaks of the own alone
@pytest.mark.parametrize("further", ["delivered", "return_to_sender", "in_transit"])
@pytest.mark.parametrize(
    ("stand", "leaf"), [("moving", "moves"), ("said_shipped", "said_shipped"), ("shown_but_here", "shown_but_here"), ("to_ship", "no_hour")]
)
def test_what_the_carrier_scans_on_a_further_parcel_is_not_told_of_the_first(stand: str, leaf: str, further: str) -> None:
    parcels = [{"kind": "extra", "tracking_no": "YT2", "carrier": "圆通快递"}]
    scanned = [{"tracking_no": "YT2", "at": "2026-11-20 13:00:00", "text": "快件到达【西安转运中心】", "stage": further}]
    order = known({**STANDS[stand], "label_scans": scanned}, {"order": {"further_parcels": parcels}}, NOW)

    (found,) = answers(CHASED, Ground(known=order, rulebook=rules(), now=NOW), books())

    assert found.leaf == leaf
    assert found.draft is not None
    assert "西安" not in found.draft.zh
    assert fit_of(order, rules(), NOW) is fit_of(known(STANDS[stand], {}, NOW), rules(), NOW)


def test_it_says_which_promise_does_not_hold_any_more() -> None:
    order = {"stage": "to_ship"}
    hour = Hour(NOW + 3 * HOUR, ship_hour(NOW + HOUR, None, NOW).because, broken=NOW - HOUR)

    ground = Ground(known=known({"order": order}, {}, NOW), rulebook=rules(), now=NOW, hour=hour)
    (found,) = answers([Wanted(Intent.CHASE_SHIPPING, 0.9, sure=True)], ground, books())

    assert found.leaf == "ships_by"
    assert [each.slots["before"] for each in found.confirm if "before" in each.slots] == [NOW - HOUR]
