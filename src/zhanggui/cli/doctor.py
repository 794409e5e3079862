"""`zhanggui doctor`: whether everything this program needs is in order, and what to do where it is not."""

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.finding import Finding
from zhanggui.cli.production import data_findings, production_findings
from zhanggui.core.say import say
from zhanggui.records.db import connect, open_pool
from zhanggui.records.migrate import MigrationRefused, migrations, refuse_too_old
from zhanggui.records.vitals import vitals
from zhanggui.rulebook import load as load_rulebook
from zhanggui.server import ServerTrouble, embedded, is_running
from zhanggui.site.settings import SettingRefused, settings_from

_LEAST_FREE = 500_000_000
_LITTLE_FREE = 2_000_000_000
_CLOCKS_APART = timedelta(seconds=30)


class FindingShape(msgspec.Struct, frozen=True):
    """What one check found, worded."""

    check: str
    ok: bool
    said: str


class DoctorShape(msgspec.Struct, frozen=True):
    """Every check; `ok` when all of them are."""

    home: str
    ok: bool
    checks: tuple[FindingShape, ...]


@click.command("doctor")
@click.option("--production", is_flag=True, help="Check also whether a shop may be run with it in earnest.")
@with_desk
def doctor(desk: Desk, production: bool) -> int:
    """Check the settings, the home folder, the disk, the clock, the database and its tables."""
    findings = [finding for check in (_settings, _home, _disk, _clock) for finding in check(desk.home)]
    is_ready = all(finding.ok for finding in findings)
    if production and findings[0].ok:
        findings.extend(production_findings(settings_from(home=desk.home)))
    if is_ready:
        findings.extend(_database(desk.home, production=production))
    shapes = tuple(FindingShape(finding.check, finding.ok, desk.said(finding.said)) for finding in findings)
    is_well = all(shape.ok for shape in shapes)
    desk.document(DoctorShape(str(desk.home), is_well, shapes))
    desk.lines(f"{'ok  ' if shape.ok else 'BAD '} {shape.check}: {shape.said}" for shape in shapes)
    return DONE if is_well else REFUSED


Check = Callable[[Path], list[Finding]]


def _settings(home: Path) -> list[Finding]:
    try:
        settings_from(home=home)
    except SettingRefused as refusal:
        return [Finding("settings", False, refusal.reason)]
    return [Finding("settings", True, say("Every setting can be read."))]


def _home(home: Path) -> list[Finding]:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home, prefix=".doctor"):
            pass
    except OSError as problem:
        return [
            Finding(
                "home",
                False,
                say(
                    "The folder {home} cannot be written to: {problem}. Name another with --home, or mend its rights.", home=str(home), problem=problem.strerror
                ),
            )
        ]
    return [Finding("home", True, say("The folder {home} can be written to.", home=str(home)))]


def _disk(home: Path) -> list[Finding]:
    free = shutil.disk_usage(home if home.exists() else home.anchor).free
    megabytes = free // 1_000_000
    if free < _LEAST_FREE:
        return [Finding("disk", False, say("Only {megabytes} MB are free where the data live. Free some space before importing.", megabytes=megabytes))]
    if free < _LITTLE_FREE:
        return [Finding("disk", True, say("{megabytes} MB are free where the data live; that is little.", megabytes=megabytes))]
    return [Finding("disk", True, say("{megabytes} MB are free where the data live.", megabytes=megabytes))]


def _clock(home: Path) -> list[Finding]:
    wound = clock.wound_by(home)
    if wound and not (home / "demo.json").exists():
        return [
            Finding(
                "clock",
                False,
                say(
                    "The clock of this home is wound by {hours} hours, which only a demo should be. Remove clock.json from {home}.",
                    hours=round(wound.total_seconds() / 3600),
                    home=str(home),
                ),
            )
        ]
    if wound:
        return [Finding("clock", True, say("The clock of this demo is wound by {hours} hours.", hours=round(wound.total_seconds() / 3600)))]
    return [Finding("clock", True, say("The clock is the machine's own."))]


def _database(home: Path, *, production: bool) -> list[Finding]:
    was_running = is_running(home)
    try:
        with embedded(home) as conninfo:
            with connect(conninfo, autocommit=True) as tx:
                refuse_too_old(tx)
                told = vitals(tx)
            apart = abs(told.clock - clock.unwound())
            more = _data(conninfo, home) if production and told.applied >= {step.name for step in migrations()} else []
    except (ServerTrouble, MigrationRefused) as trouble:
        return [Finding("server", False, trouble.say)]
    given = "DATABASE_URL" in os.environ
    return [_server(told.version, was_running=was_running, given=given), _clocks(apart), _tables(told.applied), *more]


def _data(conninfo: str, home: Path) -> list[Finding]:
    """What the data of a house that is run in earnest tell; a house that was never started has none."""
    with open_pool(conninfo, max_size=2) as pool:
        return data_findings(House(pool=pool, home=home, rulebook=load_rulebook()), settings_from(home=home), clock.unwound())


def _server(version: str, *, was_running: bool, given: bool) -> Finding:
    if given:
        return Finding("server", True, say("PostgreSQL {version} answers at DATABASE_URL.", version=version))
    if was_running:
        return Finding("server", True, say("PostgreSQL {version} is running.", version=version))
    return Finding("server", True, say("PostgreSQL {version} starts and answers.", version=version))


def _clocks(apart: timedelta) -> Finding:
    seconds = round(apart.total_seconds())
    if apart > _CLOCKS_APART:
        return Finding("clocks", False, say("The clock of the database is {seconds} seconds off this machine's. Set both by network time.", seconds=seconds))
    return Finding("clocks", True, say("The clock of the database agrees with this machine's."))


def _tables(applied: frozenset[str]) -> Finding:
    known = {step.name for step in migrations()}
    if strangers := applied - known:
        return Finding(
            "tables",
            False,
            say(
                "The data were last used by a newer version of Zhanggui (it knows {migration}, this one does not). Install that version again.",
                migration=min(strangers),
            ),
        )
    if missing := len(known - applied):
        return Finding("tables", True, say("{missing} steps bring the tables up to date at the next start.", missing=missing))
    return Finding("tables", True, say("The tables are up to date."))
