"""Numbers and texts as some files have them: with a slash, or longer than an index holds."""

from urllib.parse import unquote

import pytest
from litestar import Litestar, get
from psycopg.errors import ProgramLimitExceeded

from tests.actions.dispatching.warehouse import tell
from tests.cast import Cast
from tests.site_client import browser, make_app
from tests.workbench.conftest import NOW
from zhanggui.actions.evidence.adding import NewFile, NewReference, add_file, add_reference
from zhanggui.actions.evidence.seeing import evidence_of
from zhanggui.actions.house import House
from zhanggui.core.facts import OrderFacts, OrderStage, RefundState
from zhanggui.people.permissions import ShopId
from zhanggui.site.app import create_app
from zhanggui.site.headers import CONTENT_POLICY, PRINTING_POLICY
from zhanggui.site.settings import Settings
from zhanggui.workbench.places import number_in_path, order_path

SLASHED, PLAIN = "SO/2026#0301/7", "260301-100000000000001"


@pytest.fixture
def app(house: House, people: Cast) -> Litestar:
    """The application over a shop with an order of an odd number and one of a plain one."""
    facts = [OrderFacts(order_no=no, stage=OrderStage.TO_SHIP, refund=RefundState.NONE, group_formed_at=NOW) for no in (SLASHED, PLAIN)]
    tell(house, people.shop_id, facts, NOW)
    return make_app(house)


def test_an_order_with_a_slash_in_its_number_has_a_page(app: Litestar, people: Cast) -> None:
    path = order_path(people.shop_id, SLASHED)

    with browser(app, people.lin) as lin:
        page = lin.get(path)
        noted = lin.send_form(f"{path}/notes", {"text": "老客户"}, page=path)
        after = lin.get(noted.headers["location"])

    assert page.status_code == 200
    assert SLASHED in page.text
    assert noted.status_code == 303
    assert "老客户" in after.text


@pytest.mark.parametrize("number", [SLASHED, "~1/~0", "%2F", "a~b/c", "260301-1"])
def test_a_number_comes_back_from_its_address_as_it_was(number: str) -> None:
    written = order_path(ShopId(1), number).rsplit("/", maxsplit=1)[1]

    assert number_in_path(unquote(written)) == number


def test_what_an_index_cannot_hold_is_refused_in_words(house: House, people: Cast) -> None:
    @get("/long", opt={"open": True}, sync_to_thread=True)
    def long() -> str:
        raise ProgramLimitExceeded("index row size 3000 exceeds btree version 4 maximum 2704")

    with browser(create_app(house, Settings(home=house.home), secure=False, more_handlers=[long])) as stranger:
        answer = stranger.get("/long")

    assert answer.status_code == 400


def test_only_pages_that_print_may_speak_to_the_print_component(app: Litestar, people: Cast) -> None:
    with browser(app, people.lin) as lin:
        prints, other = (lin.get(path).headers["content-security-policy"] for path in (f"/waybills?shop={people.shop_id}", "/today"))

    assert (prints, other) == (PRINTING_POLICY, CONTENT_POLICY)
    assert "ws://127.0.0.1:*" in prints
    assert "ws:" not in other


def test_naming_the_digest_of_another_orders_file_does_not_open_it(app: Litestar, house: House, people: Cast) -> None:
    add_file(house, people.lin, people.shop_id, PLAIN, NewFile(name="a.jpg", media_type="image/jpeg", content=b"theirs"), NOW)
    (piece,) = evidence_of(house, people.lin, people.shop_id, PLAIN)
    seq = add_reference(house, people.lin, people.shop_id, SLASHED, NewReference(name="b", reference="NAS", sha256=piece.sha256), NOW)

    with browser(app, people.lin) as lin:
        answer = lin.get(f"{order_path(people.shop_id, SLASHED)}/evidence/{seq}")
        own = lin.get(f"{order_path(people.shop_id, PLAIN)}/evidence/{piece.seq}")

    assert answer.status_code == 404
    assert own.content == b"theirs"
