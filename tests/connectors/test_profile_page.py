"""The page on profiles says what the code does."""

import re
from pathlib import Path
from typing import get_args

from tests.connectors.desk import told
from zhanggui.connectors.files import Refused, profiles
from zhanggui.connectors.files.profile import As, Column, Family, Profile, from_toml

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text("utf-8")


def test_it_shows_a_profile_that_can_be_used() -> None:
    block = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]

    assert from_toml(block).name == "my-shop"


def test_it_shows_facts_that_can_be_read(tmp_path: Path) -> None:
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "facts.jsonl"
    path.write_text(block, "utf-8")

    assert [one for one in told(path) if isinstance(one, Refused)] == []


def test_it_names_every_word_a_profile_can_hold() -> None:
    fields = {field for struct in (Profile, Family, Column) for field in struct.__struct_encode_fields__} - {"family"}

    missing = [word for word in (*get_args(As), *fields, *profiles()) if not re.search(rf"`?\b{word}\b", PAGE)]

    assert missing == []
