"""Drawn pictures of what people tell of, before and after: simple shapes, each marked as made up."""

from __future__ import annotations

import io
import random
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 480)
SKY, GROUND, ROAD, LINE = "#c9dcec", "#8fa58a", "#70757c", "#e8e4d4"
VARIANTS = 3
"""Pictures of one scene, told apart by colour and place."""

SCENES = {
    "cover": "hole",
    "road-surface": "hole",
    "street-light": "lamp",
    "traffic-light": "lamp",
    "pole": "lamp",
    "litter": "heap",
    "waste-bin": "heap",
    "obstruction": "heap",
    "construction": "heap",
    "river": "water",
    "drainage": "water",
    "water-pipe": "water",
    "waterside": "water",
    "tree": "tree",
    "greenery": "tree",
    "parking": "car",
    "abandoned-vehicle": "car",
    "bicycle-parking": "car",
    "open-burning": "smoke",
    "fumes": "smoke",
    "air": "smoke",
}
"""Family of event types -> scene; any other is a sign on a wall."""


def picture(family: str, *, is_after: bool, draw: int, of: str = "") -> SimpleUploadedFile:
    """A picture of a matter of a family, before or after it was mended.

    `of` gives it a light of its own: one picture proves one repair.
    """
    scene = SCENES.get(family, "sign")
    name = f"{'after' if is_after else 'before'}-{scene}.jpg"
    return SimpleUploadedFile(name, _saved(scene, is_after, draw % VARIANTS, of), content_type="image/jpeg")


def _saved(scene: str, is_after: bool, variant: int, of: str) -> bytes:
    image = _drawn(scene, is_after, variant)
    if of:
        light = Image.frombytes("L", (16, 12), random.Random(of).randbytes(16 * 12)).resize(
            SIZE, Image.Resampling.NEAREST
        )
        image = Image.blend(image, light.convert("RGB"), 0.2)
    held = io.BytesIO()
    image.save(held, "JPEG", quality=72)
    return held.getvalue()


@cache
def _drawn(scene: str, is_after: bool, variant: int) -> Image.Image:
    rng = random.Random(f"{scene}{variant}")
    image = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 250, 640, 480), fill=GROUND)
    pen.polygon(((120, 480), (270, 250), (370, 250), (560, 480)), fill=ROAD)
    for part in range(5):
        pen.line((325 + part * 4, 270 + part * 42, 328 + part * 5, 290 + part * 45), fill=LINE, width=4 + part)
    for house in range(4):
        left, top = house * 165 + rng.randrange(-20, 20), rng.randrange(120, 180)
        pen.rectangle((left, top, left + 110, 250), fill=rng.choice(("#d8c7b0", "#c2b8ad", "#b9c3c9", "#dcd3c0")))
    _thing(pen, scene, is_after, rng)
    font = ImageFont.load_default(30)
    pen.rectangle((0, 436, 640, 480), fill="#1f2a37")
    pen.text((14, 442), f"DEMO · {'AFTER' if is_after else 'BEFORE'} · not a photograph", fill="white", font=font)
    return image


def _thing(pen: ImageDraw.ImageDraw, scene: str, is_after: bool, rng: random.Random) -> None:
    x = 300 + rng.randrange(-60, 60)
    match scene:
        case "hole":
            pen.ellipse(
                (x - 70, 340, x + 70, 400), fill="#5d6268" if is_after else "#23262b", outline="#c9c9c9", width=4
            )
        case "lamp":
            pen.line((x, 420, x, 90, x + 70, 80), fill="#454b53", width=9)
            pen.ellipse((x + 55, 70, x + 105, 100), fill="#ffe9a3" if is_after else "#3b4047")
        case "heap" if not is_after:
            for _piece in range(46):
                left, top = x + rng.randrange(-110, 110), 390 - rng.randrange(0, 70)
                colour = rng.choice(("#ffffff", "#2f6f3e", "#7a4b2a", "#1d4e89", "#c0392b", "#d9b44a"))
                pen.rectangle((left, top, left + rng.randrange(12, 34), top + rng.randrange(8, 26)), fill=colour)
        case "water":
            pen.ellipse((x - 170, 330, x + 170, 420), fill="#7aa7c7" if is_after else "#4d5a3d")
        case "tree":
            pen.line((x, 420, x + (0 if is_after else 90), 240), fill="#5b4330", width=16)
            pen.ellipse((x - 70 + (0 if is_after else 90), 130, x + 70 + (0 if is_after else 90), 260), fill="#3f7a3a")
        case "car" if not is_after:
            pen.rounded_rectangle((x - 110, 330, x + 110, 395), 16, fill=rng.choice(("#a33", "#357", "#999")))
            pen.rounded_rectangle((x - 60, 295, x + 70, 340), 14, fill="#cfd8dc")
            for wheel in (-70, 70):
                pen.ellipse((x + wheel - 20, 375, x + wheel + 20, 415), fill="#222")
        case "smoke" if not is_after:
            for puff in range(14):
                shift = rng.randrange(-50, 50)
                pen.ellipse((x + shift - 40, 300 - puff * 18, x + shift + 40, 350 - puff * 18), fill="#9aa0a6")
        case "sign":
            pen.rectangle(
                (x - 90, 160, x + 90, 240), fill="#e9e2d0" if is_after else "#8b2f2f", outline="#444", width=4
            )
