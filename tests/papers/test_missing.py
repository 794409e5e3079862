"""Without the extra a clear error says what to install; fonts of the shop's own go before ours."""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.papers.looking import NOW, label, text_of
from zhanggui.papers import engine
from zhanggui.papers.drawing import labels_pdf
from zhanggui.papers.geometry import SIZES
from zhanggui.papers.trouble import PapersMissing, PaperTrouble
from zhanggui.papers.zpl import labels_zpl

SMALL = SIZES["76x130"]


@pytest.mark.parametrize("package", ["typst", "PIL.Image"])
def test_a_clear_error_says_what_to_install(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.fonts_in.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(PapersMissing) as missing:
        labels_zpl([label()], SMALL)

    assert missing.value.say.slots == {"command": "pip install '.[papers]'"}


def test_a_folder_without_fonts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PaperTrouble, match="no folder with font files"):
        labels_pdf([label()], SMALL, made_at=NOW, fonts=tmp_path)


def test_fonts_of_the_shop_s_own_are_asked_first(tmp_path: Path) -> None:
    ours = engine.fonts_in(None)
    assert ours.families == ("Noto Sans CJK SC",)
    spec = find_spec("manimgx_fonts_cjk")
    assert spec is not None
    shutil.copy(next(Path(str(spec.origin)).parent.glob("*.ttc")), tmp_path / "mine.ttc")

    theirs = engine.fonts_in(tmp_path)

    assert theirs.families[0] == theirs.families[-1] == "Noto Sans CJK SC"
    assert "Noto Sans CJK JP" in theirs.families
    assert "余杭区" in text_of(labels_pdf([label()], SMALL, made_at=NOW, fonts=tmp_path))
