"""What governing finds of a rehearsal county's seeded defects, and what it finds that is none.

`size` is the number of people. A county is built, gathered and governed by the command; then every row of its truth is
looked up in the problem tables, the quarantine and the books of gathering, and every finding in the truth. Nobody
decides anything in between: columns count as they were matched by themselves.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from benchmarks.installation import Installation, installation

SEED = 7


def run(size: int = 20_000) -> dict[str, Any]:
    """Build, gather, govern and compare; recall and precision by kind of defect."""
    with installation() as place:
        place.citybrain("county", "build", "--people", str(size), "--seed", str(SEED))
        place.citybrain("gather")
        place.citybrain("govern")
        return {"size": size, **compare(place)}


def compare(place: Installation) -> dict[str, Any]:
    """The result of an installation whose county is gathered and governed; lets the later deliveries arrive."""
    place.open()
    from benchmarks.truth_columns import judge_columns
    from benchmarks.truth_deliveries import judge_deliveries
    from benchmarks.truth_findings import judge_findings

    main_job = place.cost_of("gather", "govern").rounded()
    truth = place.home / "county" / "truth"
    columns = judge_columns(truth)
    findings = judge_findings(truth)
    deliveries = judge_deliveries(truth, place.citybrain)
    kinds = {kind: asdict(tally) for kind, tally in sorted({**findings.kinds, **deliveries.kinds}.items())}
    known = [tally for tally in (*findings.kinds.values(), *deliveries.kinds.values()) if tally.is_error]
    seeded, found = (sum(getattr(tally, name) for tally in known) for name in ("knowable", "found"))
    return {
        "ours": main_job,
        "limit": None,
        "peers": {},
        "ratios": {
            "recall_knowable": round(found / seeded, 5),
            "false_alarm_rate": round(findings.false_alarms_on_oddities / max(1, findings.oddities), 5),
            "precision": round(findings.explained_errors / max(1, findings.errors), 5),
            "columns_right": round(columns.right / max(1, columns.definite), 4),
        },
        "kinds": kinds,
        "findings": findings.summary(),
        "deliveries": deliveries.summary(),
        "columns": columns.summary(),
    }
