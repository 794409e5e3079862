"""快递100: real-time queries and subscriptions, form in, JSON out, sign checked."""

import hashlib
from urllib.parse import parse_qsl

import msgspec
from litestar import post
from litestar.response import Response

from zhanggui.emulator.carriers.parcels import Seen, carrier_by_kuaidi100, seen
from zhanggui.emulator.doors.asking import Asking, platform_of
from zhanggui.emulator.ledger import key_fields
from zhanggui.emulator.moments import china_text
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.world.journeys import ARRIVED, DECLINED, GOT, LEFT, OUT, RETURNED, SIGNED, WAITING
from zhanggui.emulator.world.travel import follow

STATES = {GOT: "1", LEFT: "0", ARRIVED: "0", OUT: "5", WAITING: "5", SIGNED: "3", DECLINED: "14", RETURNED: "4"}
FINE = {GOT: "103", LEFT: "1001", ARRIVED: "1002", OUT: "501", WAITING: "501", SIGNED: "301", DECLINED: "14", RETURNED: "4"}
WORDS = {"0": "在途", "1": "揽收", "3": "签收", "4": "退签", "5": "派件", "14": "拒签"}
WANTS_PHONE = ("shunfeng", "zhongtong")


class Param(msgspec.Struct, frozen=True):
    """The inner JSON of a query."""

    com: str
    num: str
    phone: str = ""
    resultv2: str = "0"
    order: str = "desc"


class Poll(msgspec.Struct, frozen=True):
    """The inner JSON of a subscription."""

    company: str
    number: str
    key: str


def query_sign(param: str, key: str, customer: str) -> str:
    """The signature of 快递100: MD5 over param, key and customer, in upper-case hex."""
    return hashlib.md5(f"{param}{key}{customer}".encode(), usedforsecurity=False).hexdigest().upper()


@post("/poll/query.do", status_code=200)
async def kuaidi100_query(request: Asking) -> Response[bytes]:
    """One query; the customer is the application's id, the key its secret."""
    platform = platform_of(request)
    platform.catch_up(0.05)
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    answer = _answer(platform, form)
    platform.note("kuaidi100.query", key_fields(form), str(answer.get("returnCode", "ok")))
    return Response(msgspec.json.encode(answer), media_type="application/json;charset=UTF-8")


@post("/poll", status_code=200)
async def kuaidi100_poll(request: Asking) -> Response[bytes]:
    """A subscription: every further scan is pushed through the platform's own stream, where it can be heard."""
    platform = platform_of(request)
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    try:
        asked = msgspec.json.decode(form.get("param", ""), type=Poll)
    except msgspec.DecodeError:
        return _refusal("400", "提交的数据不完整")
    if asked.key != platform.app.client_secret or carrier_by_kuaidi100(asked.company) is None:
        return _refusal("601" if asked.key != platform.app.client_secret else "701", "KEY无效或不支持的快递公司")
    for world in platform.worlds.values():
        follow(world, asked.number)
    platform.note("kuaidi100.poll", key_fields(form), "ok", effects=(f"trace.followed:{asked.number}",), done=("follow", asked.number))
    return Response(msgspec.json.encode({"result": True, "returnCode": "200", "message": "提交成功"}), media_type="application/json;charset=UTF-8")


def _refusal(code: str, message: str) -> Response[bytes]:
    """A refusal in 快递100's words."""
    return Response(msgspec.json.encode({"result": False, "returnCode": code, "message": message}), media_type="application/json;charset=UTF-8")


def _answer(platform: Platform, form: dict[str, str]) -> dict[str, object]:
    """The answer to a query."""
    param = form.get("param", "")
    if form.get("customer") != platform.app.client_id:
        return {"result": False, "returnCode": "601", "message": "customer不存在"}
    if form.get("sign") != query_sign(param, platform.app.client_secret, platform.app.client_id):
        return {"result": False, "returnCode": "503", "message": "验证签名失败"}
    try:
        asked = msgspec.json.decode(param, type=Param, strict=False)
    except msgspec.DecodeError:
        return {"result": False, "returnCode": "400", "message": "提交的数据不完整，或者贵公司没授权"}
    if asked.com in WANTS_PHONE and not asked.phone:
        return {"result": False, "returnCode": "408", "message": "验证码错误：请输入收件人或寄件人手机号后四位"}
    carrier = carrier_by_kuaidi100(asked.com)
    found = seen(platform, carrier.code, asked.num) if carrier else Seen("0", ())
    if not found.scans:
        return {"result": False, "returnCode": "500", "message": "查询无结果，请隔段时间再查"}
    return _found(asked, found)


def _found(asked: Param, found: Seen) -> dict[str, object]:
    """The scans of a number, newest first unless asked otherwise; with resultv2 each carries its state."""
    rows = []
    for scan in found.scans if asked.order == "asc" else reversed(found.scans):
        row = {"time": china_text(scan.at), "ftime": china_text(scan.at), "context": scan.text}
        if asked.resultv2 != "0":
            row |= {"status": WORDS[STATES[scan.action]], "statusCode": FINE[scan.action] if asked.resultv2 == "4" else STATES[scan.action]}
        rows.append(row)
    state = STATES[found.scans[-1].action]
    return {"message": "ok", "nu": asked.num, "ischeck": "1" if state == "3" else "0", "com": asked.com, "status": "200", "state": state, "data": rows}
