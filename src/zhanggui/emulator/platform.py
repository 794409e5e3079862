"""The platform: its application, its shops' worlds, tokens, temper, rates, ledger and message streams, on one clock."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from zhanggui.emulator.chronicle import Chronicle, Line
from zhanggui.emulator.clock import Clock
from zhanggui.emulator.ledger import Entry, Ledger
from zhanggui.emulator.moods import Temper, mood_named
from zhanggui.emulator.scenario import Scenario
from zhanggui.emulator.sockets.stream import Streams
from zhanggui.emulator.tokens import App, Grant, Tokens
from zhanggui.emulator.wire.envelope import request_id
from zhanggui.emulator.wire.rates import Limit, Rates
from zhanggui.emulator.world.making import make_world
from zhanggui.emulator.world.world import World

LIMITS = Path(__file__).parent / "data" / "limits.toml"


class Platform:
    """Everything behind the doors."""

    def __init__(self, scenario: Scenario, clock: Clock, start: int | None = None) -> None:
        self.scenario = scenario
        self.clock = clock
        self.seed = scenario.seed
        self.app = App(_hex(self.seed, "client", 32), _hex(self.seed, "secret", 40))
        self.ledger = Ledger()
        self.temper = Temper(self.seed, mood_named(scenario.mood))
        self.rates = Rates(read_limits(scenario.gate.limit_factor), clock.wall)
        self.tokens = Tokens(self.seed, scenario.gate.token_seconds)
        self.streams = Streams(self.temper, clock, scenario.gate)
        self.calls = 0
        self.chronicle: Chronicle | None = None
        start = int(scenario.starts_at() or clock.now()) if start is None else start
        self.started_at = start
        made = [make_world(scenario, self.seed, start, shop) for shop in range(max(1, scenario.size.shops))]
        self.worlds: dict[int, World] = {world.mall_id: world for world in made}
        for world in made:
            self.tokens.grant(self.app.client_id, world.mall_id, start)
            self.streams.carry(world, self.app.client_id)
            if scenario.gate.subscribed:
                self.streams.permit(world.mall_id, (), start)

    @property
    def first(self) -> World:
        """The world of the first shop."""
        return next(iter(self.worlds.values()))

    @property
    def grants(self) -> list[Grant]:
        """The newest grant of each shop."""
        return [self.tokens.newest(mall_id) for mall_id in self.worlds]

    def now(self) -> int:
        """The platform's own time: the first world's, moved by whatever skew the mood brings."""
        return self.first.now + self.temper.mood.clock_skew_seconds

    def dated(self) -> float:
        """The moment its answers are dated by: the wall's, moved by the same skew. A client whose clock differs can learn it from there."""
        return self.clock.wall() + self.temper.mood.clock_skew_seconds

    def catch_up(self, wall_budget: float | None = None) -> bool:
        """Let every world play what has happened meanwhile; False when the budget ran out."""
        to = int(self.clock.now())
        done = [world.advance(to, wall_budget) for world in self.worlds.values()]
        return all(done)

    def write_down(self, entry: Entry, kind: str = "", told: object = None) -> None:
        """Write an entry into the ledger, and into the chronicle where something was done."""
        self.ledger.write(entry)
        if kind:
            self._append(kind, told, entry)

    def remember(self, kind: str, told: object = None) -> None:
        """Write into the chronicle alone what is nobody's call."""
        self._append(kind, told, None)

    def _append(self, kind: str, told: object, entry: Entry | None) -> None:
        """Write a line into the chronicle, where there is one."""
        if self.chronicle is not None:
            places = tuple((world.now, world.played) for world in self.worlds.values())
            self.chronicle.append(Line(kind, places, msgspec.Raw(msgspec.json.encode(told)), entry))

    def note(
        self,
        method: str,
        keys: Mapping[str, str],
        outcome: str,
        *,
        effects: tuple[str, ...] = (),
        answered: str = "whole",
        done: tuple[str, object] = ("", None),
    ) -> str:
        """Write down something told at another door than the gateway, or never heard, and return its request id; `done` is what the chronicle keeps of it."""
        wall, seq = self.clock.wall(), self.next_call()
        ident = request_id(int(wall), seq)
        self.write_down(Entry(seq, float(self.first.now), round(wall, 3), method, 0, dict(keys), outcome, ident, effects, answered), *done)
        return ident

    def next_call(self) -> int:
        """The serial number of one more call."""
        self.calls += 1
        return self.calls


class _Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    limit: tuple[Limit, ...]


def read_limits(factor: float) -> tuple[Limit, ...]:
    """The limits of the data file, each times a factor; none at all when the factor is 0."""
    if factor <= 0:
        return ()
    table = msgspec.toml.decode(LIMITS.read_bytes(), type=_Limits)
    return tuple(msgspec.structs.replace(limit, calls=max(1, int(limit.calls * factor))) for limit in table.limit)


def _hex(seed: int, what: str, digits: int) -> str:
    """So many lower-case hex digits that depend on the seed."""
    return hashlib.sha256(f"{seed}/{what}".encode()).hexdigest()[:digits]
