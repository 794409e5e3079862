"""After-sales cases, each with what is advised and why."""

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from zhanggui.actions.advice.seeing import CaseSeen, case_seen
from zhanggui.actions.aftersales import cases
from zhanggui.api.asked import Asked, AtAsked, Cursor, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.deadlines import DeadlineOut, VerdictOut, deadline_out, verdict_out
from zhanggui.api.units import FenOut, Masked, MaybeAt, MaybeFen, NextCursor
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState


class CaseOut(msgspec.Struct, frozen=True, kw_only=True):
    """One after-sales case as its sources tell it."""

    case_no: str
    order_no: str | None
    kind: str | None
    state: str | None
    state_text: str | None
    reason: str | None
    applied_at: MaybeAt
    agreed_at: MaybeAt
    updated_at: MaybeAt
    expire_at: MaybeAt
    order_amount_fen: MaybeFen
    refund_amount_fen: MaybeFen
    return_carrier: str | None
    return_tracking_no: str | None
    buyer: Masked
    has_joined: bool | None
    """Whether the platform has stepped in."""


class ListedCase(msgspec.Struct, frozen=True):
    """A case and its most urgent open deadline."""

    case: CaseOut
    deadline: DeadlineOut | None


class CasesOut(msgspec.Struct, frozen=True):
    """Cases, the newest application first."""

    cases: tuple[ListedCase, ...]
    next_cursor: NextCursor


class AnswerWeighed(msgspec.Struct, frozen=True, kw_only=True):
    """One lawful answer to the case, and what it is expected to cost the shop."""

    act: str
    cost_fen: FenOut
    amount_fen: MaybeFen
    barred: str | None
    """Why it is not for this shop; null where it is."""


class WholeCase(msgspec.Struct, frozen=True, kw_only=True):
    """One case with the advice on it."""

    case: CaseOut
    as_of: MaybeAt
    deadline: DeadlineOut | None
    verdict: VerdictOut
    answers: tuple[AnswerWeighed, ...]
    link: str | None


@get("/cases", sync_to_thread=True, opt={NEEDS: Scope.CASES_READ})
def list_cases(
    asked: AtAsked,
    stands: FromQuery[AftersaleState | None] = None,
    kind: FromQuery[AftersaleKind | None] = None,
    number: FromQuery[str] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response[CasesOut]:
    """After-sales cases; `number` looks one up by case or order and stands alone."""
    page = cases(asked.house, asked.by, asked.now, shop_ids=[asked.shop_id], state=stands, kind=kind, query=number or None, cursor=cursor or None, limit=limit)
    rows = tuple(ListedCase(_case(row.case), None if row.deadline is None else deadline_out(asked, row.deadline)) for row in page.rows)
    return asked.told(CasesOut(rows, page.next_cursor))


@get("/cases/{case_no:str}", sync_to_thread=True, opt={NEEDS: Scope.CASES_READ})
def one_case(asked: AtAsked, case_no: FromPath[str]) -> Response[WholeCase]:
    """One case, what is advised, and every lawful answer with its expected cost. Nothing is sent."""
    return asked.told(_whole(asked, case_seen(asked.house, asked.by, asked.shop_id, case_no, asked.now)))


def _whole(asked: Asked, seen: CaseSeen) -> WholeCase:
    answers = tuple(
        AnswerWeighed(act=each.act.value, cost_fen=each.cost, amount_fen=each.amount, barred=asked.said(each.barred)) for each in seen.verdict.weighed
    )
    return WholeCase(
        case=_case(seen.case),
        as_of=seen.as_of,
        deadline=None if seen.todo is None else deadline_out(asked, seen.todo.deadline),
        verdict=verdict_out(asked, seen.verdict),
        answers=answers,
        link=seen.link,
    )


def _case(case: AftersaleFacts) -> CaseOut:
    return CaseOut(
        case_no=case.case_no,
        order_no=case.order_no,
        kind=case.kind,
        state=case.state,
        state_text=case.state_text,
        reason=case.reason,
        applied_at=case.applied_at,
        agreed_at=case.agreed_at,
        updated_at=case.updated_at,
        expire_at=case.expire_at,
        order_amount_fen=case.order_amount,
        refund_amount_fen=case.refund_amount,
        return_carrier=case.return_carrier,
        return_tracking_no=case.return_tracking_no,
        buyer=case.buyer_masked,
        has_joined=case.has_joined,
    )


route_handlers = (list_cases, one_case)
