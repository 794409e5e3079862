"""`zhanggui reviews` lists what a paste brought, with what stands around it."""

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal

A = "260301-111111111111111"
PASTE = f"评价列表\n订单编号：{A} 评价时间：2026-11-16 09:00\n描述相符 1分\n评价内容：质量太差，电话13812345678\n"


def test_it_takes_a_paste_in_and_lists_it(stocked: Terminal) -> None:
    brought = stocked.run("reviews", "--shop", SHOP, "--paste", "--json", stdin=PASTE)
    listed = stocked.run("reviews", "--shop", SHOP, "--view", "waiting", "--stars", "12", "--aspect", "quality-", "--limit", "1", "--json")
    wrong = stocked.run("reviews", "--shop", SHOP, "--stars", "9", "--json")

    assert (brought.json["taken"], [each["line"] for each in brought.json["unread"]]) == ([{"review_no": A, "order_no": A, "new": True}], [1])
    (told,) = listed.json["reviews"]
    assert (told["review_no"], told["stars"], told["text"], told["aspects"]) == (A, 1, "质量太差，电话138****5678", ["quality-"])
    assert (told["due_at"], told["report"], listed.json["next"]) == ("2026-11-17T01:00:00Z", None, None)
    assert wrong.code == 1
