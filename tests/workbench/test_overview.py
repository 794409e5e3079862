"""The owner's page: a time at a glance, every number leads to its rows, the report as a file, and who sees none of it."""

import re
from html import unescape

import pytest

from tests.cast import Cast
from tests.papers.looking import text_of
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.alerting.channels import add_channel
from zhanggui.actions.house import House
from zhanggui.actions.overview import seeing
from zhanggui.connectors.notify.ways import Typed

LINKS = re.compile(r'href="(/(?!static|sign|language)[^"#]+)[^"]*"')


@pytest.mark.usefixtures("stocked")
def test_every_number_leads_to_its_rows(lin: Seat, people: Cast) -> None:
    page = lin.get("/overview?span=7")

    assert page.status_code == 200
    main = page.text[page.text.index("<main") :]
    links = {unescape(link) for link in LINKS.findall(main) if "/reports/" not in link}
    assert len(links) > 12
    assert {link: lin.get(link).status_code for link in sorted(links)} == dict.fromkeys(sorted(links), 200)


@pytest.mark.usefixtures("stocked")
def test_the_orders_behind_their_number_are_as_many(lin: Seat) -> None:
    page = lin.get("/overview?span=7").text
    link, shown = re.search(r'<a href="(/orders\?[^"]*)"><span class="label">[^<]*</span><div class="figure">(\d+)', page).groups()  # type: ignore[union-attr]

    listed = lin.get(unescape(link)).text

    assert listed.count("<tr data-row>") == int(shown)
    assert "<tr data-row>" not in lin.get("/orders?days=2026-01-01..2026-01-02").text


@pytest.mark.usefixtures("stocked")
def test_the_deadlines_behind_a_sum_are_listed(lin: Seat, people: Cast) -> None:
    page = lin.get("/overview?span=2026-11")
    missed = re.findall(r'href="(/overview/clocks\?[^"]*ended=(?:missed|overdue|met)[^"]*)"', page.text)

    listed = lin.get(unescape(missed[0]))

    assert listed.status_code == 200
    assert f"/shops/{people.shop_id}/orders/" in listed.text


@pytest.mark.usefixtures("stocked")
def test_deadlines_that_were_not_counted_are_not_told_as_nought(lin: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = lin.get("/overview?span=2026-11").text
    monkeypatch.setattr(seeing, "LARGE", 1)

    page = lin.get("/overview?span=2026-11").text

    assert ["未统计" in text for text in (counted, page)] == [False, True]
    assert "这几天的时限没有统计" in page


def test_a_shop_without_orders_says_so(lin: Seat) -> None:
    page = lin.get("/overview")

    assert page.status_code == 200
    assert "还没有订单" in page.text


@pytest.mark.usefixtures("stocked")
def test_the_report_of_a_week_is_a_file_in_the_reader_s_language(lin: Seat, people: Cast) -> None:
    answer = lin.get(f"/shops/{people.shop_id}/reports/2026-W47")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert "周报2026-W47" in text_of(answer.content)
    assert lin.get(f"/shops/{people.shop_id}/reports/2026-W77").status_code == 404


def test_the_owner_chooses_where_it_is_sent(lin: Seat, people: Cast, house: House) -> None:
    at = people.shop_id
    number = add_channel(house, people.lin, at, "wecom", "店铺群", Typed(address="a1b2c3d4-e5f6"), NOW, tells="alerts")

    before = lin.get("/overview")
    lin.send_form(f"/shops/{at}/report_channels/{number}", {"on": "1"}, page="/overview")
    chosen = lin.get("/overview?done=kept")
    lin.send_form(f"/shops/{at}/report_channels/{number}", {"on": ""}, page="/overview")

    assert ["发到这里" in before.text, "会发出" in before.text] == [True, False]
    assert ["发到这里" in chosen.text, "会发出" in chosen.text] == [False, True]
    assert "发到这里" in lin.get("/overview").text


def test_others_see_nothing_of_it(mei: Seat, people: Cast) -> None:
    page = mei.get("/overview")

    assert page.status_code == 200
    assert "这里没有您能看账的店铺" in page.text
    assert 'href="/overview"' not in page.text
    assert mei.get(f"/overview?shop={people.shop_id}").status_code == 404
    assert mei.get(f"/shops/{people.shop_id}/reports/2026-W47").status_code == 404
