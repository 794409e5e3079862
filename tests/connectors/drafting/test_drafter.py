"""An endpoint that drafts: asked by the protocol over TLS, and whatever it does wrong ends in a sentence, never in a hang, a leak or a call inwards."""

import logging
from time import monotonic

import pytest

from tests.connectors.drafting.endpoint import Answer, Served, drips, hangs_up, never_begins, raw, says, serving
from zhanggui.connectors.drafting import drafter
from zhanggui.connectors.drafting.asking import Endpoint, Prompt
from zhanggui.connectors.drafting.drafter import Drafter
from zhanggui.connectors.drafting.errors import DraftingError
from zhanggui.connectors.pdd.doors import UnsafeDoor

KEY = "sk-secret-0123456789"
PROMPT = Prompt("规则", "买家：什么时候发")
HERE = frozenset({"localhost"})
INWARDS = (
    *("localhost", "127.0.0.1", "[::1]", "10.0.0.8", "192.168.1.1", "169.254.169.254", "[::ffff:10.0.0.1]", "100.64.0.1"),
    "0.0.0.0",  # noqa: S104 - an address to refuse
)


def ask(served: Served, answer: Answer, *, seconds: float = 20.0) -> str:
    served.answer = answer
    return Drafter(served.trusting, seconds).ask(Endpoint(served.address, "qwen-plus", KEY), PROMPT, allowed=HERE)


def test_it_asks_by_the_protocol_and_hears_the_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving() as served:
        text = ask(served, says("  您好，马上为您核实。 "))

        assert text == "您好，马上为您核实。"
        (asked,) = served.asked
        assert (asked["path"], asked["model"], asked["stream"], served.keys) == ("/v1/chat/completions", "qwen-plus", False, [f"Bearer {KEY}"])
        assert asked["host"] == served.address.removeprefix("https://").removesuffix("/v1")
        assert [(each["role"], each["content"]) for each in asked["messages"]] == [("system", "规则"), ("user", "买家：什么时候发")]
    assert KEY not in caplog.text + repr(Endpoint("https://a.example/v1", "m", KEY))


@pytest.mark.parametrize(
    ("answer", "do"),
    [
        (raw(b'{"error": {"message": "sk-secret-0123456789 is wrong"}}', 401), "key"),
        (raw(b"", 402), "money"),
        (raw(b"", 404), "model"),
        (raw(b"", 422), "refused"),
        (raw(b"", 429), "slow"),
        (raw(b"<html>", 502), "failed"),
        (raw(b"", 302, Location="http://169.254.169.254/"), "strange"),
        (raw(b"not json"), "strange"),
        (raw(b"[" * 50_000), "strange"),
        (raw(b'{"choices": []}'), "strange"),
        (raw(b'{"choices": [{"message": {"content": null}}]}'), "strange"),
        (raw(b'{"choices": [{"message": {"content": 7}}]}'), "strange"),
        (raw(b" " * 70_000), "strange"),
        (says("写到一半", finish="length"), "cut"),
        (says("不", finish="content_filter"), "cut"),
        (hangs_up, "strange"),
    ],
)
def test_it_says_what_is_wrong_with_an_answer(answer: Answer, do: str) -> None:
    with serving() as served, pytest.raises(DraftingError) as raised:
        ask(served, answer)

    assert raised.value.do == do
    assert KEY not in str(raised.value) + str(raised.value.say)
    assert len(served.asked) == 1


def test_it_waits_no_longer_than_somebody_at_a_screen() -> None:
    with serving() as served:
        for answer in (served.never, drips):
            with pytest.raises(DraftingError) as raised:
                ask(served, answer, seconds=0.3)

            assert raised.value.do == "no_answer"


def test_it_cuts_off_an_answer_that_never_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafter, "_BESIDES", 0.0)
    began = monotonic()
    with serving() as served, pytest.raises(DraftingError):
        ask(served, never_begins, seconds=0.5)

    assert monotonic() - began < 4


def test_it_trusts_no_certificate_that_nobody_vouches_for() -> None:
    with serving() as served:
        with pytest.raises(DraftingError) as raised:
            Drafter().ask(Endpoint(served.address, "m", KEY), PROMPT, allowed=HERE)

        assert (raised.value.do, served.keys) == ("no_way", [])


@pytest.mark.parametrize("host", INWARDS)
def test_it_calls_nothing_in_a_private_network_unless_it_is_allowed(host: str) -> None:
    with pytest.raises(DraftingError) as raised:
        Drafter().ask(Endpoint(f"https://{host}:9/v1", "m", KEY), PROMPT)

    assert raised.value.do == "private"


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.com/v1",
        "ftp://api.example.com",
        "https://user:pw@api.example.com/v1",
        "https://api.example.com/v1?key=1",
        "https:///v1",
        "api.example.com",
    ],
)
def test_it_takes_no_address_that_would_carry_the_key_in_the_clear_or_in_itself(address: str) -> None:
    with pytest.raises(UnsafeDoor):
        Endpoint(address, "m", KEY)


def test_it_takes_the_whole_address_or_its_base() -> None:
    assert Endpoint("https://a.example/v1/", "m").url == "https://a.example/v1/chat/completions"
    assert Endpoint("https://a.example/v1/chat/completions", "m").url == "https://a.example/v1/chat/completions"
