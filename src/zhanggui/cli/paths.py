"""Files named on the command line: single files, folders, and patterns where the shell did not spread them (Windows does not)."""

from collections.abc import Iterable
from glob import glob
from pathlib import Path

from zhanggui.actions.refused import Refused
from zhanggui.core.say import say

_HIDDEN = (".", "~$")
"""Hidden files, and the lock files that office programs leave beside an open workbook."""


def files_named(paths: Iterable[str]) -> tuple[Path, ...]:
    """Every file the paths name, each once, in the order they were named. Raises Refused where a path names nothing."""
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_files_of(path)))
    return tuple(found)


def _files_of(path: str) -> list[Path]:
    if Path(path).is_file():
        return [Path(path)]
    names = [path] if Path(path).is_dir() else sorted(glob(path))  # noqa: PTH207 - the pattern may begin at a root
    files = [file for name in names for file in _inside(Path(name))]
    if not files:
        raise Refused(say("{path} names no file. Check the spelling, or name the folder the export was saved in.", path=path))
    return files


def _inside(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith(_HIDDEN))
