"""The platform's pushes: one stream for an application, all its shops in it, kept seven days, sent again until acknowledged."""

import asyncio
from collections import OrderedDict
from heapq import heappop, heappush

import msgspec

from zhanggui.emulator.clock import Clock
from zhanggui.emulator.moments import DAY
from zhanggui.emulator.moods import Temper
from zhanggui.emulator.scenario import Gate
from zhanggui.emulator.world.world import Tidings, World

KEPT_DAYS, MOST_KEPT = 7, 200_000
FIRST_MESSAGE = 4_611_686_018_000_000_000


class Message(msgspec.Struct):
    """One push: what it says, when it may go out next (wall seconds), and how often it went."""

    ident: int
    topic: str
    mall_id: int
    content: str
    at: int
    due: float
    sent: int = 0


class Subscription(msgspec.Struct):
    """What a shop lets the stream carry; no topics means all of the application's."""

    mall_id: int
    topics: tuple[str, ...]
    created: int
    modified: int


class Streams:
    """Messages that wait for an acknowledgement, oldest first."""

    def __init__(self, temper: Temper, clock: Clock, gate: Gate) -> None:
        self._temper, self._clock, self._gate = temper, clock, gate
        self._waiting: OrderedDict[int, Message] = OrderedDict()
        self._made = 0
        self.bells: set[asyncio.Event] = set()
        self.subscriptions: dict[int, Subscription] = {}
        self.acknowledged = 0
        self.lost = 0
        self._agenda: list[tuple[float, int]] = []

    def carry(self, world: World, client_id: str) -> None:  # noqa: ARG002  (one application, one stream)
        """Listen to a world."""
        world.listener = self.hear

    def permit(self, mall_id: int, topics: tuple[str, ...], now: int) -> None:
        """A shop lets the stream carry its news."""
        held = self.subscriptions.get(mall_id)
        self.subscriptions[mall_id] = Subscription(mall_id, topics, held.created if held else now, now)

    def cancel(self, mall_id: int) -> bool:
        """A shop ends it."""
        return self.subscriptions.pop(mall_id, None) is not None

    def hear(self, tidings: Tidings) -> None:
        """Something happened: keep it for the stream, once, twice, late or not at all as the mood has it."""
        held = self.subscriptions.get(tidings.mall_id)
        if held is None or (held.topics and tidings.topic.lower() not in {topic.lower() for topic in held.topics}):
            return
        if self._temper.strikes("push_lost"):
            self.lost += 1
            return
        content = msgspec.json.encode(tidings.content).decode()
        for _ in range(2 if self._temper.strikes("push_doubled") else 1):
            due = self._clock.wall() + (self._temper.mood.late_push_seconds * ((self._made * 7 % 10) / 10) if self._temper.strikes("push_late") else 0.0)
            self._keep(Message(FIRST_MESSAGE + self._made, tidings.topic, tidings.mall_id, content, tidings.at, due))

    def _keep(self, message: Message) -> None:
        """Put a message among those that wait, and let go of the oldest when there are too many."""
        self._made += 1
        self._waiting[message.ident] = message
        heappush(self._agenda, (message.due, message.ident))
        if len(self._waiting) > MOST_KEPT:
            self._waiting.popitem(last=False)
        for bell in self.bells:
            bell.set()

    def due(self, most: int = 200) -> list[Message]:
        """The messages to send now; each counts as sent and comes again later unless acknowledged, for seven days."""
        wall, oldest = self._clock.wall(), self._oldest()
        ready: list[Message] = []
        while self._agenda and self._agenda[0][0] <= wall and len(ready) < most:
            _, ident = heappop(self._agenda)
            message = self._waiting.get(ident)
            if message is None or message.at < oldest:
                continue
            message.sent += 1
            heappush(self._agenda, (wall + self._gate.redeliver_seconds, ident))
            ready.append(message)
        return ready

    def acknowledge(self, ident: int) -> bool:
        """Let go of a message that was received; False when it was not waiting."""
        known = self._waiting.pop(ident, None) is not None
        self.acknowledged += known
        return known

    def waiting(self, mall_id: int | None = None) -> int:
        """How many messages wait for an acknowledgement."""
        oldest = self._oldest()
        return sum(1 for message in self._waiting.values() if message.at >= oldest and mall_id in (None, message.mall_id))

    def _oldest(self) -> float:
        """The moment before which nothing is kept."""
        return self._clock.now() - KEPT_DAYS * DAY
