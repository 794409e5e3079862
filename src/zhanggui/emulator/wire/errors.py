"""The platform's error table, and how an error is raised inside the emulator."""

import msgspec

TEXTS = {
    10000: "参数错误",
    10001: "公共参数错误",
    10016: "client下线或者clientId不正确",
    10017: "type不正确",
    10018: "target_client_id下线或者target_clientId不正确",
    10019: "access_token已过期",
    20004: "签名sign校验失败",
    20005: "ip无权访问接口，请加入ip白名单",
    20031: "用户没有授权访问此接口",
    20032: "access_token或client_id错误",
    20034: "接口处于下线状态",
    20035: "接口不属于当前网关",
    21001: "请求参数错误",
    21002: "请求参数不能为空",
    30000: "没有调用此target接口权限",
    30001: "client_id和partner_id不匹配",
    45001: "订单不属于当前店铺或订单不存在",
    50000: "系统内部错误",
    50001: "业务服务错误",
    50002: "系统内部错误",
    52001: "网关业务服务错误",
    52002: "网关系统内部错误",
    52004: "请求body太大",
    52101: "当前接口被限流，请稍后重试",
    52102: "当前接口暂时不可用，请稍后重试",
    52103: "服务暂时不可用，请稍后重试",
    70031: "调用过于频繁，请调整调用频率",
    70032: "当前请求因存在风险被禁止调用",
    70033: "系统维护，接口暂时下线",
    70034: "当前用户存在风险，禁止调用",
    70035: "当前应用存在风险，禁止调用",
    70036: "应用处于测试状态，调用次数被限制",
}


class Refused(Exception):
    """The platform refuses the call, with its code, its text and, below them, the business reason."""

    def __init__(self, code: int, *, about: str = "", sub_code: str | int | None = None, sub_msg: str = "") -> None:
        self.code = code
        self.text = TEXTS.get(code, "") + (f":{about}" if about else "")
        self.sub_code = sub_code
        self.sub_msg = sub_msg
        super().__init__(f"{code} {self.text} {sub_msg}")


class ErrorBody(msgspec.Struct, frozen=True):
    """What stands under `error_response`."""

    error_code: int
    error_msg: str
    sub_code: str | int | None
    sub_msg: str
    request_id: str


def body_of(refused: Refused, request_id: str) -> dict[str, ErrorBody]:
    """The refusal as the platform writes it."""
    return {"error_response": ErrorBody(refused.code, refused.text, refused.sub_code, refused.sub_msg, request_id)}


def missing(name: str) -> Refused:
    """A business parameter that must be there is not."""
    return Refused(21002, sub_code="21002", sub_msg=f"请求参数不能为空:{name}")


def wrong(name: str, why: str) -> Refused:
    """A business parameter cannot be used as it is."""
    return Refused(21001, sub_code="21001", sub_msg=f"请求参数错误:{name} {why}")


def business(sub_code: str | int, sub_msg: str) -> Refused:
    """The call was well formed; the business behind it says no."""
    return Refused(50001, sub_code=sub_code, sub_msg=sub_msg)


def foreign_order(order_sn: str) -> Refused:
    """The order does not exist, or belongs to another shop."""
    return Refused(45001, sub_code=45001, sub_msg=f"订单不属于当前店铺或订单不存在:{order_sn}")
