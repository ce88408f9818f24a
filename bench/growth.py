"""Growth: how CPU seconds and memory grow with the non-zeros of the model, fitted and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from bench.job import Found
from bench.plot import Line, plot

DONE = ("optimal", "feasible")


@dataclass(frozen=True)
class Growth:
    """How one alternative grows.

    Parameters
    ----------
    found
        What it found by name of the size; unfinished runs are shown and not fitted.
    time, memory
        Exponent and factor of ``factor × nonzeros ** exponent`` for CPU seconds and for MiB above the smallest
        process; ``None`` where fewer than two runs finished.
    """

    found: Mapping[float, Found]
    time: tuple[float, float] | None
    memory: tuple[float, float] | None

    def as_json(self) -> dict[str, Any]:
        """Return the points and the fits as plain data."""
        points = [
            {
                "size": size,
                "status": one.status,
                **one.sizes,
                "cpu_seconds": one.cpu_seconds,
                "phases": one.phases,
                "peak_mib": one.peak_mib,
                "cost": one.cost,
                "gap": one.gap,
            }
            for size, one in self.found.items()
        ]
        return {"points": points, "time_exponent": _first(self.time), "memory_exponent": _first(self.memory)}

    def markdown(self) -> str:
        """Return a table of the points, with the exponents under it."""
        lines = ["| size | non-zeros | status | CPU s | MiB | gap |", "|---:|---:|---|---:|---:|---:|"]
        lines += [
            f"| {size:g} | {one.sizes.get('nonzeros', 0):,} | {one.status} | {one.cpu_seconds or 0:.2f} "
            f"| {one.peak_mib or 0:.0f} | {'–' if one.gap is None else format(one.gap, '.1e')} |"
            for size, one in self.found.items()
        ]
        fits = (("CPU seconds", self.time), ("memory above the smallest", self.memory))
        said = [f"{name}: as non-zeros to the power of {fit[0]:.2f}" for name, fit in fits if fit]
        return "\n".join([*lines, "", "; ".join(said)])

    def svg(self) -> str:
        """Return both as a plot."""
        done = [one for one in self.found.values() if one.status in DONE and one.sizes]
        across = [float(one.sizes["nonzeros"]) for one in done]
        seconds = Line("CPU seconds", across, [one.cpu_seconds or 0.0 for one in done], self.time)
        memory = Line("MiB, peak", across, [one.peak_mib or 0.0 for one in done], None)
        return plot([seconds, memory], "non-zeros of the model")


def growth(found: Mapping[float, Found]) -> Growth:
    """Fit what was found: least squares in logarithms."""
    done = [one for one in found.values() if one.status in DONE and one.sizes]
    across = np.array([one.sizes["nonzeros"] for one in done], dtype=np.float64)
    seconds = np.array([one.cpu_seconds for one in done], dtype=np.float64)
    peak = np.array([one.peak_mib for one in done], dtype=np.float64)
    above = peak - peak.min(initial=np.inf) if done else peak
    return Growth(found, power(across, seconds), power(across[above > 0], above[above > 0]))


def power(across: np.ndarray[Any, Any], up: np.ndarray[Any, Any]) -> tuple[float, float] | None:
    """Return exponent and factor of the power law through points; ``None`` for fewer than two."""
    if across.size < 2:
        return None
    exponent, constant = np.polyfit(np.log(across), np.log(up), 1)
    return float(exponent), float(np.exp(constant))


def _first(fit: tuple[float, float] | None) -> float | None:
    return fit[0] if fit else None
