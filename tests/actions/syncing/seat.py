"""A shop connected to an emulated platform, and what both sides know of its orders and cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tests.emulator.caller import DAY, Caller
from zhanggui import clock
from zhanggui.actions.applications import NewApplication, connect_app
from zhanggui.actions.connecting import GivenTokens, connect_by_hand
from zhanggui.actions.house import House
from zhanggui.actions.syncing import SyncReport, begin_sync, sync_once, sync_some, sync_soon
from zhanggui.connectors.pdd.case_facts import case_sighting
from zhanggui.connectors.pdd.doors import doors_of
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.order_facts import order_sighting
from zhanggui.connectors.pdd.paces import Limits, Paces
from zhanggui.core.facts import AftersaleFacts, OrderFacts, Sighting
from zhanggui.people.permissions import Person, ShopId, operator
from zhanggui.records import sync_windows


class Seat:
    """One shop of a house, the platform it is connected to, and the moment by the platform's clock."""

    def __init__(self, house: House, by: Person, shop_id: ShopId, platform: Caller, *, line: Line | None = None) -> None:
        self.house, self.by, self.shop_id, self.platform = replace(house, line=line or Line(Paces(Limits(limit=())))), by, shop_id, platform
        self.worked_until = self.wall
        told = platform.line
        app = NewApplication(client_id=told.client_id, client_secret=told.client_secret, doors=doors_of(told.gateway))
        tokens = GivenTokens(access_token=told.access_token, refresh_token=told.refresh_token)
        connect_app(self.house, operator(), shop_id, app, self.now)
        connect_by_hand(self.house, by, shop_id, tokens, self.now, self.wall, is_sure=True)

    def goes_back(self, **days: float) -> None:
        """Lets sources go back only so far at the first connection."""
        with self.house.pool.connection() as tx:
            begin_sync(tx, self.shop_id, self.now, self.wall)
            for source, back in days.items():
                slots = (self.now - timedelta(days=back), self.shop_id, source)
                tx.execute("update sync_sources set goal = %s where shop_id = %s and source = %s", slots)

    @property
    def now(self) -> datetime:
        """The world's moment, by which the house lives too."""
        return datetime.fromtimestamp(self.platform.now(), UTC)

    @property
    def wall(self) -> datetime:
        """The bare wall clock."""
        return clock.unwound()

    def sync(self, *, later: timedelta = timedelta(0)) -> SyncReport:
        """Brings the shop in step."""
        return sync_once(self.house, self.by, self.shop_id, self.now, self.wall + later, patience=timedelta(seconds=0.3))

    def settle(self) -> SyncReport:
        """Brings the shop in step, then once more after the minutes in which the platform's read side may lag."""
        self.sync()
        self.platform.step(1500)
        return self.sync()

    def work(self, most: int = 3000) -> int:
        """Lets a worker serve the shop, with a clock that runs as fast as there is nothing to do, until no window is left; the number of its steps."""
        now, wall = self.now, max(self.wall, self.worked_until)
        for number in range(most):
            self.worked_until = wall
            if sync_some(self.house, self.shop_id, now, wall, "worker"):
                wall += timedelta(milliseconds=50)
                continue
            with self.house.pool.connection() as tx:
                due = sync_windows.next_due(tx, self.shop_id)
            if due is None:
                return number
            wall = max(due, wall + timedelta(milliseconds=50))
        raise AssertionError(f"windows were left after {most} steps")

    def planned_soon(self) -> None:
        """Lets the newest minutes be planned at once."""
        with self.house.pool.connection() as tx:
            sync_soon(tx, self.shop_id, self.wall)

    def rechecked_soon(self) -> None:
        """Lets the daily re-check be due, as if the last had been some days ago."""
        with self.house.pool.connection() as tx:
            slots = (self.shop_id,)
            tx.execute("update sync_windows set read_at = read_at - interval '3 days' where shop_id = %s and source = 'recheck'", slots)
            tx.execute("update sync_sources set plan_at = now() - interval '1 hour', look_at = plan_at where shop_id = %s and source = 'recheck'", slots)

    def our_orders(self) -> dict[str, OrderFacts]:
        """What we hold."""
        return self._rows("select order_no, facts::text from orders where shop_id = %s", OrderFacts)

    def our_cases(self) -> dict[str, AftersaleFacts]:
        """What we hold of cases."""
        return self._rows("select case_no, facts::text from aftersales where shop_id = %s", AftersaleFacts)

    def their_orders(self, up_to: datetime | None = None) -> dict[str, OrderFacts]:
        """What is true on the platform, read as we read; of a version up to a moment where one is named."""
        told = [order_sighting(msgspec.Raw(msgspec.json.encode(line["order"]))) for line in self.platform.state("orders")]
        return {one.facts.order_no: one.facts for one in told if up_to is None or (one.as_of is not None and one.as_of <= up_to)}

    def their_cases(self, up_to: datetime | None = None) -> dict[str, AftersaleFacts]:
        """What is true on the platform of cases; of a version up to a moment where one is named."""
        told = [_case(line) for line in self.platform.state("cases")]
        return {one.facts.case_no: one.facts for one in told if up_to is None or (one.as_of is not None and one.as_of <= up_to)}

    def _rows(self, statement: str, kind: type[Any]) -> dict[str, Any]:
        with self.house.pool.connection() as tx:
            return {no: msgspec.json.decode(text, type=kind) for no, text in tx.execute(statement, (self.shop_id,))}


def waiting_for_an_answer(platform: Caller, many: int = 1) -> list[tuple[str, str]]:
    """Cases that wait for the seller until a limit, each behind its order: goods that came are to go back."""
    orders = platform.new_orders(many)
    for number, order_no in enumerate(orders):
        platform.ship(order_no, f"YT76000000001{number:02d}")
    platform.step(7 * DAY)
    return [(order_no, str(platform.do("buyer.asks", order_sn=order_no, kind=2)["after_sales_id"])) for order_no in orders]


def _case(line: dict[str, Any]) -> Sighting[AftersaleFacts]:
    return case_sighting(listed=msgspec.json.encode(line["list"]), detailed=msgspec.json.encode(line["detail"]))
