"""Every call of the API: how it is asked for in a planted shop, and what answers are right for a program that has the scope and no other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.site.planted import Planted
from zhanggui.core.bridge.scopes import Scope

ROOT = "/api/v1"
CSV = "订单号,订单状态,用户实付金额(元),订单成交时间\n260301-999999999999999,待发货,1.00,2026-03-01 10:00:00\n"


@dataclass(frozen=True)
class ForPrograms(Planted):
    """A planted shop with what only programs ask for."""

    case_no: str = ""
    answer_key: str = ""


@dataclass(frozen=True)
class Call:
    """One call."""

    method: str
    path: str
    """As the description writes it."""
    scope: Scope
    ask: Callable[[ForPrograms], str] = field(default=lambda _: "")
    """What comes after the root; left out, the path itself."""
    send: Callable[[ForPrograms], dict[str, Any]] = field(default=lambda _: {})
    """What the client is given besides the address."""
    right: tuple[int, ...] = (200,)

    def address(self, planted: ForPrograms) -> str:
        """The whole address."""
        return ROOT + (self.ask(planted) or self.path)


def _get(path: str, scope: Scope, ask: Callable[[ForPrograms], str] = lambda _: "", **more: Any) -> Call:
    return Call("GET", path, scope, ask, **more)


def _post(path: str, scope: Scope, ask: Callable[[ForPrograms], str] = lambda _: "", json: Callable[[ForPrograms], Any] | None = None, **more: Any) -> Call:
    return Call("POST", path, scope, ask, **({"send": lambda planted: {} if json is None else {"json": json(planted)}} | more))


def _message(planted: ForPrograms) -> Any:
    return {"messages": [{"message_id": "m1", "conversation_id": "c1", "who": "buyer", "name": "快乐的鱼", "said": "什么时候发货"}]}


CALLS: tuple[Call, ...] = (
    _get("/shops", Scope.SHOP_READ),
    _get("/todo", Scope.TODO_READ),
    _get("/orders", Scope.ORDERS_READ),
    _get("/orders/{order_no}", Scope.ORDERS_READ, lambda planted: f"/orders/{planted.order_no}"),
    _post("/orders/{order_no}/notes", Scope.NOTES_WRITE, lambda planted: f"/orders/{planted.order_no}/notes", lambda _: {"text": "装紧一点"}),
    _get("/parcels", Scope.PARCELS_READ),
    _get("/parcels/{tracking_no}", Scope.PARCELS_READ, lambda planted: f"/parcels/{planted.tracking_no}"),
    _get("/cases", Scope.CASES_READ),
    _get("/cases/{case_no}", Scope.CASES_READ, lambda planted: f"/cases/{planted.case_no}"),
    _get("/reviews", Scope.REVIEWS_READ),
    _post("/reviews", Scope.REVIEWS_WRITE, json=lambda planted: {"reviews": [{"order_no": planted.order_no, "review_id": "R2", "stars": 5, "said": "好"}]}),
    _get("/goods", Scope.GOODS_READ),
    _get("/goods/{sku}", Scope.GOODS_READ, lambda planted: f"/goods/{planted.leaving.sku}"),
    _get("/measures", Scope.MEASURES_READ),
    _get("/promises", Scope.PROMISES_READ),
    _get("/notices", Scope.NOTICES_READ),
    _get("/rules", Scope.RULES_READ),
    _get("/imports", Scope.IMPORTS_READ),
    _get("/imports/{import_no}", Scope.IMPORTS_READ, lambda planted: f"/imports/{planted.batch_done}"),
    _post("/imports", Scope.IMPORTS_WRITE, send=lambda _: {"files": {"files": ("orders.csv", CSV.encode(), "text/csv")}}),
    _post("/imports/{import_no}/confirmation", Scope.IMPORTS_WRITE, lambda planted: f"/imports/{planted.batch_to_confirm}/confirmation"),
    _post("/imports/{import_no}/reversal", Scope.IMPORTS_WRITE, lambda planted: f"/imports/{planted.batch_to_confirm}/reversal"),
    _get("/acts", Scope.ACTS_READ),
    _post(
        "/acts", Scope.ACTS_PROPOSE, json=lambda planted: {"subject": "order", "no": planted.order_no, "todo": "ship_by"}, right=(422,)
    ),  # it has no number to upload
    _post("/acts/{act_no}/confirmation", Scope.ACTS_CONFIRM, lambda planted: f"/acts/{planted.acts[1]}/confirmation"),
    _post("/acts/{act_no}/stop", Scope.ACTS_STOP, lambda planted: f"/acts/{planted.acts[1]}/stop"),
    _get("/automation", Scope.AUTOMATION_READ),
    _get("/money", Scope.MONEY_READ),
    _get("/events", Scope.EVENTS_READ),
    _post("/messages", Scope.MESSAGES_WRITE, json=_message),
    _get("/threads", Scope.THREADS_READ),
    _get("/threads/{thread_no}", Scope.THREADS_READ, lambda planted: f"/threads/{planted.thread_no}"),
    _get("/threads/{thread_no}/drafts", Scope.DRAFTS_READ, lambda planted: f"/threads/{planted.thread_no}/drafts"),
    _post("/threads/{thread_no}/answered", Scope.ANSWERS_WRITE, lambda planted: f"/threads/{planted.thread_no}/answered", lambda _: {"said": "今天发"}),
    _get("/answers", Scope.ANSWERS_SEND),
    _post("/answers/{key}/fetched", Scope.ANSWERS_SEND, lambda planted: f"/answers/{planted.answer_key}/fetched"),
    _post("/answers/{key}/sent", Scope.ANSWERS_SEND, lambda planted: f"/answers/{planted.answer_key}/sent", lambda _: {}),
    _post("/answers/{key}/failed", Scope.ANSWERS_SEND, lambda planted: f"/answers/{planted.answer_key}/failed", right=(422,)),  # it went out
)
"""In the order in which they are walked: what ends something stands below what needs it."""
