"""Runs one benchmark by name: `python -m benchmarks governance --size 1000000`; the last line printed is its JSON."""

import argparse
import importlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent
NOT_BENCHMARKS = {"__init__", "__main__"}


def names() -> list[str]:
    """Every benchmark: a module here that offers `run(size)`."""
    modules = (path for path in sorted(FOLDER.glob("*.py")) if path.stem not in NOT_BENCHMARKS)
    return [path.stem.replace("_", "-") for path in modules if "\ndef run(" in path.read_text()]


def machine() -> str:
    """The machine in one line: processor, cores, memory, system, Python."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        processor = models[0] if models else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB, {system}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument("--size", type=int, default=None, help="what it means is said by the benchmark")
    options = parser.parse_args()
    module = importlib.import_module(f"benchmarks.{options.name.replace('-', '_')}")
    result = module.run(options.size) if options.size else module.run()
    result = {"name": options.name, **result}
    result.setdefault("machine", machine())
    result.setdefault("date", datetime.now(UTC).date().isoformat())
    print(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
