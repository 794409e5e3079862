"""What every route may show and do for whom: written once here, read by the walks in test_outsiders.py. A route that is missing here fails them.

Order matters: the walks follow it, so what ends something (undoing an import, removing a member) stands below what needs it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.site.planted import Planted
from zhanggui.people.permissions import Permission

Fields = Mapping[str, Any]
PASSWORD = "七号仓库 今天 发货 吗"
CSV = "订单号,订单状态,用户实付金额(元),订单成交时间\n260301-999999999999999,待发货,1.00,2026-03-01 10:00:00\n"


class Who(Enum):
    """Who may, where it is not a right in a shop that decides."""

    ANYBODY = "anybody, also a stranger"
    SIGNED_IN = "anybody signed in; each sees only what is theirs"
    KEEPER = "the keeper of the house"


@dataclass(frozen=True)
class Route:
    """One route: how it is asked for in a planted shop, who may, and what answers are right for them."""

    method: str
    route: str
    who: Permission | Who
    ask: Callable[[Planted], str]
    send: Callable[[Planted], Fields] = field(default=lambda _: {})
    files: bool = False
    right: tuple[int, ...] = (200,)
    stranger: tuple[int, ...] = (303,)

    @property
    def names_a_shop(self) -> bool:
        """Whether the address or the form says which shop is meant."""
        return isinstance(self.who, Permission)


def files_of(route: Route) -> dict[str, Any]:
    """The file a form carries, for those that take one."""
    return {"files": {"files": ("orders.csv", CSV.encode(), "text/csv")}} if route.files else {}


def _get(route: str, who: Permission | Who, ask: str | None = None, **more: Any) -> Route:
    return Route("GET", route, who, _filled(ask or route), **more)


def _post(route: str, who: Permission | Who, send: Callable[[Planted], Fields] | Fields | None = None, **more: Any) -> Route:
    given = send if callable(send) else (lambda _: send or {})
    return Route("POST", route, who, _filled(route), given, **({"right": (303,), "stranger": (401,)} | more))


def _filled(route: str) -> Callable[[Planted], str]:
    return lambda planted: (
        route.replace("{shop_id:int}", str(planted.shop_id))
        .replace("{order_no:str}", planted.order_no)
        .replace("{subject_kind:str}", "order")
        .replace("{kind:str}", "ship_by")
        .replace("{person_id:int}", str(planted.member_id))
        .replace("{shop}", str(planted.shop_id))
        .replace("{no}", planted.order_no)
    )


def _batch(route: str, which: Callable[[Planted], int], row: int = 0) -> Callable[[Planted], str]:
    def ask(planted: Planted) -> str:
        filled = _filled(route)(planted).replace("{batch_id:int}", str(which(planted)))
        return filled.replace("{row_no:int}", str(planted.rows_refused[row]))

    return ask


def _on_batch(method: str, route: str, who: Permission, which: Callable[[Planted], int], **more: Any) -> Route:
    row = more.pop("row", 0)
    kept = {"right": (303,), "stranger": (401,)} if method == "POST" else {}
    return Route(method, route, who, _batch(route, which, row), **(kept | more))


def _on_act(route: str, who: Permission, which: int, **more: Any) -> Route:
    filled = _filled(route)
    return Route(
        "POST", route, who, lambda planted: filled(planted).replace("{act_no:int}", str(planted.acts[which])), **({"right": (303,), "stranger": (401,)} | more)
    )


_SHOP = "/shops/{shop_id:int}"
_BATCH = _SHOP + "/imports/{batch_id:int}"
_ACT = _SHOP + "/acts/{act_no:int}"
_CONNECTION = _SHOP + "/connection"
_ROW = _BATCH + "/quarantine/{row_no:int}"

ROUTES: tuple[Route, ...] = (
    # the door
    _get("/", Who.ANYBODY, right=(303,)),
    _get("/health", Who.ANYBODY, stranger=(200,)),
    _get("/static/{file_path:path}", Who.ANYBODY, "/static/desk.css", stranger=(200,)),
    _get("/sign-in", Who.ANYBODY, right=(303,), stranger=(200,)),
    _get("/first-run", Who.ANYBODY, right=(404,), stranger=(404,)),
    _post("/first-run", Who.ANYBODY, {"login": "eve", "password": PASSWORD, "password_again": PASSWORD}, right=(404,), stranger=(404,)),
    _post("/sign-in", Who.ANYBODY, {"login": "nobody", "password": "wrong"}, right=(422,), stranger=(422,)),
    _post("/language", Who.ANYBODY, {"language": "zh_Hans", "back": "/account"}, stranger=(303,)),
    Route("GET", "/invitations/{shop_id:int}/{token:str}", Who.ANYBODY, lambda planted: planted.invitation_path + "x", right=(404,), stranger=(404,)),
    Route("POST", "/invitations/{shop_id:int}/{token:str}", Who.ANYBODY, lambda planted: planted.invitation_path + "x", right=(404,), stranger=(404,)),
    _get("/account", Who.SIGNED_IN),
    _get("/phone", Who.SIGNED_IN),
    _post("/account/name", Who.SIGNED_IN, {"name": "同名"}),
    _post("/account/password", Who.SIGNED_IN, {"present": "wrong", "password": PASSWORD, "password_again": PASSWORD}, right=(422,)),
    _post("/account/ended_sign_ins", Who.SIGNED_IN),
    # pages over all shops of a person
    _get("/today", Who.SIGNED_IN),
    _get("/live/today", Who.SIGNED_IN),
    _get("/orders", Who.SIGNED_IN),
    _get("/shipping", Who.SIGNED_IN),
    _get("/aftersales", Who.SIGNED_IN),
    _get("/imports", Who.SIGNED_IN),
    _get("/rules", Who.SIGNED_IN),
    _get("/people", Who.SIGNED_IN),
    _get("/settings", Who.SIGNED_IN),
    _get("/timetable", Who.SIGNED_IN),
    _post("/timetable/unread", Who.SIGNED_IN),
    _get("/journal", Who.SIGNED_IN),
    _get("/search", Who.SIGNED_IN),
    _get("/acts", Who.SIGNED_IN),
    _get("/acts/lists", Who.SIGNED_IN),
    # the same pages, asked for one shop by name
    _get("/today", Permission.TODO_READ, "/today?shop={shop}"),
    _get("/live/today", Permission.TODO_READ, "/live/today?shop={shop}"),
    _get("/orders", Permission.ORDERS_READ, "/orders?shop={shop}"),
    _get("/shipping", Permission.SHIPPING_WRITE, "/shipping?shop={shop}"),
    _get("/aftersales", Permission.AFTERSALES_READ, "/aftersales?shop={shop}"),
    _get("/imports", Permission.IMPORTS_READ, "/imports?shop={shop}"),
    _get("/rules", Permission.RULES_READ, "/rules?shop={shop}"),
    _get("/people", Permission.PEOPLE_READ, "/people?shop={shop}"),
    _get("/settings", Permission.SETTINGS_READ, "/settings?shop={shop}"),
    _get("/journal", Permission.ORDERS_READ, "/journal?shop={shop}"),
    _get("/acts", Permission.ACTS_READ, "/acts?shop={shop}"),
    _get("/acts/lists", Permission.ACTS_READ, "/acts/lists?shop={shop}"),
    # reading in one shop
    _get(_SHOP + "/orders/{order_no:str}", Permission.ORDERS_READ),
    _get("/live" + _SHOP + "/orders/{order_no:str}", Permission.ORDERS_READ),
    _get(_SHOP + "/todos/{subject_kind:str}/{kind:str}", Permission.TODO_READ, _SHOP + "/todos/order/ship_by?no={no}"),
    _on_batch("GET", _BATCH, Permission.IMPORTS_READ, lambda planted: planted.batch_done),
    _on_batch("GET", _BATCH + "/quarantine", Permission.IMPORTS_READ, lambda planted: planted.batch_done),
    # writing in one shop
    _post(_SHOP + "/orders/{order_no:str}/notes", Permission.NOTES_WRITE, {"text": "已联系买家"}),
    _post(_SHOP + "/orders/{order_no:str}/scans", Permission.SCANS_WRITE, {"text": "2026-03-01 20:00 已揽收"}, right=(303, 422)),
    _post(_SHOP + "/orders/{order_no:str}/papers", Permission.PAPERS_PRINT, {"paper": "packing"}, right=(200, 422)),
    # the list it is handed has no column for numbers; the row below is of an order that the shop has
    _post("/shipping", Permission.SHIPPING_WRITE, lambda planted: {"shop": str(planted.shop_id)}, files=True, right=(422,)),
    _post(
        _SHOP + "/shipping_file",
        Permission.SHIPPING_WRITE,
        lambda planted: {"rows": f"ok\t{planted.order_no}\t圆通快递\tYT7351946208153\t2", "form": "csv"},
        right=(200, 422),
    ),
    _post(
        _SHOP + "/marks",
        Permission.TODO_MARK,
        lambda planted: {"subject_kind": "order", "subject_no": planted.order_no, "kind": "ship_by", "act": "done", "reason": "已发"},
        right=(303, 422),
    ),
    _post("/imports", Permission.IMPORTS_WRITE, lambda planted: {"shop": str(planted.shop_id)}, files=True),
    _on_batch("POST", _ROW + "/correction", Permission.IMPORTS_WRITE, lambda planted: planted.batch_done, row=0, right=(303, 422)),
    _on_batch("POST", _ROW + "/discard", Permission.IMPORTS_WRITE, lambda planted: planted.batch_done, row=1),
    _on_batch("POST", _BATCH + "/as_of", Permission.IMPORTS_WRITE, lambda planted: planted.batch_to_redate, send=lambda _: {"as_of": "2026-03-01 09:30"}),
    _on_batch("POST", _BATCH + "/refusal", Permission.IMPORTS_WRITE, lambda planted: planted.batch_to_drop),
    _on_batch("POST", _BATCH + "/confirmation", Permission.IMPORTS_WRITE, lambda planted: planted.batch_to_confirm),
    _on_batch("POST", _BATCH + "/reversal", Permission.IMPORTS_WRITE, lambda planted: planted.batch_to_confirm),
    _post(_SHOP + "/rules", Permission.RULES_WRITE, lambda planted: {"over": planted.base_rule_cite, "effective_from": "2026-03-01", "days": "3"}),
    _post(_SHOP + "/rules/removal", Permission.RULES_WRITE, lambda planted: {"cite": planted.rule_cite}),
    _post(_SHOP + "/invitations", Permission.PEOPLE_WRITE, {"role": "owner", "note": "试"}, right=(200,)),
    _post(_SHOP + "/invitations/withdrawal", Permission.PEOPLE_WRITE, lambda planted: {"number": planted.invitation_number}),
    _post(_SHOP + "/people/{person_id:int}", Permission.PEOPLE_WRITE, {"act": "role", "role": "owner"}),
    _post(_SHOP + "/promised_hours", Permission.SETTINGS_WRITE, {"goods_id": "901", "hours": "48"}),
    _post(_SHOP + "/settings", Permission.SETTINGS_WRITE, {"name": "link.order", "value": ""}, right=(303, 422)),
    _post(_SHOP + "/name", Permission.SETTINGS_WRITE, {"name": "新名字"}),
    # automatic handling; the shop is not connected, so that nothing leaves
    _post(
        _SHOP + "/acts",
        Permission.ACTS_SEND,
        lambda planted: {"subject_kind": "order", "subject_no": planted.order_no, "kind": "ship_by", "act": "ship.upload"},
        right=(422,),
    ),
    _on_act(_ACT + "/confirmation", Permission.ACTS_SEND, 1),
    _on_act(_ACT + "/finding", Permission.ACTS_SEND, 2, send=lambda _: {"happened": "no"}),
    _on_act(_ACT + "/stop", Permission.ACTS_STOP, 0),
    _post(_SHOP + "/act_levels", Permission.ACTS_WRITE, {"kind": "refund.agree", "level": "suggest"}),
    _post(_SHOP + "/act_levels/off", Permission.ACTS_WRITE),
    # the platform connection; nothing is called: no application is connected through before the last of them
    _get("/platform/authorised", Permission.SETTINGS_WRITE, "/platform/authorised?code=x&state={shop}.x", right=(422,)),
    _get(_CONNECTION, Permission.SETTINGS_READ),
    _post(_CONNECTION + "/authorisation", Permission.SETTINGS_WRITE, right=(422,)),
    _post(_CONNECTION + "/application", Permission.SETTINGS_WRITE, {"client_id": "c", "client_secret": "s"}),
    _post(_CONNECTION + "/token", Permission.SETTINGS_WRITE, {"access_token": ""}, right=(422,)),
    _post(_CONNECTION + "/confirmation", Permission.SETTINGS_WRITE, {"owner_id": "1", "answer": "yes"}, right=(422,)),
    _post(_CONNECTION + "/check", Permission.SETTINGS_WRITE, right=(422,)),
    _post(_CONNECTION + "/removal", Permission.SETTINGS_WRITE),
    # a tracking service; nobody is asked
    _post(_SHOP + "/tracker", Permission.SETTINGS_WRITE, {"service": "kuaidi100", "account": "c", "key": "s"}),
    _post(_SHOP + "/tracker/removal", Permission.SETTINGS_WRITE),
    _post("/shops", Who.KEEPER, {"name": "又一家店"}),
    _post("/door", Who.KEEPER, {"door": "closed"}),
    # last: it ends the sign-in that the walk goes by
    _post("/sign-out", Who.SIGNED_IN),
)
