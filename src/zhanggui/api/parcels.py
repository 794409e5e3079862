"""Parcels, and what is wrong with them."""

import msgspec
from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from zhanggui.actions.parcels.lists import ScanLine, lasting, one_parcel, parcels_page
from zhanggui.api.asked import Asked, AtAsked, Cursor, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.units import At, FenOut, MaybeAt, NextCursor, Said
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.parcels import Anomaly, AnomalyKind, Parcel, ParcelState


class TroubleOut(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong with a parcel since a moment, or, should nothing happen, from a moment that is still to come."""

    kind: str
    at: At
    until: MaybeAt
    rule: str | None
    at_risk_fen: FenOut
    because: Said


class ParcelOut(msgspec.Struct, frozen=True, kw_only=True):
    """The parcel of one order."""

    order_no: str
    tracking_no: str
    carrier: str
    province: str
    city: str
    state: str
    place: str
    shipped_at: At
    picked_up_at: MaybeAt
    last_at: MaybeAt
    delivered_at: MaybeAt
    worth_fen: FenOut
    troubles: tuple[TroubleOut, ...]


class ParcelsOut(msgspec.Struct, frozen=True):
    """Parcels, the newest first; troubled ones the latest trouble first."""

    parcels: tuple[ParcelOut, ...]
    next_cursor: NextCursor


class EventOfParcel(msgspec.Struct, frozen=True, kw_only=True):
    """One tracking event as it was told, and as it was read."""

    at: At
    text: str
    stage: str
    read_as: str


class WholeParcel(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of one tracking number; one number may go with several orders."""

    tracking_no: str
    parcels: tuple[ParcelOut, ...]
    scans: tuple[EventOfParcel, ...]
    looked_at: MaybeAt


@get("/parcels", sync_to_thread=True, opt={NEEDS: Scope.PARCELS_READ})
def list_parcels(
    asked: AtAsked,
    stands: FromQuery[ParcelState | None] = None,
    trouble: FromQuery[AnomalyKind | None] = None,
    troubled: FromQuery[bool] = False,
    carrier: FromQuery[str] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response[ParcelsOut]:
    """Parcels of the shop; with `troubled` or a `trouble` only those in which something is wrong now."""
    page = parcels_page(
        asked.house,
        asked.by,
        asked.now,
        shop_ids=[asked.shop_id],
        state=stands,
        is_troubled=troubled,
        kind=trouble,
        carrier=carrier or None,
        cursor=cursor or None,
        limit=limit,
    )
    return asked.told(ParcelsOut(tuple(_parcel(asked, row.parcel, row.troubles) for row in page.rows), page.next_cursor))


@get("/parcels/{tracking_no:str}", sync_to_thread=True, opt={NEEDS: Scope.PARCELS_READ})
def parcel(asked: AtAsked, tracking_no: FromPath[str]) -> Response[WholeParcel]:
    """Everything known of one tracking number."""
    found = one_parcel(asked.house, asked.by, asked.shop_id, tracking_no, asked.now)
    if found is None:
        raise NotFoundException
    told = tuple(_parcel(asked, each, lasting(each, asked.now)) for each in found.parcels)
    return asked.told(WholeParcel(tracking_no=found.tracking_no, parcels=told, scans=tuple(map(_scan, found.scans)), looked_at=found.seen_to))


def _parcel(asked: Asked, parcel: Parcel, troubles: tuple[Anomaly, ...]) -> ParcelOut:
    return ParcelOut(
        order_no=parcel.order_no,
        tracking_no=parcel.tracking_no,
        carrier=parcel.carrier,
        province=parcel.province,
        city=parcel.city,
        state=parcel.state.value,
        place=parcel.place,
        shipped_at=parcel.shipped_at,
        picked_up_at=parcel.picked_up_at,
        last_at=parcel.last_at,
        delivered_at=parcel.delivered_at,
        worth_fen=parcel.worth,
        troubles=tuple(_trouble(asked, one) for one in troubles),
    )


def _trouble(asked: Asked, one: Anomaly) -> TroubleOut:
    return TroubleOut(kind=one.kind.value, at=one.at, until=one.until, rule=one.rule, at_risk_fen=one.at_risk, because=asked.words.render(one.because))


def _scan(line: ScanLine) -> EventOfParcel:
    return EventOfParcel(at=line.at, text=line.text, stage=line.stage, read_as=line.reading.stage.value)


route_handlers = (list_parcels, parcel)
