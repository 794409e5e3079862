"""The message stream against the emulator: pushes come, are acknowledged once they were taken, and come again when they were not."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic, sleep

import pytest

from tests.emulator.caller import Caller, quiet, running
from zhanggui.connectors.pdd import messages
from zhanggui.connectors.pdd.doors import App, doors_of
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.messages import Pushed, listen, message_address, pushed


def wall() -> datetime:
    return datetime.now(UTC)


def app_of(platform: Caller, secret: str = "") -> App:
    return App(platform.line.client_id, secret or platform.line.client_secret, doors_of(platform.line.gateway))


class Ear:
    """A listener in a thread, and what it has heard."""

    def __init__(self, app: App) -> None:
        self.heard: list[Pushed] = []
        self.stop, self.opened = threading.Event(), threading.Event()
        self.trouble: PlatformError | Exception | None = None
        self.deaf = False
        self.thread = threading.Thread(target=self._run, args=(app,))

    def _run(self, app: App) -> None:
        try:
            listen(app, self.stop, self._take, wall=wall, on_open=self.opened.set)
        except Exception as trouble:  # noqa: BLE001 - looked at by the test
            self.trouble = trouble

    def _take(self, pushes: Sequence[Pushed]) -> None:
        if self.deaf:
            raise RuntimeError("the database is away")
        self.heard.extend(pushes)

    def wait(self, many: int, seconds: float = 5) -> list[Pushed]:
        """What was heard, once it is so much."""
        until = monotonic() + seconds
        while len(self.heard) < many and monotonic() < until:
            sleep(0.01)
        return self.heard


@contextmanager
def listening(app: App) -> Iterator[Ear]:
    ear = Ear(app)
    ear.thread.start()
    try:
        assert ear.opened.wait(5)
        yield ear
    finally:
        ear.stop.set()
        ear.thread.join(5)
        assert not ear.thread.is_alive()


@pytest.fixture
def platform() -> Iterator[Caller]:
    with running(quiet()) as caller:
        yield caller


def test_it_hears_of_orders_and_cases_and_acknowledges_them(platform: Caller) -> None:
    with listening(app_of(platform)) as ear:
        order_no = platform.new_orders()[0]
        platform.step(3 * 3600)
        case_no = str(platform.do("buyer.asks", order_sn=order_no)["after_sales_id"])
        heard = ear.wait(2)
        until = monotonic() + 5
        while platform.call("pdd.pmc.accrue.query")["number"] and monotonic() < until:
            sleep(0.02)

    assert [(push.what, push.order_no, push.case_no, push.raw_type) for push in heard] == [
        ("order", order_no, None, "pdd_trade_TradeConfirmed"),
        ("case", order_no, case_no, "pdd_refund_RefundCreated"),
    ]
    assert {push.owner_id for push in heard} == {platform.line.shop_id}
    assert heard[0].at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert heard[0].topic == "pdd_trade_tradeconfirmed"
    assert platform.call("pdd.pmc.accrue.query")["number"] == 0
    assert ear.trouble is None


def test_it_hears_again_what_could_not_be_taken() -> None:
    with running(quiet(gate={"limit_factor": 0.0, "subscribed": True, "redeliver_seconds": 0.3})) as platform:
        with listening(app_of(platform)) as deaf:
            deaf.deaf = True
            order_no = platform.new_orders()[0]
            deaf.thread.join(5)
        with listening(app_of(platform)) as ear:
            heard = ear.wait(1)

    assert isinstance(deaf.trouble, RuntimeError)
    assert [push.order_no for push in heard] == [order_no]


def test_it_says_that_the_secret_is_wrong(platform: Caller) -> None:
    with listening(app_of(platform, secret="another")) as ear:
        ear.thread.join(5)

    assert isinstance(ear.trouble, PlatformError)
    assert (ear.trouble.trouble, ear.trouble.do) == (Trouble.PERSON, "secret")
    assert "another" not in str(ear.trouble)


def test_it_says_that_nobody_is_there() -> None:
    app = App("id", "secret", doors_of("http://127.0.0.1:9/api/router"))
    heard: list[Pushed] = []

    with pytest.raises(PlatformError) as trouble:
        listen(app, threading.Event(), heard.extend, wall=wall)

    assert (trouble.value.trouble, trouble.value.do) == (Trouble.RETRY, "no_way")


def test_it_says_that_the_link_was_lost() -> None:
    with running(quiet()) as platform:
        ear = Ear(app_of(platform))
        ear.thread.start()
        assert ear.opened.wait(5)
    ear.thread.join(10)

    assert isinstance(ear.trouble, PlatformError)
    assert ear.trouble.trouble is Trouble.RETRY


def test_it_keeps_the_link_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_BEAT_SECONDS", 0.2)
    with running(quiet(gate={"limit_factor": 0.0, "subscribed": True, "silence_seconds": 1.0})) as strict, listening(app_of(strict)) as ear:
        sleep(2.0)
        strict.new_orders()
        heard = ear.wait(1)

    assert len(heard) == 1


def test_it_puts_its_proof_into_the_address() -> None:
    app = App("app", "secret", doors_of("https://example.com/api/router"))

    address = message_address(app, datetime.fromtimestamp(1700000000, UTC))

    assert address == "wss://example.com/message/app/1700000000000/OTgxODMwNDI2NWZiN2NiNzA2NzIxOTI0ZjJlMDMxMjE%3D"


def frame(content: object, kind: str = "pdd_logistics_TraceNotify", command: object = "Common") -> str:
    return json.dumps({"id": 2**62, "commandType": command, "time": 1795222800000, "message": {"type": kind, "mallID": 900000010, "content": content}})


@pytest.mark.parametrize(
    ("content", "what", "number"),
    [
        ('{"shippingId":85,"trackingNumber":"YT7600000000001","desc":"x"}', "parcel", "YT7600000000001"),
        ('{"mall_id":1,"tid":"261120-123456789012345"}', "order", "261120-123456789012345"),
        ('{"tid":"261120-1","refund_id":30000000007,"refund_fee":5231}', "case", "30000000007"),
        ({"tid": "261120-1"}, "order", "261120-1"),
        ("not json", None, None),
        ('{"tid":["261120-1"],"refund_id":1.5}', None, None),
        ("[]", None, None),
        (None, None, None),
    ],
)
def test_it_reads_what_a_push_names(content: object, what: str | None, number: str | None) -> None:
    push = pushed(frame(content))

    assert push is not None
    assert push.what == what
    assert number in (None, push.case_no, push.order_no, push.tracking_no)
    assert push.owner_id == "900000010"


@pytest.mark.parametrize("told", ["", "[]", "{}", '{"commandType":"HeartBeat"}', '{"commandType":7}', "\x00"])
def test_it_passes_over_frames_that_carry_no_push(told: str) -> None:
    assert pushed(told) is None


def test_it_reads_a_command_written_as_a_number() -> None:
    push = pushed(frame("{}", command=3))

    assert push is not None
    assert push.at == datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
