"""What every command promises other programs: one document on stdout, the exit codes, moments that can be misread by nobody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import language_of
from zhanggui.cli.moments import NotAMoment, moment_from


@pytest.mark.parametrize(
    "words",
    [
        ["todo", "--shop", SHOP, "--json"],
        ["measures", "--shop", SHOP, "--json"],
        ["batches", "--shop", SHOP, "--json"],
        ["quarantine", "--shop", SHOP, "--json"],
        ["rules", "--shop", SHOP, "--json"],
        ["rules", "--at", "2025-05-14", "--json"],
        ["shops", "--json"],
        ["people", "list", "--json"],
        ["people", "add", "xiaomei", "--shop", SHOP, "--role", "rep", "--json"],
        ["doctor", "--json"],
    ],
    ids=" ".join,
)
def test_it_writes_one_document_and_nothing_else(stocked: Terminal, words: list[str]) -> None:
    answer = stocked.run(*words)

    assert answer.code == 0, answer.err
    assert isinstance(answer.json, dict)


@pytest.mark.parametrize(
    "words",
    [
        ["todo"],
        ["todo", "--shop"],
        ["todo", "--shop", SHOP, "--at", "yesterday"],
        ["todo", "--shop", SHOP, "--limit", "0"],
        ["frobnicate"],
        ["undo", "three", "--shop", SHOP],
        ["promises", "--shop", SHOP, "--kept", "5", "--void", "6"],
        ["privacy", "--shop", SHOP, "--change-key", "--forget-order", "261116-1", "--yes"],
        ["privacy", "--shop", SHOP, "--keep", "talks", "200", "--change-house-key"],
        ["tokens", "--shop", SHOP, "--revoke", "1", "--make", "bridge", "--scope", "drafts:read"],
        [],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_says_nothing_on_stdout(tmp_path: Path, words: list[str]) -> None:
    answer = Terminal(tmp_path).run(*words)

    assert (answer.code, answer.out) == (2, b"")
    assert answer.err


@pytest.mark.parametrize(
    "words",
    [
        ["todo", "--shop", "nobody's", "--json"],
        ["explain", "261116-1", "--shop", SHOP, "--json"],
        ["undo", "4711", "--shop", SHOP, "--json"],
        ["rules", "pdd.no_such_rule", "--json"],
        ["people", "reset-password", "nobody", "--json"],
        ["people", "drop-factors", "nobody", "--json"],
        ["people", "keeper", "nobody", "--give", "--json"],
        ["people", "close", "nobody", "--json"],
        ["restore", ".", "--json"],
    ],
    ids=" ".join,
)
def test_a_refusal_ends_with_1_and_gives_its_reason(stocked: Terminal, words: list[str]) -> None:
    answer = stocked.run(*words)

    assert answer.code == 1
    assert [type(reason) for reason in answer.json["refused"]] == [str]
    assert "Traceback" not in answer.err


def test_it_speaks_the_language_that_was_asked_for(terminal: Terminal) -> None:
    chinese = terminal.run("--lang", "zh", "todo", "--shop", SHOP, "--json")
    english = terminal.run("todo", "--shop", SHOP, "--json")

    assert chinese.json == {"refused": [f"还没有店铺。导入时加 --create，就会建店铺 {SHOP}。"]}
    assert english.json == {"refused": [f"There is no shop yet. Import a file with --create to make the shop {SHOP}."]}


@pytest.mark.parametrize(
    ("told", "environment", "spoken"),
    [
        (None, {"LANG": "zh_CN.UTF-8"}, "zh_Hans"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ("zh", {"LANG": "en_US.UTF-8"}, "zh_Hans"),
    ],
)
def test_it_finds_out_which_language_to_speak(told: str | None, environment: dict[str, str], spoken: str) -> None:
    assert language_of(told, as_json=False, environment=environment) == spoken


def test_it_speaks_english_to_programs_unless_told_otherwise() -> None:
    assert language_of(None, as_json=True, environment={"LANG": "zh_CN.UTF-8"}) == "en"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-16T09:00:00+08:00", datetime(2026, 11, 16, 1, tzinfo=UTC)),
        ("2026-11-16T01:00:00Z", datetime(2026, 11, 16, 1, tzinfo=UTC)),
        ("2026-11-16 09:00", datetime(2026, 11, 16, 1, tzinfo=UTC)),
        ("2026-11-16", datetime(2026, 11, 15, 16, tzinfo=UTC)),
    ],
)
def test_it_reads_moments_with_an_offset_or_from_a_clock_in_shanghai(text: str, moment: datetime) -> None:
    assert moment_from(text) == moment


@pytest.mark.parametrize("text", ["yesterday", "", "16.11.2026", "2026-13-01", "0001-01-01", "9999-12-31 23:59"])
def test_it_guesses_at_no_moment(text: str) -> None:
    with pytest.raises(NotAMoment):
        moment_from(text)


def test_its_columns_stand_straight_under_chinese() -> None:
    assert columns([["发货", "1"], ["ship", "22"]]) == ["发货  1", "ship  22"]


def test_a_password_is_made_up_once_and_can_be_given_instead(terminal: Terminal) -> None:
    made_up = terminal.run("people", "add", "lin", "--name", "林", "--json").json
    given = terminal.run("people", "reset-password", "lin", "--password-stdin", "--json", stdin="correct horse battery\n").json

    assert len(made_up["password"]) == 16
    assert (made_up["is_keeper"], made_up["display_name"]) == (True, "林")
    assert given["password"] is None
    assert terminal.run("people", "drop-factors", "lin", "--json").json["login"] == "lin"


def test_who_keeps_the_house_is_said_and_the_account_of_who_left_is_closed(terminal: Terminal) -> None:
    for login in ("lin", "mei"):
        terminal.run("people", "add", login, "--json")

    wrong = terminal.run("people", "keeper", "mei", "--json").code
    given = terminal.run("people", "keeper", "mei", "--give", "--json").json
    listed = terminal.run("people", "list").text.splitlines()
    taken = terminal.run("people", "keeper", "lin", "--take", "--json").json
    closed = terminal.run("people", "close", "lin", "--json").json

    assert [line.endswith("keeps the house") for line in listed] == [True, True]
    assert (wrong, given["is_keeper"], taken["is_keeper"], closed["roles"]) == (2, True, False, [])
    assert [each["login"] for each in terminal.run("people", "list", "--json").json["people"]] == ["mei"]


def test_a_weak_password_is_refused_with_the_reason(terminal: Terminal) -> None:
    answer = terminal.run("people", "add", "lin", "--password-stdin", "--json", stdin="1234\n")

    assert answer.code == 1
    assert "10" in answer.json["refused"][0]
    assert terminal.run("people", "list", "--json").json == {"people": []}


@pytest.mark.parametrize(("words", "environment"), [(("--host", "192.0.2.7"), {}), ((), {"ZHANGGUI_LAN": "1"}), ((), {"ZHANGGUI_PROXIES": "127.0.0.1"})])
def test_the_demo_that_lets_everybody_in_is_for_this_machine_alone(tmp_path: Path, words: tuple[str, ...], environment: dict[str, str]) -> None:
    answer = Terminal(tmp_path / "home", environment).run("demo", *words, "--json")

    assert answer.code == 1
    assert "for this machine alone" in answer.json["refused"][0]
