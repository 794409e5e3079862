"""After-sales cases: what they are, their states, and what each state means for the order."""

import msgspec

from zhanggui.emulator.world.orders import IN_DISPUTE, NO_REFUND, REFUNDED, REFUNDING

REFUND_ONLY, RETURN_REFUND, EXCHANGE, RESEND, REPAIR = 1, 2, 3, 4, 5
LIST_CODING = {REFUND_ONLY: 2, RETURN_REFUND: 3, EXCHANGE: 4, RESEND: 5, REPAIR: 6}

ASKED, RETURN_ASKED, SELLER_AGREED, PLATFORM_AGREED, REJECTED, SEND_BACK, PLATFORM_LOOKS, PLATFORM_REFUSED = 2, 3, 4, 5, 6, 7, 8, 9
DONE, WITHDRAWN, BUYER_SILENT, BUYER_TOO_LATE, EXCHANGE_ASKED, EXCHANGE_DONE, EXCHANGE_FAILED, EXCHANGE_UNDERWAY = 10, 11, 12, 13, 14, 16, 17, 18
REPAIR_ASKED, REPAIR_SEND, REPAIR_CLOSED, REPAIR_DONE, REPAIR_UNDERWAY = 21, 22, 24, 25, 27
REFUSE_PARCEL, RESEND_ASKED, RECALLING = 31, 32, 33
DOCUMENTED = (0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22, 24, 25, 27, 31, 32, 33)
CLOSED = frozenset({PLATFORM_REFUSED, WITHDRAWN, BUYER_SILENT, BUYER_TOO_LATE, EXCHANGE_FAILED, EXCHANGE_DONE, REPAIR_CLOSED, REPAIR_DONE})
SELLER_MUST_ACT = frozenset({ASKED, RETURN_ASKED, EXCHANGE_ASKED, RESEND_ASKED, REPAIR_ASKED, RECALLING})

NOT_SAID, NOT_RECEIVED, RECEIVED_IT = 0, 1, 2
ELIGIBLE, FAILED, SUCCEEDED = "1", "2", "3"
FIRST_CASE = 30_000_000_000

UNSHIPPED_REASONS = ("不想要了", "拍错/多拍", "地址填错", "未按约定时间发货", "其他")
TRANSIT_REASONS = ("物流太慢", "快递停滞", "一直未收到", "不想要了")
QUALITY_REASONS = ("质量问题", "商品破损", "与描述不符", "少件/漏发")
TASTE_REASONS = ("7天无理由", "尺码不合适", "不喜欢")


class Case(msgspec.Struct):
    """One after-sales case."""

    case_id: int
    row: int
    kind: int
    status: int
    reason: str
    amount: int
    created_at: int
    updated_at: int
    was_shipped: bool
    claims: int = NOT_SAID
    pictures: int = 0
    expires_at: int = 0
    speed_flag: int = 0
    speed_status: str = ""
    is_disputed: bool = False
    has_joined: bool = False
    operator: int = 0
    return_address: int = 0
    return_carrier: int = 0
    return_number: str = ""
    sent_back_at: int = 0
    return_signed_at: int = 0
    refunded_at: int = 0
    evidence_at: int = 0
    evidence_pictures: int = 0
    evidence_text: str = ""
    replacement_carrier: int = 0
    replacement_number: str = ""
    remark: str = ""
    rejections: int = 0
    warehouse_status: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the case is neither closed nor paid out."""
        return self.status not in CLOSED and self.status != DONE

    @property
    def is_quality(self) -> bool:
        """Whether the buyer's reason counts against the quality of the goods."""
        return self.reason in QUALITY_REASONS


def refund_status_of(status: int) -> int:
    """What the state of a case makes of the order's refund status."""
    if status == DONE:
        return REFUNDED
    if status in (SELLER_AGREED, PLATFORM_AGREED):
        return REFUNDING
    return NO_REFUND if status in CLOSED else IN_DISPUTE


class Cases:
    """All cases of a shop, by their ids."""

    def __init__(self) -> None:
        self._cases: list[Case] = []

    def __len__(self) -> int:
        return len(self._cases)

    def next_id(self) -> int:
        """The id the next case will get."""
        return FIRST_CASE + len(self._cases)

    def add(self, case: Case) -> None:
        """Keep a case that carries the next id."""
        self._cases.append(case)

    def get(self, case_id: int) -> Case | None:
        """The case with this id."""
        place = case_id - FIRST_CASE
        return self._cases[place] if 0 <= place < len(self._cases) else None

    def at(self, place: int) -> Case:
        """The case at this place, counted from 0 in the order of creation."""
        return self._cases[place]

    def each(self) -> list[Case]:
        """Every case, oldest first."""
        return self._cases
