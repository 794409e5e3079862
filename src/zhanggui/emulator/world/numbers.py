"""Numbers that look random and can be read back without a table: order numbers and the tracking numbers of old parcels."""

from zhanggui.emulator.moments import china_day, short_day
from zhanggui.emulator.seeded import mixed

ORDER_SPACE = 10**15
FACTOR = 738_519_264_731_273


class Scrambled:
    """Serial numbers spread over a space of digits, there and back."""

    def __init__(self, seed: int, digits: int) -> None:
        self._digits = digits
        self._space = 10**digits
        self._factor = FACTOR % self._space | 1
        while self._factor % 5 == 0:
            self._factor += 2
        self._back = pow(self._factor, -1, self._space)
        self._shift = mixed(seed, digits) % self._space

    def text(self, serial: int) -> str:
        """The digits of a serial number."""
        return f"{(serial * self._factor + self._shift) % self._space:0{self._digits}d}"

    def serial(self, text: str) -> int:
        """The serial number behind these digits (it may be one that was never given out)."""
        return int((int(text) - self._shift) * self._back % self._space)


class OrderNumbers:
    """Order numbers: the China day of creation as YYMMDD, a dash, fifteen digits."""

    def __init__(self, seed: int) -> None:
        self._digits = Scrambled(seed, 15)

    def text(self, serial: int, created_at: int) -> str:
        """The order number of the order with this serial, created at this moment."""
        return f"{short_day(china_day(created_at))}-{self._digits.text(serial)}"

    def serial(self, order_sn: str) -> int | None:
        """The serial in an order number; nothing when it cannot be one."""
        day, dash, digits = order_sn.partition("-")
        if not (dash and len(day) == 6 and len(digits) == 15 and digits.isascii() and digits.isdigit()):
            return None
        return self._digits.serial(digits)
