"""Time, place, number and person burnt into a copy of a photo (水印): what it shows is told from the picture itself."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont, ImageOps

from citybrain.kernel.records.pictures import MOST_PIXELS, upright

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "C:/Windows/Fonts")
FACES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "PingFang.ttc",
    "msyh.ttc",
    "simhei.ttf",
    "simsun.ttc",
)
"""Fonts with Chinese signs, the plainest first."""

SIMPLIFIED = {"NotoSansCJK-Regular.ttc": 2}
"""Place of the simplified Chinese face in a collection."""

LEAST = 240
"""Pixels of the shorter side below which a copy is drawn larger."""

SMALLEST = 14
"""Height of the letters in pixels at least."""


@cache
def chinese_font() -> str:
    """Path of a font with Chinese signs: the setting's, else one found on the system; empty for none."""
    chosen = str(getattr(settings, "WATERMARK_FONT", "") or "")
    if chosen and Path(chosen).is_file():
        return chosen
    for face in FACES:
        for folder in FOLDERS:
            if found := next(iter(Path(folder).rglob(face)), None) if Path(folder).is_dir() else None:
                return str(found)
    return ""


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font in a size; Pillow's own, without Chinese signs, where the system has none."""
    path = chinese_font()
    if not path:
        return ImageFont.load_default(size)
    return ImageFont.truetype(path, size, index=SIMPLIFIED.get(Path(path).name, 0))


def marked(content: bytes, lines: Sequence[str]) -> bytes:
    """A JPEG copy of a picture with the lines at its foot. Raises ValidationError for what is no picture."""
    picture = upright(content).convert("RGB")
    if min(picture.size) < LEAST:
        # Of a tiny picture the mark would leave nothing to be seen; a thread of pixels would fill the memory.
        larger = LEAST / min(picture.size)
        if picture.width * picture.height * larger * larger > MOST_PIXELS:
            raise ValidationError(_("The picture is damaged: take or export it again."))
        picture = ImageOps.scale(picture, larger)
    size = max(SMALLEST, min(picture.size) // 26)
    face = font(size)
    words = [line if chinese_font() else line.encode("ascii", "ignore").decode() for line in lines]
    words = [fitted(line, face, picture.width - 2 * size) for line in words if line.strip()]
    step = int(size * 1.45)
    height = step * len(words) + size
    band = Image.new("L", (1, height))
    band.putdata([min(200, 110 + 140 * row // height) for row in range(height)])
    shade = Image.new("RGB", (picture.width, height))
    picture.paste(shade, (0, picture.height - height), band.resize((picture.width, height)))
    pen = ImageDraw.Draw(picture)
    for place, line in enumerate(words):
        pen.text((size, picture.height - height + size // 2 + place * step), line, fill="white", font=face)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def fitted(line: str, face: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """The line as far as it fits."""
    if face.getlength(line) <= width:
        return line
    while line and face.getlength(f"{line}…" if chinese_font() else line) > width:
        line = line[:-1]
    return f"{line}…" if chinese_font() else line
