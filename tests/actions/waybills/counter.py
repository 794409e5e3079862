"""A shop connected to an emulated platform, with an account for waybills, and what both sides know of its numbers."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from psycopg import sql

from tests.actions.syncing.seat import Seat
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.syncing import read_again
from zhanggui.actions.waybills import account_for, get_waybills, refresh_accounts, settle_waybills
from zhanggui.actions.waybills.accounts import Settings, ready_account, set_account
from zhanggui.actions.waybills.asking import Asker, store_told
from zhanggui.actions.waybills.shapes import Account, WaybillOutcome
from zhanggui.connectors.pdd.waybill import GET, Address, Module
from zhanggui.people.permissions import operator
from zhanggui.records import waybills
from zhanggui.records.db import transact
from zhanggui.records.waybills import StoredWaybill

SENDER = Settings(
    sender_name="林记小店", sender_mobile="13800000000", address=Address("浙江省", "金华市", "义乌市", "", "北苑街道拥军路88号"), template_url="https://file-link.pinduoduo.com/yto_one"
)  # fmt: skip


class WaybillCounter(Seat):
    """One shop at the counter where numbers are had. The wall is moved by hand."""

    ahead = timedelta(0)
    known: tuple[str, ...] | list[str] = ()

    @property
    def wall(self) -> datetime:
        """The wall clock, moved on by as much as the test says."""
        return super().wall + self.ahead

    def opened(self, carrier: str = "圆通快递") -> Account:
        """The account with a carrier, its sender named."""
        refresh_accounts(self.house, self.shop_id, self.now, self.wall)
        account = account_for(self.house, operator(), self.shop_id, carrier, self.now)
        assert account is not None
        set_account(self.house, operator(), self.shop_id, account.account_no, SENDER, self.now)
        found = account_for(self.house, operator(), self.shop_id, carrier, self.now)
        assert found is not None
        return found

    def orders(self, many: int = 1) -> list[str]:
        """New orders, known to us."""
        numbers = self.platform.new_orders(many)
        self.known = [*self.known, *numbers]
        self.settle_orders()
        return numbers

    def settle_orders(self) -> None:
        """Lets us know every order and case as the platform tells it."""
        for number in self.known:
            assert read_again(self.house, self.shop_id, "order", number, self.now, self.wall)
        for case in self.platform.state("cases"):
            assert read_again(self.house, self.shop_id, "case", str(case["list"]["id"]), self.now, self.wall, order_no=case["list"]["order_sn"])

    def takes(self, order_nos: list[str], account: Account, **how: Any) -> tuple[WaybillOutcome, ...]:
        """Somebody asks for numbers."""
        return get_waybills(self.house, self.by, self.shop_id, order_nos, account.account_no, self.now, self.wall, **how)

    def works(self) -> bool:
        """The worker takes up what was left open."""
        return settle_waybills(self.house, self.shop_id, self.now, self.wall, "worker")

    def wait(self, by: timedelta) -> None:
        """Lets only the wall's time pass."""
        self.ahead += by

    def rows(self, most: int = 1000) -> list[StoredWaybill]:
        """Every row, the oldest first."""
        with self.house.pool.connection() as tx:
            return list(reversed(waybills.page(tx, self.shop_id, 10**15, most)))

    def taken_there(self) -> list[str]:
        """The numbers the platform gave out, in order."""
        return [
            effect.removeprefix("waybill.taken:") for entry in self.platform.ledger(effect="waybill.taken") for effect in entry["effects"] if "taken" in effect
        ]

    def given_back_there(self) -> list[str]:
        """The numbers the platform took back."""
        told = self.platform.ledger(effect="waybill.cancelled")
        return [effect.removeprefix("waybill.cancelled:") for entry in told for effect in entry["effects"]]

    def doubled_there(self) -> list[str]:
        """Numbers that the platform gave out for a purpose that had one."""
        return [number for number, times in Counter(self.taken_there()).items() if times > 1]

    def read_receivers_first(self) -> Callable[[Callable[[], None] | None], None]:
        """Lets something happen between the reading of the receivers and the asking for numbers: a hook on the line to the platform."""
        line, hook = self.house.line, dict[str, Callable[[], None]]()
        call = line.call

        def calls(app: Any, one: Any, **how: Any) -> Any:
            if one.method == GET and (then := hook.get("then")) is not None:
                then()
            return call(app, one, **how)

        def set_hook(then: Callable[[], None] | None) -> None:
            hook.clear()
            if then is not None:
                hook["then"] = then

        line.call = calls  # type: ignore[method-assign, assignment]  # the one place where a moment between two calls can be had
        return set_hook

    def told_late(self, waybill_id: int, number: str) -> str:
        """An answer to an earlier asking comes late, and names another number."""
        with self.house.pool.connection() as tx:
            row = waybills.of_ids(tx, self.shop_id, [waybill_id])[0]
        account = ready_account(self.house, self.shop_id, row.account_no, self.now)
        asker = Asker(self.house, self.shop_id, account, "late", None, Watch(self.now, self.wall))
        transact(self.house.pool, lambda tx: store_told(tx, asker, [waybill_id], [Module(row.object_id, number, "")]))
        return number

    def reports(self) -> int:
        """How many reports of printed labels were decided."""
        with self.house.pool.connection() as tx:
            row = tx.execute("select count(*) from acts where shop_id = %s and kind = 'print.report'", (self.shop_id,)).fetchone()
        return int(row[0]) if row else 0

    def whole_database(self) -> str:
        """Every row of every table, as text."""
        with self.house.pool.connection() as tx:
            names = [name for (name,) in tx.execute("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")]
            return "".join(text for name in names for (text,) in tx.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(name))))
