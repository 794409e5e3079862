"""Personal data in what people typed are masked before anything else sees the line: telephone and citizen numbers, bank cards, accounts elsewhere
(WeChat, QQ, e-mail), addresses, who receives."""

import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from zhanggui.core.chats.orders import protected
from zhanggui.core.masking import PROVINCES, masked_name, province_of

_PLAIN = str.maketrans(
    {
        **{chr(first + value): str(value) for first in (0xFF10, 0x660, 0x6F0, 0x2080, *range(0x1D7CE, 0x1D800, 10)) for value in range(10)},
        **{chr(first + value): str(value + 1) for first in (0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278A) for value in range(9)},
        **dict.fromkeys("\u3000\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\ufe0f\u20e3", " "),
        **dict.fromkeys("－—–‐‑‒―−～~", "-"),
        "⓪": "0",
    }
)
"""Digits of full width, in circles or in bold, and blanks and dashes of any width; one character for one, so that places stay where they are."""
_SPOKEN = _PLAIN | {ord(word): digit for word, digit in zip("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "0012345678911234567892", strict=True)}
_CITIZEN = re.compile(r"(?<![0-9])\d{6}[ -]?(?:19|20)\d{2}[ -]?[01]\d[0-3]\d[ -]?\d{3}[\dXx](?![0-9])")
_ABROAD = r"(?:(?<![0-9])|(?<=:[0-5]\d))(?:(?:\+|00)?86[ .-]{0,3}|0)?"
_MOBILE = re.compile(
    rf"{_ABROAD}(1[ .-]{{0,2}}[3-9][ .-]{{0,2}}\d)[)）]?((?:[ .-]{{0,3}}\d){{4}})((?:[ .-]{{0,3}}\d){{4}})(?!\d)(?:(?:-|转|分机|\s?\[|\s?#)\d{{3,6}}\]?)?"
)
_APART = r"[ .,，、/_|:：·()（）\[\]-]{1,8}"
_GROUPED = re.compile(rf"{_ABROAD}(1[3-9]\d){_APART}(\d{{4}}){_APART}(\d{{4}})(?!\d)")
_MIXED = re.compile(r"1[ .-]{0,2}[3-9](?:[ .-]{0,3}\d){9}")
"""Once numerals are read as digits; what stands in digits alone has been found before."""
_LANDLINE = re.compile(r"(?<![0-9A-Za-z-])(?:\(0\d{2,3}\)|0\d{2,3})[- ]?[2-8]\d{6,7}(?!\d)(?:(?:-|转)\d{1,6})?")
_CARD = re.compile(r"(?<![0-9A-Za-z-])[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{3,4}(?:[ -]?\d{1,3})?(?![0-9A-Za-z-])")
_ACCOUNT = re.compile(r"(?:卡号|银行卡|储蓄卡|信用卡|[账帐][号户])[^\d\n*]{0,12}(\d(?:[ -]?\d){8,22})(?!\d)")
"""Any long number behind a word for an account."""
_CARD_SHORTEST, _CARD_LONGEST = 15, 19
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}\s?[@＠]\s?[A-Za-z0-9-]{1,40}(?:\s?[.。]\s?[A-Za-z]{2,12}){1,3}(?![A-Za-z0-9])")
_WECHAT = re.compile(
    r"(?:微信|微.信|威信|薇信|徽信|卫星号|[Vv]信|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx]|[Ww]e[Cc]hat|wechat|weixin|[Ww]ei[Xx]in)(?![A-Za-z])|[加➕+][VvＶ](?![A-Za-z]))"
    r"(?:号码?|账号|帐号|ID|id)?[\s:：;；，,是为叫搜加我的~～-]{0,6}([A-Za-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_-])"
)
_WECHAT_ID = re.compile(r"(?<![A-Za-z0-9_])(wxid_[A-Za-z0-9]{6,30})(?![A-Za-z0-9_])")
_NO_ACCOUNT = frozenset({"payment", "wechat", "weixin", "alipay", "taobao", "pinduoduo", "duoduo", "official", "screenshot"})
_QQ = re.compile(
    r"(?:(?<![A-Za-z])[Qq][Qq]|扣扣|企鹅|(?<![A-Za-z])[Qq](?=号))(?:号码?|群号?|邮箱)?[\s:：;；，,是为叫搜加我的~～-]{0,6}([1-9](?:[ .-]?\d){4,11})(?!\d)"
)
_NAMED = re.compile(
    r"(收货人|收件人|收货姓名|收件姓名|签收人|联系人|姓名|收貨人|收件者)(\s*(?:[:：]\s*)?)(?!信息|地址|电话|手机|是谁|已|本人|号码|姓名|要|的)"
    r"([\u4e00-\u9fff]{2,4})(?=[\s,，。;；、()（）\d+]|$|电话|手机)"
)
_UNIT = (
    r"(?:省|市|区|县|旗|州(?!市)|镇|乡|街道|街|路|道|巷|胡同|弄|村|屯|组|社|里|园|苑|小区|公寓|大厦|广场|花园|家园|城|宿舍|学校|大学|学院|医院"
    r"|号院|号楼|号|栋|幢|座|单元|楼|层|室|户|门|队|店|驿站|期|厂|公司|铺|市场)"
)
_NUMBERED = r"[0-9A-Za-z一二三四五六七八九十百#-]{1,8}(?:号院|号楼|号|栋|幢|座|单元|楼|层|室|户|弄|组|队|门|期|巷)"
_PIECE = r"[\u4e00-\u9fffA-Za-z0-9#()（）·.-]"
_STREET = re.compile(
    rf"{_PIECE}{{0,24}}?[\u4e00-\u9fff](?:路|街|道|巷|胡同|村|镇|乡|小区|公寓|大厦|花园|家园|苑|园|城|宿舍|社区|厂|大学|学院|广场|里|湾|府|庄|屯)[\s,，]?(?:{_PIECE}{{0,16}}?[\s,，-]?{_NUMBERED})(?:{_PIECE}|[\s,，-](?=[0-9A-Za-z一-龥]{{1,10}}(?:号|栋|幢|座|单元|楼|层|室|户)))*+"
)
_FROM_PROVINCE = re.compile(
    rf"(?:{PROVINCES})(?:省|市|自治区|壮族自治区|维吾尔自治区|回族自治区|特别行政区)?[\s,，-]?[\u4e00-\u9fff]{{1,12}}?(?:市|区|县|州|盟|旗)[\s,，-]?(?:{_PIECE}|\s(?={_PIECE}))*+"
)
_FROM_CITY = re.compile(rf"[\u4e00-\u9fff]{{2,5}}市[\s,，]?[\u4e00-\u9fff]{{1,6}}(?:区|县|镇|街道)[\s,，]?(?:{_PIECE}|\s(?={_PIECE}))*+")
_FROM_DISTRICT = re.compile(rf"[\u4e00-\u9fff]{{2,6}}(?:区|县|镇|街道|乡)[\u4e00-\u9fff]{{1,12}}(?:路|街|村|道|小区|组|巷)(?:{_PIECE}|\s(?={_PIECE}))*+")
_LABELLED = re.compile(r"((?:收货|收件|详细|新|寄件|退货|邮寄|改后|正确)?地址\s*(?:[:：]|改(?:成|为|到)|换(?:成|到)|是|为)\s*)([^\n，。；;!！?？]{4,})")
_LEADS = re.compile(
    r"^.*?(?:地址|改成|改到|改为|换成|换到|寄到|发到|送到|寄往|发往|送往|放到|放在|就在|住在|住|搬到|是在|位于|寄|在|到|是|为|[:：])(?=[\u4e00-\u9fff]{2})"
)
_HOUSE = re.compile(r"\d{1,5}(?:号院|号楼|号|栋|幢|座|单元|楼|层|室|户|弄|组|队|门|米)|\d-\d")
_WAY = re.compile(r"路上|街上|道上|(?:今|明|后|昨)天|\d{1,2}月\d{1,2}[日号]|[上下]个?月\d{1,2}号|(?:订单|商品|型|货|单|账|帐|编|序)号")
"""On the road by the tenth: what looks like a street and is none."""
_LONG_PLACE = 14
_MOST_PIECES = 6
_DIGITS = re.compile(r"\d{1,8}[xX]?")
_WHOLE_NUMBER = re.compile(r"(?:86)?1[3-9]\d{9}|\d{6}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[\dxX]")
_BETWEEN = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<before>[\u4e00-\u9fff]{2,4})(?=[\s,，:：]{0,2}1\d\d\*{4})"
    r"|(?:(?<=\*\*\*)|(?<=\*{4}\d{4}))(?P<gap>[\s,，]?)(?P<after>[\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff*:：])"
)
"""Beside a telephone number, or behind it or an address."""
_GOES_ON = re.compile(r"\*\*\*((?:[\s,，、][^\s,，*。！!？?]{1,30})+)")
_NEARBY = re.compile(rf"{_UNIT}|近|对面|旁|附近|交叉|隔壁|米|[东南西北]")
_BEFORE_PLACE = re.compile(
    rf"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{{2,4}})(?=[\s,，:：]{{0,2}}(?:{PROVINCES})(?:省|市|[^\s*]{{0,6}}自治区)?\*\*\*|[\s,，]{{1,2}}\*\*\*)"
)
_NO_RECEIVER = re.compile(r"地址|改|寄到|送到|电话|手机|号码|谢|您|你|请|麻烦|收货|收件|发到|买家|客服|顾客|客户|商家|卖家|好的|可以|联系|打|拨|到")


