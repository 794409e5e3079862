"""The rulebook loads whole, and a block that is not in order is refused by file and line."""

from datetime import timedelta
from pathlib import Path

import pytest

from zhanggui import rulebook
from zhanggui.core.moments import start_of_day
from zhanggui.core.rules import Grade, NoSuchRule, Question
from zhanggui.rulebook import RuleRefused, check_beside, load_from, rule_from_data, rule_to_data

BLOCK = """
[[rule]]
id = "pdd.ship_by.spot"
question = "ship_by"
title = { zh = "现货", en = "Spot goods" }
effective_from = 2026-01-01
scope = { way = ["spot"] }
term = { hours = 48 }
source = "a page"
checked = 2026-11-21
basis = "published"
grade = "B"
"""


def written(folder: Path, text: str) -> Path:
    """A rulebook folder that holds one file of rules."""
    (folder / "pdd").mkdir()
    (folder / "pdd" / "shipping.toml").write_text(text, "utf-8")
    (folder / "ranking.toml").write_text("tau_hours = 12.0\n[kinds]\n", "utf-8")
    return folder


def test_it_loads_what_comes_along() -> None:
    book = rulebook.load()

    assert len({rule.cite for rule in book.all}) == len(book.all)
    assert all(rule.source and rule.title.zh and rule.title.en and rule.place for rule in book.all)
    assert book.rivals
    assert any(rule.is_unknown for rule in book.all)


def test_it_reads_a_block_and_remembers_where_it_stood(tmp_path: Path) -> None:
    rule = load_from(written(tmp_path, "# a comment\n" + BLOCK)).all[0]

    assert (rule.cite, rule.place, rule.effective_from) == ("pdd.ship_by.spot@2026-01-01", "pdd/shipping.toml:3", start_of_day(rule.version))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('source = "a page"\n', "", "shipping.toml:2: Object missing required field `source`"),
        ('source = "a page"', 'source = " "', "shipping.toml:2: pdd.ship_by.spot: no source is named"),
        ("effective_from = 2026-01-01", 'effective_from = "soon"', "shipping.toml:2: effective_from: 'soon' is not a date"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-01T08:00:00", "lacks its offset"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_until = 2026-01-01", "it ends before it begins"),
        ('question = "ship_by"', 'question = "ship_when"', "Invalid enum value 'ship_when'"),
        ('grade = "B"', 'grade = "Z"', "Invalid enum value 'Z'"),
        ('basis = "published"', 'basis = "heard"', "Invalid enum value 'heard'"),
        ('grade = "B"', 'grade = "B"\nhuors = 3', "shipping.toml:2: unknown words: huors"),
        ("term = { hours = 48 }", "term = { hour = 48 }", "unknown field `hour`"),
        (
            "term = { hours = 48 }",
            "term = { hours = 48, end_of_day = true }",
            "a term is either a length above zero (ten years at most), or the end of the day, or a field",
        ),
        ("term = { hours = 48 }", "term = { hours = 0 }", "a term is either a length above zero"),
        ("term = { hours = 48 }", 'term = { field = "moonrise" }', "unknown event 'moonrise'"),
        ("term = { hours = 48 }\n", "", "it needs a term"),
        ('way = ["spot"]', 'way = ["sopt"]', "unknown value of way: sopt"),
        ('way = ["spot"]', 'weather = ["fine"]', "unknown word 'weather' in scope"),
        ('en = "Spot goods"', 'en = ""', "the title is missing in one language"),
        ("term = { hours = 48 }", 'term = { hours = 48 }\nhours_of_day = [["25:00", "26:00"]]', "hours of the day are written like 08:00"),
        ("term = { hours = 48 }", 'term = { hours = 48 }\nhours_of_day = [["14:00", "22:00"], ["09:00", "12:00"]]', "do not follow each other"),
        ("term = { hours = 48 }", "term = { hours = 48 }\namount = { brackets = [{ below_fen = 100, fixed_fen = 1 }] }", "the last bracket, and only the last"),
        ("term = { hours = 48 }", "term = { hours = 48 }\namount = { brackets = [{ percent = 5, fixed_fen = 1 }] }", "either a fixed sum or a percentage"),
        ("term = { hours = 48 }", "term = { hours = 48 }\namount = { brackets = [{ fixed_fen = -1 }] }", "a sum is never below zero"),
        ("term = { hours = 48 }", "term = { hours = 48 }\namount = { brackets = [{ percent = 5, min_fen = 9, max_fen = 8 }] }", "lies below the least"),
        ("term = { hours = 48 }", "term = { days = 3651 }", "ten years at most"),
        ("term = { hours = 48 }", "term = { days = 99999999999 }", "ten years at most"),
        ("term = { hours = 48 }", 'term = { field = "applied_at" }', "ship_by has no field applied_at to go by"),
        ('question = "ship_by"', 'question = "ship_start"', "ship_start is never asked by way, so the rule would never hold"),
        ('way = ["spot"]', 'kind = ["exchange"]', "ship_by is never asked by kind, so the rule would never hold"),
        ("term = { hours = 48 }", 'term = { hours = 48 }\nhours_of_day = [["09:00", "12:00"]]', "only an answer to a buyer counts by hours of the day"),
        ("[[rule]]", "[[ruel]]", "shipping.toml: unknown words at the top: ruel"),
        ("[[rule]]", "[[rule]", "shipping.toml: not readable as TOML"),
    ],
)
def test_it_refuses_a_block_that_is_not_in_order(tmp_path: Path, before: str, after: str, says: str) -> None:
    folder = written(tmp_path, BLOCK.replace(before, after))

    with pytest.raises(RuleRefused) as refusal:
        load_from(folder)

    assert says in str(refusal.value)
    assert "shipping.toml" in str(refusal.value)


