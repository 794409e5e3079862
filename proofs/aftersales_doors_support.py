"""The doors of an emulated platform for simple programs: what a seller may do with a case, by the same functions that answer the wire and the back office."""

import json
from collections.abc import Iterator

from zhanggui.emulator.clock import Clock
from zhanggui.emulator.doors.deeds import Deed, do
from zhanggui.emulator.methods.refund_answering import refund_agree, return_agree
from zhanggui.emulator.methods.registry import Answer, Call
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.scenario import Scenario
from zhanggui.emulator.wire.arguments import Arguments
from zhanggui.emulator.world.cases import Case
from zhanggui.emulator.world.world import World


class Doors:
    """One platform with one shop, and its doors."""

    def __init__(self, scenario: Scenario) -> None:
        self.platform = Platform(scenario, Clock(start=scenario.starts_at(), speed=0.0))

    @property
    def world(self) -> World:
        """The shop's world."""
        return self.platform.first

    def passes(self, seconds: int) -> None:
        """Time goes on."""
        self.platform.clock.step(seconds)
        self.platform.catch_up()

    def waiting(self) -> Iterator[Case]:
        """The cases that are open, oldest first."""
        return (case for case in self.world.cases.each() if case.is_open)

    def agree(self, case: Case) -> None:
        """Pay the money back."""
        self._call(refund_agree, case)

    def agree_to_return(self, case: Case) -> None:
        """Let the goods come back."""
        self._call(return_agree, case)

    def by_hand(self, act: str, case: Case, **told: object) -> None:
        """Do something in the back office, as a person would."""
        do(self.platform, Deed(act=f"seller.{act}", after_sales_id=case.case_id, **told))  # type: ignore[arg-type]  # the deed's own fields

    def _call(self, method: Answer, case: Case) -> None:
        request = json.dumps({"order_sn": self.world.order_sn(case.row), "after_sales_id": case.case_id})
        method(Call(self.platform, Arguments({"request": request}), self.platform.grants[0]))
