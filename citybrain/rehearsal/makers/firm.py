"""Makers of columns about a firm: codes, names, capital in free text, representatives."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.rehearsal.entities.firms import KIND_NAMES
from citybrain.rehearsal.frequencies import TRADES
from citybrain.rehearsal.specification import Draw, Maker
from citybrain.rehearsal.strings import chosen, days_as_arrow, digits, joined, where


def _of(column: pa.Array, draw: Draw) -> pa.Array:
    return chosen(column, draw.firm)


def _names(draw: Draw) -> pa.Array:
    firms = draw.county.firms
    name = pc.coalesce(where(draw.stale, _of(firms.former_name, draw), None), _of(firms.name, draw))
    chance = draw.rng.random(draw.count)
    name = where(chance < 0.01, pc.replace_substring_regex(name, "^永康市", "永康"), name)
    return where(chance > 0.99, joined("浙江省", name), name)


def _capital(draw: Draw) -> pa.Array:
    """As registers print it: 1000万元人民币, 3(万元人民币), 50万元, 1000万人民币."""
    amount = pa.array(draw.county.firms.capital[draw.firm]).cast(pa.string())
    endings = chosen(
        ("万元人民币", "(万元人民币)", "万元", "万人民币", "万元整"),
        draw.rng.choice(5, size=draw.count, p=(0.55, 0.2, 0.15, 0.05, 0.05)),
    )
    return where(draw.firm >= 0, joined(amount, endings), None)


def _addresses(draw: Draw) -> pa.Array:
    places = draw.county.places
    head = places.province + places.county_name if draw.style.province else ""
    return joined(head, _of(draw.county.firms.address, draw))


def _staff(draw: Draw) -> pa.Array:
    return pa.array(draw.county.firms.staff[draw.firm].astype(np.int64))


def _towns(draw: Draw) -> np.ndarray:
    return np.where(draw.firm >= 0, draw.county.firms.town[draw.firm], -1)


credit_code = Maker(meaning="credit-code", required=True, make=lambda draw: _of(draw.county.firms.code, draw))
employer_code = Maker(meaning="credit-code", make=lambda draw: _of(draw.county.firms.code, draw))
"""The same where a row need not have a firm."""
organisation_code = Maker(
    meaning="organisation-code",
    make=lambda draw: pc.utf8_slice_codeunits(_of(draw.county.firms.code, draw), 8, 17),
)
"""The nine characters inside the credit code (GB 11714-1997)."""
name = Maker(meaning="organisation-name", make=_names)
former_name = Maker(meaning="former-name", make=lambda draw: _of(draw.county.firms.former_name, draw))
address = Maker(meaning="address", make=_addresses)
town = Maker(meaning="town-name", make=lambda draw: chosen(draw.county.places.town_name, _towns(draw)))
capital = Maker(meaning="registered-capital", make=_capital)
industry = Maker(
    meaning="industry",
    make=lambda draw: chosen([code for code, _, _ in TRADES], draw.county.firms.trade[draw.firm]),
)
"""GB/T 4754-2017, letter and four digits."""
founded = Maker(meaning="founding-date", make=lambda draw: days_as_arrow(draw.county.firms.founded[draw.firm]))
revoked = Maker(meaning="revocation-date", make=lambda draw: days_as_arrow(draw.county.firms.revoked[draw.firm]))
staff = Maker(meaning="count", make=_staff)
kind = Maker(meaning="firm-kind", make=lambda draw: chosen(KIND_NAMES, draw.county.firms.kind[draw.firm]))
status = Maker(meaning="firm-status", make=lambda draw: where(draw.county.firms.open[draw.firm], "存续", "注销"))
registration_number = Maker(
    meaning="serial-number", make=lambda draw: joined("330784", digits(draw.firm.astype(np.int64) + 1, 9))
)
"""The 15-digit registration number used before 2015."""
scope = Maker(
    meaning="text",
    make=lambda draw: joined(
        chosen([word for _, word, _ in TRADES], draw.county.firms.trade[draw.firm]),
        "制造、加工、销售;货物进出口、技术进出口。(依法须经批准的项目,经相关部门批准后方可开展经营活动)",
    ),
)
