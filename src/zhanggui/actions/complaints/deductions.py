"""Deductions that the rules do not bear out become complaints, each with what speaks against it."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.complaints.opening import Complaint, open_complaint
from zhanggui.actions.deductions import CheckedDeduction, check_deductions
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.bill import Judgment
from zhanggui.core.complaints.states import ComplaintKind
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import complaints, locks
from zhanggui.records.db import Tx, transact

SHOWN_DAYS = 90
MOST_AT_ONCE = 100


class WrongDeduction(msgspec.Struct, frozen=True, kw_only=True):
    """A deduction that should not have been, or not that high; and its complaint where it has one."""

    order_no: str
    line_no: str
    finding: str
    charged: Fen
    too_much: Fen
    at: datetime | None
    because: tuple[Say, ...]
    check: tuple[Say, ...]
    complaint_no: int | None


def wrong_deductions(house: House, by: Person, shop_id: ShopId, now: datetime) -> tuple[WrongDeduction, ...]:
    """The wrong ones of the last ninety days, the largest first."""
    wrong = [each for each in _wrong(house, by, shop_id, now) if each.order_no]
    with house.pool.connection() as tx:
        rows = complaints.of_orders(tx, shop_id, sorted({each.order_no for each in wrong if each.order_no}))
    listed = {row.ref: row.complaint_no for row in rows if row.kind == ComplaintKind.WRONG_DEDUCTION.value}
    found = [_seen(each, listed) for each in wrong]
    return tuple(sorted(found, key=lambda each: (each.complaint_no is not None, -each.too_much, each.line_no)))


def take_deductions(house: House, by: Person, shop_id: ShopId, line_nos: tuple[str, ...], now: datetime) -> int:
    """Puts these deductions onto the register; how many were. Raises Refused where one is none of the wrong ones."""
    by.need(Permission.COMPLAINTS_WRITE, shop_id)
    if not 1 <= len(line_nos) <= MOST_AT_ONCE:
        raise Refused(say("Tick 1 to {most} deductions.", most=MOST_AT_ONCE))
    wrong = {each.line_no: each for each in wrong_deductions(house, by, shop_id, now)}
    if any(no not in wrong for no in line_nos):
        raise Refused(say("This deduction is no longer judged to be wrong. Look at the list again."))

    def work(tx: Tx) -> int:
        locks.share_shop(tx, shop_id)
        for no in line_nos:
            open_complaint(tx, house, by, shop_id, _complaint(wrong[no]), now)
        return len(line_nos)

    return transact(house.pool, work)


def _wrong(house: House, by: Person, shop_id: ShopId, now: datetime) -> tuple[CheckedDeduction, ...]:
    return check_deductions(house, by, shop_id, since=now - timedelta(days=SHOWN_DAYS)).of(Judgment.WRONG)


def _seen(each: CheckedDeduction, listed: dict[str, int]) -> WrongDeduction:
    judged = each.judged
    deduction = judged.deduction
    return WrongDeduction(
        order_no=each.order_no or "",
        line_no=deduction.line_no,
        finding=deduction.finding,
        charged=deduction.charged,
        too_much=judged.too_much,
        at=deduction.at,
        because=judged.because,
        check=judged.check,
        complaint_no=listed.get(deduction.line_no),
    )


def _complaint(wrong: WrongDeduction) -> Complaint:
    because = wrong.because[0] if wrong.because else say("The rules do not bear the deduction out.")
    return Complaint(
        kind=ComplaintKind.WRONG_DEDUCTION,
        order_no=wrong.order_no,
        because=because,
        at_stake=wrong.too_much,
        noticed_at=wrong.at,
        ref=wrong.line_no,
    )
