"""The county's name on the pages, from its data folder."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from citybrain.ui.formats import is_chinese


@dataclass(frozen=True, kw_only=True)
class County:
    """What the shell shows of the county, and exports name it by."""

    code: str
    """GB/T 2260 code of six digits."""
    name: str
    english: str
    brand: str
    brand_english: str
    outline: Path | None
    """GeoJSON of its boundary, degrees."""
    seats: Path | None
    """GeoJSON points of its towns' seats, degrees."""
    outline_source: str
    """Whom to name beside the outline."""

    @property
    def title(self) -> str:
        """The county's name in the page's language."""
        return self.name if is_chinese() else self.english

    @property
    def product(self) -> str:
        """The site's name in the page's language."""
        return self.brand if is_chinese() else self.brand_english


@functools.cache
def read(folder: Path) -> County:
    """Reads `county.toml` in `folder`; FileNotFoundError names the file when it is missing."""
    content = tomllib.loads((folder / "county.toml").read_text(encoding="utf-8"))
    return County(
        code=content["code"],
        name=content["name"],
        english=content["english"],
        brand=content.get("brand", f"{content['name']}城市大脑"),
        brand_english=content.get("brand_english", f"{content['english']} City Brain"),
        outline=folder / content["outline"] if "outline" in content else None,
        seats=folder / content["town_seats"] if "town_seats" in content else None,
        outline_source=content.get("outline_source", ""),
    )


def county() -> County:
    """The county this site serves."""
    return read(Path(settings.COUNTY))


def is_rehearsal() -> bool:
    """Whether this installation shows the rehearsal county (演练): what it holds is made up, and every page says so."""
    return (Path(settings.DELIVERIES) / "county.json").is_file()
