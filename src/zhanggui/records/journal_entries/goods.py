"""What people noted of goods. Every change of stock stands in a journal of its own."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class GoodsNoted(Entry, frozen=True):
    """What the shop itself knows of a SKU was typed in: weights, barcodes, its place, when few are left."""

    kind = "goods_noted"
    sku: str

    def say(self) -> Say:
        return say("What the shop knows of the goods {sku} was changed.", sku=self.sku)


class StockSheetTaken(Entry, frozen=True):
    """A sheet of stock was taken in."""

    kind = "stock_sheet_taken"
    counted: int
    noted: int
    refused: int

    def say(self) -> Say:
        return say(
            "A stock sheet was taken in: {counted} places counted, {noted} SKUs noted, {refused} rows left out.",
            counted=self.counted,
            noted=self.noted,
            refused=self.refused,
        )