class Masked(NamedTuple):
    """A text as far as it may be kept, and what was masked in it."""

    text: str
    kinds: frozenset[str]


def masked_chat(text: str) -> Masked:
    """The text with telephone, citizen and card numbers, accounts, addresses and receivers' names starred out; order and tracking numbers stay."""
    kinds: set[str] = set()
    for kind, mask in (("account", _accounts), ("citizen", _citizens), ("card", _cards), ("phone", _phones), ("name", _names), ("address", _addresses)):
        masked = mask(text)
        if masked != text:
            kinds.add(kind)
            text = masked
    if {"phone", "address"} <= kinds:
        hidden = _receiver_hidden(text)
        return Masked(hidden, frozenset(kinds | ({"name"} if hidden != text else set())))
    return Masked(text, frozenset(kinds))


def _swapped(text: str, pattern: re.Pattern[str], put: str | None = None) -> str:
    """The text with every hit of the pattern starred out, wherever it stands outside order and tracking numbers; looked for in half width."""
    half = text.translate(_PLAIN)
    if not pattern.search(half):
        return text
    kept = deque(sorted(protected(half)))
    pieces, at = [], 0
    for found in pattern.finditer(half):
        while kept and kept[0][1] <= found.start():
            kept.popleft()
        if kept and kept[0][0] < found.end():
            continue
        pieces.append(text[at : found.start()])
        pieces.append(put if put is not None else _starred(found))
        at = found.end()
    return "".join((*pieces, text[at:]))


