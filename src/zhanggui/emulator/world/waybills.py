"""Electronic waybills: which numbers were taken for what, how many are left, and which were cancelled."""

import msgspec


class Waybill(msgspec.Struct):
    """One number taken from a carrier's stock."""

    number: str
    carrier: str
    object_id: str
    orders: tuple[str, ...]
    taken_at: int
    template: str
    version: int = 1
    is_cancelled: bool = False


class Waybills:
    """All numbers taken, findable by number and by what they were taken for."""

    def __init__(self, bought: int) -> None:
        self.bought = bought
        self.by_number: dict[tuple[str, str], Waybill] = {}
        self._by_purpose: dict[tuple[str, str, tuple[str, ...]], Waybill] = {}
        self.taken: dict[str, int] = {}
        self.cancelled: dict[str, int] = {}

    def for_purpose(self, carrier: str, object_id: str, orders: tuple[str, ...]) -> Waybill | None:
        """The number taken before for the same object and orders, if it still stands."""
        found = self._by_purpose.get((carrier, object_id, orders))
        return found if found and not found.is_cancelled else None

    def keep(self, waybill: Waybill) -> None:
        """Keep a number just taken."""
        self.by_number[(waybill.carrier, waybill.number)] = waybill
        self._by_purpose[(waybill.carrier, waybill.object_id, waybill.orders)] = waybill
        self.taken[waybill.carrier] = self.taken.get(waybill.carrier, 0) + 1

    def cancel(self, waybill: Waybill) -> bool:
        """Give a number back, once."""
        if waybill.is_cancelled:
            return False
        waybill.is_cancelled = True
        self.cancelled[waybill.carrier] = self.cancelled.get(waybill.carrier, 0) + 1
        return True

    def left(self, carrier: str) -> int:
        """How many numbers of this carrier are left."""
        return self.bought - self.taken.get(carrier, 0)
