"""The same photograph used again, however it was cut, shrunk and saved: how often it is found, and how often two are taken for one."""

import os
import random
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from proofs.support import Proof
from tests.makers.pictures import CHANGES, Change, jpeg, scene
from zhanggui.estimates.photos import ALIKE, Look, PhotoState, candidates, likeness, look_at

PLACE = "ZHANGGUI_PHOTOS"
USUAL = "/usr/share/tuxpaint/stamps"
"""Where Debian's package tuxpaint-stamps-default (GPL-2) puts its pictures; another folder of pictures can be named by the variable above."""
LEAST_SIDE, LEAST_COLOURS = 130, 2500
"""What has fewer colours at 160 by 160 is a drawing."""
WANTED, RENDERED = 240, 12
LEAST_FOUND, MOST_FALSE = 0.97, 0.001
HARD = {"turned by 3 degrees": 0.85, "a black bar with text over 15 %": 0.0}
"""Of these less is asked for: nothing is turned while pictures are laid over each other, and what is covered is gone."""

Named = tuple[str, Image.Image]


def prove(seed: int, *, quick: bool) -> Proof:
    """Looks at every picture, changes each in every way, and asks for the original among all."""
    draw = random.Random(seed)
    photographs = [] if quick else _photographs(Path(os.environ.get(PLACE, USUAL)), draw)
    pictures = photographs or [(f"rendered {number}", scene(number)) for number in range(RENDERED if quick else WANTED)]
    looks = [look_at(jpeg(picture)) for _, picture in pictures]
    failures = [] if all(look.state is PhotoState.READ for look in looks) else ["a picture could not be read"]
    counts: dict[str, int | float | str] = {"pictures": len(pictures), "of them photographs": len(photographs)}
    false = _false_pairs(pictures, looks)
    pairs = len(pictures) * (len(pictures) - 1) // 2
    counts["pairs of different originals"] = pairs
    counts["of them taken for the same"] = f"{len(false)} ({len(false) / pairs:.4%})"
    if len(false) / pairs > MOST_FALSE:
        failures.append(f"{len(false)} of {pairs} pairs of different pictures are taken for the same")
    wrong = asked = 0
    for name, change in CHANGES.items():
        found, others = _found_again(pictures, looks, change, draw, mirrored=name == "mirrored")
        wrong, asked = wrong + others, asked + len(pictures) * (len(pictures) - 1)
        counts[f"found: {name}"] = f"{found / len(pictures):.1%}"
        if len(pictures) - found > max(1, int(len(pictures) * (1 - HARD.get(name, LEAST_FOUND)))):
            failures.append(f"{name}: {found} of {len(pictures)} are found")
    counts["changed pictures against other originals, taken for the same"] = f"{wrong} of {asked} ({wrong / asked:.4%})"
    return Proof(
        "Of every photograph that was used again, changed in one of twelve ways, the original is found; and hardly ever are two photographs taken for one.",
        counts,
        failures,
        _notes(false, photographs),
    )


def _notes(false: Sequence[str], photographs: Sequence[Named]) -> list[str]:
    told = [f"Likeness from {ALIKE} of 1000 on counts as the same."]
    if photographs:
        told.append(
            "The photographs are those of Debian's package tuxpaint-stamps-default (GPL-2): things, food, animals and people, most cut out and on white,"
        )
        told.append("as goods are photographed; drawings (few colours) were left out.")
    else:
        told.append(f"No photographs lie in {USUAL} (Debian's package tuxpaint-stamps-default) or where {PLACE} names; rendered pictures stood in.")
    if false:
        told += ["", "Different originals taken for the same (their files):", *(f"- {pair}" for pair in false)]
    return told


def _photographs(folder: Path, draw: random.Random) -> list[Named]:
    """The photographs of the folder, on white where one can see through them."""
    found: list[Named] = []
    names: set[str] = set()
    for path in sorted([*folder.rglob("*.png"), *folder.rglob("*.jpg"), *folder.rglob("*.webp")]):
        if path.name in names:  # the same photograph lies in two folders
            continue
        names.add(path.name)
        with Image.open(path) as opened:
            clear = opened.convert("RGBA")
        flat = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
        if min(flat.size) < LEAST_SIDE or flat.resize((160, 160)).getcolors(LEAST_COLOURS) is not None:
            continue
        found.append((str(path.relative_to(folder)), flat))
    draw.shuffle(found)
    return found[:WANTED]


def _false_pairs(pictures: Sequence[Named], looks: Sequence[Look]) -> list[str]:
    prints = [look.prints for look in looks]
    near = ((one, other) for one, look in enumerate(looks) for other in candidates(look, prints) if other > one)
    return [f"{pictures[one][0]} and {pictures[other][0]}" for one, other in near if likeness(looks[one], looks[other]) >= ALIKE]


def _found_again(pictures: Sequence[Named], looks: Sequence[Look], change: Change, draw: random.Random, *, mirrored: bool) -> tuple[int, int]:
    """How many changed pictures find their original, and how often they find another."""
    prints = [look.prints for look in looks]
    found = wrong = 0
    for own, (_, picture) in enumerate(pictures):
        look = look_at(jpeg(change(picture, draw), 80), mirrored=mirrored)
        same = [other for other in candidates(look, prints) if likeness(look, looks[other]) >= ALIKE]
        found += own in same
        wrong += len(set(same) - {own})
    return found, wrong
