"""Whether a text that somebody else's model wrote may be shown as a draft: it passes what everything passes, and says nothing that the facts do not say."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.chats.masking import masked_chat
from zhanggui.core.drafting.claims import CLAUSE, Claim, claims_in
from zhanggui.core.drafting.known import unknown_clauses
from zhanggui.core.drafting.telling import worded
from zhanggui.core.promises import promises_in
from zhanggui.core.promises.shapes import Exactness, Promise, PromiseKind
from zhanggui.core.say import Say, say
from zhanggui.core.scripts import Fit, type_of_fill
from zhanggui.core.speech import SpeechBook, check

LONGEST = 300
ANSWER_WITHIN = timedelta(hours=24)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WEB = re.compile(r"https?:|www\.|[a-z0-9-]+\.(?:com|cn|net|org|top|shop|link|xyz|vip)\b|@", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*\d{4})[A-Za-z0-9][A-Za-z0-9-]{7,}")
_SUM = re.compile(r"[¥￥]\s*(\d+(?:,\d{3})*(?:\.\d+)?)|(?<!\d)(\d+(?:,\d{3})*(?:\.\d+)?)\s*+(?:元|块|圆)|([零一二三四五六七八九十百两半]{1,5})(?:元|块钱|块)")
_PERCENT = re.compile(r"(?<!\d)\d++(?:\.\d++)?\s*+[%％]|[一二三四五六七八九\d.]{1,3}\s*折|半价")
_TIME = re.compile(
    r"(?<!\d)\d++\s*+(?:月\s*+\d+|[日号](?!码)|[点時时:：]|(?:个)?(?:小时|钟头|天|周|分钟))|[今明后当]天|今晚|明早|周[一二三四五六日天]|星期|下周|周末|月底"
)
_MIDNIGHT = re.compile(r"(?<!\d)0\s*[点时時:：]|零点|凌晨")
"""Nought o'clock begins a day for one reader and ends it for another."""
_DEED = re.compile(r"收到|到手|到您|发(?:货|出|走)|寄|到货|送达|送到|退款|退回|退钱|到账|补发|重发")

_TRUE: Mapping[Fit, frozenset[Claim]] = {
    Fit.NO_ORDER: frozenset(),
    Fit.TO_SHIP: frozenset({Claim.NOT_LEFT}),
    Fit.LATE: frozenset({Claim.NOT_LEFT}),
    Fit.HELD: frozenset({Claim.NOT_LEFT}),
    Fit.REFUND_ASKED: frozenset({Claim.NOT_LEFT}),
    Fit.ON_ITS_WAY: frozenset({Claim.HAS_LEFT, Claim.NOT_ARRIVED}),
    Fit.ARRIVED: frozenset({Claim.HAS_LEFT, Claim.HAS_ARRIVED}),
    Fit.ENDED: frozenset(),
    Fit.UNCLEAR: frozenset(),
}
"""What may be claimed of a parcel where the order stands so; nothing else may be claimed at all."""
_BY_NAME = frozenset({Claim.CARRIER, Claim.GIVES, Claim.GUARANTEE})
"""Claims that hold where the facts or the scripts name the very words."""


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """What the facts allow to be said."""

    fit: Fit
    fills: Mapping[str, type_of_fill]
    reference: str = ""
    """The answer by the scripts: whatever it says may be said."""
    known: frozenset[str] | None = None
    """The pairs of characters that the shop's scripts use; None where that is not asked."""
    ship_from: datetime | None = None
    """The earliest moment by which it can be promised to leave; None where nothing can be promised."""
    ship_by: datetime | None = None
    """The limit by which it has to leave."""


