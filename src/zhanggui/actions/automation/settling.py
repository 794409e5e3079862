"""A person decides what a rule suggested: it is done in their name, or left."""

from datetime import datetime

import msgspec

from zhanggui.actions.automation.doing import Firing, do_deed
from zhanggui.actions.automation.seeing import things_of
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.fired import DeedDone, FiringState, How
from zhanggui.core.automation.rules import DeedKind, RuleLevel
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import automation_firings, deadlines, journal
from zhanggui.records.automation_firings import FiringRow
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.automation import AutoRuleAnswered
from zhanggui.records.wakes import wake

_RIGHTS = {
    DeedKind.ASSIGN: Permission.TODO_MARK,
    DeedKind.REMARK: Permission.NOTES_WRITE,
    DeedKind.STEP: Permission.CASES_WRITE,
}


def do_suggested(house: House, by: Person, shop_id: ShopId, firing_no: int, now: datetime) -> FiringState:
    """Does what waited, in the person's name; what is done in the back office or sent by hand is taken as done. Raises Refused where it is settled."""
    by.need(Permission.TODO_MARK, shop_id)

    def work(tx: Tx) -> FiringState:
        firing = _waiting(tx, shop_id, firing_no)
        for each in firing.deeds:
            if each.how is How.WAITS:
                by.need(_RIGHTS.get(each.act, Permission.TODO_MARK), shop_id)
        done = tuple(_done(tx, house, by, shop_id, firing, each, now) for each in firing.deeds)
        _kept(tx, by, shop_id, firing, done, FiringState.DONE, now)
        return FiringState.DONE

    return transact(house.pool, work)


def leave_suggested(house: House, by: Person, shop_id: ShopId, firing_no: int, now: datetime) -> None:
    """Leaves what waited; the rule does not suggest it again while the thing stands as it does. Raises Refused where it is settled."""
    by.need(Permission.TODO_MARK, shop_id)

    def work(tx: Tx) -> None:
        firing = _waiting(tx, shop_id, firing_no)
        _kept(tx, by, shop_id, firing, firing.deeds, FiringState.LEFT, now)

    transact(house.pool, work)


def _waiting(tx: Tx, shop_id: ShopId, firing_no: int) -> FiringRow:
    firing = automation_firings.one_firing(tx, shop_id, firing_no)
    if firing is None:
        raise NotAllowed(Permission.TODO_MARK.value)
    if firing.at is not FiringState.WAITS:
        raise Refused(say("This was decided already: {state}.", state=firing.at))
    return firing


def _done(tx: Tx, house: House, by: Person, shop_id: ShopId, firing: FiringRow, told: DeedDone, now: datetime) -> DeedDone:
    if told.how is not How.WAITS:
        return told
    if DEEDS[told.act].act is not None or told.act is DeedKind.DRAFT:
        return msgspec.structs.replace(told, how=How.DONE)
    todo = deadlines.one(tx, shop_id, firing.subject, firing.kind)
    thing = next(iter(things_of(tx, house, shop_id, [todo], now)), None) if todo is not None and todo.band is not None else None
    if thing is None:
        raise Refused(say("The to-do is closed: nothing has to be done any more."))
    asked = Firing(rule=firing.rule, thing=thing, firing_no=firing.firing_no, level=RuleLevel.ACT, by=by, is_connected=False)
    came = do_deed(tx, house, shop_id, asked, told.at, now)
    if came.how is How.NOT_DONE and came.because is not None:
        raise Refused(came.because)
    return came


def _kept(tx: Tx, by: Person, shop_id: ShopId, firing: FiringRow, done: tuple[DeedDone, ...], state: FiringState, now: datetime) -> None:
    if not automation_firings.settle_firing(tx, shop_id, firing.firing_no, done, state, by.person_id, now):
        raise Refused(say("This was decided already. Look at it again."))
    of_kind, of_no = (SubjectKind.ORDER.value, firing.order_no) if firing.order_no else (firing.subject_kind, firing.subject_no)
    entry = AutoRuleAnswered(firing.rule_id, firing.firing_no, state.value)
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=of_kind, subject_no=of_no)
    wake(tx, shop_id, [firing.order_no] if firing.order_no else ())
