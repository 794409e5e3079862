"""The tree is whole, and the page about answers holds it as it is."""

from pathlib import Path

import pytest

from zhanggui import rulebook
from zhanggui.core.answers import OfferKind
from zhanggui.core.answers.drawing import TRUNKS, drawn, rooted, tabled
from zhanggui.core.answers.leaves import LEAVES, OFFERS
from zhanggui.core.answers.questions import QUESTIONS
from zhanggui.core.answers.tree import NODES, ROOTS, TREE, leaves_in_tree, question_of
from zhanggui.core.intents.kinds import Intent

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "answers.md").read_text("utf-8")


@pytest.mark.parametrize("trunk", TRUNKS)
def test_the_page_holds_the_picture_of_every_trunk(trunk: str) -> None:
    assert drawn(trunk) in PAGE


def test_the_page_holds_the_wants_and_every_leaf() -> None:
    assert rooted() in PAGE
    assert tabled() in PAGE
    assert [kind.value for kind in OfferKind if f"| `{kind.value}` |" not in PAGE] == []


def test_every_answer_to_every_question_leads_somewhere() -> None:
    for node in NODES:
        assert {row.found for row in TREE if row.node == node} == set(QUESTIONS[question_of(node)].answers)
    assert {row.to for row in TREE if not row.to.startswith("=")} <= set(NODES)
    assert set(leaves_in_tree()) == set(LEAVES)


def test_every_want_has_a_way_and_every_act_a_name() -> None:
    assert set(ROOTS) == set(Intent)
    assert set(OFFERS) == set(OfferKind)


def test_a_leaf_promises_exactly_where_its_words_do() -> None:
    scripts = rulebook.scripts().by_id

    wrong = [(name, script) for name, leaf in LEAVES.items() for script in leaf.scripts if ("promise" in scripts[script].slots) != bool(leaf.gives)]

    assert wrong == []


def test_it_owns_up_to_lateness_only_past_the_term() -> None:
    scripts = rulebook.scripts().by_id
    owns_up = {name for name, leaf in LEAVES.items() for script in leaf.scripts if any(words in scripts[script].zh for words in ("慢了", "没做到", "本该"))}

    assert owns_up == {"late", "late_with_coupon", "late_no_hour", "money_late", "money_label_late", "money_look_late", "money_late_ask"}


def test_it_never_asks_to_withdraw_but_where_the_goods_have_left() -> None:
    asks = {name for name, leaf in LEAVES.items() if OfferKind.ASK_TO_WITHDRAW in leaf.offers}
    ways = {row.node for row in TREE if row.to[1:] in asks}

    assert asks == {"number_missing_withdraw", "handed_over_withdraw", "moves_withdraw"}
    assert ways == {"refund/number", "refund/handed", "refund/moves"}
