"""Which shops let the message stream carry their news."""

import msgspec

from zhanggui.emulator.methods.registry import MESSAGE, OPEN, Call, Success, method
from zhanggui.emulator.moments import china_text
from zhanggui.emulator.wire import errors


class User(msgspec.Struct, frozen=True):
    """One shop's subscription."""

    owner_id: str
    topics: list[str]
    created: str
    modified: str
    is_expire: int = 0


class UserFound(msgspec.Struct, frozen=True):
    """A subscription under its name."""

    pmc_user: User


class Waiting(msgspec.Struct, frozen=True):
    """How many messages wait."""

    number: int


@method("pdd.pmc.user.permit", MESSAGE)
def permit(call: Call) -> Success:
    """Let the stream carry this shop's news: of some topics, or of all the application's."""
    topics = tuple(topic.strip() for topic in call.args.text("topics", "").split(",") if topic.strip())
    call.platform.streams.permit(call.world.mall_id, topics, call.world.now)
    call.did("stream.permitted", call.world.mall_id)
    return Success()


@method("pdd.pmc.user.get", OPEN, needs_token=False)
def user(call: Call) -> UserFound:
    """What a shop lets the stream carry."""
    held = call.platform.streams.subscriptions.get(call.args.integer("owner_id"))
    if held is None:
        raise errors.business("PMC_USER_NOT_FOUND", "用户未开通消息服务")
    return UserFound(User(str(held.mall_id), list(held.topics), china_text(held.created), china_text(held.modified)))


@method("pdd.pmc.user.cancel", OPEN, needs_token=False)
def cancel(call: Call) -> Success:
    """End a shop's subscription."""
    owner = call.args.integer("owner_id")
    if not call.platform.streams.cancel(owner):
        raise errors.business("PMC_USER_NOT_FOUND", "用户未开通消息服务")
    call.did("stream.cancelled", owner)
    return Success()


@method("pdd.pmc.accrue.query", OPEN, needs_token=False)
def accrued(call: Call) -> Waiting:
    """How many messages wait for an acknowledgement."""
    return Waiting(call.platform.streams.waiting())
