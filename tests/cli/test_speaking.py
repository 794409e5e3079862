"""`zhanggui check-text` reads messages from stdin and answers line by line."""

import json
from pathlib import Path

from tests.cli.terminal import Terminal


def test_it_answers_each_line_with_its_findings(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("check-text", "--json", stdin="您好，已经发出\n\n别选质量问题\n")

    fine, blank, steered = [json.loads(line) for line in answer.out.splitlines()]
    assert answer.code == 0
    assert fine == blank == {"findings": []}
    assert steered["findings"] == [
        {
            "rule": "steered_reason",
            "span": [0, 4],
            "safe": "您按实际情况选退款原因就好，选哪一个都不影响我们给您处理。",
            "words": "别选质量",
            "title": "Steering the reason of a refund",
            "because": "Having a buyer choose a reason that is not true counts as inducement, and takes the ground from any appeal.",
            "clauses": ["The platform's rules of service: no inducing a buyer to change the reason of a refund"],
            "safe_gloss": "Please choose the reason as it truly is; whichever you choose, we handle it the same.",
        }
    ]


def test_it_takes_the_limit_of_the_order_and_the_moment(tmp_path: Path) -> None:
    presale = Terminal(tmp_path).run("check-text", "--ship-within", "240", "--json", stdin="一周后发货\n")
    early = Terminal(tmp_path).run("check-text", "--at", "2012-01-01", "--json", stdin="傻逼\n")

    assert [json.loads(presale.out), json.loads(early.out)] == [{"findings": []}, {"findings": []}]


def test_it_explains_in_chinese_to_a_person(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("--lang", "zh", "check-text", stdin="加V聊\n您好\n")

    assert answer.code == 0
    assert answer.out.decode().splitlines() == [
        "! 加V  引导到平台外联系: 引导买家到微信、QQ、电话或别的平台联系，违反平台规则，出了纠纷聊天记录也不算数。",
        "    平台客服规范：不得引导站外联系",
        "    建议改说：您在这里直接说就好，照片和视频也可以发在这个聊天窗口，我在线上帮您处理。",
        "可以说：您好",
    ]


def test_it_refuses_a_limit_that_no_order_has(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).run("check-text", "--ship-within", "99999999999999", "--json", stdin="一周后发货\n")

    assert (answer.code, answer.out) == (2, b"")
    assert "8760" in answer.err
