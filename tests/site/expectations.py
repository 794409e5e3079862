"""What every route may show and do for whom: written once here, read by the walks in test_outsiders.py. A route that is missing here fails them.

Order matters: the walks follow it, so what ends something (undoing an import, removing a member) stands below what needs it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import quote

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
    TOKEN = "a program with a token, and nobody by a sign-in"


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
    also: Permission | None = None
    """A second right that is needed."""

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
    return Route("POST", route, who, _filled(more.pop("ask", None) or route), given, **({"right": (303,), "stranger": (401,)} | more))


def _act(act: str) -> Callable[[Planted], Fields]:
    """What is sent to have an act done about the planted order."""

    def send(planted: Planted) -> Fields:
        return {"subject_kind": "order", "subject_no": planted.order_no, "kind": "ship_by", "act": act}

    return send


def _filled(route: str) -> Callable[[Planted], str]:
    return lambda planted: (
        route.replace("{shop_id:int}", str(planted.shop_id))
        .replace("{order_no:str}", planted.order_no)
        .replace("{case_no:str}", planted.order_no)
        .replace("{subject_kind:str}", "order")
        .replace("{kind:str}", "ship_by")
        .replace("{person_id:int}", str(planted.member_id))
        .replace("{batch_no:int}", str(planted.leaving.batch))
        .replace("{account_no:int}", str(planted.leaving.account))
        .replace("{run_no:int}", str(planted.leaving.run))
        .replace("{chase_no:int}", str(planted.leaving.chase))
        .replace("{recall_no:int}", str(planted.leaving.recall))
        .replace("{claim_no:int}", str(planted.leaving.claim))
        .replace("{change_no:int}", str(planted.leaving.change))
        .replace("{extra_no:int}", str(planted.leaving.extra))
        .replace("{experiment_no:int}", str(planted.leaving.experiment))
        .replace("{seq:int}", str(planted.leaving.evidence))
        .replace("{return_no:int}", str(planted.coming_back.returned))
        .replace("{thread_no:int}", str(planted.thread_no))
        .replace("{review_no:str}", "R1")
        .replace("{expert_no:int}", str(planted.expert_no))
        .replace("{digest:str}", planted.coming_back.digest)
        .replace("{dispute_no:int}", str(planted.coming_back.dispute))
        .replace("{complaint_no:int}", str(planted.coming_back.complaint))
        .replace("{step_no:int}", str(planted.coming_back.step))
        .replace("{tracking_no:str}", planted.tracking_no)
        .replace("{token_no:int}", "1")
        .replace("{rule_no:int}", str(planted.auto_rule[0]))
        .replace("{firing_no:int}", str(planted.auto_rule[1]))
        .replace("{notice_no:int}", "1000000")
        .replace("{key:str}", "x")
        .replace("{place:int}", "1")
        .replace("{sku:str}", "x")
        .replace("{import_no:int}", "1")
        .replace("{sent}", planted.leaving.sent_no)
        .replace("{sku}", quote(planted.leaving.sku, safe=""))
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


def _on_hook(method: str, rest: str, send: Fields | None = None, **more: Any) -> Route:
    route = _SHOP + "/hooks/{hook_no:int}" + rest
    who = Permission.SETTINGS_READ if method == "GET" else Permission.SETTINGS_WRITE
    kept = {"right": (303,), "stranger": (401,)} if method == "POST" else {}
    filled = _filled(route)
    return Route(method, route, who, lambda planted: filled(planted).replace("{hook_no:int}", str(planted.hook_no)), lambda _: send or {}, **(kept | more))


_API = {
    "GET": (
        "shops",
        "todo",
        "orders",
        "orders/{order_no:str}",
        "parcels",
        "parcels/{tracking_no:str}",
        "cases",
        "cases/{case_no:str}",
        "reviews",
        "goods",
        "goods/{sku:str}",
        "measures",
        "promises",
        "notices",
        "rules",
        "imports",
        "imports/{import_no:int}",
        "acts",
        "automation",
        "money",
        "events",
    ),
    "POST": (
        "orders/{order_no:str}/notes",
        "imports",
        "imports/{import_no:int}/confirmation",
        "imports/{import_no:int}/reversal",
        "acts",
        "acts/{act_no:int}/confirmation",
        "acts/{act_no:int}/stop",
    ),
}
"""What programs ask for; tests/api walks it with tokens."""
_SHOP = "/shops/{shop_id:int}"
_BATCH = _SHOP + "/imports/{batch_id:int}"
_ACT = _SHOP + "/acts/{act_no:int}"
_SCRIPT = _SHOP + "/scripts/{script_id:str}"
_THREAD = _SHOP + "/threads/{thread_no:int}"
_REVIEW = _SHOP + "/reviews/{order_no:str}/{review_no:str}"
_CONNECTION = _SHOP + "/connection"
_ROW = _BATCH + "/quarantine/{row_no:int}"
_DISPUTE = _SHOP + "/disputes/{dispute_no:int}"
_COMPLAINT = _SHOP + "/complaints/{complaint_no:int}"
_SHIP_BATCH = _SHOP + "/ship/batches/{batch_no:int}"
_ACCOUNT = _SHOP + "/waybill_accounts/{account_no:int}"
_LIST = {"all": "", "include": "", "view": "pack", "goods": "", "carrier": "", "door": "", "tag": "", "due": "", "filed": "", "group": ""}
_TERMS = {
    "opens": "09:00",
    "closes": "19:00",
    "weekdays": "1",
    "people": "2",
    "pack_seconds": "60",
    "print_seconds": "3",
    "setup_minutes": "5",
    "round_fen": "5",
    "day_fen": "1",
    "safe_percent": "95",
    "most_a_day": "4",
    "slot_minutes": "30",
    "weight_g": "500",
    "stall_fen": "3",
}

ROUTES: tuple[Route, ...] = (
    # the door
    _get("/", Who.ANYBODY, right=(303,)),
    _get("/health", Who.ANYBODY, stranger=(200,)),
    _get("/health/ready", Who.ANYBODY, stranger=(200,)),
    _get("/health/live", Who.ANYBODY, stranger=(200,)),
    _get("/health/backups", Who.ANYBODY, stranger=(200,)),
    # off, unless the settings let programs have it
    _get("/metrics", Who.ANYBODY, right=(404,), stranger=(404,)),
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
    _get("/account/confirmation", Who.SIGNED_IN),
    _post("/account/confirmation", Who.SIGNED_IN, {"password": "wrong"}, right=(422,)),
    # passkeys are bound to a name, and here the house is asked for by a number
    _get("/account/confirmation/asked", Who.SIGNED_IN, right=(404,)),
    _get("/account/passkeys/asked", Who.SIGNED_IN, right=(404,)),
    _post("/account/passkeys", Who.SIGNED_IN, {"answer": "{}"}, right=(422,)),
    _post("/account/passkeys/removal", Who.SIGNED_IN, {"number": "x"}),
    _post("/account/code-app", Who.SIGNED_IN, right=(200,)),
    _post("/account/code-app/proof", Who.SIGNED_IN, {"code": "wrong"}, right=(422,)),
    _post("/account/code-app/removal", Who.SIGNED_IN),
    _post("/account/recovery-codes", Who.SIGNED_IN, right=(422,)),
    _get("/sign-in/passkey", Who.ANYBODY, right=(404,), stranger=(404,)),
    _post("/sign-in/passkey", Who.ANYBODY, {"answer": "{}"}, stranger=(303,)),
    _get("/sign-in/second", Who.ANYBODY, right=(303,)),
    _get("/sign-in/second/passkey", Who.ANYBODY, right=(404,), stranger=(404,)),
    _post("/sign-in/second", Who.ANYBODY, {"code": "123456"}, stranger=(303,)),
    # pages over all shops of a person
    _get("/today", Who.SIGNED_IN),
    _get("/live/today", Who.SIGNED_IN),
    _get("/orders", Who.SIGNED_IN),
    _get("/shipping", Who.SIGNED_IN),
    _get("/aftersales", Who.SIGNED_IN),
    _get("/imports", Who.SIGNED_IN),
    _get("/rules", Who.SIGNED_IN),
    _get("/people", Who.SIGNED_IN),
    _get("/shops", Who.SIGNED_IN),
    _get("/settings", Who.SIGNED_IN),
    _get("/timetable", Who.SIGNED_IN),
    _post("/timetable/unread", Who.SIGNED_IN),
    _get("/journal", Who.SIGNED_IN),
    _get("/privacy", Who.SIGNED_IN),
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
    _get("/privacy", Permission.PRIVACY_WRITE, "/privacy?shop={shop}"),
    _get("/acts", Permission.ACTS_READ, "/acts?shop={shop}"),
    _get("/acts/lists", Permission.ACTS_READ, "/acts/lists?shop={shop}"),
    # reading in one shop; the planted shop has no case, so that whoever may see cases learns that there is none
    _get(_SHOP + "/aftersales/terms", Permission.AFTERSALES_READ),
    _post(_SHOP + "/aftersales/terms", Permission.SETTINGS_WRITE, {"small_sum": "12", "act": "keep"}),
    _get(_SHOP + "/aftersales/{case_no:str}", Permission.AFTERSALES_READ, right=(404,)),
    _post(_SHOP + "/aftersales/{case_no:str}/findings", Permission.CASES_WRITE, {"fault": "seller"}, right=(404,)),
    _post(_SHOP + "/aftersales/{case_no:str}/asked", Permission.CASES_WRITE, right=(404,)),
    _post(_SHOP + "/aftersales/{case_no:str}/complaint", Permission.COMPLAINTS_WRITE, right=(404,)),
    _post(_SHOP + "/aftersales/{case_no:str}/steps", Permission.CASES_WRITE, {"act": "refuse"}, right=(404,)),
    _post(_SHOP + "/aftersales/{case_no:str}/extension", Permission.CASES_WRITE, right=(404,)),
    _post(_SHOP + "/aftersales/{case_no:str}/goodwill", Permission.CASES_WRITE, {"yuan": "5", "cause": "cause_quality"}, right=(404,)),
    _get(_SHOP + "/orders/{order_no:str}", Permission.ORDERS_READ),
    _get(_SHOP + "/orders/{order_no:str}/answers", Permission.ORDERS_READ),
    _get("/live" + _SHOP + "/orders/{order_no:str}", Permission.ORDERS_READ),
    _get(_SHOP + "/todos/{subject_kind:str}/{kind:str}", Permission.TODO_READ, _SHOP + "/todos/order/ship_by?no={no}"),
    _on_batch("GET", _BATCH, Permission.IMPORTS_READ, lambda planted: planted.batch_done),
    _on_batch("GET", _BATCH + "/quarantine", Permission.IMPORTS_READ, lambda planted: planted.batch_done),
    _get(_SHOP + "/orders/{order_no:str}/number", Permission.PRIVACY_OPEN),
    # writing in one shop; no number is kept for the planted order, and something still runs for it
    _post(_SHOP + "/orders/{order_no:str}/number", Permission.PRIVACY_OPEN, {"reason": "买家要求回电"}, right=(422,)),
    _post(_SHOP + "/privacy/terms", Permission.PRIVACY_WRITE, {"kind": "talks", "days": "300"}),
    _post(_SHOP + "/privacy/key", Permission.PRIVACY_WRITE),
    _post(_SHOP + "/privacy/forgotten", Permission.PRIVACY_WRITE, lambda planted: {"by": "order_no", "told": planted.order_no}, right=(200, 422)),
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
    _post(_SHOP + "/factor-terms", Permission.PEOPLE_WRITE, {"roles": "viewer"}),
    _post(_SHOP + "/people/{person_id:int}", Permission.PEOPLE_WRITE, {"act": "role", "role": "owner"}),
    _post(_SHOP + "/promised_hours", Permission.SETTINGS_WRITE, {"goods_id": "901", "hours": "48"}),
    _post(_SHOP + "/settings", Permission.SETTINGS_WRITE, {"name": "link.order", "value": ""}, right=(303, 422)),
    _post(_SHOP + "/name", Permission.SETTINGS_WRITE, {"name": "新名字"}),
    # automatic handling; the shop is not connected, so that nothing leaves. Which right is needed depends on what is sent
    *(
        _post(_SHOP + "/acts", right, _act(act), right=(422,))
        for act, right in (("ship.upload", Permission.SHIPPING_UPLOAD), ("refund.agree", Permission.ACTS_SEND), ("order.note", Permission.ACTS_SEND))
    ),
    _on_act(_ACT + "/confirmation", Permission.ACTS_SEND, 1),
    _on_act(_ACT + "/finding", Permission.ACTS_SEND, 2, send=lambda _: {"happened": "no"}),
    _on_act(_ACT + "/stop", Permission.ACTS_STOP, 0),
    _get("/automation", Who.SIGNED_IN),
    *(_get("/automation", Permission.ACTS_READ, f"/automation?view={view}&shop={{shop}}") for view in ("rules", "waiting", "firings", "file", "facts")),
    _get(_SHOP + "/automation/new", Permission.ACTS_WRITE),
    _get(_SHOP + "/automation/{rule_no:int}", Permission.ACTS_READ),
    _get(_SHOP + "/automation.toml", Permission.ACTS_READ),
    _post(_SHOP + "/automation", Permission.ACTS_WRITE, {"id": "x", "title": "", "do": "keep"}, right=(200,)),
    _post(_SHOP + "/automation/{rule_no:int}", Permission.ACTS_WRITE, {"id": "few", "title": "", "do": "keep"}, right=(200,)),
    _post(_SHOP + "/automation_file", Permission.ACTS_WRITE, {"text": ""}),
    _post(_SHOP + "/automation/{rule_no:int}/level", Permission.ACTS_WRITE, {"level": "off"}),
    _post(_SHOP + "/automation/{rule_no:int}/release", Permission.ACTS_WRITE, right=(422,)),
    _post(_SHOP + "/automation/{rule_no:int}/owner", Permission.ACTS_WRITE, lambda planted: {"owner": str(planted.owner.person_id)}),
    _post(_SHOP + "/automation/{rule_no:int}/cases", Permission.ACTS_WRITE, {"no": "x", "fires": "yes"}, right=(200,)),
    _post(_SHOP + "/firings/{firing_no:int}", Permission.TODO_MARK, {"do": "leave"}, right=(303, 422)),
    _post(_SHOP + "/automation/{rule_no:int}/removal", Permission.ACTS_WRITE),
    _post(_SHOP + "/act_levels", Permission.ACTS_WRITE, {"kind": "refund.agree", "level": "suggest"}),
    _post(_SHOP + "/act_levels/off", Permission.ACTS_WRITE),
    # from the list of what waits to the hand-over
    _get("/ship", Who.SIGNED_IN),
    _get("/ship", Permission.SHIPPING_WRITE, "/ship?shop={shop}"),
    _get("/ship/pack", Who.SIGNED_IN),
    _get("/ship/pack", Permission.SHIPPING_WRITE, "/ship/pack?shop={shop}"),
    _get(_SHIP_BATCH, Permission.SHIPPING_WRITE),
    _post(
        _SHIP_BATCH + "/numbers",
        Permission.SHIPPING_WRITE,
        lambda planted: {"carrier": "圆通快递", "order_no": planted.order_no, "number": "YT7351946208153", "column": ""},
    ),
    _post(_SHIP_BATCH + "/list", Permission.SHIPPING_WRITE, files=True, right=(422,)),
    _post(_SHIP_BATCH + "/waybills", Permission.WAYBILLS_TAKE, lambda planted: {"account": str(planted.leaving.account)}, right=(422,)),
    _post(_SHIP_BATCH + "/papers", Permission.PAPERS_PRINT, {"paper": "label", "form": "zpl", "size": "100x180", "dpi": "203"}, right=(200, 422)),
    _post(_SHIP_BATCH + "/printed", Permission.SHIPPING_WRITE, right=(200, 303, 422)),
    _post(_SHIP_BATCH + "/part", Permission.SHIPPING_WRITE, lambda planted: {"one": planted.order_no}, right=(303, 422)),
    _post(_SHIP_BATCH + "/part_dropped", Permission.SHIPPING_WRITE, lambda planted: {"one": planted.order_no}, right=(303, 422)),
    _post(_SHIP_BATCH + "/put_back", Permission.SHIPPING_WRITE, lambda planted: {"one": planted.order_no}),
    _post(
        _SHOP + "/ship/batches",
        Permission.SHIPPING_WRITE,
        lambda planted: {"order_no": planted.order_no, "all": "", "combine": "1", "carrier_named": "圆通快递"},
        right=(303, 422),
    ),
    _post(_SHOP + "/ship/steps", Permission.SHIPPING_WRITE, lambda planted: {**_LIST, "order_no": planted.order_no, "step": "pack"}, right=(200, 303)),
    _post(_SHOP + "/ship/told", Permission.SHIPPING_WRITE, lambda planted: {**_LIST, "order_no": planted.order_no, "step": "csv"}, right=(200, 422)),
    _post(_SHOP + "/ship/told", Permission.SHIPPING_UPLOAD, lambda planted: {**_LIST, "order_no": planted.order_no, "step": ""}, right=(422,)),
    _post(_SHOP + "/ship/further", Permission.SHIPPING_UPLOAD, right=(303, 422)),
    _get("/inbox", Who.SIGNED_IN),
    _get("/inbox", Permission.CONVERSATIONS_READ, "/inbox?shop={shop}"),
    _get("/live/inbox", Who.SIGNED_IN),
    _get("/live/inbox", Permission.CONVERSATIONS_READ, "/live/inbox?thread_shop={shop}&thread_no={thread_no:int}"),
    _get(_THREAD, Permission.CONVERSATIONS_READ),
    _get(_THREAD + "/replies", Permission.CONVERSATIONS_WRITE, _THREAD + "/replies?q=发货"),
    _post(_SHOP + "/checking", Permission.CONVERSATIONS_WRITE, {"said": "好评返现"}, right=(200,)),
    _post(_THREAD + "/steps", Permission.CONVERSATIONS_WRITE, {"step": "take"}),
    _post(_THREAD + "/answers", Permission.CONVERSATIONS_WRITE, {"said": "亲，今天发出"}),
    _post(_SHOP + "/pastes", Permission.CONVERSATIONS_WRITE, {"text": "买家：在吗", "step": "read"}, right=(200,)),
    # the library of messages; no endpoint drafts for the shop
    _get("/scripts", Who.SIGNED_IN),
    *(
        _get("/scripts", Permission.CONVERSATIONS_READ, f"/scripts?shop={{shop}}&view={view}&order_no={{no}}")
        for view in ("replies", "drafts", "cards", "room", "outcomes", "shop")
    ),
    _get(_SHOP + "/new_script", Permission.SCRIPTS_WRITE),
    _get(_SCRIPT, Permission.CONVERSATIONS_READ, _SHOP + "/scripts/chase_in_time?order_no={no}"),
    _post(
        _SCRIPT,
        Permission.SCRIPTS_WRITE,
        {"zh": "{商品}{发货时间}前发出", "when_zh": "催发货", "situation": "chase_shipping", "act": "keep"},
        ask=_SHOP + "/scripts/chase_in_time",
        right=(200, 303),
    ),
    _post(
        _SCRIPT + "/versions/{version:int}/withdrawal", Permission.SCRIPTS_WRITE, ask=_SHOP + "/scripts/chase_in_time/versions/1/withdrawal", right=(303, 422)
    ),
    _post(_SCRIPT + "/uses", Permission.CONVERSATIONS_WRITE, lambda planted: {"order_no": planted.order_no}, ask=_SHOP + "/scripts/chase_in_time/uses"),
    _get(_SHOP + "/script_file", Permission.CONVERSATIONS_READ),
    _post(_SHOP + "/script_file", Permission.SCRIPTS_WRITE, files=True, right=(422,)),
    _post(_SHOP + "/script_facts", Permission.SCRIPTS_WRITE, {"hours": "8点到23点"}),
    _post(_SHOP + "/concession_limits", Permission.SETTINGS_WRITE, {"most": "3", "percent": "10"}),
    _post(
        _SHOP + "/concessions",
        Permission.CONVERSATIONS_WRITE,
        lambda planted: {"order_no": planted.order_no, "kind": "coupon_given", "sum": "0.01"},
        right=(303, 422),
    ),
    _post(
        _SHOP + "/concessions/{concession_no:int}/withdrawal",
        Permission.CONVERSATIONS_WRITE,
        ask=_SHOP + "/concessions/1/withdrawal",
        right=(303, 422),
    ),
    _post(_SHOP + "/drafting", Permission.SETTINGS_WRITE, {"act": "off"}, right=(303, 422)),
    _post(_SHOP + "/drafting/trial", Permission.CONVERSATIONS_WRITE, {"said": "什么时候发"}, right=(422,)),
    _post(_THREAD + "/drafting", Permission.CONVERSATIONS_WRITE, right=(422,)),
    _get("/live/ship", Permission.SHIPPING_WRITE, "/live/ship?shop={shop}"),
    _post(
        _SHOP + "/ship/pack",
        Permission.SHIPPING_WRITE,
        lambda planted: {"scanned": planted.order_no, "code": "", "counts": "", "weight": "", "weighs": "", "force": "", "by_eye": "", "undo": "", "begin": ""},
        right=(200,),
    ),
    # accounts, numbers and labels; the shop is not connected, so that no number is taken
    _get("/waybills", Who.SIGNED_IN),
    _get("/waybills", Permission.WAYBILLS_TAKE, "/waybills?shop={shop}"),
    _post(_SHOP + "/waybill_accounts", Permission.WAYBILLS_WRITE, {"carrier": "中通快递", "branch": "北苑", "state": "wished"}, right=(303, 422)),
    _post(_ACCOUNT + "/step", Permission.WAYBILLS_WRITE, {"event": "apply"}, right=(303, 422)),
    _post(_ACCOUNT + "/balance", Permission.WAYBILLS_WRITE, {"left": "120", "bought": ""}),
    _post(
        _ACCOUNT + "/label",
        Permission.WAYBILLS_WRITE,
        {"name": "林", "mobile": "13800000000", "province": "浙江省", "city": "金华市", "detail": "1号"},
        right=(303, 422),
    ),
    _get(_ACCOUNT + "/templates", Permission.WAYBILLS_WRITE, right=(422,)),
    _post(_ACCOUNT + "/template", Permission.WAYBILLS_WRITE, {"template": "https://file.example/t.xml"}, right=(422,)),
    _post(_SHOP + "/print_tests", Permission.WAYBILLS_TAKE, lambda planted: {"account": str(planted.leaving.account)}, right=(422,)),
    _post(_SHOP + "/waybill_balances", Permission.WAYBILLS_TAKE, right=(422,)),
    _post(
        _SHOP + "/waybills",
        Permission.WAYBILLS_TAKE,
        lambda planted: {"account": str(planted.leaving.account), "order_nos": planted.order_no, "urgent": ""},
        right=(422,),
    ),
    _post(_SHOP + "/print_runs", Permission.WAYBILLS_TAKE, lambda planted: {"order_nos": planted.order_no, "printer": "热敏"}, right=(422,)),
    _post(_SHOP + "/print_previews", Permission.WAYBILLS_TAKE, lambda planted: {"order_no": planted.order_no}, right=(422,)),
    _post(
        _SHOP + "/print_runs/{run_no:int}/results",
        Permission.WAYBILLS_TAKE,
        lambda planted: {"document_id": planted.leaving.waybill_no, "seen": "no", "results": ""},
    ),
    _post(
        _SHOP + "/waybill_returns", Permission.WAYBILLS_TAKE, lambda planted: {"waybill": str(planted.leaving.waybill), "reason": "spoilt"}, right=(200, 422)
    ),
    # parcels on their way
    _get("/parcels", Who.SIGNED_IN),
    _get("/parcels", Permission.ORDERS_READ, "/parcels?shop={shop}&stand=all"),
    _get("/parcels/rate", Who.SIGNED_IN),
    _get("/parcels/rate", Permission.ORDERS_READ, "/parcels/rate?shop={shop}"),
    _get("/parcels/foresight", Who.SIGNED_IN),
    _get("/parcels/foresight", Permission.ORDERS_READ, "/parcels/foresight?shop={shop}"),
    _get(_SHOP + "/parcels/{tracking_no:str}", Permission.ORDERS_READ),
    _post(_SHOP + "/parcels/{tracking_no:str}/scans", Permission.SCANS_WRITE, {"text": "2026-03-01 20:00 已揽收", "order_no": ""}, right=(303, 422)),
    _post(_SHOP + "/category_mean", Permission.SETTINGS_WRITE, {"share": "1.5", "orders": "100"}, right=(303, 422)),
    _post(_SHOP + "/category_means", Permission.SETTINGS_WRITE, {}, files=True, right=(422,)),
    _post(_SHOP + "/foresight", Permission.SETTINGS_WRITE),
    # parcels that went wrong
    _get("/notices", Who.SIGNED_IN),
    *(_get("/notices", Permission.CONVERSATIONS_READ, f"/notices?view={view}&shop={{shop}}") for view in ("queue", "copy", "sent", "left", "texts")),
    _post(_SHOP + "/notices/{step:str}", Permission.CONVERSATIONS_WRITE, {"orders": "1", "do": "release"}, ask=_SHOP + "/notices/formed"),
    _post(_SHOP + "/notices/{step:str}/sent", Permission.CONVERSATIONS_WRITE, {"order_no": "1"}, right=(303, 422), ask=_SHOP + "/notices/formed/sent"),
    _get("/quality", Who.SIGNED_IN),
    *(
        _get("/quality", Permission.CONVERSATIONS_READ, f"/quality?view={view}&shop={{shop}}")
        for view in ("grades", "replies", "promises", "staffing", "practice")
    ),
    _get("/reviews", Who.SIGNED_IN),
    *(_get("/reviews", Permission.ORDERS_READ, f"/reviews?view={view}&shop={{shop}}") for view in ("waiting", "all", "reported")),
    _get("/reviews/experts", Who.SIGNED_IN),
    _get("/reviews/experts", Permission.ORDERS_READ, "/reviews/experts?shop={shop}&q=行家"),
    _get("/reviews/paste", Who.SIGNED_IN),
    _get(_REVIEW, Permission.ORDERS_READ),
    _post(_REVIEW + "/answer", Permission.REVIEWS_WRITE, {"said": "谢谢您的反馈"}),
    _post(_REVIEW + "/report", Permission.COMPLAINTS_WRITE, {"ground": "ground_abuse"}, right=(303, 422)),
    _post(_SHOP + "/experts", Permission.REVIEWS_WRITE, {"goods_id": "901", "said": "口感一般"}),
    _post(_SHOP + "/experts/{expert_no:int}", Permission.REVIEWS_WRITE, {"event": "expert.prepare", "reason": "广告", "report": "该心得发布广告"}),
    _post(_SHOP + "/pasted_reviews", Permission.REVIEWS_WRITE, {"text": "订单编号：260301-111111111111119 评分：2分"}, right=(200,)),
    _get("/overview", Who.SIGNED_IN),
    _get("/overview", Permission.MONEY_READ, "/overview?shop={shop}&span=90"),
    _get("/overview/clocks", Permission.MONEY_READ, "/overview/clocks?shop={shop}&kind=ship_by&ended=missed"),
    _get(_SHOP + "/reports/{week:str}", Permission.MONEY_READ, _SHOP + "/reports/2026-W10"),
    _post(_SHOP + "/report_channels/{channel_no:int}", Permission.SETTINGS_WRITE, {"on": "1"}, ask=_SHOP + "/report_channels/0", right=(404,)),
    _get("/activities", Who.SIGNED_IN),
    *(_get("/activities", Permission.ORDERS_READ, f"/activities?view={view}&shop={{shop}}") for view in ("activities", "enrolments", "forecasts")),
    _get("/activities", Permission.MONEY_READ, "/activities?view=rewards&shop={shop}"),
    _get("/activities", Permission.CONVERSATIONS_READ, "/activities?view=regulars&shop={shop}"),
    _get("/activities", Permission.CONVERSATIONS_READ, "/activities?view=asking&shop={shop}"),
    _post(_SHOP + "/activity_figures", Permission.ACTIVITIES_WRITE, {"figure": "navigator_rank", "value": "80"}),
    _post(_SHOP + "/enrolments", Permission.ACTIVITIES_WRITE, {"activity": "pdd.seckill"}, right=(303, 422)),
    _post(_SHOP + "/enrolments/{enrolment_no:int}/step", Permission.ACTIVITIES_WRITE, {"step": "sign_up"}, right=(303, 422), ask=_SHOP + "/enrolments/1/step"),
    _post(_SHOP + "/rewards", Permission.ACTIVITIES_WRITE, {"title": "有礼", "from_day": "2026-11-01", "until_day": "2026-11-02"}, right=(200, 303, 422)),
    _post(_SHOP + "/rewards/{campaign_no:int}/stop", Permission.ACTIVITIES_WRITE, right=(303, 422), ask=_SHOP + "/rewards/1/stop"),
    _post(_SHOP + "/thanks", Permission.CONVERSATIONS_WRITE, {"order_no": "1"}, right=(303, 422)),
    _get("/standing", Who.SIGNED_IN),
    *(_get("/standing", Permission.ORDERS_READ, f"/standing?view={view}&shop={{shop}}") for view in ("measures", "stars", "restrictions", "ranking", "shown")),
    _get(_SHOP + "/measures/{measure:str}", Permission.ORDERS_READ, _SHOP + "/measures/quality_refund_rate"),
    _post(_SHOP + "/standing/pages", Permission.SETTINGS_WRITE, {"text": "近30天平台求助率 2.46%"}),
    _post(_SHOP + "/standing/readings", Permission.SETTINGS_WRITE, {"figure": "help_rate", "value": "2.46", "day": ""}, right=(303, 422)),
    _post(_SHOP + "/standing/lines", Permission.SETTINGS_WRITE, {"kind": "target", "name": "help_rate", "value": "3"}),
    _post(_SHOP + "/standing/penalties", Permission.SETTINGS_WRITE, {"title": "二级限制"}),
    _post(_SHOP + "/standing/penalties/{penalty_no:int}/end", Permission.SETTINGS_WRITE, right=(303, 422), ask=_SHOP + "/standing/penalties/1/end"),
    _post(_SHOP + "/promises/{promise_no:int}", Permission.CONVERSATIONS_WRITE, {"said": "kept"}, right=(303, 422), ask=_SHOP + "/promises/1"),
    _post(_SHOP + "/practice", Permission.CONVERSATIONS_WRITE, {"want": "use", "temper": "calm"}),
    _get(_SHOP + "/practice/{round_no:int}", Permission.CONVERSATIONS_READ, _SHOP + "/practice/1", right=(200, 422)),
    _post(_SHOP + "/practice/{round_no:int}/answers", Permission.CONVERSATIONS_WRITE, {"text": "您好"}, right=(303, 422), ask=_SHOP + "/practice/1/answers"),
    _post(_SHOP + "/practice/{round_no:int}/end", Permission.CONVERSATIONS_WRITE, right=(303, 422), ask=_SHOP + "/practice/1/end"),
    _post(_SHOP + "/texts", Permission.CONVERSATIONS_WRITE, {"kind": "text_shipped", "orders": "1"}),
    _post(_SHOP + "/texts/{text_no:int}/stopped", Permission.CONVERSATIONS_WRITE, {"do": "stop"}, right=(303, 422), ask="/shops/{shop_id:int}/texts/1/stopped"),
    _post(_SHOP + "/texts/ways", Permission.SETTINGS_WRITE, {"way": "text_platform", "sign": "林记坚果"}),
    _post(_SHOP + "/texts/templates", Permission.SETTINGS_WRITE, {"kind": "text_shipped", "way": "text_platform", "code": "", "content": ""}),
    _post(_SHOP + "/texts/terms", Permission.SETTINGS_WRITE, {"price_li": "45"}, right=(303, 422)),
    _post(_SHOP + "/texts/numbers", Permission.SETTINGS_WRITE, {"numbers": "260301-1,13812345678,no"}),
    _post(_SHOP + "/notices/{step:str}/money", Permission.CONVERSATIONS_WRITE, {"order_no": "1"}, right=(200, 422), ask=_SHOP + "/notices/delayed/money"),
    _get("/chase", Who.SIGNED_IN),
    *(_get("/chase", Permission.ORDERS_READ, f"/chase?view={view}&shop={{shop}}") for view in ("chase", "waiting", "recalls", "claims", "numbers", "carriers")),
    _post(_SHOP + "/chases", Permission.CHASING_WRITE, lambda planted: {"orders": planted.leaving.sent_no, "message": "催", "check_at": ""}, right=(303, 422)),
    _post(_SHOP + "/chases/{chase_no:int}/again", Permission.CHASING_WRITE, {"check_at": ""}, right=(303, 422)),
    _post(_SHOP + "/chases/{chase_no:int}/answer", Permission.CHASING_WRITE, {"answer": "明天派送", "settled": ""}),
    _post(_SHOP + "/recalls", Permission.CHASING_WRITE, lambda planted: {"order_no": planted.leaving.sent_no, "reason": "拍错了"}, right=(303, 422)),
    _post(_SHOP + "/recalls/{recall_no:int}/step", Permission.CHASING_WRITE, {"event": "recall.tell", "note": "", "fee": "4.5"}, right=(303, 422)),
    _post(
        _SHOP + "/claims",
        Permission.CLAIMS_WRITE,
        lambda planted: {"order_no": planted.leaving.sent_no, "loss": "lost", "value": "", "freight": "", "declared": ""},
    ),
    _post(
        _SHOP + "/claims/{claim_no:int}/particulars",
        Permission.CLAIMS_WRITE,
        {"value": "29.9", "freight": "", "declared": "", "asked": "", "ticket": "T-7", "note": ""},
    ),
    _post(_SHOP + "/claims/{claim_no:int}/step", Permission.CLAIMS_WRITE, {"event": "claim.file", "amount": ""}, right=(303, 422)),
    _post(
        _SHOP + "/number_changes",
        Permission.CHASING_WRITE,
        lambda planted: {"order_no": planted.leaving.sent_no, "carrier": "圆通快递", "number": "YT7366152940871", "reason": "", "sure": "1"},
        right=(200, 303, 422),
    ),
    _post(_SHOP + "/number_changes/{change_no:int}/step", Permission.CHASING_WRITE, {"do": "told"}),
    _post(
        _SHOP + "/extra_parcels",
        Permission.CHASING_WRITE,
        lambda planted: {"order_no": planted.leaving.sent_no, "kind": "gift", "carrier": "圆通快递", "number": "YT7366152940889", "sure": "1"},
        right=(200, 303, 422),
    ),
    _post(_SHOP + "/extra_parcels/{extra_no:int}/step", Permission.CHASING_WRITE, {"do": "told"}),
    _get("/abnormal", Who.SIGNED_IN),
    _get("/abnormal", Permission.ORDERS_READ, "/abnormal?shop={shop}&view=asked"),
    _post(
        _SHOP + "/abnormal",
        Permission.SHIPPING_WRITE,
        lambda planted: {"order_no": "", "typed": planted.order_no, "step": "ask", "reason": "试", "asked_at": "", "view": ""},
        right=(303, 422),
    ),
    # evidence
    _post(_SHOP + "/orders/{order_no:str}/evidence", Permission.EVIDENCE_WRITE, {"reference": "", "sha256": "", "note": "", "taken_at": ""}, files=True),
    _get(_SHOP + "/orders/{order_no:str}/evidence/{seq:int}", Permission.EVIDENCE_READ, _SHOP + "/orders/{sent}/evidence/{seq:int}"),
    _post(_SHOP + "/orders/{order_no:str}/evidence/packet", Permission.EVIDENCE_READ, ask=_SHOP + "/orders/{sent}/evidence/packet", right=(200,)),
    # returns that are opened, and why they come
    _get("/returns", Who.SIGNED_IN),
    *(_get("/returns", Permission.AFTERSALES_READ, f"/returns?view={view}&shop={{shop}}") for view in ("awaited", "counted", "nobodys")),
    _get("/returns", Permission.AFTERSALES_READ, "/returns?shop={shop}&kept={return_no:int}"),
    _get(_SHOP + "/returns/{return_no:int}/photos/{digest:str}", Permission.EVIDENCE_READ),
    _post(_SHOP + "/returns", Permission.RETURNS_WRITE, {"code": "YT8816402275913", "adopts": "", "weight": "530 g", "note": "盒子是空的"}, files=True),
    # no return is awaited, so that whoever may send money learns that there is no such case
    _post(_SHOP + "/returns/waived", Permission.ACTS_SEND, {"case_no": "1", "note": "不用寄回"}, also=Permission.RETURNS_WRITE, right=(404,)),
    _post(_SHOP + "/returns/{return_no:int}/undo", Permission.RETURNS_WRITE),
    _get("/whatif", Who.SIGNED_IN),
    _get("/whatif", Permission.AFTERSALES_READ, "/whatif?shop={shop}"),
    _get("/whatif/notices", Who.SIGNED_IN),
    _get("/whatif/notices", Permission.RULES_READ, "/whatif/notices?shop={shop}"),
    _post(_SHOP + "/rule_notices/reading", Permission.RULES_WRITE, {"text": "举证须在72小时内完成。"}, right=(200,)),
    _post(
        _SHOP + "/rule_notices",
        Permission.RULES_WRITE,
        lambda planted: {"text": "公告", "over": planted.base_rule_cite, "starts": "2026-12-01T00:00", "published": "2026-11-20", "days": "3"},
    ),
    _post(_SHOP + "/rule_notices/{notice_no:int}/adoption", Permission.RULES_WRITE, right=(422,)),
    _post(_SHOP + "/rule_notices/{notice_no:int}/withdrawal", Permission.RULES_WRITE, right=(422,)),
    _post(_SHOP + "/rule_notices/{notice_no:int}/readiness", Permission.RULES_WRITE, right=(422,)),
    _get("/reasons", Who.SIGNED_IN),
    _get("/reasons", Permission.AFTERSALES_READ, "/reasons?shop={shop}"),
    # products by what is said of them; none is raised here
    _get("/products", Who.SIGNED_IN),
    _get("/products", Permission.AFTERSALES_READ, "/products?shop={shop}"),
    _get(_SHOP + "/products", Permission.AFTERSALES_READ, _SHOP + "/products?goods=901"),
    _post(_SHOP + "/products/checks", Permission.TODO_MARK, {"goods": "901", "note": "看过"}, right=(422,)),
    _post(_SHOP + "/products/pages", Permission.GOODS_WRITE, {"goods": "901", "title": "坚果礼盒 5斤", "detail": "", "since": "", "drop": ""}),
    # what the platform decides, and what is to be complained about
    _get("/complaints", Who.SIGNED_IN),
    *(_get("/complaints", Permission.AFTERSALES_READ, f"/complaints?view={view}&shop={{shop}}") for view in ("disputes", "register", "malice", "past")),
    _get("/complaints", Permission.MONEY_READ, "/complaints?view=deductions&shop={shop}"),
    _post(
        _SHOP + "/complaints",
        Permission.COMPLAINTS_WRITE,
        lambda planted: {"kind": "review_report", "order_no": planted.leaving.sent_no, "case_no": "", "because": "差评", "at_stake": "12"},
    ),
    # neither of these is on its list
    _post(_SHOP + "/complaints/malicious", Permission.COMPLAINTS_WRITE, lambda planted: {"picked": planted.leaving.sent_no}, right=(422,)),
    _post(_SHOP + "/complaints/deductions", Permission.COMPLAINTS_WRITE, {"picked": "1"}, also=Permission.MONEY_READ, right=(422,)),
    _post(_COMPLAINT + "/particulars", Permission.COMPLAINTS_WRITE, {"at_stake": "12", "ticket": "T-7", "note": "等回复"}),
    _post(_COMPLAINT + "/step", Permission.COMPLAINTS_WRITE, {"event": "complaint.file", "got": "", "ticket": "T-7", "beyond": ""}, right=(303, 422)),
    _get(_DISPUTE, Permission.AFTERSALES_READ),
    _post(_DISPUTE + "/pictures", Permission.EVIDENCE_WRITE, {"note": "", "taken_at": ""}, files=True),
    _post(
        _SHOP + "/orders/{order_no:str}/evidence/{seq:int}/shows",
        Permission.COMPLAINTS_WRITE,
        lambda planted: {"dispute_no": str(planted.coming_back.dispute), "shows": "shows_goods"},
        ask=_SHOP + "/orders/{sent}/evidence/{seq:int}/shows",
    ),
    _post(
        _DISPUTE + "/choice",
        Permission.COMPLAINTS_WRITE,
        lambda planted: {"claim": "claim_quality", "note": "货物完好", "images": str(planted.leaving.evidence)},
        right=(303, 422),
    ),
    _post(_DISPUTE + "/signature", Permission.COMPLAINTS_WRITE, {"seen": "", "alone": "1"}, right=(303, 422)),
    _post(_DISPUTE + "/return", Permission.COMPLAINTS_WRITE, {"remark": "换一张图"}, right=(303, 422)),
    _post(_DISPUTE + "/submission", Permission.COMPLAINTS_WRITE, right=(303, 422)),
    _post(_DISPUTE + "/packet", Permission.EVIDENCE_READ, right=(200, 404)),
    _post(_DISPUTE + "/appeal", Permission.COMPLAINTS_WRITE, {"text": "", "remark": ""}, right=(303, 422)),
    _post(_DISPUTE + "/word", Permission.COMPLAINTS_WRITE, {"event": "dispute.withdraw", "remark": ""}, right=(303, 422)),
    # what a person did in the back office
    _post(_SHOP + "/steps/{step_no:int}/again", Permission.CASES_WRITE, {"back": "/today"}, right=(303, 422)),
    _post(_SHOP + "/steps/{step_no:int}/outcome", Permission.CASES_WRITE, {"outcome": "outcome_entered", "note": "", "back": "/today"}, right=(303, 422)),
    # goods and stock
    _get("/goods", Who.SIGNED_IN),
    _get("/goods", Permission.GOODS_READ, "/goods?shop={shop}"),
    _get(_SHOP + "/goods", Permission.GOODS_READ, _SHOP + "/goods?sku={sku}"),
    # the list it is handed is none of stock
    _post("/goods", Permission.GOODS_WRITE, lambda planted: {"shop": str(planted.shop_id)}, files=True, right=(422,)),
    _post(_SHOP + "/goods/names", Permission.GOODS_WRITE, {"code": "NUT-250"}),
    _post(
        _SHOP + "/goods/stock",
        Permission.GOODS_WRITE,
        lambda planted: {"sku": planted.leaving.sku, "deed": "count", "pieces": "12", "location": "A-1", "target": "", "reason": "盘点"},
    ),
    _post(
        _SHOP + "/goods/own",
        Permission.GOODS_WRITE,
        lambda planted: {"sku": planted.leaving.sku, "weight_g": "750", "packing_g": "", "barcodes": "6900000000001", "location": "A-1", "warn_at": "3"},
    ),
    _post(_SHOP + "/goods/no_reason", Permission.GOODS_WRITE, lambda planted: {"goods_id": "901", "sku": planted.leaving.sku, "exception": ""}),
    _post(
        _SHOP + "/goods/offer",
        Permission.ACTS_SEND,
        lambda planted: {"sku": planted.leaving.sku, "goods_id": "901", "title": "", "deed": "stock", "pieces": "5", "group_price": "", "single_price": ""},
        right=(422,),
    ),
    # alerts
    _get("/alerts", Who.SIGNED_IN),
    _get("/alerts", Permission.TODO_READ, "/alerts?shop={shop}"),
    _get("/alerts/bell", Who.SIGNED_IN),
    _get("/live/alerts", Permission.TODO_READ, "/live/alerts?shop={shop}"),
    _get("/alerts/settings", Permission.TODO_READ, "/alerts/settings?shop={shop}"),
    _post(_SHOP + "/alert_acknowledgements", Permission.TODO_MARK, {"alert": "1", "back": "/alerts"}),
    _post(_SHOP + "/alert_channels", Permission.SETTINGS_WRITE, {"service": "wecom", "name": "群", "address": "693a91f6-7xxx-4bc4", "secret": ""}),
    # only one's own and, with the right to, the shop's; there is none of number 0
    _post(_SHOP + "/day-reports/{channel_no:int}", Permission.TODO_READ, {"hour": "8"}, ask=_SHOP + "/day-reports/0", right=(404,)),
    _post(_SHOP + "/alert_channels/{channel_no:int}/test", Permission.SETTINGS_WRITE, ask=_SHOP + "/alert_channels/0/test", right=(404,)),
    _post(_SHOP + "/alert_channels/{channel_no:int}/state", Permission.SETTINGS_WRITE, {"step": "off"}, ask=_SHOP + "/alert_channels/0/state", right=(404,)),
    _post(_SHOP + "/alert_quiet", Permission.TODO_READ, {"begins": "22:00", "ends": "08:00", "days": "every_day", "own": "1"}),
    _post(_SHOP + "/alert_terms", Permission.SETTINGS_WRITE, {"is_on": "1", "least_money": "0", "escalate_minutes": "15"}),
    # money
    _get("/money", Who.SIGNED_IN),
    *(_get("/money", Permission.MONEY_READ, f"/money?view={view}&shop={{shop}}") for view in ("refunds", "bill", "cash", "costs", "profit")),
    _post(_SHOP + "/bill_classes", Permission.MONEY_WRITE, {"code": "0990001", "bill_class": "fee"}, right=(422,)),
    _post(_SHOP + "/balances", Permission.MONEY_WRITE, {"balance": "12.00", "at": ""}),
    _post(_SHOP + "/withdrawals", Permission.MONEY_WRITE, {"amount": "12.00", "account": "工行 1234", "at": ""}),
    _post(
        _SHOP + "/withdrawals/{withdrawal_no:int}/step",
        Permission.MONEY_WRITE,
        {"stand": "withdrawal_arrived"},
        ask=_SHOP + "/withdrawals/1/step",
        right=(303, 422),
    ),
    _post(_SHOP + "/holds", Permission.MONEY_WRITE, {"kind": "shop_deposit", "amount": "12.00", "reason": "", "free_at": ""}),
    _post(_SHOP + "/holds/{hold_no:int}/step", Permission.MONEY_WRITE, {"stand": "hold_freed", "lost": ""}, ask=_SHOP + "/holds/1/step", right=(303, 422)),
    _post(
        _SHOP + "/costs",
        Permission.COSTS_WRITE,
        lambda planted: {"order_no": planted.order_no, "kind": "coupon", "cause": "cause_late", "amount": "3", "sku": "", "note": "", "back": ""},
    ),
    _post(_SHOP + "/costs/{cost_no:int}/back", Permission.COSTS_WRITE, ask=_SHOP + "/costs/1/back", right=(303, 422)),
    _post(_SHOP + "/money_settings", Permission.MONEY_WRITE, {"cap": "20.00", "days": ""}),
    _post(_SHOP + "/goods_costs", Permission.MONEY_WRITE, lambda planted: {"sku": planted.leaving.sku, "cost": "3.00", "from_day": ""}, right=(303, 422)),
    # the list it is handed is none of costs
    _post(_SHOP + "/cost_sheets", Permission.MONEY_WRITE, {"from_day": ""}, files=True, right=(422,)),
    # when to print, with whom to send
    _get("/plan", Who.SIGNED_IN),
    _get("/plan", Permission.ORDERS_READ, "/plan?shop={shop}"),
    _post(_SHOP + "/plan_terms", Permission.PLANNING_WRITE, _TERMS),
    _get("/carriers", Who.SIGNED_IN),
    _get("/carriers", Permission.ORDERS_READ, "/carriers?shop={shop}"),
    _post(_SHOP + "/carriers", Permission.CARRIERS_WRITE, {"carrier": "中通快递", "use": "yes"}),
    _post(_SHOP + "/carrier_visits", Permission.PLANNING_WRITE, {"carrier": "中通快递", "times": "16:30", "weekdays": "1"}),
    _post(_SHOP + "/carrier_gaps", Permission.PLANNING_WRITE, {"carrier": "中通快递", "place": "新疆", "comes": ""}),
    # the list it is handed is none of prices
    _post(_SHOP + "/carrier_prices", Permission.CARRIERS_WRITE, {"text": ""}, files=True, right=(422,)),
    _post(_SHOP + "/carrier_experiments", Permission.CARRIERS_WRITE, {"name": "对比", "shares": "圆通快递 50 中通快递 50", "provinces": "浙江"}),
    _post(_SHOP + "/carrier_experiments/{experiment_no:int}/end", Permission.CARRIERS_WRITE, right=(303, 422)),
    _post(_SHOP + "/carriers_applied", Permission.CARRIERS_WRITE, {"applies": "yes"}),
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
    _post(_SHOP + "/tokens", Permission.SETTINGS_WRITE, {"name": "客服工具", "scopes": ["threads:read"]}, right=(200,)),
    _post(_SHOP + "/tokens/{token_no:int}/revocation", Permission.SETTINGS_WRITE),
    _post("/api/v1/messages", Who.TOKEN, right=(401,)),
    _get("/api/v1/threads", Who.TOKEN, right=(401,), stranger=(401,)),
    _get("/api/v1/threads/{thread_no:int}", Who.TOKEN, right=(401,), stranger=(401,)),
    _get("/api/v1/threads/{thread_no:int}/drafts", Who.TOKEN, right=(401,), stranger=(401,)),
    _post("/api/v1/threads/{thread_no:int}/answered", Who.TOKEN, right=(401,)),
    _get("/api/v1/answers", Who.TOKEN, right=(401,), stranger=(401,)),
    _post("/api/v1/answers/{key:str}/fetched", Who.TOKEN, right=(401,)),
    _post("/api/v1/answers/{key:str}/sent", Who.TOKEN, right=(401,)),
    _post("/api/v1/answers/{key:str}/failed", Who.TOKEN, right=(401,)),
    _get(_SHOP + "/hooks", Permission.SETTINGS_READ),
    # a name that cannot be an address; nothing is sent anywhere
    _post(_SHOP + "/hooks", Permission.SETTINGS_WRITE, {"name": "ERP", "address": "ERP", "kinds": ["order.seen"]}, right=(422,)),
    _on_hook("GET", ""),
    _on_hook("POST", "/kinds", {"kinds": ["order.seen"]}),
    _on_hook("POST", "/events/{place:int}/again", right=(422,)),
    _on_hook("POST", "/again", {"hours": "1"}),
    _on_hook("POST", "/secret", right=(200,)),
    _on_hook("POST", "/step", {"step": "remove"}),
    _post("/api/v1/reviews", Who.TOKEN, right=(401,)),
    *(
        Route(method, f"/api/v1/{path}", Who.TOKEN, _filled(f"/api/v1/{path}".replace("{act_no:int}", "1")), right=(401,), stranger=(401,))
        for method, paths in _API.items()
        for path in paths
    ),
    _get("/api/v1/schema", Who.SIGNED_IN, stranger=(401,)),
    _post("/shops", Who.KEEPER, {"name": "又一家店"}),
    _post("/door", Who.KEEPER, {"door": "closed"}),
    # last: it ends the sign-in that the walk goes by
    _post("/sign-out", Who.SIGNED_IN),
)
