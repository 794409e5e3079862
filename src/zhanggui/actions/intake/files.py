"""The files of an import: copied aside, known by their bytes, looked into."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath

import msgspec

from zhanggui.actions.refused import Refused
from zhanggui.actions.views import TableSeen
from zhanggui.connectors import files as connector
from zhanggui.connectors.files import Survey, Table, Unreadable
from zhanggui.core.facts import FactKind, Place
from zhanggui.core.say import Say, say
from zhanggui.records.says import revived

_BLOCK = 1 << 20
_LONGEST_NAME = 120
_MOST_BYTES = 240
"""File systems count bytes, of which a Chinese character takes three; most stop at 255."""


class BatchFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an import: its name as it came, its copy in the spool, its digest, and what was found in it."""

    name: str
    spooled: str
    digest: str
    size: int
    survey: Survey
    as_of: datetime
    as_of_source: str
    looked_at: datetime | None = None
    """When it was looked into: none of its lines can speak of a later moment."""
    asked: str | None = None
    """The profile that was asked for, a name or a path; None when every built-in one was tried."""
    repeated: bool = False
    """Its very bytes were imported before: it is looked at, and not stored again."""

    @property
    def rows(self) -> int:
        """How many rows its tables hold."""
        return sum(table.rows for table in self.survey.tables if table.kind is not None and not table.refused)


def spool_of(home: Path, shop_id: int, batch_id: int) -> Path:
    """The folder that holds the copies of an import until it is stored or thrown away."""
    return home / "spool" / str(shop_id) / str(batch_id)


def private_spool(home: Path) -> Path:
    """The folder of all copies, made if need be. Other accounts of the machine are kept out: exports hold names, telephone numbers and addresses."""
    folder = home / "spool"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def spooled(paths: Sequence[Path], folder: Path) -> list[tuple[str, Path]]:
    """Copies of the files, each in a folder of its own so that it keeps its name: (name, copy)."""
    copies = []
    for number, path in enumerate(paths):
        if not path.is_file():
            raise Refused(say("There is no file {file}.", file=path.name))
        target = folder / str(number) / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        copies.append((path.name, target))
    return copies


def unspool(home: Path, shop_id: int, batch_id: int) -> None:
    """Throws the copies away: they may hold what we never store."""
    shutil.rmtree(spool_of(home, shop_id, batch_id), ignore_errors=True)


def plain_name(filename: str) -> str:
    """The name alone, without any folder the browser may have sent and without characters that some file system refuses."""
    name = PurePosixPath(PureWindowsPath(filename).name).name
    kept = "".join(character for character in name if character.isprintable() and character not in '<>:"|?*\\/')
    name = kept.strip(" .")[-_LONGEST_NAME:]
    # The end is kept, as it holds the ending. What is cut through at its head is no character any more and goes too.
    return name.encode()[-_MOST_BYTES:].decode(errors="ignore").lstrip(" .") or "upload"


def digest_of(path: Path) -> bytes:
    """The SHA-256 of the file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.digest()


def look_into(name: str, path: Path, folder: Path, profile: str | None, as_of: datetime | None, now: datetime) -> BatchFile:
    """What stands in one file. Raises Refused with the connector's reason where nothing in it can be read."""
    try:
        survey = connector.survey(path, profile=_kept(profile, folder), now=now)
    except Unreadable as problem:
        raise Refused(problem.say) from problem
    moment, source = _as_of(survey, as_of, now)
    return BatchFile(
        name=name,
        spooled=path.relative_to(folder).as_posix(),
        digest=digest_of(path).hex(),
        size=path.stat().st_size,
        survey=survey,
        as_of=moment,
        as_of_source=source,
        looked_at=now,
        asked=profile,
    )


def _kept(profile: str | None, folder: Path) -> str | None:
    """The profile's name, or the path of a copy in the spool, since the file it came from may be gone when the import is stored."""
    if profile is None or profile in connector.profiles() or not Path(profile).is_file():
        return profile
    return str(shutil.copyfile(profile, folder / "profile.toml"))


def dated(files: Sequence[BatchFile]) -> list[BatchFile]:
    """The files, those that say nothing of their moment taken to speak of the newest moment among the others they came with."""
    telling = [file for file in files if file.as_of_source != "import" and file.rows]
    if not telling:
        return list(files)
    newest = max(telling, key=lambda file: file.as_of)
    borrow = {"as_of": newest.as_of, "as_of_source": newest.as_of_source}
    return [msgspec.structs.replace(file, **borrow) if file.as_of_source == "import" else file for file in files]


def moment_of(files: Sequence[BatchFile], place: Place) -> datetime | None:
    """The moment of which the row at this place spoke, None where it stood in none of these files.

    Of several files of one name it is the oldest's: what is taken to be older than it is overwrites nothing.
    """
    return min((_moment_in(file, place) for file in files if not file.repeated and _holds(file, place)), default=None)


def _holds(file: BatchFile, place: Place) -> bool:
    return any((table.file, table.sheet) == (place.file, place.sheet) for table in file.survey.tables)


def _moment_in(file: BatchFile, place: Place) -> datetime:
    own = None if file.as_of_source == "told" else connector.moment_at(file.survey, place)
    return file.as_of if own is None else min(own, file.looked_at or own)


def in_order(files: Sequence[BatchFile]) -> list[BatchFile]:
    """The files, those without orders first and older before newer, so that orders find what belongs to them."""
    return sorted(files, key=lambda file: (any(table.kind is FactKind.ORDER for table in file.survey.tables), file.as_of))


def tables_seen(file: BatchFile) -> Iterator[TableSeen]:
    """The file's tables for the eye."""
    for table in file.survey.tables:
        yield TableSeen(
            file=table.file,
            sheet=table.sheet,
            kind=None if table.refused else table.kind,
            profile=table.profile,
            used=table.used,
            unknown=table.unknown,
            missing=table.missing,
            note=_revived(table.note),
            notes=tuple(revived(note) for note in table.notes),
            rows=table.rows,
        )


def recognised(files: Sequence[BatchFile]) -> str:
    """The names of the profiles that fitted, for the list of imports."""
    return ", ".join(sorted({table.profile for file in files for table in _readable(file) if table.profile}))


def _readable(file: BatchFile) -> list[Table]:
    return [table for table in file.survey.tables if table.kind is not None and not table.refused]


def _as_of(survey: Survey, told: datetime | None, now: datetime) -> tuple[datetime, str]:
    """The moment the file speaks of: as told; else as the file or its data say, though never later than now."""
    if told is not None:
        return told, "told"
    if survey.as_of is not None and survey.as_of_source is not None:
        return min(survey.as_of, now), survey.as_of_source
    return now, "import"


def _revived(note: Say | None) -> Say | None:
    return None if note is None else revived(note)
