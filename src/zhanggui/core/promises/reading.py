"""Which sentences of a rep are promises. Questions, what is done already, and what the buyer is asked to do are none."""

import re
from collections.abc import Iterator
from datetime import datetime

from zhanggui.core.promises.shapes import Exactness, Promise, PromiseKind
from zhanggui.core.promises.times import Spoken, spoken_times

_SENTENCE = re.compile(r"(?:(?!\s{2})[^。！!；;\n？?~～])+[？?]?")
_TO_YOU = r"(?:给|帮|为|跟|和)(?:您|你|亲|咱|客人)(?:们)?(?:这边|安排|优先|加急)?"
_SHIP = (
    r"发货(?!地|时间|时效|单|仓|期|单号|记录|后)|(?<![开批出突沙理研群触转分激挥散首蒸])发(?:出|走|快递)(?!的(?:图|照))|寄出|寄走|出货|打包发|出库"
    rf"|安排发(?!票)|{_TO_YOU}(?:发|寄)(?![个张条您你票图照视链短信优券红定位截过去资]|一[张个条下])"
    r"|(?<![开批出突沙理研群触转分激挥散首蒸打爆毛])发(?=[了哦呢的哈啊呀嘞啦~～,，、\s]|$|给(?:您|你)(?!个|张|条|看|图|照|视|链|截))"
)
_REFUND = (
    rf"退款(?!申请|原因|流程|类型|记录|金额|页面|问题|成功后|状态)|退钱|退还|原路退回?|退给(?:您|你)|把钱退|{_TO_YOU}(?:把钱|全额)?退(?!货|回|换)"
    r"|退(?=您|你|[了哦呢的哈啊~～,，\s]|$)"
)
_ARRIVE = (
    r"(?:送|寄|发)?(?<![迟收达等拿见看遇找提想直碰得查感做说受来知办用听])(?:能|会|可以)?到(?!货后|达?站|达?后|达?转|达一)(?:货|达|您|手|家)?(?=[您手家货达的哦呢吧啊哈~～,，、\s]|$)"
    r"|送达|派送"
)
_REPLY = (
    r"回复|答复|回电|回您|回你|回访|联系(?:您|你|亲)|通知(?:您|你|亲)|告知(?:您|你|亲)?|告诉(?:您|你|亲)|反馈|核实|(?:上传|更新)(?:物流|快递)?单号"
    r"|给(?:您|你)(?:一个|个)?(?:准确|明确|确切)?的?(?:消息|准信|说法|结果|答案|单号)|处理(?:好|完|掉)|(?:给|帮|为)(?:您|你)处理"
)
_KINDS: tuple[tuple[PromiseKind, str], ...] = (
    (PromiseKind.RESEND, r"补发|重发|重新发|补寄|再发(?:一[个件份]|出)|换新发"),
    (PromiseKind.PAY, r"补偿|赔付|赔偿|小额打款|运费(?:给|补|打|返)|补(?:给)?您?(?:运费|差价)|退差价|返差价|打款|(?:打|转|补|返)给(?:您|你)"),
    (PromiseKind.REFUND, _REFUND),
    (PromiseKind.ARRIVE, _ARRIVE),
    (PromiseKind.SHIP, _SHIP),
    (PromiseKind.REPLY, _REPLY),
)
_COMMA = re.compile(r"[,，、]")
_SPARE = 2
"""A clause may hold so many signs beside its moment and still say nothing else."""
_DONE = re.compile(r"已经?(?!安排|为您安排)|刚刚?(?!好)|昨[天晚日]|前天|(?<!\w)之前|早就|上次|曾")
_NOT = re.compile(r"没有?|不能|无法|不会|没法|不一定|不保证|保证不了|不敢|不确定|未|别|勿|不用|不要|不需要|不支持|不可以|暂时不|先不|不给|拒绝|不(?=\w{0,2}$)")
_AFTER_NOT = re.compile(r"^(?:不了|不出|不到|不成|不走)")
_ASKS = re.compile(r"[吗么]\s*[？?]?$|[？?]$|能不能|可不可以|会不会|是不是|是否|什么时候|啥时候|多久|几点|哪天|有没有|为什么|怎么")
_OFFERS = re.compile(r"[,，\s](?:可以|好|行|您看|你看|看|这样|OK|ok)[^,，]{0,4}[吗么吧]?\s*[？?]?$")
_YOURS = re.compile(
    r"(?:麻烦|请|劳烦|辛苦|需要|要)?(?:您|你|亲|买家|客人|顾客)(?:这边|那边|自己|先|再|在|就|把|今天|明天|可以|需要|需|要|得|可|直接|自行|去|点击?|申请|选择?|操作|提交|联系|寄|退)+[^,，]{0,12}$|(?:麻烦|劳烦|辛苦|请)[^,，我]{0,14}$|申请(?:一下)?$|点击$|(?<![\d一二两三四五六七八九十])点$|选择?$|操作$"
)
_OURS = re.compile(rf"我[们这]?|咱们?|这边|仓库|店里|财务|小店|本店|{_TO_YOU}|帮(?:您|你)")
_IF = re.compile(r"如果|若是?|要是|万一|只要|除非|的话|前(?:付款|拍下?|下单)|(?:付款|拍下|下单)当[天日]")
_AFTER = re.compile(
    r"(?:收到|签收|退回|寄回|寄到|到仓|入库|审核|付款|拍下|下单|成团|拼单|同意|申请|确认|验货|核实|提交|到货|退货)[^,，。]{0,8}?(?:之?后|以后|完|成功|就|再)"
)


