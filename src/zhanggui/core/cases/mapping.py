"""The states of cases from and to what the platform writes: its numbers, its two codings of kinds, and the words of its after-sales export."""

from collections.abc import Mapping

from zhanggui.core.cases.arrival import return_delivered_at, says_delivered
from zhanggui.core.cases.states import CaseMover, CaseState
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.knowledge import OrderKnowledge

_S, _K, _T = CaseState, AftersaleKind, AftersaleState

KIND_IN_LIST: Mapping[AftersaleKind, int] = {_K.REFUND_ONLY: 2, _K.RETURN_AND_REFUND: 3, _K.EXCHANGE: 4, _K.RESEND: 5, _K.REPAIR: 6}
"""How the list of cases numbers the kinds."""
KIND_IN_DETAIL: Mapping[AftersaleKind, int] = {kind: number - 1 for kind, number in KIND_IN_LIST.items()}
"""How the case itself and pushed messages number them: another coding for the same five."""

STATE_OF_CODE: Mapping[int, CaseState] = {
    0: _S.CLOSED,
    2: _S.REFUND_ASKED,
    3: _S.RETURN_ASKED,
    4: _S.REFUND_AGREED,
    5: _S.PLATFORM_REFUNDS,
    6: _S.REJECTED,
    7: _S.TO_SEND_BACK,
    8: _S.WITH_PLATFORM,
    9: _S.PLATFORM_REFUSED,
    10: _S.REFUNDED,
    11: _S.WITHDRAWN,
    12: _S.BUYER_SILENT,
    13: _S.BUYER_LATE,
    14: _S.EXCHANGE_ASKED,
    15: _S.TO_SEND_BACK,
    16: _S.GOODS_DONE,
    17: _S.GOODS_FAILED,
    18: _S.SENT_AGAIN,
    21: _S.REPAIR_ASKED,
    22: _S.TO_SEND_BACK,
    24: _S.GOODS_FAILED,
    25: _S.GOODS_DONE,
    27: _S.SENT_AGAIN,
    31: _S.TO_REFUSE,
    32: _S.TO_SEND_AGAIN,
    33: _S.RECALLING,
}
"""The 26 documented numbers (after_sales_status). 0 is written where there is no case, or none any more."""

_OF_A_KIND: Mapping[tuple[int, AftersaleKind], CaseState] = {(14, _K.RESEND): _S.RESEND_ASKED}
"""Where a number means something else for one kind."""
_SENT_BACK = frozenset({3, 7, 14, 15, 22})
"""The numbers in which the number of a return parcel says that the goods are on their way."""

TURN: Mapping[CaseState, AftersaleState] = {
    _S.REFUND_ASKED: _T.SELLER_TO_ANSWER,
    _S.RETURN_ASKED: _T.SELLER_TO_ANSWER,
    _S.EXCHANGE_ASKED: _T.SELLER_TO_ANSWER,
    _S.RESEND_ASKED: _T.SELLER_TO_ANSWER,
    _S.REPAIR_ASKED: _T.SELLER_TO_ANSWER,
    _S.TO_SEND_AGAIN: _T.SELLER_TO_ANSWER,
    _S.REJECTED: _T.REJECTED,
    _S.TO_SEND_BACK: _T.BUYER_TO_SEND,
    _S.TO_REFUSE: _T.BUYER_TO_SEND,
    _S.ON_WAY_BACK: _T.SELLER_TO_RECEIVE,
    _S.BACK_HERE: _T.SELLER_TO_RECEIVE,
    _S.RECALLING: _T.SELLER_TO_RECEIVE,
    _S.SENT_AGAIN: _T.DONE,
    _S.WITH_PLATFORM: _T.PLATFORM_HANDLES,
    _S.REFUND_AGREED: _T.REFUNDED,
    _S.PLATFORM_REFUNDS: _T.REFUNDED,
    _S.REFUNDED: _T.REFUNDED,
    _S.PLATFORM_REFUSED: _T.CLOSED,
    _S.WITHDRAWN: _T.CLOSED,
    _S.BUYER_SILENT: _T.CLOSED,
    _S.BUYER_LATE: _T.CLOSED,
    _S.GOODS_FAILED: _T.CLOSED,
    _S.CLOSED: _T.CLOSED,
    _S.GOODS_DONE: _T.DONE,
    _S.UNKNOWN: _T.UNKNOWN,
}
"""Whose turn it is in a state, in the words of the export."""

