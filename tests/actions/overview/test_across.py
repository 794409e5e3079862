"""All shops of a person side by side, and the report of the day: right sums, the dearest first, each person's own rights, once a day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import orders_csv, row
from tests.actions.overview.conftest import NOW, D
from tests.actions.overview.test_mailing import BOT, WALL, Postbox
from tests.cast import Cast
from zhanggui.actions.alerting.channels import add_channel
from zhanggui.actions.alerting.sending import send_alerts, shops_with_alerts_due
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.overview import rows, seeing
from zhanggui.actions.overview.across import Across, ShopLine, across
from zhanggui.actions.overview.daily import day_channels, plan_day_reports, put_day_report
from zhanggui.actions.overview.rows import count_clocks
from zhanggui.actions.people import remove_member
from zhanggui.actions.refused import Refused
from zhanggui.actions.today import ranked, settle, today
from zhanggui.connectors.notify.letters import Letter
from zhanggui.core.deadlines import Band
from zhanggui.people import accounts, factors, members
from zhanggui.people.permissions import NotAllowed, Person, Role
from zhanggui.records.db import Pool

OTHERS = tuple(f"260308-{number:015d}" for number in range(1, 6))
CHOSEN_AT = datetime(2026, 3, 8, 2, tzinfo=UTC)
EIGHT = datetime(2026, 3, 9, 0, tzinfo=UTC)
"""Monday at eight in Shanghai."""


@pytest.fixture
def both(shop: House, people: Cast, tmp_path: Path) -> House:
    """林 keeps books in the other shop too: five orders there are overdue since this morning."""
    rows = [row(no, 订单成交时间="2026-03-08 09:00:00", 承诺发货时间="2026-03-09 06:00:00") for no in OTHERS]
    batch = preview(shop, people.zheng, people.other_shop_id, [orders_csv(tmp_path / "others.csv", rows)], NOW, as_of=NOW)
    confirm(shop, people.zheng, people.other_shop_id, batch.batch_id, NOW)
    _admit(shop.pool, people, Role.FINANCE)
    settle(shop, [people.shop_id, people.other_shop_id], NOW)
    return shop


def test_the_shops_stand_side_by_side_the_one_that_loses_most_first(both: House, people: Cast) -> None:
    seen = across(both, _lin(both, people), NOW)

    assert [line.shop.name for line in seen.lines] == ["郑家茶行", "林记坚果"]
    assert [line.bands[Band.OVERDUE].deadlines for line in seen.lines] == [5, 1]
    assert seen.lines[0].expected_loss > seen.lines[1].expected_loss > 0


def test_the_sums_are_those_of_the_list_of_each_shop(both: House, people: Cast) -> None:
    lin = _lin(both, people)
    seen = across(both, lin, NOW)

    for line in seen.lines:
        alone = {each.band: each for each in today(both, lin, NOW, shop_ids=[line.shop.shop_id]).sums}
        assert dict(line.bands) == {band: alone[band] for band in line.bands}
    together = {each.band: each for each in today(both, lin, NOW).sums}
    assert {band: seen.total(band) for band in seen.lines[0].bands} == {band: together[band] for band in seen.lines[0].bands}
    assert seen.at_risk == sum(line.at_risk for line in seen.lines)


def test_what_to_do_first_is_the_head_of_the_one_list_over_all_shops(both: House, people: Cast) -> None:
    lin = _lin(both, people)
    seen = across(both, lin, NOW, first=3)

    assert seen.first == ranked(both, lin, NOW, limit=3)
    losses = [item.expected_loss for item in ranked(both, lin, NOW, limit=50)]
    assert losses == sorted(losses, reverse=True)
    for line in seen.lines:
        (first,) = ranked(both, lin, NOW, shop_ids=[line.shop.shop_id], limit=1)
        assert line.first is not None
        assert (line.first.shop_id, line.first.expected_loss) == (line.shop.shop_id, first.expected_loss)


def test_yesterday_is_told_with_the_money_it_lost_and_saved(both: House, people: Cast) -> None:
    ours = _line(across(both, _lin(both, people), NOW), "林记坚果")

    assert ours.clocks is not None
    assert ours.sales is not None
    assert (ours.sales.orders, ours.clocks.late) == (1, 1)
    assert ours.clocks.lost > 0
    assert ours.first is not None
    assert ours.first.deadline.subject.no == D


def test_whoever_does_not_see_the_money_of_a_shop_is_told_none(both: House, people: Cast) -> None:
    _admit(both.pool, people, Role.WAREHOUSE)

    seen = across(both, _lin(both, people), NOW)

    assert _line(seen, "郑家茶行").clocks is None
    assert _line(seen, "郑家茶行").sales is None
    ours = _line(seen, "林记坚果").clocks
    assert ours is not None
    assert seen.lost == ours.lost
    assert across(both, people.zhou, NOW).lost is None


def test_a_shop_that_is_not_theirs_stands_nowhere(both: House, people: Cast) -> None:
    seen = across(both, people.zheng, NOW)

    assert [line.shop.name for line in seen.lines] == ["郑家茶行"]
    assert {item.shop_name for item in seen.first} == {"郑家茶行"}


def test_somebody_without_a_shop_sees_an_empty_page(both: House, people: Cast) -> None:
    stranger = Person(person_id=people.zhou.person_id, display_name="老周")

    assert across(both, stranger, NOW).lines == ()


class Office:
    """林's own channel, and what comes through it."""

    def __init__(self, house: House, people: Cast) -> None:
        self.postbox = Postbox()
        self.house = replace(house, notifier=self.postbox)
        self.people, self.lin = people, _lin(house, people)
        self.own = add_channel(self.house, people.lin, people.shop_id, "wecom", "我的群", BOT, CHOSEN_AT, mine=True)

    def choose(self, hour: int | None, *, at: datetime = CHOSEN_AT) -> None:
        """When the report comes, or that it comes no more."""
        put_day_report(self.house, self.lin, self.people.shop_id, self.own, hour, at)

    def at(self, now: datetime) -> list[Letter]:
        """What leaves at the moment."""
        before = len(self.postbox.letters)
        plan_day_reports(self.house, now)
        while self.people.shop_id in shops_with_alerts_due(self.house, now, WALL):
            send_alerts(self.house, self.people.shop_id, now, WALL, "test")
        return [letter for _, letter in self.postbox.letters[before:]]


