"""What only the world knows of its cases: who tells the truth, what is in the parcels that come back, who paid for what, which limits ran out."""

import msgspec

HONEST, LIAR, TASTE = "honest", "liar", "taste"
AS_NEW, OPENED, WORN, DAMAGED, SHORT, WRONG, EMPTY, LOST = "as_new", "opened", "worn", "damaged", "short", "wrong", "empty", "lost"
CONTENTS = (AS_NEW, OPENED, WORN, DAMAGED, SHORT, WRONG, EMPTY)
SPOILT = frozenset({WORN, SHORT, WRONG, EMPTY})


class Truth(msgspec.Struct, frozen=True):
    """What is the matter with a case: the problem, who the buyer is, whether it is so, and whose fault it is."""

    problem: str
    who: str
    is_lie: bool
    fault: str
    threatens: bool = False


class Missed(msgspec.Struct, frozen=True):
    """A limit of the seller's that ran out, and in which state of the case."""

    case_id: int
    status: int
    at: int


class Hidden:
    """All of it for one shop."""

    def __init__(self) -> None:
        self.truths: dict[int, Truth] = {}
        self.contents: dict[int, str] = {}
        self.offers: dict[int, int] = {}
        self.proposals: dict[int, str] = {}
        self.opened: set[int] = set()
        self.asked: set[int] = set()
        self.appeals: dict[int, bool] = {}
        self.complaints: dict[tuple[int, str], int] = {}
        self.won: set[tuple[int, str]] = set()
        self.platform_paid: dict[int, int] = {}
        self.carrier_paid: dict[int, int] = {}
        self.missed: list[Missed] = []
        self.bad_ratings: list[int] = []
