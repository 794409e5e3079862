"""Text messages to buyers: sent to ciphertext numbers only, and their records."""

import msgspec

from zhanggui.emulator.methods.registry import SMS, Call, method
from zhanggui.emulator.moments import DAY, china_text, from_iso
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world.books import Text

MOST_NUMBERS, MOST_A_PAGE = 100, 50
SENT = 3


class Sent(msgspec.Struct, frozen=True):
    """The answer to sending."""

    code: int
    message: str


class Detail(msgspec.Struct, frozen=True):
    """One message that was sent."""

    content: str
    error_code: str
    out_id: str
    phone_number: str
    receive_time: str
    send_status: int
    send_time: str
    template_code: str


class Records(msgspec.Struct, frozen=True):
    """A page of messages."""

    result_code: str
    result_message: str
    sms_send_details: list[Detail]
    total_count: int


@method("pdd.open.msg.service.send.msg", SMS)
def send(call: Call) -> Sent:
    """Send a text to some buyers; clear numbers are refused."""
    args, world = call.args, call.world
    numbers = args.document("phone_numbers", list[str])
    if not 1 <= len(numbers) <= MOST_NUMBERS:
        raise errors.wrong("phone_numbers", f"数量1~{MOST_NUMBERS}")
    if any(not number.startswith("~") for number in numbers):
        raise errors.wrong("phone_numbers", "仅允许密文")
    template, signed = args.text("template_code"), args.text("sign_name")
    content = f"【{signed}】{args.text('template_param', '')}"
    for number in numbers:
        world.books.texts.append(Text(number, template, content, args.text("out_id", ""), world.now))
        call.did("text.sent", number)
    return Sent(0, "OK")


@method("pdd.open.msg.service.query.msg.record", SMS)
def records(call: Call) -> Records:
    """The texts sent to a number on one of the last thirty days."""
    args, world = call.args, call.world
    day, number = args.text("send_date"), args.text("phone_number")
    size, page = args.integer("page_size"), args.integer("page_number")
    if page < 1 or not 1 <= size <= MOST_A_PAGE:
        raise errors.wrong("page_size", f"取值1~{MOST_A_PAGE}")
    begins = _day(day)
    if begins < world.now - 31 * DAY:
        raise errors.wrong("send_date", "支持近30天记录查询")
    found = [text for text in world.books.texts if text.number == number and begins <= text.at < begins + DAY]
    listed = [
        Detail(text.content, "", text.out_id, text.number, china_text(text.at + 3), SENT, china_text(text.at), text.template)
        for text in found[(page - 1) * size : page * size]
    ]
    return Records("OK", "OK", listed, len(found))


def _day(text: str) -> int:
    """The beginning of a day written as yyyyMMdd."""
    try:
        return from_iso(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    except ValueError as failed:
        raise errors.wrong("send_date", "格式yyyyMMdd") from failed
