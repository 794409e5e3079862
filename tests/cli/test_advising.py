"""`zhanggui advise` weighs a case from its facts on stdin, and says what a case looks like."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

CASE = (
    '{"kind": "refund_only", "refund_amount": 2990, "goods": "delivered", "reason": "质量问题", "pictures": 2, '
    '"applied_at": "2026-11-20T10:00:00+08:00", "delivered_at": "2026-11-19T10:00:00+08:00"}'
)
AT = ("--at", "2026-11-20T12:00:00+08:00")


def test_it_weighs_a_case_without_a_home(tmp_path: Path) -> None:
    answer = Terminal(tmp_path / "none").run("advise", *AT, "--json", stdin=CASE)

    assert answer.code == 0
    told = answer.json
    assert (told["act"], told["runner_up"], told["amount_fen"], told["alone"], told["until"]) == ("offer_partial", "resend", 897, False, "2026-11-21T14:00:00Z")
    assert [each["act"] for each in told["weighed"]] == ["offer_partial", "resend", "offer_return", "agree_refund", "refuse"]
    assert told["message"]["script"] == "advice_partial"
    assert {"because", "cites", "check", "confirm", "form"} <= told.keys()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "case",
    ["", "[]", "{}", CASE.replace("refund_only", "gift"), CASE.replace("2990", "0"), CASE.replace("+08:00", ""), CASE.replace('"pictures"', '"photos"')],
)
def test_it_refuses_what_is_no_case(tmp_path: Path, case: str) -> None:
    answer = Terminal(tmp_path).run("advise", *AT, "--json", stdin=case)

    assert answer.code == 1
    assert answer.json["refused"]


def test_it_says_what_a_case_looks_like(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("advise", "--schema", "--json")

    assert b"refund_amount" in answer.out
    assert answer.code == 0
