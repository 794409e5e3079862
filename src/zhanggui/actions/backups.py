"""Backups without anybody asking: one a night into a folder of its own, put back into a throw-away server to see that it can be, the oldest let go.

The folder, how many are kept and the hour come from the environment; without a folder nobody backs up but people.
"""

import os
import re
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from zhanggui.actions.alerting import Matter, end_alert, raise_alert
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.moments import SHANGHAI
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.people import members
from zhanggui.people.permissions import PersonId, ShopId
from zhanggui.records import running
from zhanggui.records.db import Tx, conninfo_of, transact
from zhanggui.records.migrate import migrate
from zhanggui.server import ServerTrouble, backup_of, label_of, tried_out
from zhanggui.server.backups import TRYING, NoBackup
from zhanggui.server.trouble import NO_ROOM

T = TypeVar("T")

FOLDER, KEEP, HOUR = "ZHANGGUI_BACKUPS", "ZHANGGUI_BACKUPS_KEPT", "ZHANGGUI_BACKUP_HOUR"
KEPT, AT_HOUR = 7, 3
VERIFIED, FAILING, SECOND = "verified.json", "failing.json", "second"
_NAME = re.compile(r"zhanggui-\d{8}-\d{6}$")
_CUT_OFF = re.compile(r"\.zhanggui-\d{8}-\d{6}\.making-\d+$")
"""A backup of the night that was cut off: one of them at most is being made, by whoever asks."""
_A_LITTLE = timedelta(hours=1)
READY_WITHIN = timedelta(hours=3)
"""So long after its hour the backup of the night is made and tried out."""
TRIED_FOR = timedelta(hours=1)
"""One that does not come back for so long is damaged: another is made, one a night."""
MOST_LOG = 2 << 30
"""Bytes of write-ahead log that putting a backup back leaves lying at most, by a server's own settings, and less than twice what is put back.

Of a large database the half is kept free all the same, for the sorting of its indexes and for tables that are written anew.
"""
NIGHTLY = Subject(SubjectKind.BACKUP, "1")
SEE_TO_IT = say("See to the backup of the night: until one is made that comes back, a broken disk loses everything since the last good one.")
STUMBLED = say("The backup stumbled ({error}). The log of the worker tells where.").text


class BackupPlan(msgspec.Struct, frozen=True):
    """Where backups go by themselves, how many stay, and from which hour of the day in Shanghai the next is made."""

    folder: Path
    keep: int = KEPT
    hour: int = AT_HOUR


class Kept(msgspec.Struct, frozen=True):
    """A backup in the folder: when it was made, and when it was put back on trial; None where it was not, or could not be."""

    folder: Path
    made_at: datetime
    verified_at: datetime | None
    failing_since: datetime | None = None
    """When a trial first found that it does not come back; None where none did, or a trial broke off for another reason."""
    is_second: bool = False
    """Whether it was made in the place of one that did not come back."""


class Verified(msgspec.Struct, frozen=True):
    """What the trial of a backup found: when, how many rows came back, how long that took, and which steps bring it up to date here."""

    at: datetime
    rows: int
    seconds: float
    steps: tuple[str, ...] = ()


class Failing(msgspec.Struct, frozen=True):
    """What is kept beside a backup that does not come back: since when."""

    since: datetime


class NoPlace(ServerTrouble):
    """The folder for backups cannot be used."""


def backup_plan(environ: Mapping[str, str] | None = None) -> BackupPlan | None:
    """What the environment says of backups; None where it names no folder. The settings have been looked over at the start."""
    environ = os.environ if environ is None else environ
    folder = environ.get(FOLDER)
    if not folder:
        return None
    return BackupPlan(Path(folder).expanduser().resolve(), int(environ.get(KEEP) or KEPT), int(environ.get(HOUR) or AT_HOUR))


def makes_backups() -> bool:
    """Whether this process was told where to put backups; one that was not leaves the chore to the others."""
    return backup_plan() is not None


