"""The bill is read through once: deductions are gathered by order, judged, and what is no line we know is told."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.bill import BillClass, Deduction, Judged, Judgment, class_of, judge_order
from zhanggui.core.facts import BillLineFacts
from zhanggui.core.money import Fen
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import bill
from zhanggui.records.db import Tx
from zhanggui.rulebook.bill import bill_classes

_PAGE = 5000
_ORDERS = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CheckedDeduction(msgspec.Struct, frozen=True):
    """A deduction of an order, judged. `order_no` is None where the bill names none."""

    order_no: str | None
    judged: Judged


class UnknownCode(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of the bill that are none we know, by the code they bear."""

    code: str | None
    example: str | None
    lines: int
    income: Fen
    expense: Fen


class CheckedBill(msgspec.Struct, frozen=True, kw_only=True):
    """The whole bill checked."""

    lines: int
    deductions: tuple[CheckedDeduction, ...]
    unknown: tuple[UnknownCode, ...]

    def of(self, judgment: Judgment) -> tuple[CheckedDeduction, ...]:
        """The deductions judged so."""
        return tuple(each for each in self.deductions if each.judged.judgment is judgment)

    @property
    def too_much(self) -> Fen:
        """What was deducted beyond what the rules come to and not given back, in fen."""
        return Fen(sum(each.judged.too_much for each in self.of(Judgment.WRONG)))


def check_deductions(house: House, by: Person, shop_id: ShopId, *, since: datetime | None = None) -> CheckedBill:
    """Judges every deduction of the shop's bill, those from `since` on where a moment is given."""
    by.need(Permission.MONEY_READ, shop_id)
    gathered, unknown, lines = defaultdict[str | None, list[Deduction]](list), dict[str | None, UnknownCode](), 0
    with house.pool.connection() as tx:
        for line in _lines(tx, shop_id, since or _EPOCH):
            lines += 1
            rule = class_of(line, bill_classes())
            if rule is None:
                unknown[line.code] = _counted(unknown.get(line.code), line)
            elif rule.name is BillClass.COMPENSATION and rule.finding:
                charged = Fen((line.expense or 0) - (line.income or 0))
                gathered[line.order_no].append(Deduction(line.line_no, rule.finding, charged, line.happened_at))
        checked = tuple(_judged(tx, house, shop_id, gathered))
    ranked = sorted(checked, key=lambda each: (_latest(each), each.order_no or ""), reverse=True)
    return CheckedBill(lines=lines, deductions=tuple(ranked), unknown=tuple(sorted(unknown.values(), key=lambda each: -each.lines)))


def _lines(tx: Tx, shop_id: ShopId, since: datetime) -> Iterator[BillLineFacts]:
    after = ""
    while page := bill.page(tx, shop_id, after, since, _PAGE):
        yield from page
        after = page[-1].line_no


def _judged(tx: Tx, house: House, shop_id: ShopId, gathered: Mapping[str | None, list[Deduction]]) -> Iterator[CheckedDeduction]:
    rulebook = rulebook_in(tx, house, shop_id)
    numbers = sorted(number for number in gathered if number)
    for first in range(0, len(numbers), _ORDERS):
        known = orders_known(tx, shop_id, numbers[first : first + _ORDERS])
        for number in numbers[first : first + _ORDERS]:
            for judged in judge_order(sorted(gathered[number], key=_when), known.get(number), rulebook):
                yield CheckedDeduction(number, judged)
    for deduction in gathered.get(None, ()):
        for judged in judge_order([deduction], None, rulebook):
            yield CheckedDeduction(None, judged)


def _when(deduction: Deduction) -> datetime:
    return deduction.at or _EPOCH


def _latest(checked: CheckedDeduction) -> datetime:
    return _when(checked.judged.deduction)


def _counted(before: UnknownCode | None, line: BillLineFacts) -> UnknownCode:
    example, lines, income, expense = (line.description, 0, 0, 0) if before is None else (before.example, before.lines, before.income, before.expense)
    return UnknownCode(code=line.code, example=example, lines=lines + 1, income=Fen(income + (line.income or 0)), expense=Fen(expense + (line.expense or 0)))
