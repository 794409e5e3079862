"""The pages of hooks: made with a secret that is shown once, tried, sent once more, paused and resumed."""

import re
from collections.abc import Iterator

import pytest

from tests.actions.cases.telling import order_told, platform_tells
from tests.actions.hooks.receiver import Program, listening
from tests.cast import BEGAN, Cast
from tests.site_client import browser, make_app
from zhanggui import clock
from zhanggui.actions.hooks.making import add_hook
from zhanggui.actions.hooks.seeing import hook_seen, hooks_seen
from zhanggui.actions.hooks.sending import send_events
from zhanggui.actions.hooks.spreading import spread_events
from zhanggui.actions.house import House


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A program on this machine, to which the house may send."""
    monkeypatch.setenv("ZHANGGUI_NOTIFY_HOSTS", "127.0.0.1")
    with listening() as made:
        yield made


def test_the_owner_makes_a_hook_tries_it_and_sees_what_was_sent(house: House, people: Cast, program: Program) -> None:
    path = f"/shops/{people.shop_id}/hooks"
    with browser(make_app(house), people.lin) as lin:
        made = lin.send_form(path, {"name": "<b>ERP", "address": program.address, "kinds": ["order.seen"]}, page=path)
        (program.secret,) = re.findall(r"whsec_[\w+/=]+", made.text)
        (hook,) = hooks_seen(house, people.lin, people.shop_id)
        own = f"{path}/{hook.hook_no}"
        tried = lin.send_form(f"{own}/step", {"step": "test"}, page=own)
        platform_tells(house, people.shop_id, [order_told(BEGAN)], BEGAN)
        spread_events(house, people.shop_id, BEGAN, clock.unwound(), "worker")
        send_events(house, people.shop_id, BEGAN, clock.unwound(), "worker")
        shown = lin.get(own)
        again = lin.send_form(f"{own}/events/1/again", page=own)
        waits = hook_seen(house, people.lin, people.shop_id, hook.hook_no).waiting
        off = lin.send_form(f"{own}/step", {"step": "off"}, page=own)
        turned = lin.send_form(f"{own}/secret", page=own)
        odd = [lin.send_form(f"{own}/again", {"hours": hours}, page=own).status_code for hours in ("0", "x", "999")]
        gone = lin.send_form(f"{own}/step", {"step": "remove"}, page=own)

    assert (made.status_code, made.headers["cache-control"], "<b>ERP" in made.text) == (200, "no-store", False)
    assert (tried.status_code, tried.headers["location"]) == (303, f"{own}?done=tried")
    assert [kind for kind, _ in program.taken] == ["hook.test", "order.seen"]
    assert ("260301-111111111111111" in shown.text, "204" in shown.text, program.secret in shown.text) == (True, True, False)
    assert (again.status_code, waits, off.status_code) == (303, 1, 303)
    assert len(set(re.findall(r"whsec_[\w+/=]+", turned.text)) - {program.secret}) == 1
    assert odd == [422, 422, 422]
    assert (gone.status_code, hooks_seen(house, people.lin, people.shop_id)) == (303, ())


def test_it_hides_hooks_from_whoever_does_not_see_the_settings(house: House, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/hooks"
    found = []
    for person in (people.mei, people.zheng):
        with browser(make_app(house), person) as walker:
            found.append(walker.get(path).status_code)

    assert found == [404, 404]


def test_a_paused_hook_rings_and_leads_the_owner_to_its_page(house: House, people: Cast, program: Program) -> None:
    made = add_hook(house, people.lin, people.shop_id, "ERP", program.address, ["order.seen"], BEGAN)
    program.secret, program.answers = made.secret, lambda _: 410
    platform_tells(house, people.shop_id, [order_told(BEGAN)], BEGAN)
    spread_events(house, people.shop_id, BEGAN, clock.unwound(), "worker")
    send_events(house, people.shop_id, BEGAN, clock.unwound(), "worker")

    with browser(make_app(house), people.lin) as lin:
        alerts = lin.get("/alerts")
        page = lin.get(f"/shops/{people.shop_id}/hooks/{made.hook_no}")
    with browser(make_app(house), people.mei) as mei:
        hers = mei.get("/alerts")

    assert (alerts.status_code, hers.status_code) == (200, 200)
    assert f"/shops/{people.shop_id}/hooks/{made.hook_no}" in alerts.text
    assert f"/shops/{people.shop_id}/hooks/{made.hook_no}" not in hers.text
    assert 'value="resume"' in page.text
