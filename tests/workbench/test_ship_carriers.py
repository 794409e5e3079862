"""The carriers that pages offer: what the platform takes no parcels of any more is named nowhere."""

import msgspec

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui import clock
from zhanggui.actions.carrier_choice.settling import name_carrier
from zhanggui.actions.house import House
from zhanggui.connectors.pdd.carriers import laid_over, usual_carriers
from zhanggui.records import platform_carriers as records
from zhanggui.records.platform_carriers import CarrierRecord
from zhanggui.workbench.ship.carriers import carrier_names

USUAL = tuple(usual_carriers().by_id.values())


def test_the_desk_offers_no_carrier_that_the_platform_takes_no_parcels_of() -> None:
    found = laid_over(msgspec.structs.replace(each, is_available=each.code != "HT") for each in USUAL if each.code != "DB")

    assert set(carrier_names(usual_carriers())) - set(carrier_names(found)) == {"百世", "德邦"}


def test_no_page_offers_it(house: House, lin: Seat, people: Cast) -> None:
    pages = ("/chase?view=numbers", f"/carriers?shop={people.shop_id}", "/waybills", "/ship")
    before = [lin.get(page).text.count("德邦") for page in pages]
    told = [CarrierRecord(each.id, each.code, each.name, each.is_available) for each in USUAL if each.code not in {"DB", "DEBANGWULIU"}]
    with house.pool.connection() as tx:
        records.keep(tx, told, "https://gw", clock.now())

    after = [lin.get(page).text.count("德邦") for page in pages]

    assert 0 not in before[:3]
    assert after == [0, 0, 0, 0]


def test_a_carrier_that_was_named_and_ceased_can_still_be_taken_out(house: House, lin: Seat, people: Cast) -> None:
    name_carrier(house, people.lin, people.shop_id, "百世", clock.now(), is_used=True)
    told = [CarrierRecord(each.id, each.code, each.name, each.is_available and each.code != "HT") for each in USUAL]
    with house.pool.connection() as tx:
        records.keep(tx, told, "https://gw", clock.now())
    page = f"/carriers?shop={people.shop_id}"
    before = lin.get(page).text

    lin.send_form(f"/shops/{people.shop_id}/carriers", {"carrier": "HT", "use": "no"}, page=page)

    assert before.count('name="carrier" value="HT"') == 1
    assert "不再用" in before
    assert 'value="HT"' not in lin.get(page).text
