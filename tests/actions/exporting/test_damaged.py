"""A damaged export is refused, naming the file and the line, and nothing of it is kept."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import msgspec
import psycopg
import pytest

from tests.actions.exporting.boxes import rewritten
from tests.cast import Cast
from zhanggui import clock
from zhanggui.actions.evidence import NewFile, add_file
from zhanggui.actions.exporting import bring_back, bringing_back, checked, checking, opened_box, take_out
from zhanggui.actions.exporting.checking import Damaged
from zhanggui.actions.exporting.home_files import put_file
from zhanggui.actions.exporting.packing import Box
from zhanggui.actions.exporting.shapes import MANIFEST, MARK_EVERY, Manifest, OtherFile, Stands
from zhanggui.actions.house import House
from zhanggui.actions.notes import add_note
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.people.permissions import operator
from zhanggui.records import whole
from zhanggui.records.db import connect
from zhanggui.records.migrate import MigrationRefused, migrate

ROWS = 2 * MARK_EVERY + 500
NUMBERS = "tables/parcel_lookups.jsonl"
PUT = """
    insert into parcel_lookups (shop_id, tracking_no, asked_at)
    select %s, 'YT' || to_char(n, 'FM0000'), '2026-03-01' from generate_series(1, %s) n
"""
ORDER = """
    insert into orders (shop_id, order_no, stage, refund, listed_at, teaches_hours, as_of, facts)
    values (1, 'A1', 'to_ship', 'none', '2026-03-01', false, '2026-03-01', '{"order_no": "A1"}')
