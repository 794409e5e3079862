"""The schema of a table's lines, as JSON Schema that any validator reads."""

from typing import Any

from zhanggui.actions.exporting.leaving import Choice
from zhanggui.records.whole import Column

_NO_SCHEMA_BUT_JSON: dict[str, Any] = {"description": 'JSON as the house stores it; {"$json": null} where that is null itself and the column might be empty.'}
_TYPES: dict[str, dict[str, Any]] = {
    "bigint": {"type": "integer"},
    "integer": {"type": "integer"},
    "smallint": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "timestamp with time zone": {"type": "string", "format": "date-time"},
    "double precision": {"type": ["number", "string"]},
    "bytea": {"type": "string", "pattern": "^\\\\x([0-9a-f]{2})*$", "description": "Bytes in hexadecimal after \\x."},
    "json": _NO_SCHEMA_BUT_JSON,
    "jsonb": _NO_SCHEMA_BUT_JSON,
}
_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def schema_of(choice: Choice) -> dict[str, Any]:
    """The JSON Schema of one line of this table."""
    properties: dict[str, Any] = {}
    for column in choice.table.columns:
        if column.name == choice.beside:
            properties |= {f"{column.name}_sha256": _SHA256, f"{column.name}_size": {"type": "integer", "minimum": 0}}
        else:
            properties[column.name] = _of_column(column)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": choice.table.name,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "x-key": list(choice.table.key),
    }


def _of_column(column: Column) -> dict[str, Any]:
    told = _of_type(column.type)
    if column.is_needed or "type" not in told:
        return told
    kinds = told["type"] if isinstance(told["type"], list) else [told["type"]]
    return {**told, "type": [*kinds, "null"]}


def _of_type(name: str) -> dict[str, Any]:
    if name.endswith("[]"):
        # an element may be missing in an array of PostgreSQL
        return {"type": "array", "items": {"anyOf": [_of_type(name.removesuffix("[]")), {"type": "null"}]}}
    return _TYPES.get(name, {"type": ["string", "number"], "description": f"PostgreSQL's {name}."})
