"""How a value is shown to someone without a grant (脱敏), after DB33/T 2351-2021 and the county's practice."""

from __future__ import annotations

import re

from citybrain.declare.words import Masking

HIDDEN = "****"
"""What stands for a value, or a part of one, that is not shown; its length tells nothing."""

_YEAR = re.compile(r"\s*((?:1[89]|20)\d{2})(?:\d{4}(?!\d)|[-/.年])")
_VILLAGE = re.compile(r"[^\d\s]{0,40}?(?:街道|[镇乡])[^\d\s]{1,20}?(?:村|社区|居委会)")
_TOWN = re.compile(r"[^\d\s]{0,40}?(?:街道|[镇乡])")
_COUNTY = re.compile(r"[^\d\s]{0,30}?[省市县区]")
_HOUSE = re.compile(r"[号弄室幢栋]|单元")
"""Words of a house: a match that runs over one has passed the village and is not taken."""


def mask(value: str | None, masking: Masking) -> str:
    """`value` with everything hidden that `masking` does not allow; the empty text for None.

    A value too short, or not of the form its kind expects, is hidden whole: a wrong value (a name in the phone column)
    must not leak because it is wrong.
    """
    if not value:
        return ""
    return _MASKS[masking](value)


def _none(value: str) -> str:
    return value


def _name(value: str) -> str:
    """王小明 -> 王**: the same two stars for every length. One character alone is a whole name."""
    name = value.strip()
    return f"{name[0]}**" if len(name) > 1 else HIDDEN


def _identifier(value: str) -> str:
    """330784199001010013 -> 3****************3. Under six characters two would be too much."""
    text = value.strip()
    return f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}" if len(text) >= 6 else HIDDEN


def _phone(value: str) -> str:
    """13812348000 -> 138****8000; numbers of less than eleven digits keep their last two, from seven digits on."""
    digits = "".join(letter for letter in value if letter.isdecimal())
    if not 7 <= len(digits) <= 15 or any(letter.isalpha() for letter in value):
        return HIDDEN
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"{HIDDEN}{digits[-2:]}"


def _address(value: str) -> str:
    """浙江省永康市古山镇胡库下村12号 -> 浙江省永康市古山镇胡库下村****: village, else town, else county."""
    text = value.strip()
    for unit in (_VILLAGE, _TOWN, _COUNTY):
        found = unit.match(text)
        if found and not _HOUSE.search(found[0]):
            return found[0] if found.end() == len(text) else f"{found[0]}{HIDDEN}"
    return HIDDEN


def _plate(value: str) -> str:
    """浙G12345 -> 浙G***45, 浙GD12345 -> 浙G***45."""
    text = "".join(letter for letter in value if letter.isalnum())
    return f"{text[:2]}***{text[-2:]}" if 7 <= len(text) <= 8 else HIDDEN


def _tail(value: str) -> str:
    """6222020000001234 -> ****1234; twelve characters at least, so that four are no third of it."""
    text = value.strip()
    return f"{HIDDEN}{text[-4:]}" if len(text) >= 12 else HIDDEN


def _date(value: str) -> str:
    """1990-01-02, 19900102, 1990年1月2日 -> 1990."""
    found = _YEAR.match(value)
    return found[1] if found else HIDDEN


def _all(_value: str) -> str:
    return HIDDEN


_MASKS = {
    Masking.NONE: _none,
    Masking.NAME: _name,
    Masking.IDENTIFIER: _identifier,
    Masking.PHONE: _phone,
    Masking.ADDRESS: _address,
    Masking.PLATE: _plate,
    Masking.TAIL: _tail,
    Masking.DATE: _date,
    Masking.ALL: _all,
}
