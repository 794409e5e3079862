"""Whether a draft contradicts what is true on the platform: read from its own books, by words and numbers alone, without a line of the house."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.emulator.caller import Caller

TO_SHIP, SHIPPED = 1, 2
_SAYS_SHIPPED = re.compile(r"(?<!没有)(?<![没未尚])已经?(为您|给您|帮您)?(发货|发出|寄出)(?!前|后|的话)")
_SAYS_WAITING = re.compile(r"(还没有?|尚未|暂未|还未)(给您|帮您)?(发货|发出|寄出)")
_SAYS_REFUNDED = re.compile(r"(退款|钱款?)(已经?)(到账|退回|原路)|已经?(为您|给您|帮您)(退款|退了)")
_NUMBER = re.compile(r"(?<![0-9A-Za-z-])(?:[A-Za-z]{2}\d{10,}|\d{12,15})(?![0-9-])")
_REFUNDED = 4


@dataclass
class Judge:
    """Looks at drafts as the bridge hands them out."""

    platform: Caller
    drafts: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    """The order of each conversation, as the buyers know it, whether they have shown it or not."""

    def look_at(self, message: dict[str, Any], draft: dict[str, Any], now: datetime) -> None:
        """Judges one draft."""
        self.drafts += 1
        self.counts[draft["leaf"].split(".")[0]] += 1
        order_sn = self._order_of(message["conversation_id"])
        wrong = [*self._by_speech(draft), *(self._by_order(self.platform.order(order_sn), draft, now) if order_sn else ())]
        self.failures += [f"a draft for {message['conversation_id']} ({order_sn or 'no order'}) {each}: {draft['text']}" for each in wrong]

    def _order_of(self, conversation: str) -> str:
        if conversation not in self.orders:
            self.orders |= {talk["conversation_id"]: talk["order_sn"] for talk in self.platform.state("chats")}
        return self.orders[conversation]

    def _by_speech(self, draft: dict[str, Any]) -> list[str]:
        return [f"says what must not be said ({finding['rule']})" for finding in draft["findings"]]

    def _by_order(self, order: dict[str, Any], draft: dict[str, Any], now: datetime) -> list[str]:
        text, status = draft["text"], order["order_status"]
        found = []
        if _SAYS_SHIPPED.search(text) and status == TO_SHIP:
            found.append("says that it was shipped, and it was not")
        if _SAYS_WAITING.search(text) and status != TO_SHIP:
            found.append("says that it was not shipped, and it was")
        if _SAYS_REFUNDED.search(text) and order["refund_status"] != _REFUNDED:
            found.append("says that the money is back, and it is not")
        numbers = {each.upper() for each in _NUMBER.findall(text.replace(order["order_sn"], ""))}
        if numbers - {str(order["tracking_number"]).upper()}:
            found.append(f"names another number than {order['tracking_number'] or 'none'}")
        return found + self._by_promise(order, draft, now)

    def _by_promise(self, order: dict[str, Any], draft: dict[str, Any], now: datetime) -> list[str]:
        """A promise lies ahead, and one to ship lies within the platform's limit."""
        promise = draft["promise"]
        if promise is None:
            return []
        self.counts[f"promises ({promise['kind']})"] += 1
        until = datetime.fromisoformat(promise["until"])
        found = [] if until > now else ["promises what is over"]
        limit = _moment(order["last_ship_time"])
        if promise["kind"] == "ship" and order["order_status"] == TO_SHIP and limit is not None and now < limit < until:
            found.append(f"promises to ship after the platform's limit {limit:%d. %H:%M}")
        return found


def _moment(told: Any) -> datetime | None:
    """A moment as the platform writes it."""
    if not told:
        return None
    if isinstance(told, (int, float)) or str(told).isdigit():
        return datetime.fromtimestamp(float(told), UTC)
    return datetime.fromisoformat(f"{str(told).replace(' ', 'T')}+08:00")
