"""Templates are compiled once for all processes, and never shown as they were before a change."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from zhanggui.workbench import templating
from zhanggui.workbench.templating import Compiled, compiled_in


def shown(folder: Path, cache: Compiled | None) -> str:
    """The page, as a process shows it that has shown nothing yet."""
    return Environment(loader=FileSystemLoader(folder), autoescape=True, bytecode_cache=cache).get_template("page.html").render(name="林")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text("{{ name }} 的店", "utf-8")
    return tmp_path


def test_a_template_is_compiled_once_for_all_processes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(folder, compiled_in(folder))
    monkeypatch.setattr(Environment, "_generate", None)

    assert shown(folder, compiled_in(folder)) == "林 的店"


def test_a_template_that_was_changed_is_compiled_anew(folder: Path) -> None:
    shown(folder, compiled_in(folder))
    (folder / "page.html").write_text("{{ name }} 的新店", "utf-8")

    assert shown(folder, compiled_in(folder)) == "林 的新店"


def test_where_nothing_can_be_kept_pages_are_shown_all_the_same(folder: Path) -> None:
    gone = Compiled(str(folder / "gone"))

    assert shown(folder, gone) == "林 的店"
    assert not (folder / "gone").exists()


def test_nothing_is_kept_where_python_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiled_in(folder / "gone") is None

    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert compiled_in(folder) is None


def test_pages_of_the_house_are_kept_beside_what_python_compiled() -> None:
    kept = templating.environment().bytecode_cache

    assert isinstance(kept, Compiled)
    assert Path(kept.directory) == templating.HERE / "__pycache__"
