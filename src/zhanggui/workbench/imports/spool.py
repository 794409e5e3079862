"""Uploaded files put down under their own names for as long as a preview is made of them."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from litestar.datastructures import UploadFile

from zhanggui.actions.intake.files import plain_name, private_spool


@contextmanager
def put_down(home: Path, uploads: Sequence[UploadFile]) -> Iterator[list[Path]]:
    """The files, each in a folder of its own so that two of the same name do not meet. They are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="upload-", dir=private_spool(home)) as folder:
        yield [_put(Path(folder) / str(number), upload) for number, upload in enumerate(uploads)]


def _put(folder: Path, upload: UploadFile) -> Path:
    folder.mkdir()
    path = folder / plain_name(upload.filename)
    upload.file.seek(0)
    with path.open("wb") as out:
        shutil.copyfileobj(upload.file, out, 1 << 20)
    return path
