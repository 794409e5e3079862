"""The deeds of a rule that fired are done, announced, proposed, or left waiting for a person: never more than the rule's level and the shop's level allow."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from zhanggui.actions.alerting import Matter, raise_alert
from zhanggui.actions.automation.seeing import Thing
from zhanggui.actions.cases.guiding import open_step
from zhanggui.actions.house import House
from zhanggui.actions.marks import hand_on
from zhanggui.actions.outbox.deciding import decide
from zhanggui.actions.outbox.kinds import held_limits
from zhanggui.actions.outbox.suggesting import suggest
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel, Limits
from zhanggui.core.acts.grounds import grounds_of
from zhanggui.core.acts.proposing import Proposal
from zhanggui.core.acts.requests import NoteOrder, Request, money_of, target_of
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.fired import DeedDone, How
from zhanggui.core.automation.rules import AutoRule, Deed, DeedKind, RuleLevel
from zhanggui.core.cases.guided import MAKES_SENSE, Step, StepKind
from zhanggui.core.cases.mapping import state_of
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act
from zhanggui.people import accounts
from zhanggui.people.permissions import Person, ShopId, operator
from zhanggui.records import automation_firings, deadlines, journal, notes, outbox
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import NoteAdded
from zhanggui.records.wakes import wake

ANSWER_BY: Mapping[StepKind, frozenset[Act]] = {
    StepKind.REFUSE: frozenset({Act.REFUSE}),
    StepKind.NEGOTIATE: frozenset({Act.OFFER_PARTIAL, Act.OFFER_RETURN, Act.ASK_BUYER}),
    StepKind.AGREE_GOODS: frozenset({Act.AGREE_EXCHANGE, Act.RESEND}),
    StepKind.AGREE_REFUND: frozenset({Act.AGREE_REFUND, Act.GIVE_AWAY, Act.CANCEL_SHIPPING_AND_REFUND, Act.REFUND_RETURN}),
}
"""The answers that a step is one of: where the advice bars all of them, the step is not made ready."""


class Firing(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that fires on a thing, at a level, with who has it done."""

    rule: AutoRule
    thing: Thing
    firing_no: int
    level: RuleLevel
    by: Person
    is_connected: bool


def money_moved(rule: AutoRule, thing: Thing) -> Fen:
    """How much money would leave with the rule's deeds."""
    wanted = {DEEDS[deed.act].act for deed in rule.do}
    return Fen(max((money_of(each.request) for each in thing.open_acts if each.kind in wanted), default=0))


def hindrance(rule: AutoRule, thing: Thing, levels: Mapping[ActKind, ActLevel]) -> str:
    """What the rule's deeds may be hindered by, in a word: where none of them could be done, it is tried again once this is another."""
    wanted = [act for deed in rule.do if (act := DEEDS[deed.act].act) is not None]
    noted = [f"note:{thing.note_under_way}"] if ActKind.ORDER_NOTE in wanted and thing.note_under_way is not None else []
    verdict = "" if thing.seen.verdict is None else thing.seen.verdict.act.value
    offered = {each.kind for each in thing.open_acts}
    return "/".join((verdict, *(f"{act.value}:{levels[act].value}:{act in offered}" for act in wanted), *noted))


def do_deeds(tx: Tx, house: House, shop_id: ShopId, firing: Firing, now: datetime) -> tuple[DeedDone, ...]:
    """What came of each deed, in their order."""
    return tuple(do_deed(tx, house, shop_id, firing, at, now) for at in range(len(firing.rule.do)))


def do_deed(tx: Tx, house: House, shop_id: ShopId, firing: Firing, at: int, now: datetime) -> DeedDone:
    """What came of one deed. What refuses it spoils nothing else of the firing."""
    deed = firing.rule.do[at]
    try:
        with tx.transaction():
            if DEEDS[deed.act].act is not None:
                return _outward(tx, house, shop_id, firing, at, now)
            if firing.level is not RuleLevel.ACT or deed.act is DeedKind.DRAFT:
                return DeedDone(at, deed.act, How.WAITS)
            return DeedDone(at, deed.act, How.DONE, no=_INSIDE[deed.act](tx, shop_id, firing, deed, now))
    except Refused as refusal:
        return DeedDone(at, deed.act, How.NOT_DONE, because=refusal.say)


