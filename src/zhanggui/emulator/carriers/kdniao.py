"""快递鸟: queries and subscriptions, form in, JSON out, DataSign checked."""

import base64
import hashlib
from urllib.parse import parse_qsl, unquote

import msgspec
from litestar import post
from litestar.response import Response

from zhanggui.emulator.carriers.parcels import Seen, carrier_by_kdniao, seen
from zhanggui.emulator.doors.asking import Asking, platform_of
from zhanggui.emulator.ledger import key_fields
from zhanggui.emulator.moments import china_text
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.world.carriers import fits, main_carriers
from zhanggui.emulator.world.journeys import ARRIVED, DECLINED, GOT, LEFT, OUT, RETURNED, SIGNED, WAITING
from zhanggui.emulator.world.travel import follow

ACTIONS = {GOT: "1", LEFT: "2", ARRIVED: "201", OUT: "202", WAITING: "211", SIGNED: "301", DECLINED: "404", RETURNED: "304"}
STATES = {"1": "1", "2": "2", "3": "3", "4": "4"}
QUERIES, SUBSCRIBES, RECOGNISES = ("1002", "8001"), ("1008", "8008"), "2002"


class Asked(msgspec.Struct, frozen=True):
    """The inner JSON of a request."""

    LogisticCode: str
    ShipperCode: str = ""
    OrderCode: str = ""


def data_sign(request_data: str, key: str) -> str:
    """The signature of 快递鸟: Base64 of the lower-case hex text of MD5 over data and key."""
    digest = hashlib.md5(f"{request_data}{key}".encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def plain(text: str) -> str:
    """The text, decoded once more where a client has encoded it twice, as the official sample does."""
    return unquote(text) if text[:3].upper() == "%7B" or "%3D" in text[-6:].upper() else text


@post(["/Ebusiness/EbusinessOrderHandle.aspx", "/api/dist"], status_code=200)
async def kdniao(request: Asking) -> Response[bytes]:
    """One request to 快递鸟; the account is the application's id, the key its secret."""
    platform = platform_of(request)
    platform.catch_up(0.05)
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    answer = _answer(platform, form)
    keys = key_fields({"RequestType": form.get("RequestType", ""), "RequestData": plain(form.get("RequestData", ""))})
    outcome = "ok" if answer["Success"] else str(answer.get("ResultCode", "refused"))
    if answer["Success"] and form.get("RequestType") in SUBSCRIBES:
        number = keys.get("LogisticCode", "")
        platform.note("kdniao", keys, outcome, effects=(f"trace.followed:{number}",), done=("follow", number))
    else:
        platform.note("kdniao", keys, outcome)
    return Response(msgspec.json.encode(answer), media_type="application/json;charset=UTF-8")


def _answer(platform: Platform, form: dict[str, str]) -> dict[str, object]:
    """The answer to a form."""
    account = {"EBusinessID": form.get("EBusinessID", "")}
    data, sign = plain(form.get("RequestData", "")), plain(form.get("DataSign", ""))
    if account["EBusinessID"] != platform.app.client_id:
        return {**account, "Success": False, "Reason": "用户ID不存在", "ResultCode": "107"}
    if sign != data_sign(data, platform.app.client_secret):
        return {**account, "Success": False, "Reason": "非法参数：DataSign错误", "ResultCode": "105"}
    try:
        asked = msgspec.json.decode(data, type=Asked, strict=False)
    except msgspec.DecodeError:
        return {**account, "Success": False, "Reason": "非法参数：RequestData格式错误", "ResultCode": "105"}
    kind = form.get("RequestType", "")
    if kind in QUERIES:
        return {**account, **_traces(platform, asked)}
    if kind in SUBSCRIBES:
        return {**account, **_subscribed(platform, asked)}
    if kind == RECOGNISES:
        return {**account, **_recognised(asked)}
    return {**account, "Success": False, "Reason": "RequestType不支持", "ResultCode": "106"}


def _traces(platform: Platform, asked: Asked) -> dict[str, object]:
    """The scans of a number, oldest first."""
    carrier = carrier_by_kdniao(asked.ShipperCode)
    found = seen(platform, carrier.code, asked.LogisticCode) if carrier else Seen("0", ())
    traces = [
        {"AcceptTime": china_text(scan.at), "AcceptStation": scan.text, "Location": scan.where, "Action": ACTIONS[scan.action], "Remark": ""}
        for scan in found.scans
    ]  # fmt: skip
    answer: dict[str, object] = {
        "OrderCode": asked.OrderCode, "ShipperCode": asked.ShipperCode, "LogisticCode": asked.LogisticCode, "Success": True,
        "State": STATES.get(found.state, "0"), "StateEx": traces[-1]["Action"] if traces else "0", "Traces": traces,
    }  # fmt: skip
    return answer if traces else {**answer, "Reason": "暂无轨迹信息"}


def _subscribed(platform: Platform, asked: Asked) -> dict[str, object]:
    """A subscription: every further scan is pushed through the platform's own stream, where it can be heard."""
    for world in platform.worlds.values():
        follow(world, asked.LogisticCode)
    return {"UpdateTime": china_text(platform.first.now), "Success": True, "ResultCode": "100", "Reason": ""}


def _recognised(asked: Asked) -> dict[str, object]:
    """The carriers a number could belong to."""
    fitting = [each for each in main_carriers() if fits(each, asked.LogisticCode)]
    shippers = [{"ShipperName": each.name, "ShipperCode": each.kdniao} for each in fitting]
    return {"LogisticCode": asked.LogisticCode, "Success": bool(shippers), "Code": "100", "Shippers": shippers}
