"""The seller ships and writes on orders."""

import msgspec

from zhanggui.emulator.methods.registry import ORDER, Call, Success, method
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world import sending
from zhanggui.emulator.world.carriers import by_code, by_id, fits
from zhanggui.emulator.world.orders import Extra, Note
from zhanggui.emulator.world.sending import Label, Objection

FIRST, CHANGE = 1, 2


class ExtraTrack(msgspec.Struct, frozen=True):
    """One further parcel as it is sent."""

    shipping_id: int
    tracking_number: str


class Noted(msgspec.Struct, frozen=True):
    """The answer to a note."""

    success: bool = True
    error_code: int = 0
    error_msg: str = ""


class Taken(msgspec.Struct, frozen=True):
    """The answer to further parcels."""

    success: bool = True


class Allowed(msgspec.Struct, frozen=True):
    """The answer of the check before shipping: it gives no reason."""

    allowed: bool


class Synced(msgspec.Struct, frozen=True):
    """The answer to a printing report, which stands at the top without a wrapper."""

    success: bool = True
    result: bool = True
    error_code: int = 0
    error_msg: str = ""


def objected(objection: Objection) -> errors.Refused:
    """What the world objects to, as the platform says it."""
    return errors.business(objection.code, objection.words)


def label_of(carrier: int, number: str) -> Label:
    """A carrier of the platform's table and a number, or the refusal."""
    if carrier not in by_id():
        raise errors.business("LOGISTICS_COMPANY_NOT_FOUND", f"快递公司不存在:{carrier}")
    if not by_id()[carrier].is_available:
        raise errors.business("LOGISTICS_COMPANY_UNAVAILABLE", f"快递公司已停用:{carrier}")
    if not (number.isascii() and number.isalnum() and 6 <= len(number) <= 35):
        raise errors.business("TRACKING_NUMBER_INVALID", f"运单号格式错误:{number}")
    return Label(carrier, number)


@method("pdd.logistics.online.send", ORDER)
def online_send(call: Call) -> Success:
    """Ship an order, or change the number of a shipped one."""
    args, order_sn = call.args, call.args.text("order_sn")
    label = label_of(args.integer("logistics_id"), args.text("tracking_number").strip())
    kind = args.among("redelivery_type", (0, FIRST, CHANGE), 0)
    row = call.row(order_sn)
    try:
        if kind == CHANGE:
            sending.ship_again(call.world, row, label)
            call.did("order.reshipped", order_sn)
        else:
            sending.ship(call.world, row, label)
            call.did("order.shipped", order_sn)
    except Objection as objection:
        raise objected(objection) from objection
    return Success()


@method("pdd.open.logistics.pre.check", ORDER)
def pre_check(call: Call) -> Allowed:
    """Whether this number would be taken for this order."""
    row, number = call.row(call.args.text("order_sn")), call.args.text("tracking_number")
    carrier = by_code().get(call.args.text("ship_code"))
    if carrier is None or not fits(carrier, number):
        return Allowed(allowed=False)
    try:
        sending.may_ship(call.world, row)
    except Objection:
        return Allowed(allowed=False)
    return Allowed(allowed=True)


@method("pdd.order.upload.extra.logistics", ORDER)
def extra_parcels(call: Call) -> Taken:
    """Name further parcels of an order."""
    args, order_sn = call.args, call.args.text("order_sn")
    kind = args.among("extra_track_type", (1, 2, 3), 1)
    tracks = args.document("extra_track_list", list[ExtraTrack])
    row = call.row(order_sn)
    labels = [label_of(track.shipping_id, track.tracking_number) for track in tracks]
    try:
        sending.add_parcels(call.world, row, [Extra(kind, label.carrier, label.number, call.world.now) for label in labels])
    except Objection as objection:
        raise objected(objection) from objection
    call.did("order.extra_parcels", order_sn)
    return Taken()


@method("pdd.order.note.update", ORDER)
def note_update(call: Call) -> Noted:
    """Write the seller's note; a tag needs its name and the other way round."""
    args, order_sn = call.args, call.args.text("order_sn")
    tag, tag_name = args.integer("tag", 0), args.text("tag_name", "")
    if bool(tag) != bool(tag_name) or not 0 <= tag <= 5:
        raise errors.wrong("tag", "tag与tag_name须同时入参，tag取值1~5")
    if len(tag_name) > 3:
        raise errors.wrong("tag_name", "长度最大为3个字符")
    sending.write_note(call.world, call.row(order_sn), Note(args.text("note", ""), tag, tag_name))
    call.did("order.noted", order_sn)
    return Noted()


@method("pdd.erp.order.sync", ORDER)
def erp_sync(call: Call) -> Synced:
    """Hear that a label was printed."""
    args, order_sn = call.args, call.args.text("order_sn")
    args.among("order_state", (1,))
    label = label_of(args.integer("logistics_id"), args.text("waybill_no"))
    sending.report_print(call.world, call.row(order_sn), label)
    call.did("order.printed", order_sn)
    return Synced()
