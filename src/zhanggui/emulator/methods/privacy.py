"""Ciphertext: masks for anybody, clear text for nobody outside the platform's own cloud."""

import msgspec

from zhanggui.emulator.methods.order_shape import cipher_of
from zhanggui.emulator.methods.registry import PRIVACY, Call, method
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world.people import Masks, masks_of

KINDS = {"name": 5, "phone": 6, "address": 7, "detail": 8}


class Piece(msgspec.Struct, frozen=True):
    """One ciphertext and the order it belongs to."""

    data_tag: str
    encrypted_data: str


class Shown(msgspec.Struct, frozen=True):
    """One ciphertext and what may be shown of it."""

    data_tag: str
    data_type: int
    encrypted_data: str
    decrypted_data: str
    error_code: int
    error_msg: str


class AllShown(msgspec.Struct, frozen=True):
    """The answers for a batch."""

    data_decrypt_list: list[Shown]


@method("pdd.open.decrypt.batch", PRIVACY)
def decrypt(call: Call) -> AllShown:
    """Refuse: outside the platform's cloud nobody gets clear text."""
    call.args.text("data_list")
    raise errors.Refused(20031, sub_msg="明文解密仅限多多云内调用")


@method("pdd.open.decrypt.mask.batch", PRIVACY)
def mask(call: Call) -> AllShown:
    """The masked text behind each ciphertext."""
    pieces = call.args.document("data_list", list[Piece])
    if len(pieces) > 100:
        raise errors.wrong("data_list", "最多100条")
    return AllShown([_shown(call, piece) for piece in pieces])


def _shown(call: Call, piece: Piece) -> Shown:
    """What may be shown of one ciphertext."""
    row = call.world.row_of(piece.data_tag)
    kind = next((name for name in KINDS if row is not None and cipher_of(call.world, row, name) == piece.encrypted_data), None)
    if row is None or kind is None:
        return Shown(piece.data_tag, 0, piece.encrypted_data, "", 1, "密文与订单不匹配")
    return Shown(piece.data_tag, KINDS[kind], piece.encrypted_data, _masked(masks_of(call.world.buyer_of(row)), kind), 0, "")


def _masked(shown: Masks, kind: str) -> str:
    """The masked text of one field."""
    return {"name": shown.name, "phone": shown.phone, "address": shown.address, "detail": shown.detail}[kind]
