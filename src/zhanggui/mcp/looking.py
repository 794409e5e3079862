"""The tools that look. Each is one read of the house, shaped for an assistant."""

from datetime import timedelta

from zhanggui.actions.advice.seeing import case_seen
from zhanggui.actions.answers.giving import answers_for
from zhanggui.actions.conversations.seeing import promise_ledger
from zhanggui.actions.conversations.threading import thread_of, threads_listed
from zhanggui.actions.data_ages import data_ages
from zhanggui.actions.measures import measures as measures_of
from zhanggui.actions.orders import find as find_number
from zhanggui.actions.orders import order as order_of
from zhanggui.actions.parcels.lists import lasting, one_parcel
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_for
from zhanggui.actions.shops import shops_seen
from zhanggui.actions.today import settle
from zhanggui.actions.today import todo as todo_of
from zhanggui.actions.views import TodoItem
from zhanggui.core.answers import Answer
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.deadlines import Explanation
from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.measures.book import Formula
from zhanggui.core.moments import shanghai_day
from zhanggui.core.parcels.parcel import Parcel
from zhanggui.core.rules import Rule, Title
from zhanggui.core.say import say
from zhanggui.core.speech import Finding, check
from zhanggui.core.verdicts import Draft
from zhanggui.mcp import answers as out
from zhanggui.mcp.arguments import CaseIn, CheckTextIn, DraftsIn, FindIn, MeasuresIn, Nothing, OrderIn, ParcelIn, PromisesIn, RulesIn, TodoIn, WaitingIn
from zhanggui.mcp.caller import Caller
from zhanggui.rulebook import rule_to_data
from zhanggui.rulebook.measures import measure_book
from zhanggui.rulebook.speech import speech_book
from zhanggui.words import Language

_MOST_RULES = 40
_MOST_SCANS = 60


def shop(caller: Caller, _: Nothing) -> out.ShopOut:
    """The shop's name, the present moment, and how old its data are."""
    ages = data_ages(caller.house, caller.person, caller.now()).ages
    return out.ShopOut(
        _shop_name(caller), caller.now(), tuple(out.AgeOut(age.kind.value, age.as_of, age.is_stale) for age in ages if age.shop_id == caller.shop_id)
    )


def todo(caller: Caller, asked: TodoIn) -> out.TodosOut:
    """What to do next in the shop."""
    now = caller.now()
    settle(caller.house, (caller.shop_id,), now, wall=caller.wall())
    items = todo_of(caller.house, caller.person, caller.shop_id, now, asked.limit)
    return out.TodosOut(_shop_name(caller), now, tuple(_todo(caller, item) for item in items))


def find(caller: Caller, asked: FindIn) -> out.FindOut:
    """What bears a number."""
    found = find_number(caller.house, caller.person, asked.number)
    return out.FindOut(tuple(out.FoundOut(kind, no) for shop_id, kind, no in found if shop_id == caller.shop_id))


def order(caller: Caller, asked: OrderIn) -> out.OrderOut:
    """One order with its deadlines."""
    view = order_of(caller.house, caller.person, caller.shop_id, asked.order_no, caller.now())
    if view is None:
        raise Refused(say("The shop has no order {order_no}.", order_no=asked.order_no))
    told = view.order
    return out.OrderOut(
        order_no=told.order_no,
        as_of=view.as_of,
        stage=told.stage,
        refund=told.refund,
        title=told.title,
        spec=told.spec,
        quantity=told.quantity,
        pay_fen=told.pay_amount,
        receiver=told.receiver_masked,
        province=told.province,
        city=told.city,
        group_formed_at=told.group_formed_at,
        ship_by=told.ship_by,
        shipped_at=told.shipped_at,
        received_at=told.received_at,
        carrier=told.carrier,
        tracking_no=told.tracking_no,
        cases=tuple(map(_case_line, view.cases)),
        deadlines=tuple(_deadline(caller, explained) for explained in view.explanations),
        todo=tuple(_todo(caller, item) for item in view.todos),
    )


def case(caller: Caller, asked: CaseIn) -> out.CaseOut:
    """One after-sales case with what is advised."""
    seen = case_seen(caller.house, caller.person, caller.shop_id, asked.case_no, caller.now())
    told, verdict = seen.case, seen.verdict
    return out.CaseOut(
        case_no=told.case_no,
        order_no=told.order_no,
        kind=told.kind,
        state=told.state,
        reason=told.reason,
        refund_fen=told.refund_amount,
        applied_at=told.applied_at,
        as_of=seen.as_of,
        act=verdict.act,
        headline=caller.said(verdict.headline),
        because=caller.said_each(verdict.because),
        check=caller.said_each(verdict.check),
        cites=verdict.cites,
        until=verdict.until,
        amount_fen=verdict.amount,
        message=_message(verdict.message),
        weighed=tuple(
            out.AnswerOut(act=each.act, cost_fen=each.cost, amount_fen=each.amount, barred=None if each.barred is None else caller.said(each.barred))
            for each in verdict.weighed
        ),
        can_propose=tuple(each.kind.value for each in seen.proposals),
        todo=None if seen.todo is None else _todo(caller, seen.todo),
    )


