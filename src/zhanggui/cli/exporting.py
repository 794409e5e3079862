"""`zhanggui export` and `import-export`: everything the house knows in one folder or zip, and back into an empty home."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.exporting import Manifest, bring_back, checked, opened_box, take_out
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc
from zhanggui.cli.shop_option import shop_of
from zhanggui.server.trouble import full_disk_named


class ExportShape(msgspec.Struct, frozen=True, kw_only=True):
    """An export: where it lies, what it holds, and the digest that equal data have in common.

    So many texts as `left_shut` went out empty; `migrated` are the steps added when it was brought back.
    """

    place: str
    home: str | None
    made_at: datetime
    program: str
    shop: str | None
    rows: int
    tables: dict[str, int]
    files: int
    bytes: int
    digest: str
    left_shut: int
    migrated: tuple[str, ...]


@click.command("export")
@click.argument("place", type=click.Path(path_type=Path), metavar="PLACE")
@click.option("--shop", "shop_name", metavar="NAME", help="Only what is this shop's; without it, everything.")
@click.option("--with-keys", is_flag=True, help="The settings, certificates and keys of the home too: whoever has the export can then read and do everything.")
@click.option("--leave-shut", is_flag=True, help="Write as empty what is sealed with keys that are lost.")
@with_desk
def export(desk: Desk, place: Path, shop_name: str | None, with_keys: bool, leave_shut: bool) -> int:
    """Write everything the house knows into a new folder, or into a zip where PLACE ends in .zip, with its schema and checksums."""
    with desk.house() as house, full_disk_named(place.absolute().parent):
        shop_id = None if shop_name is None else shop_of(house, desk.by, shop_name)
        manifest = take_out(house, desk.by, place, clock.now(), shop_id=shop_id, with_keys=with_keys, leave_shut=leave_shut)
    desk.document(_shape(place, None, manifest))
    desk.line("{rows} rows of {tables} tables are in {place}.", rows=manifest.rows, tables=len(manifest.tables), place=str(place))
    if manifest.left_shut:
        desk.aside("{texts} sealed texts whose keys are not at hand were written as empty.", texts=manifest.left_shut)
    if not with_keys:
        desk.aside(
            "The keys of the vault are not in it. What is sealed with them stays shut elsewhere: copy the folder {folder} too, or export --with-keys.",
            folder="keys",
        )
    return DONE


@click.command("import-export")
@click.argument("place", type=click.Path(exists=True, path_type=Path), metavar="PLACE")
@click.option("--check", "only_check", is_flag=True, help="Only look whether the export is whole; nothing is brought back.")
@click.option("--with-keys", is_flag=True, help="Take in the settings, certificates and keys too that it carries: only where you trust whoever made it.")
@with_desk
def import_export(desk: Desk, place: Path, only_check: bool, with_keys: bool) -> int:
    """Bring an export back into a home that holds no data yet; name a new one with --home."""
    if only_check:
        with opened_box(place) as box:
            manifest = checked(box)
        desk.document(_shape(place, None, manifest))
        desk.line("The export in {place} is whole: {rows} rows of {tables} tables.", place=str(place), rows=manifest.rows, tables=len(manifest.tables))
        return DONE
    clock.use_home(desk.home)
    with full_disk_named(desk.home):
        brought = bring_back(place, desk.home, clock.unwound(), with_keys=with_keys)
    desk.document(_shape(place, desk.home, brought.manifest, brought.migrated))
    desk.line("{rows} rows are back in {home}, checked against the export.", rows=brought.manifest.rows, home=str(desk.home))
    desk.aside("Do not let the old house and this one work on the same shops of the platform at once: each would send what was decided.")
    return DONE


def _shape(place: Path, home: Path | None, manifest: Manifest, migrated: tuple[str, ...] = ()) -> ExportShape:
    return ExportShape(
        place=str(place),
        home=None if home is None else str(home),
        made_at=utc(manifest.made_at),
        program=manifest.program,
        shop=None if manifest.shop is None else manifest.shop.name,
        rows=manifest.rows,
        tables={each.table: each.rows for each in manifest.tables},
        files=len(manifest.files),
        bytes=sum(each.bytes for each in manifest.tables) + sum(each.bytes for each in manifest.files),
        digest=manifest.digest,
        left_shut=manifest.left_shut,
        migrated=migrated,
    )
