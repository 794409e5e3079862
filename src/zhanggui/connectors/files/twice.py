"""The same key twice in one table: an equal row is passed over, a different one is refused, since nobody can say which of them holds."""

from collections.abc import Sequence

from zhanggui.connectors.files import jsonlines
from zhanggui.connectors.files.plan import Plan
from zhanggui.connectors.files.shapes import Refused, Told
from zhanggui.core.facts import KIND_OF, FactKind, Facts, Place, key_of
from zhanggui.core.say import Say, say

_LOW = (1 << 32) - 1


class Twice:
    """Remembers of every key only two numbers packed into one, so that a table of a million rows stays small in memory."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def check(self, told: Told, plan: Plan | None, cells: Sequence[str]) -> Told | None:
        """The row again; None where an equal one came before; a refusal where a different one did."""
        if isinstance(told, Refused):
            return told
        facts = told.facts
        key = hash((type(facts), key_of(facts), told.as_of))
        line = told.place.row or 0
        mark = ((hash(facts) & _LOW) << 32) | line
        first = self._seen.setdefault(key, mark)
        if first == mark:
            return told
        if first >> 32 == mark >> 32:
            return None
        reason = say("{key} stands in row {row} already and says something else there. Delete the row that is wrong.", key=key_of(facts), row=first & _LOW)
        return _refused(told.place, facts, reason, plan, cells)


def _refused(place: Place, facts: Facts, reason: Say, plan: Plan | None, cells: Sequence[str]) -> Refused:
    if plan is not None:
        return plan.refuse(cells, place, reason)
    kind: FactKind = KIND_OF[type(facts)]
    return Refused(place, reason, jsonlines.cells_of(facts), kind)
