"""Hooks from the command line: made with a secret that is shown once, tried, switched, sent once more, removed."""

from dataclasses import replace

from tests.actions.hooks.receiver import listening
from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal


def test_it_makes_a_hook_tries_it_and_removes_it(stocked: Terminal) -> None:
    here = replace(stocked, environment={**stocked.environment, "ZHANGGUI_NOTIFY_HOSTS": "127.0.0.1"})
    with listening() as program:
        made = here.run("hooks", "add", "ERP", program.address, "--shop", SHOP, "--kind", "order.*", "--kind", "import.stored", "--json").json
        program.secret, number = made["secret"], str(made["no"])
        tried = here.run("hooks", "test", number, "--shop", SHOP, "--json").json
    untaken = here.run("hooks", "test", number, "--shop", SHOP)
    again = here.run("hooks", "again", number, "--shop", SHOP, "--hours", "1", "--json").json
    log = here.run("hooks", "log", number, "--shop", SHOP, "--json").json
    (off,) = here.run("hooks", "switch", number, "off", "--shop", SHOP, "--json").json["hooks"]
    gone = here.run("hooks", "remove", number, "--shop", SHOP, "--json").json["hooks"]

    assert program.taken == [("hook.test", number)]
    assert (tried["no"], off["name"], off["host"], off["is_on"]) == (made["no"], "ERP", "127.0.0.1", False)
    assert off["kinds"] == ["import.stored", "order.changed", "order.moved", "order.refund_moved", "order.seen"]
    assert made["secret"] not in repr((tried, off, log))
    assert (again, log, untaken.code, gone) == ({"no": made["no"], "events": 0}, {"log": []}, 1, [])


def test_it_refuses_a_hook_that_cannot_be_meant(stocked: Terminal) -> None:
    plain = stocked.run("hooks", "add", "ERP", "http://example.com/", "--shop", SHOP)
    unknown = stocked.run("hooks", "log", "999", "--shop", SHOP)

    assert (plain.code, unknown.code) == (1, 1)
