"""An import that is cut off by kill -9 leaves nothing half done, and is stored whole when somebody starts again."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.actions.files import orders_csv, row, shipped
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.views import BatchView
from zhanggui.records import locks

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ROWS = 12_000
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("killed_after", [1, 6_000, 12_000])
def test_it_leaves_nothing_half_done_and_starts_afresh(house: House, people: Cast, database: str, tmp_path: Path, killed_after: int) -> None:
    rows = [(shipped if number % 2 else row)(f"260301-{number:015d}") for number in range(ROWS)]
    previewed = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "a.csv", rows)], NOW)
    before = contents(house.pool, leaving=("batches",))

    arguments = [database, str(house.home), str(people.shop_id), str(previewed.batch_id), str(killed_after), NOW.isoformat()]
    with subprocess.Popen([sys.executable, "-m", "tests.actions.importing_child", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        while int(child.stdout.readline()) < killed_after:
            pass
        child.kill()

    cut_off = importing.batch(house, people.lin, people.shop_id, previewed.batch_id)
    assert cut_off is not None
    assert (cut_off.state, cut_off.progress_of) == ("running", ROWS)
    assert cut_off.progress_done >= min(killed_after, ROWS)
    assert contents(house.pool, leaving=("batches",)) == before

    (resumed,) = _resumed(house)
    assert (resumed.state, resumed.results[0].new) == ("done", ROWS)
    with house.pool.connection() as tx:
        assert tx.execute("select count(*) from orders").fetchone() == (ROWS,)
    assert importing.resume_interrupted(house, NOW) == []


def test_an_import_whose_files_lie_on_another_machine_is_left_to_that_one(house: House, people: Cast, tmp_path: Path) -> None:
    previewed = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "a.csv", [row("260301-1")])], NOW)
    with house.pool.connection() as tx:
        tx.execute("update batches set state = 'running' where shop_id = %s and batch_id = %s", (people.shop_id, previewed.batch_id))
    elsewhere = replace(house, home=tmp_path / "elsewhere")

    left = importing.resume_interrupted(elsewhere, NOW)
    (resumed,) = importing.resume_interrupted(house, NOW)

    assert (left, resumed.state) == ([], "done")


def test_it_leaves_a_running_import_to_the_process_that_runs_it(house: House, people: Cast, tmp_path: Path) -> None:
    previewed = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "a.csv", [row("260301-1")])], NOW)
    with house.pool.connection() as tx:
        tx.execute("update batches set state = 'running'")

    with house.pool.connection() as tx:
        locks.hold_shop(tx, people.shop_id)
        resumed = importing.resume_interrupted(house, NOW)

    assert resumed == []
    view = importing.batch(house, people.lin, people.shop_id, previewed.batch_id)
    assert view is not None
    assert view.state == "running"


def _resumed(house: House) -> list[BatchView]:
    """What starts again once the server has noticed that the killed process is gone."""
    for _ in range(100):
        if resumed := importing.resume_interrupted(house, NOW):
            return resumed
    return []
