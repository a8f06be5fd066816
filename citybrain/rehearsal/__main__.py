"""`python -m citybrain.rehearsal --people N --seed S --out DIR`: a synthetic county without the rest of the house."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.conf import settings

from citybrain.rehearsal.build import build_county


def main(arguments: list[str]) -> int:
    """Build the county and print what was built; 2 when an argument is wrong."""
    parser = argparse.ArgumentParser(prog="python -m citybrain.rehearsal", description=__doc__)
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--county", type=Path, default=Path("counties/yongkang"))
    options = parser.parse_args(arguments)
    if not settings.configured:
        # This door speaks English and loads no application.
        settings.configure(USE_I18N=False)
    try:
        report = build_county(people=options.people, seed=options.seed, out=options.out, county=options.county)
    except (ValueError, FileNotFoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(
        f"{report.people} people, {report.firms} firms, {len(report.rows)} tables of {report.departments} departments, "
        f"{sum(report.rows.values())} rows, {sum(report.defects.values())} truth rows, {report.bytes / 1e6:.0f} MB, "
        f"{report.seconds:.1f} CPU seconds\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
