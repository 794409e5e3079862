"""The ledger: everything the platform was told, what came of it, and whether the caller ever got the answer."""

from collections import deque
from collections.abc import Iterator, Mapping

import msgspec

KEYS = (
    "order_sn", "order_sns", "after_sales_id", "refund_id", "tid", "tracking_number", "logistics_id", "waybill_code", "waybill_no",
    "goods_id", "sku_id", "quantity", "page", "page_size", "start_updated_at", "end_updated_at", "start_confirm_at", "end_confirm_at",
    "after_sales_status", "status", "mail_no", "company_code", "redelivery_type", "object_id", "bill_date", "is_onsale", "order_state",
    "RequestType", "LogisticCode", "ShipperCode", "com", "num", "company", "number", "grant_type", "mall_id", "cmd", "taskID", "documentIDs",
)  # fmt: skip
READS_KEPT = 200_000


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call: world and wall time, method, shop, key fields, outcome, what it changed, and how the answer went out."""

    seq: int
    time: float
    wall: float
    method: str
    shop: int
    keys: dict[str, str]
    outcome: str
    request_id: str
    effects: tuple[str, ...] = ()
    answered: str = "whole"
    sub_code: str = ""
    client: str = ""


class Ledger:
    """Calls that changed something are kept for ever, the others as long as there is room."""

    def __init__(self) -> None:
        self._acts: list[Entry] = []
        self._reads: deque[Entry] = deque(maxlen=READS_KEPT)
        self.written = 0

    def write(self, entry: Entry) -> None:
        """Write one entry."""
        self.written += 1
        (self._acts if entry.effects else self._reads).append(entry)

    def entries(self, wanted: Mapping[str, str]) -> Iterator[Entry]:
        """The entries that fit, in the order in which the calls came."""
        held = self._acts if "effect" in wanted or wanted.get("changed") in {"1", "true"} else (*self._acts, *self._reads)
        for entry in sorted(held, key=lambda each: each.seq):
            if fits(entry, wanted):
                yield entry

    def clear(self) -> None:
        """Begin an empty ledger."""
        self._acts.clear()
        self._reads.clear()


def fits(entry: Entry, wanted: Mapping[str, str]) -> bool:
    """Whether an entry fits every filter: method, outcome, effect, answered, since, or any key field."""
    return all(_fits_one(entry, name, value) for name, value in wanted.items())


def _fits_one(entry: Entry, name: str, value: str) -> bool:
    """Whether an entry fits one filter."""
    match name:
        case "method" | "outcome" | "answered" | "request_id" | "sub_code":
            return bool(getattr(entry, name) == value)
        case "effect":
            return any(effect == value or effect.split(":")[0] == value for effect in entry.effects)
        case "changed":
            return bool(entry.effects) == (value in {"1", "true"})
        case "shop":
            return str(entry.shop) == value
        case "since":
            return entry.seq > int(value)
        case _:
            return entry.keys.get(name) == value


def key_fields(parameters: Mapping[str, str]) -> dict[str, str]:
    """The fields worth remembering of a call, also those inside a nested JSON parameter."""
    found = {name: parameters[name] for name in KEYS if name in parameters}
    for value in parameters.values():
        if value[:1] == "{":
            found |= _inner_fields(value)
    return found


def _inner_fields(text: str) -> dict[str, str]:
    """The key fields at the top of a nested JSON object."""
    try:
        inner = msgspec.json.decode(text, type=dict[str, object])
    except msgspec.DecodeError:
        return {}
    return {name: str(inner[name]) for name in KEYS if name in inner}
