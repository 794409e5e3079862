"""Short ways to write a small file and read it, for the tests of this room."""

from pathlib import Path

from zhanggui.connectors.files import Refused, Survey, read, survey
from zhanggui.core.facts import AftersaleFacts, BillLineFacts, Facts, OrderFacts, Sighting
from zhanggui.core.say import Say

NO = "261120-123456789012345"
"""An order number as the platform builds them."""


def write(folder: Path, text: str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def told(path: Path, profile: str | None = None) -> list[Sighting[Facts] | Refused]:
    return list(read(path, survey(path, profile=profile)))


def sighting(path: Path, profile: str | None = None) -> Sighting[Facts]:
    (one,) = told(path, profile)
    assert not isinstance(one, Refused), one.reason
    return one


def order(path: Path, profile: str | None = None) -> OrderFacts:
    facts = sighting(path, profile).facts
    assert isinstance(facts, OrderFacts)
    return facts


def case(path: Path) -> AftersaleFacts:
    facts = sighting(path).facts
    assert isinstance(facts, AftersaleFacts)
    return facts


def bill_lines(path: Path) -> list[BillLineFacts]:
    return [one.facts for one in told(path) if not isinstance(one, Refused) and isinstance(one.facts, BillLineFacts)]


def refusal(path: Path, profile: str | None = None) -> Refused:
    (one,) = [one for one in told(path, profile) if isinstance(one, Refused)]
    return one


def words(reason: Say | None) -> str:
    assert reason is not None
    return reason.text.format_map(dict(reason.slots))


def only_note(found: Survey) -> str:
    (table,) = found.tables
    return words(table.note)
