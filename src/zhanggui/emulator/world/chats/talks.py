"""The talks of a shop with its buyers: every line that was written, and where each talk stands."""

import msgspec

BUYER, REP = "buyer", "rep"
TEXT, PICTURE, ORDER, GOODS = "text", "picture", "order", "goods"
OPEN, CONTENT, LEFT, REFUND_ASKED, COMPLAINED, THREATENED = "open", "content", "left", "refund_asked", "complained", "threatened"
STATES = (OPEN, CONTENT, LEFT, REFUND_ASKED, COMPLAINED, THREATENED)
NO_ORDER = -1


class Line(msgspec.Struct, frozen=True):
    """One message, as the feed tells it; `seq` counts every line of the shop."""

    seq: int
    talk: int
    who: str
    at: int
    kind: str
    text: str
    rep: str = ""
    is_order_known: bool = False


class Planned(msgspec.Struct, frozen=True):
    """A line that its buyer is about to write, and whether an answer is looked for."""

    talk: int
    kind: str
    text: str
    waits: bool


class Heard(msgspec.Struct, frozen=True):
    """How an answer was taken: what was heard in it, what the world says against it, and what it was to the buyer."""

    at: int
    text: str
    heard: tuple[str, ...]
    wrong: tuple[str, ...]
    taken: str


class Talk(msgspec.Struct):
    """One talk: of one buyer, about one order or one product."""

    no: int
    buyer: int
    row: int
    goods: int
    want: str
    second: str
    temper: str
    began_at: int
    anger: int
    shows_order: bool
    state: str = OPEN
    step: int = 0
    nudges: int = 0
    waiting_since: int = 0
    looks_for_answer: bool = False
    unread: list[str] = []
    heard: list[Heard] = []
    lines: list[int] = []
    wanted: list[str] = []
    showed_picture: bool = False
    unwritten: int = 0
    case_id: int = 0

    @property
    def is_over(self) -> bool:
        """Whether the buyer has nothing more to say."""
        return self.state not in (OPEN, THREATENED)

    @property
    def is_silent(self) -> bool:
        """Whether the buyer writes no more."""
        return self.is_over and not self.unwritten


class Talks:
    """All talks of a shop."""

    def __init__(self) -> None:
        self.each: list[Talk] = []
        self.lines: list[Line] = []
        self.planned: list[Planned] = []
        self.of_buyer: dict[int, int] = {}
        self.answers: dict[str, int] = {}
        self.rows: set[int] = set()
        self.missed = 0

    @property
    def drawn(self) -> int:
        """How many beginnings were tried: every try has draws of its own."""
        return len(self.each) + self.missed

    def add(self, talk: Talk) -> None:
        """Keep a talk that carries the next number."""
        self.each.append(talk)
        self.of_buyer[talk.buyer] = talk.no
        if talk.row != NO_ORDER:
            self.rows.add(talk.row)

    def write(self, talk: Talk, who: str, at: int, kind: str, text: str, rep: str = "") -> Line:
        """Keep one more line."""
        line = Line(len(self.lines) + 1, talk.no, who, at, kind, text, rep, talk.shows_order)
        self.lines.append(line)
        talk.lines.append(line.seq)
        return line

    def is_free(self, buyer: int) -> bool:
        """Whether a buyer is in no talk that goes on."""
        no = self.of_buyer.get(buyer)
        return no is None or self.each[no].is_over
