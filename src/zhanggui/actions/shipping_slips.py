"""A list of tracking numbers held against a shop's orders, and the bulk-shipping file of those that may be uploaded.

Nothing counts as shipped here: that is told by the platform or by its next export alone, and numbers used are known from orders and from labels printed here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.numbers import receiver_of, untold_uses, use_of
from zhanggui.actions.refused import Refused
from zhanggui.connectors.files import Unreadable
from zhanggui.connectors.files.bulk_shipping import Parcel, SheetForm, bulk_file
from zhanggui.connectors.files.sheets import RowRefused
from zhanggui.connectors.files.slip_profile import SlipProfile, slip_profile
from zhanggui.connectors.files.slips import Slip, read_slips
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.decide.uploading import not_to_upload, unclear_to_upload
from zhanggui.core.facts import OrderFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.numbers import Asked, NumberCheck, Use, UsesByNumber, Verdict, as_number, check_many, neighbours, pool_of
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, journal, numbers
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import NumberPutInFile, ShippingFileMade

_LOOKED_BACK = timedelta(days=90)
"""Numbers of orders listed longer ago are compared only where they are the very same: near ones matter for 30 days, and some orders leave late."""

_FEW = 200
"""Up to so many numbers each is looked up with its neighbours, some 130 apiece; for more of them all numbers of the shop are read."""
_MOST_NEAR, _OF_A_POOL = 5_000, 50


class SlipRow(msgspec.Struct, frozen=True):
    """One order of the list: whether its number may be uploaded, and every reason against it."""

    slip: Slip
    verdict: Verdict
    reasons: tuple[Say, ...]


class SlipReport(msgspec.Struct, frozen=True):
    """The whole list, row by row; rows that could not be read; how many were told twice; and how old the oldest of the orders' data are."""

    rows: tuple[SlipRow, ...]
    refused: tuple[RowRefused, ...] = ()
    repeated: int = 0
    data_as_of: datetime | None = None

    def of(self, verdict: Verdict) -> tuple[SlipRow, ...]:
        """The rows of this verdict."""
        return tuple(row for row in self.rows if row.verdict is verdict)


class MadeFile(msgspec.Struct, frozen=True):
    """The file, the rows it holds, and the report it was made from. Without a row there is no content."""

    content: bytes
    rows: tuple[SlipRow, ...]
    report: SlipReport


def slips_in(house: House, by: Person, shop_id: ShopId, path: Path) -> tuple[tuple[Slip, ...], tuple[RowRefused, ...]]:
    """What a list of a printing tool tells, and its rows that could not be taken. Raises Refused where it is no such list."""
    by.need(Permission.SHIPPING_WRITE, shop_id)
    try:
        told = read_slips(path, slip_profile(house.home))
    except Unreadable as problem:
        raise Refused(problem.say) from None
    return told.rows, told.refused


def check_slips(house: House, by: Person, shop_id: ShopId, slips: Sequence[Slip], now: datetime) -> SlipReport:
    """Each order's number: whether it may be uploaded, and why not. Nothing is stored."""
    with house.pool.connection() as tx:
        shops_with(tx, by, Permission.SHIPPING_WRITE, [shop_id])
        return _report(tx, shop_id, slips, now)


def make_shipping_file(
    house: House,
    by: Person,
    shop_id: ShopId,
    slips: Sequence[Slip],
    form: SheetForm,
    now: datetime,
    *,
    include: frozenset[str] = frozenset(),
    expected: frozenset[str] = frozenset(),
) -> MadeFile:
    """The file of all numbers that nothing speaks against, and of the warned ones of the orders in `include`; judged again, and written into the journal.

    Raises Refused where an order that the person chose or saw as good (`expected`) may no longer go: a refund may have come since.
    """
    by.need(Permission.SHIPPING_WRITE, shop_id)
    profile = _profile(house)

    def work(tx: Tx) -> MadeFile:
        report = _report(tx, shop_id, slips, now)
        taken = tuple(row for row in report.rows if row.verdict is Verdict.OK or (row.verdict is Verdict.WARN and row.slip.order_no in include))
        _refuse_changed(report, {row.slip.order_no for row in taken}, expected)
        if not taken:
            return MadeFile(b"", (), report)
        _remember(tx, by, shop_id, taken, form, now)
        return MadeFile(bulk_file([_parcel(row.slip) for row in taken], profile, form), taken, report)

    return transact(house.pool, work)


def _profile(house: House) -> SlipProfile:
    try:
        return slip_profile(house.home)
    except Unreadable as problem:
        raise Refused(problem.say) from None


def _refuse_changed(report: SlipReport, taken: set[str], expected: frozenset[str]) -> None:
    for row in report.rows:
        if row.slip.order_no in expected and row.slip.order_no not in taken:
            raise Refused(say("Order {order_no} may not go into the file any more. No file was made; check the list again.", order_no=row.slip.order_no))