def kept_backups(folder: Path, wall: datetime) -> list[Kept]:
    """The backups of the folder, the newest first. What a wrong clock has put into the future stands last: it hides no other, and goes first."""
    found = [kept for each in (folder.iterdir() if folder.is_dir() else ()) if _NAME.search(each.name) and (kept := _kept(each)) is not None]
    return sorted(found, key=lambda kept: (kept.made_at <= wall + _A_LITTLE, kept.made_at), reverse=True)


def newest_backup(_house: House, wall: datetime) -> Kept | None:
    """The newest backup that was made by itself; None where there is none that can be believed."""
    plan = backup_plan()
    found = kept_backups(plan.folder, wall) if plan is not None else []
    return found[0] if found and found[0].made_at <= wall + _A_LITTLE else None


def keep_backups(house: House, now: datetime, wall: datetime) -> None:
    """Make the backup of the night once its hour has come, try it out, and let the oldest go; where that fails, those who keep the house hear of it.

    Raises ServerTrouble.
    """
    plan = backup_plan()
    if plan is None:
        return
    try:
        _keep(house, plan, wall)
    except Exception as trouble:
        why = trouble.say if isinstance(trouble, ServerTrouble) else say(STUMBLED, error=type(trouble).__name__)
        with suppress(psycopg.Error, PoolTimeout):
            _told(house, lambda tx, shop_id, keeper: raise_alert(tx, shop_id, _matter(why, _last_hour(plan.hour, now), keeper), now))
        raise
    _told(house, lambda tx, shop_id, _: end_alert(tx, shop_id, DeadlineKind.MEND_BACKUP, NIGHTLY, now))


def _keep(house: House, plan: BackupPlan, wall: datetime) -> None:
    newest = newest_backup(house, wall)
    try:
        if newest is None or newest.made_at < _last_hour(plan.hour, wall):
            newest = make_backup(house, plan, wall)
        elif _is_damaged(newest, wall):
            damaged, newest = newest, make_backup(house, plan, wall)
            (newest.folder / SECOND).touch()
            shutil.rmtree(damaged.folder, ignore_errors=True)  # those of other nights keep their places
        if newest.verified_at is None:
            _tried_out(house, newest, wall)
    finally:
        # also while none comes back: one more each night would fill the disk
        _let_go(plan, wall)


def _is_damaged(kept: Kept, wall: datetime) -> bool:
    """Whether another is made in its place: where a second one did not come back either, more of them would not."""
    return kept.verified_at is None and not kept.is_second and kept.failing_since is not None and kept.failing_since <= wall - TRIED_FOR


def _tried_out(house: House, kept: Kept, wall: datetime) -> None:
    try:
        try_out(house, kept.folder, wall)
    except NoBackup:
        if kept.failing_since is None:
            (kept.folder / FAILING).write_bytes(msgspec.json.encode(Failing(wall)))
        raise


def _told(house: House, tell: Callable[[Tx, ShopId, PersonId | None], object]) -> None:
    """Tells it in the shops of those who keep the house; in every shop where none of them has a part in any."""
    with house.pool.connection() as tx:
        keepers = members.shops_of_keepers(tx)
    for shop_id in keepers or every_shop(house):
        transact(house.pool, lambda tx, shop_id=shop_id: tell(tx, shop_id, keepers.get(shop_id)))  # type: ignore[misc]  # bound at once


def _matter(why: Say, due_at: datetime, keeper: PersonId | None) -> Matter:
    """Of each night anew, so that it rings again the next night while nobody has seen to it."""
    return Matter(kind=DeadlineKind.MEND_BACKUP, subject=NIGHTLY, act=SEE_TO_IT, because=why, due_at=due_at, money=Fen(0), assignee=keeper)


