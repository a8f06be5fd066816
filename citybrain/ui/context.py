"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from citybrain.ui.county import county
from citybrain.ui.menu import MENU


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell: the county and the menu, worked out only where a template asks for them."""
    return {"county": county(), "menu": SimpleLazyObject(lambda: MENU.lines(request))}
