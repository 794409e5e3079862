"""One sign-in that asks too fast for what costs much waits; nobody else does, and nothing is read of what it sends."""

import pytest
from litestar import Litestar

from tests.cast import Cast
from tests.site.expectations import ROUTES
from tests.site_client import browser
from zhanggui.actions.house import House
from zhanggui.site.app import create_app
from zhanggui.site.paces import DEAR, PACES, Dear, Paces, TooFast
from zhanggui.site.settings import Settings

MINUTE = 60.0


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application, as it is run."""
    return create_app(house, Settings(home=house.home), secure=False)


def test_it_lets_who_searches_too_fast_wait_and_nobody_else(app: Litestar, people: Cast) -> None:
    most = PACES[Dear.SEARCH].at_once

    with browser(app, people.lin) as lin:
        answers = [lin.get("/search", params={"number": "1"}) for _ in range(most + 20)]
        page = lin.get("/account")
    with browser(app, people.mei) as mei:
        other = mei.get("/search", params={"number": "1"})

    assert [answer.status_code for answer in answers[:most]] == [200] * most
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "请稍等片刻再试" in answers[-1].text
    assert (other.status_code, page.status_code) == (200, 200)


def test_it_reads_no_file_of_who_sends_too_many(app: Litestar, people: Cast) -> None:
    with browser(app, people.lin) as lin:
        form = {"shop": str(people.shop_id), "_csrf_token": lin.form_token("/account")}
        answers = [lin.post("/imports", data=form).status_code for _ in range(PACES[Dear.UPLOAD].at_once + 10)]

    assert (answers[0], answers[-1]) == (422, 429)


def test_it_goes_on_as_the_minute_passes() -> None:
    paces, pace = Paces(), PACES[Dear.PAPERS]
    for _ in range(pace.at_once):
        paces.take("lin", Dear.PAPERS, 0.0)

    with pytest.raises(TooFast) as refused:
        paces.take("lin", Dear.PAPERS, 0.0)
    paces.take("lin", Dear.UPLOAD, 0.0)
    paces.take("mei", Dear.PAPERS, 0.0)
    for _ in range(pace.a_minute // 2):
        paces.take("lin", Dear.PAPERS, MINUTE / 2)

    assert refused.value.seconds == 1
    with pytest.raises(TooFast):
        paces.take("lin", Dear.PAPERS, MINUTE / 2)


def test_every_route_with_a_pace_is_one_there_is() -> None:
    assert {(route.method, route.route) for route in ROUTES} >= set(DEAR)
