"""The platform's pushes: one socket for an application carries the news of all its shops. A push is a hint to read again, never the data itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import Any, Literal
from urllib.parse import quote

import msgspec
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI, WebSocketException
from websockets.sync.client import ClientConnection, connect

from zhanggui.connectors.pdd.calls import Call, Done, act_reader
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.signing import message_digest
from zhanggui.connectors.pdd.values import OddWire, ident, label

PERMIT, STREAM = "pdd.pmc.user.permit", "pdd.pmc"
_BEAT_SECONDS = 10.0
_LISTEN_SECONDS = 0.5
_PATIENCE_SECONDS = 5.0
_LARGEST_FRAME = 1_000_000
_TOGETHER = 200
"""So many frames that have come already are handed over together: in a busy hour each by itself would cost a transaction of its own."""
_COMMON, _FAIL = {"common", "3"}, {"fail", "2"}


class Pushed(msgspec.Struct, frozen=True):
    """One push: its topic in small letters (the platform writes it in several ways), whose shop it is of, and which things it names."""

    topic: str
    owner_id: str
    order_no: str | None
    case_no: str | None
    tracking_no: str | None
    at: datetime
    raw_type: str

    @property
    def what(self) -> Literal["order", "case", "parcel"] | None:
        """The nearest thing it names: the case before its order, the parcel where there is nothing else."""
        return "case" if self.case_no else "order" if self.order_no else "parcel" if self.tracking_no else None

    @property
    def is_about_goods(self) -> bool:
        """Whether a product was put on or off the shelf, made, changed or rejected."""
        return self.topic.startswith("pdd_goods_")


class _Body(msgspec.Struct, frozen=True):
    type: str = ""
    mall_id: Any = msgspec.field(name="mallID", default=None)
    content: Any = None


class _Frame(msgspec.Struct, frozen=True):
    command: str | int = msgspec.field(name="commandType")
    id: int | str = 0
    time: Any = 0
    send_time: Any = msgspec.field(name="sendTime", default=0)
    message: _Body = _Body()


class _Ack(msgspec.Struct, frozen=True):
    id: int | str
    command: str = msgspec.field(name="commandType")
    time: Any
    send_time: Any = msgspec.field(name="sendTime")
    type: str
    mall_id: Any = msgspec.field(name="mallID")


class _Beat(msgspec.Struct, frozen=True):
    time: int
    send_time: int = msgspec.field(name="sendTime")
    command: str = msgspec.field(name="commandType", default="HeartBeat")
    id: int = 0


_FRAME = msgspec.json.Decoder(_Frame)


def permit_messages(topics: Iterable[str] = ()) -> Call[Done]:
    """Let the stream carry this shop's news: of some topics, or of all the application's. Asking twice changes nothing."""
    return Call(PERMIT, {"topics": ",".join(topics)}, act_reader(PERMIT), is_act=True)


def listen(
    app: App, stop: Event, on_messages: Callable[[Sequence[Pushed]], None], *, wall: Callable[[], datetime], on_open: Callable[[], None] | None = None
) -> None:
    """Hand every push to `on_messages`, with those that came meanwhile, until `stop` is set, and acknowledge them once that has returned; what is not
    acknowledged comes again.

    `on_open` is called when the socket is open: what happened before may have been missed. Raises PlatformError when the link cannot be made or is lost.
    """
    try:
        with connect(
            message_address(app, wall()),
            proxy=None,
            compression=None,
            open_timeout=_PATIENCE_SECONDS,
            close_timeout=1,
            max_size=_LARGEST_FRAME,
            ping_interval=30,
            ping_timeout=30,
        ) as socket:
            if on_open is not None:
                on_open()
            _listen_on(socket, stop, on_messages, wall)
    except ConnectionClosed as problem:
        raise _closed(problem) from None
    except (InvalidHandshake, InvalidURI) as problem:
        raise PlatformError(STREAM, Trouble.RETRY, "no_way", text=type(problem).__name__, wait=timedelta(seconds=10)) from None
    except (WebSocketException, OSError) as problem:
        raise PlatformError(STREAM, Trouble.RETRY, "no_way", text=type(problem).__name__, wait=timedelta(seconds=5)) from None


def message_address(app: App, wall: datetime) -> str:
    """The address of the socket, proof included."""
    milliseconds = int(wall.timestamp() * 1000)
    digest = quote(message_digest(app.client_id, milliseconds, app.client_secret), safe="")
    return f"{app.doors.messages}/{quote(app.client_id, safe='')}/{milliseconds}/{digest}"


def pushed(frame: str | bytes) -> Pushed | None:
    """The push in a frame; nothing where the frame carries none. Content that cannot be read still names its topic and shop."""
    told = _told(frame)
    return None if told is None or str(told.command).casefold() not in _COMMON else _pushed(told)


def _listen_on(socket: ClientConnection, stop: Event, on_messages: Callable[[Sequence[Pushed]], None], wall: Callable[[], datetime]) -> None:
    """Listen until told to stop, with a heartbeat in between: the platform drops a silent link after some minutes."""
    beat_at = monotonic() + _LISTEN_SECONDS  # a refusal comes first, and is heard before anything is said
    while not stop.is_set():
        if monotonic() >= beat_at:
            milliseconds = int(wall().timestamp() * 1000)
            socket.send(_text(_Beat(milliseconds, milliseconds)))
            beat_at = monotonic() + _BEAT_SECONDS
        frames = list(_frames(socket))
        if frames:
            _take(socket, frames, on_messages)


def _frames(socket: ClientConnection) -> Iterator[str | bytes]:
    """The next frame, and those that came with it; none where nothing comes for a while."""
    with suppress(TimeoutError):
        yield socket.recv(timeout=_LISTEN_SECONDS)
        for _ in range(_TOGETHER - 1):
            yield socket.recv(timeout=0)


def _take(socket: ClientConnection, frames: Iterable[str | bytes], on_messages: Callable[[Sequence[Pushed]], None]) -> None:
    """Some frames: pushes are handed over and then acknowledged, a refusal ends the link, anything else is passed over."""
    told = [each for frame in frames if (each := _told(frame)) is not None]
    refused = next((each for each in told if str(each.command).casefold() in _FAIL), None)
    pushes = [each for each in told if str(each.command).casefold() in _COMMON]
    if pushes:
        on_messages([_pushed(each) for each in pushes])
    for each in pushes:
        socket.send(_text(_Ack(each.id, "Ack", each.time, each.send_time, each.message.type, each.message.mall_id)))
    if refused is not None:
        raise _failed(str(refused.message.content or ""))


def _pushed(told: _Frame) -> Pushed:
    content = _content(told.message.content)
    return Pushed(
        topic=told.message.type.casefold(),
        owner_id=_number(told.message.mall_id) or _number(content.get("mall_id")) or "",
        order_no=_number(content.get("tid")) or _number(content.get("order_sn")),
        case_no=_number(content.get("refund_id")) or _number(content.get("after_sales_id")),
        tracking_no=_parcel(content.get("trackingNumber")) or _parcel(content.get("tracking_number")),
        at=_at(told.time),
        raw_type=told.message.type,
    )


def _content(content: object) -> dict[str, Any]:
    """The inside of a push, which is a JSON text of its own."""
    try:
        inner = msgspec.json.decode(content) if isinstance(content, str) else content
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return inner if isinstance(inner, dict) else {}


def _number(value: Any) -> str | None:
    try:
        return ident(value, "")
    except OddWire:
        return None


def _parcel(value: Any) -> str | None:
    try:
        return label(value, "")
    except OddWire:
        return None


def _at(milliseconds: object) -> datetime:
    """The moment of a push; the beginning of the epoch where it tells none we can read."""
    epoch = datetime.fromtimestamp(0, UTC)
    try:
        return epoch + timedelta(milliseconds=int(str(milliseconds)))
    except (ValueError, OverflowError):
        return epoch


def _told(frame: str | bytes) -> _Frame | None:
    try:
        return _FRAME.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _closed(problem: ConnectionClosed) -> PlatformError:
    """The error of a link that the other side has closed, by the reason it gave."""
    if problem.rcvd is not None and problem.rcvd.reason:
        return _failed(problem.rcvd.reason)
    return PlatformError(STREAM, Trouble.RETRY, "no_way", text="ConnectionClosed", wait=timedelta(seconds=5))


def _failed(said: str) -> PlatformError:
    """The error that a refusal of the socket stands for."""
    if "digest" in said.casefold():
        return PlatformError(STREAM, Trouble.PERSON, "secret", text=said)
    return PlatformError(STREAM, Trouble.RETRY, "failed", text=said, wait=timedelta(seconds=30))


def _text(frame: msgspec.Struct) -> str:
    return msgspec.json.encode(frame).decode()
