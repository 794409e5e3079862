"""Columns that lie sealed in the database: AES-GCM with a key of the shop, which itself is sealed with keys that stay outside the database.

What is sealed says so and names its key, so that a column may hold clear text of before beside it; both are read. Each value is tied to its shop and its
place: copied elsewhere it does not open. An empty text stays empty, so that a statement can ask whether there is any.

Where the key of the house is not at hand, as after a restore into another home, a value comes back as it lies and goes back as it lies: pages show that it is
shut, nothing is lost by it, and what is new is sealed with a new key of the shop.
"""

import os
import time
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Protocol
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhanggui.core.say import Say, say
from zhanggui.records.db import Pool, Tx

MARK = "\x1fz1:"
"""What every sealed value begins with; no text that people write does."""
NONCE_BYTES = 12
KNOWN_FOR = 60.0
"""Seconds for which a process goes on with the newest key it knows. A key that another took the place of is therefore kept much longer than that."""

KEYS = "select key_no, wrapped from data_keys where shop_id = %(shop_id)s order by key_no"

Keys = Sequence[tuple[int, bytes]]


class KeyDoor(Protocol):
    """What the house knows of keys, and the database does not."""

    def make(self, shop_id: int, above: int = 0) -> Keys:
        """The shop's keys, with one above this number that was made where there was none and the house may, outside any transaction under way."""

    def opened(self, wrapped: bytes) -> bytes | None:
        """A key of a shop; None where the house's key is not at hand."""

    def refusal(self, why: Say) -> Exception:
        """What is raised where a value does not open."""


class Cipher:
    """Seals and opens what is of one shop."""

    def __init__(self, shop_id: int, door: KeyDoor, keys: Keys, again: Callable[[], Keys], *, shut: set[tuple[str, str]]) -> None:
        self.shop_id = shop_id
        self._door = door
        self._wrapped = dict(keys)
        self._again = again
        self._opened: dict[int, AESGCM | None] = {}
        self.shut = shut
        """What was read and did not open, and for which place: whoever writes it there again writes it as it lay."""
        self.numbers = frozenset(self._wrapped)
        self.newest = max(self._wrapped, default=0)
        self._sealing = next((number for number in sorted(self._wrapped, reverse=True) if self._key(number) is not None), 0)

    def holds(self, keys: Keys) -> bool:
        """Whether it was made of these very keys, and each that it was asked for opened: keys are made, wiped and brought while processes run."""
        return self.numbers == {number for number, _ in keys} and None not in self._opened.values()

    @property
    def is_shut(self) -> bool:
        """Whether the newest key does not open, or there is none."""
        return self._sealing != self.newest or not self.newest

    def seal(self, text: str, place: str) -> str:
        """The text sealed for this place by the newest key that opens; an empty one stays as it is. Raises where none opens."""
        if not text or (text, place) in self.shut:
            return text
        key = self._key(self._sealing) if self._sealing else None
        if key is None:
            raise self._door.refusal(OF_ANOTHER)
        if is_sealed(text):  # what a person typed to look like it
            text = "\ufffd" + text[1:]
        nonce = os.urandom(NONCE_BYTES)
        body = nonce + key.encrypt(nonce, text.encode("utf-8", "surrogatepass"), self._tie(place))
        return f"{MARK}{self._sealing}:{b64encode(body).decode()}"

    def open(self, value: str, place: str) -> str:
        """The text that was sealed for this place; clear text of before as it stands. Raises where it does not open."""
        if not is_sealed(value):
            return value
        try:
            number, _, body = value[len(MARK) :].partition(":")
            raw = b64decode(body, validate=True)
            key = self._key(int(number))
            if key is None:
                self.shut.add((value, place))
                return value
            return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._tie(place)).decode("utf-8", "surrogatepass")
        except (InvalidTag, ValueError, KeyError):
            raise self._door.refusal(NOT_OPENED) from None

    def _key(self, number: int) -> AESGCM | None:
        if number not in self._opened:
            if number not in self._wrapped:
                self._wrapped.update(self._again())
            raw = self._door.opened(self._wrapped[number])
            self._opened[number] = None if raw is None else AESGCM(raw)
        return self._opened[number]

    def _tie(self, place: str) -> bytes:
        return f"{self.shop_id}|{place}".encode()


