"""What the back office shows of a shop's standing, the shop's own standards and limits, and penalties in force."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

import msgspec
from psycopg.rows import class_row

from zhanggui.core.standing.book import MILLION
from zhanggui.core.standing.standing import Line, Reading
from zhanggui.records.db import Tx

TARGET, LIMIT = "target", "limit"


class Penalty(msgspec.Struct, frozen=True):
    """A penalty as a person entered it from the back office."""

    penalty_no: int
    title: str
    cause: str
    goods_id: str
    from_day: date
    until_day: date | None
    ended_on: date | None

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on the day, as far as anybody knows."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day) and (self.ended_on is None or day < self.ended_on)


READINGS = """
    select figure, day, value, is_met, standard, percentile
    from (
        select figure, day, value, is_met, standard, percentile, row_number() over (partition by figure order by day desc) as place
        from standing_readings where shop_id = %(shop_id)s and day <= %(until)s
    ) as placed
    where place <= %(each)s
    order by figure, day desc
"""
READINGS_OF = """
    select figure, day, value, is_met, standard, percentile from standing_readings
    where shop_id = %(shop_id)s and figure = %(figure)s and day between %(since)s and %(until)s order by day desc
"""
# what is typed says a figure alone: the standard of the page stands, by which it is judged anew; its share of peers only for the same figure
PUT_READING = """
    insert into standing_readings (shop_id, figure, day, value, is_met, standard, percentile, made_by, made_at)
    values (%(shop_id)s, %(figure)s, %(day)s, %(value)s, %(is_met)s, %(standard)s, %(percentile)s, %(made_by)s, %(made_at)s)
    on conflict (shop_id, figure, day) do update set value = excluded.value,
        is_met = excluded.is_met, standard = coalesce(excluded.standard, standing_readings.standard),
        percentile = coalesce(excluded.percentile, case when excluded.value = standing_readings.value then standing_readings.percentile end),
        made_by = excluded.made_by, made_at = excluded.made_at
"""
DROP_READING = "delete from standing_readings where shop_id = %(shop_id)s and figure = %(figure)s and day = %(day)s"
LINES = """
    select distinct on (name) name, value, from_day, source from standing_lines
    where shop_id = %(shop_id)s and kind = %(kind)s and from_day <= %(day)s order by name, from_day desc
"""
PUT_LINE = """
    insert into standing_lines (shop_id, kind, name, from_day, value, source, made_by, made_at)
    values (%(shop_id)s, %(kind)s, %(name)s, %(from_day)s, %(value)s, %(source)s, %(made_by)s, %(made_at)s)
    on conflict (shop_id, kind, name, from_day) do update set value = excluded.value, source = excluded.source,
        made_by = excluded.made_by, made_at = excluded.made_at
"""
PENALTIES = """
    select penalty_no, title, cause, goods_id, from_day, until_day, ended_on from standing_penalties
    where shop_id = %(shop_id)s order by from_day desc, penalty_no desc limit %(limit)s
"""
PUT_PENALTY = """
    insert into standing_penalties (shop_id, title, cause, goods_id, from_day, until_day, made_by, made_at)
    select %(shop_id)s, %(title)s, %(cause)s, %(goods_id)s, %(from_day)s, %(until_day)s, %(made_by)s, %(made_at)s
    where not exists (
        select 1 from standing_penalties
        where shop_id = %(shop_id)s and title = %(title)s and cause = %(cause)s and goods_id = %(goods_id)s and from_day = %(from_day)s
            and until_day is not distinct from %(until_day)s and ended_on is null
    )
    returning penalty_no
"""
END_PENALTY = """
    update standing_penalties set ended_on = %(day)s
    where shop_id = %(shop_id)s and penalty_no = %(penalty_no)s and ended_on is null returning title
