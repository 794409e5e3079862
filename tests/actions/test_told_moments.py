"""The moment a person tells holds for every table of the files; else each table of an archive speaks of its own."""

from datetime import UTC, datetime
from pathlib import Path

from tests.actions.files import ONE, TWO, orders_csv, row, shipped
from tests.cast import Cast
from tests.makers import containers
from zhanggui.actions import importing, orders
from zhanggui.actions.house import House

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
TOLD = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
OLD = "2026-03-01-11-00-00"
NEW = "2026-03-02-09-00-00"


def test_a_told_moment_holds_for_every_table_of_an_archive(house: House, people: Cast, tmp_path: Path) -> None:
    path = _archive(tmp_path)

    previewed = importing.preview(house, people.lin, people.shop_id, [path], NOW, as_of=TOLD)
    importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)

    assert (previewed.as_of, previewed.as_of_source) == (TOLD, "told")
    assert _moments(house) == [TOLD, TOLD]


def test_a_changed_moment_holds_for_every_table_of_an_archive(house: House, people: Cast, tmp_path: Path) -> None:
    previewed = importing.preview(house, people.lin, people.shop_id, [_archive(tmp_path)], NOW)

    redated = importing.redate(house, people.lin, people.shop_id, previewed.batch_id, TOLD, NOW)
    importing.confirm(house, people.lin, people.shop_id, redated.batch_id, NOW)

    assert _moments(house) == [TOLD, TOLD]


def test_each_file_of_facts_in_an_archive_speaks_of_its_own_moment(house: House, people: Cast, tmp_path: Path) -> None:
    line = '{{"fact": "order", "order_no": "{no}", "title": "{title}"}}\n'
    members = {f"a{NEW}.jsonl": line.format(no=ONE, title="新名"), f"b{OLD}.jsonl": line.format(no=ONE, title="旧名")}
    path = tmp_path / "facts.zip"
    path.write_bytes(containers.as_zip({name: text.encode() for name, text in members.items()}))

    previewed = importing.preview(house, people.lin, people.shop_id, [path], NOW)
    importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)

    view = orders.order(house, people.lin, people.shop_id, ONE, NOW)
    assert view is not None
    assert (view.order.title, view.as_of) == ("新名", datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


def _archive(folder: Path) -> Path:
    members = {name: orders_csv(folder / name, [one]).read_bytes() for name, one in ((f"a{OLD}.csv", row(ONE)), (f"b{NEW}.csv", shipped(TWO)))}
    path = folder / "both.zip"
    path.write_bytes(containers.as_zip(members))
    return path


def _moments(house: House) -> list[datetime]:
    with house.pool.connection() as tx:
        return [as_of for (as_of,) in tx.execute("select as_of from sightings where kind = 'order' order by key").fetchall()]
