"""The report leaves on Monday mornings, once, through the channels that an owner chose, and to nobody who may not see the money."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.actions.overview.conftest import NOW
from tests.cast import Cast
from zhanggui.actions.alerting.channels import add_channel, switch_channel
from zhanggui.actions.alerting.sending import send_alerts, shops_with_alerts_due
from zhanggui.actions.house import House
from zhanggui.actions.overview.mailing import plan_reports, put_report_channel, report_channels
from zhanggui.connectors.notify.letters import Letter
from zhanggui.connectors.notify.mail import mail_of
from zhanggui.connectors.notify.notifier import Notifier
from zhanggui.connectors.notify.ways import Mail, Typed, Way
from zhanggui.people.permissions import NotAllowed, Person

CHOSEN_AT = datetime(2026, 3, 6, 2, tzinfo=UTC)
NINE = datetime(2026, 3, 9, 1, tzinfo=UTC)
WALL = datetime(2026, 11, 1, tzinfo=UTC)
MAILBOX = Typed(host="smtp.example.com", port="465", safety="tls", sender="shop@example.com", receivers="lin@example.com")
BOT = Typed(address="a1b2c3d4-e5f6")


class Postbox(Notifier):
    """Keeps every letter."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[tuple[Way, Letter]] = []

    def deliver(self, way: Way, letter: Letter, *, allowed: object = ()) -> None:
        self.letters.append((way, letter))


class Office:
    """The shop of the test with its channels."""

    def __init__(self, house: House, people: Cast) -> None:
        self.postbox = Postbox()
        self.house = replace(house, notifier=self.postbox)
        self.people = people

    def channel(self, service: str = "email", typed: Typed = MAILBOX, *, own: Person | None = None) -> int:
        """A channel of the shop's, or somebody's own."""
        by = own or self.people.lin
        return add_channel(self.house, by, self.people.shop_id, service, service, typed, CHOSEN_AT, mine=own is not None)

    def choose(self, channel_no: int, *, at: datetime = CHOSEN_AT, on: bool = True) -> None:
        """The owner has the report sent through it, or no more."""
        put_report_channel(self.house, self.people.lin, self.people.shop_id, channel_no, at, is_on=on)

    def at(self, now: datetime) -> list[Letter]:
        """What leaves at the moment."""
        before = len(self.postbox.letters)
        plan_reports(self.house, now)
        while self.people.shop_id in shops_with_alerts_due(self.house, now, WALL):
            send_alerts(self.house, self.people.shop_id, now, WALL, "test")
        return [letter for _, letter in self.postbox.letters[before:]]


@pytest.fixture
def office(shop: House, people: Cast) -> Office:
    return Office(shop, people)


def test_it_is_mailed_on_monday_at_nine_with_its_pdf_and_only_once(office: Office) -> None:
    office.choose(office.channel())

    early, (letter,), later = office.at(NINE - timedelta(minutes=1)), office.at(NINE), office.at(NINE + timedelta(hours=5))

    assert (early, later) == ([], [])
    assert "2026-W10" in letter.title
    assert ["订单: 4" in letter.text, "¥119.60" in letter.text, "25.0 % (1 / 4)" in letter.text] == [True] * 3
    (way, _), *_ = office.postbox.letters
    assert isinstance(way, Mail)
    files = [(part.get_filename(), part.get_content_type()) for part in mail_of(way, letter).iter_attachments()]
    assert files == [("2026-W10.pdf", "application/pdf")]
    assert letter.attached[0].content.startswith(b"%PDF")


def test_a_group_is_told_the_figures_as_text(office: Office) -> None:
    office.choose(office.channel("wecom", BOT))

    (letter,) = office.at(NINE)

    assert letter.attached == ()
    assert letter.data["orders"] == 4


def test_nothing_is_sent_unless_an_owner_chose_so(office: Office) -> None:
    number = office.channel()

    unchosen = office.at(NINE)
    office.choose(number)
    office.choose(number, on=False)

    assert (unchosen, office.at(NINE + timedelta(hours=1))) == ([], [])


def test_who_chooses_after_the_morning_waits_for_the_next(office: Office) -> None:
    office.choose(office.channel(), at=NINE + timedelta(hours=1))

    assert office.at(NINE + timedelta(hours=2)) == []
    assert len(office.at(NINE + timedelta(days=7))) == 1


def test_after_a_long_pause_of_the_house_an_old_report_is_not_sent(office: Office) -> None:
    office.choose(office.channel())

    assert office.at(NINE + timedelta(days=3)) == []


def test_only_the_shop_s_channels_and_one_s_own_can_be_chosen(office: Office, people: Cast) -> None:
    others, own = office.channel("wecom", BOT, own=people.mei), office.channel("wecom", BOT, own=people.lin)

    with pytest.raises(NotAllowed):
        office.choose(others)
    with pytest.raises(NotAllowed):
        put_report_channel(office.house, people.mei, people.shop_id, others, CHOSEN_AT, is_on=True)
    office.choose(own)

    assert [(each.channel_no, each.is_chosen, each.takes_files) for each in report_channels(office.house, people.lin, people.shop_id)] == [(own, True, False)]


def test_what_was_written_down_is_withdrawn_where_the_channel_was_left_out_meanwhile(office: Office) -> None:
    number = office.channel()
    office.choose(number)
    plan_reports(office.house, NINE)

    office.choose(number, at=NOW, on=False)

    assert office.at(NINE + timedelta(minutes=5)) == []


def test_a_channel_that_was_closed_for_weeks_brings_none_of_their_reports(office: Office, people: Cast) -> None:
    number = office.channel()
    office.choose(number)
    switch_channel(office.house, people.lin, people.shop_id, number, CHOSEN_AT, is_on=False)
    closed = [office.at(NINE + timedelta(days=days)) for days in (0, 7)]

    switch_channel(office.house, people.lin, people.shop_id, number, NINE + timedelta(days=12), is_on=True)

    assert (closed, office.at(NINE + timedelta(days=12))) == ([[], []], [])
    assert len(office.at(NINE + timedelta(days=14))) == 1
