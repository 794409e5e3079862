"""Deep links to the platform's own pages. They may change at any time, so they are settings, and these only the defaults."""

from collections.abc import Mapping
from urllib.parse import quote

from zhanggui.core.deadlines import SubjectKind
from zhanggui.records.settings import Value

DEFAULT_LINKS: Mapping[str, str] = {
    "order": "https://mms.pinduoduo.com/orders/list?tab=0",
    "aftersale": "https://mms.pinduoduo.com/aftersales-ssr/detail?id={case_no}&orderSn={order_no}",
    "review": "https://mms.pinduoduo.com/goods/evaluation/index",
    "conversation": "https://mms.pinduoduo.com/chat-merchant/index.html",
    "source": "https://mms.pinduoduo.com/orders/exportExcel?exportType=0",
}
"""Seen in other programs (grades B and C), by the kind of thing a to-do hangs on. {order_no} and {case_no} are filled in."""


def link_to(settings: Mapping[str, Value], kind: SubjectKind, *, order_no: str | None, case_no: str | None) -> str | None:
    """The platform's page of one thing, None where the shop has blanked the link."""
    pattern = settings.get(f"link.{kind.value}")
    if not isinstance(pattern, str) or not pattern:
        return None
    return pattern.replace("{order_no}", quote(order_no or "", safe="")).replace("{case_no}", quote(case_no or "", safe=""))
