"""The Today page: what stands where, and the marks that people put."""

import re

import pytest

from tests.cast import Cast
from tests.workbench.seat import Seat
from tests.workbench.shop_files import CALM, LATE, REFUNDED, SENT, SOON

pytestmark = pytest.mark.usefixtures("stocked")


def marks(people: Cast) -> str:
    return f"/shops/{people.shop_id}/marks"


def mark(act: str, order_no: str = LATE, **more: str) -> dict[str, str]:
    return {"subject_kind": "order", "subject_no": order_no, "kind": "ship_by", "act": act, **more}


def band(page: str, name: str) -> str:
    """The part of the page that holds one band."""
    found = re.search(rf'<section[^>]*id="band-{name}".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_it_groups_by_the_time_left(mei: Seat) -> None:
    page = mei.get("/today").text

    assert LATE in band(page, "overdue")
    assert SOON in band(page, "hour")
    assert CALM in band(page, "later")
    assert "超 2 小时" in band(page, "overdue")


def test_it_tells_the_time_left_then_the_reason_then_the_next_step(mei: Seat) -> None:
    row = band(mei.get("/today").text, "hour")

    assert row.index('class="when"') < row.index('class="why"') < row.index('class="next"')


def test_it_keeps_what_nobody_can_verify_apart(mei: Seat) -> None:
    assert SENT not in mei.get("/today").text
    assert SENT in mei.get("/today?view=unverified").text


def test_it_filters_by_kind(mei: Seat) -> None:
    page = mei.get("/today?kind=answer_refund").text

    assert REFUNDED in page
    assert SOON not in page


def test_it_sets_aside_what_is_said_to_be_done_and_offers_to_take_it_back(mei: Seat, people: Cast) -> None:
    answer = mei.send_form(marks(people), mark("done", reason="已在后台发货", back="/today?kind=ship_by"), page="/today")

    assert answer.status_code == 303
    page = mei.get(answer.headers["location"]).text
    assert "已标记完成" in page
    assert LATE not in band(page, "overdue")
    assert "已在后台发货" in mei.get("/today?view=said_done").text

    mei.send_form(marks(people), mark("taken_back"), page="/today")
    assert LATE in band(mei.get("/today").text, "overdue")


def test_it_puts_off_until_a_moment_typed_in_shanghai_time(mei: Seat, people: Cast) -> None:
    mei.send_form(marks(people), mark("snoozed", until="2026-11-21T18:00"), page="/today")

    assert "2026-11-21 18:00" in mei.get("/today?view=snoozed").text


@pytest.mark.parametrize("until", ["", "soon", "2026-11-20T18:00"])
def test_it_refuses_a_moment_that_is_none_or_over(mei: Seat, people: Cast, until: str) -> None:
    answer = mei.send_form(marks(people), mark("snoozed", until=until), page="/today")

    assert answer.status_code == 422
    assert LATE in band(mei.get("/today").text, "overdue")


def test_it_shows_a_person_what_was_handed_to_them(mei: Seat, people: Cast) -> None:
    mei.send_form(marks(people), mark("handed", assignee=str(people.zhou.person_id), reason="找一下面单"), page="/today")

    page = mei.get(f"/today?person={people.zhou.person_id}").text
    assert LATE in page
    assert "找一下面单" in page
    assert SOON not in page


def test_it_answers_htmx_with_the_row_alone(mei: Seat, people: Cast) -> None:
    answer = mei.send_form(marks(people), mark("not_ours"), page="/today", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<li")
    assert "已标记为不归我们" in answer.text
    assert answer.headers["HX-Trigger"] == "marked"


def test_it_opens_a_to_do_as_a_page_and_as_a_piece_of_one(mei: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/todos/order/ship_by?no={LATE}"

    whole, piece = mei.get(path).text, mei.get(path, headers={"HX-Request": "true"}).text

    assert "给买家的话术" in whole
    assert "给买家的话术" in piece
    assert "<html" in whole
    assert "<html" not in piece


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "/\\example.org", ""])
def test_it_never_sends_people_elsewhere(mei: Seat, people: Cast, back: str) -> None:
    answer = mei.send_form(marks(people), mark("done", back=back), page="/today")

    assert answer.headers["location"].startswith("/today?marked=")


def test_it_speaks_english_to_who_wants_it(mei: Seat) -> None:
    mei.send_form("/language", {"language": "en", "back": "/today"}, page="/today")

    assert "2 h over" in band(mei.get("/today").text, "overdue")


def test_it_offers_one_list_by_expected_loss_across_the_bands(mei: Seat) -> None:
    page = mei.get("/today?order=loss").text

    places = [page.index(f"data-open>{no}<") for no in (LATE, SOON, CALM)]
    assert places == sorted(places)
    assert '<section class="sheet band overdue"' not in page
    assert 'aria-current="true">按损失排序' in page
    assert 'href="/today?view=todo" data-key="b">按时间分组' in page


def test_it_keeps_the_order_when_filtered_and_when_a_mark_is_put(mei: Seat, people: Cast) -> None:
    page = mei.get("/today?order=loss&kind=ship_by").text
    answer = mei.send_form(marks(people), mark("done", back="/today?order=loss&kind=ship_by"), page="/today")

    assert '<input type="hidden" name="order" value="loss">' in page
    assert 'name="back" value="/today?order=loss&amp;kind=ship_by"' in page
    assert answer.headers["location"].startswith("/today?order=loss&kind=ship_by&marked=")


def test_it_says_of_what_is_only_watched_that_nothing_is_to_be_done(mei: Seat) -> None:
    page = mei.get("/today?view=watched&order=loss").text

    assert "这些暂时不用处理" in page
    assert "风险金额</dt>" not in page
    assert "按损失排序" not in page.split("<dialog")[0]


def test_it_tells_of_a_marked_case_by_the_number_of_its_order(mei: Seat, people: Cast) -> None:
    case = {"subject_kind": "aftersale", "subject_no": "88000001", "kind": "answer_refund", "act": "done"}

    answer = mei.send_form(marks(people), case, page="/today", headers={"HX-Request": "true"})

    assert f">{REFUNDED}</a>" in answer.text