def parcel(caller: Caller, asked: ParcelIn) -> out.ParcelOut:
    """One parcel and its way."""
    seen = one_parcel(caller.house, caller.person, caller.shop_id, asked.tracking_no, caller.now())
    if seen is None:
        raise Refused(say("The shop has no parcel {tracking_no}.", tracking_no=asked.tracking_no))
    return out.ParcelOut(
        tracking_no=seen.tracking_no,
        orders=tuple(_parcel(caller, each) for each in seen.parcels),
        scans=tuple(out.ScanOut(scan.at, masked_said(scan.text), scan.stage) for scan in seen.scans[:_MOST_SCANS]),
        chance_of_stall=None if seen.chance is None else round(seen.chance.p, 4),
    )


def measures(caller: Caller, asked: MeasuresIn) -> out.MeasuresOut:
    """The shop's measures."""
    now = caller.now()
    formulas = {formula.id: formula for formula in measure_book().in_force(shanghai_day(now))}
    counted = measures_of(caller.house, caller.person, caller.shop_id, now)
    unknown = [name for name in asked.ids if name not in counted]
    if unknown:
        raise Refused(say("There is no measure {ids}. There are: {known}.", ids=", ".join(unknown), known=", ".join(counted)))
    return out.MeasuresOut(
        tuple(
            out.MeasureOut(
                id=name,
                title=_measure_title(caller, name, formulas.get(name)),
                value=each.value,
                numerator=each.numerator,
                denominator=each.denominator,
                unit=each.unit,
                since=each.since,
                until=each.until,
                lag_days=each.lag_days,
                rule=each.rule,
            )
            for name, each in counted.items()
            if not asked.ids or name in asked.ids
        )
    )


def rules(caller: Caller, asked: RulesIn) -> out.RulesOut:
    """The rules in force, or one of them explained."""
    book, moment = rulebook_for(caller.house, caller.shop_id), asked.at or caller.now()
    in_force = {rule.cite for rule in book.everything_in_force(moment)}
    if asked.cite:
        found = [rule for rule in book.all if asked.cite in (rule.id, rule.cite)]
        if not found:
            raise Refused(say("There is no rule {rule}.", rule=asked.cite))
    else:
        wanted = asked.text.casefold()
        found = [rule for rule in book.all if rule.cite in in_force and wanted in f"{rule.id} {rule.title.zh} {rule.title.en}".casefold()]
    shown = found[:_MOST_RULES]
    return out.RulesOut(tuple(_rule(caller, rule, rule.cite in in_force, is_whole=bool(asked.cite)) for rule in shown), len(found) - len(shown))


def promises(caller: Caller, asked: PromisesIn) -> out.PromisesOut:
    """What was promised to buyers."""
    ledger = promise_ledger(caller.house, caller.person, caller.shop_id, caller.now(), cursor=asked.cursor or None, limit=asked.limit)
    return out.PromisesOut(
        tuple(
            out.PromiseOut(
                no=row.promise_no,
                order_no=row.order_no,
                kind=row.kind,
                words=masked_said(row.words),
                rep=row.rep,
                due_at=row.due_at,
                state=row.state,
            )
            for row in ledger.rows
        ),
        ledger.next_cursor,
    )


def waiting_buyers(caller: Caller, asked: WaitingIn) -> out.WaitingListOut:
    """The conversations in which a buyer waits."""
    found, _ = threads_listed(caller.house, caller.person, caller.shop_id, is_waiting=True, limit=asked.limit)
    return out.WaitingListOut(
        tuple(
            out.WaitingOut(
                thread_no=thread.thread_no,
                buyer=thread.shown,
                order_no=thread.order_no,
                waiting_since=thread.waiting_since,
                waiting_text=thread.waiting_text,
                wants=tuple(wanted.intent.value for wanted in thread.wanted),
            )
            for thread in found
        )
    )


def drafts(caller: Caller, asked: DraftsIn) -> out.DraftsOut:
    """Drafts of an answer to what the buyer wants."""
    thread = thread_of(caller.house, caller.person, caller.shop_id, asked.thread_no)
    found = answers_for(caller.house, caller.person, caller.shop_id, caller.now(), wants=thread.wanted, thread_no=thread.thread_no, order_no=thread.order_no)
    return out.DraftsOut(thread.thread_no, tuple(_draft(caller, answer, answer.draft) for answer in found if answer.draft is not None))