@pytest.fixture
def office(both: House, people: Cast) -> Office:
    return Office(both, people)


def test_the_report_comes_at_its_hour_once_a_day(office: Office) -> None:
    office.choose(8)

    early, (letter,), later = office.at(EIGHT - timedelta(minutes=1)), office.at(EIGHT), office.at(EIGHT + timedelta(hours=3))
    (tomorrow,) = office.at(EIGHT + timedelta(days=1))

    assert (early, later) == ([], [])
    assert "2026-03-09" in letter.title
    assert "2026-03-10" in tomorrow.title


def test_it_tells_every_shop_yesterday_and_what_to_do_first(office: Office) -> None:
    office.choose(8)

    (letter,) = office.at(EIGHT)

    lines = letter.text.splitlines()
    assert any(line.startswith("林记坚果：") and "逾期 1 件" in line for line in lines)
    assert any(line.startswith("郑家茶行：") and "逾期 5 件" in line for line in lines)
    assert any(line.startswith("林记坚果：昨天损失 ¥") for line in lines)
    assert any(line.startswith("1. ") for line in lines)
    assert not any(line.startswith("6. ") for line in lines)
    assert [told["shop"] for told in letter.data["shops"]] == ["郑家茶行", "林记坚果"]  # type: ignore[attr-defined]  # a list of ours


def test_yesterday_is_summed_over_the_shops_whose_money_its_person_sees_and_says_so(office: Office, people: Cast) -> None:
    office.choose(8)
    _admit(office.house.pool, people, Role.WAREHOUSE)

    (letter,) = office.at(EIGHT)
    seen = across(office.house, _lin(office.house, people), EIGHT)

    assert (seen.summed, len(seen.lines)) == (1, 2)
    assert "昨天（2 家店中的 1 家）：损失 ¥" in letter.text


