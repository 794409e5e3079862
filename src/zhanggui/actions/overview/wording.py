"""The overview in words: the report on paper, and the few lines of a mail."""

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from zhanggui.actions.overview.shapes import ClockLine, Overview, Sales
from zhanggui.actions.standing.listing import MeasureRow
from zhanggui.core.money import Fen
from zhanggui.core.periods import Period, week_in, week_name
from zhanggui.core.rules import Title
from zhanggui.core.say import Say, say
from zhanggui.core.standing.book import Unit
from zhanggui.papers.reports import Bar, Figure, Report, Section, lengths
from zhanggui.words import Catalog, Language
from zhanggui.words.shapes import money_text

_PLACES = {Unit.STARS: 1, Unit.COUNT: 0}
_SIGNS = {Unit.PERCENT: " %", Unit.RANK: " %", Unit.HOURS: " h", Unit.DAYS: " d"}
_BAD_STARS, _MANY_ONE_STARS = 2, 2
_NONE = "—"


def report_of(seen: Overview, words: Catalog) -> Report:
    """The report as it is printed."""
    told = _Told(seen, words)
    parts = ((told.clocks(),), (told.causes(), told.stars()), (told.measures(),), (told.goods(),), (told.carriers(), told.bill()), (told.reps(),))
    kept = (tuple(section for section in part if section.rows or section.bars) for part in parts)
    return Report(
        language=words.language.value,
        title=told.title(),
        shop=seen.shop.name,
        span=f"{seen.period.first.isoformat()} – {seen.period.last.isoformat()}",
        figures=told.figures(),
        days_title=told.say(say("Orders a day")),
        days=told.days(),
        parts=tuple(part for part in kept if part),
        made=told.say(say("Made {moment} by Zhanggui", moment=seen.made_at)),
        page=words.gettext(say("Page {page} of {of}", page="{page}", of="{of}").text),
    )


def lines_of(seen: Overview, words: Catalog) -> tuple[str, str]:
    """The title and the few lines that a mail tells."""
    told = _Told(seen, words)
    figures = "\n".join(f"{figure.label}: {figure.figure}{f' ({figure.of})' if figure.of else ''}" for figure in told.figures())
    late = [line for line in seen.clocks.lines if line.late][:3] if seen.clocks else []
    missed = "\n".join(told.missed(line) for line in late)
    return f"{seen.shop.name} · {told.title()} · {_span(seen.period)}", "\n\n".join(part for part in (figures, missed) if part)


def written(unit: Unit, value: Fraction | None) -> str:
    """A figure with its sign: stars with one place, things whole, everything else with two."""
    return _NONE if value is None else f"{float(value):.{_PLACES.get(unit, 2)}f}{_SIGNS.get(unit, '')}"


def _span(period: Period) -> str:
    name = week_name(period)
    return name if week_in(name) == period else f"{period.first.isoformat()} – {period.last.isoformat()}"


def _percent(part: int, of: int) -> str:
    return f"{part * 100 / of:.1f} %" if of else _NONE


def _money_or_none(fen: int) -> str:
    return money_text(Fen(fen)) if fen else _NONE


