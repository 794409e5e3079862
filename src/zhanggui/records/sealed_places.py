"""Every place of the database that lies sealed: how its values are walked through and put back, so that a key can be changed.

Each statement that reads goes along the key of its table; each that writes puts a value back only where it still is what was read.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from zhanggui.core.facts import FactKind, MessageFacts
from zhanggui.records.conversations import SAID, UNREAD
from zhanggui.records.costs import BUYER_KEY
from zhanggui.records.db import Tx
from zhanggui.records.facts.sealed import place_of
from zhanggui.records.notes import TEXT
from zhanggui.records.quality import SAID as FAULT_SAID
from zhanggui.records.quality import WORDS as FAULT_WORDS
from zhanggui.records.sealing import Cipher, is_sealed, is_sealed_with
from zhanggui.records.threads import WAITING_TEXT

Key = tuple[Any, ...]
Change = Callable[[str], str]
MESSAGE_TEXT = place_of(FactKind.MESSAGE, "text")

READ_SAID = """
    select conversation_no, no, said from conversation_messages
    where shop_id = %(shop_id)s and (conversation_no, no) > (%(a)s, %(b)s) order by conversation_no, no limit %(limit)s
"""
WRITE_SAID = """
    update conversation_messages set said = %(value)s
    where shop_id = %(shop_id)s and conversation_no = %(a)s and no = %(b)s and said = %(before)s
"""
READ_UNREAD = """
    select conversation_no, unread #>> '{}' from conversations
    where shop_id = %(shop_id)s and conversation_no > %(a)s order by conversation_no limit %(limit)s
"""
WRITE_UNREAD = """
    update conversations set unread = to_json(%(value)s::text)
    where shop_id = %(shop_id)s and conversation_no = %(a)s and unread #>> '{}' = %(before)s
"""
READ_WAITING = """
    select thread_no, waiting_text from threads
    where shop_id = %(shop_id)s and thread_no > %(a)s order by thread_no limit %(limit)s
"""
WRITE_WAITING = "update threads set waiting_text = %(value)s where shop_id = %(shop_id)s and thread_no = %(a)s and waiting_text = %(before)s"
READ_FAULT_SAID = """
    select thread_no, day::text, place, kind, said from quality_faults
    where shop_id = %(shop_id)s and (thread_no, day, place, kind) > (%(a)s, %(b)s::date, %(c)s, %(d)s) order by thread_no, day, place, kind limit %(limit)s
"""
WRITE_FAULT_SAID = """
    update quality_faults set said = %(value)s
    where shop_id = %(shop_id)s and thread_no = %(a)s and day = %(b)s::date and place = %(c)s and kind = %(d)s and said = %(before)s
"""
READ_FAULT_WORDS = """
    select thread_no, day::text, place, kind, words from quality_faults
    where shop_id = %(shop_id)s and (thread_no, day, place, kind) > (%(a)s, %(b)s::date, %(c)s, %(d)s) order by thread_no, day, place, kind limit %(limit)s
"""
WRITE_FAULT_WORDS = """
    update quality_faults set words = %(value)s
    where shop_id = %(shop_id)s and thread_no = %(a)s and day = %(b)s::date and place = %(c)s and kind = %(d)s and words = %(before)s
"""
READ_NOTES = "select note_id, text from notes where shop_id = %(shop_id)s and note_id > %(a)s order by note_id limit %(limit)s"
WRITE_NOTES = "update notes set text = %(value)s where shop_id = %(shop_id)s and note_id = %(a)s and text = %(before)s"
READ_MESSAGES = """
    select message_no, facts::text from messages
    where shop_id = %(shop_id)s and message_no > %(a)s order by message_no limit %(limit)s
"""
WRITE_MESSAGES = "update messages set facts = %(value)s::json where shop_id = %(shop_id)s and message_no = %(a)s and facts::text = %(before)s"
READ_SIGHTINGS = """
    select key, batch_id, as_of::text, facts::text from sightings
    where shop_id = %(shop_id)s and kind = 'message' and (key, batch_id, as_of) > (%(a)s, %(b)s, %(c)s::timestamptz)
    order by key, batch_id, as_of limit %(limit)s
"""
WRITE_SIGHTINGS = """
    update sightings set facts = %(value)s::json
    where shop_id = %(shop_id)s and kind = 'message' and key = %(a)s and batch_id = %(b)s and as_of = %(c)s::timestamptz and facts::text = %(before)s
"""
READ_BUYER_KEY = """
    select 1, convert_from(secret, 'UTF8') from buyer_keys
    where shop_id = %(shop_id)s and substr(secret, 1, 4) = '\\x1f7a313a'::bytea and %(a)s < 1 limit %(limit)s