def _outward(tx: Tx, house: House, shop_id: ShopId, firing: Firing, at: int, now: datetime) -> DeedDone:
    """An act of the door: announced, proposed, or left, by the lower of both levels."""
    deed = firing.rule.do[at]
    proposal = _proposed(firing.thing, deed)
    kind = proposal.kind
    limits = held_limits(tx, shop_id, kind, now)
    if limits.level is ActLevel.OFF:
        raise Refused(say("{act} is off in this shop. An owner can change that under Automatic handling.", act=kind))
    if not firing.is_connected:
        return DeedDone(at, deed.act, How.WAITS, because=say("The shop is not connected to the platform: do it in the back office."))
    goes_alone = firing.level is RuleLevel.ACT and limits.level is ActLevel.ACT and money_of(proposal.request) <= limits.most_money
    note = firing.thing.note_under_way if kind is ActKind.ORDER_NOTE else None
    if note is not None and not (goes_alone and _is_left_open(tx, shop_id, note) and _is_own(tx, shop_id, firing, note)):
        return DeedDone(at, deed.act, How.NOT_DONE, no=note, because=say("Another note on this order is under way (no. {act_no}).", act_no=note))
    standing = outbox.of_once(tx, shop_id, target_of(proposal.request).once)
    if standing is not None and not (goes_alone and _is_left_open(tx, shop_id, standing)):
        return DeedDone(at, deed.act, How.NOT_DONE, no=standing, because=_stands(standing))
    if goes_alone:
        return _announced(tx, house, shop_id, firing, at, proposal.request, now)
    return _suggested(tx, house, shop_id, firing, at, proposal, limits, now)


def _is_left_open(tx: Tx, shop_id: ShopId, act_no: int) -> bool:
    """Whether the act is only proposed, so that what is decided now takes its place."""
    act = outbox.one(tx, shop_id, act_no)
    return act is not None and act.is_left_open


def _is_own(tx: Tx, shop_id: ShopId, firing: Firing, act_no: int) -> bool:
    """Whether the act came from an earlier firing of the rule."""
    firing_no = automation_firings.firing_of_act(tx, shop_id, act_no)
    before = None if firing_no is None else automation_firings.one_firing(tx, shop_id, firing_no)
    return before is not None and before.rule_id == firing.rule.id


def _announced(tx: Tx, house: House, shop_id: ShopId, firing: Firing, at: int, request: Request, now: datetime) -> DeedDone:
    deed = firing.rule.do[at]
    todo = None if deed.act is DeedKind.ORDER_NOTE else firing.thing.seen.todo
    key = _key(firing, at)
    no = decide(tx, house, operator("worker"), shop_id, request, now, key=key, todo=todo, by_itself=True)
    _link(tx, shop_id, firing, no, key)
    return DeedDone(at, deed.act, How.ANNOUNCED, no=no)


def _suggested(tx: Tx, house: House, shop_id: ShopId, firing: Firing, at: int, proposal: Proposal, limits: Limits, now: datetime) -> DeedDone:
    deed = firing.rule.do[at]
    if limits.level is ActLevel.ACT and proposal.by_itself and money_of(proposal.request) <= limits.most_money:
        # a proposal that waits for a person would stand in the way of what the house does by itself, in time
        raise Refused(say("The house does this by itself in this shop."))
    todo = None if deed.act is DeedKind.ORDER_NOTE else firing.thing.seen.todo
    because = say("The automation rule {rule} suggests it.", rule=firing.rule.title)
    key = _key(firing, at)
    no = suggest(tx, house, shop_id, proposal.request, now, key=key, todo=todo, because=because)
    _link(tx, shop_id, firing, no, key)
    return DeedDone(at, deed.act, How.PROPOSED, no=no)


def _key(firing: Firing, at: int) -> str:
    return f"automation/{firing.firing_no}/{at}"


def _link(tx: Tx, shop_id: ShopId, firing: Firing, no: int, key: str) -> None:
    """Raises Refused where the act is another's, which came first in this very moment."""
    if outbox.of_key(tx, shop_id, key) != no:
        raise Refused(_stands(no))
    automation_firings.link_act(tx, shop_id, no, firing.firing_no)


def _stands(act_no: int) -> Say:
    return say("It is under way already, or done (no. {act_no}).", act_no=act_no)


def _proposed(thing: Thing, deed: Deed) -> Proposal:
    """The act as it would be sent. Raises Refused where the verdict leaves no such act open."""
    if deed.act is DeedKind.ORDER_NOTE:
        return _note(thing, deed)
    found = next((each for each in thing.open_acts if each.kind is DEEDS[deed.act].act), None)
    if found is None:
        act = "" if thing.seen.verdict is None else thing.seen.verdict.act
        raise Refused(say("This is not open now, by the law, the shop's terms or the state of the thing. The verdict is: {act}.", act=act))
    return found


