"""An export brought back: into a home that holds nothing yet, whole or not at all, and then brought up to the schema of this program."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
from psycopg import errors

from zhanggui.actions.exporting.checking import Damaged, blocks_of, checked, lines_of, opened_box, whole_of
from zhanggui.actions.exporting.home_files import files_brought, must_leave_files, put_file
from zhanggui.actions.exporting.leaving import BESIDE, LEDGER
from zhanggui.actions.exporting.packing import Box
from zhanggui.actions.exporting.shapes import MANIFEST, Manifest, TableFile
from zhanggui.actions.exporting.taking_out import content_path
from zhanggui.actions.house import House
from zhanggui.actions.privacy.keys import reseal_shop
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId
from zhanggui.records import whole
from zhanggui.records.db import Tx, connect, open_pool
from zhanggui.records.migrate import migrate, migrations
from zhanggui.records.sealing import cipher_of
from zhanggui.records.whole import Stand, Table
from zhanggui.rulebook import load as load_rulebook
from zhanggui.server import embedded, leave_places_given

_WITNESSES = ("shops", "people")
"""Tables that hold rows in every house that was ever used."""


class Brought(msgspec.Struct, frozen=True):
    """What was brought back, and the steps of the schema that this program added."""

    manifest: Manifest
    migrated: tuple[str, ...]


def bring_back(source: Path, home: Path, wall: datetime, *, with_keys: bool = False) -> Brought:
    """Puts an export into an empty home, and seals there what is to lie sealed; `with_keys` takes the keys and settings in that it brings along.

    Raises Refused where the export is damaged or made by a newer program, or where the home holds data. Whatever happens on the way, nothing is kept
    unless everything is: where this ends by itself what was put is taken away, and where it is killed nobody opens the home before it was done anew.
    """
    with opened_box(source) as box:
        manifest = checked(box)
        _must_be_known(manifest)
        files = files_brought(manifest, with_keys=with_keys)
        home.mkdir(parents=True, exist_ok=True)
        must_leave_files(box, home, files)
        with embedded(home) as conninfo, _alone(conninfo):
            _clear_away(conninfo)
            steps = {step.name for step in manifest.migrations}
            _must_be_empty(conninfo, home, steps)
            migrate(conninfo, only=steps)
            with connect(conninfo) as tx:
                _fill(tx, box, manifest)
                whole.begin_filling(tx)
            with _taken_back(conninfo) as undo:
                later = migrate(conninfo, is_filling=True)
                for file in files:
                    undo.callback(put_file(box, home, file))
                if manifest.is_open:
                    _seal(conninfo, home, wall)
                with connect(conninfo, autocommit=True) as tx:
                    leave_places_given(tx)
                    whole.count_anew(tx)
                    whole.end_filling(tx)
                undo.pop_all()
    return Brought(manifest, tuple(later))


@contextmanager
def _alone(conninfo: str) -> Iterator[None]:
    """Nobody else fills this house meanwhile. Raises Refused where somebody does; whoever was killed does no more."""
    with connect(conninfo, autocommit=True) as holding:
        if not whole.may_fill(holding):
            raise Refused(say("An export is being brought back into this home right now. Let that come to its end."))
        yield


@contextmanager
def _taken_back(conninfo: str) -> Iterator[ExitStack]:
    """What is done here is taken back when it does not come to its end."""
    with ExitStack() as undo:
        undo.callback(_clear_away, conninfo)
        yield undo


def _clear_away(conninfo: str) -> None:
    """Takes away what an import left behind that did not come to its end."""
    with suppress(psycopg.OperationalError), connect(conninfo) as tx:
        if whole.is_half_filled(tx):
            whole.drop_all(tx)


def _seal(conninfo: str, home: Path, wall: datetime) -> None:
    """Seals every text that the export told openly, with keys of this house."""
    with open_pool(conninfo) as pool:
        house = House(pool=pool, home=home, rulebook=load_rulebook())
        with pool.connection() as tx:
            shop_ids = whole.shop_ids(tx)
        for shop_id in shop_ids:
            with pool.connection() as tx:
                cipher_of(tx, shop_id)
            reseal_shop(house, ShopId(shop_id), wall, settles=timedelta(0))


def _must_be_known(manifest: Manifest) -> None:
    known = {step.name: step.digest for step in migrations()}
    for step in manifest.migrations:
        if known.get(step.name) != step.digest:
            raise Refused(
                say("The export was made by another version of Zhanggui (its step {migration} is not known here). Install that version.", migration=step.name)
            )


def _must_be_empty(conninfo: str, home: Path, steps: set[str]) -> None:
    with connect(conninfo) as tx:
        applied = {name for name, _ in whole.migrations_applied(tx)}
        if applied and any(whole.has_rows(tx, name) for name in _WITNESSES):
            raise Refused(say("The home {home} already holds data. Import the export into a new one.", home=str(home)))
        if not applied <= steps:
            raise Refused(say("The home {home} was opened by a newer version than the one that made the export. Import it into a new home.", home=str(home)))


def _fill(tx: Tx, box: Box, manifest: Manifest) -> None:
    tables = {name: table for name, table in whole.tables(tx).items() if name != LEDGER}
    told = {each.table: each for each in manifest.tables}
    _must_fit(tables, told)
    for name in reversed(tables):
        if manifest.shop is None or name in told:
            whole.empty(tx, name)
    whole.make_place_for_lines(tx)
    for name, table in tables.items():
        if name in told:
            _fill_table(tx, box, table, told[name])
    counted = {(each.table, each.column) for each in whole.sequences(tx)}
    if any((each.table, each.column) not in counted for each in manifest.sequences):
        raise Damaged(say("The file {file} does not hold what the table of this version holds.", file=MANIFEST))
    whole.set_sequences(tx, [Stand(**msgspec.structs.asdict(each)) for each in manifest.sequences])


def _must_fit(tables: Mapping[str, Table], told: Mapping[str, TableFile]) -> None:
    """The export holds the columns that these tables have, no more and no fewer."""
    for name, file in told.items():
        beside = BESIDE.get(name)
        columns = {column.name for column in tables[name].columns} - {beside} if name in tables else set()
        if columns != {column for column in file.columns if beside is None or not column.startswith(f"{beside}_")}:
            raise Damaged(say("The file {file} does not hold what the table of this version holds.", file=file.path))


def _fill_table(tx: Tx, box: Box, table: Table, file: TableFile) -> None:
    beside = BESIDE.get(table.name)
    try:
        rows = whole.lines_in(tx, table, blocks_of(box, file)) if beside is None else _fill_with_contents(tx, box, table, file, beside)
    except (errors.IntegrityError, errors.DataError) as problem:
        why = problem.diag.constraint_name or problem.diag.message_primary or ""
        raise Refused(say("The rows of {file} do not fit together with the others ({why}). Nothing was kept.", file=file.path, why=why)) from None
    if rows != file.rows:
        raise Damaged(say("The file {file} ends after line {line} of {rows}.", file=file.path, line=rows, rows=file.rows))


def _fill_with_contents(tx: Tx, box: Box, table: Table, file: TableFile, beside: str) -> int:
    rows = 0
    for line in lines_of(box, file):
        told = msgspec.json.decode(line)
        path = content_path(told["shop_id"], bytes.fromhex(told["digest"].removeprefix("\\x")))
        whole.content_in(tx, table, beside, line.decode(), whole_of(box, path, told[f"{beside}_size"]))
        rows += 1
    return rows