def test_it_refuses_two_answers_to_one_question_at_one_moment(tmp_path: Path) -> None:
    second = BLOCK.replace("pdd.ship_by.spot", "pdd.ship_by.other").replace("2026-01-01", "2026-06-01")

    with pytest.raises(RuleRefused, match=r"shipping.toml:14: pdd.ship_by.other@2026-06-01 answers the same question .* at pdd/shipping.toml:2"):
        load_from(written(tmp_path, BLOCK + second))


def test_it_takes_the_next_version_where_the_old_one_was_closed(tmp_path: Path) -> None:
    first = BLOCK.replace("effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_until = 2026-06-01")
    second = BLOCK.replace("2026-01-01", "2026-06-01").replace("hours = 48", "hours = 24")

    book = load_from(written(tmp_path, first + second))

    change = book.all[1].effective_from
    told = [book.in_force("ship_by", at=moment, way="spot") for moment in (change - timedelta(seconds=1), change)]
    assert [rule.term.hours for rule in told if rule is not None and rule.term is not None] == [48, 24]


def test_it_refuses_the_same_version_twice(tmp_path: Path) -> None:
    with pytest.raises(RuleRefused, match=r"is already defined at pdd/shipping\.toml:2"):
        load_from(written(tmp_path, BLOCK + BLOCK))


def test_it_keeps_a_rival_beside_the_rule_in_force(tmp_path: Path) -> None:
    rival = BLOCK.replace("pdd.ship_by.spot", "pdd.ship_by.rival") + "is_rival = true\n"

    book = load_from(written(tmp_path, BLOCK + rival))

    found = book.in_force("ship_by", at=start_of_day(book.all[0].version), way="spot")
    assert found is not None
    assert found.id == "pdd.ship_by.spot"
    assert [rule.id for rule in book.rivals] == ["pdd.ship_by.rival"]


def test_it_gives_every_rule_back_from_its_own_data() -> None:
    for rule in rulebook.load().all:
        again = rule_from_data(rule_to_data(rule), rule.place)

        assert (again.cite, again.scope, again.term, again.amount, again.hours_of_day, again.is_rival) == (
            rule.cite,
            rule.scope,
            rule.term,
            rule.amount,
            rule.hours_of_day,
            rule.is_rival,
        )


def test_it_lays_a_shop_rule_over_the_rulebook() -> None:
    base = rulebook.load()
    data = {
        "id": "shop.spot",
        "question": "ship_by",
        "title": {"zh": "本店", "en": "Ours"},
        "effective_from": "2026-01-01",
        "scope": {"way": ["spot", "booked_undated"]},
    }
    own = rule_from_data(data | {"term": {"hours": 20}, "source": "the shop", "checked": "2026-01-01", "basis": "observed"}, "shop")

    book = base.with_overrides([own])

    moment = own.effective_from
    found = book.in_force("ship_by", at=moment, way="spot")
    assert found is own
    assert (own.grade, own.is_override) == (Grade.SHOP, True)
    assert book.in_force("ship_by", at=moment, way="bonded") == base.in_force("ship_by", at=moment, way="bonded")
    assert own in book.everything_in_force(moment)
    assert "pdd.ship_by.spot@2015-09-01" not in {rule.cite for rule in book.everything_in_force(moment)}
    assert base.with_overrides([]) is base


