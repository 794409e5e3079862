"""What every answer is reckoned from: one case with its grievance, the truth of the complaint, the terms, and the parts a cost is made of."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from zhanggui.core.advice.book import AdviceBook, Grievance, GrievanceWords, ShopTerms
from zhanggui.core.advice.case import CaseToAdvise, ReturnGrade, Tried
from zhanggui.core.advice.indicators import quality_price
from zhanggui.core.advice.learnt import CLAIM_OF, calls_learnt, resold, wins_learnt, won
from zhanggui.core.advice.reading import Truth, chance, complaint_of, hours_left, limit, truth_of
from zhanggui.core.disputes.needs import ClaimType
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act, CostLine, Weighed

_BROKEN = frozenset({Grievance.QUALITY, Grievance.DAMAGED})
"""Complaints that, where they are true, leave goods that nobody buys again."""
_CARRIERS = frozenset({Grievance.DAMAGED, Grievance.NOT_RECEIVED, Grievance.NO_NEWS})
"""Complaints that, where they are true, the carrier has to pay for."""


class Weighing(NamedTuple):
    """One case as its answers are weighed."""

    case: CaseToAdvise
    words: GrievanceWords
    truth: Truth
    terms: ShopTerms
    book: AdviceBook
    now: datetime
    due_at: datetime | None

    @classmethod
    def begin(cls, case: CaseToAdvise, terms: ShopTerms, book: AdviceBook, now: datetime, due_at: datetime | None) -> "Weighing":
        """The case read: its grievance, and how likely the complaint is true."""
        words = complaint_of(case, book)
        return cls(case, words, truth_of(case, words, terms), terms.under_the_aim(), book, now, due_at)

    def of(self, case: CaseToAdvise) -> "Weighing":
        """The same with other facts."""
        return Weighing.begin(case, self.terms, self.book, self.now, self.due_at)

    @property
    def grievance(self) -> Grievance:
        """What the buyer complains of."""
        return self.words.kind

    @property
    def refund(self) -> Fen:
        """What the buyer asks for."""
        return self.case.refund_amount

    @property
    def hours_left(self) -> float:
        """How many hours there are to answer."""
        return hours_left(self.due_at, self.now)

    @property
    def goods_cost(self) -> float:
        """What the goods cost the shop."""
        if self.case.goods_cost is not None:
            return self.case.goods_cost
        return min(self.refund, self.case.paid or self.refund) * self.terms.cost_percent / 100

    @property
    def piece_cost(self) -> float:
        """What the missing piece costs the shop; the buyer has the rest."""
        return self.case.missing_cost if self.case.missing_cost is not None else self.goods_cost * self.terms.missing_percent / 100

    @property
    def quality(self) -> float:
        """What a refund costs by the quality refund rate."""
        return quality_price(self.case, self.grievance, self.book, self.terms, self.now)

    @property
    def silent_hours(self) -> float:
        """For how long nothing has been heard of the parcel."""
        last = self.case.last_news_at or self.case.shipped_at or self.case.uploaded_at
        return 0.0 if last is None else (self.now - last).total_seconds() / 3600

    def chance(self, name: str) -> float:
        """A chance by its name, learnt where there is history."""
        return chance(name, self.case, self.terms)

    @property
    def past(self) -> Mapping[str, Tried]:
        """What the shop's own cases of the past showed."""
        return self.case.standing.past if self.case.standing is not None else {}

    @property
    def claim(self) -> ClaimType:
        """What a dispute would be about."""
        return ClaimType.BAD_RETURN if self.case.return_grade is not None else CLAIM_OF[self.grievance]

    def calls(self, assumed: float) -> float:
        """The chance that a refused buyer calls in the platform, as the shop's own history moves it."""
        return calls_learnt(assumed, self.grievance, self.past, self.book, self.terms)

    def wins(self, true: float, *, is_shown: bool) -> float:
        """The chance to win a ruling, where the buyer is right with this chance, as the shop's own rulings move it."""
        return wins_learnt(won(true, self.terms, is_shown=is_shown), self.claim, is_shown=is_shown, past=self.past, book=self.book, terms=self.terms)

    def limit(self, fen: int) -> int:
        """A limit of the shop's, as it is for this buyer."""
        return limit(fen, self.case, self.terms)

    def regained(self, grade: ReturnGrade | None = None) -> float:
        """What the goods are worth once they are back: by the grade found, else by what is to be expected of them."""
        resale = self.terms.resale_percent
        if grade is not None:
            return self.goods_cost * resale[grade.value] / 100
        standing = self.case.standing
        usual = resold(float(resale["unopened"]), {} if standing is None else standing.graded, self.terms)
        whole = resold(usual, self.case.graded or {}, self.terms)
        if self.grievance in _BROKEN:
            whole = self.truth.chance * resale["damaged"] + (1 - self.truth.chance) * whole
        return self.goods_cost * whole / 100

    @property
    def way_back(self) -> float:
        """What the way back costs us: all of it where the complaint is true, none of it where the platform's service pays."""
        if self.case.free_return:
            return 0.0
        return self.terms.freight_back * (self.truth.chance if self.grievance is not Grievance.NOT_WANTED else 0.0)

    @property
    def from_carrier(self) -> float:
        """What the carrier may pay for it."""
        return self.truth.chance * self.chance("carrier_pays") * self.goods_cost if self.grievance in _CARRIERS else 0.0

    @property
    def stops(self) -> float:
        """The chance that the parcel can still be stopped."""
        left = self.case.shipped_at or self.case.uploaded_at
        hours = 0.0 if left is None else (self.now - left) / timedelta(hours=1)
        name = "stops_2h" if hours < 2 else "stops_24h" if hours < 24 else "stops_72h" if hours < 72 else "stops_later"
        return self.chance(name)


class Tally:
    """The expected cost of one answer as it is added up, line by line."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self._lines: list[CostLine] = []
        self._total = 0.0

    @property
    def total(self) -> float:
        """What it comes to so far, in fen."""
        return self._total

    def add(self, said: Say, fen: float) -> "Tally":
        """One more part; what comes to nothing is left out."""
        self._total += fen
        if round(fen) != 0:
            self._lines.append(CostLine(said, Fen(round(fen))))
        return self

    def weighed(self, *, amount: Fen | None = None, barred: Say | None = None) -> Weighed:
        """The answer with its cost."""
        return Weighed(act=self.act, cost=Fen(round(self._total)), lines=tuple(self._lines), amount=amount, barred=barred)


def refund_line(fen: float) -> tuple[Say, float]:
    """The money that goes back."""
    return say("The money that goes back."), fen


def share_line(share: float, fen: float) -> tuple[Say, float]:
    """Money that goes back in so many of a hundred such cases."""
    return say("The money goes back in {share} of 100 cases.", share=round(share * 100)), share * fen
