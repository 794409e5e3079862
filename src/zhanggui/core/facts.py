"""What has been seen of a shop: orders, parcels, after-sales cases, money, reviews, messages. Facts only, no judgment.

Every field that a source may lack is None by default. Which fields a source really gave travels beside the facts as `Sighting.given`, so that a
file without a column never wipes out what another file knew.
"""

from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from zhanggui.core.money import Fen


class FactKind(StrEnum):
    """What one row of a source speaks of. The values are also the `fact` word of the JSON-lines profile."""

    ORDER = "order"
    ORDER_LINE = "order_line"
    AFTERSALE = "aftersale"
    BILL_LINE = "bill_line"
    REVIEW = "review"
    PAYMENT = "payment"
    SCAN = "scan"
    MESSAGE = "message"
    SKU = "sku"


class OrderStage(StrEnum):
    """How far the goods have come. `unknown` keeps its raw word in `OrderFacts.status_text`."""

    FORMING = "forming"
    TO_SHIP = "to_ship"
    SHIPPED = "shipped"
    RECEIVED = "received"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class RefundState(StrEnum):
    """Whether money goes back on an order."""

    NONE = "none"
    OPEN = "open"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


class ShippingKind(StrEnum):
    """The way of shipping that the promised hours depend on."""

    SPOT = "spot"
    ONE_DAY = "one_day"
    PRESALE = "presale"
    DIRECT_MAIL = "direct_mail"
    BONDED = "bonded"
    BOOKED = "booked"


class ParcelKind(StrEnum):
    """Why an order has a further parcel: it was split, something was sent once more, or a gift travels by itself."""

    EXTRA = "extra"
    RESEND = "resend"
    GIFT = "gift"


class AftersaleKind(StrEnum):
    """The five kinds of after-sales case, and `unknown`."""

    REFUND_ONLY = "refund_only"
    RETURN_AND_REFUND = "return_and_refund"
    EXCHANGE = "exchange"
    RESEND = "resend"
    REPAIR = "repair"
    UNKNOWN = "unknown"


class AftersaleState(StrEnum):
    """Whose turn it is in a case, in the words of the after-sales export (pdd-open-platform.md §3.2)."""

    SELLER_TO_ANSWER = "seller_to_answer"
    BUYER_TO_SEND = "buyer_to_send"
    SELLER_TO_RECEIVE = "seller_to_receive"
    PLATFORM_HANDLES = "platform_handles"
    REJECTED = "rejected"
    REFUNDED = "refunded"
    CLOSED = "closed"
    DONE = "done"
    UNKNOWN = "unknown"


RUNNING_CASES = frozenset({AftersaleState.SELLER_TO_ANSWER, AftersaleState.BUYER_TO_SEND, AftersaleState.SELLER_TO_RECEIVE, AftersaleState.PLATFORM_HANDLES})
"""A case in one of these still runs: somebody's answer, goods or decision is awaited."""


class ClaimedReceipt(StrEnum):
    """What the buyer ticked when asking: whether the goods had come (wire: user_shipping_status)."""

    NOT_SAID = "not_said"
    NOT_RECEIVED = "not_received"
    RECEIVED = "has_received"


class InstantRefund(StrEnum):
    """How far an instant refund (极速退款) has come (wire: speed_refund_status)."""

    ELIGIBLE = "eligible"
    """The platform may refund at once."""
    FAILED = "not_instant"
    """The platform looked and left the case to the seller."""
    SUCCEEDED = "refunded_instantly"
    UNKNOWN = "unknown"


class ScanStage(StrEnum):
    """What a tracking event says happened to the parcel."""

    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    ARRIVED = "arrived"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    REFUSED = "refused"
    RETURN_TO_SENDER = "return_to_sender"
    EXCEPTION = "exception"
    UNKNOWN = "unknown"


class Speaker(StrEnum):
    """Who wrote a message."""

    BUYER = "buyer"
    REP = "rep"
    BOT = "bot"


