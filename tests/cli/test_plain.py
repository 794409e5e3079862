"""Lines to people steer no terminal, whoever wrote what stands in them."""

import pytest

from zhanggui.cli.desk import Desk, plain
from zhanggui.core.say import say


def test_it_shows_control_characters_as_marks() -> None:
    assert plain("\x1b]0;owned\x07 \x9b2J\r红色\t1\n2") == "\ufffd]0;owned\ufffd \ufffd2J\ufffd红色\t1\n2"


def test_it_does_so_in_sentences_and_in_ready_lines(capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(named_home=None, language="en", as_json=False)

    desk.line("{shop} is disconnected. Its tokens are wiped; what was read stays.", shop="\x1b[31m红")
    desk.lines(["\x1b[2Jgone"])
    desk.refuse(say("{shop} is disconnected. Its tokens are wiped; what was read stays.", shop="\x1b[31m红"))

    told = capsys.readouterr()
    assert told.out == "\ufffd[31m红 is disconnected. Its tokens are wiped; what was read stays.\n\ufffd[2Jgone\n"
    assert "\x1b" not in told.err
