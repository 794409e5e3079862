"""The numbers the one ranking is made of. They live in `rulebook/ranking.toml`; every one of them is assumed and says why there."""

from collections.abc import Mapping

import msgspec

from zhanggui.core.money import Fen


class KindWeight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often missing one kind of deadline really costs the money, and the least that a miss is worth where no rule names a sum."""

    chance: float
    stake_fen: Fen = Fen(0)
    is_watched: bool = False
    """Whether nothing is to be done before it is due: it is watched until then, and stands on the list only once it is overdue."""


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`closeness` falls by the factor e for every `tau_hours` that a deadline lies further ahead; `kinds` holds a weight for every kind of deadline."""

    tau_hours: float
    kinds: Mapping[str, KindWeight]
