"""The last look before the ink: is there anybody's telephone number, name or door in clear? It knows nothing of who hid what before."""

import re
import unicodedata

from zhanggui.core.say import say
from zhanggui.papers.masks import STAR, masked_address
from zhanggui.papers.standard import standard
from zhanggui.papers.trouble import ClearData

_NUMERALS = str.maketrans("零〇一幺二三四五六七八九", "001123456789")
_GAP = r"[\s\-—–－_.·]{1,3}"
_MOBILES = (
    re.compile(r"(?<!\d)(?:(?:00)?86)?1[3-9]\d{9}(?!\d)"),
    re.compile(rf"(?<!\d)(?:86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"),
    re.compile(rf"(?<!\d)1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}(?!\d)"),
    re.compile(rf"(?<!\d)1[3-9]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)"),
    re.compile(rf"(?<!\d)1[3-9]\d(?:{_GAP}\d{{8}}|\d{{4}}{_GAP}\d{{4}})(?!\d)"),
    re.compile(rf"(?<!\d)1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"),
)
"""As people write them; a list of models such as 13/14/15 is none."""
_LANDLINE = re.compile(rf"(?<!\d)0\d{{2,3}}(?:{_GAP})?\d{{3,4}}(?:{_GAP})?\d{{4}}(?!\d)")
_CITIZEN = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\d)")
_DOOR = re.compile(r"\d+\s*单元\s*\d+|单元\s*\d{3,4}|\d{3,4}\s*室(?![内外温])")
_NAMED = re.compile(r"(?:收[件货]人|联系人|姓名|收)\s*[:：]\s*[\u4e00-\u9fff]{2,4}")


def holds_number(text: str) -> bool:
    """Whether a telephone or citizen number stands in the text, also when written with gaps, in full-width or in Chinese numerals."""
    plain = unicodedata.normalize("NFKC", text)
    return any(_in_digits(each) for each in (plain, plain.translate(_NUMERALS)))


def holds_person(text: str) -> bool:
    """Whether a free text holds a number, a door or a named person."""
    plain = unicodedata.normalize("NFKC", text)
    return holds_number(text) or bool(_DOOR.search(plain) or _NAMED.search(plain))


def refuse_clear_name(order_no: str, name: str) -> None:
    """Nothing, where at least so much of the name is hidden as the standard asks. Raises ClearData."""
    if name and (name.count(STAR) < standard().name_hidden or len(name.replace(STAR, "")) > 2 or holds_number(name)):
        raise ClearData(say("Order {order_no} is not printed: the receiver's name would stand there in clear.", order_no=order_no))


def refuse_clear_phone(order_no: str, phone: str) -> None:
    """Nothing, where at least so many digits are hidden as the standard asks. Raises ClearData."""
    if phone and (phone.count(STAR) < standard().phone_hidden or sum(sign.isdigit() for sign in phone) > 5):
        raise ClearData(say("Order {order_no} is not printed: a telephone number would stand there in clear.", order_no=order_no))


def refuse_clear_address(order_no: str, address: str) -> None:
    """Nothing, where neither unit nor room can be read. Raises ClearData."""
    if address and (masked_address(address) != address or holds_person(address)):
        raise ClearData(say("Order {order_no} is not printed: the unit or room of an address would stand there in clear.", order_no=order_no))


def refuse_clear_text(order_no: str, text: str) -> None:
    """Nothing, where no number of a person stands in a text such as a product's name. Raises ClearData."""
    if holds_number(text):
        raise ClearData(say("Order {order_no} is not printed: a telephone or citizen number stands in the text of its goods.", order_no=order_no))


def _in_digits(text: str) -> bool:
    return bool(any(mobile.search(text) for mobile in _MOBILES) or _LANDLINE.search(text) or _CITIZEN.search(text))
