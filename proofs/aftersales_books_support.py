"""What a month of after-sales came to, by the emulated world's own books."""

from collections import Counter
from dataclasses import dataclass, field

from zhanggui.emulator.world.accounts import accounts, indicators_cost
from zhanggui.emulator.world.measures import Measures
from zhanggui.emulator.world.world import World

KIND_WORDS = {1: "refund only", 2: "return and refund", 3: "exchange", 4: "resend", 5: "repair"}
ENDINGS = {
    9: "platform refused", 10: "paid back", 11: "withdrawn", 12: "buyer fell silent", 13: "buyer too late", 16: "sent again", 17: "exchange failed",
    24: "repair closed", 25: "repaired",
}  # fmt: skip


Matter = tuple[str, str]
"""What was the matter, and what sort of buyer asked: honest, lying, or of another taste."""


@dataclass(frozen=True)
class Outcome:
    """One month under one policy: money in fen, rates as shares of the orders formed, counts."""

    orders: int
    cases: int
    lost: int
    priced: int
    by_kind: Counter[tuple[str, str]]
    counts: Counter[str]
    bad_ratings: int
    missed: Counter[int]
    others_paid: int
    refunded: int
    still_open: int
    lost_by_matter: Counter[Matter] = field(default_factory=Counter)
    cases_by_matter: Counter[Matter] = field(default_factory=Counter)

    @property
    def whole(self) -> int:
        """The money and the priced indicators together."""
        return self.lost + self.priced

    def rate(self, name: str) -> float:
        """A count over the orders formed, in percent."""
        return 100 * self.counts[name] / max(1, self.orders)

    @property
    def hours_in_transit(self) -> float:
        """The mean hours until a refund of a parcel under way."""
        return self.counts["transit_refund_seconds"] / 3600 / max(1, self.counts["transit_refund"])

    @property
    def hours_after_return(self) -> float:
        """The mean hours until a refund after the return was signed for."""
        return self.counts["return_refund_seconds"] / 3600 / max(1, self.counts["return_refund"])


def outcome_of(world: World) -> Outcome:
    """What the month came to."""
    held, counts = list(accounts(world)), _all(world.measures)
    by_matter: Counter[Matter] = Counter()
    for each in held:
        by_matter[each.problem, each.who] += each.lost
    return Outcome(
        orders=len(world.orders),
        cases=len(held),
        lost=sum(each.lost for each in held),
        priced=indicators_cost(world, counts),
        by_kind=Counter((KIND_WORDS[case.kind], _ending(world, case.case_id, case.status)) for case in world.cases.each()),
        counts=counts,
        bad_ratings=len(world.hidden.bad_ratings),
        missed=Counter(each.status for each in world.hidden.missed),
        others_paid=sum(each.others_paid for each in held),
        refunded=sum(each.refunded for each in held),
        still_open=sum(1 for case in world.cases.each() if case.is_open),
        lost_by_matter=by_matter,
        cases_by_matter=Counter((each.problem, each.who) for each in held),
    )


def _ending(world: World, case_id: int, status: int) -> str:
    """How a case ended, in words; of those paid back also by whom."""
    case = world.cases.get(case_id)
    assert case is not None
    if case.speed_status == "3":
        return "refunded at once"
    if status == 10:
        by = {1: "the buyer", 2: "the seller", 3: "a ruling", 4: "the clock"}[case.operator]
        return f"paid back by {by}"
    return ENDINGS.get(status, "open")


def _all(measures: Measures) -> Counter[str]:
    """Every count of every day together."""
    total: Counter[str] = Counter()
    for day in measures.days():
        total.update(day)
    return total
