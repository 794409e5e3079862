"""What the owner of the demo copied from the back office of how the shop stands: stars, and what the figures have to reach."""

from datetime import timedelta

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.standing.entering import keep_reading, set_target
from zhanggui.core.moments import shanghai_day
from zhanggui.people.permissions import Person, ShopId

READINGS = {"star_rating": "4", "navigator_rank": "52.40", "shop_rating": "4.31", "valid_ratings": "39"}
TARGETS = {
    "reply_rate_3min": "80",
    "transit_refund_hours": "18",
    "returned_refund_hours": "36",
    "quality_refund_rate": "1.20",
    "dispute_refund_rate": "0.10",
    "intervention_rate": "0.30",
    "logistics_abnormal_rate": "1.50",
    "shop_rating": "4.2",
    "valid_ratings": "50",
}
_PLATFORM_LAGS = timedelta(days=2)
_SOURCE = "商家后台"


def furnish_standing(house: House, by: Person, shop_id: ShopId) -> None:
    """Enter all of it, as the back office showed it two days behind."""
    now = clock.now()
    day = (shanghai_day(now) - _PLATFORM_LAGS).isoformat()
    for figure, value in READINGS.items():
        keep_reading(house, by, shop_id, figure, value, day, now)
    for figure, value in TARGETS.items():
        set_target(house, by, shop_id, figure, value, now, source=_SOURCE)
