"""Tokens of other programs from the command line: made and shown once, listed without what they are, taken back."""

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal


def test_it_makes_a_token_once_lists_it_and_takes_it_back(stocked: Terminal) -> None:
    made = stocked.run("tokens", "--shop", SHOP, "--make", "客服工具", "--scope", "drafts:read", "--scope", "messages:write", "--json").json
    listed = stocked.run("tokens", "--shop", SHOP, "--json").json
    number = made["tokens"][-1]["no"]
    gone = stocked.run("tokens", "--shop", SHOP, "--revoke", str(number), "--json").json
    again = stocked.run("tokens", "--shop", SHOP, "--revoke", str(number))

    assert made["made"].startswith("zhg_")
    assert (listed["made"], listed["tokens"][-1]["name"], listed["tokens"][-1]["scopes"]) == (None, "客服工具", ["drafts:read", "messages:write"])
    assert made["made"] not in stocked.run("tokens", "--shop", SHOP).out.decode()
    assert number not in [each["no"] for each in gone["tokens"]]
    assert again.code == 1


def test_it_makes_no_token_that_may_do_everything_because_nothing_was_said(stocked: Terminal) -> None:
    refused = stocked.run("tokens", "--shop", SHOP, "--make", "客服工具")

    assert (refused.code, refused.out) == (1, b"")
    assert "--scope" in refused.err
