"""Worlds in which after-sales have a truth behind them: the same every time, told only where somebody may see it, and judged by it."""

from collections import Counter

import pytest

from tests.emulator.caller import Caller, running
from zhanggui.emulator.aftersales import aftersales_of, settings
from zhanggui.emulator.clock import Clock
from zhanggui.emulator.months import month_of
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.world.accounts import accounts
from zhanggui.emulator.world.truth import CONTENTS

DAY = 86400
BASE = settings()[0]


def lived(seed: int = 3, cases: int = 80, days: int = 60) -> Platform:
    """A month in which the seller answers nothing."""
    scenario = month_of(BASE, cases, seed)
    platform = Platform(scenario, Clock(start=scenario.starts_at(), speed=0.0))
    platform.clock.step(days * DAY)
    platform.catch_up()
    return platform


def test_there_are_twenty_settings_and_each_turns_the_base_another_way() -> None:
    turned = {each.name: (aftersales_of(each), each.parcels_factor, each.goods) for each in settings()}

    assert len(turned) >= 20
    assert len(set(map(repr, turned.values()))) == len(turned)


def test_a_setting_that_names_nothing_is_a_mistake() -> None:
    wrong = type(BASE)(name="wrong", about="a slip of the pen", changes={"buyer.honset.persists": 1.0})

    with pytest.raises(KeyError):
        aftersales_of(wrong)


def test_it_plays_the_same_month_again() -> None:
    once, again = lived(), lived()

    assert list(accounts(once.first)) == list(accounts(again.first))
    assert once.first.hidden.missed == again.first.hidden.missed


def test_a_seller_who_never_answers_misses_deadlines_and_every_case_still_ends() -> None:
    world = lived().first

    kinds = Counter(each.kind for each in world.cases.each())

    assert {1, 2, 3} <= set(kinds)
    assert len(world.hidden.missed) > 50
    assert not any(case.is_open for case in world.cases.each())


def test_what_is_refunded_is_lost_unless_goods_or_others_make_up_for_it() -> None:
    held = list(accounts(lived().first))

    assert all(each.lost == each.refunded + each.goods_again + each.freight - each.goods_back - each.fee_back - each.others_paid for each in held)
    assert all(each.lost <= each.refunded + each.goods_again + each.freight for each in held)


def waiting(platform: Caller, status: int) -> dict[str, str]:
    """A case in this state: its number and its order's."""
    for _ in range(60):
        found = next((line["list"] for line in platform.state("cases") if line["list"]["after_sales_status"] == status), None)
        if found is not None:
            return {"after_sales_id": found["id"], "order_sn": found["order_sn"]}
        platform.step(DAY / 4)
    raise AssertionError(f"no case came into state {status}")


def test_a_person_offers_a_part_and_the_ledger_knows_it() -> None:
    with running(month_of(BASE, 120, 5)) as platform:
        case = waiting(platform, 2)

        answer = platform.http.post("/_back_office/offers", json={**case, "fen": 1, "text": "协商"})
        again = platform.http.post("/_back_office/offers", json={**case, "fen": 1, "text": "协商"})

        assert (answer.status_code, answer.json()["status"]) == (200, 6)
        assert (again.status_code, again.json()["code"]) == (409, "AFTER_SALES_STATUS_CHANGED")
        assert [entry["outcome"] for entry in platform.ledger(method="back_office.seller.offers")] == ["ok", "AFTER_SALES_STATUS_CHANGED"]


def test_the_back_office_is_for_sellers_alone() -> None:
    with running(month_of(BASE, 40, 5)) as platform:
        answer = platform.http.post("/_back_office/rules", json={})

    assert answer.status_code == 409
    assert answer.json()["code"] == "NO_SUCH_DEED"


def test_a_returned_parcel_is_seen_by_whoever_opens_it_and_only_once_it_is_here() -> None:
    with running(month_of(BASE, 200, 5)) as platform:
        case = waiting(platform, 3)
        platform.call("pdd.refund.returngoods.agree", request=case)
        early = platform.http.post("/_back_office/opens", json=case)
        for _ in range(40):
            platform.step(DAY / 4)
            answer = platform.http.post("/_back_office/opens", json=case)
            if answer.status_code == 200:
                break

        assert early.json()["code"] == "NO_PARCEL_HERE"
        parcel = answer.json()["parcel"]
        assert parcel["content"] in CONTENTS
        assert 0 <= parcel["pieces"] <= parcel["of"]
