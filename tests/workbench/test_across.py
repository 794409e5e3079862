"""The page of all shops: where every name and number leads, who finds it in the bar, and the list by expected loss made longer."""

import re
from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.alerting.channels import add_channel
from zhanggui.actions.house import House
from zhanggui.connectors.notify.ways import Typed
from zhanggui.people import members
from zhanggui.people.permissions import Person, Role
from zhanggui.workbench.today import listing

LOST = '<th class="right">昨天损失</th>'
BOT = Typed(address="a1b2c3d4-e5f6")
LINKS = re.compile(r'href="(/(?:today|overview|shops|orders)[^"]*)"')


@pytest.mark.usefixtures("stocked")
def test_every_shop_and_to_do_leads_to_its_page(lin: Seat, people: Cast) -> None:
    page = lin.get("/shops")

    main = page.text[page.text.index("<main") :]
    links = {link.replace("&amp;", "&") for link in LINKS.findall(main)}
    assert page.status_code == 200
    assert f"/today?shop={people.shop_id}" in links
    assert any("/orders/" in link for link in links)
    assert {link: lin.get(link).status_code for link in sorted(links)} == dict.fromkeys(sorted(links), 200)


def test_only_who_sees_several_shops_finds_it_in_the_bar(house: House, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    with house.pool.connection() as tx:
        members.admit(tx, people.other_shop_id, people.lin.person_id, Role.VIEWER, NOW)  # type: ignore[arg-type]

    found = {person.display_name: 'href="/shops"' in at_desk(person).get("/today").text for person in (people.lin, people.mei)}

    assert found == {"林": True, "小美": False}


@pytest.mark.usefixtures("stocked")
def test_who_may_not_see_the_money_is_told_none_of_it(at_desk: Callable[[Person], Seat], people: Cast) -> None:
    assert LOST not in at_desk(people.zhou).get("/shops").text
    assert LOST in at_desk(people.lin).get("/shops").text


def test_the_report_of_the_day_is_switched_for_a_channel_of_ones_own(house: House, lin: Seat, people: Cast) -> None:
    number = add_channel(house, people.lin, people.shop_id, "wecom", "我的群", BOT, NOW, mine=True)
    way = f"/shops/{people.shop_id}/day-reports/{number}"

    on = lin.send_form(way, {"hour": "7", "act": "on"}, page="/shops")
    shown = lin.get("/shops").text
    off = lin.send_form(way, {"act": "off"}, page="/shops")
    nonsense = lin.send_form(way, {"hour": "later", "act": "on"}, page="/shops")

    assert (on.status_code, off.status_code, nonsense.status_code) == (303, 303, 422)
    assert "每天 7:00 发送" in shown
    assert "每天 7:00 发送" not in lin.get("/shops").text


@pytest.mark.usefixtures("stocked")
def test_the_list_by_expected_loss_is_made_longer_until_it_is_whole(monkeypatch: pytest.MonkeyPatch, lin: Seat) -> None:
    monkeypatch.setattr(listing, "_MORE", 1)

    asked, seen = "/today?order=loss", []
    while asked:
        page = lin.get(asked).text
        seen.append(page.count("data-row id="))
        found = re.search(r'class="button" href="(/today\?[^"]*show=[^"]*)"', page)
        asked = found[1].replace("&amp;", "&") if found else ""

    assert seen[0] == 1
    assert seen == sorted(set(seen))
    assert len(seen) > 2
    assert lin.get("/today?order=loss&show=nonsense").status_code == 200
