"""What must be hidden is hidden here, as the standard asks. Hiding what is hidden changes nothing."""

import re
import unicodedata

from zhanggui.papers.standard import standard
from zhanggui.papers.tidy import tidy

STAR = "*"
_MOST_STARS = 2
_HEAD, _TAIL = 3, 2
"""A courier tells two parcels apart by the first three and the last two digits."""
_NUMERAL = "0-9零〇一二三四五六七八九十百两"
_OF_ROOM = re.compile(rf"(?:[A-Za-z]?[{_NUMERAL}]+[A-Za-z]?|[A-Za-z])(?=\s*(?:单元|层|户|门|房(?!山|县)|室|楼(?!栋)))")
"""A number that says which unit, floor, room or household."""
_RUN = re.compile(r"[A-Za-z]?\d+(?:\s*[-—–－−/#.~、_]\s*[A-Za-z]?\d+|[A-Za-z](?![A-Za-z]))*")
_KEPT_AFTER = re.compile(
    r"\s*(?:号楼|号院|号(?!房|室|单元|门)|弄|巷|路|街|大道|道|胡同|栋|幢|座|组|队|社|期|区|村|里|公里|千米|米|环|线|国道|省道|县道|乡道|厂|营|连|团|师|中|小|院|厦|广场|工业|园)"
)
"""Words after a number that make it part of the way to the building, which the courier needs and the standard lets stand."""
_BUILDING = re.compile(r"号楼|号院|号|弄|栋|幢|座|厦|楼|公寓|小区|单元")


def masked_name(text: str | None) -> str:
    """The first character of a name, and stars: 张三 is 张*, 欧阳小美 is 欧**. A name of one character is a star."""
    name = tidy(text)
    seen = name.replace(STAR, "")
    if STAR in name and len(seen) <= max(1, len(name) - standard().name_hidden) and len(seen) <= 2:
        return name
    if len(seen) < 2:
        return STAR if seen or name else ""
    return seen[0] + STAR * min(len(seen) - 1, _MOST_STARS)


def masked_phone(text: str | None) -> str:
    """The first three and the last two digits of a telephone number with six stars between them; of short ones less, of nothing nothing."""
    bare = _plain_digits(tidy(text))
    signs = re.findall(rf"[0-9{re.escape(STAR)}]", bare)
    digits = [sign for sign in signs if sign != STAR]
    if not signs:
        return STAR * standard().phone_hidden if bare else ""
    if len(digits) < _HEAD + _TAIL + 1 and len(signs) - len(digits) >= standard().phone_hidden:
        return "".join(signs)
    head, tail = _ends(signs)
    return head + STAR * max(standard().phone_hidden, min(len(signs) - len(head) - len(tail), 8)) + tail


def _ends(signs: list[str]) -> tuple[str, str]:
    """What of a number may be seen. Of a number so short that its ends would give it away, only the end."""
    head = "".join(signs[:_HEAD]) if len(signs) >= _HEAD + _TAIL + standard().phone_hidden else ""
    return head.replace(STAR, ""), "".join(signs[-_TAIL:]).replace(STAR, "")


def masked_address(text: str | None) -> str:
    """The address down to the building; the numbers of unit, floor, room and household are stars."""
    address = tidy(text)
    if not address:
        return ""
    plain = _plain_digits(address)
    hidden = _OF_ROOM.sub(_stars, plain)
    return _RUN.sub(lambda run: _run_masked(run, hidden), hidden)


def _run_masked(run: re.Match[str], address: str) -> str:
    if _KEPT_AFTER.match(address, run.end()):
        return run.group()
    if not _BUILDING.search(address, 0, run.start()) and (parts := re.match(r"([A-Za-z]?\d{1,2}[A-Za-z]?)(\s*[-—–－−/#.~、_].*)", run.group(), re.DOTALL)):
        return parts[1] + _starred(parts[2])
    return _starred(run.group())


def _stars(found: re.Match[str]) -> str:
    return STAR * len(found.group())


def _starred(text: str) -> str:
    return re.sub(r"[0-9A-Za-z]", STAR, text)


def _plain_digits(text: str) -> str:
    """The text with full-width and other digits as plain ones, so that none slips by; all else as it was."""
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else _narrow(sign) for sign in text)


def _narrow(sign: str) -> str:
    """A full-width letter as a plain one."""
    return chr(ord(sign) - 0xFEE0) if "Ａ" <= sign <= "Ｚ" or "ａ" <= sign <= "ｚ" else STAR if sign == "＊" else sign
