"""What is wrong with the returns of a case, judged anew whenever its count changes: what one parcel lacked another may bring.

What is wrong stands on the list of what is to be complained about as long as it holds, and no longer.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.complaints import Complaint, ComplaintKind, open_complaint
from zhanggui.actions.complaints.stepping import drop_unfiled, restake
from zhanggui.actions.house import House
from zhanggui.actions.returns.known import as_complained, as_counted, ceiling_for
from zhanggui.core.complaints.states import ComplaintState
from zhanggui.core.facts import AftersaleFacts, AftersaleKind
from zhanggui.core.money import Fen
from zhanggui.core.returns.troubles import Trouble, at_stake, troubles_of
from zhanggui.core.say import say
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import around, complaints, returns
from zhanggui.records.db import Tx
from zhanggui.records.returns import ReturnRow, ReturnState

_AGAINST = {
    Trouble.EMPTY: say("The return parcel was empty."),
    Trouble.WRONG: say("Other goods came back than were sent."),
    Trouble.SHORT: say("Less came back than the money asked for is worth."),
    Trouble.UNSALEABLE: say("What came back is not fit for sale."),
}
"""What is complained about."""


def judge(tx: Tx, house: House, by: Person, shop_id: ShopId, case: AftersaleFacts, now: datetime) -> None:
    """Judges everything that was counted for the case by what came back of it in all."""
    standing = returns.of_cases(tx, shop_id, [case.case_no])
    rows = [row for row in standing if row.state == ReturnState.COUNTED]
    if not rows:
        return
    ceiling = ceiling_for(tx, shop_id, case)
    pieces = returns.pieces(tx, shop_id, [row.return_no for row in rows])
    found = {}
    for row in rows:
        counted = tuple(as_counted(piece) for piece in pieces.get(row.return_no, ()))
        found[row.return_no] = troubles_of(case, counted, ceiling, as_complained=as_complained(tx, shop_id, case, counted))
    is_waived = any(row.state == ReturnState.WAIVED for row in standing)
    stake = None if is_waived else at_stake(case, ceiling)
    bearer = _bearer(tx, shop_id, [row for row in rows if Trouble.SHORT in found[row.return_no]])
    for row in rows:
        grounds = tuple(each for each in found[row.return_no] if each is not Trouble.SHORT or row.return_no == bearer)
        _keep(tx, row, found[row.return_no], _complaint_no(tx, house, by, shop_id, row, grounds, stake, now))


def judge_around(tx: Tx, house: House, by: Person, shop_id: ShopId, row: ReturnRow, now: datetime) -> None:
    """Judges whatever this return counts for: its case, or where it has none the returns of its order; by itself it is no matter of a complaint then."""
    if row.case_no is None and row.state == ReturnState.COUNTED:
        pieces = returns.pieces(tx, shop_id, [row.return_no]).get(row.return_no, [])
        _keep(tx, row, troubles_of(None, [as_counted(piece) for piece in pieces], None), None)
    for case in cases_of(tx, shop_id, row):
        judge(tx, house, by, shop_id, case, now)


def cases_of(tx: Tx, shop_id: int, row: ReturnRow) -> list[AftersaleFacts]:
    """The case a return was counted for; where none was known then, the returns of its order."""
    if row.case_no is not None:
        return [known.facts for known in around.cases_by_no(tx, shop_id, [row.case_no]).values()]
    listed = around.cases(tx, shop_id, [row.order_no]).get(row.order_no, ()) if row.order_no is not None else ()
    return [known.facts for known in listed if known.facts.kind is AftersaleKind.RETURN_AND_REFUND]


def _bearer(tx: Tx, shop_id: ShopId, short: Sequence[ReturnRow]) -> int | None:
    """The one return for which it is complained that the case lacks something: that of a complaint that goes on, else that of one dropped, else the latest."""
    about = {each.complaint_no: each for each in complaints.locked(tx, shop_id, [row.complaint_no for row in short if row.complaint_no is not None])}
    told = [row for row in short if row.complaint_no in about and about[row.complaint_no].because == _AGAINST[Trouble.SHORT]]
    going_on = [row for row in told if about[row.complaint_no or 0].state != ComplaintState.DROPPED]
    return next((row.return_no for row in (*going_on, *told, *short[::-1])), None)


def _complaint_no(
    tx: Tx, house: House, by: Person, shop_id: ShopId, row: ReturnRow, grounds: tuple[Trouble, ...], stake: Fen | None, now: datetime
) -> int | None:
    """The complaint that stands for this return: what its ground fell away of is dropped; what a person filed or dropped stays as it is.

    Without a `stake` nothing new is begun: somebody decided to pay all the same.
    """
    for standing in complaints.locked(tx, shop_id, [] if row.complaint_no is None else [row.complaint_no]):
        if standing.state == ComplaintState.TO_FILE and (not grounds or standing.because != _AGAINST[grounds[0]]):
            drop_unfiled(tx, house, by, shop_id, standing.complaint_no, now)
            continue
        if stake is not None:
            restake(tx, house, by, shop_id, standing.complaint_no, stake, now)
        return row.complaint_no
    if stake is None or not grounds or row.order_no is None or row.order_no not in around.orders(tx, shop_id, [row.order_no]):
        return None
    # the same return may be complained about once more, on another ground
    ref = f"{row.return_no}/{row.version}" if row.version else str(row.return_no)
    complaint = Complaint(
        kind=ComplaintKind.ABNORMAL_RETURN, order_no=row.order_no, case_no=row.case_no, because=_AGAINST[grounds[0]], at_stake=stake, ref=ref
    )  # fmt: skip
    return open_complaint(tx, house, by, shop_id, complaint, now)


def _keep(tx: Tx, row: ReturnRow, troubles: tuple[Trouble, ...], complaint_no: int | None) -> None:
    after = msgspec.structs.replace(row, troubles=[trouble.value for trouble in troubles], complaint_no=complaint_no)
    if after != row:
        returns.save(tx, after)
