"""What papers and files were made for orders."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class PapersMade(Entry, frozen=True):
    """A label, a packing slip or a pick list was made for the order. Whoever made it held it in their hands."""

    kind = "papers_made"
    paper: str
    form: str
    size: str
    number: str | None = None

    def say(self) -> Say:
        match self.paper:
            case "label":
                return say("A shipping label of {size} mm was made; its barcode holds {number}.", size=self.size, number=self.number)
            case "packing":
                return say("A packing slip was made.")
            case _:
                return say("The order was put on a pick list.")


class ShippingFileMade(Entry, frozen=True):
    """A bulk-shipping file was made, to be uploaded by hand. Nothing of it counts as shipped."""

    kind = "shipping_file_made"
    orders: int
    warned: int
    form: str

    def say(self) -> Say:
        return say(
            "A bulk-shipping file ({form}) of {orders} orders was made, {warned} of them taken in spite of a warning.",
            form=self.form.upper(),
            orders=self.orders,
            warned=self.warned,
        )


class NumberPutInFile(Entry, frozen=True):
    """The order's number was put in a bulk-shipping file."""

    kind = "number_put_in_file"
    carrier: str
    number: str
    was_warned: bool = False

    def say(self) -> Say:
        if self.was_warned:
            return say("{carrier} {number} was put in a bulk-shipping file in spite of a warning.", carrier=self.carrier, number=self.number)
        return say("{carrier} {number} was put in a bulk-shipping file.", carrier=self.carrier, number=self.number)
