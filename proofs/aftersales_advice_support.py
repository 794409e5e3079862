"""The house's advice followed to the letter against the emulator's doors, with neither house nor pages between: what the advice itself is worth.

Only what a seller can see goes into it: the case as the platform tells it, the scans, and, once a returned parcel is opened, what lies in it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from proofs.aftersales_doors_support import Doors
from zhanggui import rulebook
from zhanggui.core.advice.advising import advise
from zhanggui.core.advice.case import CaseToAdvise, Goods, ReturnGrade, Stopping
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.core.money import Fen
from zhanggui.core.rules import Rulebook
from zhanggui.core.verdicts import Act, Verdict
from zhanggui.emulator.world.cases import PLATFORM_LOOKS, RECALLING, RECEIVED_IT, REPAIR_SEND, RETURN_ASKED, SELLER_MUST_ACT, Case
from zhanggui.emulator.world.journeys import DECLINED, RETURNED
from zhanggui.emulator.world.orders import RECEIVED, TO_SHIP
from zhanggui.emulator.world.sending import Objection
from zhanggui.emulator.world.travel import scans_of
from zhanggui.emulator.world.turning import is_at_the_door

KINDS = (None, AftersaleKind.REFUND_ONLY, AftersaleKind.RETURN_AND_REFUND, AftersaleKind.EXCHANGE, AftersaleKind.RESEND, AftersaleKind.REPAIR)
GRADES = {"as_new": ReturnGrade.AS_NEW, "opened": ReturnGrade.OPENED, "worn": ReturnGrade.WORN, "damaged": ReturnGrade.DAMAGED, "wrong": ReturnGrade.WRONG}
SHORT_SHARE = 0.5
WORDS = "订单已按约定发货，附发货称重、物流轨迹及沟通记录，情况如上，请平台核实。"
SILENT_HOURS = 48
PAYS = frozenset({Act.CANCEL_SHIPPING_AND_REFUND, Act.AGREE_REFUND, Act.GIVE_AWAY, Act.REFUND_RETURN, Act.DESTROY_WAYBILL_AND_REFUND})
BY_HAND: Mapping[Act, tuple[str, dict[str, object]]] = {
    Act.RESEND: ("proposes", {"reason": "resend", "text": "为您补发"}),
    Act.REFUSE: ("rejects", {"reason": "与事实不符，见凭证"}),
    Act.HAND_IN_EVIDENCE: ("shows", {"text": WORDS, "pictures": 3}),
}
ANSWERABLE = (SELLER_MUST_ACT - {RECALLING}) | {PLATFORM_LOOKS, REPAIR_SEND}


class Follower:
    """Follows the advice, and counts what it advised."""

    def __init__(self) -> None:
        self.rules: Rulebook = rulebook.load()
        self.advised: Counter[str] = Counter()
        self.asked: dict[int, datetime] = {}
        self.opened: dict[int, str] = {}
        self.stopping: set[int] = set()

    def __call__(self, doors: Doors, case: Case) -> None:
        """Answer one case, where it is the seller's turn."""
        if case.status not in ANSWERABLE:
            return
        if case.status == PLATFORM_LOOKS and case.evidence_at:
            return
        if (case.return_number and not case.return_signed_at) or (case.status == REPAIR_SEND and not case.return_number):
            return
        now = datetime.fromtimestamp(doors.world.now, UTC)
        verdict = advise(self._facts(doors, case, now), self.rules.advice.terms, self.rules, now)
        self._carry_out(doors, case, verdict, now)

    def _facts(self, doors: Doors, case: Case, now: datetime) -> CaseToAdvise:
        world, orders, row = doors.world, doors.world.orders, case.row
        kind = KINDS[case.kind]
        assert kind is not None
        scans = scans_of(world, row)
        content = self.opened.get(case.case_id)
        amount = case.amount or orders.paid(row)
        short = content in ("short", "empty")
        return CaseToAdvise(
            kind=kind,
            refund_amount=Fen(amount),
            goods=self._goods(doors, case, now),
            state=self._state(case),
            reason=case.reason,
            paid=Fen(orders.paid(row)),
            applied_at=_moment(case.created_at),
            shipped_at=_moment(orders.shipped_at[row]),
            uploaded_at=_moment(orders.sent_at[row]),
            last_news_at=_moment(scans[-1].at) if scans else None,
            delivered_at=_moment(orders.received_at[row]),
            due_at=_moment(case.expires_at),
            says_received=None if not case.claims else case.claims == RECEIVED_IT,
            pictures=case.pictures,
            asked_at=self.asked.get(case.case_id),
            stopping=Stopping.ASKED if case.case_id in self.stopping else None,
            return_grade=None if content is None else ReturnGrade.EMPTY if short else GRADES[content],
            counted=None if content is None else Fen(int(amount * (0 if content in ("empty", "wrong") else SHORT_SHARE if short else 1))),
            evidence=1,
            free_return=bool(orders.flags[row] & 8) or None,
            refused_before=bool(case.rejections),
        )

    def _goods(self, doors: Doors, case: Case, now: datetime) -> Goods:
        world, row = doors.world, case.row
        if world.orders.status[row] == TO_SHIP:
            return Goods.NOT_PRINTED
        if world.orders.status[row] == RECEIVED:
            return Goods.DELIVERED
        scans = scans_of(world, row)
        if any(scan.action in (DECLINED, RETURNED) for scan in scans):
            return Goods.COMING_BACK
        last = scans[-1].at if scans else world.orders.sent_at[row]
        return Goods.NO_TRACE if now.timestamp() - last > SILENT_HOURS * 3600 else Goods.ON_THE_WAY

    def _state(self, case: Case) -> AftersaleState:
        if case.status == PLATFORM_LOOKS:
            return AftersaleState.PLATFORM_HANDLES
        return AftersaleState.SELLER_TO_RECEIVE if case.return_number else AftersaleState.SELLER_TO_ANSWER

    def _carry_out(self, doors: Doors, case: Case, verdict: Verdict, now: datetime) -> None:
        self.advised[verdict.act.value] += 1
        try:
            self._do(doors, case, verdict, now)
        except Objection as objection:
            self.advised[f"objection: {verdict.act.value}: {objection.code}"] += 1
            if not case.return_number and case.status == 2:
                doors.agree(case)

    def _do(self, doors: Doors, case: Case, verdict: Verdict, now: datetime) -> None:
        act = verdict.act
        if act in PAYS:
            self._pays(doors, case)
        elif act in (Act.OFFER_PARTIAL, Act.REFUND_COUNTED):
            doors.by_hand("offers", case, fen=int(verdict.amount or 1), text="协商部分退款")
        elif act in BY_HAND:
            named, told = BY_HAND[act]
            doors.by_hand(named, case, **told)
        elif act is Act.ASK_BUYER:
            self.asked[case.case_id] = now
            doors.by_hand("asks", case)
        elif act in self._others:
            self._others[act](doors, case)
        else:
            self.advised[f"waits: {act.value}"] += 1

    @property
    def _others(self) -> dict[Act, Callable[[Doors, Case], None]]:
        return {
            Act.AGREE_RETURN: lambda doors, case: doors.agree_to_return(case),
            Act.AGREE_EXCHANGE: self._sends,
            Act.OFFER_RETURN: self._wants_back,
            Act.INTERCEPT: self._stops,
            Act.INSPECT_RETURN: self._opens,
        }

    def _wants_back(self, doors: Doors, case: Case) -> None:
        """Under way the buyer may refuse the parcel; later they may send it back."""
        if doors.world.orders.status[case.row] == RECEIVED:
            doors.by_hand("proposes", case, reason="return", text="请退货退款")
        else:
            doors.by_hand("agrees_if_refused", case)

    def _pays(self, doors: Doors, case: Case) -> None:
        """By the method where there is one; goods given away of what was no request for money are an offer of the whole."""
        if case.status == 2 or (case.status == RETURN_ASKED and case.return_number):
            doors.agree(case)
        elif case.status == PLATFORM_LOOKS:
            doors.by_hand("gives_in", case)
        else:
            doors.by_hand("offers", case, fen=case.amount or doors.world.orders.paid(case.row), text="不用退回，直接退款")

    def _sends(self, doors: Doors, case: Case) -> None:
        match case.status:
            case 14 if not case.return_number:
                doors.agree_to_return(case)
            case 21:
                doors.by_hand("agrees_to_repair", case)
            case 22:
                doors.by_hand("sends_repaired", case)
            case _:
                doors.by_hand("replaces", case)

    def _stops(self, doors: Doors, case: Case) -> None:
        self.stopping.add(case.case_id)
        doors.by_hand("agrees_if_refused" if is_at_the_door(doors.world, case.row) else "recalls", case)

    def _opens(self, doors: Doors, case: Case) -> None:
        """Open the parcel, and say what lies in it."""
        doors.by_hand("opens", case)
        self.opened[case.case_id] = doors.world.hidden.contents[case.case_id]  # what the door has just shown


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
