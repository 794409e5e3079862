"""An answer on its way out: request id, wrapper, JSON or XML."""

from xml.sax.saxutils import escape

import msgspec

ENCODER = msgspec.json.Encoder()
JSON_TYPE, XML_TYPE = b"application/json;charset=UTF-8", b"text/xml;charset=UTF-8"


def request_id(seconds: int, serial: int) -> str:
    """A request id: the unix second, and seven digits that no other call near it has."""
    return f"{seconds}{serial * 7_654_321 % 10_000_000:07d}"


def sealed(wrapper: str, body: object, ident: str) -> bytes:
    """The answer as JSON: its fields and its request id, under its wrapper where it has one."""
    fields = ENCODER.encode(body)
    comma = b"" if fields == b"{}" else b","
    inner = fields[:-1] + comma + b'"request_id":"' + ident.encode() + b'"}'
    return b'{"' + wrapper.encode() + b'":' + inner + b"}" if wrapper else inner


def in_type(answer: bytes, data_type: str) -> tuple[bytes, bytes]:
    """The answer in the data type asked for, and its content type."""
    if data_type == "XML":
        return xml_of(msgspec.json.decode(answer)).encode(), XML_TYPE
    return answer, JSON_TYPE


def xml_of(answer: object) -> str:
    """The answer as XML, one element a field: our guess, since no client that asks for XML is known."""
    return '<?xml version="1.0" encoding="UTF-8"?>' + _element(answer)


def _element(value: object) -> str:
    """The inner text of one value."""
    if isinstance(value, dict):
        return "".join(_named(str(name), inner) for name, inner in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else escape(str(value))


def _named(name: str, value: object) -> str:
    """One field, or one element for each item of a list."""
    if isinstance(value, list):
        return "".join(f"<{name}>{_element(item)}</{name}>" for item in value)
    return f"<{name}>{_element(value)}</{name}>"
