"""Talks as they are told: a message of the feed, and the truth of a whole talk for those who compare."""

from collections.abc import Iterator

import msgspec

from zhanggui.emulator.world.chats.talks import GOODS, NO_ORDER, ORDER, PICTURE, REP, Line, Talk
from zhanggui.emulator.world.people import nick_of
from zhanggui.emulator.world.world import World

SHOWN = {PICTURE: "[图片]", ORDER: "[订单]", GOODS: "[商品]"}


class Message(msgspec.Struct, frozen=True):
    """One message of the feed; `order_sn` is empty until the buyer has shown the order."""

    seq: int
    message_id: str
    conversation_id: str
    shop_id: int
    who: str
    nick: str
    at: int
    kind: str
    text: str
    order_sn: str
    goods_id: int


def chat_lines(world: World) -> Iterator[dict[str, object]]:
    """The truth of every talk: what was wanted, how the buyer is, how each answer was taken, and what of it the world speaks against."""
    for talk in world.talks.each:
        yield {
            "conversation_id": conversation_id(world, talk), "nick": nick_of(world.seed, talk.buyer), "want": talk.wanted[0], "wants": talk.wanted,
            "temper": talk.temper, "order_sn": "" if talk.row == NO_ORDER else world.order_sn(talk.row), "goods_id": world.catalog.goods[talk.goods].goods_id,
            "began_at": talk.began_at, "state": talk.state, "anger": talk.anger, "waiting_since": talk.waiting_since, "case_id": talk.case_id,
            "answers": msgspec.to_builtins(talk.heard), "messages": [msgspec.to_builtins(message_of(world, world.talks.lines[seq - 1])) for seq in talk.lines],
        }  # fmt: skip


def message_of(world: World, line: Line) -> Message:
    """A line as the feed tells it."""
    talk = world.talks.each[line.talk]
    return Message(
        line.seq, message_id(world, line), conversation_id(world, talk), world.mall_id, line.who,
        line.rep if line.who == REP else nick_of(world.seed, talk.buyer), line.at, line.kind, line.text or SHOWN.get(line.kind, ""),
        world.order_sn(talk.row) if line.is_order_known and talk.row != NO_ORDER else "", world.catalog.goods[talk.goods].goods_id,
    )  # fmt: skip


def conversation_id(world: World, talk: Talk) -> str:
    """The conversation of a buyer with a shop."""
    return f"{world.mall_id}-{talk.buyer}"


def message_id(world: World, line: Line) -> str:
    """What a message is known by."""
    return f"{world.mall_id}-m{line.seq}"


def order_of(world: World, talk: Talk) -> str:
    """The number of the order, once the buyer has shown it."""
    return world.order_sn(talk.row) if talk.shows_order and talk.row != NO_ORDER else ""
