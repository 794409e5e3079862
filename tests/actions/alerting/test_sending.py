"""Messages leave once: put off by troubles, given up in the end, kept within the service's limit, never lost with a worker that dies."""

from contextlib import suppress
from datetime import timedelta

import pytest

from tests.actions.alerting.conftest import DUE, KEY, WALL, Alerting
from tests.actions.files import ONE, TWO
from zhanggui.actions.alerting.channels import channels_seen, remove_channel, switch_channel
from zhanggui.actions.alerting.sending import LEASE, send_alerts
from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.pdd.errors import Trouble

WARNED = DUE - timedelta(hours=5)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def shop(alerting: Alerting) -> Alerting:
    """The shop with a group bot that is always awake, and one matter to be told."""
    alerting.channel()
    alerting.terms(quiet=())
    alerting.raised(ONE)
    return alerting


def states(shop: Alerting) -> list[str]:
    """How far what is said of alerts has come."""
    return [send.state for send in shop.sends()]


def test_it_tries_again_and_gives_up_in_the_end(shop: Alerting) -> None:
    shop.postbox.answers = [NotifyError(Trouble.RETRY, "no_way", text="no such host") for _ in range(9)]

    tried = [len(shop.at(WARNED, WALL + hours * timedelta(hours=1))) for hours in range(8)]

    assert tried == [1, 1, 1, 1, 1, 1, 0, 0]
    assert states(shop) == ["failed"]
    (channel,) = channels_seen(shop.house, shop.people.lin, shop.shop_id, WALL)
    assert channel.problem is not None


def test_what_joins_a_message_that_was_tried_often_is_tried_as_often_itself(shop: Alerting) -> None:
    shop.postbox.answers = [NotifyError(Trouble.RETRY, "no_way", text="no such host") for _ in range(6)]
    for hours in range(5):
        shop.at(WARNED, WALL + hours * timedelta(hours=1))
    shop.raised(TWO)

    last = shop.at(WARNED, WALL + timedelta(hours=5))
    after = shop.at(WARNED, WALL + timedelta(hours=6))

    assert (len(last), after, states(shop)) == (1, [KEY], ["failed", "sent"])


def test_it_sends_again_under_the_same_id_where_nobody_knows_whether_it_arrived(shop: Alerting) -> None:
    shop.postbox.answers = [NotifyError(Trouble.RETRY, "no_answer", may_have_arrived=True)]

    shop.at(WARNED)
    unsure = states(shop)
    shop.at(WARNED, WALL + MINUTE)

    assert (unsure, states(shop)) == (["unsure"], ["sent"])
    assert len({letter.id for _, letter in shop.postbox.letters}) == 1
    assert len(shop.postbox.letters) == 2


def test_it_sends_what_may_have_arrived_three_times_at_most(shop: Alerting) -> None:
    shop.postbox.answers = [NotifyError(Trouble.RETRY, "no_answer", may_have_arrived=True) for _ in range(9)]

    tried = [len(shop.at(WARNED, WALL + hours * timedelta(hours=1))) for hours in range(5)]

    assert tried == [1, 1, 1, 0, 0]
    assert states(shop) == ["failed"]


def test_it_waits_where_the_service_asks_to_and_counts_that_for_nothing(shop: Alerting) -> None:
    shop.postbox.answers = [NotifyError(Trouble.SLOW_DOWN, "slow", wait=timedelta(minutes=10)) for _ in range(8)]

    tried = [len(shop.at(WARNED, WALL + minutes * MINUTE)) for minutes in (0, 5, 9, 10, 20, 30, 40, 50, 60, 70, 80)]

    assert tried == [1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]
    assert states(shop) == ["sent"]


def test_it_asks_a_person_and_begins_anew_once_the_channel_is_opened_again(shop: Alerting) -> None:
    shop.postbox.answers = [NotifyError(Trouble.PERSON, "address", code="93000")]

    tried = [len(shop.at(WARNED, WALL)), len(shop.at(WARNED, WALL + 30 * MINUTE))]
    switch_channel(shop.house, shop.people.lin, shop.shop_id, 1, WARNED, is_on=True)
    (mended,) = channels_seen(shop.house, shop.people.lin, shop.shop_id, WALL)

    assert tried == [1, 0]
    assert mended.problem is None
    assert shop.at(WARNED, WALL + timedelta(hours=1)) == [KEY]


def test_it_gives_up_at_once_what_the_service_will_never_take(shop: Alerting) -> None:
    shop.postbox.answers = [NotifyError(Trouble.FOREVER, "refused", code="45002")]

    shop.at(WARNED)

    assert states(shop) == ["failed"]
    assert shop.at(WARNED, WALL + timedelta(hours=1)) == []


def test_it_keeps_within_the_service_s_limit(shop: Alerting) -> None:
    left = []
    for second in range(25):
        if second:
            shop.raised(f"260301-{second:015d}")
        left.append(len(shop.at(WARNED, WALL + second * SECOND)))

    assert left == [1] * 20 + [0] * 5
    # what had to wait leaves in one message once there is room
    assert shop.at(WARNED, WALL + 61 * SECOND) == [KEY]
    assert set(states(shop)) == {"sent"}


def test_a_message_whose_worker_died_is_sent_by_another(shop: Alerting) -> None:
    class Killed(BaseException):
        """The worker is gone."""

    shop.postbox.answers = [Killed()]  # type: ignore[list-item]
    with suppress(Killed):
        send_alerts(shop.house, shop.shop_id, WARNED, WALL, "one")

    meanwhile = shop.at(WARNED, WALL + LEASE - SECOND)
    after = shop.at(WARNED, WALL + LEASE)

    assert (meanwhile, after) == ([], [KEY])
    assert len({letter.id for _, letter in shop.postbox.letters}) == 1
    assert states(shop) == ["sent"]


def test_two_workers_never_send_the_same(shop: Alerting) -> None:
    shop.raised(TWO)
    inner = []
    deliver = shop.postbox.deliver

    def meanwhile(*args: object, **more: object) -> None:
        inner.append(send_alerts(shop.house, shop.shop_id, WARNED, WALL, "two"))
        deliver(*args, **more)  # type: ignore[arg-type]

    shop.postbox.deliver = meanwhile  # type: ignore[method-assign]

    send_alerts(shop.house, shop.shop_id, WARNED, WALL, "one")

    assert inner == [False]
    assert len(shop.postbox.letters) == 1


def test_what_is_switched_off_or_removed_says_nothing(shop: Alerting) -> None:
    switch_channel(shop.house, shop.people.lin, shop.shop_id, 1, WARNED, is_on=False)

    off = shop.at(WARNED)
    remove_channel(shop.house, shop.people.lin, shop.shop_id, 1, WARNED)

    assert (off, shop.at(DUE)) == ([], [])
    assert channels_seen(shop.house, shop.people.lin, shop.shop_id, WALL) == ()
