"""Several carriers tried side by side: which order goes with which is settled by its number, so that asking twice gives one answer."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.core.carriers.prices import short_province

WHOLE = 10_000


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    """One trial: the carriers, how many orders in a hundred each gets, and where it holds."""

    experiment_no: int
    name: str
    shares: Mapping[str, int]
    """By carrier, in hundredths of a percent; what is left to the whole goes by the usual recommendation."""
    provinces: tuple[str, ...] = ()
    """Empty: everywhere."""
    started_at: datetime
    ended_at: datetime | None = None

    def holds_in(self, province: str | None) -> bool:
        """Whether parcels to this province take part."""
        return not self.provinces or short_province(province or "") in {short_province(each) for each in self.provinces}

    def runs_at(self, moment: datetime) -> bool:
        """Whether orders are shared out at this moment."""
        return self.started_at <= moment and (self.ended_at is None or moment < self.ended_at)


def drawn(experiment: Experiment, shop_id: int, order_no: str) -> str | None:
    """The carrier this order tries; None where it is left to the usual recommendation. The same order always draws the same."""
    place = int.from_bytes(hashlib.sha256(f"{shop_id}/{experiment.experiment_no}/{order_no}".encode()).digest()[:8]) % WHOLE
    upto = 0
    for carrier, share in sorted(experiment.shares.items()):
        upto += share
        if place < upto:
            return carrier
    return None
