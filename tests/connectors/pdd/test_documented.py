"""The page about the platform names every code, with the class that the table gives it."""

from pathlib import Path

from zhanggui.connectors.pdd.errors import error_table

PAGE = (Path(__file__).parents[3] / "docs" / "platform.md").read_text("utf-8")


def test_it_documents_every_code_with_its_class() -> None:
    rows = {line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:4]] for line in PAGE.splitlines() if line.startswith("| `")}

    undocumented = [code for code, treatment in error_table().codes.items() if rows.get(f"`{code}`") != [treatment.means, f"`{treatment.trouble}`"]]

    assert undocumented == []


def test_it_documents_every_sub_code() -> None:
    assert [code for code in error_table().sub_codes if f"`{code}`" not in PAGE] == []
