"""A shop whose order is due at 10:00 on 3 March, its channels, and a service that keeps every letter it is handed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.actions.files import ONE, orders_csv, row
from tests.cast import Cast
from zhanggui.actions.alerting import Matter, raise_alert
from zhanggui.actions.alerting.channels import add_channel, keep_terms, terms_seen
from zhanggui.actions.alerting.sending import send_alerts, shops_with_alerts_due
from zhanggui.actions.alerting.watching import watch_alerts
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.letters import Letter
from zhanggui.connectors.notify.notifier import Notifier
from zhanggui.connectors.notify.ways import Typed, Way, WeCom
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import Person, PersonId
from zhanggui.records.alert_sends import SeenSend, of_alerts
from zhanggui.records.alerts import StoredAlert, of_numbers
from zhanggui.records.db import transact

DUE = datetime(2026, 3, 3, 2, tzinfo=UTC)
"""10:00 in Shanghai."""
EARLY = datetime(2026, 3, 2, 18, tzinfo=UTC)
"""02:00 in Shanghai, eight hours before: nothing rings yet."""
NIGHT = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
"""05:30 in Shanghai, four and a half hours before."""
WALL = datetime(2026, 11, 1, tzinfo=UTC)
KEY = "a1b2c3d4-e5f6"


class Postbox(Notifier):
    """Keeps every letter by the key of its way, and answers as the test says."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[tuple[str, Letter]] = []
        self.answers: list[NotifyError | None] = []

    def deliver(self, way: Way, letter: Letter, *, allowed: object = ()) -> None:
        assert isinstance(way, WeCom)
        self.letters.append((way.key, letter))
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


class Alerting:
    """The shop of the test, seen through its alerts."""

    def __init__(self, house: House, people: Cast, folder: Path) -> None:
        self.postbox = Postbox()
        self.house = replace(house, notifier=self.postbox)
        self.people = people
        self.shop_id = people.shop_id
        self._folder = folder
        self._files = 0

    def imported(self, *rows: dict[str, str], now: datetime = EARLY) -> None:
        """Takes in an export."""
        self._files += 1
        file = orders_csv(self._folder / f"orders{self._files}.csv", rows or [row(ONE)])
        view = preview(self.house, self.people.lin, self.shop_id, [file], now, as_of=now)
        confirm(self.house, self.people.lin, self.shop_id, view.batch_id, now)

    def channel(self, key: str = KEY, *, by: Person | None = None, tells: str = "alerts") -> int:
        """A group bot of the shop, or of a person."""
        typed = Typed(address=key)
        return add_channel(self.house, by or self.people.lin, self.shop_id, "wecom", key, typed, EARLY, tells=tells, mine=by is not None)

    def terms(self, **changes: object) -> None:
        """Changes the shop's terms."""
        now = terms_seen(self.house, self.people.lin, self.shop_id)
        keep_terms(self.house, self.people.lin, self.shop_id, msgspec.structs.replace(now, **changes), EARLY)

    def raised(self, no: str) -> None:
        """A matter that is no deadline."""
        subject = Subject(SubjectKind.ORDER, no)
        act = say("Look at it")
        matter = Matter(kind=DeadlineKind.SHIP_BY, subject=subject, act=act, because=act, due_at=DUE, money=Fen(0))
        transact(self.house.pool, lambda tx: raise_alert(tx, self.shop_id, matter, EARLY))

    def at(self, now: datetime, wall: datetime = WALL) -> list[str]:
        """Has the watch look and everything be sent at this moment; answers whom letters went to."""
        watch_alerts(self.house, now)
        before = len(self.postbox.letters)
        for _ in range(20):
            if self.shop_id not in shops_with_alerts_due(self.house, now, wall):
                break
            send_alerts(self.house, self.shop_id, now, wall, "test")
        return [key for key, _ in self.postbox.letters[before:]]

    def alerts(self) -> list[StoredAlert]:
        """Every alert there is."""
        with self.house.pool.connection() as tx:
            return of_numbers(tx, self.shop_id, list(range(1, 100)))

    def sends(self) -> list[SeenSend]:
        """Everything that was or is to be said of alerts."""
        with self.house.pool.connection() as tx:
            return of_alerts(tx, self.shop_id, list(range(1, 100)))

    @property
    def texts(self) -> list[str]:
        """What the letters said."""
        return [f"{letter.title}\n{letter.text}" for _, letter in self.postbox.letters]


def number_of(person: Person) -> PersonId:
    """The person's number."""
    assert person.person_id is not None
    return person.person_id


@pytest.fixture
def alerting(house: House, people: Cast, tmp_path: Path) -> Alerting:
    """The shop, with nothing in it."""
    return Alerting(house, people, tmp_path)


@pytest.fixture
def ringing(alerting: Alerting) -> Callable[[], Alerting]:
    """The shop with its order and one group bot, always awake."""

    def made() -> Alerting:
        alerting.imported()
        alerting.channel()
        alerting.terms(quiet=())
        return alerting

    return made


MINUTE = timedelta(minutes=1)
