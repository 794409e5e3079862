"""The one door through which whole personal data leave their seal, for a person or for a machine that the shop let work."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.vault import unseal
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.masking import storable
from zhanggui.core.privacy.opening import DAY, HOUR, IN_A_DAY, IN_AN_HOUR, LEAST_REASON, LONGEST_REASON, Opening
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, openings, shops, texts
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.privacy import PersonalOpened


class Opened(msgspec.Struct, frozen=True):
    """What was opened. Its words are in no repr: they belong on one page, once."""

    what: Opening
    text: str

    def __repr__(self) -> str:
        return f"Opened({self.what!r})"


def open_personal(house: House, by: Person, shop_id: ShopId, what: Opening, order_no: str, reason: str, now: datetime) -> Opened:
    """Whole personal data for a person who says why; noted before it is shown. Raises Refused without a reason, too often, or where nothing is kept."""
    by.need(Permission.PRIVACY_OPEN, shop_id)
    said = masked_said(storable(reason).strip())
    if not LEAST_REASON <= len(said) <= LONGEST_REASON:
        raise Refused(say("Say why, in {least} to {most} characters: it is kept with your name.", least=LEAST_REASON, most=LONGEST_REASON))
    if what is not Opening.NUMBER:
        raise Refused(say("Nobody reads this but the print component."))

    def work(tx: Tx) -> bytes:
        openings.hold_person(tx, by.person_id)
        _not_too_often(tx, by, what, now)
        kept = texts.numbers(tx, shop_id, [order_no], now).get(order_no)
        if kept is None or kept.is_cipher:
            raise Refused(say("No telephone number is kept for this order."))
        openings.add(tx, shop_id, at=now, by=by.person_id, what=what.value, subject_kind=SubjectKind.ORDER.value, subject_no=order_no, reason=said)
        entry = PersonalOpened(what.value, said)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
        return kept.sealed

    # committed before it is opened: what was shown is always noted
    return Opened(what, unseal(house, transact(house.pool, work)))


def number_is_kept(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime) -> bool:
    """Whether there is a number of this order that the person might open."""
    if not by.may(Permission.PRIVACY_OPEN, shop_id):
        return False
    with house.pool.connection() as tx:
        kept = texts.numbers(tx, shop_id, [order_no], now).get(order_no)
    return kept is not None and not kept.is_cipher


def opened_for_machine(house: House, what: Opening, sealed: bytes) -> str:
    """The same for a text on its way or a label being printed: those acts are noted by themselves, and nothing of it reaches a page."""
    _ = what
    return unseal(house, sealed)


def _not_too_often(tx: Tx, by: Person, what: Opening, now: datetime) -> None:
    shop_ids = [row.shop_id for row in shops.every(tx)]
    for span, most in ((HOUR, IN_AN_HOUR), (DAY, IN_A_DAY)):
        if openings.since(tx, shop_ids, by.person_id, what.value, now - span) >= most:
            text = say("You opened {most} within {hours} hours. Go on later, or ask whoever owns the shop.", most=most, hours=int(span.total_seconds() // 3600))
            raise Refused(text)
