"""One table of what the alternatives found, in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.job import Found

COLUMNS = ("alternative", "status", "CPU s", "of it model", "wall s", "MiB", "cost", "bound", "gap", "violation")


def markdown(found: Mapping[str, Found], against: Sequence[str] = ()) -> str:
    """Return the table, with a column of ratios for every alternative that others are held against.

    A ratio is the CPU seconds of the named one over those of the row: 30 × says that the row needs a thirtieth. It is
    at least that where the named one did not finish, and nothing where the row did not.
    """
    head = [*COLUMNS, *(f"CPU × ({name})" for name in against)]
    lines = [head, ["---", "---", *["---:"] * (len(head) - 2)]]
    lines += [[*_cells(name, one), *(ratio(one, found[other]) for other in against)] for name, one in found.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ratio(row: Found, other: Found) -> str:
    """Return how many times the CPU seconds of a row another alternative takes."""
    unfinished = other.status.startswith("unfinished")
    if row.status not in ("optimal", "feasible") or not row.cpu_seconds or not other.cpu_seconds:
        return "–"
    if other.status not in ("optimal", "feasible") and not unfinished:
        return "–"
    return f"{'> ' if unfinished else ''}{other.cpu_seconds / row.cpu_seconds:.3g}"


def phases(name: str, found: Found) -> str:
    """Return the phases of one alternative as a table: CPU and wall seconds, and the share of the wall seconds."""
    total = found.wall_seconds or 1.0
    lines = [[f"phase of {name}", "CPU s", "wall s", "share"], ["---", "---:", "---:", "---:"]]
    lines += [
        [phase, _number(spent.get("cpu"), ".2f"), f"{spent['wall']:.2f}", f"{spent['wall'] / total:.0%}"]
        for phase, spent in found.phases.items()
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(name: str, found: Found) -> list[str]:
    model = found.phases.get("model", {}).get("cpu")
    return [
        name,
        found.status,
        _number(found.cpu_seconds, ".2f"),
        _number(model, ".2f"),
        _number(found.wall_seconds, ".2f"),
        _number(found.peak_mib, ".0f"),
        _number(found.cost, ",.0f"),
        _number(found.bound, ",.0f"),
        _number(found.gap, ".2e"),
        _number(found.violation, ".0e"),
    ]


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
