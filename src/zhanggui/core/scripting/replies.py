"""Quick replies: which scripts answer a situation, filled, those that can be sent first, and why the others cannot."""

from collections.abc import Iterable, Mapping

import msgspec

from zhanggui.core.scripting.situations import Situation
from zhanggui.core.scripting.slots import SLOTS
from zhanggui.core.scripts import Fit, Script, Scripts, type_of_fill
from zhanggui.core.verdicts import Draft

_FIRST = {situation.value: place for place, situation in enumerate(Situation)}


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One script as a quick reply. Without a draft it cannot be sent now: the order does not stand as it says, or slots have nothing true to say."""

    script: Script
    draft: Draft | None
    missing: tuple[str, ...]
    fits: bool

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent as it is."""
        return self.draft is not None


def replies(scripts: Scripts, fills: Mapping[str, type_of_fill], fit: Fit, *, situation: str = "", search: str = "") -> tuple[Reply, ...]:
    """The quick replies of a situation, or all that the words find; the ready ones first, then by situation, the shop's own before those that come along."""
    found = [_reply(script, fills, fit) for script in _asked(scripts.by_id.values(), situation, search)]
    return tuple(sorted(found, key=lambda each: (not each.is_ready, _FIRST.get(each.script.situation, 99), each.script.version == 0, each.script.id)))


def _asked(scripts: Iterable[Script], situation: str, search: str) -> Iterable[Script]:
    words = search.casefold().split()
    for script in scripts:
        if not script.situation or (situation and script.situation != situation):
            continue
        text = f"{script.id} {script.when_zh} {script.when_en} {script.zh} {script.en}".casefold()
        if all(word in text for word in words):
            yield script


def _reply(script: Script, fills: Mapping[str, type_of_fill], fit: Fit) -> Reply:
    missing = tuple(sorted(script.slots - fills.keys(), key=lambda name: list(SLOTS).index(name) if name in SLOTS else 99))
    fits = not script.fits or fit in script.fits
    draft = Scripts.of([script]).draft(script.id, **fills) if fits and not missing else None
    return Reply(script=script, draft=draft, missing=missing, fits=fits)
