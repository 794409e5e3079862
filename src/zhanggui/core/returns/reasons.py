"""Which goods bring which complaints, what that costs, and where that is surely more than elsewhere in the shop."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from zhanggui.core.advice.book import Grievance
from zhanggui.core.complaints.chances import wilson
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say

FEW = 5
"""Of fewer cases than this nothing is said, however high their share."""


class Asked(msgspec.Struct, frozen=True):
    """So many orders of these goods, of one month, in which a case was opened for this reason; the money paid back for them."""

    month: date
    goods: str
    title: str
    spec: str
    reason: str
    orders: int
    paid_back: int


class Sold(msgspec.Struct, frozen=True):
    """So many orders of these goods in one month."""

    month: date
    goods: str
    spec: str
    orders: int


class Month(msgspec.Struct, frozen=True):
    """One month of one row: the cases, the orders."""

    month: date
    asked: int
    sold: int


class ReasonRow(msgspec.Struct, frozen=True):
    """One SKU with one reason."""

    goods: str
    title: str
    spec: str
    reason: str
    grievance: Grievance
    asked: int
    sold: int
    paid_back: Fen
    share: float
    low: float
    high: float
    """Between these bounds the true share lies ninety-five times in a hundred."""
    running: float
    """The share of all money that this row and those above it make up."""
    is_worse: bool
    """Surely more often than with the rest of the shop's goods."""
    months: tuple[Month, ...]


class Reasons(msgspec.Struct, frozen=True):
    """The rows, the dearest first; and what all of it comes to."""

    rows: tuple[ReasonRow, ...]
    asked: int
    sold: int
    paid_back: Fen
    left_out: int
    """Rows that are not shown."""


FIXES: Mapping[Grievance, Say] = {
    Grievance.MISSING: say("Have these goods checked twice at the packing check; look at how many pieces the page promises."),
    Grievance.WRONG_ITEM: say("Give look-alike variants barcodes of their own and places apart from each other."),
    Grievance.NOT_WANTED: say("Say size, weight and taste on the page so that nobody orders by mistake."),
    Grievance.QUALITY: say("Look at the supplier's last batches; take a sample from the shelf."),
    Grievance.NOT_AS_DESCRIBED: say("Compare the page and the SKU's picture with the goods; take out what promises too much."),
    Grievance.FAKE: say("Keep the papers of origin at hand; have the brand's permission on the page."),
    Grievance.DAMAGED: say("Pack it better, and compare the carriers' damage."),
    Grievance.NOT_RECEIVED: say("Compare the carriers on this road."),
    Grievance.NO_NEWS: say("Hand over on the day of printing; compare the carriers."),
    Grievance.LATE: say("Promise no less time than packing takes."),
    Grievance.OUT_OF_STOCK: say("Count the shelf, and let the platform offer no more than lies there."),
    Grievance.OTHER: say("Read what these buyers wrote."),
}
"""What usually helps against a complaint: about the goods and the page, never about the reason the buyer picks."""


def ranked(asked: Sequence[Asked], sold: Sequence[Sold], grievances: Mapping[str, Grievance], most: int) -> Reasons:
    """The rows by the money paid back, then by how many asked."""
    whole = sum(one.orders for one in sold)
    orders: dict[tuple[str, str], dict[date, int]] = {}
    for one in sold:
        orders.setdefault((one.goods, one.spec), {})[one.month] = one.orders
    rows: dict[tuple[str, str, str], list[Asked]] = {}
    for each in asked:
        rows.setdefault((each.goods, each.spec, each.reason), []).append(each)
    of_reason: dict[str, int] = {}
    for each in asked:
        of_reason[each.reason] = of_reason.get(each.reason, 0) + each.orders
    money = sum(each.paid_back for each in asked)
    ordered = sorted(rows.items(), key=lambda row: (-sum(each.paid_back for each in row[1]), -sum(each.orders for each in row[1]), row[0]))
    found, running = [], 0
    for (goods, spec, reason), listed in ordered[:most]:
        of = orders.get((goods, spec), {})
        hits, base, paid = sum(each.orders for each in listed), sum(of.values()), sum(each.paid_back for each in listed)
        base = max(base, hits)
        running += paid
        low, high = wilson(hits, base)
        rest = (of_reason[reason] - hits) / (whole - base) if whole > base else 0.0
        months = tuple(Month(month, sum(each.orders for each in listed if each.month == month), many) for month, many in sorted(of.items()))
        found.append(
            ReasonRow(
                goods,
                listed[-1].title,
                spec,
                reason,
                grievances.get(reason, Grievance.OTHER),
                hits,
                base,
                Fen(paid),
                hits / base,
                low,
                high,
                running / money if money else 0.0,
                hits >= FEW and whole > base and low > rest,
                months,
            )
        )
    return Reasons(tuple(found), sum(of_reason.values()), whole, Fen(money), max(len(ordered) - most, 0))
