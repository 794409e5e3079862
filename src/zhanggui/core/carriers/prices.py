"""What a parcel costs with a carrier: a table by province and weight."""

from collections.abc import Iterable

import msgspec

from zhanggui.core.money import Fen

EVERYWHERE = ""


class PriceBand(msgspec.Struct, frozen=True, gc=False):
    """One line of a price table: above this weight a parcel costs so much, and so much more for every step begun beyond it."""

    carrier: str
    province: str
    """Empty: every province that has no lines of its own."""
    above_g: int
    fen: Fen
    step_g: int = 0
    """0: the same for the whole band."""
    step_fen: Fen = Fen(0)

    def price(self, weight_g: int) -> Fen:
        """What a parcel of this weight, which lies in the band, costs."""
        if self.step_g <= 0:
            return self.fen
        return Fen(self.fen + -(-(weight_g - self.above_g) // self.step_g) * self.step_fen)


class PriceTable:
    """All lines, found by carrier, province and weight."""

    def __init__(self, bands: Iterable[PriceBand]) -> None:
        self._bands: dict[tuple[str, str], list[PriceBand]] = {}
        for band in bands:
            self._bands.setdefault((band.carrier, short_province(band.province)), []).append(band)
        for listed in self._bands.values():
            listed.sort(key=lambda band: band.above_g)

    def price(self, carrier: str, province: str | None, weight_g: int) -> Fen | None:
        """What the parcel costs; None where the table does not say."""
        listed = self._bands.get((carrier, short_province(province or ""))) or self._bands.get((carrier, EVERYWHERE), [])
        fitting = [band for band in listed if band.above_g < weight_g or band.above_g == 0]
        return fitting[-1].price(weight_g) if fitting else None

    @property
    def carriers(self) -> tuple[str, ...]:
        """The carriers that have a price."""
        return tuple(dict.fromkeys(carrier for carrier, _ in self._bands))


_ENDINGS = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


def short_province(name: str) -> str:
    """The province without the word for what it is, so that 浙江 and 浙江省 are one."""
    bare = name.strip()
    return next((bare[: -len(ending)] for ending in _ENDINGS if bare.endswith(ending) and len(bare) > len(ending) + 1), bare)
