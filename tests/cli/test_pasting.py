"""`zhanggui paste` reads a pasted conversation from stdin."""

import json
from pathlib import Path

from tests.cli.terminal import Terminal

PASTE = "张三 昨天 10:32\n还没发货，电话13812345678\n客服小美 10:33\n261120-482910375610284今天18点前发\n"


def test_it_says_who_wrote_what_and_what_was_promised(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("paste", "--at", "2026-11-21 20:00", "--json", stdin=PASTE)

    assert answer.code == 0
    assert json.loads(answer.out) == {
        "speakers": [
            {"name": "张*", "who": "buyer", "sure": False, "because": "The shop is somebody else, and nobody else speaks."},
            {"name": "客服小美", "who": "rep", "sure": True, "because": "The name says it: 客服小美."},
        ],
        "messages": [
            {
                "no": 1,
                "who": "buyer",
                "speaker": 0,
                "at": "2026-11-20T02:32:00Z",
                "when": "reckoned",
                "text": "还没发货，电话138****5678",
                "lines": [1, 2],
                "marks": [],
                "order_nos": [],
                "tracking_nos": [],
                "promises": [],
            },
            {
                "no": 2,
                "who": "rep",
                "speaker": 1,
                "at": "2026-11-20T02:33:00Z",
                "when": "reckoned",
                "text": "261120-482910375610284今天18点前发",
                "lines": [3, 4],
                "marks": [],
                "order_nos": ["261120-482910375610284"],
                "tracking_nos": [],
                "promises": [{"kind": "ship", "words": "今天18点前发", "exact": True, "exactness": "exact", "due_at": "2026-11-20T10:00:00Z"}],
            },
        ],
        "unread": [],
        "order_nos": ["261120-482910375610284"],
        "tracking_nos": [],
        "masked": ["phone"],
        "lines": ["head", "text", "head", "text", "blank"],
    }


def test_it_names_the_lines_it_did_not_understand(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("--lang", "en", "paste", "--rep", "小美", stdin="半句话\n小美 10:32\n在的\n")

    assert (answer.code, answer.out.decode().splitlines()[-1]) == (0, "Line 1 was not understood: 半句话")


def test_it_refuses_a_paste_without_any_message(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("paste", "--json", stdin="在吗\n")

    assert answer.code == 1
    assert json.loads(answer.out)["unread"] == [{"line": 1, "text": "在吗", "why": "no_speaker"}]
