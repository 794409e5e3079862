"""What was done at the to-ship desk."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class BatchMade(Entry, frozen=True):
    """Orders were taken into a batch, to be printed in one go."""

    kind = "batch_made"
    batch_no: int
    orders: int
    parcels: int

    def say(self) -> Say:
        return say("Batch {batch_no} was made of {orders} orders in {parcels} parcels.", batch_no=self.batch_no, orders=self.orders, parcels=self.parcels)


class TakenFromBatch(Entry, frozen=True):
    """Orders were put back to what is to be printed."""

    kind = "taken_from_batch"
    batch_no: int
    orders: int

    def say(self) -> Say:
        return say("{orders} orders were put back from batch {batch_no}.", batch_no=self.batch_no, orders=self.orders)


class OrderSplit(Entry, frozen=True):
    """An order goes in so many parcels now."""

    kind = "order_split"
    parcels: int

    def say(self) -> Say:
        return say("The order goes in {parcels} parcels.", parcels=self.parcels)


class PartPacked(Entry, frozen=True):
    """One of several parcels of an order was closed."""

    kind = "part_packed"
    part: int
    pieces: int

    def say(self) -> Say:
        return say("Parcel {part} of the order was closed with {pieces} pieces.", part=self.part, pieces=self.pieces)


class CarriersApplied(Entry, frozen=True):
    """Whether batches go with the advised carriers by themselves was set."""

    kind = "carriers_applied"
    applies: bool

    def say(self) -> Say:
        if self.applies:
            return say("Batches without a named carrier go with the advised one from now on.")
        return say("Batches go with the carrier that a person names from now on.")