@pytest.mark.parametrize(
    ("rule_id", "scope", "spot", "abroad"),
    [
        ("pdd.pickup_by", {}, 12, 72),
        ("pdd.pickup_by.from_abroad", {"way": ["direct_mail", "bonded"]}, 24, 12),
        ("pdd.pickup_by", {"goods": ["901"]}, 12, 12),
        ("shop.pickup_by", {}, 12, 12),
    ],
)
def test_a_shops_version_of_a_general_rule_leaves_the_narrower_rules_of_the_rulebook(rule_id: str, scope: dict[str, list[str]], spot: int, abroad: int) -> None:
    data = {"question": "pickup_by", "counts_from": ["shipped_at"], "term": {"hours": 12}}
    own = rule_from_data(OWN | data | {"id": rule_id, "scope": scope}, "shop")
    book = rulebook.load().with_overrides([own])

    found = [book.in_force("pickup_by", at=own.effective_from, way=way, goods="901") for way in ("spot", "direct_mail")]

    assert [rule and rule.term and rule.term.hours for rule in found] == [spot, abroad]
    listed = {rule.cite for rule in book.everything_in_force(own.effective_from) if rule.question is Question.PICKUP_BY}
    assert {rule.cite for rule in found if rule} <= listed


def test_it_refuses_a_shop_rule_by_its_place_and_field() -> None:
    with pytest.raises(RuleRefused, match=r"shop: .*question"):
        rule_from_data({"id": "shop.spot", "question": "nothing"}, "shop")


def test_it_says_so_when_a_rule_does_not_exist() -> None:
    with pytest.raises(NoSuchRule, match=r"pdd\.nothing@2026-01-01"):
        rulebook.load().by_cite("pdd.nothing@2026-01-01")


OWN = {
    "id": "shop.own",
    "title": {"zh": "本店", "en": "Ours"},
    "effective_from": "2026-01-01",
    "source": "the shop",
    "checked": "2026-01-01",
    "basis": "observed",
}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"question": "ship_start"}, "it needs an event to count from"),
        ({"question": "inspect_return", "term": {"days": 5}}, "it needs an event to count from"),
        ({"question": "ship_start", "counts_from": ["applied_at"]}, "ship_start cannot count from applied_at"),
        ({"question": "inspect_return", "term": {"days": 5}, "counts_from": ["shipped_at"]}, "inspect_return cannot count from shipped_at"),
        ({"question": "ship_ends"}, "it needs an event to count to"),
        ({"question": "pickup_by", "term": {"field": "shipped_at"}}, "pickup_by has no field shipped_at to go by"),
        ({"question": "inspect_return", "counts_from": ["applied_at"], "term": {"field": "ship_by"}}, "inspect_return has no field ship_by to go by"),
        ({"question": "reply_buyer", "term": {"end_of_day": True}}, "reply_buyer needs a length"),
        ({"question": "answer_case", "term": {"hours": 9}, "scope": {"goods": ["901"]}}, "answer_case is never asked by goods"),
    ],
)
def test_it_refuses_a_rule_that_core_could_not_use(data: dict[str, object], says: str) -> None:
    with pytest.raises(RuleRefused, match=says):
        rule_from_data(OWN | data, "shop")


def test_it_refuses_a_shop_rule_that_bears_the_name_of_another() -> None:
    spot = {"question": "ship_by", "scope": {"way": ["spot"]}, "term": {"hours": 20}}
    own = rule_from_data(OWN | spot | {"id": "pdd.ship_by.spot", "effective_from": "2015-09-01"}, "shop")

    with pytest.raises(RuleRefused, match=r"shop: id: pdd\.ship_by\.spot@2015-09-01 is the name of a rule of the rulebook"):
        check_beside(own, rulebook.load().all, ())


def test_it_refuses_a_shop_rule_that_begins_with_another_of_the_same_strength() -> None:
    first = rule_from_data(OWN | {"question": "ship_by", "scope": {"way": ["spot"]}, "term": {"hours": 20}}, "shop")
    second = rule_from_data(OWN | {"id": "shop.other", "question": "ship_by", "scope": {"goods": ["901"]}, "term": {"hours": 30}}, "shop")
    later = rule_from_data(
        OWN | {"id": "shop.other", "question": "ship_by", "effective_from": "2026-02-01", "scope": {"goods": ["901"]}, "term": {"hours": 30}}, "shop"
    )

    with pytest.raises(RuleRefused, match=r"answers the same question from the same day on as the shop's own shop\.own@2026-01-01"):
        check_beside(second, (), (first,))
    check_beside(later, (), (first,))
    check_beside(first, rulebook.load().all, (first,))
