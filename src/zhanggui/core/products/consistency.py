"""What a product page says that contradicts itself: amounts, materials and units told otherwise in title, variants, detail text and weights.

Only what two places tell of the same thing is compared; a place that tells nothing contradicts nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec

from zhanggui.core.products.amounts import Amount, Amounts, amounts_in
from zhanggui.core.say import Say, say


class Place(StrEnum):
    """Where a page tells something."""

    TITLE = "title"
    SPEC = "spec"
    DETAIL = "detail"
    WEIGHT = "told_weight"
    """The weight the shop entered at the platform, or its own."""


class Variant(msgspec.Struct, frozen=True):
    """One variant as the page offers it."""

    sku: str
    spec: str
    told_weight_g: int | None = None
    own_weight_g: int | None = None
    picture: str | None = None


class PageTold(msgspec.Struct, frozen=True):
    """Everything known of a product page."""

    title: str
    variants: tuple[Variant, ...] = ()
    detail: str = ""


class Flaw(StrEnum):
    """What is wrong."""

    AMOUNT_DIFFERS = "amount_differs"
    UNIT_DIFFERS = "unit_differs"
    LIGHTER_THAN_SAID = "lighter_than_said"
    WEIGHTS_DIFFER = "weights_differ"
    MATERIAL_DIFFERS = "material_differs"
    NET_OR_GROSS = "net_or_gross"
    SAME_PICTURE = "same_picture"


class Contradiction(msgspec.Struct, frozen=True):
    """One thing told in two ways: where, in which words, and what follows from it."""

    flaw: Flaw
    first: tuple[Place, str]
    second: tuple[Place, str]
    because: Say
    is_sure: bool = True
    """Whether it is a contradiction; else it is worth a look."""


_LIGHTER = 0.97
"""A parcel's own weight below this share of what the goods are said to weigh cannot hold them."""
_WEIGHTS_APART = 1.25
_MATERIALS: Mapping[str, tuple[str, ...]] = {
    "cotton": ("纯棉", "全棉", "100%棉", "棉100%", "100棉"),
    "wool": ("纯羊毛", "全羊毛", "100%羊毛"),
    "silk": ("真丝", "桑蚕丝100%", "100%桑蚕丝"),
    "leather": ("真皮", "头层牛皮", "牛皮"),
    "linen": ("纯亚麻", "100%亚麻"),
    "wood": ("实木", "纯实木"),
    "honey": ("纯蜂蜜",),
}
_NOT_IT: Mapping[str, tuple[str, ...]] = {
    "cotton": ("涤纶", "聚酯纤维", "化纤", "混纺", "涤棉", "腈纶"),
    "wool": ("腈纶", "涤纶", "聚酯纤维", "仿羊毛", "混纺"),
    "silk": ("仿真丝", "涤纶", "聚酯纤维", "冰丝", "雪纺"),
    "leather": ("pu", "人造革", "超纤", "合成革", "仿皮", "二层皮"),
    "linen": ("涤纶", "聚酯纤维", "仿麻"),
    "wood": ("密度板", "颗粒板", "人造板", "贴皮", "贴面"),
    "honey": ("果葡糖浆", "白砂糖", "麦芽糖浆"),
}
_NET = ("净重", "净含量", "毛重", "带箱", "带皮", "含箱", "连箱", "含包装")


def contradictions(page: PageTold) -> tuple[Contradiction, ...]:
    """What the page tells in two ways, what is sure first."""
    found = [*_amounts_differ(page), *_weights(page), *_materials(page), *_net_or_gross(page), *_pictures(page)]
    return tuple(sorted(found, key=lambda each: not each.is_sure))


def _amounts_differ(page: PageTold) -> Iterator[Contradiction]:
    title, detail = amounts_in(page.title), amounts_in(page.detail)
    specs = [amount for variant in page.variants for amount in amounts_in(variant.spec)]
    told = [(Place.TITLE, title), (Place.SPEC, tuple(specs)), (Place.DETAIL, detail)]
    for number, (place, ours) in enumerate(told):
        for other, theirs in told[number + 1 :]:
            for kind, unit in sorted({_class_of(amount) for amount in ours} & {_class_of(amount) for amount in theirs}):
                mine = [amount for amount in ours if _class_of(amount) == (kind, unit)]
                others = [amount for amount in theirs if _class_of(amount) == (kind, unit)]
                if not any(one.agrees_with(two) for one in mine for two in others):
                    yield _differs((place, mine), (other, others))


