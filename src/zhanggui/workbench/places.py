"""Where a to-do is found on the desk: its address, its number for the eye, where its acts go."""

import hashlib
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlencode

import msgspec

from zhanggui.actions.views import TodoItem
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.verdicts import Act
from zhanggui.people.permissions import Permission, Person, ShopId

_FOLLOWED = {
    SubjectKind.CHASE: "waiting",
    SubjectKind.RECALL: "recalls",
    SubjectKind.CLAIM: "claims",
    SubjectKind.NUMBER_CHANGE: "numbers",
}
"""On which list of its page something stands that is followed up with a carrier."""
_BARE_NUMBERS = frozenset(
    {SubjectKind.HOOK, SubjectKind.AUTOMATION_RULE, SubjectKind.WITHDRAWAL, SubjectKind.RULE_NOTICE, SubjectKind.ENROLMENT, SubjectKind.BACKUP}
)
"""What the house itself counts, and the platform does not know by that number."""


class TodoPlace(msgspec.Struct, frozen=True):
    """The addresses of one to-do."""

    shop_id: ShopId
    subject: Subject
    kind: DeadlineKind
    order_no: str | None = None
    is_read: bool = False
    """Whether it is of data that are read from the platform."""

    @property
    def id(self) -> str:
        """A name for the row inside the page. A digest, since numbers of sources may hold any character."""
        text = f"{self.shop_id}/{self.subject.kind}/{self.subject.no}/{self.kind}"
        return "todo-" + hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def label(self) -> str:
        """The number a person knows it by."""
        return self.order_no or (f"#{self.subject.no}" if self.subject.kind in _BARE_NUMBERS else self.subject.no)

    @property
    def href(self) -> str:
        """The page that tells all about it."""
        if self.subject.kind in _FOLLOWED:
            return f"/chase?{urlencode({'view': _FOLLOWED[self.subject.kind], 'shop': self.shop_id})}#{self.subject.kind}-{self.subject.no}"
        if self.subject.kind in _OWN_PAGES:
            return _OWN_PAGES[self.subject.kind](self.shop_id, int(self.subject.no))
        return self._without_order if self.order_no is None else order_path(self.shop_id, self.order_no)

    @property
    def _without_order(self) -> str:
        match self.subject.kind:
            case SubjectKind.SOURCE:
                return "/imports" if not self.is_read else f"/shops/{self.shop_id}/connection"
            case SubjectKind.CONNECTION:
                return f"/shops/{self.shop_id}/connection"
            case SubjectKind.WAYBILL_ACCOUNT:
                return f"/waybills?{urlencode({'shop': self.shop_id})}#a{self.subject.no}"
            case SubjectKind.WITHDRAWAL | SubjectKind.REFUND_MATCH:
                return self.money_href
            case kind:
                return _LISTED[kind](self.shop_id, self.subject.no) if kind in _LISTED else self.panel

    @property
    def money_href(self) -> str:
        """Where a withdrawal, or a refund held against the bill, stands on the Money page."""
        if self.subject.kind is SubjectKind.WITHDRAWAL:
            return f"/money?{urlencode({'view': 'cash', 'shop': self.shop_id})}#withdrawal-{self.subject.no}"
        return f"/money?{urlencode({'view': 'refunds', 'stand': 'match_differs', 'shop': self.shop_id})}"

    def is_for(self, by: Person) -> bool:
        """Whether this person may open that page: of a connection only those who see the shop's settings, of money those who see that."""
        if self.subject.kind is SubjectKind.WAYBILL_ACCOUNT:
            return by.may(Permission.WAYBILLS_TAKE, self.shop_id)
        if self.subject.kind in (SubjectKind.WITHDRAWAL, SubjectKind.REFUND_MATCH):
            return by.may(Permission.MONEY_READ, self.shop_id)
        if self.subject.kind is SubjectKind.RULE_NOTICE:
            return by.may(Permission.RULES_READ, self.shop_id)
        of_connection = self.subject.kind in (SubjectKind.CONNECTION, SubjectKind.HOOK, SubjectKind.BACKUP) or self.is_read
        return not of_connection or by.may(Permission.SETTINGS_READ, self.shop_id)

    @property
    def panel(self) -> str:
        """The to-do's own page, or piece of page, with its reasons, draft and acts."""
        return f"/shops/{self.shop_id}/todos/{self.subject.kind}/{self.kind}?{urlencode({'no': self.subject.no})}"

    @property
    def marks(self) -> str:
        """Where marks are put."""
        return f"/shops/{self.shop_id}/marks"


