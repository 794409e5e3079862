"""Parcels read: the carriers there are, the trace of a parcel, and having further scans pushed."""

from typing import Any

import msgspec

from zhanggui.connectors.pdd.calls import Call, Done, act_reader, reader
from zhanggui.connectors.pdd.carriers import Carrier, Carriers, carriers_of
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.values import OddWire, flag, key

COMPANIES, TRACE, FOLLOW = "pdd.logistics.companies.get", "pdd.logistics.ordertrace.get", "pdd.logistics.isv.trace.notify.sub"
_NO_TRACE = "no_trace"


class _Company(msgspec.Struct, frozen=True):
    id: Any = None
    code: Any = None
    logistics_company: Any = None
    available: Any = None


class _Companies(msgspec.Struct, frozen=True):
    logistics_companies: list[_Company]


class _Trace(msgspec.Struct, frozen=True):
    trace_list: list[msgspec.Raw] | None = None


def companies() -> Call[Carriers]:
    """All carriers the platform knows. Needs no token."""
    return Call(COMPANIES, {}, reader(COMPANIES, _Companies, _carriers), needs_token=False)


def trace(company_code: str, mail_no: str) -> Call[tuple[msgspec.Raw, ...]]:
    """The scans a parcel has had; none where the carrier has none yet, which the platform says as an error. Needs no token."""
    params = {"company_code": company_code, "mail_no": mail_no, "cache": "false"}
    return Call(TRACE, params, _or_nothing, needs_token=False)


def follow_trace(company_code: str, mail_no: str, phone: str = "") -> Call[Done]:
    """Have every further scan of a parcel pushed. Needs no token; asking twice changes nothing."""
    params = {"ship_code": company_code, "track_no": mail_no, "tel": phone}
    return Call(FOLLOW, params, act_reader(FOLLOW), needs_token=False, is_act=True)


def _carriers(told: _Companies) -> Carriers:
    """The carriers by their words; one without a name or number is passed over."""
    return carriers_of([carrier for each in told.logistics_companies if (carrier := _carrier(each)) is not None])


def _carrier(told: _Company) -> Carrier | None:
    try:
        number = key(told.id, "id")
        code, name = str(told.code or "").strip(), str(told.logistics_company or "").strip()
        return Carrier(number, code, name, flag(told.available, "available") is not False) if name else None
    except OddWire:
        return None


_read_trace = reader(TRACE, _Trace, lambda told: tuple(told.trace_list or ()))


def _or_nothing(body: bytes) -> tuple[msgspec.Raw, ...]:
    try:
        return _read_trace(body)
    except PlatformError as problem:
        if problem.do == _NO_TRACE:
            return ()
        raise
