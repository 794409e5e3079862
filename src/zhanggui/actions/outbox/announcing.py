"""What the house decides by itself: the running to-dos whose verdict calls for an act that may go without a person are announced."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from psycopg import errors

from zhanggui.actions.house import House
from zhanggui.actions.outbox.deciding import decide
from zhanggui.actions.outbox.judging import called_for, called_for_each
from zhanggui.actions.outbox.kinds import limits_in
from zhanggui.actions.platform import is_connected
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel, Limits
from zhanggui.core.acts.proposing import Proposal
from zhanggui.core.acts.requests import money_of, target_of
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.people.permissions import Person, ShopId, operator
from zhanggui.records import act_limits, act_rounds, automation_firings
from zhanggui.records.db import Tx, transact
from zhanggui.records.deadlines import StoredDeadline

ROUND_EVERY = timedelta(seconds=20)
AT_ONCE = 200
"""To-dos looked at in one round; the next goes on where it ended."""
FOUND_ON: Mapping[ActKind, tuple[DeadlineKind, ...]] = {
    ActKind.REFUND_AGREE: (DeadlineKind.ANSWER_REFUND, DeadlineKind.INSPECT_RETURN),
    ActKind.RETURN_AGREE: (DeadlineKind.ANSWER_REFUND,),
    ActKind.SENDING_GOES_ON: (DeadlineKind.ANSWER_REFUND,),
    ActKind.SHIP_UPLOAD: (DeadlineKind.SHIP_BY,),
}
"""The to-dos among which acts are found that the house may announce by itself."""


def announce_due(house: House, shop_id: ShopId, now: datetime, wall: datetime) -> int:
    """How many acts were announced, if it was time to look."""
    with house.pool.connection() as tx:
        kinds = _at_act(tx, shop_id) if act_limits.switch(tx).is_open else {}
    if not kinds or not is_connected(house, shop_id, now):
        return 0
    todos = transact(house.pool, lambda tx: _next_todos(tx, shop_id, kinds, wall))
    return sum(_announced(house, shop_id, row, kinds, now) for row in _promising(house, shop_id, todos, kinds, now))


def _at_act(tx: Tx, shop_id: ShopId) -> dict[ActKind, Limits]:
    found = limits_in(tx, [shop_id])
    return {kind: limits for (_, kind), limits in found.items() if limits.level is ActLevel.ACT and kind in FOUND_ON}


def _next_todos(tx: Tx, shop_id: ShopId, kinds: Mapping[ActKind, Limits], wall: datetime) -> list[StoredDeadline]:
    """The next running to-dos to look at; none where another worker looked a moment ago."""
    after = act_limits.claim_round(tx, shop_id, wall, wall + ROUND_EVERY)
    if after is None:
        return []
    wanted = sorted({found.value for kind in kinds for found in FOUND_ON[kind]})
    kind, _, subject_no = after.partition(" ")
    todos = act_rounds.unspoken_for(tx, shop_id, wanted, sorted(each.value for each in kinds), (subject_no, kind), AT_ONCE)
    act_limits.end_round(tx, shop_id, f"{todos[-1].kind} {todos[-1].subject_no}" if len(todos) == AT_ONCE else "")
    return todos


def _promising(house: House, shop_id: ShopId, todos: Sequence[StoredDeadline], kinds: Mapping[ActKind, Limits], now: datetime) -> list[StoredDeadline]:
    """Those of the to-dos whose verdict, looked at for all of them at once, lets an act go alone: most wait for a person, round after round."""
    if not todos:
        return []
    with house.pool.connection() as tx:
        answered = automation_firings.answered(tx, shop_id, [(row.subject_kind, row.subject_no) for row in todos])
        left = [row for row in todos if (row.subject_kind, row.subject_no) not in answered]  # what a rule of the shop answers is not answered twice
        found = called_for_each(tx, house, shop_id, left, now)
        return [row for row, (_, proposed) in zip(left, found, strict=True) if proposed and _may_go_alone(proposed[0], kinds)]


def _announced(house: House, shop_id: ShopId, row: StoredDeadline, kinds: Mapping[ActKind, Limits], now: datetime) -> bool:
    """Whether an act was announced for this to-do. In a transaction of its own, so that one that is refused spoils no other."""

    def work(tx: Tx) -> bool:
        proposed = next(iter(called_for(tx, house, shop_id, row, now)[1]), None)
        if proposed is None or not _may_go_alone(proposed, kinds):
            return False
        if act_rounds.proposed(tx, shop_id, row) - {target_of(proposed.request).once}:
            return False  # something else is proposed here, and waits for a person
        decide(tx, house, _house_itself(), shop_id, proposed.request, now, todo=row.deadline().kind, by_itself=True)
        return True

    try:
        return transact(house.pool, work)
    except (Refused, errors.LockNotAvailable):
        return False


def _may_go_alone(proposed: Proposal, kinds: Mapping[ActKind, Limits]) -> bool:
    limits = kinds.get(proposed.kind)
    return proposed.by_itself and limits is not None and money_of(proposed.request) <= limits.most_money


def _house_itself() -> Person:
    return operator("worker")
