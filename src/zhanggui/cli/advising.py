"""`zhanggui advise`: the cheapest lawful answer to an after-sales case, from its facts alone."""

import sys
from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.advice import shop_terms
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_for
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc_or_none
from zhanggui.cli.shop_option import shop_of
from zhanggui.core.advice.advising import advise
from zhanggui.core.advice.case import CaseToAdvise
from zhanggui.core.say import say
from zhanggui.core.verdicts import Draft, Verdict, Weighed
from zhanggui.rulebook import load, scripts

_MOST = 1_000_000


class AdvisedMessage(msgspec.Struct, frozen=True):
    """A message drafted for the buyer, or the text for the platform's form."""

    script: str
    zh: str
    en: str


class CostPartShape(msgspec.Struct, frozen=True):
    """One part of an expected cost."""

    said: str
    fen: int


class AnswerShape(msgspec.Struct, frozen=True, kw_only=True):
    """One lawful answer: its expected cost, how that comes about, and why it is not for this shop, where it is not."""

    act: str
    cost_fen: int
    amount_fen: int | None
    barred: str | None
    parts: tuple[CostPartShape, ...]


class AdviceShape(msgspec.Struct, frozen=True, kw_only=True):
    """The advice on a case."""

    act: str
    headline: str
    because: tuple[str, ...]
    cites: tuple[str, ...]
    check: tuple[str, ...]
    confirm: bool
    until: datetime | None
    message: AdvisedMessage | None
    form: AdvisedMessage | None
    amount_fen: int | None
    alone: bool
    """Whether the shop's limits would let the house act without a person."""
    runner_up: str | None
    weighed: tuple[AnswerShape, ...]


@click.command("advise")
@click.option("--shop", "shop_name", metavar="NAME", help="Weigh by the terms and the rules of this shop; the house's defaults when left out.")
@click.option("--at", "at", metavar="MOMENT", help="Weigh as of this moment, such as 2026-11-20T10:00:00+08:00; now when left out.")
@click.option("--schema", "wants_schema", is_flag=True, help="Write the JSON schema of a case, and nothing else.")
@with_desk
def advise_command(desk: Desk, shop_name: str | None, at: str | None, wants_schema: bool) -> int:
    """Weigh a case, read as JSON from stdin, and say the cheapest lawful answer."""
    if wants_schema:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(msgspec.json.schema(CaseToAdvise))).decode() + "\n")
        return DONE
    case, now = _case(sys.stdin.buffer.read(_MOST)), _moment(at)
    if shop_name is None:
        book = load()
        verdict = advise(case, book.advice.terms, book, now, scripts=scripts())
    else:
        with desk.house() as house:
            shop_id = shop_of(house, desk.by, shop_name)
            verdict = advise(case, shop_terms(house, desk.by, shop_id, now), rulebook_for(house, shop_id), now, scripts=scripts())
    desk.document(_shape(desk, verdict))
    _show(desk, verdict)
    return DONE


def _case(text: bytes) -> CaseToAdvise:
    """The case in the text. Raises Refused, naming what is wrong with it."""
    try:
        case = msgspec.json.decode(text, type=CaseToAdvise)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise Refused(say("This is no case: {problem}. `zhanggui advise --schema` shows what one looks like.", problem=str(problem)[:200])) from None
    naive = [name for name in case.__struct_fields__ if isinstance(value := getattr(case, name), datetime) and value.tzinfo is None]
    if naive:
        raise Refused(say("{fields}: a moment needs its offset, such as 2026-11-20T10:00:00+08:00.", fields=", ".join(naive)))
    if case.refund_amount <= 0:
        raise Refused(say("refund_amount: give the sum the buyer asks for, in fen, more than 0."))
    return case


def _moment(at: str | None) -> datetime:
    if at is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused(say("{typed} is not a moment with its offset, such as 2026-11-20T10:00:00+08:00.", typed=at[:40]))
    return moment


def _shape(desk: Desk, verdict: Verdict) -> AdviceShape:
    return AdviceShape(
        act=verdict.act.value,
        headline=desk.said(verdict.headline),
        because=tuple(desk.said(each) for each in verdict.because),
        cites=verdict.cites,
        check=tuple(desk.said(each) for each in verdict.check),
        confirm=verdict.confirm,
        until=utc_or_none(verdict.until),
        message=_text(verdict.message),
        form=_text(verdict.form),
        amount_fen=verdict.amount,
        alone=bool(verdict.alone),
        runner_up=None if verdict.runner_up is None else verdict.runner_up.value,
        weighed=tuple(_answer(desk, each) for each in verdict.weighed),
    )


def _text(draft: Draft | None) -> AdvisedMessage | None:
    return None if draft is None else AdvisedMessage(draft.script, draft.zh, draft.en)


def _answer(desk: Desk, weighed: Weighed) -> AnswerShape:
    return AnswerShape(
        act=weighed.act.value,
        cost_fen=weighed.cost,
        amount_fen=weighed.amount,
        barred=None if weighed.barred is None else desk.said(weighed.barred),
        parts=tuple(CostPartShape(desk.said(line.said), line.fen) for line in weighed.lines),
    )


def _show(desk: Desk, verdict: Verdict) -> None:
    desk.lines([f"{verdict.act.value}: {desk.said(verdict.headline)}"])
    desk.lines([f"  - {desk.said(each)}" for each in verdict.because])
    desk.lines([f"{each.cost / 100:10.2f}  {each.act.value}{'' if each.barred is None else '  ✗ ' + desk.said(each.barred)}" for each in verdict.weighed])
