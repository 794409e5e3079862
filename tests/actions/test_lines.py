"""A house keeps the pace its own file names, else the usual one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhanggui.actions.lines import LIMITS, line_at
from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.doors import App, doors_of
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.shop import platform_time

NOBODY = App("id", "secret", doors_of("http://127.0.0.1:9/api/router"))


def trouble_of(line: Line) -> str:
    with pytest.raises(PlatformError) as problem:
        line.call(NOBODY, platform_time(), now=datetime(2026, 11, 21, 1, 0, tzinfo=UTC))
    return problem.value.do


def test_it_keeps_the_pace_of_the_house_s_own_file(tmp_path: Path) -> None:
    (tmp_path / LIMITS).write_text('share = 1.0\nburst = 0.5\n[[limit]]\nmethod = "pdd.time.get"\nper = "app"\ncalls = 2\nseconds = 60\n', "utf-8")

    line = line_at(tmp_path)

    assert [trouble_of(line), trouble_of(line)] == ["no_way", "pace"]
    line.close()


def test_it_keeps_the_usual_pace_where_there_is_no_such_file(tmp_path: Path) -> None:
    line = line_at(tmp_path)

    assert [trouble_of(line), trouble_of(line)] == ["no_way", "no_way"]
    line.close()


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "share = 1.0",
        '[[limit]]\nmethod = "*"\nper = "shop"\ncalls = 0\nseconds = 1',
        '[[limit]]\nmethod = "*"\nper = "world"\ncalls = 1\nseconds = 1',
    ],
)
def test_it_says_that_the_file_holds_no_limits(tmp_path: Path, text: str) -> None:
    (tmp_path / LIMITS).write_text(text, "utf-8")

    with pytest.raises(Refused) as refused:
        line_at(tmp_path)

    assert refused.value.say.slots["file"] == str(tmp_path / LIMITS)