ASKED_BY_KIND: Mapping[AftersaleKind, CaseState] = {
    _K.REFUND_ONLY: _S.REFUND_ASKED,
    _K.RETURN_AND_REFUND: _S.RETURN_ASKED,
    _K.EXCHANGE: _S.EXCHANGE_ASKED,
    _K.RESEND: _S.RESEND_ASKED,
    _K.REPAIR: _S.REPAIR_ASKED,
}
_BY_TURN: Mapping[AftersaleState, CaseState] = {
    _T.BUYER_TO_SEND: _S.TO_SEND_BACK,
    _T.SELLER_TO_RECEIVE: _S.ON_WAY_BACK,
    _T.PLATFORM_HANDLES: _S.WITH_PLATFORM,
    _T.REJECTED: _S.REJECTED,
    _T.REFUNDED: _S.REFUNDED,
    _T.CLOSED: _S.CLOSED,
    _T.DONE: _S.GOODS_DONE,
}
_GOODS_AGAIN = frozenset({_K.EXCHANGE, _K.RESEND, _K.REPAIR})

MOVER_OF_ROLE: Mapping[int, CaseMover] = {0: CaseMover.CLOCK, 1: CaseMover.BUYER, 2: CaseMover.SELLER, 3: CaseMover.PLATFORM, 4: CaseMover.CLOCK}
"""Who moved the case last (refund_operator_role): 0 and 4 the system, 1 the buyer, 2 the seller, 3 the platform; grade C, so it only decides between equals."""


def state_of(case: AftersaleFacts, known: OrderKnowledge | None = None) -> CaseState:
    """How far the case has come, by the platform's number where it has one, else by the export's word and the kind."""
    return _arrived(_by_code(case) or _by_words(case), case, known)


def code_of(state: CaseState, kind: AftersaleKind) -> int | None:
    """The platform's number of a state; the first where it has several, None where it has none of its own."""
    if state is _S.TO_SEND_BACK:
        return {_K.REPAIR: 22}.get(kind, 7)
    if state in (_S.ON_WAY_BACK, _S.BACK_HERE):
        return {_K.EXCHANGE: 14, _K.REPAIR: 22}.get(kind, 3)
    if state is _S.RESEND_ASKED:
        return 14
    if kind is _K.REPAIR:
        return {_S.GOODS_FAILED: 24, _S.GOODS_DONE: 25, _S.SENT_AGAIN: 27}.get(state) or _first_code(state)
    return _first_code(state)


def export_word(state: CaseState, kind: AftersaleKind) -> str | None:
    """What the after-sales export writes for a state; None where no file is known to tell it."""
    if state is _S.GOODS_DONE:
        return "维修成功" if kind is _K.REPAIR else "换货/补寄成功"
    if TURN[state] is _T.CLOSED and kind in _GOODS_AGAIN:
        return "维修关闭" if kind is _K.REPAIR else "换货/补寄关闭"
    return _EXPORT.get(TURN[state]) if state is not _S.SENT_AGAIN else None


_EXPORT: Mapping[AftersaleState, str] = {
    _T.SELLER_TO_ANSWER: "待商家处理",
    _T.SELLER_TO_RECEIVE: "待商家收货",
    _T.BUYER_TO_SEND: "待消费者发货",
    _T.PLATFORM_HANDLES: "平台处理中",
    _T.REFUNDED: "退款成功",
    _T.CLOSED: "退款关闭",
}


def _first_code(state: CaseState) -> int | None:
    return next((code for code, each in STATE_OF_CODE.items() if each is state), None)


def _by_code(case: AftersaleFacts) -> CaseState | None:
    """The state by the platform's number; None where a newer source tells of another turn, so that the number is of the turn before."""
    if case.status_code is None or case.status_code not in STATE_OF_CODE:
        return None
    state = _OF_A_KIND.get((case.status_code, case.kind or _K.UNKNOWN), STATE_OF_CODE[case.status_code])
    if case.status_code in _SENT_BACK and case.return_tracking_no is not None:
        state = _S.ON_WAY_BACK
    return state if case.state is None or TURN[state] is case.state else None


def _by_words(case: AftersaleFacts) -> CaseState:
    if case.state is _T.SELLER_TO_ANSWER:
        return ASKED_BY_KIND.get(case.kind or _K.UNKNOWN, _S.UNKNOWN)
    if case.state is _T.CLOSED and case.kind in _GOODS_AGAIN:
        return _S.GOODS_FAILED
    return _BY_TURN.get(case.state or _T.UNKNOWN, _S.UNKNOWN)


def _arrived(state: CaseState, case: AftersaleFacts, known: OrderKnowledge | None) -> CaseState:
    if state is _S.ON_WAY_BACK and (return_delivered_at(case, known) is not None or says_delivered(case)):
        return _S.BACK_HERE
    return state
