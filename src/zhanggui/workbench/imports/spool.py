"""Uploaded files put down under their own names for as long as a preview is made of them."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from litestar.datastructures import UploadFile

from zhanggui.actions.intake.files import private_spool

_LONGEST_NAME = 120
_MOST_BYTES = 240
"""File systems count bytes, of which a Chinese character takes three; most stop at 255."""


@contextmanager
def put_down(home: Path, uploads: Sequence[UploadFile]) -> Iterator[list[Path]]:
    """The files, each in a folder of its own so that two of the same name do not meet. They are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="upload-", dir=private_spool(home)) as folder:
        yield [_put(Path(folder) / str(number), upload) for number, upload in enumerate(uploads)]


def plain_name(filename: str) -> str:
    """The name alone, without any folder the browser may have sent and without characters that some file system refuses."""
    name = PurePosixPath(PureWindowsPath(filename).name).name
    kept = "".join(character for character in name if character.isprintable() and character not in '<>:"|?*\\/')
    name = kept.strip(" .")[-_LONGEST_NAME:]
    # The end is kept, as it holds the ending. What is cut through at its head is no character any more and goes too.
    return name.encode()[-_MOST_BYTES:].decode(errors="ignore").lstrip(" .") or "upload"


def _put(folder: Path, upload: UploadFile) -> Path:
    folder.mkdir()
    path = folder / plain_name(upload.filename)
    upload.file.seek(0)
    with path.open("wb") as out:
        shutil.copyfileobj(upload.file, out, 1 << 20)
    return path
