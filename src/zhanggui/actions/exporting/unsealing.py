"""Lines whose sealed texts are opened on the way out, so that an export can be read, and brought back where the keys are not at hand."""

import re
from collections.abc import Mapping

import msgspec

from zhanggui.actions.ring import VaultShut
from zhanggui.core.facts import FactKind
from zhanggui.core.say import say
from zhanggui.records.costs import BUYER_KEY
from zhanggui.records.db import Tx
from zhanggui.records.facts.sealed import SEALED_FIELDS, place_of
from zhanggui.records.sealing import MARK, Cipher, cipher_of, is_sealed, keys_of, ring_of
from zhanggui.records.whole import Table

KEYED: Mapping[str, str] = {
    "data_keys": "the keys of sealed texts, which lie open in this export; another house makes its own",
    "resealings": "how far texts were sealed anew with another key of this house",
}
"""Tables that stay where texts lie open, each with the reason."""
NOT_AT_HAND = say(
    "Some texts are sealed with keys that are not at hand. "
    "Add the lines of the old keys/vault.keys to those of this home, or export the whole house with --with-keys, which leaves them sealed. "
    "Where those keys are lost for good, --leave-shut writes these texts as empty."
)
_SIGN = b'"' + msgspec.json.encode(MARK)[1:-1]
_SIGN_IN_BYTES = b'"\\\\x' + MARK.encode().hex().encode()
_ROW = msgspec.json.Decoder(dict[str, msgspec.Raw])
_BYTES = re.compile(r"^\\x([0-9a-f]*)$")
_FACTS = "facts"


def ciphers(tx: Tx, shop_ids: tuple[int, ...], *, leave_shut: bool = False) -> dict[int, Cipher]:
    """What opens the texts of these shops; a shop without a key has nothing sealed.

    Raises VaultShut where the house's keys are not at hand, unless what stays shut may be left.
    """
    ring = ring_of(tx)
    if not leave_shut and not all(ring.opens_all(tx, shop_id) for shop_id in shop_ids):
        raise VaultShut(NOT_AT_HAND)
    return {shop_id: cipher_of(tx, shop_id) for shop_id in shop_ids if keys_of(tx, shop_id)}


def holds_sealed(line: bytes) -> bool:
    """Whether anything in the line lies sealed."""
    return _SIGN in line or _SIGN_IN_BYTES in line


class Opener:
    """Opens lines on their way out, and counts what stays shut: nobody could open it later either, since an open export leaves the keys at home."""

    def __init__(self, known: Mapping[int, Cipher]) -> None:
        self._known = known
        self.shut = 0

    def opened(self, line: bytes, table: Table) -> bytes:
        """The line with what lies sealed in it opened, and empty what stays shut; no line where that is the key of the buyers' digests."""
        if not holds_sealed(line):
            return line
        row = _ROW.decode(line)
        cipher = self._known[int(bytes(row["shop_id"]))]
        told = {name: self._cell(bytes(value), table.name, name, row, cipher) for name, value in row.items()}
        return b"" if None in told.values() else msgspec.json.encode(told) + b"\n"

    def _cell(self, value: bytes, table: str, column: str, row: Mapping[str, msgspec.Raw], cipher: Cipher) -> msgspec.Raw | None:
        if value.startswith(_SIGN):
            return msgspec.Raw(msgspec.json.encode(self._text(msgspec.json.decode(value), f"{table}.{column}", cipher)))
        if value.startswith(_SIGN_IN_BYTES):
            key = self._text(_text_of(value), BUYER_KEY, cipher)
            return msgspec.Raw(msgspec.json.encode("\\x" + key)) if key else None
        if column == _FACTS and _SIGN in value:
            return msgspec.Raw(self._facts(value, _kind_of(table, row), cipher))
        return msgspec.Raw(value)

    def _facts(self, value: bytes, kind: FactKind, cipher: Cipher) -> bytes:
        facts = msgspec.json.decode(value, type=dict[str, msgspec.Raw])
        for field in SEALED_FIELDS.get(kind, ()):
            if field in facts and bytes(facts[field]).startswith(_SIGN):
                facts[field] = msgspec.Raw(msgspec.json.encode(self._text(msgspec.json.decode(facts[field]), place_of(kind, field), cipher)))
        return msgspec.json.encode(facts)

    def _text(self, value: str, place: str, cipher: Cipher) -> str:
        text = cipher.open(value, place)
        if not is_sealed(text):
            return text
        self.shut += 1
        return ""


def _text_of(value: bytes) -> str:
    told = _BYTES.match(msgspec.json.decode(value))
    assert told is not None
    return bytes.fromhex(told[1]).decode()


def _kind_of(table: str, row: Mapping[str, msgspec.Raw]) -> FactKind:
    return FactKind(msgspec.json.decode(row["kind"])) if "kind" in row else FactKind.MESSAGE if table == "messages" else FactKind.ORDER
