"""Five hundred made-up bills with planted errors under each version of each rule: which errors are found, and what is falsely accused.

What the platform should have deducted is computed here from the sentences of the rules, not from the rulebook.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from proofs.support import Proof
from zhanggui import rulebook
from zhanggui.core.bill import Deduction, Judgment, judge_order
from zhanggui.core.facts import OrderFacts, OrderStage, RefundState, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen

BILLS, QUICK, LINES = 500, 12, 40
_HOUR = timedelta(hours=1)


class _Version(NamedTuple):
    """One version of one rule: between two moments, so much for receipts of so many fen."""

    name: str
    finding: str
    begins: datetime
    ends: datetime
    amount: Callable[[int], int]
    before: Callable[[int], int] | None
    """What the version before it came to, where that one is known."""


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC) - 8 * _HOUR


def _share(fen: int, percent: int) -> int:
    return int(fen * percent / 100 + 0.5)


def _false_2023(fen: int) -> int:
    return 500 if fen < 2000 else min(fen * 25 // 10000 * 100, 10000)


def _false_2025(fen: int) -> int:
    return min(max(_share(fen, 5), 500), 10000)


def _fraud_2025(fen: int) -> int:
    return min(max(_share(fen, 30), 1000), 50000)


def _stock_2025(fen: int) -> int:
    return 500 if fen < 10000 else min(_share(fen, 5), 10000)


_CHANGED, _LATEST = _day(2025, 5, 15), _day(2026, 11, 1)
VERSIONS = (
    _Version("late shipment, 3 yuan", "late_shipment", _day(2024, 1, 1), _LATEST, lambda _: 300, None),
    _Version("false shipment, 25 % (until 2025-05-14)", "false_shipment", _day(2024, 1, 1), _CHANGED, _false_2023, None),
    _Version("false shipment, 5 % (from 2025-05-15)", "false_shipment", _CHANGED, _LATEST, _false_2025, _false_2023),
    _Version("fraudulent shipment, all of it (until 2025-05-14)", "fraud_shipment", _day(2024, 1, 1), _CHANGED, lambda fen: fen, None),
    _Version("fraudulent shipment, 30 % (from 2025-05-15)", "fraud_shipment", _CHANGED, _LATEST, _fraud_2025, lambda fen: fen),
    _Version("out of stock, 5 yuan or 5 % (from 2025-05-15)", "out_of_stock", _CHANGED, _LATEST, _stock_2025, None),
)
GAPS = (
    _Version("false shipment, before 2023 (sources contradict each other)", "false_shipment", _day(2022, 1, 1), _day(2022, 12, 31), lambda _: 2000, None),
    _Version("out of stock, before 2025-05-15 (sources contradict each other)", "out_of_stock", _day(2024, 1, 1), _CHANGED, lambda fen: _share(fen, 5), None),
)
RIGHT, NOT_BREACHED, TOO_HIGH, OLD_VERSION, TWICE, UNSEEN = "right", "there was no breach", "a sum too high", "the version before", "taken twice", "unseen"
_SEEN_ONLY = frozenset({"late_shipment", "false_shipment"})


class _Line(NamedTuple):
    version: _Version
    planted: str
    known: OrderKnowledge
    deductions: list[Deduction]


def prove(seed: int, *, quick: bool) -> Proof:
    """Draws the bills, judges them, and counts by what was planted."""
    dice, book = random.Random(seed), rulebook.load()
    planted, found, unclear = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    failures: list[str] = []
    for _ in range(QUICK if quick else BILLS):
        for line in _bill(dice):
            judged = list(judge_order(line.deductions, line.known, book))
            place = line.version.name, line.planted
            planted[place] += 1
            wrong = any(each.judgment is Judgment.WRONG for each in judged)
            found[place] += wrong
            unclear[place] += not wrong and any(each.judgment is Judgment.CANNOT_TELL for each in judged)
            if wrong and line.planted in {RIGHT, UNSEEN}:
                failures.append(f"{line.version.name}: falsely accused: {line.deductions}")
            if not wrong and line.planted in {NOT_BREACHED, TWICE}:
                failures.append(f"{line.version.name}, {line.planted}: not found")
    counts = _told(planted, found, unclear)
    counts["bills"] = QUICK if quick else BILLS
    return Proof(
        claim="Planted errors in deductions are found under each version of each rule, and nothing right is accused.",
        counts=counts,
        failures=failures[:20],
        notes=(
            "A line judged *cannot tell* is one for which the sources contradict each other, or for which our data do not show whether the breach happened",
            "(*unseen*); it is neither found nor accused. Bills, orders and errors are made up; no bill with real deductions was at hand.",
        ),
    )


def _told(planted: Counter[tuple[str, str]], found: Counter[tuple[str, str]], unclear: Counter[tuple[str, str]]) -> dict[str, int | float | str]:
    counts: dict[str, int | float | str] = {}
    for (version, what), times in sorted(planted.items()):
        counts[f"{version}: {what}"] = f"{found[version, what]} of {times} called wrong, {unclear[version, what]} cannot tell"
    errors = [place for place in planted if place[1] not in {RIGHT, UNSEEN}]
    fine = [place for place in planted if place[1] in {RIGHT, UNSEEN}]
    counts["errors found"] = f"{sum(found[place] for place in errors) / max(1, sum(planted[place] for place in errors)):.2%}"
    counts["falsely accused"] = f"{sum(found[place] for place in fine) / max(1, sum(planted[place] for place in fine)):.2%}"
    return counts


def _bill(dice: random.Random) -> Iterator[_Line]:
    for number in range(LINES):
        version = dice.choice((*VERSIONS, *GAPS))
        if version in GAPS:
            yield _line(dice, version, RIGHT, number)
            continue
        kinds = [RIGHT, RIGHT, RIGHT, TOO_HIGH, TWICE]
        kinds += [OLD_VERSION] if version.before else []
        kinds += [NOT_BREACHED, UNSEEN] if version.finding in _SEEN_ONLY else []
        yield _line(dice, version, dice.choice(kinds), number)


def _line(dice: random.Random, version: _Version, planted: str, number: int) -> _Line:
    receipts = dice.choice([dice.randrange(500, 3000), dice.randrange(3000, 30000), dice.randrange(30000, 300000)])
    at = version.begins + timedelta(seconds=dice.randrange(7 * 86400, int((version.ends - version.begins).total_seconds()) - 7 * 86400))
    known = _order(dice, version.finding, planted, receipts, at, number)
    rightly = version.amount(receipts)
    charged = _charged(dice, version, planted, receipts, rightly)
    if planted in {TOO_HIGH, OLD_VERSION} and charged <= rightly:
        planted, charged = RIGHT, rightly
    lines = [Deduction(f"{number}-1", version.finding, Fen(charged), at + timedelta(days=3))]
    if planted == TWICE:
        lines.append(Deduction(f"{number}-2", version.finding, Fen(charged), at + timedelta(days=5)))
    return _Line(version, planted, known, lines)


def _charged(dice: random.Random, version: _Version, planted: str, receipts: int, rightly: int) -> int:
    match planted:
        case "a sum too high":
            return rightly + dice.choice([1, 50, 100, 700, dice.randrange(1, 5000)])
        case "the version before":
            return version.before(receipts) if version.before else rightly
        case _:
            return rightly


def _order(dice: random.Random, finding: str, planted: str, receipts: int, at: datetime, number: int) -> OrderKnowledge:
    """An order whose breach, where there was one, fell on `at`."""
    formed = at - 48 * _HOUR
    breached = planted not in {NOT_BREACHED, UNSEEN}
    shipped, scans = at - 3 * _HOUR, [at - 2 * _HOUR]
    match finding:
        case "late_shipment" if breached:
            shipped, scans = at + dice.choice([timedelta(seconds=1), 5 * _HOUR, 80 * _HOUR]), [at + 90 * _HOUR]
        case "false_shipment":
            shipped = at - 24 * _HOUR
            scans = [at + dice.choice([timedelta(seconds=1), 40 * _HOUR])] if breached else [at - 2 * _HOUR]
    told = () if planted == UNSEEN else tuple(ScanFacts(tracking_no="YT1", at=scan, text="已揽收", stage=ScanStage.PICKED_UP) for scan in scans)
    facts = OrderFacts(
        order_no=f"250101-{number:015}",
        stage=OrderStage.SHIPPED,
        refund=RefundState.NONE,
        group_formed_at=formed,
        ship_by=at if finding != "false_shipment" else at + 100 * _HOUR,
        shipped_at=None if planted == UNSEEN and finding == "late_shipment" else shipped,
        receive_amount=Fen(receipts),
        tracking_no="YT1",
    )
    return OrderKnowledge(order=facts, data_as_of=at + timedelta(days=30), scans=told)