"""
WORDS = "The file {file} is damaged: it is not what was written."
IN_LINE = "The file {file} is damaged in line {line}: it is not what was written."
BETWEEN = "The file {file} is damaged between line {first} and line {last}: it is not what was written."
ENDS = "The file {file} ends after line {line} of {rows}."


@pytest.fixture
def export(house: House, people: Cast, tmp_path: Path) -> Path:
    """An export with a table of 2,500 rows and a piece of evidence."""
    with house.pool.connection() as tx:
        tx.execute(PUT, (people.shop_id, ROWS))
        tx.execute(ORDER)
    add_file(house, people.lin, people.shop_id, "A1", NewFile(name="a.txt", media_type="text/plain", content=b"weighed"), clock.now())
    take_out(house, operator(), tmp_path / "export", clock.now())
    return tmp_path / "export"


def test_it_names_the_file_and_where_it_is_damaged(export: Path, tmp_path: Path) -> None:
    evidence = next(file.relative_to(export).as_posix() for file in export.glob("evidence/*/*"))
    cases: list[tuple[str, Callable[[bytes], bytes], str, dict[str, object]]] = [
        (NUMBERS, lambda text: text.replace(b'"YT1234"', b'"YT1235"'), BETWEEN, {"first": 1001, "last": 2000}),
        (NUMBERS, lambda text: text.replace(b'"YT2345"', b'"YT2346"'), BETWEEN, {"first": 2001, "last": 2500}),
        (NUMBERS, lambda text: text.replace(b'"YT0007"', b"YT0007"), IN_LINE, {"line": 7}),
        (NUMBERS, lambda text: text.replace(b'{"shop_id":1,"tracking_no":"YT0011"', b'{"tracking_no":"YT0011"'), IN_LINE, {"line": 11}),
        (NUMBERS, lambda text: b"".join(text.splitlines(keepends=True)[:2200]), ENDS, {"line": 2200, "rows": 2500}),
        (NUMBERS, lambda text: b"".join(text.splitlines(keepends=True)[:1000]), ENDS, {"line": 1000, "rows": 2500}),
        (NUMBERS, lambda text: text[:-9], IN_LINE, {"line": 2500}),
        (NUMBERS, lambda text: text + b'{"shop_id":1,"tracking_no":"YT9999","asked_at":"2026-03-01T00:00:00+00:00"}\n', IN_LINE, {"line": 2501}),
        (evidence, lambda text: text.replace(b"weighed", b"wiighed"), WORDS, {}),
        (evidence, lambda text: text + b"!", WORDS, {}),
        ("schemas/orders.schema.json", lambda text: text.replace(b"orders", b"order2"), WORDS, {}),
        (MANIFEST, lambda text: text.replace(b'"rows": 2500', b'"rows": 2501'), WORDS, {}),
    ]

    for number, (path, change, sentence, slots) in enumerate(cases):
        folder = tmp_path / f"case {number}"
        shutil.copytree(export, folder)
        (folder / path).write_bytes(change((folder / path).read_bytes()))
        with pytest.raises(Damaged) as refused, opened_box(folder) as box:
            checked(box)
        assert (refused.value.say.text, refused.value.say.slots) == (sentence, {"file": path, **slots}), number


def test_it_names_a_file_that_is_missing(export: Path, tmp_path: Path) -> None:
    (export / NUMBERS).unlink()

    with pytest.raises(Refused, match="is missing from the export"), opened_box(export) as box:
        checked(box)
    with pytest.raises(Refused, match="There is no export here"), opened_box(tmp_path) as box:
        checked(box)


def test_it_names_a_text_that_was_left_sealed_where_all_lie_open(house: House, people: Cast, tmp_path: Path) -> None:
    with house.pool.connection() as tx:
        tx.execute(ORDER)
    add_note(house, people.lin, people.shop_id, Subject(SubjectKind.ORDER, "A1"), "weighed", clock.now())
    take_out(house, operator(), tmp_path / "export", clock.now(), with_keys=True)
    rewritten(tmp_path / "export", lambda told: msgspec.structs.replace(told, is_open=True))

    with pytest.raises(Damaged, match="left sealed") as refused, opened_box(tmp_path / "export") as box:
        checked(box)

    assert refused.value.say.slots == {"file": "tables/notes.jsonl", "line": 1}


def test_it_finds_damage_in_a_zip_and_refuses_what_is_none(house: House, export: Path, tmp_path: Path) -> None:
    packed = tmp_path / "export.zip"
    take_out(house, operator(), packed, clock.now())
    content = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as archive:
        place = archive.getinfo(NUMBERS).header_offset + 200
    content[place] ^= 0xFF
    packed.write_bytes(content)
    (tmp_path / "none.zip").write_bytes(b"no zip")

    with pytest.raises(Damaged) as refused, opened_box(packed) as box:
        checked(box)
    with pytest.raises(Refused, match="There is no export at"), opened_box(tmp_path / "none.zip"):
        pass

    assert refused.value.say.slots["file"] == NUMBERS


def test_it_opens_nothing_outside_the_export(export: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    outside = ("../secret", str(tmp_path / "secret"), "a/../../secret", "..\\secret")

    for path in outside:
        with pytest.raises(FileNotFoundError), opened_box(export) as box:
            box.open(path)
    (export / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(FileNotFoundError), opened_box(export) as box:
        box.open("link")


def test_it_refuses_a_zip_whose_members_are_shut_or_packed_oddly(house: House, tmp_path: Path) -> None:
    packed = tmp_path / "export.zip"
    take_out(house, operator(), packed, clock.now())
    whole = packed.read_bytes()
    central = whole.index(b"PK\x01\x02")

    for at, value in ((8, 1), (10, 99)):
        content = bytearray(whole)
        content[central + at] = value
        packed.write_bytes(content)
        with pytest.raises(Damaged), opened_box(packed) as box:
            checked(box)


def test_it_refuses_numbers_of_a_column_that_is_not_there(export: Path, fresh: str, tmp_path: Path) -> None:
    odd = Stands(table="shops", column="name", value=1, is_called=True)
    rewritten(export, lambda told: msgspec.structs.replace(told, sequences=(*told.sequences, odd)))

    with pytest.raises(Damaged) as refused:
        bring_back(export, tmp_path / "home", clock.unwound())

    assert refused.value.say.slots == {"file": MANIFEST}


def test_it_believes_no_size_beyond_what_such_a_file_ever_has(export: Path, fresh: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = (export / MANIFEST).read_bytes()
    spread = told.replace(b'"bytes": 0', b'"bytes": -2', 1)

    for limit, value, file in (("LARGEST_MANIFEST", 100, MANIFEST), ("LONGEST_LINE", 40, "tables/"), ("LARGEST_CONTENT", 3, "evidence/")):
        with monkeypatch.context() as small:
            small.setattr(checking, limit, value)
            with pytest.raises(Damaged) as refused:
                bring_back(export, tmp_path / "home", clock.unwound())
        assert str(refused.value.say.slots["file"]).startswith(file), limit
    assert spread != told
    (export / MANIFEST).write_bytes(spread)
    with pytest.raises(Damaged):
        bring_back(export, tmp_path / "home", clock.unwound())

    with psycopg.connect(fresh) as connection:
        assert connection.execute("select count(*) from shops").fetchone() == (0,)


def test_it_takes_no_keys_or_settings_in_that_nobody_asked_for(house: House, export: Path, fresh: str, tmp_path: Path) -> None:
    keyed, home = tmp_path / "keyed", tmp_path / "home"
    take_out(house, operator(), keyed, clock.now(), with_keys=True)
    for folder, path in ((export, "home/settings.toml"), (export, "home/keys/vault.keys"), (keyed, "home/settings.toml")):
        before = (folder / MANIFEST).read_bytes()
        _adds(folder, path, b"theirs")

        with pytest.raises(Refused, match="--with-keys"):
            bring_back(folder, home, clock.unwound())
        (folder / MANIFEST).write_bytes(before)

    assert not home.exists()


def test_it_writes_over_no_file_of_the_home(export: Path, fresh: str, tmp_path: Path) -> None:
    _adds(export, "home/slips.toml", b"theirs")
    home = tmp_path / "home"
    home.mkdir()
    (home / "slips.toml").write_bytes(b"ours")

    with pytest.raises(Refused, match="already has"):
        bring_back(export, home, clock.unwound())

    assert (home / "slips.toml").read_bytes() == b"ours"


@pytest.mark.parametrize("is_killed", [False, True])
def test_an_import_that_did_not_come_to_its_end_leaves_nothing_or_is_begun_anew(
    export: Path, fresh: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_killed: bool
) -> None:
    _adds(export, "home/slips.toml", b"ours")
    home = tmp_path / "home"
    with monkeypatch.context() as broken:
        broken.setattr(bringing_back, "_seal", _is_full)
        if is_killed:  # nothing is taken back by one that is no more
            broken.setattr(bringing_back, "_taken_back", lambda _conninfo: ExitStack())
            broken.setattr(bringing_back, "put_file", _put_and_die)
        with pytest.raises(OSError, match="full"):
            bring_back(export, home, clock.unwound())
    was_put = (home / "slips.toml").exists()

    with psycopg.connect(fresh) as connection:
        left = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    if is_killed:
        with pytest.raises(MigrationRefused, match="begins anew"):
            migrate(fresh)
    brought = bring_back(export, home, clock.unwound())

    assert ((left == (0,)), was_put) == (not is_killed, is_killed)
    assert (home / "slips.toml").read_bytes() == b"ours"
    with psycopg.connect(fresh) as connection:
        assert connection.execute("select count(*) from parcel_lookups").fetchone() == (ROWS,)
    assert brought.migrated == ()
    assert migrate(fresh) == []


def test_two_do_not_fill_one_home_at_once(export: Path, fresh: str, tmp_path: Path) -> None:
    with connect(fresh, autocommit=True) as other:
        whole.may_fill(other)

        with pytest.raises(Refused, match="right now"):
            bring_back(export, tmp_path / "home", clock.unwound())


def _is_full(*_: object) -> None:
    raise OSError("full")


def _put_and_die(box: Box, home: Path, file: OtherFile) -> Callable[[], None]:
    put_file(box, home, file)
    return lambda: None


def _adds(folder: Path, path: str, content: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)
    more = OtherFile(path=path, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    rewritten(folder, lambda told: msgspec.structs.replace(told, files=(*told.files, more)))


def test_it_keeps_nothing_of_rows_that_do_not_fit_together(export: Path, fresh: str, tmp_path: Path) -> None:
    def without_shops(told: Manifest) -> Manifest:
        return msgspec.structs.replace(told, tables=tuple(each for each in told.tables if each.table != "shops"))

    rewritten(export, without_shops)

    with pytest.raises(Refused, match="do not fit together"):
        bring_back(export, tmp_path / "home", clock.unwound())

    with psycopg.connect(fresh) as connection:
        assert connection.execute("select count(*) from people").fetchone() == (0,)
        assert connection.execute("select count(*) from parcel_lookups").fetchone() == (0,)