NOT_AT_HAND = say("What buyers are told apart by is sealed with a key that is not at hand. Add the keys of the old home to keys/vault.keys of this one.")
OF_ANOTHER = say("This home holds no keys of what lies sealed in its database, so that nothing is sealed here. Bring keys/vault.keys of the other home.")
NOT_OPENED = say("A sealed text does not open: it was changed, or belongs elsewhere, or its key is gone. Restore it from a backup of before.")


class Ring:
    """The ciphers of the shops, for everybody who shares a pool."""

    def __init__(self, door: KeyDoor) -> None:
        self._door = door
        self._known: dict[int, tuple[float, Cipher]] = {}
        self._shut: dict[int, set[tuple[str, str]]] = defaultdict(set)

    def cipher(self, tx: Tx, shop_id: int) -> Cipher:
        """The shop's, with the newest key as far as this process knows."""
        known = self._known.get(shop_id)
        if known is not None and time.monotonic() - known[0] < KNOWN_FOR:
            return known[1]
        keys = keys_of(tx, shop_id) or self._door.make(shop_id)
        cipher = known[1] if known is not None and known[1].holds(keys) else self._made(shop_id, keys)
        self._known[shop_id] = time.monotonic(), cipher
        return cipher

    def _made(self, shop_id: int, keys: Keys) -> Cipher:
        shut = self._shut[shop_id]
        # asked again on a connection of its own: an open transaction may not see a key that was made meanwhile
        cipher = Cipher(shop_id, self._door, keys, lambda: self._door.make(shop_id), shut=shut)
        if not cipher.is_shut:
            return cipher
        return Cipher(shop_id, self._door, self._door.make(shop_id, above=cipher.newest), lambda: self._door.make(shop_id), shut=shut)

    def opens_all(self, tx: Tx, shop_id: int) -> bool:
        """Whether every key of the shop opens with what is at hand."""
        return all(self._door.opened(wrapped) is not None for _, wrapped in keys_of(tx, shop_id))

    def refusal(self) -> Exception:
        """What is raised where nothing can be done without what is shut."""
        return self._door.refusal(NOT_AT_HAND)

    def forget(self, shop_id: int) -> None:
        """Looks for the newest key again the next time."""
        self._known.pop(shop_id, None)


_RINGS: WeakKeyDictionary[Pool, Ring] = WeakKeyDictionary()


def hand_keys(pool: Pool, door: KeyDoor) -> None:
    """Lets whoever takes a connection out of this pool seal and open; a second time nothing changes."""
    if pool not in _RINGS:
        _RINGS[pool] = Ring(door)


def ring_of(tx: Tx) -> Ring:
    """The ring that goes with this connection."""
    pool = getattr(tx, "zhanggui_pool", None)
    ring = None if pool is None else _RINGS.get(pool)
    if ring is None:
        raise RuntimeError("sealed columns are read and written through the pool of a house")
    return ring


def cipher_of(tx: Tx, shop_id: int) -> Cipher:
    """Seals and opens for this shop."""
    return ring_of(tx).cipher(tx, shop_id)


def is_sealed(value: str) -> bool:
    """Whether this is a sealed value."""
    return value.startswith(MARK)


def is_sealed_with(value: str, key_no: int) -> bool:
    """Whether it is sealed with that key."""
    return value.startswith(f"{MARK}{key_no}:")


def sealed(tx: Tx, shop_id: int, text: str, place: str) -> str:
    """One text, sealed."""
    return cipher_of(tx, shop_id).seal(text, place) if text else text


def opened(tx: Tx, shop_id: int, value: str, place: str) -> str:
    """One text, opened; nothing is asked for what is clear."""
    return cipher_of(tx, shop_id).open(value, place) if is_sealed(value) else value


def keys_of(tx: Tx, shop_id: int) -> Keys:
    """The shop's keys, as they lie in the database."""
    return [(int(key_no), bytes(wrapped)) for key_no, wrapped in tx.execute(KEYS, {"shop_id": shop_id})]
