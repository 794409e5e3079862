"""Price tables of carriers, from a sheet or pasted: carrier, province, first weight and price, each further step."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from zhanggui.connectors.files.cells import bare
from zhanggui.connectors.files.containers import BROKEN, broken, members
from zhanggui.connectors.files.masking import storable
from zhanggui.connectors.files.profile import folded
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.files.tables import Walk, sources_of
from zhanggui.core.carriers.prices import EVERYWHERE, PriceBand, short_province
from zhanggui.core.masking import PROVINCES
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import Say, say

NAME = "prices.toml"
MOST_LINES = 5_000
HEAVIEST_G = 1_000_000
USUAL_STEP_G = 1_000
"""A first weight, or a further one, of which a sheet does not say how much it is."""
_BETWEEN = re.compile(r"[、,，;；/|\s和及与]+")
_NEEDED = ("carrier", "price")
_KILOS = re.compile(r"kg|公斤|千克", re.IGNORECASE)
_WEIGHTS = frozenset({"above", "first", "step"})
_PROVINCES = frozenset(PROVINCES.split("|"))
_SIDE_BY_SIDE = re.compile(rf"(?:(?:{PROVINCES})省?){{2,}}")
_ONE_OF_THEM = re.compile(PROVINCES)


class PriceProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which headings are read, which words mean everywhere, and which stand for provinces."""

    grade: str
    checked: date
    source: str
    reads: dict[str, tuple[str, ...]]
    everywhere: tuple[str, ...]
    means: dict[str, tuple[str, ...]] = {}


class PriceRefused(msgspec.Struct, frozen=True):
    """A row that was not taken, and why."""

    row: int
    reason: Say


class PriceList(msgspec.Struct, frozen=True):
    """Everything a table tells."""

    bands: tuple[PriceBand, ...]
    refused: tuple[PriceRefused, ...]


def price_profile(home: Path | None = None) -> PriceProfile:
    """The profile of this house: its own prices.toml where there is one. Raises Unreadable."""
    own = None if home is None else home / NAME
    if own is None or not own.is_file():
        return _built_in()
    try:
        return msgspec.toml.decode(own.read_bytes(), type=PriceProfile)
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as problem:
        sentence = say("{file} cannot be used: {problem}. Mend it, or take it away to use the one that comes along.", file=str(own), problem=str(problem)[:200])
        raise Unreadable(sentence) from None


def read_prices(path: Path, profile: PriceProfile, code_of: Callable[[str], str | None]) -> PriceList:
    """Every row of the first table of this file that has the headings needed. Raises Unreadable where there is none."""
    for number, member in enumerate(members(path)):
        if member.problem is not None:
            raise Unreadable(member.problem)
        try:
            for source in sources_of(member, number):
                for line, cells in source.head():
                    columns = _columns(cells, profile)
                    if columns is not None:
                        rows = ((row, cells) for row, cells in Walk(source, line, cells) if isinstance(cells, list))
                        return _read(rows, cells, columns, profile, code_of)
        except BROKEN as problem:
            raise Unreadable(broken(member.name, problem)) from problem
    raise Unreadable(_no_heading(profile))


def read_pasted_prices(text: str, profile: PriceProfile, code_of: Callable[[str], str | None]) -> PriceList:
    """The same of a table pasted from a sheet, cells parted by tabs or commas. Raises Unreadable."""
    rows = [re.split(r"\t" if "\t" in line else r"[,，]", line) for line in text.splitlines() if line.strip()]
    columns = _columns(rows[0], profile) if rows else None
    if columns is None:
        raise Unreadable(_no_heading(profile))
    return _read(enumerate(rows[1:], start=2), rows[0], columns, profile, code_of)


def _no_heading(profile: PriceProfile) -> Say:
    return say(
        "No heading row with a carrier ({carrier}) and a price ({price}) was found. Add the headings and try again.",
        carrier=profile.reads["carrier"][0],
        price=profile.reads["price"][0],
    )


def _columns(cells: Sequence[str], profile: PriceProfile) -> dict[str, int] | None:
    at = {folded(bare(cell)): place for place, cell in reversed(list(enumerate(cells)))}
    found: dict[str, int] = {}
    for field, headers in profile.reads.items():
        place = next((at[folded(header)] for header in headers if folded(header) in at), None)
        if place is not None:
            found[field] = place
    return found if all(field in found for field in _NEEDED) else None


