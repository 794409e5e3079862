"""The Scripts page: replies filled for an order, words tried and kept, room to concede, and the words of one shop unseen by another."""

from tests.cast import Cast
from tests.workbench.seat import Seat
from tests.workbench.shop_files import CALM


def test_it_shows_every_view(mei: Seat, people: Cast, stocked: str) -> None:
    for view in ("replies", "drafts", "cards", "room", "outcomes", "shop"):
        answer = mei.get(f"/scripts?view={view}&shop={people.shop_id}")

        assert answer.status_code == 200, view
    assert mei.get("/scripts?view=nothing").status_code == 404


def test_it_fills_replies_for_an_order_and_writes_down_what_was_sent(mei: Seat, people: Cast, stocked: str) -> None:
    page = mei.get(f"/scripts?situation=chase_shipping&order_no={CALM}").text
    sent = mei.send_form(f"/shops/{people.shop_id}/scripts/chase_in_time/uses", {"order_no": CALM})

    assert "已经排进发货" in page
    assert sent.status_code == 303
    assert "1 次" in mei.get("/scripts?view=replies&situation=chase_shipping").text
    assert "小美" in mei.get("/scripts?view=outcomes").text
