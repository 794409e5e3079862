"""One shop's world: everything there is in it, and the moving of its time."""

from collections.abc import Callable

import msgspec

from zhanggui.emulator.clock import wall_seconds
from zhanggui.emulator.moments import china_day
from zhanggui.emulator.scenario import Scenario
from zhanggui.emulator.world.books import Books
from zhanggui.emulator.world.cases import FIRST_CASE, Case, Cases
from zhanggui.emulator.world.chats.talks import Talks
from zhanggui.emulator.world.goods import Catalog, Sku
from zhanggui.emulator.world.journeys import Journey
from zhanggui.emulator.world.measures import Measures, Published
from zhanggui.emulator.world.numbers import OrderNumbers, Scrambled
from zhanggui.emulator.world.orders import Orders
from zhanggui.emulator.world.people import Person, person, same_door, same_home
from zhanggui.emulator.world.queue import PLAYS, Queue
from zhanggui.emulator.world.rules import B, Rules, in_force, read_rules
from zhanggui.emulator.world.truth import Hidden
from zhanggui.emulator.world.updates import UpdateLog
from zhanggui.emulator.world.waybills import Waybills

FIRST_MALL = 900_000_000


class Tidings(msgspec.Struct, frozen=True):
    """Something the platform would push: topic, shop, content, and when it happened."""

    topic: str
    mall_id: int
    content: dict[str, object]
    at: int


class Pending(msgspec.Struct, frozen=True):
    """An order whose group is not formed yet."""

    created_at: int


class World:
    """The state of one shop; `now` is its time, moved by `advance` alone."""

    def __init__(self, scenario: Scenario, seed: int, start: int, shop: int = 0) -> None:
        self.scenario = scenario
        self.seed = seed * 1009 + shop
        self.mall_id = FIRST_MALL + seed % 1_000_000 * 10 + shop
        self.mall_name = scenario.shop_names[shop] if shop < len(scenario.shop_names) else f"掌柜试验店{shop + 1}"
        self.now = start
        self.started_at = start
        self.autopilot_until = 0
        self.rules: Rules = read_rules()
        self.catalog = Catalog(self.seed, scenario.size.goods, start, scenario.shelf, scenario.size.price_percent)
        self.orders = Orders()
        self.order_log = UpdateLog()
        self.cases = Cases()
        self.case_log = UpdateLog()
        self.queue = Queue()
        self.pending: dict[int, Pending] = {}
        self.cancelled: dict[int, Pending] = {}
        self.next_serial = 1
        self.numbers = OrderNumbers(self.seed)
        self.old_numbers = Scrambled(self.seed, 13)
        self.parcels: dict[str, list[tuple[int, int]]] = {}
        self.stopped: dict[int, int] = {}
        self.turned: dict[int, tuple[str, int]] = {}
        self.moved: dict[int, Person] = {}
        self.abnormal: set[int] = set()
        self.followed: set[str] = set()
        self.waybills = Waybills(scenario.seller.waybills)
        self.measures = Measures()
        self.published: Published | None = None
        self.books = Books()
        self.hidden = Hidden()
        self.talks = Talks()
        self.journeys: dict[tuple[int, int], Journey] = {}
        self.told: dict[tuple[int, bool], tuple[int, msgspec.Raw]] = {}
        self.listener: Callable[[Tidings], None] | None = None
        self.played = 0
        self._looked = 0

    def advance(self, to: int, wall_budget: float | None = None) -> bool:
        """Play everything that happens until this moment; False when the budget of wall seconds ran out before."""
        stops_at = None if wall_budget is None else wall_seconds() + wall_budget
        while (at := self.queue.next_at()) is not None and at <= to:
            if stops_at is not None and self._is_past(stops_at):
                return False
            self._play_next()
        self.now = max(self.now, to)
        return True

    def play_again(self, to: int, events: int) -> None:
        """Bring the world to where it stood once: so many events played, and its time at this moment."""
        while self.played < events:
            self._play_next()
        self.now = max(self.now, to)

    def _play_next(self) -> None:
        """Play the next event."""
        at, name, about = self.queue.pop()
        self.now = max(self.now, at)
        self.played += 1
        PLAYS[name](self, about)

    def _is_past(self, moment: float) -> bool:
        """Whether the wall is past a moment, looked at only now and then; never so often that nothing is played between two looks."""
        self._looked += 1
        return self._looked % 64 == 1 and wall_seconds() > moment

    def plan(self, at: int, name: str, about: int) -> None:
        """Plan an event, not before the present moment."""
        self.queue.plan(max(at, self.now), name, about)

    def rule(self, blocks: tuple[B, ...], at: int | None = None) -> B:
        """The block in force now, or at another moment."""
        return in_force(blocks, self.now if at is None else at)

    def touch(self, row: int) -> None:
        """Note that an order changed just now."""
        self.orders.updated_at[row] = self.now
        self.order_log.note(row, self.now, self.orders.code(row))

    def touch_case(self, case: Case) -> None:
        """Note that a case changed just now."""
        case.updated_at = self.now
        self.case_log.note(case.case_id - FIRST_CASE, self.now, case.status)

    def tell(self, topic: str, **content: object) -> None:
        """Push something to whoever listens."""
        if self.listener is not None:
            self.listener(Tidings(topic, self.mall_id, {"mall_id": self.mall_id, **content}, self.now))

    def count(self, name: str, many: int = 1) -> None:
        """Count something today."""
        self.measures.count(china_day(self.now), name, many)

    def order_sn(self, row: int) -> str:
        """The number of the order in this row."""
        return self.numbers.text(self.orders.serial[row], self.orders.created_at[row])

    def row_of(self, order_sn: str) -> int | None:
        """The row of the order with this number; nothing when it is not ours or not formed."""
        serial = self.numbers.serial(order_sn)
        row = None if serial is None else self.orders.row(serial)
        return row if row is not None and self.order_sn(row) == order_sn else None

    def buyer_of(self, row: int) -> Person:
        """The buyer of an order, at the door where they want it."""
        return self.moved.get(row) or person(self.seed, self.orders.buyer[row])

    def home_of(self, row: int) -> str:
        """An opaque word that is equal for orders going to the same door."""
        return same_home(self.seed, self.orders.buyer[row]) if row not in self.moved else same_door(self.seed, self.moved[row])

    def sku_of(self, row: int) -> Sku:
        """The variant an order is for."""
        return self.catalog.skus[self.orders.sku[row]]
