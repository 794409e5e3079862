"""Everything the house knows, written out in one snapshot while it goes on working."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from zhanggui import __version__
from zhanggui.actions.exporting.leaving import HOME_FILES, KEY_FILES, LEFT_OUT, Choice, all_of_a_shop, all_of_the_house
from zhanggui.actions.exporting.packing import CHUNK, Counted, Pack, packed
from zhanggui.actions.exporting.schemas import schema_of
from zhanggui.actions.exporting.shapes import FORMAT, MANIFEST, VERSION, Manifest, OneShop, OtherFile, Stands, Step, TableFile, digested
from zhanggui.actions.exporting.unsealing import KEYED, Opener, ciphers
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.shops import shops_seen
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import journal, whole
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.exports import Exported
from zhanggui.records.whole import Stand


def take_out(
    house: House, by: Person, to: Path, now: datetime, *, shop_id: ShopId | None = None, with_keys: bool = False, leave_shut: bool = False
) -> Manifest:
    """Writes everything, or everything of one shop, into a new folder or zip, and notes in the journal that it was done.

    Texts that lie sealed are opened on the way; `with_keys` leaves them sealed and takes the keys of the house along instead.
    With `leave_shut` those whose keys are not at hand go out empty.

    Raises Refused where something stands there already, VaultShut where the keys of what is to be opened are not at hand, and NotAllowed for all but the
    operator of the machine and, for a shop, who may write its settings.
    """
    _may(by, shop_id)
    if with_keys and shop_id is not None:
        raise Refused(say("The keys are those of the whole house; they do not go along with one shop."))
    shop = None if shop_id is None else next(OneShop(each.shop_id, each.name) for each in shops_seen(house, by) if each.shop_id == shop_id)
    with packed(to) as pack, house.pool.connection() as tx:
        whole.begin_snapshot(tx)
        manifest = digested(_written(tx, pack, house, shop, now, with_keys=with_keys, leave_shut=leave_shut))
        _file(pack, MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    _note(house, by, manifest, now)
    return manifest


def _may(by: Person, shop_id: ShopId | None) -> None:
    if shop_id is not None:
        by.need(Permission.SETTINGS_WRITE, shop_id)
    elif not by.all_shops:
        raise NotAllowed("export")


def _written(tx: Tx, pack: Pack, house: House, shop: OneShop | None, now: datetime, *, with_keys: bool, leave_shut: bool) -> Manifest:
    left_out = LEFT_OUT if with_keys else {**LEFT_OUT, **KEYED}
    choices = tuple(choice for choice in (all_of_the_house(tx) if shop is None else all_of_a_shop(tx, shop.shop_id)) if choice.table.name not in left_out)
    shop_ids = whole.shop_ids(tx) if shop is None else (shop.shop_id,)
    opener = None if with_keys else Opener(ciphers(tx, shop_ids, leave_shut=leave_shut))
    tables = tuple(_table(tx, pack, choice, opener) for choice in choices)
    files = [_schema(pack, choice) for choice in choices]
    files += [file for choice in choices for file in _contents(tx, pack, choice)]
    if shop is None:
        files += _home_files(pack, house.home, (*HOME_FILES, *(KEY_FILES if with_keys else ())))
    return Manifest(
        format=FORMAT,
        version=VERSION,
        made_at=now,
        program=__version__,
        shop=shop,
        migrations=tuple(Step(name, digest) for name, digest in whole.migrations_applied(tx)),
        tables=tables,
        files=tuple(files),
        sequences=tuple(Stands(**msgspec.structs.asdict(each)) for each in _stands(tx, choices, is_whole=shop is None)),
        left_out=left_out,
        is_open=opener is not None,
        left_shut=0 if opener is None else opener.shut,
    )


def _stands(tx: Tx, choices: Iterable[Choice], *, is_whole: bool) -> Iterator[Stand]:
    """Where counted columns stand. Of one shop by its own rows alone: how far the house has counted tells how much others do."""
    chosen = {choice.table.name: choice for choice in choices}
    for each in whole.sequences(tx):
        if is_whole:
            yield each
        elif each.table in chosen:
            yield whole.highest(tx, each.table, each.column, chosen[each.table].only)


def table_path(table: str) -> str:
    """Where the rows of a table lie."""
    return f"tables/{table}.jsonl"


def content_path(shop_id: object, digest: object) -> str:
    """Where a piece of evidence lies."""
    return f"evidence/{shop_id}/{bytes(cast(bytes, digest)).hex()}"


def _table(tx: Tx, pack: Pack, choice: Choice, opener: Opener | None) -> TableFile:
    path = table_path(choice.table.name)
    with closing(pack.open(path)) as stream:
        counted = Counted(stream)
        for line in whole.lines_out(tx, choice.table, choice.only, beside=choice.beside, blank=choice.blank):
            if told := line if opener is None else opener.opened(line, choice.table):
                counted.line(told)
    return counted.as_table(choice.table.name, path, tuple(schema_of(choice)["properties"]))


def _schema(pack: Pack, choice: Choice) -> OtherFile:
    return _file(pack, f"schemas/{choice.table.name}.schema.json", msgspec.json.format(msgspec.json.encode(schema_of(choice)), indent=1))


def _contents(tx: Tx, pack: Pack, choice: Choice) -> Iterator[OtherFile]:
    if choice.beside is None:
        return
    for (shop_id, digest), content in whole.contents_out(tx, choice.table, choice.beside, choice.only):
        yield _file(pack, content_path(shop_id, digest), content)


def _home_files(pack: Pack, home: Path, names: tuple[str, ...]) -> list[OtherFile]:
    found = [file for name in names for file in ([home / name] if (home / name).is_file() else sorted((home / name).glob("[!.]*")))]
    return [_copied(pack, file, f"home/{file.relative_to(home).as_posix()}") for file in found if file.is_file()]


def _copied(pack: Pack, file: Path, path: str) -> OtherFile:
    with file.open("rb") as source, closing(pack.open(path)) as stream:
        counted = Counted(stream)
        shutil.copyfileobj(source, cast(BinaryIO, counted), CHUNK)
    return counted.as_file(path)


def _file(pack: Pack, path: str, content: bytes) -> OtherFile:
    with closing(pack.open(path)) as stream:
        counted = Counted(stream)
        counted.write(content)
    return counted.as_file(path)


def _note(house: House, by: Person, manifest: Manifest, now: datetime) -> None:
    """Every shop's journal says that its data were taken out, by whom."""
    for shop in shops_seen(house, by):
        if manifest.shop is None or manifest.shop.shop_id == shop.shop_id:
            shop_id = shop.shop_id
            transact(house.pool, lambda tx, shop_id=shop_id: journal.write(tx, shop_id, Exported(manifest.rows), at=now, by=by.person_id))  # type: ignore[misc]
