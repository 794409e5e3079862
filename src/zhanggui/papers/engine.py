"""The typesetter: sheets of ours with data given as data, never as markup, and one Chinese font that comes along and is embedded."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.core.say import say
from zhanggui.papers.extra import needed
from zhanggui.papers.trouble import PapersMissing, PaperTrouble

_SHEETS = Path(str(resources.files("zhanggui.papers"))) / "sheets"
_FONT_PACKAGE, _FAMILY = "manimgx_fonts_cjk", "Noto Sans CJK SC"
_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")


class Fonts(msgspec.Struct, frozen=True):
    """The fonts of one run: as the typesetter holds them, and the families in the order they are asked."""

    loaded: Any
    families: tuple[str, ...]


def typeset_pdf(sheet: str, data: object, *, made_at: datetime, folder: Path | None = None) -> bytes:
    """The sheet with these data as PDF, its fonts embedded; the same data at the same moment are the same bytes. Raises PaperTrouble."""
    drawn = _drawn(sheet, data, folder, {"format": "pdf", "timestamp": int(made_at.timestamp()), "pdf_tags": False})
    return b"".join(drawn)


def typeset_pictures(sheet: str, data: object, *, dots_per_inch: float, folder: Path | None = None) -> list[bytes]:
    """Every page of the sheet as a PNG. Raises PaperTrouble."""
    return _drawn(sheet, data, folder, {"format": "png", "ppi": dots_per_inch})


def _drawn(sheet: str, data: object, folder: Path | None, how: Mapping[str, Any]) -> list[bytes]:
    fonts = fonts_in(folder)
    compiler = needed("typst").Compiler(root=str(_SHEETS), font_paths=fonts.loaded, ignore_system_fonts=True)
    told = {"data": msgspec.json.encode(data).decode(), "fonts": msgspec.json.encode(fonts.families).decode()}
    drawn = compiler.compile(str(_SHEETS / f"{sheet}.typ"), sys_inputs=told, **how)
    return drawn if isinstance(drawn, list) else [drawn]


@cache
def fonts_in(folder: Path | None) -> Fonts:
    """The font that comes along, behind those of the folder where one is named. Raises PaperTrouble."""
    typst, spec = needed("typst"), find_spec(_FONT_PACKAGE)
    ours = [] if spec is None or spec.origin is None else [str(Path(spec.origin).parent)]
    theirs = _families(typst, folder) if folder is not None else ()
    if not ours and not theirs:
        raise PapersMissing
    paths = [*([str(folder)] if folder is not None else []), *ours]
    loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    return Fonts(loaded, (*theirs, *((_FAMILY,) if ours else ())))


def _families(typst: Any, folder: Path) -> tuple[str, ...]:
    if not folder.is_dir() or not any(file.suffix.lower() in _ENDINGS for file in folder.rglob("*")):
        raise PaperTrouble(say("ZHANGGUI_PAPER_FONTS names {folder}, which is no folder with font files (ttf, otf or ttc).", folder=str(folder)))
    families: list[str] = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]).families()
    # of a collection for several languages, the Simplified Chinese forms first
    return tuple(sorted(families, key=lambda family: (not family.endswith(" SC"), family)))
