"""How the shop's own attempts went, by the name of the chance they bear on. Only what has had its time is counted: quick answers alone would mislead."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from zhanggui.actions.advice.vault import is_well_shown
from zhanggui.core.advice.book import AdviceBook, Grievance
from zhanggui.core.advice.case import Tried
from zhanggui.core.advice.learnt import CALLS, WELL_SHOWN, name_of_rulings
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.claims.states import ClaimState
from zhanggui.core.disputes.needs import ClaimType
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.disputes.winning import LOST, WON
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.people.permissions import ShopId
from zhanggui.records import advice, case_moves, claims, disputes
from zhanggui.records.db import Tx

SENT_BY = timedelta(days=10)
"""After so long a buyer who has not sent anything will not."""
CALLED_BY = timedelta(days=7)
"""So long a refused buyer may call in the platform."""
SHOWN_BY = timedelta(days=3)
"""After so long a buyer who was asked for a picture will not send one."""
QUARTER, YEAR = timedelta(days=90), timedelta(days=365)


def past_of(tx: Tx, shop_id: ShopId, cases: Sequence[AftersaleFacts], book: AdviceBook, now: datetime) -> dict[str, Tried]:
    """All of it, from these cases of a quarter and the rulings and claims of a year."""
    refused = case_moves.refused(tx, shop_id, now - QUARTER, now - CALLED_BY)
    asked = advice.asked(tx, shop_id, now - QUARTER, now - SHOWN_BY)
    found = {
        "sends_back": _sent(cases, now),
        "carrier_pays": _paid(tx, shop_id, now),
        "answers_question": _shown([case for case in cases if case.case_no in asked]),
        **under_way(cases, refused, book),
        **calls(cases, refused, book),
        **_rulings(tx, shop_id, now),
    }
    return {name: tried for name, tried in found.items() if tried.tried}


def calls(cases: Iterable[AftersaleFacts], refused: Mapping[str, bool], book: AdviceBook) -> dict[str, Tried]:
    """How many of the refused called in the platform, by their complaint; those whose goods were under way are another story."""
    found: dict[str, Tried] = {}
    for case in cases:
        if case.case_no in refused and not _is_under_way(case, book) and case.return_tracking_no is None:
            name = f"{CALLS}.{_grievance(case, book).value}"
            found[name] = _one_more(found.get(name), is_well=refused[case.case_no])
    return found


def under_way(cases: Iterable[AftersaleFacts], refused: Mapping[str, bool], book: AdviceBook) -> dict[str, Tried]:
    """How many kept a parcel that they no longer wanted and that was on its way, and how many of the others called in the platform."""
    told = [(case, refused[case.case_no]) for case in cases if case.case_no in refused and _is_under_way(case, book)]
    kept = sum(case.state is AftersaleState.CLOSED and not is_called for case, is_called in told)
    return {"keeps_refused": Tried(len(told), kept), "calls_under_way": Tried(len(told) - kept, sum(is_called for _, is_called in told))}


def _is_under_way(case: AftersaleFacts, book: AdviceBook) -> bool:
    """Whether it asks for the money of goods on their way that are merely not wanted: delivered goods would come back, and that is not refused."""
    return case.kind is AftersaleKind.REFUND_ONLY and bool(case.shipped) and _grievance(case, book) is Grievance.NOT_WANTED


def _sent(cases: Iterable[AftersaleFacts], now: datetime) -> Tried:
    agreed = [case for case in cases if case.kind is AftersaleKind.RETURN_AND_REFUND and case.agreed_at is not None and case.agreed_at <= now - SENT_BY]
    return Tried(len(agreed), sum(case.return_tracking_no is not None or case.return_sent_at is not None for case in agreed))


def _paid(tx: Tx, shop_id: ShopId, now: datetime) -> Tried:
    totals = {ClaimState(row.state): row.claims for row in claims.totals(tx, shop_id, now - YEAR)}
    paid = totals.get(ClaimState.PAID, 0)
    return Tried(paid + totals.get(ClaimState.REFUSED, 0) + totals.get(ClaimState.COMPLAINED, 0), paid)


def _shown(asked: Sequence[AftersaleFacts]) -> Tried:
    return Tried(len(asked), sum(bool(case.pictures) for case in asked))


def _rulings(tx: Tx, shop_id: ShopId, now: datetime) -> dict[str, Tried]:
    """How many rulings were won, by what they were about and whether what is needed was shown."""
    found: dict[str, Tried] = {}
    for row in disputes.ruled(tx, shop_id, sorted(state.value for state in WON | LOST), now - YEAR):
        claim = ClaimType(row.claim)
        name = name_of_rulings(claim, is_shown=is_well_shown(claim, row.shown, now, WELL_SHOWN))
        before, won = found.get(name, Tried(0, 0)), row.disputes if DisputeState(row.state) in WON else 0
        found[name] = Tried(before.tried + row.disputes, before.well + won)
    return found


def _grievance(case: AftersaleFacts, book: AdviceBook) -> Grievance:
    return grievance_of(case.reason or "", case.kind or AftersaleKind.UNKNOWN, book).kind


def _one_more(before: Tried | None, *, is_well: bool) -> Tried:
    told = before or Tried(0, 0)
    return Tried(told.tried + 1, told.well + is_well)
