"""Which facts a measure is made of, and whether they have come: nothing counted of what nobody told is not nought, and days before it are not quiet ones."""

from collections.abc import Collection, Sequence
from datetime import date

from zhanggui.core.facts import FactKind
from zhanggui.core.measures.book import Formula, Unit
from zhanggui.core.standing.standing import HasCounted
from zhanggui.people.permissions import ShopId
from zhanggui.records import ages
from zhanggui.records.db import Tx
from zhanggui.records.measures import days

_RATED = frozenset({"shop_rating", "valid_ratings", "active_review_rate"})
_OF_CASES = frozenset({"help_rate", "intervention_rate", "serious_quality_rate"})
_BY_ITSELF = frozenset({FactKind.REVIEW, FactKind.MESSAGE})
"""What comes by ways of its own, often later than the shop's orders."""


def kind_of(formula: Formula) -> FactKind:
    """The kind of facts whose age bears on it."""
    if formula.id in _RATED:
        return FactKind.REVIEW
    if formula.id.startswith("reply_rate"):
        return FactKind.MESSAGE
    return FactKind.AFTERSALE if "refund" in formula.id or formula.id in _OF_CASES else FactKind.ORDER


def kinds_known(tx: Tx, shop_id: ShopId) -> frozenset[FactKind]:
    """The kinds of facts that any import or source of the shop has told."""
    return frozenset(FactKind(row.kind) for row in ages.of_shops(tx, [int(shop_id)]))


def is_told(formula: Formula, counted: HasCounted, known: Collection[FactKind]) -> bool:
    """Whether what was counted says something: nought is only that where such facts have come. A share of nothing says nothing by itself."""
    kind = kind_of(formula)
    needs_facts = formula.unit is Unit.COUNT or kind is FactKind.AFTERSALE
    return kind in known or counted.num > 0 or not needs_facts


def began(tx: Tx, shop_id: ShopId, formulas: Sequence[Formula], since: date, today: date) -> dict[str, date]:
    """The first day of which each tells, by its id: `since`, the shop's first; of ratings and replies not before their first, today where there is none."""
    apart = [formula for formula in formulas if kind_of(formula) in _BY_ITSELF]
    first = days.first_days(tx, shop_id, frozenset(what for formula in apart for what in formula.whats)) if apart else {}
    own = {formula.id: min((first[what] for what in formula.whats if what in first), default=today) for formula in apart}
    return {formula.id: min(today, max(since, own.get(formula.id, since))) for formula in formulas}
