"""What a shop sets for its texts: doors and templates, its bounds, and numbers, which are sealed at once and forgotten after a while."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.buyer_digests import buyer_key
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.platform import ask, connected_shops
from zhanggui.actions.refused import Refused
from zhanggui.actions.vault import seal
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.texts import CIPHER
from zhanggui.connectors.pdd.waybill import receiver
from zhanggui.core.say import say
from zhanggui.core.speech import check
from zhanggui.core.texts.content import SLOTS, filled, wrong_with_template
from zhanggui.core.texts.kinds import TextKind, TextWay
from zhanggui.core.texts.terms import TextTerms
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import journal, texts
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.texts import TextNumbersBrought, TextWayKept
from zhanggui.records.texts import NumberRecord, TemplateRecord
from zhanggui.rulebook.speech import speech_book
from zhanggui.rulebook.texts import text_rules

MOST_NUMBERS = 5000
LONGEST_KEY = 200
_LINE = re.compile(r"^\s*(?P<no>[0-9A-Za-z-]{1,64})\s*[,，\t;]\s*(?:\+?86)?(?P<phone>1[3-9]\d{9})\s*(?:[,，\t;]\s*(?P<yes>\S*))?\s*$", re.ASCII)
_LONGEST_LINE = 200
"""What separates may be blank as well, so that a line of nothing but tabs would be read over and over."""
_YES = frozenset({"是", "yes", "y", "1", "同意", "true"})
_BYTES = 16


class NewWay(msgspec.Struct, frozen=True, kw_only=True):
    """A door as a person sets it. An empty secret leaves the one that is kept."""

    way: TextWay
    sign: str
    is_on: bool
    key_id: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return f"NewWay({self.way!r})"


def keep_way(house: House, by: Person, shop_id: ShopId, new: NewWay, now: datetime) -> None:
    """Keeps a door. Raises Refused where its account or signature cannot be."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    wrong = wrong_with_template(TextKind.SHIPPED, new.sign, "x", text_rules())
    if wrong is not None:
        raise Refused(wrong)
    if max(len(new.key_id), len(new.secret)) > LONGEST_KEY:
        raise Refused(say("The text is longer than {longest} characters.", longest=LONGEST_KEY))
    secret = seal(house, new.secret) if new.secret else None

    def work(tx: Tx) -> None:
        before = {row.way: row for row in texts.ways(tx, shop_id)}.get(new.way.value)
        if new.way is TextWay.ALIYUN and new.is_on and not (new.key_id and (secret or (before is not None and before.secret))):
            raise Refused(say("The account needs its AccessKey: the id and the secret."))
        texts.keep_way(tx, shop_id, new.way.value, sign=new.sign, key_id=new.key_id, secret=secret, is_on=new.is_on, made_by=by.person_id, made_at=now)
        journal.write(tx, shop_id, TextWayKept(new.way.value, new.sign, new.is_on), at=now, by=by.person_id)

    transact(house.pool, work)


def keep_template(house: House, by: Person, shop_id: ShopId, kind: TextKind, way: TextWay, code: str, content: str, now: datetime) -> None:
    """Keeps the template of a kind for a door; without a code there is none any more. Raises Refused for one that must not be used."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    code, content = code.strip(), content.strip()
    if code:
        wrong = wrong_with_template(kind, "签名", content, text_rules())
        if wrong is not None:
            raise Refused(wrong)
        found = check(filled(content, dict.fromkeys(SLOTS[kind], "商品")), speech_book(), now, ship_within=None)
        if found:
            raise Refused(say("The message says what must not be said: {words}", words="、".join(each.words for each in found)))

    def work(tx: Tx) -> None:
        texts.keep_template(tx, shop_id, TemplateRecord(kind=kind.value, way=way.value, code=code[:LONGEST_KEY], content=content), by.person_id, now)

    transact(house.pool, work)


def keep_terms(house: House, by: Person, shop_id: ShopId, terms: TextTerms, now: datetime) -> None:
    """Keeps the shop's bounds. Raises Refused for those that cannot be."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    sound = 0 <= terms.opens < terms.closes <= 24 and min(terms.price_li, terms.monthly_li, terms.a_day, terms.a_month) >= 0 and 1 <= terms.keep_days <= 180
    if not sound or terms.opens < EARLIEST or terms.closes > LATEST:
        raise Refused(say("Texts go between {earliest} and {latest} o'clock, and numbers are kept for 1 to 180 days.", earliest=EARLIEST, latest=LATEST))
    transact(house.pool, lambda tx: texts.keep_terms(tx, shop_id, msgspec.json.encode(terms).decode(), by.person_id, now))


