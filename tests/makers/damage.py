"""Damages export files the way disks, mail programs, spreadsheets and hurried people do. One seed, one file."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.makers import containers, exports

Damage = Callable[[random.Random], bytes]


@dataclass(frozen=True)
class Damaged:
    """A file that is not as it should be, and what happened to it."""

    what: str
    data: bytes


def damaged(seed: int) -> Damaged:
    """The damaged file of this seed."""
    dice = random.Random(f"damage/{seed}")
    what = dice.choice(sorted(_DAMAGES))
    return Damaged(what, _DAMAGES[what](dice))


def _table(dice: random.Random) -> exports.Export:
    seed, count = dice.randrange(1000), dice.randrange(3, 25)
    make: Callable[[], exports.Export] = dice.choice(
        (
            lambda: exports.orders("a", count, seed),
            lambda: exports.orders("b", count, seed),
            lambda: exports.orders("c", count, seed),
            lambda: exports.aftersales(count, seed),
            lambda: exports.bill(count, seed),
        )
    )
    return make()


def _text(dice: random.Random) -> bytes:
    return containers.as_csv(_table(dice), dice.choice(containers.ENCODINGS[:3]))


def _packed(dice: random.Random) -> bytes:
    match dice.randrange(3):
        case 0:
            return containers.as_zip({"订单.csv": _text(dice)}, gbk_names=dice.random() < 0.5)
        case 1:
            return containers.as_gzip(_text(dice))
        case _:
            return containers.as_xlsx(_table(dice), typed=dice.random() < 0.5)


def _truncated(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(1, len(data))]


def _flipped(dice: random.Random, data: bytes) -> bytes:
    bits = bytearray(data)
    for _ in range(dice.choice((1, 1, 3, 20))):
        bits[dice.randrange(len(bits))] ^= 1 << dice.randrange(8)
    return bytes(bits)


def _swapped_columns(dice: random.Random) -> bytes:
    export = _table(dice)
    headers = list(export.headers)
    one, other = dice.sample(range(len(headers)), 2)
    headers[one], headers[other] = headers[other], headers[one]
    return containers.as_csv(exports.Export(headers, export.rows))


def _mixed_encodings(dice: random.Random) -> bytes:
    export = _table(dice)
    cut = dice.randrange(1, len(export.rows))
    first, second = dice.sample(("utf-8", "gb18030"), 2)
    rest = containers.as_csv(exports.Export(export.rows[cut], export.rows[cut + 1 :]), second)
    return containers.as_csv(exports.Export(export.headers, export.rows[:cut]), first) + rest


def _wrong_encoding(dice: random.Random) -> bytes:
    text = containers.as_csv(_table(dice), "utf-8")
    return dice.choice(
        (
            text.decode("utf-8").encode("big5", "ignore"),
            text.decode("latin-1").encode("utf-8"),
            text.decode("gb18030", "replace").encode("utf-8"),
            text.decode("utf-8").encode("utf-16-be"),
            text.decode("utf-8").encode("utf-32"),
            text.decode("utf-8").encode("ascii", "replace"),
        )
    )


def _changed_cell(dice: random.Random, text: str) -> bytes:
    export = _table(dice)
    dice.choice(export.rows)[dice.randrange(len(export.headers))] = text
    return containers.as_csv(export, dice.choice(containers.ENCODINGS[:3]))


def _half_rows(dice: random.Random) -> bytes:
    export = _table(dice)
    for row in dice.sample(export.rows, 2):
        del row[dice.randrange(1, len(row)) :]
    return containers.as_csv(export)


def _lost_separators(dice: random.Random) -> bytes:
    data = bytearray(_text(dice))
    marks = [at for at, byte in enumerate(data) if byte in b',\n"']
    for at in sorted(dice.sample(marks, min(3, len(marks))), reverse=True):
        del data[at]
    return bytes(data)


def _stray_quotes(dice: random.Random) -> bytes:
    data = bytearray(_text(dice))
    for _ in range(dice.choice((1, 2, 3))):
        data.insert(dice.randrange(len(data)), ord('"'))
    return bytes(data)


def _doubled(dice: random.Random) -> bytes:
    export = _table(dice)
    row = list(dice.choice(export.rows))
    row[dice.randrange(len(row))] += "1"
    return containers.as_csv(exports.Export(export.headers, [*export.rows, row]))


def _spliced(dice: random.Random) -> bytes:
    one, other = _text(dice), _packed(dice)
    cut = dice.randrange(len(one))
    return one[:cut] + other[: dice.randrange(1, len(other))] + one[cut:]


def _repacked(dice: random.Random) -> bytes:
    return containers.as_zip({"a.csv": _flipped(dice, _text(dice)), "b.xlsx": _truncated(dice, _packed(dice)), "c.csv": _text(dice)})


_MAGIC = (b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b'{"fact":')

_DAMAGES: dict[str, Damage] = {
    "truncated text": lambda dice: _truncated(dice, _text(dice)),
    "truncated archive": lambda dice: _truncated(dice, _packed(dice)),
    "flipped bits in text": lambda dice: _flipped(dice, _text(dice)),
    "flipped bits in archive": lambda dice: _flipped(dice, _packed(dice)),
    "swapped columns": _swapped_columns,
    "mixed encodings": _mixed_encodings,
    "wrong encoding": _wrong_encoding,
    "huge cell": lambda dice: _changed_cell(dice, dice.choice('8商"') * dice.choice((20_001, 140_000, 300_000))),
    "nulls": lambda dice: _changed_cell(dice, "\0" * dice.choice((1, 5, 3000))),
    "control characters": lambda dice: _changed_cell(dice, "".join(chr(dice.randrange(32)) for _ in range(6))),
    "half rows": _half_rows,
    "lost separators": _lost_separators,
    "stray quotes": _stray_quotes,
    "the same key twice": _doubled,
    "spliced files": _spliced,
    "damaged members": _repacked,
    "noise": lambda dice: dice.randbytes(dice.randrange(1, 5000)),
    "noise after a magic number": lambda dice: dice.choice(_MAGIC) + dice.randbytes(800),
    "nothing": lambda dice: b"\n" * dice.randrange(3),
}
