"""`zhanggui paste` reads a pasted conversation from stdin."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal

PASTE = "张三 昨天 10:32\n还没发货，电话13812345678\n客服小美 10:33\n261120-482910375610284今天18点前发\n"


def test_it_says_who_wrote_what_and_what_was_promised(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("paste", "--at", "2026-11-21 20:00", "--json", stdin=PASTE)

    assert answer.code == 0
    told = answer.json
    wants = [message.pop("wants") for message in told["messages"]]
    assert ([want["intent"] for want in wants[0]], wants[1]) == (["chase_shipping"], [])
    assert told == {
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
                "findings": [],
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
                "findings": [],
            },
        ],
        "unread": [],
        "order_nos": ["261120-482910375610284"],
        "tracking_nos": [],
        "masked": ["phone"],
        "lines": ["head", "text", "head", "text", "blank"],
        "stored": None,
    }


def test_it_tells_what_the_shop_should_not_have_said(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("paste", "--json", stdin="买家：在吗\n客服：亲，好评返现5元\n")

    assert [[finding["rule"] for finding in message["findings"]] for message in answer.json["messages"]] == [[], ["review_reward"]]


def test_it_names_the_lines_it_did_not_understand(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("--lang", "en", "paste", "--rep", "小美", stdin="半句话\n小美 10:32\n在的\n")

    assert (answer.code, answer.out.decode().splitlines()[-1]) == (0, "Line 1 was not understood: 半句话")


def test_it_refuses_a_paste_without_any_message(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("paste", "--json", stdin="在吗\n")

    assert answer.code == 1
    assert json.loads(answer.out)["unread"] == [{"line": 1, "text": "在吗", "why": "no_speaker"}]


ORDER = "261116-900000000000019"
TALK = f"客户 2026-11-16 09:00\n{ORDER} 发了吗\n客服小美 2026-11-16 09:05\n今天18点前发\n"


@pytest.fixture(scope="module")
def told(stocked: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """The shop with an order that waits to be shipped."""
    file = tmp_path_factory.mktemp("told") / "orders.jsonl"
    order = {"fact": "order", "as_of": "2026-11-16T08:00:00+08:00", "order_no": ORDER, "stage": "to_ship", "group_formed_at": "2026-11-15T08:00:00+08:00"}
    file.write_text(json.dumps(order), "utf-8")
    assert stocked.run("import", str(file), "--shop", SHOP, "--yes", "--json").code == 0
    return stocked


def test_it_stores_a_conversation_once_and_keeps_its_promises_in_a_ledger(told: Terminal) -> None:
    stored = told.run("paste", "--shop", SHOP, "--at", "2026-11-16 10:00", "--json", stdin=TALK).json["stored"]
    again = told.run("paste", "--shop", SHOP, "--at", "2026-11-16 10:00", "--json", stdin=TALK).json["stored"]

    assert (stored["new"], stored["order_no"], len(stored["promises"])) == (True, ORDER, 1)
    assert again == stored | {"new": False, "promises": []}
    number = stored["promises"][0]
    ledger = told.run("promises", "--shop", SHOP, "--kept", str(number), "--json").json
    assert [(row["no"], row["kind"], row["state"], row["due_at"]) for row in ledger["promises"]] == [(number, "ship", "promise_kept", "2026-11-16T10:00:00Z")]
    assert (ledger["reps"][0]["rep"], ledger["reps"][0]["kept"]) == ("客服小美", 1)


def test_it_replays_the_rate_of_replies(told: Terminal) -> None:
    told.run("paste", "--shop", SHOP, "--at", "2026-11-16 10:00", "--json", stdin=TALK)

    rate = told.run("replies", "--shop", SHOP, "--at", "2026-11-16 12:00", "--json").json

    assert (rate["answer"], rate["asked"], rate["failed"], rate["rate"]) == ("three_minutes", 1, 1, 0.0)
    assert rate["failed_days"] == [
        {"order_no": ORDER, "day": "2026-11-16", "asked": 1, "failed_at": "2026-11-16T01:00:00Z", "rule": "pdd.reply_rate.three_minutes@2019-06-01"}
    ]


@pytest.mark.parametrize("number", ["999", "-1", "99999999999999999999999"])
def test_it_refuses_to_note_a_promise_that_there_is_not(told: Terminal, number: str) -> None:
    answer = told.run("promises", "--shop", SHOP, "--kept", number, "--json")

    assert (answer.code, answer.json) == (1, {"refused": [f"The shop has no promise no. {number}."]})