EARLIEST, LATEST = 8, 22


def terms_of(tx: Tx, shop_id: int) -> TextTerms:
    """The shop's bounds, the house's own where it set none."""
    kept = texts.terms(tx, shop_id)
    return TextTerms() if kept is None else msgspec.json.decode(kept, type=TextTerms)


class Brought(msgspec.Struct, frozen=True):
    """How many numbers were kept, and which lines were none. No line is repeated: it may hold a number."""

    kept: int
    lines_left: tuple[int, ...]


def bring_numbers(house: House, by: Person, shop_id: ShopId, told: str, now: datetime) -> Brought:
    """Seals the numbers of a list, one a line: order number, telephone, whether the buyer agreed to advertising. Nothing of it is kept in clear."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    lines = [(number, line) for number, line in enumerate(told.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_NUMBERS:
        raise Refused(say("At most {most} numbers at once.", most=MOST_NUMBERS))
    read = [(number, _LINE.match(line) if len(line) <= _LONGEST_LINE else None) for number, line in lines]
    found = [match for _, match in read if match is not None]
    left = tuple(number for number, match in read if match is None)
    if not found:
        raise Refused(say("No line names an order and a mobile number. Write: order number, number, yes or no."))

    def work(tx: Tx) -> Brought:
        terms, key = terms_of(tx, shop_id), buyer_key(tx, shop_id, now)
        rows = [
            NumberRecord(
                order_no=match["no"],
                sealed=seal(house, match["phone"]),
                digest=number_digest(key, match["phone"]),
                may_advertise=(match["yes"] or "").casefold() in _YES,
                brought_at=now,
                ends_at=now + timedelta(days=terms.keep_days),
            )
            for match in found
        ]
        texts.put_numbers(tx, shop_id, rows, by.person_id)
        entry = TextNumbersBrought(len(rows), sum(row.may_advertise for row in rows), terms.keep_days)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id)
        return Brought(len(rows), left)

    return transact(house.pool, work)


def number_digest(key: bytes, number: str) -> bytes:
    """By what a number is known again; without the shop's key nobody can make it."""
    return hmac.new(key, f"tel:{number}".encode(), hashlib.sha256).digest()[:_BYTES]


def forget_numbers(house: House, now: datetime) -> None:
    """Forgets the numbers whose time is over."""
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            texts.forget_numbers(tx, shop_id, now)


def keep_ciphers(house: House, now: datetime, wall: datetime) -> None:
    """Where texts go by the platform, seals the ciphertext of buyers' numbers while the platform still hands it out: until their orders ship."""
    for shop_id in connected_shops(house):
        with house.pool.connection() as tx:
            is_on = any(row.way == TextWay.PLATFORM.value and row.is_on for row in texts.ways(tx, shop_id))
            wanted = texts.without_cipher(tx, shop_id, now - CIPHERS_OF, CIPHERS_AT_ONCE) if is_on else []
        found = [(no, cipher) for no in wanted if (cipher := _cipher(house, shop_id, no, now, wall))]
        if found:
            with house.pool.connection() as tx:
                _seal_ciphers(tx, house, shop_id, found, now)


CIPHERS_OF = timedelta(days=3)
CIPHERS_AT_ONCE = 50


def _cipher(house: House, shop_id: ShopId, order_no: str, now: datetime, wall: datetime) -> str:
    """What the platform gives instead of the number; empty where it gives nothing now."""
    try:
        cipher = ask(house, shop_id, receiver(order_no), now, wall).phone
    except (PlatformError, Refused):
        return ""
    return cipher if cipher.startswith(CIPHER) else ""


def _seal_ciphers(tx: Tx, house: House, shop_id: ShopId, found: Sequence[tuple[str, str]], now: datetime) -> None:
    key, ends_at = buyer_key(tx, shop_id, now), now + timedelta(days=terms_of(tx, shop_id).keep_days)
    rows = [
        NumberRecord(
            order_no=no, sealed=seal(house, cipher), is_cipher=True, digest=number_digest(key, cipher), may_advertise=False, brought_at=now, ends_at=ends_at
        )
        for no, cipher in found
    ]
    texts.put_numbers(tx, shop_id, rows, None)