def _note(thing: Thing, deed: Deed) -> Proposal:
    order = thing.seen.order
    if order is None:
        raise Refused(say("Nobody has told of the order."))
    before = (order.seller_note or "").strip()
    if deed.text.strip() in before:
        raise Refused(say("The note stands there already."))
    request = NoteOrder(order_no=order.order_no, note=f"{before} {deed.text.strip()}".strip())
    return Proposal(ActKind.ORDER_NOTE, request, grounds_of(request, order, None), by_itself=False)


def _assign(tx: Tx, shop_id: ShopId, firing: Firing, deed: Deed, now: datetime) -> int | None:
    told = firing.thing.row
    row = deadlines.one(tx, shop_id, told.subject, told.deadline().kind, lock=True)
    account = accounts.by_login(tx, deed.to)
    if row is None or row.band is None or account is None:
        raise Refused(say("That person has no part in this shop."))
    if row.assignee == account.person_id:
        raise Refused(say("They have the to-do already."))
    hand_on(tx, firing.by, shop_id, row, account.person_id, firing.rule.title, now)
    return None


def _remark(tx: Tx, shop_id: ShopId, firing: Firing, deed: Deed, now: datetime) -> int | None:
    row = firing.thing.row
    if any(note.text.strip() == deed.text.strip() for note in notes.of_subject(tx, shop_id, row.subject_kind, row.subject_no)):
        raise Refused(say("The note stands there already."))
    note_id = notes.insert(tx, shop_id, row.subject_kind, row.subject_no, deed.text.strip(), firing.by.person_id, now)
    journal.write(tx, shop_id, NoteAdded(note_id), at=now, by=firing.by.person_id, subject_kind=row.subject_kind, subject_no=row.subject_no)
    wake(tx, shop_id, [row.order_no] if row.order_no else ())
    return note_id


def _alert(tx: Tx, shop_id: ShopId, firing: Firing, deed: Deed, now: datetime) -> int | None:
    row = firing.thing.row.deadline()
    matter = Matter(
        kind=row.kind,
        subject=row.subject,
        act=say("{rule}: {words}", rule=firing.rule.title, words=deed.text.strip()),
        because=say("The automation rule {rule} fired.", rule=firing.rule.id),
        due_at=row.due_at,
        money=row.at_risk,
        assignee=firing.thing.row.assignee,
        is_watched=True,
    )
    return raise_alert(tx, shop_id, matter, now)


def _step(tx: Tx, shop_id: ShopId, firing: Firing, deed: Deed, now: datetime) -> int | None:
    seen = firing.thing.seen
    case, kind = seen.case, deed.step
    if case is None or case.order_no is None or kind is None:
        raise Refused(say("The case names no order, so that nothing can be done for it here."))
    if kind in MAKES_SENSE and state_of(case, seen.known) not in MAKES_SENSE[kind]:
        raise Refused(say("This cannot be done in the state the case is in. Look at it again."))
    barred = _barred(firing.thing, kind)
    if barred is not None:
        raise Refused(barred)
    row = firing.thing.row
    step = Step(
        kind=kind,
        order_no=case.order_no,
        case_no=case.case_no,
        title=say("{rule} (by a rule of the shop)", rule=firing.rule.title),
        because=(say("The automation rule {rule} fired.", rule=firing.rule.id),),
        form=deed.text.strip(),
        due_at=row.due_at,
        due_rule=row.rule,
    )
    return open_step(tx, firing.by, shop_id, step, now)


def _barred(thing: Thing, kind: StepKind) -> Say | None:
    """Why none of the answers that the step is one of is open by the advice; None where one is, or nothing was weighed."""
    weighed = () if thing.seen.verdict is None else thing.seen.verdict.weighed
    told = [each for each in weighed if each.act in ANSWER_BY.get(kind, frozenset())]
    if not weighed or kind not in ANSWER_BY or any(each.barred is None for each in told):
        return None
    return next((each.barred for each in told if each.barred is not None), say("The advice knows no such answer to this case."))


_INSIDE: Mapping[DeedKind, Callable[[Tx, ShopId, Firing, Deed, datetime], int | None]] = {
    DeedKind.ASSIGN: _assign,
    DeedKind.REMARK: _remark,
    DeedKind.ALERT: _alert,
    DeedKind.STEP: _step,
}
