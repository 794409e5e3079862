"""Drafts as programs get them: worded, with the way there and what a person should look at."""

from collections.abc import Iterable
from datetime import datetime

from zhanggui.actions.answers.giving import answers_for
from zhanggui.actions.conversations.threading import thread_of
from zhanggui.actions.house import House
from zhanggui.api.shapes import DraftOut, FindingOut, PromiseOut, StepOut
from zhanggui.core.answers import Answer
from zhanggui.core.speech import Finding
from zhanggui.people.permissions import Person, ShopId
from zhanggui.words import Catalog


def drafts_of(house: House, by: Person, shop_id: ShopId, thread_no: int, now: datetime, words: Catalog) -> tuple[DraftOut, ...]:
    """The drafts for what the buyer wants in this thread, best first; none where nothing is wanted. Raises Refused where the shop has no such thread."""
    thread = thread_of(house, by, shop_id, thread_no)
    found = answers_for(house, by, shop_id, now, wants=thread.wanted, thread_no=thread_no, order_no=thread.order_no)
    return tuple(_draft(answer, words) for answer in found if answer.draft is not None)


def findings_out(findings: Iterable[Finding]) -> tuple[FindingOut, ...]:
    """What the check of speech says, as programs get it."""
    return tuple(FindingOut(rule=finding.rule.id, span=(finding.start, finding.end), safe=finding.safe) for finding in findings)


def _draft(answer: Answer, words: Catalog) -> DraftOut:
    assert answer.draft is not None
    return DraftOut(
        intent=answer.intent.value,
        leaf=answer.leaf,
        title=words.render(answer.title),
        is_sure=answer.is_sure,
        text=answer.draft.zh,
        gloss=answer.draft.en,
        promise=None if answer.promise is None else PromiseOut(answer.promise.kind.value, answer.promise.until),
        path=tuple(StepOut(words.render(step.question), words.render(step.found), step.is_known) for step in answer.path),
        confirm=tuple(words.render(sentence) for sentence in answer.confirm),
        findings=findings_out(answer.findings),
    )
