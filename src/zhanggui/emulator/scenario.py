"""A scenario: how large the world is, how its people and carriers behave, and what the platform lets through."""

from pathlib import Path

import msgspec

from zhanggui.emulator.aftersales import Aftersales
from zhanggui.emulator.moments import from_iso

SCENARIOS = Path(__file__).parent / "data" / "scenarios"


class Size(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many orders there were before the start, over how many days, and how many come a day; 0 for `limit` is no limit.

    `price_percent` makes everything so much dearer or cheaper.

    The last `warm_days` before the start are played, not made up: so that there are open cases, late parcels and penalties when it begins.
    """

    history: int = 0
    history_days: int = 30
    per_day: int = 200
    limit: int = 0
    shops: int = 1
    goods: int = 24
    buyers: int = 20_000
    warm_days: int = 0
    price_percent: int = 100


class Buyers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What buyers do, as shares of their orders."""

    never_pay: float = 0.03
    group_fails: float = 0.02
    under_review: float = 0.03
    chase: float = 0.06
    memo: float = 0.08
    several_lines: float = 0.04
    gifts: float = 0.03
    moves: float = 0.005
    promise: float = 0.02
    refund_unshipped: float = 0.04
    refund_in_transit: float = 0.02
    refund_received: float = 0.05
    repair: float = 0.0
    rate: float = 0.4
    unhappy: float = 0.06
    persist: float = 0.5
    send_back: float = 0.9
    trusted_return: float = 0.05


class Parcels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to parcels, as shares of those handed over."""

    never_picked_up: float = 0.004
    late_pickup: float = 0.015
    stalled: float = 0.015
    lost: float = 0.004
    refused: float = 0.006


class Seller(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the seller worked before the start: hours until shipping, the share still waiting, and the share shipped too late.

    On autopilot they go on like that.
    """

    hours_to_ship: int = 20
    backlog: float = 0.02
    late: float = 0.0
    presale: float = 0.04
    free_return: float = 0.5
    waybills: int = 5_000_000
    autopilot: bool = False


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the read side lags behind the pushes, in world seconds, and how far back it reaches."""

    lag_seconds: int = 0
    horizon_days: int = 90


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the gateway tolerates: millisecond timestamps, addresses, permission packages, the token's life in seconds."""

    millisecond_timestamps: bool = True
    clock_tolerance: int = 600
    allowed_addresses: tuple[str, ...] = ()
    packages_withheld: tuple[str, ...] = ()
    token_seconds: int = 31_535_948
    limit_factor: float = 1.0
    redeliver_seconds: float = 30.0
    silence_seconds: float = 180.0
    subscribed: bool = False


class Chats(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many talks with buyers begin a day by themselves, the share of them from an order's own page, and how many times faster than people they write."""

    per_day: float = 0.0
    cards: float = 0.8
    haste: float = 1.0


class Ware(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One product a shop sells: its price in fen, how many hours it has to be shipped in, and the values of its variants."""

    name: str
    price: int
    ship_hours: int = 48
    first: tuple[str, ...] = ("默认",)
    second: tuple[str, ...] = ("一件",)


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a world is made from, besides its seed; `aftersales` where cases have a truth behind them."""

    name: str = "plain"
    start: str = ""
    seed: int = 1
    speed: float = 1.0
    mood: str = "fair"
    shop_names: tuple[str, ...] = ()
    shelf: tuple[Ware, ...] = ()
    size: Size = Size()
    buyers: Buyers = Buyers()
    parcels: Parcels = Parcels()
    seller: Seller = Seller()
    reading: Reading = Reading()
    gate: Gate = Gate()
    chats: Chats = Chats()
    aftersales: Aftersales | None = None

    def starts_at(self) -> float | None:
        """The moment at which the world begins; nothing when it begins at the present one."""
        return float(from_iso(self.start)) if self.start else None


def read_scenario(where: str | Path) -> Scenario:
    """The scenario of a file, or one of ours by its name."""
    path = Path(where)
    if not path.suffix and not path.exists():
        path = SCENARIOS / f"{where}.toml"
    return msgspec.toml.decode(path.read_bytes(), type=Scenario)
