"""The six ways in which clients send parameters, all read into one flat table of strings."""

from urllib.parse import parse_qsl

import msgspec

JSON_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class UnreadableBodyError(Exception):
    """The body is neither a JSON object nor a form."""


def from_query(query: bytes) -> dict[str, str]:
    """The parameters of a query string."""
    return dict(parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True))


def from_body(content_type: str, body: bytes) -> dict[str, str]:
    """The parameters of a JSON or form body; multipart bodies are read elsewhere."""
    if not body.strip():
        return {}
    if "json" in content_type or (body.lstrip()[:1] == b"{" and "form" not in content_type):
        return from_json(body)
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
    except UnicodeDecodeError as failed:
        raise UnreadableBodyError(str(failed)) from failed


def from_json(body: bytes) -> dict[str, str]:
    """The members of a JSON object as the text that was signed: strings as they are, other values as they were written."""
    try:
        members = JSON_OBJECT.decode(body)
        return {name: as_signed(raw) for name, raw in members.items() if bytes(raw) != b"null"}
    except (msgspec.DecodeError, UnicodeDecodeError) as failed:
        raise UnreadableBodyError(str(failed)) from failed


def as_signed(raw: msgspec.Raw) -> str:
    """One JSON value as text: the content of a string, or the value as the sender wrote it."""
    text = bytes(raw)
    return msgspec.json.decode(text, type=str) if text[:1] == b'"' else text.decode("utf-8")
