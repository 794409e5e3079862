"""The gateway's judgment of one call, from its parameters to its answer: who, whether, how often, and then what."""

from collections.abc import Mapping

import msgspec

from zhanggui.emulator.ledger import Entry, key_fields
from zhanggui.emulator.methods import (
    cloudprint,
    goods,
    logistics,
    order_lists,
    order_receiver,
    order_single,
    privacy,
    refund_answering,
    refund_reading,
    shipping,
    shop,
    subscriptions,
    texting,
    tokens,
    waybill,
)  # fmt: skip
from zhanggui.emulator.methods.registry import METHODS, Call, Method
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.tokens import Grant
from zhanggui.emulator.wire.arguments import Arguments
from zhanggui.emulator.wire.envelope import request_id, sealed
from zhanggui.emulator.wire.errors import Refused, body_of
from zhanggui.emulator.wire.signature import is_signed
from zhanggui.emulator.wire.wrappers import wrapper_of

# These modules answer methods; without them the table would be empty.
ANSWERING = (
    cloudprint, goods, logistics, order_lists, order_receiver, order_single, privacy, refund_answering, refund_reading, shipping, shop, subscriptions, texting,
    tokens, waybill,
)  # fmt: skip
COMMON = ("type", "client_id", "timestamp", "sign")
NOT_KEPT = frozenset({*COMMON, "access_token", "data_type", "version"}) - {"client_id"}


class Done(msgspec.Struct, frozen=True):
    """A call that changed something, as the chronicle keeps it: enough to answer it again, and no more."""

    method: str
    shop: int
    parameters: dict[str, str]
    file_digest: str = ""


class Answered(msgspec.Struct, frozen=True):
    """An answer before it leaves, what the ledger will say of it, and what the chronicle must keep of it."""

    body: bytes
    data_type: str
    entry: Entry
    done: Done | None = None


def answer(platform: Platform, parameters: Mapping[str, str], client: str, base_url: str = "", file_digest: str = "") -> Answered:
    """Judge one call and answer it; an uploaded file is known by its digest, which stands outside the signature."""
    ident = request_id(int(platform.clock.wall()), platform.next_call())
    name, shop_id, outcome, sub_code = parameters.get("type", ""), 0, "ok", ""
    call: Call | None = None
    try:
        call, asked = admitted(platform, parameters, client, base_url)
        call.file_digest = file_digest
        shop_id = call.grant.mall_id if call.grant else 0
        body = sealed(wrapper_of(name), asked.answer(call), ident)
    except Refused as refused:
        outcome, sub_code = str(refused.code), str(refused.sub_code or "")
        body = sealed_refusal(refused, ident)
    effects = tuple(call.effects) if call else ()
    entry = Entry(
        platform.calls, round(platform.first.now, 3), round(platform.clock.wall(), 3), name, shop_id, key_fields(parameters), outcome, ident, effects,
        sub_code=sub_code, client=client,
    )  # fmt: skip
    business = {key: value for key, value in parameters.items() if key not in NOT_KEPT}
    return Answered(body, parameters.get("data_type", "JSON"), entry, Done(name, shop_id, business, file_digest) if effects else None)


def sealed_refusal(refused: Refused, ident: str) -> bytes:
    """A refusal as JSON."""
    return msgspec.json.encode(body_of(refused, ident))


def admitted(platform: Platform, parameters: Mapping[str, str], client: str, base_url: str) -> tuple[Call, Method]:
    """The call, let in, and its method; or the first refusal that applies, in the order in which the platform looks."""
    for name in COMMON:
        if not parameters.get(name):
            raise Refused(10001, about=name)
    asked = METHODS.get(parameters["type"])
    if asked is None:
        raise Refused(10017)
    if parameters["client_id"] != platform.app.client_id:
        raise Refused(10016)
    check_address(platform, client)
    check_moment(platform, parameters["timestamp"])
    if parameters.get("data_type", "JSON") not in ("JSON", "XML"):
        raise Refused(10001, about="data_type")
    if not is_signed(platform.app.client_secret, parameters, parameters["sign"]):
        raise Refused(20004)
    grant = check_token(platform, parameters) if asked.needs_token else None
    if asked.package in platform.scenario.gate.packages_withheld:
        raise Refused(20031)
    check_rate(platform, asked, grant)
    check_mood(platform, parameters)
    return Call(platform, Arguments(parameters), grant, base_url), asked


def check_address(platform: Platform, client: str) -> None:
    """Refuse an address that is not on the list, where there is a list."""
    allowed = platform.scenario.gate.allowed_addresses
    if allowed and client not in allowed:
        raise Refused(20005)


def check_moment(platform: Platform, timestamp: str) -> None:
    """Refuse a timestamp too far from the platform's clock: the world's, or the wall's where the world runs apart from it."""
    gate, skew = platform.scenario.gate, platform.temper.mood.clock_skew_seconds
    if not (timestamp.isascii() and timestamp.isdigit()):
        raise Refused(10001, about="timestamp")
    seconds = float(timestamp)
    if len(timestamp) == 13:
        if not gate.millisecond_timestamps:
            raise Refused(10001, about="timestamp")
        seconds /= 1000
    clocks = (platform.first.now + skew, platform.clock.now() + skew, platform.clock.wall() + skew)
    if all(abs(seconds - now) > gate.clock_tolerance for now in clocks):
        raise Refused(10001, about="timestamp")


def check_token(platform: Platform, parameters: Mapping[str, str]) -> Grant:
    """The grant in whose name the call comes; the mood may let its token expire just now."""
    token = parameters.get("access_token", "")
    if not token:
        raise Refused(10001, about="access_token")
    now = platform.first.now
    grant = platform.tokens.holder(platform.app.client_id, token, now)
    if platform.temper.strikes("token_expires"):
        platform.tokens.end(token, now)
        platform.remember("expire", token)
        raise Refused(10019)
    return grant


def check_mood(platform: Platform, parameters: Mapping[str, str]) -> None:
    """Refuse the method that the mood has chosen, for what it has chosen."""
    mood = platform.temper.mood
    if mood.refused_code and parameters["type"] == mood.refused_method and (not mood.refused_about or mood.refused_about in parameters.values()):
        raise Refused(mood.refused_code)


def check_rate(platform: Platform, asked: Method, grant: Grant | None) -> None:
    """Refuse what comes too often, by the buckets or by mood."""
    if platform.temper.strikes("too_often"):
        raise Refused(70031)
    if platform.temper.strikes("method_full"):
        raise Refused(52101)
    platform.rates.spend(asked.name, str(grant.mall_id) if grant else "", platform.app.client_id)
    if platform.temper.strikes("busy_inside"):
        raise Refused(52102)
