"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from citybrain.ui.bell import BELL
from citybrain.ui.county import county, is_rehearsal
from citybrain.ui.menu import MENU
from citybrain.ui.person import PERSON


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell: county, menu, bell and person, worked out only where a template asks for them."""
    return {
        "county": county(),
        "is_rehearsal": is_rehearsal(),
        "menu": SimpleLazyObject(lambda: MENU.lines(request)),
        "person": SimpleLazyObject(lambda: PERSON.of(request)),
        "bell": SimpleLazyObject(lambda: BELL.of(request)),
    }