"""


def readings(tx: Tx, shop_id: int, until: date, each: int) -> dict[str, tuple[Reading, ...]]:
    """The newest readings of every figure, so many of each, the newest first."""
    found: dict[str, tuple[Reading, ...]] = {}
    for row in tx.execute(READINGS, {"shop_id": shop_id, "until": until, "each": each}):
        reading = _reading(*row)
        found[reading.figure] = (*found.get(reading.figure, ()), reading)
    return found


def readings_of(tx: Tx, shop_id: int, figure: str, since: date, until: date) -> tuple[Reading, ...]:
    """The readings of one figure in these days, the newest first."""
    return tuple(_reading(*row) for row in tx.execute(READINGS_OF, {"shop_id": shop_id, "figure": figure, "since": since, "until": until}))


def put_readings(tx: Tx, shop_id: int, readings: Iterable[Reading], made_by: int | None, made_at: datetime) -> None:
    """Keeps what the back office showed; the same figure of the same day again replaces it."""
    rows = [
        {
            "shop_id": shop_id,
            "figure": reading.figure,
            "day": reading.day,
            "value": micro(reading.value),
            "is_met": reading.is_met,
            "standard": None if reading.standard is None else micro(reading.standard),
            "percentile": None if reading.percentile is None else micro(reading.percentile),
            "made_by": made_by,
            "made_at": made_at,
        }
        for reading in readings
    ]
    with tx.cursor() as cursor:
        cursor.executemany(PUT_READING, rows)


def drop_reading(tx: Tx, shop_id: int, figure: str, day: date) -> bool:
    """Whether there was such a reading; it is gone now."""
    return tx.execute(DROP_READING, {"shop_id": shop_id, "figure": figure, "day": day}).rowcount > 0


def lines(tx: Tx, shop_id: int, kind: str, day: date) -> dict[str, Line]:
    """The shop's own standards or limits as they hold on the day."""
    found = tx.execute(LINES, {"shop_id": shop_id, "kind": kind, "day": day})
    return {name: Line(Fraction(value, MILLION), from_day, source) for name, value, from_day, source in found if value is not None}


def put_line(tx: Tx, shop_id: int, kind: str, name: str, line: Line | None, from_day: date, made_by: int | None, made_at: datetime) -> None:
    """Keeps a standard or a limit from the day on; None takes it away from that day on."""
    slots = {"shop_id": shop_id, "kind": kind, "name": name, "from_day": from_day, "made_by": made_by, "made_at": made_at}
    tx.execute(PUT_LINE, {**slots, "value": None if line is None else micro(line.value), "source": "" if line is None else line.source})


def penalties(tx: Tx, shop_id: int, limit: int) -> list[Penalty]:
    """Those that were entered, the newest first."""
    with tx.cursor(row_factory=class_row(Penalty)) as cursor:
        return cursor.execute(PENALTIES, {"shop_id": shop_id, "limit": limit}).fetchall()


def put_penalty(tx: Tx, shop_id: int, penalty: Penalty, made_by: int | None, made_at: datetime) -> bool:
    """Keeps a penalty, unless the very same runs already; whether it was new. Its number is given here."""
    slots = {"title": penalty.title, "cause": penalty.cause, "goods_id": penalty.goods_id, "from_day": penalty.from_day, "until_day": penalty.until_day}
    return tx.execute(PUT_PENALTY, {**slots, "shop_id": shop_id, "made_by": made_by, "made_at": made_at}).fetchone() is not None


def end_penalty(tx: Tx, shop_id: int, penalty_no: int, day: date) -> str | None:
    """The title of the penalty that ends now; None where there is none that still runs."""
    found = tx.execute(END_PENALTY, {"shop_id": shop_id, "penalty_no": penalty_no, "day": day}).fetchone()
    return None if found is None else str(found[0])


def micro(value: Fraction) -> int:
    """The value in millionths, half of one upwards."""
    return int(value * MILLION + Fraction(1, 2))


def _reading(figure: str, day: date, value: int, is_met: bool | None, standard: int | None, percentile: int | None) -> Reading:
    told = None if standard is None else Fraction(standard, MILLION)
    return Reading(figure, day, Fraction(value, MILLION), is_met, told, None if percentile is None else Fraction(percentile, MILLION))
