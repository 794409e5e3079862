"""What buyers write lies sealed in the database; keys are changed while everything goes on, and without its key nothing opens."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from cryptography.fernet import Fernet

from tests.actions.files import orders_csv, row, shipped
from tests.cast import Cast
from zhanggui.actions import ring
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.conversations.telling import tell_orders
from zhanggui.actions.conversations.threading import messages_of
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview, undo
from zhanggui.actions.key_door import HouseKeys
from zhanggui.actions.notes import add_note
from zhanggui.actions.privacy.keys import change_house_key, change_key, reseal_shop, reseal_some, retire_house_keys
from zhanggui.actions.refused import Refused
from zhanggui.core.chats.shapes import Who
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.people.permissions import NotAllowed, operator
from zhanggui.records import around, data_keys, inbox
from zhanggui.records.db import open_pool
from zhanggui.records.notes import TEXT
from zhanggui.records.sealing import MARK, cipher_of, keys_of

A = "260301-111111111111111"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
WORDS = "瑰丽的梅花鹿什么时候发货"
PASTE = f"快乐的鱼 2026-03-01 16:00\n{WORDS}\n客服小美 2026-03-01 16:02\n今天20点前给您发出\n"


@pytest.fixture
def talked(house: House, people: Cast, tmp_path: Path) -> House:
    at = NOW - timedelta(hours=1)
    confirm(
        house, people.lin, people.shop_id, preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "o.csv", [row(A)])], at, as_of=at).batch_id, at
    )
    take_paste(house, people.mei, people.shop_id, PASTE, NOW, order_no=A)
    take_message(house, people.mei, people.shop_id, Incoming(external_id="c1", message_id="m1", who=Who.BUYER, said=f"{WORDS}呀", at=NOW, order_no=A), NOW)
    tell_orders(house, people.shop_id, NOW)
    add_note(house, people.mei, people.shop_id, Subject(SubjectKind.ORDER, A), f"买家说{WORDS}", NOW)
    return house


def told(house: House, people: Cast) -> list[str]:
    """What the talk, its order and its thread say."""
    with house.pool.connection() as tx:
        order = [known.facts.text for known in around.messages(tx, people.shop_id, [A])[A]]
        waiting = [thread.waiting_text for thread in inbox.latest(tx, people.shop_id, NOW + timedelta(days=1), 10**9, 10)]
    threads = sorted({row.thread_no for row in _threads(house, people)})
    return [message.said for no in threads for message in messages_of(house, people.mei, people.shop_id, no)] + order + sorted(waiting)


def _threads(house: House, people: Cast) -> list[inbox.ListedThread]:
    with house.pool.connection() as tx:
        return inbox.latest(tx, people.shop_id, NOW + timedelta(days=1), 10**9, 10)


def dumped(house: House) -> str:
    """Everything that stands in the database."""
    with house.pool.connection() as tx:
        names = [name for (name,) in tx.execute("select tablename from pg_tables where schemaname = 'public'")]
        return "\n".join(str(row) for name in names for row in tx.execute(f"select to_json(t)::text from {name} t"))


def keys_used(house: House) -> set[str]:
    return set(re.findall(r"\\\\u001fz1:(\d+):", dumped(house)))


def test_no_word_of_a_buyer_stands_in_the_database_and_every_page_still_says_it(talked: House, people: Cast) -> None:
    said = told(talked, people)

    assert "梅花鹿" not in dumped(talked)
    assert {text for text in said if "梅花鹿" in text} == {WORDS, f"{WORDS}呀"}
    with talked.pool.connection() as tx:
        assert [thread.thread_no for thread in inbox.by_words(tx, people.shop_id, "梅花鹿", 5)] != []


def test_a_changed_key_opens_what_was_before_and_seals_it_anew_bit_by_bit(talked: House, people: Cast) -> None:
    said = told(talked, people)

    number = change_key(talked, people.lin, people.shop_id, NOW)
    add_note(talked, people.mei, people.shop_id, Subject(SubjectKind.ORDER, A), "再看看", NOW)
    before = keys_used(talked)
    done = reseal_shop(talked, people.shop_id, NOW + timedelta(minutes=6))

    assert (number, before, done, keys_used(talked)) == (2, {"1", "2"}, True, {"2"})
    assert told(talked, people) == said


def test_the_older_key_goes_a_day_after_nothing_lies_under_it(talked: House, people: Cast) -> None:
    change_key(talked, people.lin, people.shop_id, NOW)
    reseal_shop(talked, people.shop_id, NOW + timedelta(minutes=6))

    reseal_shop(talked, people.shop_id, NOW + timedelta(days=2))

    with talked.pool.connection() as tx:
        assert tx.execute("select key_no from data_keys where shop_id = %s", (people.shop_id,)).fetchall() == [(2,)]
    assert WORDS in told(talked, people)


def test_what_was_under_way_when_the_key_changed_and_stored_later_outlives_the_older_key(talked: House, people: Cast) -> None:
    with talked.pool.connection() as tx:
        late = cipher_of(tx, people.shop_id).seal("迟到的备注", TEXT)
    change_key(talked, people.lin, people.shop_id, NOW)
    reseal_shop(talked, people.shop_id, NOW + timedelta(minutes=6))
    with talked.pool.connection() as tx:
        tx.execute("update notes set text = %s", (late,))

    reseal_shop(talked, people.shop_id, NOW + timedelta(days=2))

    assert keys_used(talked) == {"2"}
    with talked.pool.connection() as tx:
        ((stored,),) = tx.execute("select text from notes").fetchall()
        assert cipher_of(tx, people.shop_id).open(stored, TEXT) == "迟到的备注"
        assert tx.execute("select key_no from data_keys where shop_id = %s", (people.shop_id,)).fetchall() == [(2,)]


def test_clear_rows_of_before_are_read_and_sealed_by_and_by(talked: House, people: Cast) -> None:
    with talked.pool.connection() as tx:
        tx.execute("update notes set text = '旧的备注'")
        tx.execute("update conversation_messages set said = '旧的话' where no = 1")
        tx.execute("delete from resealings")

    said = [message.said for no in {row.thread_no for row in _threads(talked, people)} for message in messages_of(talked, people.mei, people.shop_id, no)]
    reseal_shop(talked, people.shop_id, datetime.now(UTC) + timedelta(minutes=6))

    assert "旧的话" in said
    assert "旧的" not in dumped(talked)


def test_an_undone_paste_leaves_nothing_and_a_second_one_reads_the_same(talked: House, people: Cast) -> None:
    with talked.pool.connection() as tx:
        (batch,) = tx.execute("select batch_id from conversations where batch_id is not null").fetchall()

    undo(talked, people.lin, people.shop_id, batch[0], NOW)
    again = take_paste(talked, people.mei, people.shop_id, PASTE, NOW, order_no=A)

    assert again.is_new
    assert WORDS in told(talked, people)


def test_the_house_key_is_changed_and_everything_still_opens(talked: House, people: Cast) -> None:
    file = talked.home / "keys" / "vault.keys"
    before = file.read_text()

    came = change_house_key(talked, operator(), NOW)
    early = (retire_house_keys(talked, NOW + timedelta(hours=23)), ring.keys_at(talked.home))
    went = retire_house_keys(talked, NOW + timedelta(days=1))

    assert (came.resealed, came.shut, came.older, early, went, ring.keys_at(talked.home)) == (1, 0, 1, (0, 2), 1, 1)
    assert before not in file.read_text()
    with open_pool(talked.pool.conninfo) as pool:  # type: ignore[arg-type]  # a string here
        fresh = House(pool=pool, home=talked.home, rulebook=talked.rulebook)
        assert WORDS in told(fresh, people)


def test_what_other_processes_seal_and_store_while_the_house_key_changes_never_becomes_unreadable(talked: House, people: Cast) -> None:
    fresh = HouseKeys(talked.pool, talked.home).fresh
    late, begun, ended = fresh(), Event(), Event()
    numbers = count(100)

    def write() -> None:
        while not ended.is_set():
            wrapped = fresh()
            begun.set()
            with talked.pool.connection() as tx:
                data_keys.add(tx, people.other_shop_id, next(numbers), wrapped, NOW)

    with ThreadPoolExecutor(2) as others:
        writing = [others.submit(write) for _ in range(2)]
        begun.wait(5)
        changing = [ThreadPoolExecutor(1).submit(change_house_key, talked, operator(), NOW) for _ in range(2)]
        came = [change.result(60) for change in changing]
        ended.set()
        assert all(one.result(60) is None for one in writing)
    with talked.pool.connection() as tx:
        data_keys.add(tx, people.other_shop_id, 99, late, NOW)

    retire_house_keys(talked, NOW + timedelta(days=1))

    with talked.pool.connection() as tx:
        keys = keys_of(tx, people.other_shop_id)
    assert (max(one.older for one in came), ring.keys_at(talked.home), len(keys) > 2) == (2, 1, True)
    assert [number for number, wrapped in keys if ring.opened_at(talked.home, wrapped) is None] == []


def test_a_key_that_somebody_put_back_after_the_change_stays(talked: House) -> None:
    change_house_key(talked, operator(), NOW)
    file = talked.home / "keys" / "vault.keys"
    elsewhere = Fernet.generate_key()
    file.write_bytes(file.read_bytes() + elsewhere + b"\n")

    reseal_some(talked, NOW, NOW + timedelta(days=2))

    assert file.read_bytes().split()[1:] == [elsewhere]


def test_without_the_key_everything_goes_on_and_nothing_is_lost_until_it_is_back(
    talked: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)  # with the database of its own; of others' see tests/cli/test_house_keys.py
    elsewhere, said = tmp_path / "elsewhere", told(talked, people)

    with open_pool(talked.pool.conninfo) as pool:  # type: ignore[arg-type]  # a string here
        other = House(pool=pool, home=elsewhere, rulebook=talked.rulebook)
        shut = told(other, people)
        add_note(other, people.mei, people.shop_id, Subject(SubjectKind.ORDER, A), "新的备注", NOW)
        undo_nothing = confirmed(other, people, tmp_path)
        reseal_shop(other, people.shop_id, datetime.now(UTC) + timedelta(minutes=6))
        reseal_shop(other, people.shop_id, datetime.now(UTC) + timedelta(days=3))
        with pytest.raises(Refused, match="not at hand"):
            take_paste(other, people.mei, people.shop_id, PASTE, NOW)
    assert undo_nothing
    assert [text for text in shut if "梅花鹿" in text] == []
    assert keys_used(talked) == {"1", "2"}

    ours, theirs = talked.home / "keys" / "vault.keys", elsewhere / "keys" / "vault.keys"
    ours.write_bytes(theirs.read_bytes() + ours.read_bytes())
    with open_pool(talked.pool.conninfo) as pool:  # type: ignore[arg-type]  # a string here
        both = House(pool=pool, home=talked.home, rulebook=talked.rulebook)
        assert told(both, people) == said
        went = [reseal_shop(both, people.shop_id, datetime.now(UTC) + timedelta(days=4, minutes=10 * beat)) for beat in range(3)]
        assert (went[-1], keys_used(talked)) == (True, {"2"}), "what lay shut while everything was gone through follows before its key goes"
        assert told(both, people) == said


def test_a_process_that_runs_opens_what_lay_shut_once_the_keys_are_brought(
    talked: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("zhanggui.records.sealing.KNOWN_FOR", 0.0)
    elsewhere, said = tmp_path / "elsewhere", told(talked, people)

    with open_pool(talked.pool.conninfo) as pool:  # type: ignore[arg-type]  # a string here
        other = House(pool=pool, home=elsewhere, rulebook=talked.rulebook)
        assert told(other, people) != said
        with (elsewhere / "keys" / "vault.keys").open("ab") as file:
            file.write((talked.home / "keys" / "vault.keys").read_bytes())
        assert told(other, people) == said


def confirmed(house: House, people: Cast, folder: Path) -> bool:
    """Whether the shop still takes in what a file tells of an order whose talk is shut."""
    later = NOW + timedelta(days=1)
    file = orders_csv(folder / "later.csv", [shipped(A)])
    confirm(house, people.lin, people.shop_id, preview(house, people.lin, people.shop_id, [file], later, as_of=later).batch_id, later)
    with house.pool.connection() as tx:
        return around.orders(tx, people.shop_id, [A])[A].facts.tracking_no is not None


def test_a_value_moved_to_another_shop_or_place_does_not_open(talked: House, people: Cast) -> None:
    with talked.pool.connection() as tx:
        ours, theirs = cipher_of(tx, people.shop_id), cipher_of(tx, people.other_shop_id)
        lying = ours.seal(WORDS, "notes.text")

        assert lying.startswith(MARK)
        assert ours.open(lying, "notes.text") == WORDS
        for cipher, place in ((theirs, "notes.text"), (ours, "threads.waiting_text")):
            with pytest.raises(Refused, match="does not open"):
                cipher.open(lying, place)
        with pytest.raises(Refused, match="does not open"):
            ours.open(lying[:-4] + "AAA=", "notes.text")
        typed = ours.seal(f"{MARK}1:abc", "notes.text")
        assert ours.open(typed, "notes.text") == f"\ufffd{MARK[1:]}1:abc"


def test_only_who_looks_after_personal_data_changes_a_key(talked: House, people: Cast) -> None:
    for who in (people.mei, people.zheng):
        with pytest.raises(NotAllowed):
            change_key(talked, who, people.shop_id, NOW)
    with pytest.raises(NotAllowed):
        change_house_key(talked, people.lin, NOW)
