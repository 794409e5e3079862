"""Previews nobody confirmed and imports that failed are thrown away after a week, with the copies of their files; so are copies a crash left behind."""

from datetime import timedelta
from pathlib import Path

from tests.actions.files import ONE, orders_csv, row
from tests.cast import Cast
from tests.site.planted import plant
from zhanggui import clock
from zhanggui.actions import importing
from zhanggui.actions.chores import drop_old_previews
from zhanggui.actions.house import House


def test_it_drops_previews_after_a_week_and_keeps_what_was_stored(house: House, people: Cast, tmp_path: Path) -> None:
    planted = plant(house, people, tmp_path, ours=True)
    copies = house.home / "spool" / str(planted.shop_id)

    drop_old_previews(house, clock.now() + timedelta(days=6))
    kept = [path for path in copies.rglob("*") if path.is_file()]
    drop_old_previews(house, clock.now() + timedelta(days=8))

    batches = importing.batches(house, people.lin, (planted.shop_id,))
    assert len(kept) == 3
    assert [path for path in copies.rglob("*") if path.is_file()] == []
    assert {batch.batch_id: batch.state for batch in batches} == {
        planted.batch_done: "done",
        planted.batch_to_confirm: "dropped",
        planted.batch_to_redate: "dropped",
        planted.batch_to_drop: "dropped",
    }


def test_it_drops_imports_that_failed_a_week_ago(house: House, people: Cast, tmp_path: Path) -> None:
    previewed = _failed(house, people, tmp_path)
    copies = house.home / "spool" / str(people.shop_id)

    drop_old_previews(house, clock.now() + timedelta(days=6))
    kept = [path for path in copies.rglob("*") if path.is_file()]
    drop_old_previews(house, clock.now() + timedelta(days=8))

    view = importing.batch(house, people.lin, people.shop_id, previewed)
    assert view is not None
    assert len(kept) == 1
    assert view.state == "dropped"
    assert [path for path in copies.rglob("*") if path.is_file()] == []


def test_it_sweeps_copies_of_imports_that_are_over_or_gone(house: House, people: Cast, tmp_path: Path) -> None:
    spool = house.home / "spool"
    path = orders_csv(tmp_path / "a.csv", [row(ONE)])
    stored = importing.preview(house, people.lin, people.shop_id, [path], clock.now())
    importing.confirm(house, people.lin, people.shop_id, stored.batch_id, clock.now())
    waiting = importing.preview(house, people.lin, people.shop_id, [path], clock.now())
    left = [_copy(spool / str(people.shop_id) / str(stored.batch_id)), _copy(spool / str(people.shop_id) / "99999"), _copy(spool / "99999" / "1")]
    upload = _copy(spool / "upload-new")

    drop_old_previews(house, clock.now())

    assert [copy.exists() for copy in left] == [False, False, False]
    assert upload.exists()
    assert (spool / str(people.shop_id) / str(waiting.batch_id) / "0" / "a.csv").exists()


def _failed(house: House, people: Cast, folder: Path) -> int:
    """An import that a fault of the program stopped."""
    previewed = importing.preview(house, people.lin, people.shop_id, [orders_csv(folder / "a.csv", [row(ONE)])], clock.now())
    with house.pool.connection() as tx:
        tx.execute("update batches set state = 'failed' where batch_id = %s", (previewed.batch_id,))
    return previewed.batch_id


def _copy(folder: Path) -> Path:
    folder.mkdir(parents=True)
    copy = folder / "orders.csv"
    copy.write_text("x", "utf-8")
    return copy
