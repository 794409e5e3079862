"""What a version of a script may say: every slot one that is filled, nothing forbidden, nobody's data, no promise of its own."""

import re
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.chats.masking import masked_chat
from zhanggui.core.promises import promises_in
from zhanggui.core.promises.shapes import Exactness
from zhanggui.core.say import Say, say
from zhanggui.core.scripting.situations import Situation
from zhanggui.core.scripting.slots import QUICK, SLOTS, OddSlot, canonical, sample_fills, slots_in
from zhanggui.core.scripts import Fit, Script, Scripts
from zhanggui.core.speech import Finding, SpeechBook, check
from zhanggui.core.verdicts import Draft

LONGEST, LONGEST_WHEN = 500, 60
"""Characters; the platform's own chat takes no longer messages (assumed)."""
FIXED = frozenset({"chasing", "disputes"})
"""Rooms whose words are the same in every shop: letters to carriers and to the platform, and what goes with them."""
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class Proposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version as a person writes it. Slots may bear their Chinese names; without an English gloss the Chinese stands for it."""

    id: str
    situation: str = ""
    fits: tuple[Fit, ...] = ()
    zh: str
    en: str = ""
    when_zh: str
    when_en: str = ""
    from_at: datetime | None = None
    """None: from now on."""
    until_at: datetime | None = None
    """None: until it is withdrawn."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal read. With anything in `wrong` or `findings` it is not kept; `mind` is said and a person decides."""

    proposal: Proposal
    """With its slots by the names we use."""
    wrong: tuple[Say, ...] = ()
    mind: tuple[Say, ...] = ()
    findings: tuple[Finding, ...] = ()
    sample: Draft | None = None

    @property
    def may_be_kept(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.wrong and not self.findings


def checked(proposal: Proposal, comes_along: Script | None, book: SpeechBook, now: datetime) -> Checked:
    """The proposal held against what a script may say; `comes_along` are the built-in words it stands for, where there are such."""
    try:
        clean = msgspec.structs.replace(proposal, zh=canonical(proposal.zh).strip(), en=canonical(proposal.en).strip())
    except OddSlot as odd:
        return Checked(proposal=proposal, wrong=(odd.say,))
    slots = frozenset(slots_in(clean.zh)) | frozenset(slots_in(clean.en))
    wrong = (*_shape(clean, comes_along, now), *_slots(slots, comes_along))
    if wrong:
        return Checked(proposal=clean, wrong=wrong)
    script = Script(id=clean.id, zh=clean.zh, en=clean.en or clean.zh, when_zh=clean.when_zh, when_en=clean.when_en or clean.when_zh)
    sample = Scripts.of([script]).draft(clean.id, **sample_fills(script.slots))
    findings = check(sample.zh, book, now) if sample is not None else ()
    return Checked(proposal=clean, mind=_mind(clean, comes_along, now), findings=findings, sample=sample)


def _shape(told: Proposal, comes_along: Script | None, now: datetime) -> tuple[Say, ...]:
    """What is wrong with the words, the situation and the dates."""
    found = []
    if comes_along is not None and comes_along.room in FIXED:
        found.append(say("Letters to carriers and to the platform keep the words that come along."))
    if not _ID.fullmatch(told.id):
        found.append(say("{name} is no name of a script: small letters, digits and underscores, a letter first.", name=told.id[:40]))
    is_of_a_length = 1 <= len(told.zh) <= LONGEST and len(told.en) <= 2 * LONGEST
    if not is_of_a_length:
        found.append(say("Write the message in Chinese, in at most {longest} characters.", longest=LONGEST))
    if not 1 <= len(told.when_zh.strip()) <= LONGEST_WHEN or len(told.when_en) > 2 * LONGEST_WHEN:
        found.append(say("Say in at most {longest} characters what the script is for.", longest=LONGEST_WHEN))
    if told.situation not in set(Situation) and not (comes_along is not None and told.situation == comes_along.situation):
        found.append(say("Choose the situation that the script answers."))
    if told.until_at is not None and (told.until_at <= now or (told.from_at is not None and told.until_at <= told.from_at)):
        found.append(say("The script would be over before it begins. Give a later end."))
    if told.situation == Situation.PROMOTION and told.until_at is None and comes_along is None:
        found.append(say("A promotion needs an end: what is over must not be promised."))
    # what is too long anyway is not read for what it holds: a whole book would take as long
    if is_of_a_length and (kinds := masked_chat(told.zh).kinds | masked_chat(told.en).kinds):
        found.append(say("The words hold personal data or a telephone number ({kinds}). Leave it out.", kinds=", ".join(sorted(kinds))))
    return tuple(found)


def _slots(slots: frozenset[str], comes_along: Script | None) -> tuple[Say, ...]:
    """The slots that nothing would fill: who drafts with built-in words fills exactly theirs."""
    may = comes_along.slots if comes_along is not None and not comes_along.situation else QUICK
    return tuple(say("Nothing fills the slot {slot} here.", slot=_named(name)) for name in sorted(slots - may))


def _mind(told: Proposal, comes_along: Script | None, now: datetime) -> tuple[Say, ...]:
    found = []
    lost = (comes_along.slots if comes_along is not None else frozenset()) - frozenset(slots_in(told.zh))
    found += [say("The words that come along name {slot}; these do not.", slot=_named(name)) for name in sorted(lost)]
    for promise in promises_in(_without_slots(told.zh), now):
        if promise.exactness is not Exactness.EVENT:
            found.append(say("“{words}” promises every order the same. The slot {slot} promises what holds.", words=promise.words, slot="{发货时间}"))
    if told.until_at is not None and told.until_at - now < timedelta(days=1):
        found.append(say("It ends within a day."))
    return tuple(found)


def _without_slots(text: str) -> str:
    return re.sub(r"\{[^{}]*\}", "", text)


def _named(name: str) -> str:
    return "{" + (SLOTS[name].zh if name in SLOTS else name) + "}"
