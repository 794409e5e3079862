"""What a message says: the next act of every matter, the most pressing first, in the language of its channel.

It is worded from the facts as they are when it leaves.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.views import TodoItem
from zhanggui.connectors.notify.letters import Attached
from zhanggui.core.alerts.matters import Stage
from zhanggui.core.deadlines import Band, DeadlineKind, Subject
from zhanggui.core.decide.attention import quotes_buyer
from zhanggui.core.masking import masked_numbers
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.words import Catalog

MOST_LINES = 12
"""So many matters are told one by one; of the others only how many there are."""


class Worded(msgspec.Struct, frozen=True):
    """A message, ready to leave."""

    title: str
    text: str
    data: dict[str, object]
    attached: tuple[Attached, ...] = ()


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """One matter as it is told."""

    stage: Stage = Stage.WARNED
    kind: DeadlineKind
    subject: Subject
    due_at: datetime
    at_risk: Fen
    act: Say
    because: tuple[Say, ...]


def telling_of(item: TodoItem, stage: Stage = Stage.WARNED) -> Telling:
    """A to-do as it is told: it goes through services of others, so what a buyer wrote stays here."""
    deadline, verdict = item.deadline, item.verdict
    return Telling(
        stage=stage,
        kind=deadline.kind,
        subject=deadline.subject,
        due_at=deadline.due_at,
        at_risk=deadline.at_risk,
        act=verdict.headline,
        because=tuple(reason for reason in verdict.because if not quotes_buyer(reason)),
    )


def alerts_worded(words: Catalog, shop: str, told: Sequence[Telling], now: datetime) -> Worded:
    """The message about these matters."""
    ranked = sorted(told, key=lambda one: (one.due_at, one.subject, one.kind))
    parts = [_part(words, one, now) for one in ranked[:MOST_LINES]]
    left = len(ranked) - MOST_LINES
    if left > 0:
        parts.append(words.render(say("And {n} more; the page of alerts lists them all.", n=left)))
    return Worded(words.render(_title(shop, ranked, now)), "\n".join(parts), {"shop": shop, "alerts": [_data(words, one) for one in ranked]})


def digest_worded(words: Catalog, shop: str, counts: Sequence[tuple[Band, int, Fen]], first: Sequence[TodoItem], now: datetime) -> Worded:
    """The day's digest: how much stands open, and what comes first."""
    parts = [words.render(_COUNTS[band](n, fen)) for band, n, fen in counts if n]
    parts += [line_of(words, telling_of(item)) for item in first]
    if not parts:
        parts.append(words.render(say("Nothing waits for you.")))
    title = words.render(say("{shop}: what stands open on {day}", shop=shop, day=f"{shanghai_day(now)}"))
    summed = [{"band": band.name.lower(), "todos": n, "at_risk_fen": fen} for band, n, fen in counts]
    return Worded(title, "\n".join(parts), {"shop": shop, "digest": summed})


def test_worded(words: Catalog, shop: str) -> Worded:
    """The message that shows whether a channel works."""
    title = words.render(say("{shop}: a test of this channel", shop=shop))
    return Worded(title, words.render(say("Alerts of the shop will arrive here. Nothing needs to be done.")), {"shop": shop, "test": True})


_COUNTS = {
    Band.OVERDUE: lambda n, fen: say("Overdue: {n}, {at_risk_fen} at risk", n=n, at_risk_fen=fen),
    Band.HOUR: lambda n, fen: say("Due within an hour: {n}, {at_risk_fen} at risk", n=n, at_risk_fen=fen),
    Band.TODAY: lambda n, fen: say("Due today: {n}, {at_risk_fen} at risk", n=n, at_risk_fen=fen),
}


def _title(shop: str, told: Sequence[Telling], now: datetime) -> Say:
    due_at = told[0].due_at
    if len(told) == 1:
        kind = told[0].kind
        if due_at <= now:
            return say("{shop}: overdue since {due_at}: {kind}", shop=shop, due_at=due_at, kind=kind)
        return say("{shop}: due by {due_at}: {kind}", shop=shop, due_at=due_at, kind=kind)
    overdue = sum(one.due_at <= now for one in told)
    if overdue:
        return say("{shop}: {n} to-dos need somebody, {overdue} of them overdue", shop=shop, n=len(told), overdue=overdue)
    return say("{shop}: {n} to-dos need somebody, the first by {due_at}", shop=shop, n=len(told), due_at=due_at)


def _part(words: Catalog, told: Telling, now: datetime) -> str:
    lines = [line_of(words, told)]
    if told.stage is Stage.ESCALATED:
        lines.append(words.render(say("Nobody has acknowledged it yet.")))
    elif told.due_at <= now:
        lines.append(words.render(say("It is overdue.")))
    return "\n  ".join(lines)


def line_of(words: Catalog, told: Telling) -> str:
    """One matter in a line or two: until when, what, and the next act with its reason."""
    head = say("{due_at} · {kind} · {no} · {at_risk_fen}", due_at=told.due_at, kind=told.kind, no=told.subject.no, at_risk_fen=told.at_risk)
    if not told.at_risk:
        head = say("{due_at} · {kind} · {no}", due_at=told.due_at, kind=told.kind, no=told.subject.no)
    act, because = _safe(words, told.act), _safe(words, next(iter(told.because), told.act))
    if act == because:
        return f"{words.render(head)}\n  {words.render(say('Next: {act}', act=act))}"
    return f"{words.render(head)}\n  {words.render(say('Next: {act} ({because})', act=act, because=because.rstrip('。.')))}"


def _data(words: Catalog, told: Telling) -> dict[str, object]:
    return {
        "kind": told.kind,
        "subject_kind": told.subject.kind,
        "subject_no": told.subject.no,
        "stage": told.stage,
        "due_at": told.due_at,
        "at_risk_fen": told.at_risk,
        "act": _safe(words, told.act),
        "because": [_safe(words, each) for each in told.because],
    }


def _safe(words: Catalog, sentence: Say) -> str:
    """The sentence worded; should a fact in it hold a telephone number, that is masked before it leaves."""
    return masked_numbers(words.render(sentence))
