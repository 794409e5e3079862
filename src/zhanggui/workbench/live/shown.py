"""What all readers of one view see, in versions: whoever has an older one is sent the frame anew and only those rows that changed since."""

from collections.abc import Callable, Mapping

import msgspec
from markupsafe import Markup

from zhanggui.actions.views import TodoItem
from zhanggui.workbench.places import place_of
from zhanggui.workbench.today.drawing import DrawRow

EMPTY_FIELD = '<input type="hidden" name="_csrf_token" value="">'
"""What is drawn for everybody bears nobody's form token; the page that takes it in fills its own in."""
_EDGE = "\0"
"""Parts the rows from the frame around them; no text from the database can hold it."""


class Drawn(msgspec.Struct, frozen=True):
    """A view as it stands at one moment."""

    frame: tuple[str, ...]
    """Text and ids of rows in turns, beginning and ending with text."""
    rows: Mapping[str, str]


def drawn(render: Callable[[DrawRow], str], draw: DrawRow) -> Drawn:
    """What `render` writes, taken apart into its frame and the rows that it has drawn by the function it is given."""
    rows: dict[str, str] = {}

    def noted(item: TodoItem, _: str) -> Markup:
        number = place_of(item).id
        rows[number] = draw(item, EMPTY_FIELD)
        return row_place(number)

    return in_rows(render(noted), rows)


def row_place(number: str) -> Markup:
    """Holds the place of a row that was drawn apart, by its id, which is a name of ours."""
    return Markup(_EDGE + number + _EDGE)  # noqa: S704 - it names a row


def in_rows(frame: str, rows: Mapping[str, str]) -> Drawn:
    """A frame in which rows that were drawn apart have their places."""
    return Drawn(tuple(frame.split(_EDGE)), rows)


class Shown:
    """The versions of one view, counted from 1."""

    def __init__(self) -> None:
        self.version = 0
        self._frame: tuple[str, ...] = ()
        self._rows: dict[str, tuple[str, int]] = {}
        """Every row with the version that brought it as it is."""
        self._written: dict[int, str] = {}

    def take(self, now: Drawn) -> bool:
        """Whether this differs from what was shown so far; if so it is the next version."""
        rows = {number: html for number, (html, _) in self._rows.items()}
        if self.version and now.frame == self._frame and now.rows == rows:
            return False
        self.version += 1
        self._rows = {number: (html, self._rows[number][1] if rows.get(number) == html else self.version) for number, html in now.rows.items()}
        self._frame = now.frame
        self._written.clear()
        return True

    def since(self, version: int) -> str:
        """What brings a page of that version up to date: all of it, but for rows the page has already, of which only the place is told. 0 has none."""
        if version not in self._written:
            self._written[version] = "".join(self._row(part, version) if place % 2 else part for place, part in enumerate(self._frame))
        return self._written[version]

    def _row(self, number: str, version: int) -> str:
        html, brought_by = self._rows[number]
        return html if brought_by > version else f'<li data-row id="{number}" data-same></li>'
