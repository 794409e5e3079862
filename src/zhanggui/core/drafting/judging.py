"""Whether a text that somebody else's model wrote may be shown as a draft: it passes what everything passes, and says nothing that the facts do not say."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.chats.masking import masked_chat
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
_SUM = re.compile(r"[¥￥]\s*(\d+(?:,\d{3})*(?:\.\d+)?)|(\d+(?:,\d{3})*(?:\.\d+)?)\s*(?:元|块|圆)|([零一二三四五六七八九十百两半]{1,5})(?:元|块钱|块)")
_PERCENT = re.compile(r"\d+(?:\.\d+)?\s*[%％]|[一二三四五六七八九\d.]{1,3}\s*折|半价")
_NOT = r"(?:没有?|未|还没有?|尚未|不能|无法|不会|没能|如果|如|若|一旦|等|待|才能|是否|有没有|确认|核实|核对)"
_LEFT = re.compile(
    r"(?:已经?|都|刚)[^，。；！？,.;!?\n]{0,6}?(?:发货|发出|寄出|寄走|发走|交给快递|交付快递|揽收)"
    r"|(?:发出|寄出|发走)了|在路上|运输中|派送中|正在派送|已在途"
)
_NOT_LEFT = re.compile(r"(?:还没有?|没有?|尚未|未)(?:发货|发出|寄出)|待发货|正在(?:打包|备货|配货)|仓库正在|准备发货|安排发货|马上发货|尽快发货")
_ARRIVED = re.compile(r"(?:已经?|显示)(?:被|由)?(?:您|本人)?(?:签收|送达|送到|收到货|妥投)|(?:签收|送达)了")
_PAID = re.compile(
    r"(?:已经?|刚|都)[^，。；！？,.;!?\n]{0,8}?(?:退款(?!申请)|退还|原路退回|退回给您|到账)|退款(?:已经?)?(?:成功|完成|到账)|退了款|(?:已经?)同意[^，。；！？\n]{0,6}退款"
)
_STOCK = re.compile(r"有(?:现)?货(?!架)|现货充足|库存充足|货源充足|有库存")
_NO_STOCK = re.compile(r"(?:没|无|缺|断)(?:现)?货|卖完|售罄|库存不足|没有库存")
_GIFT = re.compile(r"优惠券|红包|赠送|赠品|送您|补偿|赔偿|赔付|免单|返现|返您|差价|减免|包邮|免费|退一部分|部分退款|抵扣")
_WILL_PAY = re.compile(
    r"(?:马上|立即|立刻|直接|现在|这就|可以|会)[^，。；！？,.;!?\n]{0,4}(?:给您|为您|帮您)?"
    r"(?:退款(?!申请)|退钱|全额退|补发|重新发|重发|换新)"
)

_CLAUSE = re.compile(r"[，。；！？,;!?\n]")
_TIME = re.compile(
    r"\d+\s*月\s*\d+|\d+\s*[日号](?!码)|\d+\s*[点時时:：]|\d+\s*(?:个)?(?:小时|钟头|天|周|分钟)|[今明后当]天|今晚|明早|周[一二三四五六日天]|星期|下周|月底"
)
_MIDNIGHT = re.compile(r"(?<!\d)0\s*[点时時:：]|零点|凌晨")
"""Nought o'clock begins a day for one reader and ends it for another."""
_DEED = re.compile(r"发(?:货|出|走)|寄|到货|送达|送到|退款|退回|退钱|到账|补发|重发")


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """What the facts allow to be said."""

    fit: Fit
    fills: Mapping[str, type_of_fill]
    reference: str = ""
    """The answer by the scripts: whatever it says may be said."""
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
    """Words that claim what is not so, unless the answer by the scripts says them too."""
    left = truth.fit in (Fit.ON_ITS_WAY, Fit.ARRIVED)
    for pattern, is_true in (
        (_LEFT, left),
        (_NOT_LEFT, truth.fit in (Fit.TO_SHIP, Fit.LATE, Fit.HELD, Fit.REFUND_ASKED)),
        (_ARRIVED, truth.fit is Fit.ARRIVED),
        (_PAID, False),
        (_STOCK, "free" in truth.fills),
        (_NO_STOCK, False),
        (_GIFT, False),
        (_WILL_PAY, False),
    ):
        if not is_true:
            yield from _claims(pattern, text, truth, may_deny=pattern is not _NOT_LEFT and pattern is not _NO_STOCK)


def _claims(pattern: re.Pattern[str], text: str, truth: Truth, *, may_deny: bool) -> Iterator[str]:
    for found in pattern.finditer(text):
        said_by_us = found[0] in truth.reference or found[0] in str(truth.fills.get("promotion", "")) or found[0] in str(truth.fills.get("service", ""))
        denied = may_deny and re.search(_NOT + r"[^，。；！？,.;!?\n]{0,4}$", text[: found.start()]) is not None
        if not said_by_us and not denied:
            yield found[0]


def _unkeepable(text: str, truth: Truth, now: datetime) -> Iterator[str]:
    """Promises that cannot be kept, and times beside a deed that are read as no promise at all, such as one that is over."""
    promises = promises_in(text, now)
    yield from (promise.words for promise in promises if not _may_promise(promise, truth, now))
    for clause in _CLAUSE.split(text):
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