def is_kept(house: House, wall: datetime) -> bool:
    """Whether the backup of the last night is there and has come back on trial, where any is made: an hour or two after its time at the latest."""
    plan = backup_plan()
    newest = newest_backup(house, wall)
    if plan is None:
        return True
    return newest is not None and newest.verified_at is not None and newest.made_at >= _last_hour(plan.hour, wall - READY_WITHIN)


def make_backup(house: House, plan: BackupPlan, wall: datetime) -> Kept:
    """A fresh backup in the folder of the plan. Raises ServerTrouble."""
    may_use(plan.folder)
    for cut_off in _cut_off(plan.folder, house.home, wall):
        shutil.rmtree(cut_off, ignore_errors=True)
    target = plan.folder / f"zhanggui-{wall.astimezone(UTC):%Y%m%d-%H%M%S}"
    label = backup_of(conninfo_of(house.pool), house.home, target, wall)
    return Kept(target, label.made_at, None)


def may_use(folder: Path) -> None:
    """Makes the folder where it is not there, and writes something into it for a moment. Raises NoPlace."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=folder, prefix=".may-use-"):
            pass
    except OSError as problem:
        if problem.errno in NO_ROOM:
            return  # what is too little is said by what needs the room
        sentence = say(
            "The folder for backups {folder} cannot be used: {problem}. Mend it, or name another in ZHANGGUI_BACKUPS.",
            folder=str(folder),
            problem=problem.strerror,
        )
        raise NoPlace(sentence) from problem


def _cut_off(folder: Path, home: Path, wall: datetime) -> list[Path]:
    """What a night left half made. A backup that somebody makes here by hand stands aside, and so does a trial that may go on."""
    tried = [each for place in (folder, home) for each in place.glob(f"{TRYING}*") if _began(each) < wall - READY_WITHIN]
    return [each for each in folder.glob(".*.making-*") if _CUT_OFF.search(each.name)] + tried


def _began(folder: Path) -> datetime:
    """When something was last put into the folder; never where somebody has just cleared it away."""
    try:
        return datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    except OSError:
        return datetime.max.replace(tzinfo=UTC)


def try_out(house: House, folder: Path, wall: datetime) -> Verified:
    """Put the backup back into a throw-away server, count every table, and bring it up to date as a start would. Raises ServerTrouble, MigrationRefused."""
    began = time.monotonic()
    with house.pool.connection() as tx:
        size = running.size(tx)
    with tried_out(folder, house.home, size + max(min(2 * size, MOST_LOG), size // 2)) as (label, conninfo):
        steps = tuple(migrate(conninfo))
    verified = Verified(wall, sum(label.rows.values()), round(time.monotonic() - began, 1), steps)
    (folder / VERIFIED).write_bytes(msgspec.json.encode(verified))
    return verified


def _kept(folder: Path) -> Kept | None:
    label = label_of(folder)
    if label is None:
        return None
    verified, failing = _told_by(folder / VERIFIED, Verified), _told_by(folder / FAILING, Failing)
    return Kept(
        folder=folder,
        made_at=label.made_at,
        verified_at=None if verified is None else verified.at,
        failing_since=None if failing is None else failing.since,
        is_second=(folder / SECOND).exists(),
    )


def _told_by(file: Path, of: type[T]) -> T | None:
    """What stands in the file; None where there is none, or it cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=of)
    except (OSError, msgspec.DecodeError):
        return None


def _last_hour(hour: int, wall: datetime) -> datetime:
    """When that hour of the day last struck in Shanghai."""
    local = wall.astimezone(SHANGHAI)
    struck = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return struck if struck <= local else struck - timedelta(days=1)


def _let_go(plan: BackupPlan, wall: datetime) -> None:
    """Remove what is beyond the number to keep; the newest that came back on trial stays in any case."""
    found = kept_backups(plan.folder, wall)
    proven = next((kept.folder for kept in found if kept.verified_at is not None), None)
    for kept in found[plan.keep :]:
        if kept.folder != proven:
            shutil.rmtree(kept.folder, ignore_errors=True)
