"""What the platform takes from the seller and why, and what buyers said of the shop."""

import msgspec


class Penalty(msgspec.Struct, frozen=True):
    """One deduction: its kind, what it rests on, and the rule block it was judged by."""

    kind: str
    order_sn: str
    row: int
    at: int
    fen: int
    rule: str
    why: str


class Review(msgspec.Struct, frozen=True):
    """One rating of an order: as described, service, shipping."""

    order_sn: str
    row: int
    at: int
    scores: tuple[int, int, int]
    text: str


class Text(msgspec.Struct, frozen=True):
    """One text message to a buyer."""

    number: str
    template: str
    content: str
    out_id: str
    at: int


class Books:
    """The deductions and reviews of a shop, in the order in which they came."""

    def __init__(self) -> None:
        self.penalties: list[Penalty] = []
        self.reviews: list[Review] = []
        self.texts: list[Text] = []
        self._punished: set[tuple[str, int]] = set()

    def punish(self, penalty: Penalty) -> bool:
        """Write down a deduction, once for each order and kind."""
        key = (penalty.kind, penalty.row)
        if key in self._punished:
            return False
        self._punished.add(key)
        self.penalties.append(penalty)
        return True

    def is_punished(self, kind: str, row: int) -> bool:
        """Whether this order was already punished for this."""
        return (kind, row) in self._punished
