"""Measures, promises, notices to buyers, and the rules that hold."""

from datetime import date

import msgspec
from litestar import get
from litestar.params import FromQuery
from litestar.response import Response

from zhanggui.actions.conversations.seeing import promise_ledger
from zhanggui.actions.measures import measures
from zhanggui.actions.notices.seeing import decided
from zhanggui.actions.rules import rules_seen
from zhanggui.api.asked import Asked, AtAsked, Cursor, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.units import At, MaybeAt, NextCursor
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.notices.steps import NoticeState
from zhanggui.core.rules import Rule
from zhanggui.words import Language


class MeasureOut(msgspec.Struct, frozen=True, kw_only=True):
    """A measure with what it was counted from. `value` is null where nothing counts."""

    measure: str
    value: float | None
    numerator: int
    denominator: int
    unit: str
    """rate, stars, count, or mean_hours, whose numerator is in seconds."""
    rule: str
    since: date | None
    until: date | None
    lag_days: int | None


class MeasuresOut(msgspec.Struct, frozen=True):
    """The shop's measures."""

    measures: tuple[MeasureOut, ...]


class PromiseRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was promised to a buyer, and where it stands."""

    promise_no: int
    order_no: str | None
    kind: str
    words: str
    rep: str
    promised_at: MaybeAt
    due_at: MaybeAt
    stands: str
    done_at: MaybeAt


class PromisesOut(msgspec.Struct, frozen=True):
    """Promises, the newest first."""

    promises: tuple[PromiseRow, ...]
    next_cursor: NextCursor


class NoticeOut(msgspec.Struct, frozen=True, kw_only=True):
    """What a buyer is told before they ask."""

    order_no: str
    step: str
    stands: str
    said: str
    promise_at: MaybeAt
    released_at: At
    moved_at: At
    way: str | None


class NoticesOut(msgspec.Struct, frozen=True):
    """Notices in one state, the latest first."""

    notices: tuple[NoticeOut, ...]
    next_cursor: NextCursor


class RuleOut(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one rule, and what it rests on."""

    rule: str
    question: str
    title: str
    effective_from: At
    effective_until: MaybeAt
    basis: str
    grade: str
    source: str
    is_override: bool


class RulesOut(msgspec.Struct, frozen=True):
    """The rules in force now, the shop's own among them."""

    rules: tuple[RuleOut, ...]


@get("/measures", sync_to_thread=True, opt={NEEDS: Scope.MEASURES_READ})
def list_measures(asked: AtAsked) -> Response[MeasuresOut]:
    """The shop's measures, each with what it was counted from. What waits to be counted is counted first."""
    found = measures(asked.house, asked.by, asked.shop_id, asked.now)
    told = tuple(
        MeasureOut(
            measure=name,
            value=each.value,
            numerator=each.numerator,
            denominator=each.denominator,
            unit=str(each.unit),
            rule=each.rule,
            since=each.since,
            until=each.until,
            lag_days=each.lag_days,
        )
        for name, each in found.items()
    )
    return asked.told(MeasuresOut(told))


@get("/promises", sync_to_thread=True, opt={NEEDS: Scope.PROMISES_READ})
def list_promises(asked: AtAsked, cursor: Cursor = "", limit: Limit = 50) -> Response[PromisesOut]:
    """What was promised to buyers, the newest first."""
    ledger = promise_ledger(asked.house, asked.by, asked.shop_id, asked.now, cursor=cursor or None, limit=limit)
    told = tuple(
        PromiseRow(
            promise_no=row.promise_no,
            order_no=row.order_no,
            kind=row.kind,
            words=row.words,
            rep=row.rep,
            promised_at=row.promised_at,
            due_at=row.due_at,
            stands=row.state,
            done_at=row.done_at,
        )
        for row in ledger.rows
    )
    return asked.told(PromisesOut(told, ledger.next_cursor))


@get("/notices", sync_to_thread=True, opt={NEEDS: Scope.NOTICES_READ})
def list_notices(asked: AtAsked, stands: FromQuery[NoticeState] = NoticeState.RELEASED, cursor: Cursor = "", limit: Limit = 50) -> Response[NoticesOut]:
    """What buyers are told before they ask, in one state. Nothing is sent by asking."""
    page = decided(asked.house, asked.by, asked.shop_id, stands, cursor=cursor or None, limit=limit)
    told = tuple(
        NoticeOut(
            order_no=each.row.order_no,
            step=each.row.step,
            stands=each.row.state,
            said=each.row.said,
            promise_at=each.row.promise_at,
            released_at=each.row.released_at,
            moved_at=each.row.moved_at,
            way=each.row.way,
        )
        for each in page.rows
    )
    return asked.told(NoticesOut(told, page.next_cursor))


@get("/rules", sync_to_thread=True, opt={NEEDS: Scope.RULES_READ})
def list_rules(asked: AtAsked) -> Response[RulesOut]:
    """The rules that are in force now, each with its source."""
    found = rules_seen(asked.house, asked.by, asked.shop_id)
    return asked.told(RulesOut(tuple(_rule(asked, rule) for rule in found if rule.holds_at(asked.now) and not rule.is_rival)))


def _rule(asked: Asked, rule: Rule) -> RuleOut:
    return RuleOut(
        rule=rule.cite,
        question=rule.question.value,
        title=rule.title.zh if asked.words.language is Language.ZH_HANS else rule.title.en,
        effective_from=rule.effective_from,
        effective_until=rule.effective_until,
        basis=rule.basis.value,
        grade=rule.grade.value,
        source=rule.source,
        is_override=rule.is_override,
    )


route_handlers = (list_measures, list_promises, list_notices, list_rules)
