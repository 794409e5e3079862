"""The same picture in two orders, or in two shops, is found by itself; it is shown to whoever may see both, and to nobody else."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.actions.goods.shelves import NOW, no_of, order
from tests.actions.returns.bench import Bench
from tests.cast import Cast
from tests.makers.pictures import jpeg, scene, shrunk
from zhanggui.actions import importing
from zhanggui.actions.evidence import NewFile, add_file
from zhanggui.actions.house import House
from zhanggui.actions.photos.finding import look_at_photos
from zhanggui.actions.photos.seeing import pictures_of_order, pictures_seen
from zhanggui.people.permissions import NotAllowed, Person, Role, ShopId

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """Three orders of 林, and one of 郑."""
    made = Bench(house, people, tmp_path)
    made.tell(order(1), order(2), order(3))
    path = tmp_path / "zheng.jsonl"
    path.write_bytes(msgspec.json.encode(order(9)) + b"\n")
    seen = importing.preview(house, people.zheng, people.other_shop_id, [path], NOW, as_of=NOW)
    importing.confirm(house, people.zheng, people.other_shop_id, seen.batch_id, NOW)
    return made


def _bring(house: House, by: Person, shop_id: ShopId, number: int, content: bytes) -> None:
    add_file(house, by, shop_id, no_of(number), NewFile(name=f"{number}.jpg", media_type="image/jpeg", content=content), LATER)


def test_it_finds_the_same_picture_in_two_orders(bench: Bench, people: Cast) -> None:
    _bring(bench.house, people.mei, bench.shop_id, 1, jpeg(scene(1)))
    _bring(bench.house, people.mei, bench.shop_id, 2, jpeg(shrunk(scene(1), 0.5), 50))
    _bring(bench.house, people.mei, bench.shop_id, 3, jpeg(scene(2)))

    looked = look_at_photos(bench.house, LATER), look_at_photos(bench.house, LATER)

    [twice] = pictures_seen(bench.house, people.mei, bench.shop_id).twice
    assert ([one.place.order_no for one in twice.shown], twice.shops, looked) == ([no_of(1), no_of(2)], 1, (3, 0))


def test_it_finds_the_very_same_file_in_two_orders(bench: Bench, people: Cast) -> None:
    _bring(bench.house, people.mei, bench.shop_id, 1, jpeg(scene(1)))
    _bring(bench.house, people.mei, bench.shop_id, 2, jpeg(scene(1)))

    look_at_photos(bench.house, LATER)

    [twice] = pictures_seen(bench.house, people.mei, bench.shop_id).twice
    assert (twice.orders, twice.likeness) == (2, 1000)


def test_only_who_sees_both_shops_sees_the_same_picture_in_both(bench: Bench, people: Cast) -> None:
    _bring(bench.house, people.mei, bench.shop_id, 1, jpeg(scene(1)))
    _bring(bench.house, people.zheng, people.other_shop_id, 9, jpeg(scene(1), 40))
    look_at_photos(bench.house, LATER)
    both = msgspec.structs.replace(people.lin, roles={bench.shop_id: Role.OWNER, people.other_shop_id: Role.OWNER})

    [twice] = pictures_seen(bench.house, both, bench.shop_id).twice

    assert ({one.shop_id for one in twice.shown}, twice.shops) == ({bench.shop_id, people.other_shop_id}, 2)
    assert (pictures_seen(bench.house, people.lin, bench.shop_id).twice, pictures_seen(bench.house, people.zheng, people.other_shop_id).twice) == ((), ())
    with bench.reading() as tx:
        assert [one.orders for one in pictures_of_order(tx, both, people.other_shop_id, no_of(9))] == [2]


def test_it_tells_of_pictures_that_cannot_be_read(bench: Bench, people: Cast) -> None:
    _bring(bench.house, people.mei, bench.shop_id, 1, b"\xff\xd8\xff an opened box")

    look_at_photos(bench.house, LATER)

    assert pictures_seen(bench.house, people.mei, bench.shop_id).unread == 1


def test_another_shop_sees_nothing(bench: Bench, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        pictures_seen(bench.house, people.zheng, bench.shop_id)
