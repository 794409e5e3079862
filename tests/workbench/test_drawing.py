"""A row that was kept reads like one drawn afresh, at whatever moment and for whomever."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import msgspec
import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.house import House
from zhanggui.actions.today import today
from zhanggui.actions.views import TodoItem
from zhanggui.words import Language, load
from zhanggui.workbench.today import drawing
from zhanggui.workbench.today.drawing import Reading

pytestmark = pytest.mark.usefixtures("stocked")
STEPS = (0, 1, 29, 30, 31, 59, 60, 61, 3540, 3599, 3600, 3601, 7200, 86399, 86400, 86401, 90000, 172800, 34214400)


def _always(answer: bool) -> Callable[[TodoItem], bool]:
    return lambda _: answer


def test_a_kept_row_reads_like_one_drawn_afresh(house: House, people: Cast) -> None:
    items = [item for _, shown in today(house, people.mei, NOW).groups for item in shown]
    random = Random(7)
    moments = [NOW + random.choice((-1, 1)) * timedelta(seconds=step + random.choice((0, 0, 17))) for step in STEPS * 4]
    sides = (True, False)
    readings = [
        Reading(load(language), _always(may), many, "/today", _always(opens)) for language in Language for may in sides for many in sides for opens in sides
    ]

    differing = []
    for now in sorted(moments, key=lambda _: random.random()):
        for reading in readings:
            items = [msgspec.structs.replace(item, data_as_of=NOW - timedelta(seconds=random.choice(STEPS))) for item in items]
            kept = [reading.draws(now)(item, "") for item in items]
            drawing._kept.clear() if random.random() < 0.02 else None
            fresh = [
                drawing._drawn(reading, item, now, may_mark=reading.may_mark(item), may_open=reading.may_open(item)).replace(drawing._SLOT, "")
                for item in items
            ]
            differing += [(now, one, two) for one, two in zip(kept, fresh, strict=True) if one != two]

    assert len(items) > 3
    assert differing == []


def test_each_reader_gets_their_own_form_token(house: House, people: Cast) -> None:
    item = next(item for _, shown in today(house, people.mei, NOW).groups for item in shown)
    draw = Reading(load(Language.EN), lambda _: True, False, "/today").draws(NOW)

    mine, theirs = draw(item, '<input value="mine">'), draw(item, '<input value="theirs">')

    assert '<input value="mine">' in mine
    assert mine.replace("mine", "theirs") == theirs


def test_what_a_row_says_is_escaped(house: House, mei: Seat) -> None:
    page = mei.get('/today?kind="><script>').text

    assert "<script>" not in page


def test_it_does_not_keep_rows_without_end(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_KEPT", 2)
    items = [item for _, shown in today(house, people.mei, NOW).groups for item in shown]

    for item in items:
        Reading(load(Language.EN), lambda _: True, False, "/today").draws(NOW)(item, "")

    assert len(drawing._kept) <= 2