_LONGEST_SENTENCE = 1000
"""What goes on for longer without an end is nobody's promise."""


def promises_in(text: str, at: datetime | None) -> tuple[Promise, ...]:
    """The promises in a message that somebody of the shop wrote at that moment, as they come up."""
    found = tuple(promise for sentence in _SENTENCE.findall(text) if len(sentence) <= _LONGEST_SENTENCE for promise in _of_sentence(sentence, at))
    sharp = {promise.kind for promise in found if promise.exactness is not Exactness.VAGUE}
    kept = [promise for promise in found if promise.exactness is not Exactness.VAGUE or promise.kind not in sharp]
    return tuple({(promise.kind, promise.due_at, promise.exactness): promise for promise in reversed(kept)}.values())[::-1]


def _of_sentence(sentence: str, at: datetime | None) -> Iterator[Promise]:
    is_offer = _OFFERS.search(sentence) is not None
    if _ASKS.search(sentence) and not is_offer:
        return
    times = list(spoken_times(sentence, at))
    last = 0
    for start, end, kind in _acts(sentence):
        spoken = _time_of(sentence, times, last, start, end)
        if spoken is not None and _is_meant(sentence, last, start, end, spoken) and not (at is not None and spoken.due_at is not None and spoken.due_at <= at):
            promise = _promise(sentence, kind, start, end, spoken)
            if kind is not PromiseKind.ARRIVE or promise.exactness is not Exactness.VAGUE:
                yield promise
        last = end


def _acts(sentence: str) -> list[tuple[int, int, PromiseKind]]:
    """The words of promising, each where it stands; of two on one spot the earlier kind of the table is meant."""
    found: list[tuple[int, int, PromiseKind]] = []
    for kind, pattern in _KINDS:
        for hit in re.finditer(pattern, sentence):
            if not any(hit.start() < end and start < hit.end() for start, end, _ in found):
                found.append((hit.start(), hit.end(), kind))
    return sorted(found)


def _time_of(sentence: str, times: list[Spoken], last: int, start: int, end: int) -> Spoken | None:
    """The moment that belongs to the act: the sharpest since the act before it, else one that follows at once."""
    before = [spoken for spoken in times if spoken.start >= last and spoken.end <= start + 1 and _reaches(sentence, spoken, start)]
    after = [spoken for spoken in times if 0 <= spoken.start - end <= 4 and spoken.start >= last]
    sharp = [spoken for spoken in before if spoken.exactness is not Exactness.VAGUE]
    for group in (sharp, before, after):
        if group:
            return group[-1]
    return None


def _reaches(sentence: str, spoken: Spoken, start: int) -> bool:
    """Whether the moment belongs to the act: of the same clause, or all that its own clause says."""
    between = _COMMA.search(sentence, spoken.end, start)
    if between is None or spoken.exactness is Exactness.VAGUE:
        return between is None
    begin = max((found.end() for found in _COMMA.finditer(sentence, 0, spoken.start)), default=0)
    return between.start() - begin - (spoken.end - spoken.start) <= _SPARE


def _is_meant(sentence: str, last: int, start: int, end: int, spoken: Spoken) -> bool:
    """Whether the shop takes it upon itself: not done, not denied, not what the buyer is asked to do."""
    ahead, behind = sentence[last:start], sentence[end:]
    if _DONE.search(ahead[-8:]) or _NOT.search(ahead[-6:]) or _AFTER_NOT.match(behind):
        return False
    asked = None if _AFTER.search(ahead) else _YOURS.search(ahead)
    return not (asked and not _OURS.search(ahead[asked.start() :])) and not (behind.startswith("的") and spoken.exactness is Exactness.VAGUE)


def _promise(sentence: str, kind: PromiseKind, start: int, end: int, spoken: Spoken) -> Promise:
    words = sentence[min(start, spoken.start) : max(end, spoken.end)].strip(" ,，、的")
    if _IF.search(sentence[:start]) or (spoken.is_length and _AFTER.search(sentence[:start])):
        return Promise(kind, words, Exactness.EVENT)
    return Promise(kind, words, spoken.exactness, spoken.due_at)