def test_a_large_shop_whose_deadlines_were_not_counted_is_in_no_sum(both: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = across(both, _lin(both, people), NOW)
    monkeypatch.setattr(seeing, "LARGE", 1)

    before = across(both, _lin(both, people), NOW)
    monkeypatch.setattr(rows, "LARGE", 1)
    count_clocks(both, NOW)
    after = across(both, _lin(both, people), NOW)

    assert (before.summed, before.lost, before.saved, before.orders) == (0, None, None, None)
    assert (after.summed, after.lost, after.saved, after.orders) == (2, whole.lost, whole.saved, whole.orders)
    assert {line.clocks.counted_at for line in after.lines if line.clocks} == {NOW}


def test_it_tells_only_what_its_person_may_see_when_it_leaves(office: Office, people: Cast) -> None:
    office.choose(8)
    with office.house.pool.connection() as tx:
        members.dismiss(tx, people.other_shop_id, people.lin.person_id)  # type: ignore[arg-type]

    (letter,) = office.at(EIGHT)

    assert "郑家茶行" not in letter.text
    assert "林记坚果" in letter.text


def test_a_shop_that_asks_a_second_factor_of_owners_is_told_to_none_without_one(office: Office, people: Cast) -> None:
    office.choose(8)
    with office.house.pool.connection() as tx:
        factors.put_terms(tx, people.other_shop_id, frozenset(Role), None, NOW)
    (letter,) = office.at(EIGHT)
    with office.house.pool.connection() as tx:
        factors.put_terms(tx, people.shop_id, frozenset({Role.OWNER}), None, NOW)
        factors.put_terms(tx, people.other_shop_id, frozenset(), None, NOW)
    none = office.at(EIGHT + timedelta(days=1))

    assert ("郑家茶行" in letter.text, "林记坚果" in letter.text, none) == (False, True, [])


def test_who_left_the_shop_of_the_channel_hears_nothing(office: Office, people: Cast) -> None:
    office.choose(8)
    with office.house.pool.connection() as tx:
        members.admit(tx, people.shop_id, people.mei.person_id, Role.OWNER, NOW)  # type: ignore[arg-type]
    remove_member(office.house, _known(office.house, people.mei), people.shop_id, people.lin.person_id, NOW)  # type: ignore[arg-type]

    assert office.at(EIGHT) == []


def test_who_chooses_after_the_hour_waits_for_tomorrow(office: Office) -> None:
    office.choose(8, at=EIGHT + timedelta(minutes=1))

    assert office.at(EIGHT + timedelta(hours=1)) == []
    assert len(office.at(EIGHT + timedelta(days=1))) == 1


def test_it_is_not_sent_where_it_was_left_out_nor_half_a_day_late(office: Office) -> None:
    office.choose(8)
    late = office.at(EIGHT + timedelta(hours=12, minutes=1))
    plan_day_reports(office.house, EIGHT)

    office.choose(None)

    assert (late, office.at(EIGHT + timedelta(minutes=5))) == ([], [])


def test_only_a_channel_of_ones_own_is_offered_and_taken(office: Office, people: Cast) -> None:
    shops_own = add_channel(office.house, people.lin, people.shop_id, "wecom", "店里的群", BOT, CHOSEN_AT, mine=False)
    shops = [(people.shop_id, "林记坚果")]

    for by, number in ((office.lin, shops_own), (people.mei, office.own), (people.zheng, office.own), (office.lin, 10**9)):
        with pytest.raises(NotAllowed):
            put_day_report(office.house, by, people.shop_id, number, 8, CHOSEN_AT)
    with pytest.raises(Refused):
        office.choose(24)
    office.choose(23)

    assert [(each.channel_no, each.hour) for each in day_channels(office.house, office.lin, shops)] == [(office.own, 23)]
    assert day_channels(office.house, people.mei, shops) == ()


def _admit(pool: Pool, people: Cast, role: Role) -> None:
    assert people.lin.person_id is not None
    with pool.connection() as tx:
        members.admit(tx, people.other_shop_id, people.lin.person_id, role, NOW)


def _lin(house: House, people: Cast) -> Person:
    return _known(house, people.lin)


def _known(house: House, person: Person) -> Person:
    assert person.person_id is not None
    with house.pool.connection() as tx:
        found = accounts.person(tx, person.person_id)
    assert found is not None
    return found


def _line(seen: Across, name: str) -> ShopLine:
    return next(line for line in seen.lines if line.shop.name == name)
