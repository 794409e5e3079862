"""`zhanggui backup` and `restore`: the whole home into a folder, and back into an empty one."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from zhanggui import clock
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc
from zhanggui.server.backups import Label
from zhanggui.server.backups import backup as back_up
from zhanggui.server.backups import restore as put_back


class BackupShape(msgspec.Struct, frozen=True, kw_only=True):
    """A backup: where it lies, when it was made, and how many rows each table had."""

    folder: str
    home: str
    made_at: datetime
    postgres: str
    digest: str
    rows: dict[str, int]


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@with_desk
def backup(desk: Desk, folder: Path) -> int:
    """Back everything up into a new folder, while the house is in use."""
    clock.use_home(desk.home)
    label = back_up(desk.home, folder, clock.now())
    desk.document(_shape(desk, folder, label))
    desk.line("{rows} rows are backed up in {folder}. Keep a copy on another machine.", rows=sum(label.rows.values()), folder=str(folder))
    return DONE


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER")
@with_desk
def restore(desk: Desk, folder: Path) -> int:
    """Put a backup back into a home that holds no data yet; name a new one with --home."""
    label = put_back(folder, desk.home)
    desk.document(_shape(desk, folder, label))
    if label.rows.get("apps") or label.rows.get("data_keys"):
        keys = str(Path("keys") / "vault.keys")
        desk.aside("The keys of the vault are not in a backup: copy {file} of the old home too, or connect the shops again.", file=keys)
    desk.line("{rows} rows are back in {home}, checked against the backup.", rows=sum(label.rows.values()), home=str(desk.home))
    return DONE


def _shape(desk: Desk, folder: Path, label: Label) -> BackupShape:
    return BackupShape(folder=str(folder), home=str(desk.home), made_at=utc(label.made_at), postgres=label.postgres, digest=label.digest, rows=dict(label.rows))
