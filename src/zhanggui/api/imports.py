"""Export files that programs bring: looked at first, stored when confirmed, undone whole."""

import hashlib
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody
from litestar.response import Response

from zhanggui.actions.importing import batch, batches, confirm, preview, quarantine, undo
from zhanggui.actions.intake.files import plain_name, private_spool
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import BatchView
from zhanggui.api.asked import Asked, AtAsked, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.units import MaybeAt
from zhanggui.connectors.files import profiles
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.say import say

_HIGHEST = 2**63 - 1
_MOST_FILES = 20
_PIECE = 1 << 20


class FilesIn(msgspec.Struct):
    """Export files, as multipart/form-data."""

    files: list[Any] = msgspec.field(default_factory=list)
    profile: str = ""
    """By which profile they are read; left out, it is recognised."""
    as_of: str = ""
    """Of which moment they speak, ISO 8601 with a zone; left out, what the files tell."""


class CountsOut(msgspec.Struct, frozen=True):
    """What an import brings of one kind of fact."""

    new: int
    changed: int
    unchanged: int
    refused: int
    older: int


class ImportOut(msgspec.Struct, frozen=True, kw_only=True):
    """One import: `previewed` until it is confirmed, then `running`, `done` or `failed`; `undone` or `dropped` by a person."""

    import_no: int
    stands: str
    as_of: MaybeAt
    made_at: MaybeAt
    made_by: str | None
    kinds: dict[str, CountsOut]
    already_imported: tuple[str, ...]
    waiting_in_quarantine: int
    problem: str | None


class ImportsOut(msgspec.Struct, frozen=True):
    """Imports, the newest first."""

    imports: tuple[ImportOut, ...]


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was not taken, and why. What stands in it is not repeated."""

    row_no: int
    file: str
    sheet: str | None
    row: int | None
    column: str | None
    kind: str
    reason: str


class WholeImport(msgspec.Struct, frozen=True):
    """One import with the first of its refused rows."""

    report: ImportOut
    refused: tuple[RefusedRow, ...]


@get("/imports", sync_to_thread=True, opt={NEEDS: Scope.IMPORTS_READ})
def list_imports(asked: AtAsked, limit: Limit = 50) -> Response[ImportsOut]:
    """The newest imports of the shop."""
    return asked.told(ImportsOut(tuple(_import(asked, each) for each in batches(asked.house, asked.by, [asked.shop_id], limit=limit))))


@get("/imports/{import_no:int}", sync_to_thread=True, opt={NEEDS: Scope.IMPORTS_READ})
def one_import(asked: AtAsked, import_no: FromPath[int]) -> Response[WholeImport]:
    """One import, how far it has come, and the first hundred rows that were refused and still wait."""
    found = batch(asked.house, asked.by, asked.shop_id, import_no) if 0 < import_no <= _HIGHEST else None
    if found is None:
        raise NotFoundException
    rows = quarantine(asked.house, asked.by, asked.shop_id, import_no, limit=100)
    refused = tuple(
        RefusedRow(
            row_no=row.row_no,
            file=row.place.file,
            sheet=row.place.sheet,
            row=row.place.row,
            column=row.place.column,
            kind=row.kind.value,
            reason=asked.words.render(row.reason),
        )
        for row in rows
    )
    return asked.told(WholeImport(_import(asked, found), refused))


@post("/imports", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.IMPORTS_WRITE, "upload": True})
def put_import(asked: AtAsked, data: MultipartBody[FilesIn], store: FromQuery[bool] = False) -> Response[ImportOut]:
    """Takes export files in and tells what storing them would do; with `store` they are stored at once, all of them or nothing."""
    uploads = [each for each in data.files if isinstance(each, UploadFile) and each.filename]
    if not 0 < len(uploads) <= _MOST_FILES:
        raise Refused(say("Choose one or more export files first."))
    if data.profile and data.profile not in profiles():
        raise Refused(say("There is no profile named {name}.", name=data.profile[:40]))
    as_of = _moment(data.as_of)
    digests = [[str(each.filename), _digest(each)] for each in uploads]

    def work() -> ImportOut:
        with tempfile.TemporaryDirectory(prefix="upload-", dir=private_spool(asked.house.home)) as folder:
            paths = [_put(Path(folder) / str(number), each) for number, each in enumerate(uploads)]
            view = preview(asked.house, asked.by, asked.shop_id, paths, asked.now, profile=data.profile or None, as_of=as_of)
        if store:
            view = confirm(asked.house, asked.by, asked.shop_id, view.batch_id, asked.now)
        return _import(asked, view)

    return asked.once([store, data.profile, data.as_of, digests], work)


@post("/imports/{import_no:int}/confirmation", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.IMPORTS_WRITE})
def confirm_import(asked: AtAsked, import_no: FromPath[int]) -> Response[ImportOut]:
    """Stores an import that waits to be confirmed, all of it or nothing; answers when it is done."""
    _known(asked, import_no)
    return asked.once(None, lambda: _import(asked, confirm(asked.house, asked.by, asked.shop_id, import_no, asked.now)))


@post("/imports/{import_no:int}/reversal", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.IMPORTS_WRITE})
def undo_import(asked: AtAsked, import_no: FromPath[int]) -> Response[ImportOut]:
    """Takes a stored import back whole: everything stands as if it had never come."""
    _known(asked, import_no)
    return asked.once(None, lambda: _import(asked, undo(asked.house, asked.by, asked.shop_id, import_no, asked.now)))


def _known(asked: Asked, import_no: int) -> None:
    """Raises NotFoundException where the shop has no such import."""
    if not 0 < import_no <= _HIGHEST or batch(asked.house, asked.by, asked.shop_id, import_no) is None:
        raise NotFoundException


def _moment(typed: str) -> datetime | None:
    """Raises Refused."""
    if not typed.strip():
        return None
    try:
        told = datetime.fromisoformat(typed.strip())
    except ValueError:
        told = None
    if told is None or told.tzinfo is None or not 2000 <= told.year < 2200:
        raise Refused(say("Give the moment as ISO 8601 with its zone, such as 2026-03-01T16:00:00+08:00."))
    return told


def _digest(upload: UploadFile) -> str:
    """What tells the file from another, read piece by piece: a month of orders need not stand in memory."""
    upload.file.seek(0)
    digest = hashlib.blake2b(digest_size=16)
    while piece := upload.file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _put(folder: Path, upload: UploadFile) -> Path:
    folder.mkdir()
    path = folder / plain_name(upload.filename)
    upload.file.seek(0)
    with path.open("wb") as out:
        shutil.copyfileobj(upload.file, out, _PIECE)
    return path


def _import(asked: Asked, view: BatchView) -> ImportOut:
    return ImportOut(
        import_no=view.batch_id,
        stands=view.state,
        as_of=view.as_of,
        made_at=view.made_at,
        made_by=view.made_by_name,
        kinds={each.kind.value: CountsOut(each.new, each.changed, each.unchanged, each.refused, each.older) for each in view.results},
        already_imported=view.already_imported,
        waiting_in_quarantine=view.waiting_in_quarantine,
        problem=asked.said(view.problem),
    )


route_handlers = (list_imports, one_import, put_import, confirm_import, undo_import)
