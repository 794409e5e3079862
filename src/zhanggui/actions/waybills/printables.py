"""What the print component is given: the platform's own sealed bundle, and below it the goods of the order where the shop has a template for that."""

from typing import Any

import msgspec

_MAY_HOLD = frozenset({"encryptedData", "signature", "templateUrl", "templateURL", "ver", "version", "userid", "userId", "addData"})


class _Sealed(msgspec.Struct, frozen=True):
    encryptedData: str  # noqa: N815 - the platform's own names
    signature: str


def is_for_the_component_alone(print_data: str) -> bool:
    """Whether nobody but the component can read it: encrypted and signed, and nothing beside that could be a buyer's name in the clear."""
    try:
        told: dict[str, Any] = msgspec.json.decode(print_data, type=dict[str, Any])
        sealed = msgspec.convert(told, _Sealed)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        return False
    sender_alone = set(told.get("addData") or {}) <= {"sender"}
    return bool(sealed.encryptedData and sealed.signature) and set(told) <= _MAY_HOLD and sender_alone


def contents_of(print_data: str, goods: str, note: str, custom_url: str | None) -> tuple[msgspec.Raw, ...]:
    """The contents of one document: the sealed bundle as it came, and the shop's own area where there is one."""
    sealed = msgspec.Raw(print_data.encode())
    if not custom_url:
        return (sealed,)
    own = {"data": {"goods": goods, "remark": note}, "templateURL": custom_url}  # spelt so here, and templateUrl in the sealed bundle
    return sealed, msgspec.Raw(msgspec.json.encode(own))
