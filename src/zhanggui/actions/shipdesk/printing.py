"""The labels of a batch are printed, by papers of our own or by another tool; its pick list and packing slips are made."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.dispatching import may_print, not_printed, printed
from zhanggui.actions.dispatching.printing import is_counted
from zhanggui.actions.house import House
from zhanggui.actions.papers.making import Made, Wanted, make_papers
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import BatchLine, batch_view
from zhanggui.core.batches import Step
from zhanggui.core.dispatch import PrintedPaper, StepOutcome
from zhanggui.core.say import say
from zhanggui.papers.shapes import Paper
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records.ship_batches import Batch


class PrintedBatch(msgspec.Struct, frozen=True, kw_only=True):
    """What came out of the printer, and what did not, with the reason."""

    made: Made | None
    refused: tuple[StepOutcome, ...]


def print_batch(house: House, by: Person, shop_id: ShopId, batch_no: int, papers: Wanted, now: datetime, wall: datetime) -> PrintedBatch:
    """The labels of all parcels of the batch that have a number and may be printed. From here on each counts as printed: a paper of it is about.

    Raises Refused where not one can be printed.
    """
    by.need(Permission.PAPERS_PRINT, shop_id)
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    ready = {line.batch_row.order_no: line for line in view.ready}
    if not ready:
        raise Refused(say("No order of this batch has a number yet. Write the numbers down first."))
    asked = may_print(house, by, shop_id, list(ready), now, wall)
    let = [outcome.order_no for outcome in asked if outcome.done]
    refused = [outcome for outcome in asked if not outcome.done]
    if not let:
        return PrintedBatch(made=None, refused=tuple(refused))
    together = _together([ready[no] for no in let])
    made = _papers(house, by, shop_id, papers, [ready[no] for no in together], together, let, now)
    done = {no for each in made.orders for no in (each.order_no, *together[each.order_no])}
    refused += [StepOutcome(each.order_no, done=False, why=each.because) for each in made.not_made]
    not_printed(house, by, shop_id, [no for no in let if no not in done], now)
    on_paper = [paper for no in let if no in done for paper in _labels_of(ready[no], view.batch)]
    outcomes = printed(house, by, shop_id, on_paper, now, batch_no=batch_no)
    refused += [outcome for outcome in outcomes if not outcome.done]
    return PrintedBatch(made=made, refused=tuple(refused))


def mark_printed(house: House, by: Person, shop_id: ShopId, batch_no: int, now: datetime, wall: datetime) -> tuple[StepOutcome, ...]:
    """The labels were printed elsewhere, by a printing tool: what may leave counts as printed, and what may not is named with its reason.

    What was counted as it came back stays as it is: its goods lie on the shelf, and would be put there once more.
    """
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    ready = {line.batch_row.order_no: line for line in view.ready}
    if not ready:
        raise Refused(say("No order of this batch has a number yet. Write the numbers down first."))
    asked = may_print(house, by, shop_id, list(ready), now, wall)
    counted = {each.order_no for each in asked if is_counted(each)}
    # a label that lies there lies there: what may not leave goes on the destroy list with it
    papers = [paper for no, line in ready.items() if no not in counted for paper in _labels_of(line, view.batch)]
    outcomes = (*printed(house, by, shop_id, papers, now, batch_no=batch_no), *(each for each in asked if each.order_no in counted))
    why = {outcome.order_no: outcome.why for outcome in asked if not outcome.done}
    return tuple(msgspec.structs.replace(each, done=each.done and each.order_no not in why, why=each.why or why.get(each.order_no)) for each in outcomes)


def sheets(house: House, by: Person, shop_id: ShopId, batch_no: int, papers: Wanted, now: datetime) -> Made:
    """The pick list or the packing slips of a batch. Raises Refused where nothing can be made."""
    view = batch_view(house, by, shop_id, batch_no, now)
    if view is None:
        raise Refused(say("There is no such batch."))
    if papers.paper is Paper.LABEL:
        raise Refused(say("Labels are printed with their numbers."))
    nos = tuple(line.batch_row.order_no for line in view.lines if line.row is not None and line.row.kept is None and line.row.step in _TO_PICK)
    return make_papers(house, by, shop_id, msgspec.structs.replace(papers, order_nos=nos), now)


_TO_PICK = frozenset({Step.BATCH.value, Step.PACK.value})


def _papers(
    house: House,
    by: Person,
    shop_id: ShopId,
    papers: Wanted,
    firsts: Sequence[BatchLine],
    together: Mapping[str, tuple[str, ...]],
    let: Sequence[str],
    now: datetime,
) -> Made:
    """One label a parcel, on the first of its orders. Where nothing comes out, nothing counts as let out to the printer."""
    numbers = {line.batch_row.order_no: (line.batch_row.carrier or "", line.batch_row.tracking_no or "") for line in firsts}
    parts = {line.batch_row.order_no: line.labels for line in firsts if line.further}
    told = msgspec.structs.replace(papers.told, numbers=numbers, parts=parts, together=together)
    try:
        return make_papers(house, by, shop_id, msgspec.structs.replace(papers, paper=Paper.LABEL, order_nos=tuple(numbers), told=told), now)
    except Refused:
        not_printed(house, by, shop_id, let, now)
        raise


def _together(lines: Sequence[BatchLine]) -> dict[str, tuple[str, ...]]:
    """By the order that bears its label the others that lie in each parcel. One label is for a parcel under a number: an order that came back to its parcel
    after the others had their number has one of its own, and one that goes in several parcels lies in them alone.
    """
    found: dict[tuple[int, str | None, str], list[str]] = {}
    for line in lines:
        row = line.batch_row
        found.setdefault((row.parcel, row.tracking_no if line.waits else None, row.order_no if line.further else ""), []).append(row.order_no)
    return {nos[0]: tuple(nos[1:]) for nos in found.values()}


def _labels_of(line: BatchLine, batch: Batch) -> list[PrintedPaper]:
    """The labels of an order that come out: its own, and those of its further parcels."""
    return [PrintedPaper(line.batch_row.order_no, label.carrier or batch.carrier, label.number, label.nth) for label in line.labels]
