"""`zhanggui money` tells the bill by class, refunds to the fen, cash and costs; a program reads the same as JSON."""

import pytest

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal

ONE = "260301-900000000000001"
BILL = (
    "商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注,业务描述\n"
    f"{ONE},2026-03-05 10:00:00,59.80,,交易收入,,0010002|交易收入-订单收入\n"
    f"{ONE},2026-03-06 10:00:00,,-9.80,退款,,0020002|退款-订单退款\n"
    ",2026-03-07 10:00:00,,-5.00,其他,,0990001|新业务\n"
)


@pytest.fixture(scope="module")
def books(stocked: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """The shop with a small bill of March."""
    path = tmp_path_factory.mktemp("told") / "pdd-mall-bill-detail-1.csv"
    path.write_text(BILL, "utf-8")
    assert stocked.run("import", str(path), "--shop", SHOP, "--yes", "--json").code == 0
    return stocked


def test_it_tells_refunds_and_what_nobody_knows(books: Terminal) -> None:
    told = books.run("money", "--shop", SHOP, "--month", "2026-03", "--json").json

    assert {each["name"]: (each["lines"], each["income_fen"], each["expense_fen"]) for each in told["classes"]} == {
        "income": (1, 5980, 0),
        "refund": (1, 0, 980),
        "unknown": (1, 0, 500),
    }
    assert (told["earned_fen"], told["unknown"]) == (5000, [{"code": "0990001", "lines": 1, "income_fen": 0, "expense_fen": 500}])
    (listed,) = told["listed"]
    assert (listed["no"], listed["reason"], listed["told_fen"], listed["billed_fen"], listed["since"]) == (ONE, "not_told", 0, 980, "2026-03-06T02:00:00Z")
    assert {each["state"]: each["refunds"] for each in told["refunds"]}["not_yet"] == 1


def test_it_tells_people_too_and_refuses_what_is_no_month(books: Terminal) -> None:
    said = books.run("--lang", "zh", "money", "--shop", SHOP, "--month", "2026-03")
    wrong = books.run("money", "--shop", SHOP, "--month", "March")

    assert "账单里有，售后单和订单都没有" in said.out.decode()
    assert (said.code, wrong.code) == (0, 2)
