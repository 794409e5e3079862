"""Everything the chronicle holds, done again at the same places of the same play: the platform is then what it was when its process ended."""

from collections.abc import Callable

import msgspec

from zhanggui.emulator.chronicle import Beginning, Chronicle, ChronicleError, Line
from zhanggui.emulator.clock import Clock, Stand
from zhanggui.emulator.doors.chats import Saying, say
from zhanggui.emulator.doors.deeds import Deed, do
from zhanggui.emulator.doors.oauth import CodeGiven, Exchange, granted
from zhanggui.emulator.methods.registry import METHODS, Call
from zhanggui.emulator.moods import Mood
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.scenario import Scenario
from zhanggui.emulator.tokens import Grant
from zhanggui.emulator.wire.arguments import Arguments
from zhanggui.emulator.wire.errors import Refused
from zhanggui.emulator.wire.gateway import Done
from zhanggui.emulator.wire.rates import Limit
from zhanggui.emulator.world.sending import Objection
from zhanggui.emulator.world.travel import follow

Redo = Callable[[Platform, Line], None]


def platform_with(chronicle: Chronicle, scenario: Scenario, clock: Clock) -> Platform:
    """The platform of this file: a new one where the file is empty, else the one it tells of, as it stood."""
    beginning, lines = chronicle.read()
    if beginning is None:
        platform = Platform(scenario, clock)
        chronicle.begin(Beginning(scenario, platform.started_at))
        platform.chronicle = chronicle
        platform.remember("clock", clock.stand)
        return platform
    platform = Platform(beginning.scenario, clock, beginning.start)
    for line in lines:
        _redo(platform, line)
    platform.chronicle = chronicle
    return platform


def _redo(platform: Platform, line: Line) -> None:
    """Bring every world to the place of a line, and do again what was done there."""
    if len(line.at) != len(platform.worlds) or line.kind not in REDO:
        raise ChronicleError(f"a line of kind {line.kind} cannot be done again in this world")
    for world, (moment, events) in zip(platform.worlds.values(), line.at, strict=True):
        world.play_again(moment, events)
    try:
        REDO[line.kind](platform, line)
    except (Objection, Refused, msgspec.DecodeError, KeyError) as failed:
        raise ChronicleError(f"what was done at {line.at} ({line.kind}) cannot be done again, so the file was made by another version: {failed}") from failed
    if line.entry is not None:
        platform.calls = max(platform.calls, line.entry.seq)
        platform.ledger.write(line.entry)


def _call(platform: Platform, line: Line) -> None:
    """A call through the gateway; what it changed must be the same again."""
    done = msgspec.json.decode(line.told, type=Done)
    grant = Grant(platform.app.client_id, done.shop, "", "", 0, 0) if done.shop else None
    call = Call(platform, Arguments(done.parameters), grant)
    call.file_digest = done.file_digest
    METHODS[done.method].answer(call)
    if line.entry is None or tuple(call.effects) != line.entry.effects:
        raise ChronicleError(f"{done.method} does not do again what it did")


def _deed(platform: Platform, line: Line) -> None:
    """Something that those who steer made happen."""
    do(platform, msgspec.json.decode(line.told, type=Deed))


def _answer(platform: Platform, line: Line) -> None:
    """Words of a rep's in a talk."""
    say(platform, msgspec.json.decode(line.told, type=Saying))


def _code(platform: Platform, line: Line) -> None:
    """An authorisation code given out."""
    given = msgspec.json.decode(line.told, type=CodeGiven)
    platform.tokens.code(given.client_id, given.mall_id, platform.first.now)


def _exchange(platform: Platform, line: Line) -> None:
    """A token got by the older exchange."""
    granted(platform, msgspec.json.decode(line.told, type=Exchange))


def _expire(platform: Platform, line: Line) -> None:
    """A token that ended by the mood."""
    platform.tokens.end(msgspec.json.decode(line.told, type=str), platform.first.now)


def _ack(platform: Platform, line: Line) -> None:
    """A push that was received."""
    platform.streams.acknowledge(msgspec.json.decode(line.told, type=int))


def _follow(platform: Platform, line: Line) -> None:
    """A number whose scans are pushed."""
    for world in platform.worlds.values():
        follow(world, msgspec.json.decode(line.told, type=str))


def _mood(platform: Platform, line: Line) -> None:
    """Another mood."""
    platform.temper.change(msgspec.json.decode(line.told, type=Mood))


def _limits(platform: Platform, line: Line) -> None:
    """Other limits."""
    platform.rates.replace(msgspec.json.decode(line.told, type=tuple[Limit, ...]))


def _clock(platform: Platform, line: Line) -> None:
    """Another stand of the clock."""
    platform.clock.go_on_from(msgspec.json.decode(line.told, type=Stand))


def _forget(platform: Platform, line: Line) -> None:  # noqa: ARG001  (every kind has the same shape)
    """An empty ledger."""
    platform.ledger.clear()


def _only_told(platform: Platform, line: Line) -> None:
    """Nothing but what the ledger says."""


REDO: dict[str, Redo] = {
    "call": _call,
    "deed": _deed,
    "answer": _answer,
    "code": _code,
    "exchange": _exchange,
    "expire": _expire,
    "ack": _ack,
    "follow": _follow,
    "mood": _mood,
    "limits": _limits,
    "clock": _clock,
    "forget": _forget,
    "print": _only_told,
}