def check_text(caller: Caller, asked: CheckTextIn) -> out.CheckedOut:
    """What must not be said in a message to a buyer."""
    limit = timedelta(hours=asked.ship_within_hours) if asked.ship_within_hours else None
    findings = check(asked.text, speech_book(), caller.now(), ship_within=limit)
    return out.CheckedOut(not findings, tuple(_finding(caller, finding) for finding in findings))


def _shop_name(caller: Caller) -> str:
    return next((shop.name for shop in shops_seen(caller.house, caller.person) if shop.shop_id == caller.shop_id), "")


def _todo(caller: Caller, item: TodoItem) -> out.TodoOut:
    deadline, verdict = item.deadline, item.verdict
    return out.TodoOut(
        subject=deadline.subject.kind,
        no=deadline.subject.no,
        kind=deadline.kind,
        band=item.band.name.lower(),
        order_no=deadline.order_no,
        title=item.title,
        due_at=deadline.due_at,
        seconds_left=int((deadline.due_at - caller.now()).total_seconds()),
        at_risk_fen=deadline.at_risk,
        expected_loss_fen=item.expected_loss,
        act=verdict.act,
        next_step=caller.said(verdict.headline),
        because=caller.said_each(verdict.because),
        check=caller.said_each(verdict.check),
        cites=verdict.cites,
        message=_message(verdict.message),
        data_as_of=item.data_as_of,
        data_is_stale=item.data_is_stale,
        is_marked=item.mark is not None,
    )


def _message(draft: Draft | None) -> out.MessageOut | None:
    return None if draft is None else out.MessageOut(draft.zh, draft.en)


def _deadline(caller: Caller, explained: Explanation) -> out.DeadlineOut:
    deadline = explained.deadline
    return out.DeadlineOut(
        subject=deadline.subject.kind,
        no=deadline.subject.no,
        kind=deadline.kind,
        state=deadline.state,
        due_at=deadline.due_at,
        due_source=deadline.due_source,
        at_risk_fen=deadline.at_risk,
        rule=deadline.rule,
        basis=deadline.basis,
        steps=tuple(out.StepOut(caller.said(step.say), step.cites) for step in explained.steps),
    )


def _case_line(told: AftersaleFacts) -> out.CaseLine:
    return out.CaseLine(case_no=told.case_no, kind=told.kind, state=told.state, refund_fen=told.refund_amount, applied_at=told.applied_at)


def _parcel(caller: Caller, told: Parcel) -> out.ParcelOf:
    return out.ParcelOf(
        order_no=told.order_no,
        carrier=told.carrier,
        state=told.state,
        place=told.place,
        province=told.province,
        shipped_at=told.shipped_at,
        last_at=told.last_at,
        delivered_at=told.delivered_at,
        troubles=tuple(out.TroubleOut(each.kind, each.at, each.at_risk) for each in lasting(told, caller.now())),
    )


def _measure_title(caller: Caller, name: str, formula: Formula | None) -> str:
    return caller.words.word(name) if formula is None else _in(caller, formula.title)


def _rule(caller: Caller, rule: Rule, in_force: bool, *, is_whole: bool) -> out.RuleOut:
    return out.RuleOut(
        cite=rule.cite,
        title=_in(caller, rule.title),
        question=rule.question,
        in_force=in_force,
        effective_from=rule.effective_from,
        effective_until=rule.effective_until,
        basis=rule.basis,
        grade=rule.grade,
        source=rule.source,
        note=None if rule.note is None else _in(caller, rule.note),
        block=dict(rule_to_data(rule)) if is_whole else None,
    )


def _draft(caller: Caller, answer: Answer, draft: Draft) -> out.DraftOut:
    return out.DraftOut(
        intent=answer.intent,
        title=caller.said(answer.title),
        is_sure=answer.is_sure,
        text=out.MessageOut(draft.zh, draft.en),
        promises=None if answer.promise is None else answer.promise.until,
        why=tuple(f"{caller.said(step.question)} {caller.said(step.found)}" for step in answer.path),
        confirm=caller.said_each(answer.confirm),
    )


def _finding(caller: Caller, finding: Finding) -> out.FindingOut:
    return out.FindingOut(finding.rule.id, finding.words, finding.rule.why.zh if _is_chinese(caller) else finding.rule.why.en, finding.safe)


def _in(caller: Caller, title: Title) -> str:
    return title.zh if _is_chinese(caller) else title.en


def _is_chinese(caller: Caller) -> bool:
    return caller.words.language is Language.ZH_HANS
