"""The script itself: in order, consistent, and readable by the same reader as a merchant's own files."""

from datetime import datetime
from pathlib import Path

from zhanggui.connectors.files import Refused, read, survey
from zhanggui.core.facts import Place
from zhanggui.demo.exports import written
from zhanggui.demo.story_data import FileTold, story
from zhanggui.demo.world import world, world_of


def test_it_tells_its_chapters_in_the_order_of_time() -> None:
    moments = [chapter.at for chapter in story().chapters]

    assert sorted(set(moments)) == moments


def test_it_speaks_only_of_orders_it_has() -> None:
    heard = story().heard
    spoken_of = {one.order for told in (story().cases, heard.scans, heard.messages, heard.reviews, heard.notices) for one in told} - {None}

    assert spoken_of <= world().told.keys()


def test_it_makes_the_same_world_every_time() -> None:
    assert world_of(story()) == world()


def test_it_gives_every_order_and_parcel_a_number_of_its_own() -> None:
    orders = world().orders

    assert len({sold.order_no for sold in orders}) == len(orders)
    assert len({sold.tracking_no for sold in orders}) == len(orders)


def test_it_has_enough_orders_for_the_pages_to_look_alive() -> None:
    assert 120 <= len(world().orders) <= 220


def test_its_files_are_read_whole_but_for_the_one_damaged_row(tmp_path: Path) -> None:
    refused = [(file.name, place.row, place.column) for file, place in _refused_places(tmp_path)]

    assert refused == [("orders_export20261119133007.csv", 142, "商家实收金额(元)")]


def _refused_places(folder: Path) -> list[tuple[FileTold, Place]]:
    found: list[tuple[FileTold, Place]] = []
    since: datetime | None = None
    for chapter in story().chapters:
        for file in chapter.files:
            path = folder / file.name
            path.write_bytes(written(file, world(), story().heard, since, chapter.at))
            found.extend((file, row.place) for row in read(path, survey(path)) if isinstance(row, Refused))
        since = chapter.at
    return found
