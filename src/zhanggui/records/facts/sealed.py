"""Facts whose words lie sealed: how they are written as JSON and read again. Of all other kinds nothing is asked and nothing costs more."""

from collections.abc import Callable

import msgspec

from zhanggui.core.facts import KIND_OF, F, FactKind, Facts
from zhanggui.records.db import Tx
from zhanggui.records.sealing import cipher_of

SEALED_FIELDS: dict[FactKind, tuple[str, ...]] = {FactKind.MESSAGE: ("text",)}
"""By kind the fields that lie sealed, wherever the facts of that kind are stored."""

_KINDS: dict[type, FactKind] = {**KIND_OF}
_encode = msgspec.json.Encoder().encode


def place_of(kind: FactKind, field: str) -> str:
    """The place that a field of such facts is sealed for; the same in every table that holds them."""
    return f"{kind.value}.{field}"


def encoder(tx: Tx, shop_id: int, kind: FactKind) -> Callable[[Facts], str]:
    """Writes facts of this kind as they are stored. To be asked for before anything is copied, since it may have to look for the key."""
    fields = SEALED_FIELDS.get(kind)
    if not fields:
        return lambda facts: _encode(facts).decode()
    cipher = cipher_of(tx, shop_id)

    def write(facts: Facts) -> str:
        words = {name: getattr(facts, name) for name in fields}
        lying = {name: cipher.seal(text, place_of(kind, name)) for name, text in words.items() if text}
        return _encode(msgspec.structs.replace(facts, **lying) if lying else facts).decode()

    return write


def decoder(tx: Tx, shop_id: int, facts: type[F]) -> Callable[[str], F]:
    """Reads facts of this type as they were told."""
    decode = msgspec.json.Decoder(facts).decode
    kind = _KINDS[facts]
    if kind not in SEALED_FIELDS:
        return decode
    return lambda text: opened_facts(tx, shop_id, decode(text))


def opened_facts(tx: Tx, shop_id: int, facts: F) -> F:
    """The facts with what lies sealed in them opened."""
    kind = _KINDS[type(facts)]
    cipher = cipher_of(tx, shop_id)
    words = {name: getattr(facts, name) for name in SEALED_FIELDS.get(kind, ())}
    return msgspec.structs.replace(facts, **{name: cipher.open(text, place_of(kind, name)) for name, text in words.items() if text})
