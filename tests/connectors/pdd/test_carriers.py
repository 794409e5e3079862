"""The platform's own list of carriers laid over those we come with: its row is what an id means, what it lacks is not sent with any more."""

from zhanggui.connectors.pdd.carriers import Carrier, carriers_of, laid_over, usual_carriers

USUAL = tuple(usual_carriers().by_id.values())
BEST = Carrier("204", "BSKD", "百世快递件")


def test_of_two_that_share_a_name_one_that_is_available_has_it_then_the_lowest_id() -> None:
    told = [Carrier("1000", "C", "京广速递"), Carrier("357", "B", "京广速递"), Carrier("281", "A", "京广速递", is_available=False)]

    assert carriers_of(told).by_name["京广速递"].id == "357"
    assert carriers_of(told[:1]).named("1000") == told[0]
    assert usual_carriers().by_name["京广速递"].id == "281"


def test_its_row_is_what_an_id_means() -> None:
    found = laid_over([*(each for each in USUAL if each.id != "85"), Carrier("85", "NEW", "新圆速运"), BEST])

    assert found.by_id["85"].name == found.by_name["新圆速运"].name == "新圆速运"
    assert found.named("百世快递件") == found.named("bskd") == found.named("204") == found.named("logistics_id 204") == BEST
    assert found.named("圆通快递") == Carrier("85", "YTO", "圆通快递", is_available=False)


def test_a_carrier_under_another_name_or_id_goes_by_its_usual_name_too() -> None:
    theirs = Carrier("900", "YTO", "圆通速递")
    found = laid_over([*(each for each in USUAL if each.code != "YTO"), theirs])

    assert found.named("圆通快递") == found.named("圆通速递") == found.named("YTO") == theirs
    assert found.offers("yto")


def test_a_carrier_with_another_code_goes_by_its_usual_code_too() -> None:
    theirs = Carrier("3", "BEST", "百世快递")
    found = laid_over([*(each for each in USUAL if each.code != "HT"), theirs])

    assert found.named("HT") == found.named("BEST") == found.named("百世快递") == theirs


def test_what_it_lacks_is_known_and_not_offered() -> None:
    found = laid_over(each for each in USUAL if each.code not in {"TT", "GTO"})

    assert (found.named("天天快递"), found.offers("TT"), found.offers("ZTO")) == (Carrier("119", "TT", "天天快递", is_available=False), False, True)
    assert [each.code for each in found.by_id.values() if not each.is_available] == ["TT", "GTO"]
