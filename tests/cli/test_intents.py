"""`zhanggui intents` reads messages from stdin and answers line by line."""

import json
from pathlib import Path

from tests.cli.terminal import Terminal


def asked(terminal: Terminal, typed: str, *options: str) -> tuple[int, list[dict[str, object]]]:
    answer = terminal.run("intents", "--no-vectors", "--json", *options, stdin=typed)
    return answer.code, [json.loads(line) for line in answer.out.splitlines()]


def first(answer: dict[str, object]) -> dict[str, object]:
    read = answer["intents"]
    assert isinstance(read, list)
    assert isinstance(read[0], dict)
    return read[0]


def wants(answer: dict[str, object]) -> list[str]:
    read = answer["intents"]
    assert isinstance(read, list)
    return [str(one["intent"]) for one in read]


def test_it_answers_each_message_with_what_is_wanted_and_by_which_words(tmp_path: Path) -> None:
    code, (answer,) = asked(Terminal(tmp_path), "亲 什么时候发货呀\n")

    read = first(answer)
    assert code == 0
    assert answer["sure"] is True
    assert (read["intent"], read["by"], read["words"], read["spans"]) == ("chase_shipping", "words", ["什么时候发货"], [[2, 8]])
    assert isinstance(read["confidence"], float)
    assert 0.9 <= read["confidence"] <= 1


def test_it_has_an_answer_for_every_line(tmp_path: Path) -> None:
    code, answers = asked(Terminal(tmp_path), "在吗\n\n谢谢\r\n{好\n申请退款")

    assert code == 0
    assert [wants(answer)[0] for answer in answers] == ["other", "other", "thanks", "other", "refund"]


def test_it_hears_what_went_before(tmp_path: Path) -> None:
    line = json.dumps({"text": "要多久", "before": ["我申请退款了", {"text": "亲，同意了", "by": "rep"}]})

    _, (answer,) = asked(Terminal(tmp_path), line)

    assert wants(answer) == ["chase_refund"]


def test_it_refuses_a_line_that_is_no_message_and_goes_on(tmp_path: Path) -> None:
    code, answers = asked(Terminal(tmp_path), '{"text": 3}\n谢谢\n')

    assert code == 1
    assert answers[0]["line"] == 1
    assert wants(answers[1]) == ["thanks"]


def test_it_hears_a_shops_own_examples(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("[stock]\n大白兔啥时候回仓\n", "utf-8")

    _, (answer,) = asked(Terminal(tmp_path), "大白兔啥时候回仓", "--examples", str(tmp_path / "own.txt"))

    assert answer["intents"] == [{"intent": "stock", "confidence": 1.0, "sure": True, "by": "example", "words": ["大白兔啥时候回仓"], "spans": [[0, 8]]}]


def test_it_says_which_line_of_a_file_is_no_example(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("[stok]\n有货吗\n", "utf-8")

    answer = Terminal(tmp_path).run("intents", "--examples", str(tmp_path / "own.txt"), stdin="在吗")

    assert answer.code == 1
    assert "Line 1 of" in answer.err
    assert answer.out == b""


def test_it_reads_the_first_line_of_a_file_with_a_mark_at_its_head(tmp_path: Path) -> None:
    plain, marked = (asked(Terminal(tmp_path), f'{mark}{{"text": "什么时候发货"}}\n') for mark in ("", "\ufeff"))

    assert plain == marked
    assert plain[0] == 0


def test_it_reads_no_more_of_a_file_of_examples_than_may_be(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("intents", "--examples", "/dev/zero", "--no-vectors", stdin="在吗\n")

    assert answer.code == 1
    assert "too large" in answer.err
