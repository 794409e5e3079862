"""Whether stopping a parcel still pays: the chance of success by the hours since it left, learnt from the shop's own recalls, against value and postage."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A span of hours since the parcel left, and the chance that is assumed for it before anything was learnt."""

    chance: float
    below_hours: int | None = None


class RecallTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The assumptions; all of them are shown, and a shop's own history outweighs them soon."""

    prior_weight: float
    """So many recalls of one's own weigh as much as the assumption."""
    fee_fen: Fen
    """What a carrier takes for stopping a parcel."""
    return_freight_fen: Fen
    """What the way back costs where it is charged."""
    worth_percent: int
    """What the goods are worth to the seller, as a share of what the buyer paid."""
    bands: tuple[Band, ...]
    source: str


class Ended(msgspec.Struct, frozen=True):
    """One recall of the past: how long after the parcel had left it was asked for, and whether it came back."""

    after: timedelta
    came_back: bool


class Chance(msgspec.Struct, frozen=True):
    """The chance of success in one span of hours: what is reckoned with, and the own history it rests on."""

    below_hours: int | None
    from_hours: int
    chance: float
    tried: int
    came_back: int


class Advice(msgspec.Struct, frozen=True):
    """Whether to try: what is gained on average, with its arithmetic."""

    pays: bool
    gain: Fen
    chance: Chance
    because: tuple[Say, ...]


def chances(ended: Iterable[Ended], terms: RecallTerms) -> tuple[Chance, ...]:
    """The chance in each span of hours; the assumption counts as `prior_weight` recalls."""
    known = list(ended)
    found, begin = [], 0
    for band in terms.bands:
        here = [each for each in known if _is_in(each.after, begin, band.below_hours)]
        back = sum(each.came_back for each in here)
        chance = (terms.prior_weight * band.chance + back) / (terms.prior_weight + len(here))
        found.append(Chance(band.below_hours, begin, round(chance, 4), len(here), back))
        begin = band.below_hours or begin
    return tuple(found)


def advice(after: timedelta, paid: Fen | None, learnt: Sequence[Chance], terms: RecallTerms) -> Advice:
    """Whether to have a parcel stopped that left so long ago, for which the buyer paid so much."""
    chance = next(each for each in learnt if _is_in(after, each.from_hours, each.below_hours))
    worth = goods_worth(paid, terms)
    share = round(chance.chance * 100)
    gain = Fen((worth - terms.return_freight_fen) * share // 100 - terms.fee_fen)
    hours = max(0, int(after / timedelta(hours=1)))
    because = [
        say("It left {hours} hours ago; about {share} of 100 such parcels can still be stopped.", hours=hours, share=share),
        _rests_on(chance),
        say(
            "({worth_fen} of goods − {freight_fen} of return freight) × {share}% − {fee_fen} fee = {gain_fen}.",
            worth_fen=worth,
            freight_fen=terms.return_freight_fen,
            share=share,
            fee_fen=terms.fee_fen,
            gain_fen=gain,
        ),
    ]
    if gain <= 0:
        because.append(say("It no longer pays: ask the buyer to refuse the parcel or to send it back, or let the goods go."))
    return Advice(gain > 0, gain, chance, tuple(because))


def goods_worth(paid: Fen | None, terms: RecallTerms) -> Fen:
    """What the goods are worth to the seller, as far as the order tells."""
    return Fen((paid or 0) * terms.worth_percent // 100)


def _rests_on(chance: Chance) -> Say:
    if chance.tried == 0:
        return say("This is assumed: none of your own recalls so soon or so late has ended yet.")
    return say("{came_back} of {tried} of your own recalls in this span came back.", came_back=chance.came_back, tried=chance.tried)


def _is_in(after: timedelta, begin: int, below: int | None) -> bool:
    hours = after / timedelta(hours=1)
    return (hours >= begin or begin == 0) and (below is None or hours < below)
