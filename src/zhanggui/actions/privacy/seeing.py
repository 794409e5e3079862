"""What a shop holds of persons, as its page and its command show it."""

from datetime import UTC, datetime

import msgspec

from zhanggui.actions import ring
from zhanggui.actions.house import House
from zhanggui.actions.privacy.keys import places_lie
from zhanggui.core.privacy.inventory import FileKind, Kind, inventory
from zhanggui.core.privacy.retention import OTHER_ENDS, Term, days_of, terms
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import data_keys, held, openings, retention
from zhanggui.records.held import MOST, ErasureRecord
from zhanggui.records.openings import OpeningRecord

LAST = datetime(9000, 1, 1, tzinfo=UTC)
MOST_OPENINGS, MOST_ERASURES = 50, 20


class KindHeld(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of personal data: how much there is of it, since when, and when it goes."""

    kind: Kind
    rows: int | None
    """None where it is not counted."""
    is_more: bool
    """Whether there may be more than that."""
    oldest: datetime | None
    days: int | None
    """For how many days it is kept; None where it ends otherwise."""
    ends: tuple[str, str]
    """When it ends, in Chinese and in English."""


class TermSeen(msgspec.Struct, frozen=True):
    """A term, and the shop's own over it."""

    term: Term
    days: int
    is_own: bool


class KeysSeen(msgspec.Struct, frozen=True, kw_only=True):
    """How what is sealed lies."""

    key_no: int | None
    made_at: datetime | None
    keys: int
    whole: int
    """Places that lie under the newest key as a whole."""
    places: int
    house_keys: int


class PrivacySeen(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the page."""

    kinds: tuple[KindHeld, ...]
    files: tuple[FileKind, ...]
    terms: tuple[TermSeen, ...]
    openings: tuple[OpeningRecord, ...]
    erasures: tuple[ErasureRecord, ...]
    keys: KeysSeen


def privacy_seen(house: House, by: Person, shop_id: ShopId, before: tuple[datetime, int] = (LAST, 0)) -> PrivacySeen:
    """What the shop holds, for whoever looks after it; the looks before this one."""
    by.need(Permission.PRIVACY_WRITE, shop_id)
    with house.pool.connection() as tx:
        own = retention.own_terms(tx, shop_id)
        newest = data_keys.newest(tx, shop_id)
        lie = list(places_lie(tx, shop_id))
        return PrivacySeen(
            kinds=tuple(_held(kind, held.held(tx, shop_id, kind.id), own) for kind in inventory().kind),
            files=inventory().file,
            terms=tuple(TermSeen(term, days_of(term.kind, own), term.kind in own) for term in terms().term),
            openings=tuple(openings.newest(tx, shop_id, before, MOST_OPENINGS)),
            erasures=tuple(held.erasures(tx, shop_id, MOST_ERASURES)),
            keys=KeysSeen(
                key_no=None if newest is None else newest[0],
                made_at=None if newest is None else newest[1],
                keys=data_keys.count(tx, shop_id),
                whole=sum(is_whole for _, is_whole in lie),
                places=len(lie),
                house_keys=ring.keys_at(house.home),
            ),
        )


def _held(kind: Kind, counted: tuple[int, datetime | None] | None, own: dict[str, int]) -> KindHeld:
    term = terms().of(kind.kept)
    rows, oldest = counted if counted is not None else (None, None)
    return KindHeld(
        kind=kind,
        rows=rows,
        is_more=rows is not None and rows >= MOST,
        oldest=oldest,
        days=None if term is None else days_of(kind.kept, own),
        ends=OTHER_ENDS[kind.kept] if term is None else (term.starts_zh, term.starts_en),
    )
