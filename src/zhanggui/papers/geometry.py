"""Where everything stands on a label, in millimetres. One table for paper and printer, so that both put the barcode into the same place."""

import msgspec


class Box(msgspec.Struct, frozen=True):
    """A box by its left upper corner."""

    x: float
    y: float
    width: float
    height: float


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """A label's size and its regions, in the order of the standard: number, destination, receiver, sender, content, signature."""

    width: int
    height: int
    head: Box
    region: Box
    bars: Box
    caption: Box
    receiver: Box
    sender: Box
    goods: Box
    code: Box
    sign: Box
    scale: float
    """How large the letters are, against those of the small label."""

    @property
    def name(self) -> str:
        """The size as people say it."""
        return f"{self.width}x{self.height}"


SIZES = {
    "76x130": Size(
        width=76,
        height=130,
        head=Box(3, 3, 70, 8),
        region=Box(3, 12, 70, 14),
        bars=Box(0, 28, 76, 14),
        caption=Box(3, 42.5, 70, 5),
        receiver=Box(3, 49, 70, 28),
        sender=Box(3, 78, 70, 11),
        goods=Box(3, 91, 47, 24),
        code=Box(52, 92, 21, 21),
        sign=Box(3, 117, 70, 10),
        scale=1.0,
    ),
    "100x180": Size(
        width=100,
        height=180,
        head=Box(4, 4, 92, 11),
        region=Box(4, 17, 92, 19),
        bars=Box(0, 39, 100, 20),
        caption=Box(4, 59.5, 92, 7),
        receiver=Box(4, 68, 92, 40),
        sender=Box(4, 110, 92, 15),
        goods=Box(4, 128, 62, 32),
        code=Box(68, 129, 28, 28),
        sign=Box(4, 164, 92, 12),
        scale=1.35,
    ),
}
"""The sizes a label may have, by name."""
