"""Links that lead to a place by the map on the phone: the system's own, and those the county allows (导航)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from citybrain.kernel.identity.datum import to_gcj02
from citybrain.ui.panels.panel import Link


def ways_to(longitude: float, latitude: float, name: str) -> Iterator[Link]:
    """Links to a place given in CGCS2000, degrees; the maps of Amap and Tencent are told it in GCJ-02."""
    called = quote(name[:40])
    east, north = to_gcj02((longitude, latitude))
    known = {
        "geo": (
            _("Map of this phone"),
            f"geo:{latitude:.6f},{longitude:.6f}?q={latitude:.6f},{longitude:.6f}({called})",
        ),
        "amap": (
            _("Amap"),
            f"https://uri.amap.com/navigation?to={east:.6f},{north:.6f},{called}&mode=car&coordinate=gaode&callnative=1",
        ),
        "tencent": (
            _("Tencent Maps"),
            f"https://apis.map.qq.com/uri/v1/routeplan?type=drive&to={called}&tocoord={north:.6f},{east:.6f}",
        ),
    }
    for key in settings.MAP_NAVIGATION:
        if key in known:
            yield Link(title=known[key][0], url=known[key][1], icon="route")
