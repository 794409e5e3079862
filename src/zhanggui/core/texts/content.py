"""What a text says: its template filled, how many parts it is charged as, and what is wrong with it before it goes."""

import re
from collections.abc import Mapping

from zhanggui.core.say import Say, say
from zhanggui.core.texts.kinds import TextKind
from zhanggui.core.texts.terms import TextRules

_SLOT = re.compile(r"\$\{([a-z_]+)\}")
_LINK = re.compile(r"https?://|www\.|[A-Za-z0-9-]+\.(?:com|cn|net|vip|top)\b", re.IGNORECASE)
SLOTS: Mapping[TextKind, frozenset[str]] = {
    TextKind.SHIPPED: frozenset({"title", "carrier", "tail"}),
    TextKind.RECEIVED: frozenset({"title"}),
    TextKind.FESTIVAL: frozenset({"festival"}),
}
"""What a template of each kind may be filled with. `tail`: the last four digits of the tracking number; a text names no person and no whole number."""


def filled(content: str, values: Mapping[str, str]) -> str:
    """The template with its slots filled."""
    return _SLOT.sub(lambda found: values[found.group(1)], content)


def slots_in(content: str) -> frozenset[str]:
    """The slots a template has."""
    return frozenset(_SLOT.findall(content))


def signed(sign: str, content: str) -> str:
    """The text as it arrives."""
    return f"【{sign}】{content}"


def parts(text: str, rules: TextRules) -> int:
    """As how many texts it is charged; counted as telephones do, in units of UTF-16."""
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= rules.single else -(-length // rules.part)


def wrong_with_template(kind: TextKind, sign: str, content: str, rules: TextRules) -> Say | None:
    """Why a template must not be used; whatever speech forbids is found apart."""
    if not rules.shortest_sign <= len(sign) <= rules.longest_sign or not all(char.isalnum() for char in sign):
        return say("A signature has {shortest} to {longest} letters or digits.", shortest=rules.shortest_sign, longest=rules.longest_sign)
    if not content.strip():
        return say("The template says nothing.")
    unknown = sorted(slots_in(content) - SLOTS[kind])
    if unknown or "${" in _SLOT.sub("", content):
        return say("A text of this kind is filled with {known} only.", known="、".join(f"${{{name}}}" for name in sorted(SLOTS[kind])))
    if "【" in content or "】" in content:
        return say("The signature is set in front of the text by itself: leave 【】 out of the template.")
    if _LINK.search(content):
        return say("A text leads nowhere outside the platform: leave links out.")
    if len(signed(sign, content)) > rules.longest:
        return say("The text is longer than {longest} characters.", longest=rules.longest)
    if kind is TextKind.FESTIVAL and rules.opt_out not in content:
        return say("A greeting counts as advertising and has to end with how to get no more: {words}", words=rules.opt_out)
    return None
