"""The vault keeps what was brought byte for byte, and whatever is altered afterwards is found: every column, every entry, every content, the ends."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.actions.files import ONE, TWO, orders_csv, row
from tests.actions.privacy.scene import take_away
from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.evidence import (
    LARGEST,
    Kept,
    NewFile,
    NewReference,
    add_file,
    add_pieces,
    add_reference,
    content_of,
    evidence_of,
    make_packet,
    verify_packet,
    verify_shop,
)
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.evidence import Fault
from zhanggui.people.permissions import NotAllowed

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff\xe0 a photo of nuts"
SCALES = b"\x89PNG\r\n\x1a\n 512 g on the scales"


@pytest.fixture
def vault(house: House, people: Cast, tmp_path: Path) -> House:
    """Two orders; of the first a photo, the scales and a film elsewhere, of the second the photo again."""
    batch = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "o.csv", [row(ONE), row(TWO)])], NOW, as_of=NOW)
    importing.confirm(house, people.lin, people.shop_id, batch.batch_id, NOW)
    add_file(house, people.zhou, people.shop_id, ONE, _file("before.jpg", PHOTO), NOW)
    add_file(house, people.zhou, people.shop_id, TWO, _file("same.jpg", PHOTO), NOW)
    add_file(house, people.mei, people.shop_id, ONE, _file("scales.png", SCALES), NOW + timedelta(minutes=1))
    film = NewReference(name="packing film", reference="NAS: 2026-03/cam1.mp4", sha256="ab" * 32, note="the whole packing")
    add_reference(house, people.mei, people.shop_id, ONE, film, NOW + timedelta(minutes=2))
    return house


def _file(name: str, content: bytes) -> NewFile:
    return NewFile(name=name, media_type="image/jpeg", content=content, note="at the bench", taken_at=NOW - timedelta(hours=1))


def _faults(house: House, people: Cast) -> set[tuple[str, int, Fault]]:
    return {(each.chain, each.seq, each.fault) for each in verify_shop(house, people.lin, people.shop_id).findings}


def test_it_keeps_what_was_brought(vault: House, people: Cast) -> None:
    kept = evidence_of(vault, people.mei, people.shop_id, ONE)

    assert [(each.seq, each.name, each.size, each.made_by_name) for each in kept] == [
        (1, "before.jpg", len(PHOTO), "老周"),
        (3, "scales.png", len(SCALES), "小美"),
        (4, "packing film", 0, "小美"),
    ]
    assert content_of(vault, people.mei, people.shop_id, ONE, 1)[1] == PHOTO
    assert kept[2].sha256 == "ab" * 32
    assert _faults(vault, people) == set()


def test_the_same_content_is_kept_once(vault: House) -> None:
    with vault.pool.connection() as tx:
        count = tx.execute("select count(*) from evidence_contents").fetchone()

    assert count == (2,)


def test_an_outsider_sees_and_brings_nothing(vault: House, people: Cast) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: evidence_of(vault, people.zheng, people.shop_id, ONE),
        lambda: content_of(vault, people.zheng, people.shop_id, ONE, 1),
        lambda: make_packet(vault, people.zheng, people.shop_id, ONE, NOW),
        lambda: add_file(vault, people.zheng, people.shop_id, ONE, _file("x", b"x"), NOW),
        lambda: verify_shop(vault, people.zheng, people.shop_id),
        lambda: content_of(vault, people.mei, people.shop_id, ONE, 2),  # a piece of the other order
        lambda: add_file(vault, people.mei, people.shop_id, "no such order", _file("x", b"x"), NOW),
    ]

    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (_file("empty.jpg", b""), "empty.jpg is empty"),
        (_file("long.mp4", bytes(LARGEST + 1)), "larger than 20 MB"),
        (msgspec.structs.replace(_file("late.jpg", PHOTO), taken_at=NOW + timedelta(days=1)), "cannot have happened later than now"),
    ],
)
def test_it_refuses_what_cannot_be_evidence(vault: House, people: Cast, new: NewFile, why: str) -> None:
    with pytest.raises(Refused) as refused:
        add_file(vault, people.mei, people.shop_id, ONE, new, NOW)

    assert why in refused.value.say.text.format(**refused.value.say.slots)
    assert len(evidence_of(vault, people.mei, people.shop_id, ONE)) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        _file("empty.jpg", b""),
        msgspec.structs.replace(_file("late.jpg", PHOTO), taken_at=NOW + timedelta(days=1)),
        NewReference(name="film", reference="NAS", sha256="no digest"),
    ],
)
def test_of_several_pieces_all_are_kept_or_none(vault: House, people: Cast, wrong: NewFile | NewReference) -> None:
    with pytest.raises(Refused):
        add_pieces(vault, people.mei, people.shop_id, ONE, [_file("more.jpg", SCALES), wrong], NOW)
    before = len(evidence_of(vault, people.mei, people.shop_id, ONE))
    numbers = add_pieces(vault, people.mei, people.shop_id, ONE, [_file("more.jpg", SCALES), NewReference(name="film", reference="NAS")], NOW)

    assert (before, numbers) == (3, [5, 6])
    assert _faults(vault, people) == set()


def test_many_who_bring_at_once_make_one_chain(vault: House, people: Cast) -> None:
    with ThreadPoolExecutor(4) as hands:
        numbers = list(hands.map(lambda n: add_file(vault, people.mei, people.shop_id, (ONE, TWO)[n % 2], _file(f"{n}.jpg", b"%d" % n), NOW), range(20)))

    assert sorted(numbers) == list(range(5, 25))
    assert _faults(vault, people) == set()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("order_no", "'" + TWO + "'"),
        ("kind", "'reference'"),
        ("name", "'other.jpg'"),
        ("media_type", "'image/png'"),
        ("size", "size + 1"),
        ("content", "sha256('other')"),
        ("reference", "'elsewhere'"),
        ("note", "note || ' '"),
        ("taken_at", "taken_at + interval '1 second'"),
        ("made_by", "made_by + 1"),
        ("made_by_name", "'somebody'"),
        ("made_at", "made_at - interval '1 microsecond'"),
        ("previous", "sha256('x')"),
        ("order_previous", "sha256('x')"),
        ("digest", "sha256('x')"),
    ],
)
def test_a_changed_column_is_found(vault: House, people: Cast, column: str, value: str) -> None:
    with vault.pool.connection() as tx:
        tx.execute(f"update evidence set {column} = {value} where shop_id = %s and seq = 3", (people.shop_id,))

    assert ("evidence", 3, Fault.CHANGED) in _faults(vault, people)


def test_every_column_is_tried_above(vault: House) -> None:
    (marks,) = (mark for mark in test_a_changed_column_is_found.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    with vault.pool.connection() as tx:
        columns = {name for (name,) in tx.execute("select column_name from information_schema.columns where table_name = 'evidence'")}

    assert {column for column, _ in marks.args[1]} == columns - {"shop_id", "seq"}


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
def test_a_removed_entry_is_found(vault: House, people: Cast, seq: int) -> None:
    with vault.pool.connection() as tx:
        tx.execute("delete from evidence where shop_id = %s and seq = %s", (people.shop_id, seq))

    assert _faults(vault, people) & {("evidence", seq, Fault.MISSING), ("evidence", 3, Fault.CUT_OFF)}


def test_a_removed_entry_is_found_though_the_rest_were_renumbered(vault: House, people: Cast) -> None:
    with vault.pool.connection() as tx:
        tx.execute("delete from evidence where shop_id = %s and seq = 2", (people.shop_id,))
        tx.execute("update evidence set seq = 2 where shop_id = %s and seq = 3", (people.shop_id,))
        tx.execute("update evidence set seq = 3 where shop_id = %s and seq = 4", (people.shop_id,))

    assert {("evidence", 2, Fault.UNTIED), ("evidence", 2, Fault.CHANGED), ("evidence", 3, Fault.CUT_OFF)} <= _faults(vault, people)


def test_exchanged_entries_are_found(vault: House, people: Cast) -> None:
    with vault.pool.connection() as tx:
        tx.execute("update evidence set seq = case seq when 1 then -3 else -1 end where shop_id = %s and seq in (1, 3)", (people.shop_id,))
        tx.execute("update evidence set seq = -seq where shop_id = %s and seq < 0", (people.shop_id,))

    assert {("evidence", 1, Fault.CHANGED), ("evidence", 3, Fault.CHANGED)} <= _faults(vault, people)


def test_changed_and_missing_contents_are_found(vault: House, people: Cast) -> None:
    with vault.pool.connection() as tx:
        tx.execute("update evidence_contents set content = content || 'x' where digest = sha256(%s)", (PHOTO,))
        tx.execute("delete from evidence_contents where digest = sha256(%s)", (SCALES,))

    assert _faults(vault, people) == {
        ("evidence", 1, Fault.CONTENT_CHANGED),
        ("evidence", 2, Fault.CONTENT_CHANGED),
        ("evidence", 3, Fault.CONTENT_MISSING),
    }


def test_what_was_kept_outside_finds_a_whole_chain_written_anew(vault: House, people: Cast) -> None:
    heads = verify_shop(vault, people.lin, people.shop_id).heads
    with vault.pool.connection() as tx:
        tx.execute("delete from evidence")
        tx.execute("delete from chain_heads")
    for number in range(4):
        add_file(vault, people.mei, people.shop_id, ONE, _file(f"forged{number}.jpg", SCALES), NOW)

    assert _faults(vault, people) == set()
    found = verify_shop(vault, people.lin, people.shop_id, heads).findings
    assert [(each.seq, each.fault) for each in found] == [(4, Fault.NOT_AS_KEPT)]


def test_an_end_kept_outside_is_met_again_when_more_was_added(vault: House, people: Cast) -> None:
    heads = verify_shop(vault, people.lin, people.shop_id).heads
    add_file(vault, people.mei, people.shop_id, ONE, _file("more.jpg", SCALES), NOW)

    assert verify_shop(vault, people.lin, people.shop_id, heads).findings == ()
    assert heads[0] == Kept(people.shop_id, "evidence", 4, heads[0].digest)


@pytest.fixture
def packet(vault: House, people: Cast, tmp_path: Path) -> Path:
    """The packet of the first order."""
    path = tmp_path / "packet.zip"
    path.write_bytes(make_packet(vault, people.mei, people.shop_id, ONE, NOW).content)
    return path


def test_a_packet_holds_the_originals_and_proves_itself(packet: Path) -> None:
    with zipfile.ZipFile(packet) as opened:
        names = opened.namelist()
        photo = opened.read("files/00001-before.jpg")

    assert names == ["files/00001-before.jpg", "files/00003-scales.png", "index.json", "README.txt"]
    assert photo == PHOTO
    index, findings = verify_packet(packet)
    assert (index.order_no, len(index.entries), findings) == (ONE, 3, ())


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("files/00001-before.jpg", lambda content: content + b"x", Fault.CONTENT_CHANGED),
        ("files/00003-scales.png", lambda _: None, Fault.CONTENT_MISSING),
        ("index.json", lambda content: content.replace(b"at the bench", b"at the beach", 1), Fault.CHANGED),
        ("index.json", lambda content: content.replace(b'"file": "files/00001-before.jpg"', b'"file": ""', 1), Fault.CONTENT_MISSING),
        ("index.json", lambda content: _without_entry(content, 0), Fault.UNTIED),
        ("index.json", lambda content: _without_entry(content, 1), Fault.UNTIED),
    ],
)
def test_an_altered_packet_is_found(packet: Path, name: str, change: Callable[[bytes], bytes | None], fault: Fault) -> None:
    _rewrite(packet, name, change)

    _, findings = verify_packet(packet)

    assert fault in {each.fault for each in findings}


def test_a_packet_in_which_nothing_was_forgotten_is_written_as_ever(packet: Path) -> None:
    assert b"redacted" not in packet.read_bytes()


def test_a_packet_leaves_out_what_was_forgotten_and_says_so(vault: House, people: Cast, tmp_path: Path) -> None:
    take_away(vault, people, ONE, 1, 3)  # the content of the first is kept for the other order still
    add_file(vault, people.mei, people.shop_id, ONE, _file("later.jpg", b"later"), NOW + timedelta(minutes=3))
    path = tmp_path / "packet.zip"

    path.write_bytes(make_packet(vault, people.mei, people.shop_id, ONE, NOW).content)

    index, findings = verify_packet(path)
    with zipfile.ZipFile(path) as opened:
        assert opened.namelist() == ["files/00005-later.jpg", "index.json", "README.txt"]
        assert b"redacted" in opened.read("README.txt")
    assert [(each.seq, each.name, each.redacted) for each in index.entries] == [
        (1, "", True),
        (3, "", True),
        (4, "packing film", False),
        (5, "later.jpg", False),
    ]
    assert [(each.seq, each.fault) for each in findings] == [(1, Fault.REDACTED), (3, Fault.REDACTED)]
    assert _faults(vault, people) == set()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"redacted": True, "name": "", "note": "", "file": ""}, Fault.REDACTED),
        ({"redacted": True, "name": "", "note": "", "digest": "ab" * 32}, Fault.UNTIED),
        ({"redacted": True, "name": "", "note": "another"}, Fault.CHANGED),
        ({"redacted": True, "size": 1}, Fault.CHANGED),
        ({"redacted": True, "file": "files/00003-scales.png"}, Fault.CONTENT_CHANGED),
        ({"redacted": True, "file": ""}, Fault.CONTENT_MISSING),
    ],
)
def test_nothing_is_altered_unnoticed_by_calling_it_redacted(packet: Path, change: dict[str, object], fault: Fault) -> None:
    _rewrite(packet, "index.json", lambda content: _with_first(content, change))

    _, findings = verify_packet(packet)

    assert fault in {each.fault for each in findings}


def test_what_is_no_packet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.zip").write_bytes(b"PK nothing")

    with pytest.raises(Refused, match=r"none\.zip|\{file\}"):
        verify_packet(tmp_path / "none.zip")


@pytest.mark.parametrize("index", [b"{", b"[" * 500_000, b'{"x": ' + b"[" * 400_000 + b"]" * 400_000 + b"}"], ids=["cut off", "nested", "nested aside"])
def test_a_made_up_index_is_refused(tmp_path: Path, index: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "made_up.zip", "w") as packet:
        packet.writestr("index.json", index)

    with pytest.raises(Refused):
        verify_packet(tmp_path / "made_up.zip")


def test_a_packet_that_swells_is_not_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "swells.zip", "w", zipfile.ZIP_DEFLATED) as packet, packet.open("index.json", "w") as index:
        for _ in range(220):
            index.write(b" " * 1024 * 1024)

    with pytest.raises(Refused, match="larger"):
        verify_packet(tmp_path / "swells.zip")


def _with_first(content: bytes, change: dict[str, object]) -> bytes:
    told = msgspec.json.decode(content)
    told["entries"][0] |= change
    return msgspec.json.encode(told)


def _without_entry(content: bytes, number: int) -> bytes:
    told = msgspec.json.decode(content)
    del told["entries"][number]
    return msgspec.json.encode(told)


def _rewrite(packet: Path, name: str, change: Callable[[bytes], bytes | None]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(packet) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            content = change(old.read(each)) if each == name else old.read(each)
            if content is not None:
                new.writestr(each, content)
    packet.write_bytes(out.getvalue())