def _read(
    rows: Iterable[tuple[int, Sequence[str]]], heads: Sequence[str], columns: dict[str, int], profile: PriceProfile, code_of: Callable[[str], str | None]
) -> PriceList:
    in_kilos = {field for field, place in columns.items() if field in _WEIGHTS and _KILOS.search(heads[place])}
    bands: dict[tuple[str, str, int], PriceBand] = {}
    refused: list[PriceRefused] = []
    for row, cells in rows:
        told = {field: bare(cells[place]) if place < len(cells) else "" for field, place in columns.items()}
        if not any(told.values()):
            continue
        told |= {field: f"{told[field]}kg" for field in in_kilos if told[field].replace(".", "", 1).isdecimal()}
        try:
            for band in _bands(told, profile, code_of):
                bands[band.carrier, band.province, band.above_g] = band
        except _NotTaken as problem:
            refused.append(PriceRefused(row, problem.say))
        if len(bands) + len(refused) > MOST_LINES:
            raise Unreadable(say("The table holds more than {most} lines.", most=MOST_LINES))
    return PriceList(tuple(bands.values()), tuple(refused))


class _NotTaken(Exception):
    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text)
        self.say = sentence


def _bands(told: dict[str, str], profile: PriceProfile, code_of: Callable[[str], str | None]) -> Iterator[PriceBand]:
    carrier = code_of(told["carrier"]) if told["carrier"] else None
    if carrier is None:
        raise _NotTaken(say("{word} is no carrier of the platform.", word=storable(told["carrier"][:40])))
    price, step_price = _fen(told["price"]), _fen(told["step_price"]) if told.get("step_price") else None
    if price is None:
        raise _NotTaken(say("There is no price in this row."))
    above, first, step = _grams(told.get("above", "")), _grams(told.get("first", "")), _grams(told.get("step", ""))
    if not told.get("above") and not first:
        first = USUAL_STEP_G  # without bands of weight, a price beside one of further weight is that of a first weight
    for province in _provinces(told.get("province", ""), profile):
        if step_price is None:
            yield PriceBand(carrier, province, above, price)
        elif first:
            yield PriceBand(carrier, province, 0, price)
            yield PriceBand(carrier, province, first, price, step or USUAL_STEP_G, step_price)
        else:
            yield PriceBand(carrier, province, above, price, step or USUAL_STEP_G, step_price)


def _provinces(cell: str, profile: PriceProfile) -> list[str]:
    words = [word for word in _BETWEEN.split(cell) if word]
    return list(dict.fromkeys(province for word in words for province in _meant(word, profile))) or [EVERYWHERE]


def _meant(word: str, profile: PriceProfile) -> Sequence[str]:
    """The provinces a word stands for: one by its name, everywhere, or several written in short."""
    if word in profile.everywhere:
        return (EVERYWHERE,)
    if short_province(word) in _PROVINCES:
        return (short_province(word),)
    if word in profile.means:
        return profile.means[word]
    if _SIDE_BY_SIDE.fullmatch(word):
        return _ONE_OF_THEM.findall(word)
    if all(letter in profile.means for letter in word):
        return [province for letter in word for province in profile.means[letter]]
    raise _NotTaken(say("{word} is no province. Write the provinces' names, or 全国 for all others.", word=storable(word[:20])))


def _fen(cell: str) -> Fen | None:
    if not cell:
        return None
    try:
        fen = fen_from_yuan(cell)
    except NotMoney:
        raise _NotTaken(say("{cell} is no price.", cell=storable(cell[:40]))) from None
    if not 0 <= fen <= 10_000_000:
        raise _NotTaken(say("{cell} is no price.", cell=storable(cell[:40])))
    return fen


def _grams(cell: str) -> int:
    """Grams; a number with kg or 公斤 behind it is kilograms."""
    if not cell:
        return 0
    found = re.fullmatch(r"(\d{1,7}(?:\.\d{1,3})?)\s*(kg|公斤|千克|g|克)?", cell.casefold())
    if found is None:
        raise _NotTaken(say("{cell} is no weight in grams.", cell=storable(cell[:40])))
    grams = float(found[1]) * (1000 if found[2] in {"kg", "公斤", "千克"} else 1)
    if grams > HEAVIEST_G:
        raise _NotTaken(say("{cell} is no weight in grams.", cell=storable(cell[:40])))
    return round(grams)


@cache
def _built_in() -> PriceProfile:
    return msgspec.toml.decode(Path(__file__).with_name(NAME).read_bytes(), type=PriceProfile)