def _report(tx: Tx, shop_id: ShopId, slips: Sequence[Slip], now: datetime) -> SlipReport:
    once = {(slip.order_no, slip.tracking_no, slip.carrier): slip for slip in reversed(slips)}
    told = sorted(once.values(), key=lambda slip: (slip.place.row or 0, slip.order_no))
    known = orders_known(tx, shop_id, list(dict.fromkeys(slip.order_no for slip in told)))
    checks = _checked(tx, shop_id, told, known, now)
    given: dict[str, set[tuple[str, str | None]]] = {}
    for slip in told:
        given.setdefault(slip.order_no, set()).add((slip.tracking_no, slip.carrier))
    rows = tuple(_row(slip, check, known.get(slip.order_no), len(given[slip.order_no])) for slip, check in zip(told, checks, strict=True))
    ages = [known[row.slip.order_no].data_as_of for row in rows if row.verdict is not Verdict.BLOCK]
    return SlipReport(rows, (), len(slips) - len(told), min(ages, default=None))


def _checked(tx: Tx, shop_id: ShopId, slips: Sequence[Slip], known: Mapping[str, OrderKnowledge], now: datetime) -> list[NumberCheck]:
    asked = [Asked(slip.tracking_no, slip.order_no, slip.carrier, _receiver(known.get(slip.order_no))) for slip in slips]
    return check_many(asked, _used(tx, shop_id, slips, now), now)


def _used(tx: Tx, shop_id: ShopId, slips: Sequence[Slip], now: datetime) -> list[Use]:
    """What the shop's other orders carry: whole where it is the same number or a near one, else the number alone, for running pools. What was printed on
    a label here or written down in a batch counts, though the platform has not been told of it yet.
    """
    told = [slip.tracking_no for slip in slips]
    read = _near(tx, shop_id, told) if len(told) <= _FEW else {}
    light = [Use(as_number(order.tracking_no or ""), no) for no, order in read.items()] if len(told) <= _FEW else _recent(tx, shop_id, now)
    uses = UsesByNumber(light)
    near = sorted({use.order_no for number in told for use in uses.near(number)})
    same = numbers.used(tx, shop_id, sorted(set(told)), 2 * len(told))
    found = [read[no] for no in near] if read else [order.facts for order in around.orders(tx, shop_id, near).values()]
    whole = {order.order_no: use_of(order) for order in (*found, *same)}
    known = {(use.order_no, use.number) for use in whole.values()} | {(slip.order_no, as_number(slip.tracking_no)) for slip in slips}
    untold = [use for use in untold_uses(tx, shop_id, sorted(set(told)), 2 * len(told)) if (use.order_no, use.number) not in known]
    return [*whole.values(), *untold, *(use for use in light if use.order_no not in whole)]


def _near(tx: Tx, shop_id: ShopId, told: Sequence[str]) -> dict[str, OrderFacts]:
    """The orders that carry a number near one of these, or of its running pool, each looked up."""
    wide = sorted({each for number in told for each in neighbours(as_number(number))})
    found = numbers.used(tx, shop_id, wide, _MOST_NEAR)
    for first, last in sorted({pool_of(as_number(number)) for number in told}):
        found += numbers.between(tx, shop_id, first, last, _OF_A_POOL)
    return {order.order_no: order for order in found}


def _recent(tx: Tx, shop_id: ShopId, now: datetime) -> list[Use]:
    """Who carries any number, of the orders listed lately: where many are asked for, that is read sooner than each is looked up."""
    return [Use(as_number(number), order_no) for order_no, number in numbers.recent(tx, shop_id, now - _LOOKED_BACK)]


def _receiver(known: OrderKnowledge | None) -> str | None:
    return None if known is None else receiver_of(known.order)


def _row(slip: Slip, check: NumberCheck, known: OrderKnowledge | None, times: int) -> SlipRow:
    certain = [reason.because for reason in check.reasons if reason.is_certain]
    if times > 1:
        certain.append(say("The list gives this order several numbers or carriers. Keep the right one."))
    if not slip.carrier:
        fits = say("The list names no carrier. The number has the shape of {fits}.", fits=", ".join(check.fits))
        certain.append(fits if check.fits else say("The list names no carrier."))
    against = say("The shop has no such order.") if known is None else not_to_upload(known)
    unclear = None if known is None else unclear_to_upload(known)
    doubts = [reason.because for reason in check.reasons if not reason.is_certain]
    reasons = (*([against] if against else []), *certain, *([unclear] if unclear else []), *doubts)
    verdict = Verdict.BLOCK if against or certain else Verdict.WARN if reasons else Verdict.OK
    return SlipRow(slip, verdict, reasons)


def _parcel(slip: Slip) -> Parcel:
    return Parcel(slip.order_no, slip.carrier or "", slip.tracking_no)


def _remember(tx: Tx, by: Person, shop_id: ShopId, taken: Sequence[SlipRow], form: SheetForm, now: datetime) -> None:
    """One entry for the file, and one for each order in it."""
    warned = sum(row.verdict is Verdict.WARN for row in taken)
    journal.write(tx, shop_id, ShippingFileMade(len(taken), warned, form.value), at=now, by=by.person_id)
    entries = ((row.slip, NumberPutInFile(row.slip.carrier or "", row.slip.tracking_no, row.verdict is Verdict.WARN)) for row in taken)
    journal.copy_many(tx, (journal.row(shop_id, entry, now, by.person_id, SubjectKind.ORDER.value, slip.order_no, None) for slip, entry in entries))