def _starred(found: re.Match[str]) -> str:
    digits = "".join(char for char in found.group(1) if char.isdigit())
    return f"{digits}****{''.join(char for char in found.group(3) if char.isdigit())}"


def _receiver_hidden(text: str) -> str:
    """A line with telephone and address names a receiver: hidden is what goes on with the address, and names before, between and behind."""
    text = _GOES_ON.sub(lambda found: "***" if _NEARBY.search(found[1]) else found.group(), text)
    text = _BEFORE_PLACE.sub(lambda found: _person_hidden("", found[1]), text)
    return _BETWEEN.sub(lambda found: _person_hidden(found["gap"] or "", found["before"] or found["after"]), text)


def _person_hidden(gap: str, name: str) -> str:
    return f"{gap}{name if _NO_RECEIVER.search(name) else masked_name(name)}"


def masked_said(text: str) -> str:
    """What somebody wrote, over several lines perhaps, as far as it may be kept."""
    return "\n".join(hidden_pieces([masked_chat(line).text for line in text.splitlines()]))


def hidden_pieces(said: Sequence[str]) -> list[str]:
    """What one side wrote piece by piece; a telephone, citizen or card number whose digits stand in several pieces is starred out in each of them."""
    bare = [re.sub(r"[\s.,，。-]", "", piece.translate(_SPOKEN)) for piece in said]
    hidden = list(said)
    start = 0
    while start < len(bare):
        length = next((many for many in range(_MOST_PIECES, 1, -1) if _is_split(bare[start : start + many], many)), 0)
        for place in range(start, start + length):
            hidden[place] = "***"
        start += length or 1
    return hidden


