"""An export in a folder, changed by a test."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from zhanggui.actions.exporting.shapes import MANIFEST, Manifest, digested


def rewritten(folder: Path, change: Callable[[Manifest], Manifest]) -> Manifest:
    """The manifest changed, and its digest with it."""
    told = digested(change(msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)))
    (folder / MANIFEST).write_bytes(msgspec.json.encode(told))
    return told