class _Told:
    """One overview in one language."""

    def __init__(self, seen: Overview, words: Catalog) -> None:
        self._seen, self._words = seen, words

    def say(self, sentence: Say) -> str:
        """The sentence in the reader's language."""
        return self._words.render(sentence)

    def title(self) -> str:
        """What the report is of."""
        period = self._seen.period
        name = week_name(period)
        return self.say(say("Report of the week {week}", week=name) if week_in(name) == period else say("Report of a time"))

    def figures(self) -> tuple[Figure, ...]:
        """The figures at the head, each with what it is of."""
        seen, sales = self._seen, self._seen.sales
        fined = sum(each.expense - each.income for each in seen.bill if each.bill_class == "compensation")
        lines = sum(each.lines for each in seen.bill if each.bill_class == "compensation")
        mean = _NONE if seen.stars.mean is None else f"{seen.stars.mean:.2f}"
        of_orders = say("{n} of {orders}", n=sales.refunded, orders=sales.orders)
        return (
            Figure(self.say(say("Orders")), str(sales.orders), self._change(lambda whole: whole.orders)),
            Figure(self.say(say("Paid")), money_text(sales.paid), self._change(lambda whole: whole.paid)),
            Figure(self.say(say("Refunded")), _percent(sales.refunded, sales.orders), self.say(of_orders)),
            Figure(self.say(say("Stars given")), mean, self.say(say("reviews: {n}", n=seen.stars.reviews))),
            *self._by_deadlines(),
            Figure(self.say(say("Deducted by the bill")), money_text(Fen(fined)), self.say(say("lines: {n}", n=lines)), _bad(fined)),
            Figure(self.say(say("Bad reviews")), str(seen.stars.bad), self.say(say("of {n}", n=seen.stars.reviews)), _bad(seen.stars.bad)),
        )

    def _by_deadlines(self) -> tuple[Figure, Figure]:
        """What deadlines saved and lost, where they were counted."""
        clocks, saved, lost = self._seen.clocks, self.say(say("Saved by deadlines met")), self.say(say("Lost by deadlines missed"))
        if clocks is None:
            none = self.say(say("not counted"))
            return Figure(saved, _NONE, none), Figure(lost, _NONE, none)
        met, late = self.say(say("{n} met", n=clocks.met)), self.say(say("{n} not met", n=clocks.late))
        return Figure(saved, money_text(clocks.saved), met, "good"), Figure(lost, money_text(clocks.lost), late, _bad(clocks.lost))

    def _change(self, told: Callable[[Sales], int]) -> str:
        """By how much the whole days lie above as many before them."""
        compared = self._seen.compared
        then = told(compared.before) if compared else 0
        if compared is None or not then:
            return ""
        change = f"{(told(compared.now) - then) * 100 / then:+.0f}"
        return self.say(say("{change} % on as many whole days before ({days})", change=change, days=compared.days))

    def days(self) -> tuple[Bar, ...]:
        """A bar a day; of a long time only the numbers that fit are written."""
        told = self._seen.days
        long = len(told) > 31
        drawn = lengths(tuple(day.orders for day in told))
        return tuple(
            Bar(f"{day.day:%m-%d}" if not long and (len(told) <= 14 or at % 5 == 0) else "", length, "" if long else str(day.orders))
            for at, (day, length) in enumerate(zip(told, drawn, strict=True))
        )

    def clocks(self) -> Section:
        """The deadlines that fell due."""
        lines = self._seen.clocks.lines if self._seen.clocks else ()
        heads = self._all((say("What"), say("Met"), say("Not met"), say("Money saved"), say("Money lost")))
        rows = [
            (self._capital(line.kind.value), f"{line.met} / {line.met + line.late}", str(line.late), _money_or_none(line.saved), _money_or_none(line.lost))
            for line in lines
        ]
        bad = [(at, column) for at, line in enumerate(lines) for column, is_bad in ((2, line.late), (4, line.lost)) if is_bad]
        note = say("Money by the rule of each: what missing it would have cost, or costs. An order has a deadline to leave and one to be picked up.")
        return Section(title=self.say(say("Deadlines that fell due")), heads=heads, rows=tuple(rows), bad=tuple(bad), note=self.say(note))

    def missed(self, line: ClockLine) -> str:
        """One kind of deadline that was missed."""
        sentence = say(
            "{what}: {n} of {all} not met, {lost_fen}", what=self._capital(line.kind.value), n=line.late, all=line.met + line.late, lost_fen=line.lost
        )
        return self.say(sentence)

    def measures(self) -> Section:
        """Where the shop stands now."""
        shown = [row for row in self._seen.measures if not row.formula.is_unknown]
        heads = self._all((say("Measure"), say("Up to yesterday"), say("Of how many"), say("Has to reach")))
        rows = tuple(
            (
                self._titled(row.formula.title),
                written(row.figure.unit, row.value),
                _of(row),
                written(row.figure.unit, row.target.value) if row.target else _NONE,
            )
            for row in shown
        )
        bad = tuple((at, 1) for at, row in enumerate(shown) if row.met is False)
        beyond = [each for each in self._seen.standing.standing.restrictions if each.is_beyond]
        note = say("Restrictions reached: {n}.", n=len(beyond)) if beyond else say("No restriction is reached, as far as it is known.")
        return Section(title=self.say(say("Standing on the day this was made")), heads=heads, rows=rows, bad=bad, note=self.say(note))

    def causes(self) -> Section:
        """Why money went back."""
        told = self._seen.causes
        sentences = (say("{amount_fen} · {n} of {orders}", amount_fen=cause.paid_back, n=cause.orders, orders=self._seen.asked_of) for cause in told)
        drawn = zip(told, lengths(tuple(cause.paid_back for cause in told)), sentences, strict=True)
        bars = tuple(Bar(self._capital(f"reason.{cause.grievance.value}"), length, self.say(shown)) for cause, length, shown in drawn)
        return Section(title=self.say(say("Why money went back")), bars=bars)

    def stars(self) -> Section:
        """The stars that buyers gave."""
        counts = self._seen.stars.counts if self._seen.stars.reviews else ()
        drawn = zip(counts, lengths(tuple(count.reviews for count in counts)), strict=True)
        bars = tuple(Bar(self.say(say("{n} stars", n=count.score)), length, str(count.reviews), _bad(count.score <= _BAD_STARS)) for count, length in drawn)
        return Section(title=self.say(say("Stars buyers gave")), bars=bars)

    def goods(self) -> Section:
        """What was sold most."""
        heads = self._all((say("Goods"), say("Orders"), say("Paid"), say("Refunded"), say("One star")))
        rows = tuple(
            (each.title or each.goods, str(each.orders), money_text(Fen(each.paid)), f"{each.refunded} / {each.orders}", f"{each.one_star} / {each.reviews}")
            for each in self._seen.goods
        )
        bad = tuple((at, 4) for at, each in enumerate(self._seen.goods) if each.one_star > _MANY_ONE_STARS)
        return Section(title=self.say(say("Goods")), heads=heads, rows=rows, bad=bad)

    def carriers(self) -> Section:
        """How the carriers did."""
        heads = self._all((say("Carrier"), say("Abnormal"), say("Hours on the way")))
        rows = tuple(
            (line.name, f"{line.abnormal} / {line.parcels}", _NONE if line.hours is None else f"{line.hours:.0f} ({line.arrived})")
            for line in self._seen.carriers
        )
        return Section(
            title=self.say(say("Carriers")), heads=heads, rows=rows, note=self.say(say("Hours from hand-over to delivery: the mean, and of how many."))
        )

    def bill(self) -> Section:
        """What the bill tells."""
        heads = self._all((say("By the bill"), say("Lines"), say("Remains")))
        rows = tuple((self._capital(each.bill_class), str(each.lines), money_text(Fen(each.income - each.expense))) for each in self._seen.bill)
        return Section(title=self.say(say("By the bill")), heads=heads, rows=rows)

    def reps(self) -> Section:
        """How those who answer buyers were graded."""
        heads = self._all((say("Who"), say("Talks"), say("Mean grade"), say("Faults")))
        rows = tuple((each.rep, str(each.talks), f"{100 - each.points / each.talks:.0f}", str(each.faults)) for each in self._seen.reps or () if each.talks)
        return Section(title=self.say(say("People who answer buyers")), heads=heads, rows=rows)

    def _all(self, sentences: Iterable[Say]) -> tuple[str, ...]:
        return tuple(map(self.say, sentences))

    def _capital(self, code: str) -> str:
        word = self._words.word(code)
        return word[:1].upper() + word[1:]

    def _titled(self, title: Title) -> str:
        return short_name(title.zh if self._words.language is Language.ZH_HANS else title.en)


def short_name(title: str) -> str:
    """The name of a measure alone, without what is counted over what."""
    return re.split(r"[(（:：,，]", title, maxsplit=1)[0].strip()


def _of(row: MeasureRow) -> str:
    if row.figure.unit is Unit.COUNT:
        return ""
    return f"{row.now.num} / {row.now.den}" if row.figure.unit is Unit.PERCENT else str(row.now.den)


def _bad(is_bad: Sequence[object] | float) -> str:
    return "bad" if is_bad else ""
