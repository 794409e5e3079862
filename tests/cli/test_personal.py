"""Personal data from the command line: what is held, a buyer looked for by stdin, keys changed."""

from tests.cli.conftest import SHOP
from tests.cli.terminal import Terminal


def test_it_shows_what_is_held_and_changes_the_keys(stocked: Terminal) -> None:
    for deed in (("--keep", "talks", "200"), ("--change-key",)):
        assert stocked.run("privacy", "--shop", SHOP, *deed, "--json").code == 0
    seen = stocked.run("privacy", "--shop", SHOP, "--change-house-key", "--json")

    kinds = {each["kind"]: each for each in seen.json["held"]}
    assert seen.code == 0
    assert (kinds["buyer_words"]["form"], kinds["buyer_words"]["days"], kinds["buyer_names"]["form"]) == ("sealed", 200, "masked")
    assert "orders" in " ".join(kinds["facts"]["columns"])
    assert (seen.json["keys"]["house_keys"], seen.json["shut"], seen.json["forgotten"]) == (2, 0, None)


def test_it_names_nobody_it_does_not_know_and_forgets_nobody_without_a_yes(stocked: Terminal) -> None:
    nobody = stocked.run("privacy", "--shop", SHOP, "--forget-name", "--json", stdin="没有这个人\n")
    running = stocked.run("privacy", "--shop", SHOP, "--forget-phone", stdin="13812345678\n")

    assert (nobody.code, running.code) == (1, 1)
    assert "13812345678" not in running.text + running.err
    assert "没有这个人" not in nobody.err
