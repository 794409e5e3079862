"""Who somebody is by the name that stands before a message."""

import re
from collections.abc import Collection
from typing import NamedTuple

from zhanggui.core.chats.shapes import Who
from zhanggui.core.chats.words import words
from zhanggui.core.say import Say, say

LONGEST_NAME = 30
_NO_NAME = re.compile(r"[，。！？!?、;；…~～\n]|https?|\.com|^[\d\W_]+$")
_SPACES = re.compile(r"\s")
_PARTED = re.compile(r"[\s:：()（）\-—_|/·【】\[\]]+")
_SAYS = re.compile(r"\s*(?:说|回复|问|says?)$")
_STARRED = re.compile(r"\S{0,2}\*+\S{0,2}|[A-Za-z0-9_]{0,12}\*{2,}\S{0,4}")
_SUB_ACCOUNT = re.compile(r"(?:店|馆|坊|厂|铺|商行|商城|mall|shop)\s*[:：]\s*\S", re.IGNORECASE)


class Known(NamedTuple):
    """Who a name is, whether that is sure, and what says so."""

    who: Who
    is_sure: bool
    because: Say


def bare_name(text: str) -> str:
    """The name without brackets and the word "says"."""
    return _SAYS.sub("", text.strip(' \t【】[]<>()（）"“”「」|-—,，@')).strip() or text.strip()


def is_plausible(name: str) -> bool:
    """Whether this can be somebody's name: short, no sentence, no field of a card."""
    if not 0 < len(name) <= LONGEST_NAME or len(_SPACES.findall(name)) > 2 or _NO_NAME.search(name.replace("****", "x")):
        return False
    shop, colon, _ = name.replace("：", ":").partition(":")
    if colon and (is_label(shop) or not (_SUB_ACCOUNT.search(name) or any(part in shop for part in words().names["rep_parts"]))):
        return False  # what was said has begun
    return name.casefold() not in words().is_field and not words().field_part.search(name)


def is_label(name: str) -> bool:
    """Whether the name is a word for a side and nothing else."""
    return any(name.strip().casefold() in labels for labels in words().names.values())


def label_of(name: str) -> Who | None:
    """Who a name is that is a word for a side, alone or before a name: 买家, 客服小美, 商家客服（小美）."""
    table = words().names
    for who in (Who.BOT, Who.SYSTEM, Who.REP, Who.BUYER):
        if name.casefold() in table[who.value]:
            return who
    head = _PARTED.split(name.strip(), maxsplit=1)[0]
    for who in (Who.BOT, Who.SYSTEM, Who.REP, Who.BUYER):
        if head != name and head.casefold() in table[who.value]:
            return who
    for who in (Who.BOT, Who.SYSTEM):
        if any(part in name for part in table[f"{who.value}_parts"]):
            return who
    for who in (Who.REP, Who.BUYER):
        if any(len(label) > 1 and name.startswith(label) and len(name) - len(label) <= 8 for label in table[who.value]):
            return who
    return None


def rep_called(name: str, reps: Collection[str]) -> str:
    """Who of the shop's people a name means that a tool or a paste gives a rep: 客服小美 and 旗舰店:小美 are 小美. Any other stays as it is."""
    if name in reps:
        return name
    meant = {rep for rep in reps if rep and name.endswith(rep) and _is_title(name[: -len(rep)])}
    return max(meant, key=len) if meant else name


def _is_title(before: str) -> bool:
    """Whether what stands before a name only says which side or which shop it is."""
    return before.endswith((":", "：")) or is_label(before.strip(" -—_|·")) or label_of(before.strip(" -—_|·")) is Who.REP


def known_by_name(name: str, reps: Collection[str]) -> Known | None:
    """Who somebody is by name alone; None where the name says nothing."""
    if name in reps or any(name.endswith((f":{rep}", f"：{rep}")) for rep in reps):
        return Known(Who.REP, True, say("The shop names this rep."))
    label = label_of(name)
    if label is not None:
        return Known(label, True, say("The name says it: {name}.", name=name if label is not Who.BUYER else "买家"))
    if _SUB_ACCOUNT.search(name):
        return Known(Who.REP, True, say("A shop's name stands before the colon."))
    if any(part in name for part in words().names["rep_parts"]):
        return Known(Who.REP, True, say("The name is one of a shop."))
    if _STARRED.fullmatch(name):
        return Known(Who.BUYER, True, say("The platform hides the names of buyers."))
    return None
