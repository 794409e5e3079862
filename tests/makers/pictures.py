"""Rendered pictures that no two of which show the same, and what people do to a picture before they use it again."""

import io
import random
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

Change = Callable[[Image.Image, random.Random], Image.Image]


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A table with things on it, lit from one side: rendered large and blurred a little, as a telephone sees it."""
    draw = random.Random(f"scene {seed}")
    width, height = size
    ground = _gradient(draw, size)
    paint = ImageDraw.Draw(ground)
    for _ in range(draw.randint(4, 9)):
        x, y = draw.randint(0, width), draw.randint(0, height)
        wide, high = draw.randint(width // 12, width // 2), draw.randint(height // 12, height // 2)
        box = (x - wide // 2, y - high // 2, x + wide // 2, y + high // 2)
        colour = _colour(draw)
        match draw.randrange(3):
            case 0:
                paint.ellipse(box, fill=colour, outline=_colour(draw), width=draw.randint(1, 9))
            case 1:
                paint.rounded_rectangle(box, radius=draw.randint(0, min(wide, high) // 3), fill=colour)
            case _:
                corners = [(draw.randint(box[0], box[2]), draw.randint(box[1], box[3])) for _ in range(draw.randint(3, 6))]
                paint.polygon(corners, fill=colour)
    grain = Image.frombytes("L", size, draw.randbytes(width * height)).convert("RGB")
    return Image.blend(ground, grain, 0.06).filter(ImageFilter.GaussianBlur(draw.uniform(0.4, 1.4)))


def jpeg(picture: Image.Image, quality: int = 88, **more: object) -> bytes:
    """The picture as a telephone saves it."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality, **more)
    return out.getvalue()


def cut(picture: Image.Image, draw: random.Random, most: float) -> Image.Image:
    """The picture with between half of this share and all of it cut from each side's length, anywhere."""
    width, height = picture.size
    across, down = draw.uniform(most / 2, most), draw.uniform(most / 2, most)
    left, top = draw.random() * across * width, draw.random() * down * height
    return picture.crop((int(left), int(top), int(left + width * (1 - across)), int(top + height * (1 - down))))


def shrunk(picture: Image.Image, by: float) -> Image.Image:
    """The picture at this share of its size."""
    return picture.resize((max(int(picture.width * by), 40), max(int(picture.height * by), 40)))


CHANGES: Mapping[str, Change] = {
    "saved anew at quality 30": lambda picture, _: Image.open(io.BytesIO(jpeg(picture, 30))),
    "a third of the size": lambda picture, _: shrunk(picture, 1 / 3),
    "up to 10 % cut": lambda picture, draw: cut(picture, draw, 0.1),
    "up to 20 % cut": lambda picture, draw: cut(picture, draw, 0.2),
    "up to 30 % cut": lambda picture, draw: cut(picture, draw, 0.3),
    "one side cut by 20 %": lambda picture, _: picture.crop((0, 0, int(picture.width * 0.8), picture.height)),
    "brighter or darker": lambda picture, draw: ImageEnhance.Brightness(picture).enhance(draw.choice([0.7, 1.25])),
    "a border of 7 % a side": lambda picture, draw: ImageOps.expand(picture, int(picture.width * 0.07), draw.choice(["black", "white"])),
    "turned by 3 degrees": lambda picture, draw: picture.rotate(draw.choice([-3, 3]), fillcolor="white"),
    "mirrored": lambda picture, _: ImageOps.mirror(picture),
    "15 % cut, half the size, quality 45": lambda picture, draw: Image.open(io.BytesIO(jpeg(shrunk(cut(picture, draw, 0.15), 0.5), 45))),
    "a black bar with text over 15 %": lambda picture, _: _barred(picture),
}
"""What is done to a picture before it is used again."""


def _barred(picture: Image.Image) -> Image.Image:
    made = picture.copy()
    paint = ImageDraw.Draw(made)
    paint.rectangle((0, int(made.height * 0.85), made.width, made.height), fill="black")
    paint.text((10, int(made.height * 0.88)), "2026-11-22 10:15", fill="white")
    return made


def _gradient(draw: random.Random, size: tuple[int, int]) -> Image.Image:
    small = Image.new("RGB", (3, 3))
    small.putdata([_colour(draw) for _ in range(9)])
    return small.resize(size, Image.Resampling.BICUBIC)


def _colour(draw: random.Random) -> tuple[int, int, int]:
    return draw.randrange(256), draw.randrange(256), draw.randrange(256)