class Judgement(msgspec.Struct, frozen=True):
    """Whether the text may be shown; the reasons why not, with the words that decided."""

    because: tuple[Say, ...]

    @property
    def may_be_shown(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.because


def judged(text: str, truth: Truth, book: SpeechBook, now: datetime) -> Judgement:
    """The text held against the rules of speech and against the facts; when in doubt it is not shown, since a script always is."""
    if not _HAN.search(text) or len(text) > LONGEST:
        return Judgement((say("It is no short Chinese message."),))
    within = max(truth.ship_by - now, timedelta()) if truth.ship_by is not None else timedelta(hours=48)
    because = [say("“{words}” must not be said to a buyer.", words=each.words) for each in check(text, book, now, ship_within=within)]
    because += _strangers(text, truth)
    because += [say("“{words}” is not what the facts say.", words=words) for words in _untrue(text, truth)]
    because += [say("“{words}” promises what cannot be promised.", words=words) for words in _unkeepable(text, truth, now)]
    because += [say("“{words}” is put as no script puts it, and cannot be checked.", words=words) for words in _unread(text, truth)]
    return Judgement(tuple(because))


def _strangers(text: str, truth: Truth) -> Iterator[Say]:
    """Data, addresses, numbers and sums that nobody gave."""
    if masked_chat(text).kinds:
        yield say("It holds personal data or a telephone number.")
    if found := _WEB.search(text):
        yield say("It holds an address of the web: {words}.", words=found[0])
    numbers = {str(truth.fills.get(name, "")).upper() for name in ("order_no", "tracking_no")}
    for found in _NUMBER.finditer(text):
        if found[0].upper() not in numbers and found[0] not in truth.reference:
            yield say("The number {words} is not of this order.", words=found[0])
    sums = {value for name, value in truth.fills.items() if name.endswith("_fen") and isinstance(value, int)}
    for found in _SUM.finditer(text):
        if found[0] not in truth.reference and _fen(found[1] or found[2]) not in sums:
            yield say("The sum {words} is none of this order.", words=found[0])
    for found in _PERCENT.finditer(text):
        if found[0] not in truth.reference and found[0] not in str(truth.fills.get("promotion", "")):
            yield say("Nothing tells of {words}.", words=found[0])


def _untrue(text: str, truth: Truth) -> Iterator[str]:
    """Words that claim what is not so, unless the answer by the scripts, or the shop of itself, says the same."""
    true = _TRUE[truth.fit] | ({Claim.IN_STOCK} if "free" in truth.fills else set())
    told = " ".join((truth.reference, *(str(truth.fills.get(name, "")) for name in ("promotion", "service", "carriers", "carrier"))))
    for each in claims_in(text):
        is_named = each.claim in _BY_NAME and each.words in told
        if each.claim not in true and each.clause not in truth.reference and not is_named:
            yield each.words


def _unread(text: str, truth: Truth) -> Iterator[str]:
    if truth.known is not None:
        yield from unknown_clauses(text, truth.known, " ".join((truth.reference, *(worded(name, value) for name, value in truth.fills.items()))))


def _unkeepable(text: str, truth: Truth, now: datetime) -> Iterator[str]:
    """Promises that cannot be kept, and times beside a deed that are read as no promise at all, such as one that is over."""
    promises = promises_in(text, now)
    yield from (promise.words for promise in promises if not _may_promise(promise, truth, now))
    for clause in CLAUSE.split(text):
        time = _TIME.search(clause)
        if time is None or not _DEED.search(clause) or clause.strip() in truth.reference:
            continue
        if _MIDNIGHT.search(clause) or not any(time[0] in promise.words for promise in promises):
            yield clause.strip()


def _may_promise(promise: Promise, truth: Truth, now: datetime) -> bool:
    """Whether the promise can be kept: the scripts make it too, it ships at an hour that can be kept and is in time, or it is an answer within a day."""
    if promise.words in truth.reference:
        return True
    if promise.kind is PromiseKind.REPLY:
        return promise.exactness is Exactness.VAGUE or (promise.due_at is not None and now < promise.due_at <= now + ANSWER_WITHIN)
    if promise.kind is not PromiseKind.SHIP or promise.due_at is None or truth.ship_from is None or truth.ship_by is None:
        return False
    if "ship_by" in truth.fills and truth.ship_from <= truth.ship_by and worded("ship_by", truth.ship_by) + "前" in promise.words:
        return True  # the very words that were given, though ten o'clock alone might be that of the evening
    return promise.exactness is Exactness.EXACT and truth.ship_from <= promise.due_at <= truth.ship_by


def _fen(text: str | None) -> int | None:
    """The sum in fen, None for one in words."""
    if not text:
        return None
    whole, _, cents = text.replace(",", "").partition(".")
    return int(whole) * 100 + int((cents + "00")[:2]) if len(cents.rstrip("0")) <= 2 else None
