"""What raised a product, and the deadline to look at it."""

from datetime import datetime

import msgspec

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The reviews of a product as the rule sees them: one-star orders of its days, and the watch that runs."""

    one_star: int = 0
    reviewed: int = 0
    """Orders reviewed in those days."""
    days: int = 0
    by_luck: float = 0.0
    """The chance of so many one-star orders among so many reviewed, at the shop's own share."""
    is_counted: bool = False
    """Whether the one-star orders are more than the rule lets pass."""
    is_worse: bool = False
    """Whether the test rang."""
    bad: int = 0
    """Bad reviews since the sum began to rise that rang."""
    of: int = 0
    """All reviews since then."""
    past_bad: int = 0
    past: int = 0
    """What was before the watch; the shop's other products where the product has no past."""
    is_own_past: bool = False
    false_share: float = 0.0
    """Of products that stay as they were, this share rings in a watch of as many reviews."""
    watched: int = 0
    """Reviews of the watch so far."""
    title: str = ""
    since: datetime | None = None
    """When somebody had last looked at it: what was known by then counts no more. None where nobody had."""
    known_at: datetime | None = None
    """When the shop first knew that it is raised: the reviews may have been told long after they were placed. None where only the reviews tell."""


def told(found: Found) -> tuple[Say, ...]:
    """Why the product is raised, in sentences."""
    sentences = []
    if found.is_worse:
        before = (
            say("Of its last {of} reviews {bad} have one or two stars; before them it was {past_bad} of {past}.", **_numbers(found))
            if found.is_own_past
            else say("Of its last {of} reviews {bad} have one or two stars; with the shop's other products it is {past_bad} of {past}.", **_numbers(found))
        )
        sentences += [before, say("Of a hundred products that stay as they were, {percent} ring like this within {watched} reviews.", **_numbers(found))]
    if found.is_counted:
        sentences.append(
            say(
                "{one_star} orders of {reviewed} reviewed gave one star within {days} days; by luck so many come with {luck} of a hundred such products.",
                **_numbers(found),
            )
        )
    return tuple(sentences)


def _numbers(found: Found) -> dict[str, int | str]:
    numbers = {name: getattr(found, name) for name in ("one_star", "reviewed", "days", "bad", "of", "past_bad", "past", "watched")}
    return numbers | {"luck": _hundredth(found.by_luck), "percent": _hundredth(found.false_share)}


def _hundredth(share: float) -> str:
    """A share as so many of a hundred, never nought where it is only small."""
    return f"{share * 100:.1f}" if share >= 0.001 else "< 0.1"


def fix_deadline(goods_id: str, found: Found, raised_at: datetime, rulebook: Rulebook) -> Deadline | None:
    """By when somebody has to look at the product, counted from when the shop knew; None where no rule says so."""
    since = found.known_at or raised_at
    rule = rulebook.in_force(Question.FIX_PRODUCT, at=since)
    reasons = told(found)
    if rule is None or rule.term is None or not reasons:
        return None
    return Deadline(
        subject=Subject(SubjectKind.PRODUCT, goods_id),
        kind=DeadlineKind.FIX_PRODUCT,
        state=DeadlineState.OPEN,
        counts_from="raised_at",
        started_at=since,
        due_at=since + rule.term.length,
        due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
        rule=rule.cite,
        basis=rule.basis,
        at_risk=Fen(0),
        because=reasons[0],
    )
