"""What does the law cost the model? Rows, columns, non-zeros and CPU seconds with each law against none.

    python bench/law_size.py examples/phone-export-india --gap 0.01 --repeat 3

The same network is modelled and solved with the law off, with the table of duties alone, and with the law book. Each
figure is also given as a ratio to the law off in the same run. CPU seconds are the least of the repeats.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

from boxbuild import files
from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.solve.solve import solve

LAWS = ("off", "tables", "book")
FIGURES = ("rows", "columns", "nonzeros", "integers", "model_seconds", "solve_seconds")


def measured(network: Network, gap: float, repeat: int) -> dict[str, float]:
    """Return sizes of the model and CPU seconds to assemble and to solve it."""
    building, solving = [], []
    for _ in range(repeat):
        began = time.process_time()
        model = assemble(network)
        building.append(time.process_time() - began)
        began = time.process_time()
        solution = solve(model, gap)
        solving.append(time.process_time() - began)
    return {
        **model.sizes,
        "model_seconds": round(min(building), 2),
        "solve_seconds": round(min(solving), 2),
        "gap": round(solution.gap, 5),
    }


def main() -> None:
    """Print one JSON object and a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    network = files.read(options.project)
    found = {
        law: measured(replace(network, settings=replace(network.settings, law=law)), options.gap, options.repeat)
        for law in LAWS
    }
    print(json.dumps({"project": options.project.name, "gap": options.gap, "laws": found}))
    print(f"| {options.project.name} | {' | '.join(f'law {law}' for law in LAWS)} | book / off |")
    print("|---|" + "---:|" * (len(LAWS) + 1))
    for figure in FIGURES:
        cells = [f"{found[law][figure]:,}" for law in LAWS]
        base = found["off"][figure]
        ratio = f"{found['book'][figure] / base:.2f}" if base else "–"
        print(f"| {figure.replace('_', ' ')} | {' | '.join(cells)} | {ratio} |")


if __name__ == "__main__":
    main()
