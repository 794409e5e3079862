"""What a buyer showed comes into the vault by itself, once, from the platform's own hosts only; told from what is ours."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.actions.cases.telling import CASE, ORDER, case_told, order_told, platform_tells
from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.cases.pictures import fetch_pictures, shown_by_buyer
from zhanggui.actions.chores import mend_moments
from zhanggui.actions.evidence import evidence_of, verify_shop
from zhanggui.actions.house import House
from zhanggui.actions.syncing import read_again
from zhanggui.connectors.pdd.doors import doors_of, production_doors
from zhanggui.connectors.pdd.pictures import NoPicture, media_type_of, picture_address
from zhanggui.core.cases.pictures import MOST_ATTEMPTS, Named, look_again_at, places_of
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import case_pictures, disputes

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
THERE = "https://img.pddpic.com/aftersales/1-0.jpeg"


@pytest.mark.parametrize("address", [THERE, "https://pddpic.com/a.jpg", "https://t00img.yangkeduo.com/a?b=c"])
def test_it_fetches_from_the_platform_s_own_hosts(address: str) -> None:
    assert picture_address(production_doors(), address) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://img.pddpic.com/a.jpg",
        "https://img.pddpic.com:8443/a.jpg",
        "https://img.pddpic.com.example.com/a.jpg",
        "https://evilpddpic.com/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://user@img.pddpic.com/a.jpg",
        "https://img.pddpic.com\\@127.0.0.1/a.jpg",
        "file:///etc/passwd",
        "",
        "https://img.pddpic.com/" + "a" * 2000,
    ],
)
def test_it_fetches_from_nowhere_else(address: str) -> None:
    for doors in (production_doors(), doors_of("http://127.0.0.1:18080/api/router")):
        with pytest.raises(NoPicture) as refused:
            picture_address(doors, address)

        assert refused.value.is_final


def test_a_picture_is_told_by_how_it_begins() -> None:
    told = [media_type_of(head + b"...") for head in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF....WEBP", b"GIF89a", b"<svg", b"%PDF", b"")]

    assert told == ["image/jpeg", "image/png", "image/webp", "image/gif", None, None, None]


def test_it_tries_again_later_and_later_and_then_no_more() -> None:
    waits = [again - NOW if (again := look_again_at(attempts, NOW)) else None for attempts in (1, 2, 3, MOST_ATTEMPTS)]

    assert waits == [timedelta(minutes=2), timedelta(minutes=8), timedelta(minutes=32), None]


def test_a_case_that_names_pictures_has_each_of_them_fetched_once(house: House, people: Cast) -> None:
    with_pictures = case_told(NOW, pictures=2, picture_addresses=(THERE, "https://img.pddpic.com/aftersales/1-1.jpeg"))
    for _ in range(2):
        platform_tells(house, people.shop_id, [order_told(NOW), with_pictures], NOW)

    with house.pool.connection() as tx:
        due = case_pictures.due(tx, people.shop_id, NOW, 10)
    assert [(each.case_no, each.place, each.address) for each in due] == [(CASE, 0, THERE), (CASE, 1, "https://img.pddpic.com/aftersales/1-1.jpeg")]
    assert fetch_pictures(house, NOW, NOW) == 0, "a shop that is not connected waits"


def test_a_picture_is_fetched_though_a_clock_that_was_a_week_ahead_put_it_off(house: House, people: Cast) -> None:
    platform_tells(house, people.shop_id, [order_told(NOW), case_told(NOW, picture_addresses=(THERE,))], NOW)
    with house.pool.connection() as tx:
        (picture,) = case_pictures.due(tx, people.shop_id, NOW, 10)
        case_pictures.put_off(tx, people.shop_id, picture, picture.state, NOW + timedelta(days=7, minutes=2), say("It could not be had."))
        stuck = case_pictures.due(tx, people.shop_id, NOW + timedelta(days=1), 10)

    mend_moments(house, NOW)

    with house.pool.connection() as tx:
        assert (stuck, [each.address for each in case_pictures.due(tx, people.shop_id, NOW, 10)]) == ([], [THERE])


@pytest.mark.parametrize(
    ("before", "told", "placed"),
    [
        ([], ["/a", "/b"], {0: "/a", 1: "/b"}),
        ([("/a", False)], ["/new", "/a"], {0: "/a", 1: "/new"}),
        ([("/a", True)], ["/new", "/a"], {0: "/a", 1: "/new"}),
        ([("/a?sign=1", True)], ["/a?sign=2"], {0: "/a?sign=2"}),
        ([("/a?sign=1", False), ("/b?sign=1", False)], ["/b?sign=2", "/a?sign=2"], {0: "/a?sign=2", 1: "/b?sign=2"}),
        ([("/a", True)], ["/renewed"], {0: "/renewed"}),
        ([("/a", False)], ["/other"], {1: "/other"}),
        ([("/show?id=1", False)], ["/show?id=1", "/show?id=2"], {0: "/show?id=1", 1: "/show?id=2"}),
        ([], ["/a", "/a"], {0: "/a"}),
        ([(f"/{n}", False) for n in range(60)], ["/one-too-many"], {}),
    ],
)
def test_a_picture_is_known_again_by_its_address_wherever_it_stands(before: list[tuple[str, bool]], told: list[str], placed: dict[int, str]) -> None:
    assert places_of([Named(place, address, is_wanted) for place, (address, is_wanted) in enumerate(before)], told) == placed


def test_a_picture_that_is_put_first_later_is_fetched_too(house: House, people: Cast) -> None:
    later = NOW + timedelta(hours=1)
    platform_tells(house, people.shop_id, [order_told(NOW), case_told(NOW, picture_addresses=(THERE,))], NOW)
    with house.pool.connection() as tx:
        (first,) = case_pictures.due(tx, people.shop_id, NOW, 10)
        case_pictures.keep(tx, people.shop_id, first, 1, NOW)

    platform_tells(house, people.shop_id, [case_told(later, picture_addresses=("https://img.pddpic.com/aftersales/1-9.jpeg", THERE))], later)

    with house.pool.connection() as tx:
        assert [each.address for each in case_pictures.due(tx, people.shop_id, later, 10)] == ["https://img.pddpic.com/aftersales/1-9.jpeg"]


def test_it_brings_the_pictures_of_a_case_into_the_vault_of_its_order(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        (order_no,) = platform.new_orders()
        case_no = str(platform.do("buyer.asks", order_sn=order_no, kind=1, reason="质量问题")["after_sales_id"])
        platform.step(240)
        read_again(seat.house, seat.shop_id, "order", order_no, seat.now, seat.wall)
        read_again(seat.house, seat.shop_id, "case", f"{order_no}/{case_no}", seat.now, seat.wall)

        kept = fetch_pictures(seat.house, seat.now, seat.wall)
        again = fetch_pictures(seat.house, seat.now, seat.wall)

        shown = shown_by_buyer(seat.house, people.mei, people.shop_id, case_no)
        pieces = evidence_of(seat.house, people.mei, people.shop_id, order_no)
        with house.pool.connection() as tx:
            shows = disputes.shows(tx, people.shop_id, list(shown.seqs))
    assert kept > 0
    assert again == 0
    assert (len(shown.seqs), shown.awaited, shown.missing) == (kept, 0, ())
    assert [(piece.media_type, piece.name.startswith(f"售后{case_no}-买家图")) for piece in pieces] == [("image/png", True)] * kept
    assert set(map(tuple, shows.values())) == {("shows_buyers",)}
    assert verify_shop(seat.house, people.lin, people.shop_id).findings == ()


def test_an_address_that_is_none_of_the_platform_s_is_refused_and_says_so(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        odd = ("https://example.com/a.jpg", "https://img.pddpic.com/aftersales/77-0.jpeg")
        platform_tells(seat.house, people.shop_id, [order_told(NOW), case_told(NOW, picture_addresses=odd)], NOW)

        fetch_pictures(seat.house, seat.now, seat.wall)

        shown = shown_by_buyer(seat.house, people.mei, people.shop_id, CASE)
        assert [why.text.split(";")[0].split("(")[0].strip() for why in shown.missing] == [
            "The address of the picture is none of the platform's",
            "The platform no longer shows the picture",
        ]
        assert evidence_of(seat.house, people.mei, people.shop_id, ORDER) == ()
        with pytest.raises(NotAllowed):
            shown_by_buyer(seat.house, people.zheng, people.shop_id, CASE)