def _is_split(pieces: Sequence[str], many: int) -> bool:
    if len(pieces) < many or not all(_DIGITS.fullmatch(piece) for piece in pieces):
        return False
    whole = "".join(pieces)
    return _WHOLE_NUMBER.fullmatch(whole) is not None or (_CARD_SHORTEST < len(whole) <= _CARD_LONGEST and _is_card(whole))


def _is_card(digits: str) -> bool:
    """Whether the last digit checks the others by Luhn's rule, as on every card."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _cards(text: str) -> str:
    text = _parts_hidden(text, _ACCOUNT, lambda digits: digits)
    return _parts_hidden(text, _CARD, lambda digits: digits if _CARD_SHORTEST <= len(digits) <= _CARD_LONGEST and _is_card(digits) else "")


def _accounts(text: str) -> str:
    text = _parts_hidden(text, _MAIL, lambda told: told)
    text = _parts_hidden(text, _WECHAT_ID, lambda told: told)
    text = _parts_hidden(text, _WECHAT, lambda told: "" if told.casefold() in _NO_ACCOUNT else told)
    return _parts_hidden(text, _QQ, lambda told: told)


def _parts_hidden(text: str, pattern: re.Pattern[str], meant: Callable[[str], str]) -> str:
    """The text with the last group of every hit starred out, where `meant` says that it is one; order and tracking numbers stay."""
    half = text.translate(_PLAIN)
    if not pattern.search(half):
        return text
    kept = protected(half)
    pieces, at = [], 0
    for found in pattern.finditer(half):
        start, end = found.span(pattern.groups)
        told = re.sub(r"[ -]", "", found.group(pattern.groups)) if found.group(pattern.groups)[:1].isdigit() else found.group(pattern.groups)
        if not meant(told) or any(first < end and start < last for first, last in kept):
            continue
        pieces += [text[at:start], "***"]
        at = end
    return "".join((*pieces, text[at:]))


def _citizens(text: str) -> str:
    return _swapped(text, _CITIZEN, "***")


def _phones(text: str) -> str:
    text = _swapped(text, _MOBILE)
    text = _swapped(text, _GROUPED)
    text = _swapped(text, _LANDLINE, "****")
    return _spoken_hidden(text)


def _spoken_hidden(text: str) -> str:
    """The text without numbers that are written in numerals, wholly or in part."""
    pieces, at = [], 0
    for found in _MIXED.finditer(text.translate(_SPOKEN)):
        if not text[found.start() : found.end()].translate(_PLAIN).isascii():
            pieces += [text[at : found.start()], "****"]
            at = found.end()
    return "".join((*pieces, text[at:]))


def _names(text: str) -> str:
    return _NAMED.sub(lambda found: f"{found[1]}{found[2]}{masked_name(found[3])}", text)


def _addresses(text: str) -> str:
    text = _LABELLED.sub(lambda found: f"{found[1]}{_hidden(found[2])}" if _is_place(found[2]) else found.group(), text)
    for pattern in (_FROM_PROVINCE, _FROM_CITY, _STREET, _FROM_DISTRICT):
        text = pattern.sub(_hidden_street if pattern is _STREET else _hidden_found, text)
    return text


def _is_place(text: str) -> bool:
    return "*" not in text and (len(re.findall(_UNIT, text)) >= 2 or _HOUSE.search(text) is not None)


def _hidden_found(found: re.Match[str]) -> str:
    """A city or a district alone is nobody's address."""
    place = found.group()
    return _hidden(place) if _HOUSE.search(place) or len(re.findall(_UNIT, place)) > 2 or len(place) > _LONG_PLACE else place


def _hidden_street(found: re.Match[str]) -> str:
    if _WAY.search(found.group()):
        return found.group()
    lead = _LEADS.match(found.group())
    start = "" if lead is None else lead.group()
    return f"{start}{_hidden(found.group()[len(start) :])}"


def _hidden(place: str) -> str:
    """Only the province stays."""
    return f"{province_of(place) or ''}***"