class FurtherParcel(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A parcel of an order beside its own."""

    kind: ParcelKind
    carrier: str | None
    tracking_no: str
    noted_at: datetime | None = None
    """When somebody noted it here; None where only a source or its label tells of it."""


class OrderFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One order as its sources tell it. Money in fen, moments in UTC, receivers masked."""

    order_no: str
    stage: OrderStage | None = None
    refund: RefundState | None = None
    status_text: str | None = None
    """The source's own status word, kept because the set of words is open."""
    refund_text: str | None = None
    created_at: datetime | None = None
    created_at_inferred: bool | None = None
    """True where `created_at` is only the beginning of the day that opens the order number, because the source names no moment at all."""
    paid_at: datetime | None = None
    group_formed_at: datetime | None = None
    """订单成交时间 / 拼单成功时间 (wire: confirm_time): the shipping clock starts here."""
    ship_by: datetime | None = None
    """The platform's own 承诺发货时间 (wire: last_ship_time). Wins over every rule."""
    deliver_by: datetime | None = None
    """承诺送达时间 (wire: promise_delivery_time)."""
    shipped_at: datetime | None = None
    picked_up_at: datetime | None = None
    """The last pickup scan, where a source gives it on the order itself."""
    received_at: datetime | None = None
    presale_ship_at: datetime | None = None
    booked_at: datetime | None = None
    """预约配送时间."""
    shipping_kind: ShippingKind | None = None
    under_review: bool | None = None
    """是否审核中 (wire: risk_control_status): must not be shipped."""
    on_hold: bool | None = None
    """暂停发货 (wire tag: ship_hold): must not be shipped."""
    delay_allowed: bool | None = None
    """发货时间可延迟, 停发地区 (wire tag: region_black_delay_shipping)."""
    goods_amount: Fen | None = None
    postage: Fen | None = None
    seller_discount: Fen | None = None
    platform_discount: Fen | None = None
    pay_reduction: Fen | None = None
    """多多支付立减金额."""
    pay_amount: Fen | None = None
    """用户实付金额: what the buyer paid."""
    receive_amount: Fen | None = None
    """商家实收金额: what the seller gets; compensation is counted from it."""
    refund_amount: Fen | None = None
    quantity: int | None = None
    title: str | None = None
    goods_id: str | None = None
    sku_id: str | None = None
    spec: str | None = None
    outer_sku: str | None = None
    """商家编码-规格维度."""
    outer_goods: str | None = None
    """商家编码-商品维度."""
    carrier: str | None = None
    """The carrier's name as the source writes it."""
    tracking_no: str | None = None
    seller_note: str | None = None
    buyer_note: str | None = None
    receiver_masked: str | None = None
    """Name and telephone with the middle replaced by stars; clear text never gets this far."""
    province: str | None = None
    city: str | None = None
    district: str | None = None
    group_no: str | None = None
    pay_method: str | None = None
    gift_title: str | None = None
    gift_id: str | None = None
    """赠品id of the order export, which does not say whether of the product or of the variant. The platform's own doors tell gifts as lines."""
    gift_spec: str | None = None
    gift_quantity: int | None = None
    combine_key: str | None = None
    """Orders that wait to be shipped and have this in common may go in one parcel, 合单 (wire: open_address_id_2). It names no address."""
    tags: tuple[str, ...] | None = None
    """The platform's own names of the tags that are lit, such as `no_trace_delivery` (wire: order_tag_list)."""
    further_parcels: tuple[FurtherParcel, ...] | None = None
    warehouse: str | None = None


class OrderLineFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One line of an order that has several, or that a gift goes with."""

    order_no: str
    line_no: str
    goods_id: str | None = None
    sku_id: str | None = None
    title: str | None = None
    spec: str | None = None
    quantity: int | None = None
    price: Fen | None = None
    postage: Fen | None = None
    ship_by: datetime | None = None
    outer_sku: str | None = None
    outer_goods: str | None = None
    is_gift: bool | None = None
    """True on a line that was not bought but goes along."""


class PaymentFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One part of an order's payment."""

    order_no: str
    part_no: str
    method: str | None = None
    instalments: int | None = None
    amount: Fen | None = None


class AftersaleFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One after-sales case as its sources tell it."""

    case_no: str
    order_no: str | None = None
    kind: AftersaleKind | None = None
    state: AftersaleState | None = None
    kind_text: str | None = None
    state_text: str | None = None
    reason: str | None = None
    shipped: bool | None = None
    """Whether the order had been shipped when the case was opened (订单状态 of the after-sales export: 未发货 / 已发货)."""
    applied_at: datetime | None = None
    agreed_at: datetime | None = None
    updated_at: datetime | None = None
    expire_at: datetime | None = None
    """The platform's own deadline for the seller (wire: expire_time). Wins over every rule."""
    order_amount: Fen | None = None
    refund_amount: Fen | None = None
    tracking_no: str | None = None
    return_tracking_no: str | None = None
    return_state_text: str | None = None
    """退货物流状态 as the export writes it."""
    return_sent_at: datetime | None = None
    return_delivered_at: datetime | None = None
    goods_id: str | None = None
    buyer_masked: str | None = None
    status_code: int | None = None
    """The platform's own number of the state (wire: after_sales_status), which tells more than whose turn it is."""
    claimed_receipt: ClaimedReceipt | None = None
    pictures: int | None = None
    """How many pictures the buyer showed."""
    picture_addresses: tuple[str, ...] | None = None
    """Where the platform keeps them."""
    is_instant: bool | None = None
    """Whether the platform handles the case as an instant refund (wire: speed_refund_flag)."""
    instant_refund: InstantRefund | None = None
    is_disputed: bool | None = None
    """Whether the platform counts the refund as one in dispute (wire: dispute_refund_status)."""
    has_joined: bool | None = None
    """Whether the platform has stepped in, now or before (wire: join_or_not)."""
    operator_role: int | None = None
    """Who moved the case last, in the platform's own numbers (wire: refund_operator_role)."""
    return_carrier: str | None = None
    """The carrier of the return parcel, as the source writes it."""
    replacement_no: str | None = None
    """The parcel with which the goods in exchange, the missing piece or the repaired goods went out."""
    remark: str | None = None
    """The remark on the case's own page; whose words it holds, the platform does not say."""
    sku_id: str | None = None
    quantity: int | None = None
    """How many pieces the case is about."""
    goods_price: Fen | None = None
    """What one piece cost."""


class BillLineFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One line of the shop's bill. `line_no` is a digest of the row and its ordinal among equal rows of the same file."""

    line_no: str
    order_no: str | None = None
    happened_at: datetime | None = None
    income: Fen | None = None
    expense: Fen | None = None
    """What left, as a positive amount."""
    account_kind: str | None = None
    code: str | None = None
    """The code that opens 业务描述, such as 0010002."""
    description: str | None = None
    note: str | None = None


class ReviewFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One review of one order; keyed by both, since sources reuse review numbers."""

    review_no: str
    order_no: str
    score: int | None = None
    title: str | None = None
    text: str | None = None
    created_at: datetime | None = None
    answered_at: datetime | None = None
    reply: str | None = None
    goods_id: str | None = None
    spec: str | None = None
    service_score: int | None = None
    shipping_score: int | None = None
    """Stars for service and for shipping; `score` is that for the goods as described."""
    follow_up: str | None = None
    follow_up_at: datetime | None = None
    """What the buyer added later."""
    pictures: int | None = None
    picture_addresses: tuple[str, ...] | None = None
    has_video: bool | None = None
    is_default: bool | None = None
    """Whether the platform gave it because the buyer did not."""
    is_anonymous: bool | None = None
    buyer_masked: str | None = None
    buyer: str | None = None
    """Whoever gave it, as a keyed digest, where a source told them apart; else the order stands for them."""
    report_text: str | None = None
    """What the source says of a report of this review."""


class ScanFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One tracking event of a parcel."""

    tracking_no: str
    at: datetime
    text: str
    carrier: str | None = None
    stage: ScanStage = ScanStage.UNKNOWN


class MessageFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One message of a conversation about an order."""

    message_no: str
    speaker: Speaker
    at: datetime
    text: str
    order_no: str | None = None


class SkuFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One variant of a product as the platform or a list of products tells it, with what it tells of the product itself."""

    sku_id: str
    goods_id: str | None = None
    title: str | None = None
    spec: str | None = None
    """The variant in words, its values parted by a comma."""
    outer_sku: str | None = None
    """商家编码-规格维度."""
    outer_goods: str | None = None
    on_shelf: bool | None = None
    """Whether buyers can order it: its product is on the shelf, and the variant on sale."""
    offered: int | None = None
    """What the platform would still sell of it (库存); not what lies on the shop's own shelves."""
    held: int | None = None
    """What the platform holds for orders that are not paid yet (预扣库存)."""
    group_price: Fen | None = None
    single_price: Fen | None = None
    weight_g: int | None = None
    promised_hours: int | None = None
    """承诺发货时间, in hours."""
    picture: str | None = None


Facts = OrderFacts | OrderLineFacts | PaymentFacts | AftersaleFacts | BillLineFacts | ReviewFacts | ScanFacts | MessageFacts | SkuFacts

KIND_OF: dict[type[Facts], FactKind] = {
    OrderFacts: FactKind.ORDER,
    OrderLineFacts: FactKind.ORDER_LINE,
    PaymentFacts: FactKind.PAYMENT,
    AftersaleFacts: FactKind.AFTERSALE,
    BillLineFacts: FactKind.BILL_LINE,
    ReviewFacts: FactKind.REVIEW,
    ScanFacts: FactKind.SCAN,
    MessageFacts: FactKind.MESSAGE,
    SkuFacts: FactKind.SKU,
}

F = TypeVar("F", bound=Facts)


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where in a source something stood: member file, sheet, row (1 = the first line of the file) and column header."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None


class Sighting(msgspec.Struct, Generic[F], frozen=True, gc=False):
    """Facts as one source gave them: `given` names the fields that the source speaks of (a given field may still be None: the cell was blank)."""

    facts: F
    given: frozenset[str]
    place: Place
    as_of: datetime | None = None
    """The moment this row speaks of, where the source tells it row by row; else that of the whole batch holds."""


def key_of(facts: Facts) -> str:
    """The natural key of the fact inside one shop and kind, as text."""
    match facts:
        case OrderFacts():
            return facts.order_no
        case OrderLineFacts():
            return f"{facts.order_no}/{facts.line_no}"
        case PaymentFacts():
            return f"{facts.order_no}/{facts.part_no}"
        case AftersaleFacts():
            return facts.case_no
        case ReviewFacts():
            return f"{facts.review_no}/{facts.order_no}"
        case ScanFacts():
            return f"{facts.tracking_no}/{facts.at.isoformat()}/{facts.text}"
        case MessageFacts():
            return facts.message_no
        case BillLineFacts(line_no=key) | SkuFacts(sku_id=key):
            return key
