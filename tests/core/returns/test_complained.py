"""Which returned pieces bear out what the buyer complained of, what may go for them, and what is wrong with the rest."""

import pytest

from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.case import Fault
from zhanggui.core.facts import AftersaleFacts, AftersaleKind
from zhanggui.core.money import Fen
from zhanggui.core.returns.ceiling import Ceiling, ceiling_of
from zhanggui.core.returns.complained import Complained, borne_out
from zhanggui.core.returns.grades import Counted, Grade, Ordered
from zhanggui.core.returns.troubles import Trouble, at_stake, troubles_of

CASE = AftersaleFacts(case_no="1", kind=AftersaleKind.RETURN_AND_REFUND, refund_amount=Fen(6000))
CUP, POT = Ordered("cup", 1, 1000), Ordered("pot", 1, 5000)
WRONG = frozenset({Grade.WRONG})


@pytest.mark.parametrize(
    ("grievance", "more", "grades"),
    [
        (Grievance.WRONG_ITEM, {}, {Grade.WRONG}),
        (Grievance.WRONG_ITEM, {"packed_right": True}, set()),
        (Grievance.WRONG_ITEM, {"packed_right": True, "fault": Fault.SELLER}, {Grade.WRONG}),
        (Grievance.WRONG_ITEM, {"fault": Fault.BUYER}, set()),
        (Grievance.QUALITY, {}, {Grade.DAMAGED}),
        (Grievance.DAMAGED, {}, {Grade.DAMAGED}),
        (Grievance.DAMAGED, {"fault": Fault.BUYER}, set()),
        (Grievance.NOT_WANTED, {}, set()),
        (Grievance.NOT_WANTED, {"fault": Fault.SELLER}, set()),
        (Grievance.NOT_WANTED, {"is_undelivered": True}, {Grade.DAMAGED}),
        (Grievance.OTHER, {"kind": AftersaleKind.REPAIR}, {Grade.WORN, Grade.DAMAGED}),
    ],
)
def test_a_piece_speaks_for_the_buyer_who_complained_of_just_that(grievance: Grievance, more: dict[str, object], grades: set[Grade]) -> None:
    told = {"kind": AftersaleKind.RETURN_AND_REFUND, **more}

    assert borne_out(Complained(grievance=grievance, **told)) == grades  # type: ignore[arg-type]  # fields by name


def _ceiling(*counted: Counted, as_complained: frozenset[Grade] = WRONG) -> Ceiling:
    return ceiling_of(CASE, (CUP, POT), counted, Fen(6000), as_complained=as_complained)


def test_wrong_goods_that_were_complained_of_count_for_a_person_and_never_by_themselves() -> None:
    found = _ceiling(Counted("cup", Grade.AS_NEW, 1), Counted("a blue pot", Grade.WRONG, 1))

    assert (found.fen, found.by_itself, found.undisputed) == (6000, 1000, 6000)
    assert found.against(6000, by_itself=False) is None
    assert found.refuses(6000, by_itself=True)


def test_they_count_for_no_more_than_is_missing_the_dearest_first() -> None:
    alone, twice = _ceiling(Counted("a vase", Grade.WRONG, 1)), _ceiling(Counted("pot", Grade.OPENED, 1), Counted("pot", Grade.WRONG, 5))

    assert (alone.fen, twice.fen) == (5000, 6000)


@pytest.mark.parametrize("grade", [Grade.WRONG, Grade.FOREIGN])
def test_other_goods_that_nobody_complained_of_count_for_nothing(grade: Grade) -> None:
    assert _ceiling(Counted("a brick", grade, 2), as_complained=frozenset({Grade.DAMAGED})).fen == 0


def test_goods_that_the_shop_does_not_sell_are_no_wrong_goods_of_its_own() -> None:
    counted = (Counted("a brick", Grade.FOREIGN, 2),)

    assert (_ceiling(*counted).fen, troubles_of(CASE, counted, _ceiling(*counted), as_complained=WRONG)) == (0, (Trouble.WRONG,))


def test_only_the_rest_is_wrong_and_at_stake() -> None:
    counted = (Counted("a blue pot", Grade.WRONG, 1),)
    ceiling = _ceiling(*counted)

    assert (troubles_of(CASE, counted, ceiling, as_complained=WRONG), at_stake(CASE, ceiling)) == ((Trouble.SHORT,), 1000)


def test_what_is_damaged_as_complained_is_no_trouble_and_what_is_worn_beside_it_is() -> None:
    broken, worn = Counted("cup", Grade.DAMAGED, 1), Counted("pot", Grade.WORN, 1)
    told = frozenset({Grade.DAMAGED})
    ceiling = _ceiling(broken, worn, as_complained=told)

    assert troubles_of(CASE, (broken,), ceiling, as_complained=told) == ()
    assert (troubles_of(CASE, (broken, worn), ceiling, as_complained=told), at_stake(CASE, ceiling)) == ((Trouble.UNSALEABLE,), 5000)
