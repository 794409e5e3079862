"""What people said of to-dos, and what later news made of it."""

from datetime import datetime

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class TodoSaidDone(Entry, frozen=True):
    """A person said a to-do is done in the back office."""

    kind = "todo_said_done"
    todo: str
    reason: str = ""

    def say(self) -> Say:
        return say("{todo}: said to be done in the back office. {reason}", todo=self.todo, reason=self.reason)


class TodoSnoozed(Entry, frozen=True):
    """A person put a to-do off."""

    kind = "todo_snoozed"
    todo: str
    until: datetime
    reason: str = ""

    def say(self) -> Say:
        return say("{todo}: put off until {until}. {reason}", todo=self.todo, until=self.until, reason=self.reason)


class TodoHanded(Entry, frozen=True):
    """A to-do was handed to a person."""

    kind = "todo_handed"
    todo: str
    to: str
    reason: str = ""

    def say(self) -> Say:
        return say("{todo}: handed to {to}. {reason}", todo=self.todo, to=self.to, reason=self.reason)


class TodoNotOurs(Entry, frozen=True):
    """A person said a to-do does not concern the shop."""

    kind = "todo_not_ours"
    todo: str
    reason: str = ""

    def say(self) -> Say:
        return say("{todo}: not ours. {reason}", todo=self.todo, reason=self.reason)


class TodoTakenBack(Entry, frozen=True):
    """What was said of a to-do was taken back."""

    kind = "todo_taken_back"
    todo: str

    def say(self) -> Say:
        return say("{todo}: back on the list.", todo=self.todo)


class MarkConfirmed(Entry, frozen=True):
    """A later import shows that what was said to be done is done."""

    kind = "mark_confirmed"
    todo: str
    batch_id: int | None = None
    """None where no import told it: the platform itself did, or a tracking service."""
    by_tracker: bool = False

    def say(self) -> Say:
        if self.batch_id is None:
            if self.by_tracker:
                return say("{todo}: a tracking service confirms that it is done.", todo=self.todo)
            return say("{todo}: the platform confirms that it is done.", todo=self.todo)
        return say("{todo}: import {batch_id} confirms that it is done.", todo=self.todo, batch_id=self.batch_id)


class MarkContradicted(Entry, frozen=True):
    """A later import shows that what was said to be done is still open."""

    kind = "mark_contradicted"
    todo: str
    batch_id: int | None = None
    """None where no import told it: the platform itself did, or a tracking service."""
    by_tracker: bool = False

    def say(self) -> Say:
        if self.batch_id is None:
            if self.by_tracker:
                return say("{todo}: a tracking service shows it still open, though it was said to be done.", todo=self.todo)
            return say("{todo}: the platform shows it still open, though it was said to be done.", todo=self.todo)
        return say("{todo}: import {batch_id} shows it still open, though it was said to be done.", todo=self.todo, batch_id=self.batch_id)