def order_path(shop_id: ShopId, order_no: str) -> str:
    """The page of an order."""
    return f"/shops/{shop_id}/orders/{in_path(order_no)}"


def in_path(number: str) -> str:
    """A number as one part of an address. Servers read `%2F` as a slash, which would part it, so a slash is written `~1`, and `~` itself `~0`."""
    return quote(number.replace("~", "~0").replace("/", "~1"), safe="")


def case_path(shop_id: ShopId, case_no: str) -> str:
    """The page of an after-sales case."""
    return f"/shops/{shop_id}/aftersales/{in_path(case_no)}"


def review_path(shop_id: ShopId, order_no: str, review_no: str) -> str:
    """The page of a review."""
    return f"/shops/{shop_id}/reviews/{in_path(order_no)}/{in_path(review_no)}"


def thread_path(shop_id: ShopId, thread_no: int) -> str:
    """The page of one buyer's talk."""
    return f"/shops/{shop_id}/threads/{thread_no}"


def number_in_path(written: str) -> str:
    """The number again, as a server has read it."""
    return written.replace("~1", "/").replace("~0", "~")


def product_path(shop_id: ShopId, goods_id: str) -> str:
    """The page of what reviews, returns and the page itself say of a product."""
    return f"/shops/{shop_id}/products?{urlencode({'goods': goods_id})}"


def dispute_path(shop_id: ShopId, dispute_no: int) -> str:
    """The page of a dispute."""
    return f"/shops/{shop_id}/disputes/{dispute_no}"


def complaint_path(shop_id: ShopId, complaint_no: int) -> str:
    """Where a complaint stands in the register, whatever became of it."""
    return f"/complaints?{urlencode({'view': 'register', 'shop': shop_id, 'no': complaint_no})}#complaint-{complaint_no}"


_OWN_PAGES: Mapping[SubjectKind, Callable[[ShopId, int], str]] = {SubjectKind.DISPUTE: dispute_path, SubjectKind.COMPLAINT: complaint_path}
_LISTED: Mapping[SubjectKind, Callable[[ShopId, str], str]] = {
    SubjectKind.RULE_NOTICE: lambda shop_id, no: f"/whatif/notices?{urlencode({'shop': shop_id})}#notice-{no}",
    SubjectKind.PRODUCT: product_path,
    SubjectKind.AUTOMATION_RULE: lambda shop_id, no: f"/shops/{shop_id}/automation/{no}",
    SubjectKind.HOOK: lambda shop_id, no: f"/shops/{shop_id}/hooks/{no}",
    SubjectKind.BACKUP: lambda _shop_id, _no: "/timetable",
    SubjectKind.ENROLMENT: lambda shop_id, no: f"/activities?{urlencode({'view': 'enrolments', 'shop': shop_id})}#enrolment-{no}",
    SubjectKind.SKU: lambda shop_id, no: f"/shops/{shop_id}/goods?{urlencode({'sku': no})}",
    SubjectKind.AFTERSALE: lambda _, no: f"/aftersales?{urlencode({'number': no})}",
}
"""Where a thing that belongs to no order stands, on a page or a list of its kind."""


def live_order_path(shop_id: ShopId, order_no: str) -> str:
    """Where the page of an order is kept in step."""
    return f"/live{order_path(shop_id, order_no)}"


def place_of(item: TodoItem) -> TodoPlace:
    """The place of a to-do."""
    deadline = item.deadline
    order_no = deadline.order_no or (deadline.subject.no if deadline.subject.kind == SubjectKind.ORDER else None)
    is_read = deadline.subject.kind is SubjectKind.SOURCE and item.verdict.act is Act.LOOK
    return TodoPlace(item.shop_id, deadline.subject, deadline.kind, order_no, is_read)
