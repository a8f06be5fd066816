"""Pictures made harmless: drawn anew without EXIF and position, and small for previews; never larger than a limit."""

from __future__ import annotations

import io
import warnings

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
"""Beyond, a small file may be a bomb: a 20 MB PNG can unfold to gigabytes."""

SMALL = (320, 320)
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
"""Kinds that are drawn anew, and how Pillow calls them."""


def cleaned(content: bytes, kind: str) -> bytes:
    """The picture turned upright, without EXIF, GPS or comments. Raises ValidationError for one that cannot be read."""
    picture = upright(content)
    if kind == "jpg" and picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    return saved(picture, FORMATS[kind], quality=90)


def thumbnail(content: bytes) -> bytes:
    """A WebP of at most 320 by 320 pixels. Raises ValidationError for a picture that cannot be read."""
    picture = upright(content)
    picture.thumbnail(SMALL)
    return saved(picture.convert("RGB"), "WEBP", quality=80)


def upright(content: bytes) -> Image.Image:
    """The picture as it is meant to be seen, holding nothing but its pixels."""
    try:
        with warnings.catch_warnings():
            # Pillow only warns between its own limit and twice that; ours is checked below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    text = _("The picture has %(width)d × %(height)d pixels; at most %(most)d million are taken.")
                    values = {"width": opened.width, "height": opened.height, "most": MOST_PIXELS // 1_000_000}
                    raise ValidationError(text % values)
                turned = ImageOps.exif_transpose(opened)
                plain = Image.new(turned.mode, turned.size)
                if turned.mode == "P" and (palette := turned.getpalette()):
                    plain.putpalette(palette)
                plain.paste(turned)
                return plain
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(_("The picture is damaged: take or export it again.")) from error


def saved(picture: Image.Image, kind: str, quality: int) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, quality=quality)
    return out.getvalue()
