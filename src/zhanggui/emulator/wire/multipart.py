"""Multipart bodies: their text fields, and the files among them."""

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

import msgspec


class Form(msgspec.Struct, frozen=True):
    """The fields and the files of a multipart body."""

    fields: dict[str, str]
    files: dict[str, bytes]


def parsed(content_type: str, body: bytes) -> Form:
    """The parts of a body; a part with a file name is a file."""
    whole = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in whole.walk():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str) or part.is_multipart():
            continue
        if part.get_filename() is not None:
            files[name] = _bytes_of(part)
        else:
            fields[name] = _bytes_of(part).decode("utf-8", "replace")
    return Form(fields, files)


def _bytes_of(part: Message) -> bytes:
    """The content of one part."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
