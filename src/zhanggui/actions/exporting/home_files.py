"""Files of the old home that an export brings along: which may come, and where they lie in the new one."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from zhanggui.actions.exporting.checking import whole_of
from zhanggui.actions.exporting.leaving import HOME_FILES, KEY_FILES, KEY_FOLDERS
from zhanggui.actions.exporting.packing import Box
from zhanggui.actions.exporting.shapes import Manifest, OtherFile
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say

_HOME = "home"


def files_brought(manifest: Manifest, *, with_keys: bool) -> tuple[OtherFile, ...]:
    """The files that may be put into the new home: what people made themselves, and with `with_keys` what may hold secrets.

    Raises Refused where an export that says it carries no secrets brings some, and where it brings them and nobody asked for them: who made it could have
    the house trust keys that they know, or settings that send everything to them.
    """
    files = tuple(file for file in manifest.files if _is_known(file.path))
    secret = next((file for file in files if PurePosixPath(file.path).parts[1] in KEY_FILES), None)
    if secret is not None and (manifest.is_open or manifest.shop is not None):
        raise Refused(say("The export brings {file} along, as only one made with --with-keys does. Nothing was brought back.", file=secret.path))
    if secret is not None and not with_keys:
        raise Refused(say("The export carries the keys and settings of its home. If you trust whoever made it, say --with-keys to take them in."))
    return files


def must_leave_files(box: Box, home: Path, files: Sequence[OtherFile]) -> None:
    """Nothing that stands in the home is written over. Raises Refused where something else stands where a file is to come."""
    for file in files:
        target = _target(home, file)
        if target.exists() and (not target.is_file() or target.read_bytes() != whole_of(box, file.path, file.bytes)):
            raise Refused(say("The home {home} already has {file}, and another one. Import the export into a new home.", home=str(home), file=target.name))


def put_file(box: Box, home: Path, file: OtherFile) -> Callable[[], None]:
    """Puts a file into the new home, whole or not at all; what takes it away again."""
    target = _target(home, file)
    is_new = not target.exists()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = target.with_name(f".{target.name}.making-{os.getpid()}")
    try:
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(whole_of(box, file.path, file.bytes))
            stream.flush()
            os.fsync(stream.fileno())
        making.replace(target)
    finally:
        making.unlink(missing_ok=True)
    return lambda: target.unlink(missing_ok=True) if is_new else None


def _is_known(path: str) -> bool:
    match PurePosixPath(path).parts:
        case (first, name):
            return first == _HOME and name in {*HOME_FILES, *KEY_FILES} and name not in KEY_FOLDERS
        case (first, folder, name):
            return first == _HOME and folder in KEY_FOLDERS and name not in {"", ".", ".."} and not name.startswith(".")
    return False


def _target(home: Path, file: OtherFile) -> Path:
    return home.joinpath(*PurePosixPath(file.path).parts[1:])
