"""An after-sales case off the wire as facts of ours. The list and the case itself number the kinds differently and write money in different units."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import UNSET

from zhanggui.connectors.pdd.values import (
    AMOUNTS_DIFFER,
    NO_LIST,
    NO_RECORD,
    OddWire,
    Told,
    fen,
    flag,
    ident,
    is_told,
    key,
    label,
    moment,
    note,
    text,
    whole,
    yuan,
)
from zhanggui.connectors.pdd.wording import instant_word, kind_word, receipt_word, state_word
from zhanggui.core.coverage import whole_second
from zhanggui.core.facts import AftersaleFacts, Place, Sighting
from zhanggui.core.say import Say

PLACE = Place("pdd.refund")
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_WHAT_IS_ASKED = frozenset({"kind", "status_code", "refund_amount"})


class WireRefund(msgspec.Struct, frozen=True):
    """A case as the list tells it: kinds 2 to 6, money in yuan, moments as a Shanghai clock shows them (or as unix seconds: samples disagree)."""

    id: Told = UNSET
    order_sn: Told = UNSET
    after_sales_type: Told = UNSET
    after_sales_status: Told = UNSET
    after_sale_reason: Told = UNSET
    order_amount: Told = UNSET
    refund_amount: Told = UNSET
    goods_id: Told = UNSET
    tracking_number: Told = UNSET
    created_time: Told = UNSET
    updated_time: Told = UNSET
    sku_id: Told = UNSET
    goods_number: Told = UNSET
    goods_price: Told = UNSET
    shipping_name: Told = UNSET
    user_shipping_status: Told = UNSET
    speed_refund_flag: Told = UNSET
    speed_refund_status: Told = UNSET
    dispute_refund_status: Told = UNSET
    refund_operator_role: Told = UNSET


MOST_PICTURES, LONGEST_ADDRESS = 20, 1000


class WireCase(msgspec.Struct, frozen=True):
    """A case as its own page tells it: kinds 1 to 5, money in fen, moments in milliseconds."""

    id: Told = UNSET
    order_sn: Told = UNSET
    after_sales_type: Told = UNSET
    after_sales_status: Told = UNSET
    after_sales_reason: Told = UNSET
    order_amount: Told = UNSET
    refund_amount: Told = UNSET
    goods_id: Told = UNSET
    express_no: Told = UNSET
    shipping_status: Told = UNSET
    expire_time: Told = UNSET
    updated_time: Told = UNSET
    sku_id: Told = UNSET
    goods_number: Told = UNSET
    goods_price: Told = UNSET
    shipping_name: Told = UNSET
    user_shipping_status: Told = UNSET
    speed_refund_flag: Told = UNSET
    speed_refund_status: Told = UNSET
    dispute_refund_status: Told = UNSET
    images: Told = UNSET
    exist_images: Told = UNSET
    join_or_not: Told = UNSET
    remark: Told = UNSET
    exchange_shipping_detail: Told = UNSET


Wire = msgspec.Raw | bytes
_LISTED, _DETAILED = msgspec.json.Decoder(WireRefund, float_hook=str), msgspec.json.Decoder(WireCase, float_hook=str)


def case_sighting(listed: Wire | None = None, detailed: Wire | None = None) -> Sighting[AftersaleFacts]:
    """The case as facts, from the list, from its own page, or from both together; dated by the platform's own version of it. Raises OddWire.

    Together they are one sighting: of what both tell, the newer version counts, and of equal versions the list, whose unit of money is documented.
    """
    told = [sighting for sighting in (_from_detail(detailed), _from_list(listed)) if sighting is not None]
    if not told:
        raise OddWire(NO_RECORD, "case")
    if len(told) == 2 and told[0].facts.case_no != told[1].facts.case_no:
        raise OddWire(NO_RECORD, "id", told[0].facts.case_no, told[1].facts.case_no)
    told.sort(key=lambda sighting: sighting.as_of or _BEFORE_ALL)
    values: dict[str, Any] = {}
    for sighting in told:
        values |= {name: getattr(sighting.facts, name) for name in sighting.given}
    if "expire_at" in values and "expire_at" not in told[-1].given and _has_moved_on(told[0], told[-1]):
        values["expire_at"] = None  # the limit was of what was asked before; the one there is now is not known
    return Sighting(AftersaleFacts(**values), frozenset(values), PLACE, told[-1].as_of)


def listed_alone(listed: Wire, held: AftersaleFacts | None) -> Sighting[AftersaleFacts]:
    """The case as the list tells it, where nothing else can be had: until when the seller must act is not known, unless the same is asked for as in what
    is held of it. Raises OddWire.
    """
    told = case_sighting(listed=listed)
    if held is not None and all(getattr(held, name) == getattr(told.facts, name) for name in ("state", *_WHAT_IS_ASKED) if name in told.given):
        return told
    return Sighting(told.facts, told.given | {"expire_at"}, told.place, told.as_of)


def doubt_of(listed: Wire, detailed: Wire) -> Say | None:
    """What is strange about a case told twice: of the same version, its amounts differ, so one of them may be in another unit than we think."""
    one, other = case_sighting(listed=listed).facts, case_sighting(detailed=detailed).facts
    if one.updated_at != other.updated_at or None in (one.refund_amount, other.refund_amount) or one.refund_amount == other.refund_amount:
        return None
    return Say(AMOUNTS_DIFFER, {"number": one.case_no, "listed_fen": one.refund_amount, "detailed_fen": other.refund_amount})


def _has_moved_on(before: Sighting[AftersaleFacts], after: Sighting[AftersaleFacts]) -> bool:
    """Whether a case told twice stands in another turn the second time, or in a newer version asks for something else."""
    if after.facts.state is not before.facts.state:
        return True
    is_newer = (before.as_of or _BEFORE_ALL) < (after.as_of or _BEFORE_ALL)
    return is_newer and any(getattr(before.facts, name) != getattr(after.facts, name) for name in _WHAT_IS_ASKED & before.given & after.given)


def _from_list(wire: Wire | None) -> Sighting[AftersaleFacts] | None:
    if wire is None:
        return None
    case = _decoded(_LISTED, wire)
    return _sighting(
        case.id,
        lambda: (
            _common(case, case.after_sale_reason, case.tracking_number, "tracking_number", in_list=True)
            | _told(case, order_amount=("order_amount", yuan), refund_amount=("refund_amount", yuan), applied_at=("created_time", moment))
            | _told(case, goods_price=("goods_price", yuan), operator_role=("refund_operator_role", whole))
        ),
    )


def _from_detail(wire: Wire | None) -> Sighting[AftersaleFacts] | None:
    if wire is None:
        return None
    case = _decoded(_DETAILED, wire)
    return _sighting(
        case.id,
        lambda: (
            _common(case, case.after_sales_reason, case.express_no, "express_no", in_list=False)
            | _told(case, order_amount=("order_amount", fen), refund_amount=("refund_amount", fen), expire_at=("expire_time", moment))
            | _told(case, goods_price=("goods_price", fen), has_joined=("join_or_not", flag), remark=("remark", note))
            | _shipped(case)
            | _pictures(case)
            | _replacement(case)
        ),
    )


def _sighting(number: Told, values: Any) -> Sighting[AftersaleFacts]:
    """The sighting of these values; whatever is odd in them carries the number of the case."""
    case_no = key(number, "id")
    try:
        told = values() | {"case_no": case_no}
    except OddWire as odd:
        odd.number = case_no
        raise
    return Sighting(AftersaleFacts(**told), frozenset(told), PLACE, told.get("updated_at"))


def _common(case: WireRefund | WireCase, reason: Told, parcel: Told, parcel_field: str, *, in_list: bool) -> dict[str, Any]:
    """What both tell, each in its own way."""
    values = _told(case, order_no=("order_sn", ident), goods_id=("goods_id", ident), updated_at=("updated_time", _version))
    values |= _told(
        case, sku_id=("sku_id", ident), quantity=("goods_number", whole), return_carrier=("shipping_name", text), is_disputed=("dispute_refund_status", flag)
    )
    values |= _instant(case)
    kind, status = whole(case.after_sales_type, "after_sales_type"), whole(case.after_sales_status, "after_sales_status")
    number = label(parcel, parcel_field)
    if is_told(reason):
        values["reason"] = note(reason, "after_sales_reason")
    if is_told(parcel):
        values["return_tracking_no"] = number
    if kind is not None:
        word = kind_word(kind, in_list=in_list)
        values |= {"kind": word.kind, "kind_text": word.text}
    if status is not None:
        state = state_word(status, sent_back=number is not None)
        values |= {"state": state.state, "state_text": state.text, "status_code": status}
    return values


def _version(value: Told, field: str) -> datetime | None:
    """When the case changed last, in whole seconds: the list knows nothing finer, and the same version must not count as two."""
    changed_at = moment(value, field)
    return None if changed_at is None else whole_second(changed_at)


def _instant(case: WireRefund | WireCase) -> dict[str, Any]:
    """What the platform tells of an instant refund, and whether the buyer says that the goods have come."""
    values = _told(case, is_instant=("speed_refund_flag", flag))
    instant, receipt = whole(case.speed_refund_status, "speed_refund_status"), whole(case.user_shipping_status, "user_shipping_status")
    if is_told(case.speed_refund_status):
        values["instant_refund"] = None if instant is None else instant_word(instant)
    if receipt is not None:
        values["claimed_receipt"] = receipt_word(receipt)
    return values


def _pictures(case: WireCase) -> dict[str, Any]:
    """How many pictures the buyer showed; a list that holds none though there are some says nothing."""
    if isinstance(case.images, list) and case.images:
        addresses = tuple(address for address in case.images[:MOST_PICTURES] if isinstance(address, str) and 0 < len(address) <= LONGEST_ADDRESS)
        return {"pictures": len(case.images), "picture_addresses": addresses}
    if case.images not in (UNSET, None, "") and not isinstance(case.images, list):
        raise OddWire(NO_LIST, "images", case.images)
    return {"pictures": 0} if flag(case.exist_images, "exist_images") is False else {}


def _replacement(case: WireCase) -> dict[str, Any]:
    """The parcel that went out to the buyer; a sample in which its place holds no record tells nothing."""
    if not isinstance(case.exchange_shipping_detail, dict):
        return {}
    number = case.exchange_shipping_detail.get("merchant_exchange_trunk_number", UNSET)
    return {"replacement_no": label(number, "merchant_exchange_trunk_number")} if number is not UNSET else {}


def _shipped(case: WireCase) -> dict[str, Any]:
    """Whether the goods had left when the case was opened; a number nobody knows says nothing."""
    status = whole(case.shipping_status, "shipping_status")
    return {"shipped": status == 1} if status in (0, 1) else {}


def _told(case: WireRefund | WireCase, **fields: Any) -> dict[str, Any]:
    """The fields of facts among these that the wire speaks of."""
    return {name: read(getattr(case, field), field) for name, (field, read) in fields.items() if getattr(case, field) is not UNSET}


def _decoded(decoder: Any, wire: Wire) -> Any:
    try:
        return decoder.decode(wire)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise OddWire(NO_RECORD, "case", "…") from None
