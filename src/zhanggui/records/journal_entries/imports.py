"""What happened to imports: stored, undone, failed, and the rows that were refused."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class BatchConfirmed(Entry, frozen=True):
    """An import was stored."""

    kind = "batch_confirmed"
    batch_id: int
    new: int
    changed: int
    refused: int

    def say(self) -> Say:
        return say(
            "Import {batch_id}: {new} new, {changed} changed, {refused} refused.",
            batch_id=self.batch_id,
            new=self.new,
            changed=self.changed,
            refused=self.refused,
        )


class BatchUndone(Entry, frozen=True):
    """An import was taken back whole."""

    kind = "batch_undone"
    batch_id: int

    def say(self) -> Say:
        return say("Import {batch_id} was undone.", batch_id=self.batch_id)


class BatchFailed(Entry, frozen=True):
    """An import could not be stored; nothing of it was kept."""

    kind = "batch_failed"
    batch_id: int

    def say(self) -> Say:
        return say("Import {batch_id} failed; nothing of it was kept.", batch_id=self.batch_id)


class RowMended(Entry, frozen=True):
    """A refused row was mended and stored."""

    kind = "row_mended"
    batch_id: int
    row_no: int
    mended_as: int

    def say(self) -> Say:
        return say(
            "Refused row {row_no} of import {batch_id} was mended and stored as import {mended_as}.",
            row_no=self.row_no,
            batch_id=self.batch_id,
            mended_as=self.mended_as,
        )


class RowDiscarded(Entry, frozen=True):
    """A refused row was thrown away."""

    kind = "row_discarded"
    batch_id: int
    row_no: int

    def say(self) -> Say:
        return say("Refused row {row_no} of import {batch_id} was thrown away.", row_no=self.row_no, batch_id=self.batch_id)
