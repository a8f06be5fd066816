"""`python -m citybrain.rehearsal.hotline`: writes the samples of `centre/understanding` anew."""

from __future__ import annotations

from pathlib import Path

from citybrain.rehearsal.hotline.samples import SEEDS, write

HOUSE = Path(__file__).parents[3]


def main() -> None:
    """Writes one file a bank."""
    for split in SEEDS:
        path = HOUSE / "citybrain" / "centre" / "understanding" / f"samples_{split}.csv"
        print(path.name, write(split, HOUSE / "counties" / "yongkang", path))


if __name__ == "__main__":
    main()
