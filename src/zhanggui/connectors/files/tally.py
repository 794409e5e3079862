"""Counts what a table holds while it is walked for the first time: rows, the latest event, words nobody has told us of."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from zhanggui.connectors.files import asof, jsonlines
from zhanggui.connectors.files.cells import NotUnderstood, Parser
from zhanggui.connectors.files.containers import Member
from zhanggui.connectors.files.decoding import encoding_of, lines_of
from zhanggui.connectors.files.delimited import ENDLESS
from zhanggui.connectors.files.plan import Plan
from zhanggui.connectors.files.shapes import Layout, Refused, Table
from zhanggui.connectors.files.tables import Walk
from zhanggui.core.facts import FactKind, Place
from zhanggui.core.say import Say, say


class Tally:
    """What is known of a table after one walk through it."""

    def __init__(self, plan: Plan, now: datetime | None) -> None:
        self.plan = plan
        self.now = now
        self.latest: datetime | None = None
        self.without_moment = 0
        self._highest = ""
        reader = plan.main
        events = [field for field, column in plan.family.columns.items() if column.event and field in reader.places]
        self._parsers: dict[int, Parser] = {index: parse for index, parse, field in reader.simple if field in events}
        self._parsers |= {index: parse for indices, parse, field in reader.choices if field in events for index in indices}

    def count(self, walk: Walk) -> int | None:
        """Walks through all rows. Returns the line from which on nobody can say where a cell ends, None where all is sound."""
        words = self.plan.main.words
        width = self.plan.width
        for line, cells in walk:
            if isinstance(cells, Say):
                if cells == ENDLESS:
                    return line
                continue
            if len(cells) < width:
                continue
            for index, memory, _ in words:
                self._hear(memory, cells[index])
            if self._parsers:
                self._date(cells)
        return None

    def _hear(self, memory: dict[str, object], cell: str) -> None:
        try:
            memory[cell]
        except NotUnderstood:
            return  # the reading will refuse that row

    def _date(self, cells: list[str]) -> None:
        """Keeps the latest event. Moments as the platform writes them sort as text, so few of them are parsed."""
        dated = False
        for index, parse in self._parsers.items():
            cell = cells[index]
            if not cell:
                continue
            dated = True
            if len(cell.strip()) == 19 and cell[:1] == "2" and cell.strip() <= self._highest:
                continue
            self._consider(cell, parse)
        if not dated:
            self.without_moment += 1

    def _consider(self, cell: str, parse: Parser) -> None:
        try:
            moment = parse(cell)
        except NotUnderstood:
            return
        if moment is None or (self.now is not None and moment > self.now):
            return
        if self.latest is None or moment > self.latest:
            self.latest = moment
        text = cell.strip()
        if len(text) == 19 and text[4] == "-" and text > self._highest:
            self._highest = text

    def notes(self, walk: Walk) -> tuple[Say, ...]:
        """Remarks for the preview, the weightiest first."""
        notes = [
            say(
                "{column} holds words we do not know: {words}. They are kept as they stand, and nothing is concluded from them.",
                column=column,
                words="、".join(words),
            )
            for column, words in self.plan.main.unheard.items()
        ]
        notes += [
            say(
                "{column} holds what cannot be read there: {words}. It is left unknown in those rows, and the rest of them is taken.",
                column=column,
                words="、".join(words),
            )
            for column, words in self.plan.main.unread.items()
        ]
        if self.plan.family.day_from and self.without_moment:
            notes.append(say("Rows that name no moment at all, and whose day was read off the order number: {rows}.", rows=self.without_moment))
        if not walk.rows:
            notes.append(say("There is a header here, and no row below it."))
        if walk.totals:
            notes.append(say("Rows of totals that were left out: {rows}.", rows=walk.totals))
        return tuple(notes)


def facts_tables(member: Member, number: int, told: list[datetime | None], now: datetime | None) -> Iterator[Table]:
    """One table for each kind of fact in a file of JSON lines. Raises Unreadable where its text is damaged."""
    encoding = encoding_of(member)
    rows: Counter[FactKind] = Counter()
    fields: dict[FactKind, set[str]] = {}
    latest: dict[FactKind, datetime] = {}
    for line, text in enumerate(lines_of(member, encoding), start=1):
        if not text.strip():
            continue
        one = jsonlines.read_line(text, Place(member.name, row=line))
        kind = one.kind if isinstance(one, Refused) else jsonlines.kind_of(one.facts)
        rows[kind] += 1
        if isinstance(one, Refused):
            continue
        fields.setdefault(kind, set()).update(one.given)
        moments = [moment for moment in (one.as_of, *jsonlines.happened_in(one.facts)) if moment is not None and (now is None or moment <= now)]
        if moments:
            latest[kind] = max(*moments, latest.get(kind, moments[0]))
    layout = Layout(number, jsonlines.PROFILE, encoding)
    for kind, count in rows.items():
        as_of, source = asof.settled(told, latest.get(kind))
        used = tuple((field, field) for field in sorted(fields.get(kind, ())))
        yield Table(file=member.name, kind=kind, profile=jsonlines.PROFILE, used=used, rows=count, as_of=as_of, as_of_source=source, layout=layout)
