"""What is sent to the platform: listed, proposed, confirmed and stopped, each by a scope of its own."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from zhanggui.actions.bridge_deeds import confirm_by_program, stop_by_program
from zhanggui.actions.outbox.proposing import propose
from zhanggui.actions.outbox.seeing import acts
from zhanggui.actions.outbox.wording import what_is_sent
from zhanggui.api.asked import Asked, AtAsked, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.units import At, FenOut, MaybeAt, Said
from zhanggui.core.acts import ActKind
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.people.permissions import NotAllowed, Permission
from zhanggui.records.outbox import StoredAct

_HIGHEST = 2**63 - 1


class ActOut(msgspec.Struct, frozen=True, kw_only=True):
    """One act towards the platform."""

    act_no: int
    kind: str
    stands: str
    order_no: str | None
    subject: str
    no: str
    money_fen: FenOut
    sends: Said
    by_itself: bool
    decided_by: str | None
    decided_at: At
    send_at: MaybeAt
    sent_at: MaybeAt
    ended_at: MaybeAt
    attempts: int
    is_halted: bool


class ActsOut(msgspec.Struct, frozen=True):
    """How the one switch stands, what is in hand, and what came to rest last."""

    is_open: bool
    in_hand: tuple[ActOut, ...]
    at_rest: tuple[ActOut, ...]


class ActAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The to-do that calls for the act, as `GET /todo` names it; `act` where it calls for several."""

    subject: SubjectKind
    no: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    todo: DeadlineKind
    act: ActKind | None = None


class ActProposed(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the outbox now; `is_new` is false where the same lay there before."""

    act_no: int
    kind: str
    stands: str
    is_new: bool


class ActDone(msgspec.Struct, frozen=True):
    """What came of it: `announced`, `stopped`, or `halted` where it had left already and is not sent again."""

    act_no: int
    stands: str


@get("/acts", sync_to_thread=True, opt={NEEDS: Scope.ACTS_READ})
def list_acts(asked: AtAsked, limit: Limit = 50) -> Response[ActsOut]:
    """What is in hand, whatever leaves next first, and what came to rest, the latest first."""
    listed = acts(asked.house, asked.by, [asked.shop_id], limit=limit)
    in_hand, at_rest = (tuple(_act(asked, view.act) for view in views) for views in (listed.in_hand, listed.at_rest))
    return asked.told(ActsOut(listed.switch.is_open, in_hand, at_rest))


@post("/acts", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.ACTS_PROPOSE})
def propose_act(asked: AtAsked, data: JSONBody[ActAsked]) -> Response[ActProposed]:
    """Puts what a to-do calls for into the outbox, where it waits for a person. Nothing is sent."""

    def work() -> ActProposed:
        made = propose(asked.house, asked.by, asked.shop_id, Subject(data.subject, data.no), data.todo, asked.now, act=data.act)
        return ActProposed(act_no=made.act_no, kind=made.kind.value, stands=made.state, is_new=made.is_new)

    return asked.once(data, work)


@post("/acts/{act_no:int}/confirmation", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.ACTS_CONFIRM})
def confirm_act(asked: AtAsked, act_no: FromPath[int]) -> Response[ActDone]:
    """Has an act sent that waits for a person. It is looked at once more before it leaves; the shop's levels, caps and the one switch hold."""
    number = _number(act_no)
    return asked.once(None, lambda: ActDone(number, confirm_by_program(asked.house, asked.bearer, number, asked.now)))


@post("/acts/{act_no:int}/stop", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.ACTS_STOP})
def stop_act(asked: AtAsked, act_no: FromPath[int]) -> Response[ActDone]:
    """Stops an act for good; one that has left already is only kept from being sent again."""
    number = _number(act_no)
    return asked.once(None, lambda: ActDone(number, stop_by_program(asked.house, asked.bearer, number, asked.now)))


def _number(act_no: int) -> int:
    """Raises NotAllowed for a number that no row can bear."""
    if not 0 < act_no <= _HIGHEST:
        raise NotAllowed(Permission.ACTS_READ.value)
    return act_no


def _act(asked: Asked, act: StoredAct) -> ActOut:
    return ActOut(
        act_no=act.act_no,
        kind=act.kind,
        stands=act.state,
        order_no=act.order_no,
        subject=act.subject_kind,
        no=act.subject_no,
        money_fen=act.money,
        sends=asked.words.render(what_is_sent(act.asked)),
        by_itself=act.by_itself,
        decided_by=act.decided_by_name,
        decided_at=act.decided_at,
        send_at=act.send_at,
        sent_at=act.sent_at,
        ended_at=act.ended_at,
        attempts=act.attempts,
        is_halted=act.is_halted,
    )


route_handlers = (list_acts, propose_act, confirm_act, stop_act)
