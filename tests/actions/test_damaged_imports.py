"""A damaged file is imported whole, as far as its rows can be understood, or not at all; and the import can be undone."""

from datetime import UTC, datetime
from pathlib import Path

from tests.actions.tables import contents
from tests.cast import Cast
from tests.makers.damage import damaged
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.connectors.files import Refused as RefusedRow
from zhanggui.connectors.files import read
from zhanggui.core.facts import key_of

NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
FILES = 120
LEFT = ("batches", "journal", "quarantine", "batch_files", "data_ages")


def test_it_imports_every_row_of_a_damaged_file_or_nothing(house: House, people: Cast, tmp_path: Path) -> None:
    empty = contents(house.pool, leaving=LEFT)
    stored = 0
    for seed in range(FILES):
        case = damaged(seed)
        path = tmp_path / f"export-{seed}"
        path.write_bytes(case.data)
        about = f"seed {seed}, {case.what}"
        try:
            previewed = importing.preview(house, people.lin, people.shop_id, [path], NOW)
        except Refused:
            assert contents(house.pool, leaving=LEFT) == empty, about
            continue
        done = importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)

        told = list(read(path))
        refused = sum(1 for one in told if isinstance(one, RefusedRow))
        assert done.state == "done", about
        assert done.waiting_in_quarantine == refused, about
        keys = {(type(one.facts), key_of(one.facts)) for one in told if not isinstance(one, RefusedRow)}
        assert sum(result.new for result in done.results) == len(keys), about

        importing.undo(house, people.lin, people.shop_id, done.batch_id, NOW)
        assert contents(house.pool, leaving=LEFT) == empty, about
        stored += 1
    assert stored > FILES // 4
