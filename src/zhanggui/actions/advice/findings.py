"""What a person found out about a case, which no source tells: whose fault it was, why there is no tracking, whether it is in stock, what the goods cost."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.returns.judging import judge
from zhanggui.core.advice.case import Fault, Trace
from zhanggui.core.advice.seat import Beside
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import advice, around, journal, locks, wakes
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.advice import CaseFoundOut

_MOST = 10_000_000_00


class FoundOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out; None: nobody knows."""

    fault: Fault | None = None
    trace: Trace = Trace.UNKNOWN
    threatens: bool | None = None
    in_stock: bool | None = None
    free_return: bool | None = None
    no_reason_exempt: bool | None = None
    same_picture_elsewhere: bool | None = None
    return_is_lost: bool | None = None
    is_lost: bool | None = None
    goods_cost: Fen | None = None
    missing_cost: Fen | None = None


def find_out(house: House, by: Person, shop_id: ShopId, case_no: str, found: FoundOut, now: datetime) -> None:
    """Keeps what was found out, in the place of what stood there. Raises NotAllowed for a case that is none, Refused for sums that are none."""
    by.need(Permission.CASES_WRITE, shop_id)
    for fen in (found.goods_cost, found.missing_cost):
        if fen is not None and not 0 <= fen <= _MOST:
            raise Refused(say("Give a sum from 0 to {most_fen}.", most_fen=Fen(_MOST)))

    def work(tx: Tx) -> None:
        locks.share_shop(tx, shop_id)
        before = _locked(tx, shop_id, case_no)
        told = msgspec.structs.asdict(found)
        told["return_is_lost"], told["is_lost"] = bool(found.return_is_lost), bool(found.is_lost)
        after = msgspec.structs.replace(before, **told)
        if after != before:
            fields = tuple(name for name in told if getattr(before, name) != getattr(after, name))
            _keep(tx, by, shop_id, case_no, after, fields, now)
            if "fault" in fields:
                _judge_returns(tx, house, by, shop_id, case_no, now)

    transact(house.pool, work)


def asked_buyer(house: House, by: Person, shop_id: ShopId, case_no: str, now: datetime) -> None:
    """Keeps that the buyer was asked what is wrong, now. Raises NotAllowed for a case that is none."""
    by.need(Permission.CASES_WRITE, shop_id)

    def work(tx: Tx) -> None:
        before = _locked(tx, shop_id, case_no)
        _keep(tx, by, shop_id, case_no, msgspec.structs.replace(before, asked_at=now), ("asked_at",), now)

    transact(house.pool, work)


def _locked(tx: Tx, shop_id: ShopId, case_no: str) -> Beside:
    if advice.case(tx, shop_id, case_no) is None:
        raise NotAllowed(Permission.CASES_WRITE.value)
    return advice.findings(tx, shop_id, [case_no]).get(case_no, Beside())


def _keep(tx: Tx, by: Person, shop_id: ShopId, case_no: str, after: Beside, fields: tuple[str, ...], now: datetime) -> None:
    advice.keep_findings(tx, shop_id, case_no, after, now, by.person_id)
    journal.write(tx, shop_id, CaseFoundOut(fields), at=now, by=by.person_id, subject_kind=SubjectKind.AFTERSALE.value, subject_no=case_no)
    row = advice.case(tx, shop_id, case_no)
    wakes.wake(tx, shop_id, [row.order_no] if row is not None and row.order_no else [])


def _judge_returns(tx: Tx, house: House, by: Person, shop_id: ShopId, case_no: str, now: datetime) -> None:
    """Whose fault it was tells whether what came back speaks against the buyer."""
    for known in around.cases_by_no(tx, shop_id, [case_no]).values():
        judge(tx, house, by, shop_id, known.facts, now)
