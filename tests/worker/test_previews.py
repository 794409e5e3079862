"""Previews nobody confirmed are thrown away after a week, with the copies of their files."""

from datetime import timedelta
from pathlib import Path

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
