"""The journal is sealed block by block: late entries are waited for, undoing an import breaks nothing, and every altered entry is found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.files import ONE, orders_csv, row
from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.evidence import verify_shop
from zhanggui.actions.evidence.sealing import seal_some
from zhanggui.actions.house import House
from zhanggui.actions.notes import add_note
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.core.evidence import Fault
from zhanggui.records import journal
from zhanggui.records.db import connect, conninfo_of
from zhanggui.records.journal_entries import NoteAdded

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PUT_IN = "insert into journal (shop_id, entry_no, at, kind, by_person, subject_kind, subject_no, batch_id, data) overriding system value"
ORDER = Subject(SubjectKind.ORDER, ONE)


@pytest.fixture
def batch(house: House, people: Cast, tmp_path: Path) -> int:
    """An import of one order, and two notes on it."""
    made = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "o.csv", [row(ONE)])], NOW, as_of=NOW)
    importing.confirm(house, people.lin, people.shop_id, made.batch_id, NOW)
    for text in ("packed twice", "rang the buyer's branch"):
        add_note(house, people.mei, people.shop_id, ORDER, text, NOW)
    return made.batch_id


def _seal(house: House, people: Cast, steps: int = 3) -> None:
    for step in range(steps):
        seal_some(house, people.shop_id, NOW + timedelta(minutes=5 * step))


def test_it_seals_in_three_steps(house: House, people: Cast, batch: int) -> None:
    counts = []

    for _ in range(4):
        _seal(house, people, 1)
        counts.append(verify_shop(house, people.lin, people.shop_id).seals)

    assert counts == [0, 0, 1, 1]
    judged = verify_shop(house, people.lin, people.shop_id)
    assert (judged.journal_entries, judged.findings) == (3, ())  # the import itself and the notes; what it told of the order may be undone


def test_an_entry_still_being_written_is_waited_for(house: House, people: Cast, batch: int) -> None:
    with connect(conninfo_of(house.pool)) as late:
        journal.write(late, people.shop_id, NoteAdded(7), at=NOW, by=None, subject_kind="order", subject_no=ONE)
        add_note(house, people.mei, people.shop_id, ORDER, "a higher number, committed first", NOW)
        _seal(house, people, 5)
        assert verify_shop(house, people.lin, people.shop_id).seals == 0

    _seal(house, people)

    judged = verify_shop(house, people.lin, people.shop_id)
    assert (judged.seals, judged.journal_entries, judged.findings) == (1, 5, ())


def test_undoing_an_import_breaks_no_seal(house: House, people: Cast, batch: int) -> None:
    _seal(house, people)

    importing.undo(house, people.lin, people.shop_id, batch, NOW)

    assert verify_shop(house, people.lin, people.shop_id).findings == ()
    _seal(house, people)
    assert verify_shop(house, people.lin, people.shop_id).findings == ()


@pytest.mark.parametrize(
    "statement",
    [
        "update journal set at = at - interval '1 second' where kind = 'note_added'",
        "update journal set by_person = null where kind = 'note_added'",
        "update journal set data = '{\"note_id\": 99}' where kind = 'note_added'",
        "update journal set kind = 'order_seen' where kind = 'note_added'",
        "update journal set subject_no = 'other' where kind = 'note_added'",
        "delete from journal where kind = 'note_added'",
        "delete from journal where entry_no = (select max(entry_no) from journal)",
        f"{PUT_IN} select shop_id, 0, at, kind, by_person, subject_kind, subject_no, batch_id, data from journal where kind = 'note_added' limit 1",
    ],
)
def test_an_altered_journal_is_found(house: House, people: Cast, batch: int, statement: str) -> None:
    _seal(house, people)
    with house.pool.connection() as tx:
        tx.execute(statement)

    findings = verify_shop(house, people.lin, people.shop_id).findings

    assert [(each.chain, each.fault) for each in findings] == [("journal", Fault.ENTRIES_CHANGED)]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("delete from journal_seals where seal_no = 1", Fault.MISSING),
        ("delete from journal_seals where seal_no = 2", Fault.CUT_OFF),
        ("update journal_seals set entries = entries + 1 where seal_no = 1", Fault.CHANGED),
        ("update journal_seals set to_no = to_no + 1 where seal_no = 2", Fault.CHANGED),
        ("update journal_seals set previous = sha256('x') where seal_no = 2", Fault.UNTIED),
    ],
)
def test_an_altered_seal_is_found(house: House, people: Cast, batch: int, statement: str, fault: Fault) -> None:
    _seal(house, people)
    add_note(house, people.mei, people.shop_id, ORDER, "another", NOW)
    _seal(house, people)
    with house.pool.connection() as tx:
        tx.execute(statement)

    assert fault in {each.fault for each in verify_shop(house, people.lin, people.shop_id).findings}


def test_a_horizon_of_another_server_is_drawn_anew(house: House, people: Cast, batch: int) -> None:
    _seal(house, people, 2)
    with house.pool.connection() as tx:
        tx.execute("update journal_marks set horizon = '9000000000000'::xid8")

    _seal(house, people, 2)

    assert verify_shop(house, people.lin, people.shop_id).seals == 1
