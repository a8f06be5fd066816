"""The classes of city management and of hotline requests: rows of `data/*.csv` become event types and code lists.

Each code set carries its edition in its key, so that a revised one stands beside it (`data/README.md` says how): cases
keep the type they were opened under. Chinese names are those of the code set; the rows' limits are ours until somebody
holds them against the standard (待核).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.event import Counting, EventType, Kind, Level, Loop, Proof, TimeLimit
from citybrain.declare.words import _

DATA = Path(__file__).parent / "data"

PARTS = "gbt30428-2013-parts"
EVENTS = "gbt30428-2013-events"
REQUESTS = "city-requests-2026"

FILES = (
    (PARTS, "parts.csv", Kind.COMPONENT),
    (EVENTS, "events.csv", Kind.EVENT),
    (REQUESTS, "requests.csv", Kind.REQUEST),
)
"""Key of the code set, file of its minor classes (小类), what they are about."""

TITLES = {
    PARTS: _("Components of the city, edition 2013"),
    EVENTS: _("City management events, edition 2013"),
    REQUESTS: _("Requests to the hotline, edition 2026"),
}
CHINESE = {PARTS: "城市管理部件分类", EVENTS: "城市管理事件分类", REQUESTS: "热线诉求分类"}
STANDARDS = {PARTS: "GB/T 30428.2-2013", EVENTS: "GB/T 30428.2-2013", REQUESTS: "the installation's own (自定)"}

RECALLED = "大类名称已核，小类编号凭记忆录入，待核 (majors checked, numbers of minors entered from memory)"
OWN = "编号自定 (the numbers are ours)"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of `data/`."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def event_types() -> Iterator[EventType]:
    """One type for each row of the three files, in their order."""
    for code_set, file, kind in FILES:
        for row in rows(file):
            yield EventType(
                key=row["key"],
                title=row["english"],
                chinese=row["chinese"],
                kind=kind,
                code=row["code"],
                code_set=code_set,
                family=row["family"],
                loop=Loop(row["loop"]),
                level=Level(row["level"]),
                handle=TimeLimit(float(row["handle"]), Counting(row["counting"])),
                proof=Proof(row["proof"]),
                words=tuple(row["words"].split(";")),
                near=float(row["near"]),
                within=float(row["within"]),
                many=int(row["many"]),
                citizens=row["citizens"] == "yes",
                restricted=row["public"] == "no",
                weight=float(row["weight"]),
                cap_category=row["cap"],
            )


def code_lists() -> Iterator[CodeList]:
    """One list for each code set: the majors (大类), and under each its minors with both digits of the major before."""
    majors = rows("majors.csv")
    for code_set, file, _kind in FILES:
        above = [row for row in majors if row["code_set"] == code_set]
        yield CodeList(
            key=code_set,
            title=TITLES[code_set],
            chinese=CHINESE[code_set],
            standard=STANDARDS[code_set],
            complete=False,
            source=OWN if code_set == REQUESTS else RECALLED,
            codes=(
                *(Code(value=row["code"], title=row["chinese"], english=row["english"]) for row in above),
                *(
                    Code(value=row["code"], title=row["chinese"], english=row["english"], parent=row["code"][:2])
                    for row in rows(file)
                ),
            ),
        )


EVENT_TYPES = tuple(event_types())
"""Every type of this folder."""

CODE_LISTS = tuple(code_lists())
"""Their three code sets."""