def _class_of(amount: Amount) -> tuple[str, str]:
    """Amounts of one kind can be held against each other; pieces only where they are counted by the same word."""
    return (amount.kind.value, amount.unit if amount.kind is Amounts.PIECES else "")


def _differs(first: tuple[Place, Sequence[Amount]], second: tuple[Place, Sequence[Amount]]) -> Contradiction:
    (place, mine), (other, theirs) = first, second
    said, otherwise = _said(mine), _said(theirs)
    if any(one.number == two.number and one.unit != two.unit for one in mine for two in theirs):
        because = say("{first} in one place and {second} in the other: the same number in another unit.", first=said, second=otherwise)
        return Contradiction(Flaw.UNIT_DIFFERS, (place, said), (other, otherwise), because)
    because = say("{first} in one place and {second} in the other.", first=said, second=otherwise)
    return Contradiction(Flaw.AMOUNT_DIFFERS, (place, said), (other, otherwise), because)


def _said(amounts: Sequence[Amount]) -> str:
    return " / ".join(dict.fromkeys(amount.said for amount in amounts))


def _weights(page: PageTold) -> Iterator[Contradiction]:
    """What a variant is said to weigh, against what was entered and what was put on the scales."""
    of_title = [amount for amount in amounts_in(page.title) if amount.kind is Amounts.WEIGHT]
    for variant in page.variants:
        said = [amount for amount in amounts_in(variant.spec) if amount.kind is Amounts.WEIGHT] or (of_title if len(page.variants) == 1 else [])
        for weight in sorted({variant.told_weight_g, variant.own_weight_g} - {None, 0}, key=lambda each: each or 0):
            least = min((amount.low for amount in said), default=0.0)
            if weight is not None and weight < least * _LIGHTER:
                because = say("It is said to be {said}, and weighs {grams} g in all: less than that.", said=_said(said), grams=weight)
                yield Contradiction(Flaw.LIGHTER_THAN_SAID, (Place.SPEC, _said(said)), (Place.WEIGHT, f"{weight} g"), because)
        told, own = variant.told_weight_g, variant.own_weight_g
        if told and own and max(told, own) > _WEIGHTS_APART * min(told, own):
            because = say("The page was given {told} g for {spec}, the shop's own weight is {own} g.", told=told, spec=variant.spec or variant.sku, own=own)
            yield Contradiction(Flaw.WEIGHTS_DIFFER, (Place.WEIGHT, f"{told} g"), (Place.WEIGHT, f"{own} g"), because)


def _materials(page: PageTold) -> Iterator[Contradiction]:
    specs = " ".join(variant.spec for variant in page.variants)
    told = ((Place.TITLE, page.title.lower()), (Place.SPEC, specs.lower()), (Place.DETAIL, page.detail.lower()))
    for material, names in _MATERIALS.items():
        for place, text in told:
            name = next((name for name in names if name in text), None)
            if name is None:
                continue
            for other, otherwise in told:
                denied = next((word for word in _NOT_IT[material] if word in otherwise.replace(name, "")), None)
                if denied is not None:
                    because = say("{first} is promised, and {second} is told of too.", first=name, second=denied)
                    yield Contradiction(Flaw.MATERIAL_DIFFERS, (place, name), (other, denied), because)
                    break
            break


def _net_or_gross(page: PageTold) -> Iterator[Contradiction]:
    """A weight in the title without a word of whether box and paper are in it."""
    weights = [amount for amount in amounts_in(page.title) if amount.kind is Amounts.WEIGHT and amount.low >= 500]
    everything = page.title + page.detail + "".join(variant.spec for variant in page.variants)
    if weights and not any(word in everything for word in _NET):
        because = say("{said} without a word of whether the box is weighed with it: say 净重 or 毛重.", said=_said(weights))
        yield Contradiction(Flaw.NET_OR_GROSS, (Place.TITLE, _said(weights)), (Place.DETAIL, "—"), because, is_sure=False)


def _pictures(page: PageTold) -> Iterator[Contradiction]:
    """One picture that stands for variants that are told apart by words."""
    shown: dict[str, list[Variant]] = {}
    for variant in page.variants:
        if variant.picture:
            shown.setdefault(variant.picture, []).append(variant)
    for variants in shown.values():
        specs = list(dict.fromkeys(variant.spec for variant in variants if variant.spec))
        if len(specs) > 1:
            because = say("{first} and {second} show the same picture: buyers cannot tell them apart by it.", first=specs[0], second=specs[1])
            yield Contradiction(Flaw.SAME_PICTURE, (Place.SPEC, specs[0]), (Place.SPEC, specs[1]), because, is_sure=False)
