"""From a header row to a function that reads rows: one reader, or two where a row tells an order and a line of it."""

from collections.abc import Sequence

from zhanggui.connectors.files.profile import Family, Profile
from zhanggui.connectors.files.reader import Reader, required_fields
from zhanggui.connectors.files.shapes import Refused, Told
from zhanggui.core.facts import FactKind, OrderLineFacts, Place
from zhanggui.core.say import Say, say


class Plan:
    """How to read every row of one table: one reader, or two where a row tells an order and a line of it."""

    def __init__(self, profile: Profile, family: Family, headers: Sequence[str]) -> None:
        if family.gives is None:
            raise ValueError(f"family {family.name} is left aside")
        self.profile = profile
        self.family = family
        self.width = len(headers)
        self.readers = [Reader(profile, family, family.gives, family.columns, headers)]
        if family.line_columns:
            lines = Reader(profile, family, FactKind.ORDER_LINE, family.line_columns, headers)
            if all(field in lines.places for field in required_fields(OrderLineFacts)):
                self.readers.append(lines)

    @property
    def main(self) -> Reader:
        """The reader of the family's own kind."""
        return self.readers[0]

    def read(self, row: list[str], place: Place) -> list[Told]:
        """What this row tells; one refusal where any part of it cannot be taken."""
        if len(row) != self.width:
            row = self._fitted(row)
            if len(row) != self.width:
                return [self._uneven(row, place)]
        if len(self.readers) == 1:
            return [self.readers[0].read(row, place)]
        told = [reader.read(row, place) for reader in self.readers]
        refusals = [one for one in told if isinstance(one, Refused)]
        return [self.refuse(row, refusals[0].place, refusals[0].reason)] if refusals else told

    def refuse(self, row: Sequence[str], place: Place, reason: Say) -> Refused:
        """A refusal of the whole row, with the cells of every reader."""
        cells = {header: cell for reader in self.readers for header, cell in reader.cells(row).items()}
        return Refused(place, reason, cells, self.main.kind)

    def _fitted(self, row: list[str]) -> list[str]:
        """The row without blank cells that hang over at its end."""
        while len(row) > self.width and not row[-1].strip():
            row = row[:-1]
        return row

    def _uneven(self, row: list[str], place: Place) -> Refused:
        reason = say(
            "The row has {cells} cells, the header has {columns}. It was cut off or runs into the next one; export the file again.",
            cells=len(row),
            columns=self.width,
        )
        return self.refuse(row, place, reason)
