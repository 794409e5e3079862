"""Before a label is printed and after it was: the slot that is opened, and the paper that came out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.actions.dispatching.asking import step_asking
from zhanggui.actions.dispatching.fresh import freshened, minding
from zhanggui.actions.house import House
from zhanggui.actions.interlock.stepping import Changed, Standing, refusing, step
from zhanggui.actions.reckoning import Reckoning, touch_orders
from zhanggui.actions.renumbering.beginning import begin_changes
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.dispatch import Dispatch, DispatchEvent, DispatchState, PrintedPaper, StepOutcome
from zhanggui.core.dispatch.judging import not_to_print
from zhanggui.core.dispatch.moves import IN_THE_HOUSE, leads_on
from zhanggui.core.facts import AftersaleState, FurtherParcel, ParcelKind
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import dispatch_marks, ship_parts
from zhanggui.records.db import Tx

_OF_AN_EARLIER_LABEL = (
    *("packed_at", "packed_by", "weight_g", "handed_at", "handed_by", "destroyed_at", "destroyed_by", "recall_asked_at", "recalled_at", "recalled_by"),
    *("because", "halted_at"),
)
"""What a new label makes void."""
_OVER = frozenset({DispatchState.DESTROYED, DispatchState.RECALLED})
"""Where the labels of before are gone, those of further parcels among them."""


def may_print(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime, wall: datetime | None = None) -> tuple[StepOutcome, ...]:
    """Whether a label may be printed of each of these orders. Where it may, a slot is open from here: until `printed` or `not_printed` says what came out,
    a paper of it may be about, and no money goes back unseen. In a connected shop the platform is asked first, if the `wall` is told.
    """
    need = Permission.PAPERS_PRINT
    doubt = freshened(house, by, need, shop_id, order_nos, now, wall)

    def decides(standing: Standing, counted: Mapping[str, int]) -> Changed:
        why = standing.against or not_to_print(standing.dispatch, standing.known, by.person_id, now) or against_count(standing, counted)
        return refusing(why) if why else Changed(fields={"slot_at": now, "slot_by": by.person_id})

    return minding(step_asking(house, by, need, shop_id, order_nos, now, lambda tx, nos: dispatch_marks.counted(tx, shop_id, nos), decides), doubt)


def against_count(standing: Standing, counted: Mapping[str, int]) -> Say | None:
    """Why no label may be made of what was opened and counted: its goods would leave once more, and have been put back by the count.

    Not where money went back on it, which lets no count be taken back any more.
    """
    return_no = counted.get(standing.dispatch.order_no)
    if return_no is None or any(case.state is AftersaleState.REFUNDED for case in standing.known.cases):
        return None
    return say("Its goods were counted as they came back, as return {return_no}. Take that count back before a new label is printed.", return_no=return_no)


def is_counted(outcome: StepOutcome) -> bool:
    """Whether no label may be made since the goods were counted as they came back."""
    return outcome.why is not None and "return_no" in outcome.why.slots


def printed(
    house: House, by: Person, shop_id: ShopId, papers: Sequence[PrintedPaper], now: datetime, *, batch_no: int | None = None
) -> tuple[StepOutcome, ...]:
    """What is kept of labels that came out of the printer. A label exists now, whatever became of its order meanwhile: then it stands on the destroy list."""
    papers_of: dict[str, list[PrintedPaper]] = {}
    for paper in papers:
        papers_of.setdefault(paper.order_no, []).append(paper)
    further = [(paper.order_no, paper.tracking_no) for paper in papers if paper.part > 1 and paper.tracking_no]

    def decides(standing: Standing) -> Changed:
        return on_paper(standing, papers_of[standing.dispatch.order_no], by, now, batch_no)

    def then(tx: Tx, done: Sequence[str]) -> None:
        ship_parts.printed(tx, shop_id, further, now)
        renumbered = begin_changes(tx, by, shop_id, [paper for paper in papers if paper.order_no in done and paper.part == 1], now)
        touched = {*(no for no, _ in further), *renumbered}
        if touched:
            reckoning = Reckoning(tx, shop_id, rulebook_in(tx, house, shop_id), now)  # an order that is shipped by now has one parcel more
            reckoning.recompute(touch_orders(sorted(touched)))
            reckoning.finish()

    return step(house, by, Permission.PAPERS_PRINT, shop_id, list(papers_of), now, decides, then)


def printed_in(standing: Standing, paper: PrintedPaper, by: Person, now: datetime) -> Changed:
    """What a label that is just being made does to its order, in the transaction that decides whether it is made: it may still be refused."""
    why = standing.against or not_to_print(standing.dispatch, standing.known, by.person_id, now)
    return refusing(why) if why else on_paper(standing, [paper], by, now, standing.dispatch.batch_no)


def on_paper(standing: Standing, papers: Sequence[PrintedPaper], by: Person, now: datetime, batch_no: int | None) -> Changed:
    """The labels are there. Where the table has no such step (it left already, or is to be destroyed) the papers are more to be destroyed."""
    dispatch = standing.dispatch
    paper = next((each for each in papers if each.part == 1), None)
    fields = {
        "slot_at": None,
        "slot_by": None,
        "carrier": (paper.carrier if paper else None) or dispatch.carrier,
        "tracking_no": (paper.tracking_no if paper else None) or dispatch.tracking_no,
        "further": _further(dispatch, papers),
        "batch_no": batch_no if batch_no is not None else dispatch.batch_no,
        "printed_at": now,
        "printed_by": by.person_id,
    }
    if dispatch.state is DispatchState.PRINTED and dispatch.printed_at == now and dispatch.tracking_no == fields["tracking_no"] and paper is not None:
        return Changed(fields=fields)  # the making of the paper itself has said so in this very moment
    if paper is None and dispatch.state in IN_THE_HOUSE:
        return Changed(fields=fields | {"printed_at": dispatch.printed_at, "printed_by": dispatch.printed_by}, why=standing.against)
    if leads_on(dispatch.state, DispatchEvent.PRINT):
        return Changed(DispatchEvent.PRINT, fields | dict.fromkeys(_OF_AN_EARLIER_LABEL), why=standing.against)
    if dispatch.state is DispatchState.TO_DESTROY:
        return Changed(fields=fields, why=say("It stands on the destroy list: the label that came out has to be destroyed."), done=False)
    return Changed(why=say("It was handed to the carrier already: destroy the label that came out now."), done=False)


def _further(dispatch: Dispatch, papers: Sequence[PrintedPaper]) -> tuple[FurtherParcel, ...]:
    """The further parcels after these labels: those that still have one, and those that got one."""
    standing = {parcel.tracking_no: parcel for parcel in (dispatch.further if dispatch.state not in _OVER else ())}
    new = {paper.tracking_no: FurtherParcel(ParcelKind.EXTRA, paper.carrier, paper.tracking_no) for paper in papers if paper.part > 1 and paper.tracking_no}
    return tuple((standing | new).values())


def not_printed(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> tuple[StepOutcome, ...]:
    """The slots are closed: no label of these orders came out."""

    def decides(standing: Standing) -> Changed:
        dispatch = standing.dispatch
        if dispatch.slot_at is None:
            return Changed()
        closed = {"slot_at": None, "slot_by": None}
        if dispatch.state is DispatchState.TO_DESTROY and not dispatch.has_label:
            return Changed(DispatchEvent.NOT_PRINTED, closed | {"because": None, "halted_at": None})
        return Changed(fields=closed)

    return step(house, by, Permission.PAPERS_PRINT, shop_id, order_nos, now, decides)
