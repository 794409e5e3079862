"""Against the emulator's own endpoints of both services, and against servers that do not do as they should."""

from collections.abc import Callable, Iterator

import pytest

from tests.emulator.caller import DAY, Caller, quiet, running
from zhanggui.connectors.carriers import kdniao, kuaidi100
from zhanggui.connectors.carriers.asking import Account, Parcel, Question
from zhanggui.connectors.carriers.errors import TrackerError
from zhanggui.connectors.carriers.line import TrackerLine
from zhanggui.connectors.pdd.errors import Trouble
from zhanggui.core.facts import ScanStage

NUMBER = "YT7600000000001"
Query = Callable[[Account, Parcel], Question]
PATHS: dict[Query, str] = {kuaidi100.query: "/poll/query.do", kdniao.query: "/Ebusiness/EbusinessOrderHandle.aspx"}


@pytest.fixture
def platform() -> Iterator[Caller]:
    with running(quiet()) as caller:
        caller.ship(caller.new_orders()[0], NUMBER)
        caller.step(8 * DAY)
        yield caller


def account(platform: Caller, query: Query, key: str = "") -> Account:
    """The account that the emulator knows."""
    return Account(platform.line.client_id, key or platform.line.client_secret, platform.base + PATHS[query])


@pytest.mark.parametrize("query", PATHS)
def test_it_brings_the_scans_of_a_parcel(platform: Caller, query: Query) -> None:
    ours = account(platform, query)

    told = TrackerLine().ask(ours.address, query(ours, Parcel(NUMBER, "圆通快递")))

    stages = [scan.facts.stage for scan in told.scans]
    assert (stages[0], stages[-1], told.left_out) == (ScanStage.PICKED_UP, ScanStage.DELIVERED, 0)
    assert ScanStage.UNKNOWN not in stages


def test_both_services_and_the_platform_tell_the_same_scans(platform: Caller) -> None:
    line = TrackerLine()

    told = [line.ask(account(platform, query).address, query(account(platform, query), Parcel(NUMBER, "圆通快递"))) for query in PATHS]

    assert [scan.facts for scan in told[0].scans] == [scan.facts for scan in told[1].scans]


@pytest.mark.parametrize("query", PATHS)
def test_a_parcel_without_scans_brings_nothing(platform: Caller, query: Query) -> None:
    ours = account(platform, query)

    assert TrackerLine().ask(ours.address, query(ours, Parcel("YT0000000000009", "圆通快递"))).scans == ()


@pytest.mark.parametrize("query", PATHS)
def test_a_wrong_key_is_a_persons_trouble_and_stands_in_no_word_of_it(platform: Caller, query: Query) -> None:
    ours = account(platform, query, key="a-wrong-key-of-ours")

    with pytest.raises(TrackerError) as refused:
        TrackerLine().ask(ours.address, query(ours, Parcel(NUMBER, "圆通快递")), secrets=(ours.key,))

    assert (refused.value.do, refused.value.trouble) == ("key", Trouble.PERSON)
    assert ours.key not in str(refused.value) + repr(refused.value.say)


@pytest.mark.parametrize(("path", "do"), [("/nowhere", "astray"), ("/_state", "astray")])
def test_an_address_that_leads_elsewhere_is_told(platform: Caller, path: str, do: str) -> None:
    ours = account(platform, kuaidi100.query)

    with pytest.raises(TrackerError) as refused:
        TrackerLine().ask(platform.base + path, kuaidi100.query(ours, Parcel(NUMBER, "圆通快递")))

    assert (refused.value.do, refused.value.trouble) == (do, Trouble.PERSON)


def test_a_service_that_is_not_there_is_asked_again_later() -> None:
    ours = Account("C", "K", "http://127.0.0.1:9/poll/query.do")

    with pytest.raises(TrackerError) as refused:
        TrackerLine().ask(ours.address, kuaidi100.query(ours, Parcel(NUMBER, "圆通快递")))

    assert (refused.value.do, refused.value.trouble) == ("no_way", Trouble.RETRY)
