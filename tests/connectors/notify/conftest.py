"""A receiver for the services, and a notifier that trusts its certificates."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.notify.receiver import AT, Receiver, receiving
from zhanggui.connectors.notify.letters import Letter
from zhanggui.connectors.notify.notifier import Notifier

LETTER = Letter(
    "0123456789abcdef0123456789abcdef", "林记坚果：发货，10:00 前", "10:00 · 发货 · 260301-111111111111111\n  下一步：发货", AT, {"shop": "林记坚果"}
)


class Services:
    """The receiver, and what sends to it."""

    def __init__(self, receiver: Receiver, notifier: Notifier, authority: Path) -> None:
        self.receiver = receiver
        self.notifier = notifier
        self.authority = authority


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The services of the test."""
    with receiving(tmp_path, monkeypatch) as (receiver, trusted):
        yield Services(receiver, Notifier(trusted), tmp_path / "ca.pem")
