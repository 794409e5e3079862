"""Who in a shop hears of alerts: the terms, the channels, and until when each is left alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.core.alerts.quiet import Quiet, quiet_until
from zhanggui.core.alerts.telling import Step
from zhanggui.core.alerts.terms import AlertTerms
from zhanggui.core.working_time import WorkCalendar
from zhanggui.people import factors
from zhanggui.people.permissions import ShopId
from zhanggui.records import alert_channels, alert_sends
from zhanggui.records.alerts import StoredAlert
from zhanggui.records.db import Tx
from zhanggui.rulebook import load

ALERTS, DIGEST = ("alerts", "both"), ("digest", "both")
"""What a channel must carry to hear of either."""


class Ears(msgspec.Struct, frozen=True, kw_only=True):
    """Who hears of alerts in one shop."""

    terms: AlertTerms
    quiet: Mapping[int, tuple[Quiet, ...]]
    channels: Sequence[tuple[int, int | None]]
    """With whose they are; None: the shop's."""
    calendar: WorkCalendar

    @property
    def row(self) -> AlertTerms:
        """The terms with only those people in the row whom a channel of their own reaches: for nobody else there is anything to wait."""
        return msgspec.structs.replace(self.terms, people=tuple(person for person in self.terms.people if self.reaches(person)))

    def reaches(self, person_id: int | None) -> bool:
        """Whether the person has a channel of their own."""
        return person_id is not None and any(owner == person_id for _, owner in self.channels)

    def planned(self, step: Step, now: datetime, *, breaks_quiet: bool) -> list[tuple[int, datetime]]:
        """The channels of this step, each with the moment from which on it may be used; those that are always quiet are left out."""
        meant = [(no, owner) for no, owner in self.channels if (step.to_shop if owner is None else owner in step.people)]
        times = [(no, now if breaks_quiet else quiet_until(now, self._quiet_of(owner), self.calendar)) for no, owner in meant]
        return [(no, at) for no, at in times if at is not None]

    def _quiet_of(self, owner: int | None) -> Sequence[Quiet]:
        return self.terms.quiet if owner is None else self.quiet.get(owner, self.terms.quiet)


def ears_of(tx: Tx, shop_id: ShopId, tells: Sequence[str] = ALERTS) -> Ears:
    """Who hears of it in the shop."""
    return Ears(
        terms=alert_channels.terms_of(tx, shop_id),
        quiet=alert_channels.quiet_of(tx, shop_id),
        channels=hearing(tx, shop_id, tells),
        calendar=load().calendar,
    )


def hearing(tx: Tx, shop_id: ShopId, tells: Sequence[str]) -> list[tuple[int, int | None]]:
    """The channels that hear of this, with whose they are: nobody's own whose part in the shop is withheld until they have a second factor."""
    channels = alert_channels.told(tx, shop_id, tells)
    withheld = factors.withheld_in(tx, shop_id) if any(owner is not None for _, owner in channels) else frozenset()
    return [(no, owner) for no, owner in channels if owner not in withheld]


def told(tx: Tx, row: StoredAlert, step: Step, ears: Ears, now: datetime) -> datetime:
    """Writes what this step says, to be sent after the commit; answers when the last one hears of it."""
    planned = ears.planned(step, now, breaks_quiet=row.is_money_clock)
    once = f"{row.ring}.{step.stage.value}"
    alert_sends.plan(tx, row.shop_id, planned, alert_no=row.alert_no, once=once, stage=step.stage.value, now=now)
    return max((at for _, at in planned), default=now)
