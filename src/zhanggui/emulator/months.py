"""A month of after-sales as a scenario: a setting, so many cases, so many shops that share them."""

from zhanggui.emulator.aftersales import GOODS, Setting, aftersales_of
from zhanggui.emulator.scenario import Buyers, Gate, Parcels, Scenario, Seller, Size

START = "2026-03-02T00:00:00+08:00"
DAYS, ENDS_AFTER_DAYS = 30, 18
"""Orders come for so many days; after so many more every case has ended, or nobody will end it."""
LAST_SHARE = 26 / 30
"""Orders come in the first part of the time, so that their cases fall into it."""
CASES_PER_ORDER = 0.319
"""What comes of the base's shares; a setting may bring some more or fewer."""


def month_of(setting: Setting, cases: int, seed: int, *, start: str = START, days: int = DAYS) -> Scenario:
    """The scenario in which about so many cases are opened within so many days; the seller ships by themselves, and answers nothing."""
    held, goods = aftersales_of(setting), GOODS[setting.goods]
    often, usual = held.often, Parcels()
    orders = max(1, round(cases / CASES_PER_ORDER))
    factor = setting.parcels_factor
    return Scenario(
        name=f"aftersales/{setting.name}",
        start=start,
        seed=seed,
        speed=0.0,
        size=Size(per_day=max(1, round(orders / (days * LAST_SHARE))), limit=orders, price_percent=round(100 * goods)),
        buyers=Buyers(
            never_pay=0.0, group_fails=0.0, chase=0.02, moves=0.0, promise=0.0, several_lines=0.0, gifts=0.0, under_review=0.0,
            refund_unshipped=often.unshipped, refund_in_transit=often.in_transit, refund_received=often.received,
        ),
        parcels=Parcels(
            never_picked_up=usual.never_picked_up * factor, late_pickup=usual.late_pickup, stalled=usual.stalled * factor,
            lost=usual.lost * factor, refused=often.refused_at_door,
        ),
        seller=Seller(hours_to_ship=16, backlog=0.0, presale=0.0, autopilot=True),
        gate=Gate(limit_factor=0.0, subscribed=False),
        aftersales=held,
    )  # fmt: skip