"""
WRITE_BUYER_KEY = """
    update buyer_keys set secret = convert_to(%(value)s, 'UTF8')
    where shop_id = %(shop_id)s and %(a)s = 1 and secret = convert_to(%(before)s, 'UTF8')
"""
CLEAR_BUYER_KEY = "select encode(secret, 'hex') from buyer_keys where shop_id = %(shop_id)s and substr(secret, 1, 4) <> '\\x1f7a313a'::bytea"
SEAL_BUYER_KEY = "update buyer_keys set secret = %(sealed)s where shop_id = %(shop_id)s and encode(secret, 'hex') = %(clear)s"


class Place(msgspec.Struct, frozen=True):
    """One place: how its values are read from a key on, put back, and what of a value lies sealed."""

    name: str
    read: str
    write: str
    first: Key
    field: str | None = None
    """Of the value as JSON; None where the whole value lies sealed."""

    def resealed(self, value: str, cipher: Cipher) -> str:
        """The value under the newest key; the same where it is already."""
        return self.changed(value, lambda text: cipher.seal(cipher.open(text, self.tie), self.tie), cipher.newest)

    @property
    def tie(self) -> str:
        """The place that values are sealed for: facts and what they were told by share one."""
        return self.name.removeprefix("sightings.")

    def changed(self, value: str, change: Change, key_no: int) -> str:
        """The value with what lies in it changed, unless it is empty or lies under that key already."""
        if self.field is None:
            return value if not value or value == "[]" or is_sealed_with(value, key_no) else change(value)
        facts = msgspec.json.decode(value, type=MessageFacts)
        return (
            value
            if not facts.text or is_sealed_with(facts.text, key_no)
            else msgspec.json.encode(msgspec.structs.replace(facts, text=change(facts.text))).decode()
        )

    def lies_with(self, value: str) -> str | None:
        """The number of the key the value lies sealed with; None for clear text, and for nothing."""
        text = value if self.field is None else msgspec.json.decode(value, type=MessageFacts).text
        return text.split(":", 2)[1] if is_sealed(text) else None

    def says_anything(self, value: str) -> bool:
        """Whether there is anything to seal."""
        return bool(value) and value != "[]" if self.field is None else bool(msgspec.json.decode(value, type=MessageFacts).text)


PLACES = (
    Place(SAID, READ_SAID, WRITE_SAID, (0, 0)),
    Place(UNREAD, READ_UNREAD, WRITE_UNREAD, (0,)),
    Place(WAITING_TEXT, READ_WAITING, WRITE_WAITING, (0,)),
    Place(FAULT_SAID, READ_FAULT_SAID, WRITE_FAULT_SAID, (0, "0001-01-01", 0, "")),
    Place(FAULT_WORDS, READ_FAULT_WORDS, WRITE_FAULT_WORDS, (0, "0001-01-01", 0, "")),
    Place(TEXT, READ_NOTES, WRITE_NOTES, (0,)),
    Place(MESSAGE_TEXT, READ_MESSAGES, WRITE_MESSAGES, ("",), "text"),
    Place(f"sightings.{MESSAGE_TEXT}", READ_SIGHTINGS, WRITE_SIGHTINGS, ("", 0, "0001-01-01 00:00:00+00"), "text"),
    Place(BUYER_KEY, READ_BUYER_KEY, WRITE_BUYER_KEY, (0,)),
)


def read(tx: Tx, place: Place, shop_id: int, after: Key, limit: int) -> list[tuple[Key, str]]:
    """The next values of the place, each with its key."""
    rows = tx.execute(place.read, {"shop_id": shop_id, "limit": limit, **_slots(after)}).fetchall()
    return [(tuple(row[:-1]), str(row[-1])) for row in rows]


def write(tx: Tx, place: Place, shop_id: int, key: Key, before: str, value: str) -> None:
    """Puts a value back, unless somebody changed it meanwhile."""
    tx.execute(place.write, {"shop_id": shop_id, "before": before, "value": value, **_slots(key)})


def seal_buyer_key(tx: Tx, shop_id: int, cipher: Cipher) -> None:
    """Seals the key of digests that lies there clear from before."""
    row = tx.execute(CLEAR_BUYER_KEY, {"shop_id": shop_id}).fetchone()
    if row is not None:
        tx.execute(SEAL_BUYER_KEY, {"shop_id": shop_id, "sealed": cipher.seal(row[0], BUYER_KEY).encode(), "clear": row[0]})


def _slots(key: Sequence[Any]) -> dict[str, Any]:
    return dict(zip("abcd", key, strict=False))
