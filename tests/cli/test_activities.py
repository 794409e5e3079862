"""`zhanggui activities` tells what activities ask, what the shop has, and when it is likely there."""

from pathlib import Path

from tests.actions.activities.told import asked, bought, reviewed, shop
from tests.cast import Cast
from tests.cli.terminal import Terminal
from zhanggui.actions.house import House


def test_it_tells_thresholds_gaps_and_days(terminal: Terminal, house: House, people: Cast, tmp_path: Path) -> None:
    told = [bought(no, 1 + no) for no in range(1, 36)]
    shop(house, people, tmp_path, *told, *(reviewed(no, no - 2, 1 + no, 5) for no in range(4, 20)), asked(9, 2, 10))

    answer = terminal.run("activities", "--shop", "林记坚果", "--at", "2026-11-22 12:00", "--json")
    said = terminal.run("activities", "--shop", "林记坚果", "--at", "2026-11-22 12:00").text

    seen = {each["id"]: each for each in answer.json["activities"]}
    [ratings, rank] = seen["pdd.flash_sale"]["needs"]
    assert answer.json["day"] == "2026-11-22"
    assert (ratings["numerator"], ratings["threshold"], ratings["gap"], ratings["is_met"]) == (16, 50.0, 34.0, False)
    assert (rank["figure"], rank["threshold"], rank["value"], rank["is_met"]) == ("navigator_rank", None, None, None)
    assert [(need["days"], need["numerator"]) for need in seen["pdd.return_freight_cover"]["needs"]] == [(7, 6), (90, 35), (90, 0)]
    assert seen["pdd.618"]["goods_id"] == "801"
    assert "Flash sale (限时秒杀): not yet; when, cannot be told." in said  # two weeks of ratings tell of no day
