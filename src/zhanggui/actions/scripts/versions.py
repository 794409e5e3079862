"""The shop's own words: tried before they are kept, kept as a version of their own, withdrawn; never changed."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts.replying import filling_of
from zhanggui.core.chats.masking import masked_chat
from zhanggui.core.say import Say, say
from zhanggui.core.scripting.checking import Checked, Proposal, checked
from zhanggui.core.scripting.slots import OF_THE_SHOP
from zhanggui.core.scripts import Script, Scripts
from zhanggui.core.speech import check
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, locks, scripts
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.scripts import ScriptFactsSet, ScriptKept, ScriptWithdrawn
from zhanggui.records.scripts import NewVersion
from zhanggui.rulebook.speech import speech_book

MOST_VERSIONS = 5000
LONGEST_FACT = 100


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal as it reads: with samples in its slots, and with the facts of a real order."""

    checked: Checked
    filled: Draft | None
    missing: tuple[str, ...]
    """The slots that the order has nothing for."""


def try_script(house: House, by: Person, shop_id: ShopId, proposal: Proposal, now: datetime, *, order_no: str | None = None) -> Tried:
    """What speaks against the words, and how they read for an order; nothing is kept."""
    by.need(Permission.SCRIPTS_WRITE, shop_id)
    told = checked(proposal, rulebook.scripts().by_id.get(proposal.id), speech_book(), now)
    if not told.may_be_kept:
        return Tried(checked=told, filled=None, missing=())
    script = _script(told.proposal)
    with house.pool.connection() as tx:
        filling = filling_of(tx, house, shop_id, order_no, None, now)
    missing = tuple(sorted(script.slots - filling.fills.keys()))
    return Tried(checked=told, filled=Scripts.of([script]).draft(script.id, **filling.fills), missing=missing)


def keep_script(house: House, by: Person, shop_id: ShopId, proposal: Proposal, now: datetime, *, owner: int | None = None) -> int:
    """The number of the version that was kept. Raises Refused for words that may not be kept; the same words again are no new version."""
    by.need(Permission.SCRIPTS_WRITE, shop_id)
    told = checked(proposal, rulebook.scripts().by_id.get(proposal.id), speech_book(), now)
    refuse(told)

    def work(tx: Tx) -> int:
        locks.hold_shop(tx, shop_id)
        return keep_in(tx, by, shop_id, told.proposal, now, owner=owner)

    return transact(house.pool, work)


def add_script(house: House, by: Person, shop_id: ShopId, proposal: Proposal, now: datetime, *, owner: int | None = None) -> str:
    """The name of a script of the shop's own that is new. Raises Refused for words that may not be kept."""
    by.need(Permission.SCRIPTS_WRITE, shop_id)

    def work(tx: Tx) -> str:
        locks.hold_shop(tx, shop_id)
        told = checked(msgspec.structs.replace(proposal, id=new_id(tx, shop_id)), None, speech_book(), now)
        refuse(told)
        keep_in(tx, by, shop_id, told.proposal, now, owner=owner)
        return told.proposal.id

    return transact(house.pool, work)


def keep_in(tx: Tx, by: Person, shop_id: ShopId, told: Proposal, now: datetime, *, owner: int | None = None) -> int:
    """The same inside a transaction that holds the shop, for words that were checked."""
    standing = scripts.versions(tx, shop_id, told.id, 1)
    new = NewVersion(
        script_id=told.id,
        situation=told.situation,
        fits=[fit.value for fit in told.fits],
        zh=told.zh,
        en=told.en,
        when_zh=told.when_zh.strip(),
        when_en=told.when_en.strip(),
        owner=owner if owner is not None else by.person_id,
        from_at=told.from_at or now,
        until_at=told.until_at,
        made_by=by.person_id,
        made_at=now,
    )
    if standing and _says_the_same(standing[0], new):
        return standing[0].version
    version = scripts.add_version(tx, shop_id, new)
    journal.write(tx, shop_id, ScriptKept(told.id, version), at=now, by=by.person_id)
    return version


def withdraw_version(house: House, by: Person, shop_id: ShopId, script_id: str, version: int, now: datetime) -> None:
    """That version no longer holds; what lies under it does. Raises Refused where it does not stand."""
    by.need(Permission.SCRIPTS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        if not scripts.withdraw(tx, shop_id, script_id, version, by.person_id, now):
            raise Refused(say("That version does not stand any more."))
        journal.write(tx, shop_id, ScriptWithdrawn(script_id, version), at=now, by=by.person_id)

    transact(house.pool, work)


def keep_facts(house: House, by: Person, shop_id: ShopId, told: Mapping[str, str], now: datetime) -> None:
    """Keeps what the shop tells of itself; an empty word forgets. Raises Refused for what must not be said."""
    by.need(Permission.SCRIPTS_WRITE, shop_id)
    for name, text in told.items():
        _check_fact(name, text.strip(), now)

    def work(tx: Tx) -> None:
        before = scripts.facts(tx, shop_id)
        changed = {name: text.strip() for name, text in told.items() if before.get(name, "") != text.strip()}
        for name, text in changed.items():
            scripts.keep_fact(tx, shop_id, name, text, by.person_id, now)
        if changed:
            journal.write(tx, shop_id, ScriptFactsSet(tuple(sorted(changed))), at=now, by=by.person_id)

    transact(house.pool, work)


def new_id(tx: Tx, shop_id: ShopId) -> str:
    """A name for a script of the shop's own that has none yet."""
    taken = {row.script_id for row in scripts.versions(tx, shop_id, None, MOST_VERSIONS)}
    return next(name for number in range(1, MOST_VERSIONS + 2) if (name := f"own_{number}") not in taken)


def refuse(told: Checked) -> None:
    """Raises Refused with what speaks against the words."""
    if told.wrong:
        raise Refused(told.wrong[0])
    if told.findings:
        raise Refused(forbidden(told.findings[0].words, told.findings[0].safe))


def forbidden(words: str, safe: str) -> Say:
    """What must not be said, and what may be instead."""
    return say("“{words}” must not be said to a buyer. Instead: {safe}", words=words, safe=safe)


def _check_fact(name: str, text: str, now: datetime) -> None:
    if name not in OF_THE_SHOP:
        raise Refused(say("{name} is nothing a shop tells of itself.", name=name[:40]))
    if len(text) > LONGEST_FACT or masked_chat(text).kinds or "{" in text:
        raise Refused(say("Say it in at most {longest} characters, without telephone numbers and addresses.", longest=LONGEST_FACT))
    if findings := check(text, speech_book(), now):
        raise Refused(forbidden(findings[0].words, findings[0].safe))


def _script(told: Proposal) -> Script:
    return Script(id=told.id, zh=told.zh, en=told.en or told.zh, when_zh=told.when_zh, when_en=told.when_en or told.when_zh, situation=told.situation)


def _says_the_same(row: scripts.VersionRow, new: NewVersion) -> bool:
    """Whether a version that stands says just this, until the same moment; when it began does not matter."""
    fields = ("situation", "fits", "zh", "en", "when_zh", "when_en", "until_at")
    return row.withdrawn_at is None and row.from_at <= new.from_at and all(getattr(row, field) == getattr(new, field) for field in fields)
