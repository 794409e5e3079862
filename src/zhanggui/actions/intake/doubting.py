"""What should make a person doubt a preview before they confirm it: news older than what is known, and orders that stand in another shop."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

import msgspec

from zhanggui.actions.access import shops_with
from zhanggui.actions.intake.files import BatchFile
from zhanggui.actions.intake.folding import Change
from zhanggui.actions.intake.reading import Chunk
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ReviewFacts
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around
from zhanggui.records.db import Tx

MOST_NUMBERS = 200
"""So many order numbers are looked for in other shops, however many a file holds."""
MOST_SHOPS = 50
_MOVING = (OrderFacts, AftersaleFacts, ReviewFacts)
"""What is told again and again as it moves on; a line of the bill or a scan is told once, and loses nothing by coming late."""


class Late(msgspec.Struct, frozen=True):
    """A file whose age was guessed from its rows: how many of them are known from newer data, and how new that is."""

    file: str
    as_of: datetime
    rows: int
    known: datetime


class Doubts(msgspec.Struct, frozen=True):
    """What a preview made doubtful."""

    late: tuple[Late, ...] = ()
    looked_for: int = 0
    """So many order numbers were looked for in other shops."""
    elsewhere: tuple[tuple[int, int], ...] = ()
    """(shop, how many of them stand there), of the shops that whoever made the preview may see."""


class Doubting:
    """Listens while a preview is made."""

    def __init__(self) -> None:
        self._late: dict[str, Late] = {}
        self._numbers: dict[str, int] = {}
        self._bound = 1 << 32

    def hear(self, chunk: Chunk, changes: Sequence[Change[Any]]) -> None:
        """Takes note of some rows of a file and of what they would bring."""
        if chunk.file.repeated:
            return
        for sighting in chunk.sightings:
            self._keep(getattr(sighting.facts, "order_no", None))
        if chunk.file.as_of_source == "data":
            self._compare(chunk.file, changes)

    def doubts(self, tx: Tx, by: Person, shop_id: ShopId) -> Doubts:
        """What is doubtful of everything heard; of other shops only what this person may see."""
        self._sift()
        others = [other for other in shops_with(tx, by, Permission.ORDERS_READ, None) if other != shop_id][:MOST_SHOPS]
        held = around.held_by(tx, others, list(self._numbers)) if self._numbers else []
        return Doubts(tuple(self._late.values()), len(self._numbers), tuple(sorted(held, key=lambda each: -each[1])))

    def _compare(self, file: BatchFile, changes: Sequence[Change[Any]]) -> None:
        late = [
            Late(file.name, change.told[-1].as_of, 1, change.before.as_of)
            for change in changes
            if change.before is not None and isinstance(change.before.facts, _MOVING) and _is_late(change)
        ]
        if late:
            # of an archive the moments of the tables that hold such rows: another of its tables may be newer than all that is known
            told = [*late, *([before] if (before := self._late.get(file.spooled)) is not None else ())]
            latest, known = max(each.as_of for each in told), max(each.known for each in told)
            self._late[file.spooled] = Late(file.name, latest, sum(each.rows for each in told), known)

    def _keep(self, order_no: str | None) -> None:
        """Keeps the numbers of the lowest digests: as many from every part of a file, whatever it is sorted by."""
        if order_no and (digest := crc32(order_no.encode())) < self._bound:
            self._numbers[order_no] = digest
            if len(self._numbers) >= 2 * MOST_NUMBERS:
                self._sift()

    def _sift(self) -> None:
        if len(self._numbers) > MOST_NUMBERS:
            lowest = sorted(self._numbers.items(), key=lambda each: each[1])[:MOST_NUMBERS]
            self._numbers, self._bound = dict(lowest), lowest[-1][1]


def worded(tx: Tx, by: Person, doubts: Doubts) -> Iterator[Say]:
    """The doubts as sentences, the gravest first; nothing of shops that this person may not see."""
    seen = shops_with(tx, by, Permission.ORDERS_READ, None) if doubts.elsewhere else {}
    for shop_id, orders in doubts.elsewhere:
        shop = seen.get(ShopId(shop_id))
        if shop is not None:
            yield say(
                "Of {numbers} order numbers looked up, {orders} stand in the shop {shop}. "
                "If the files are of that shop, drop this preview and choose that shop.",
                numbers=doubts.looked_for,
                orders=orders,
                shop=shop.name,
            )
    for late in doubts.late:
        yield say(
            "{file} does not tell when it was exported; the latest that happened in it was at {as_of}. Rows of it that are known from newer data, up to "
            "{known}: {rows}. Where they say something else it is not taken over. If it was exported later than that, tell when before you confirm.",
            file=late.file,
            as_of=late.as_of,
            known=late.known,
            rows=late.rows,
        )


def _is_late(change: Change[Any]) -> bool:
    return change.before is not None and change.told[-1].as_of < change.before.as_of
