"""One alternative on one case, in a process of its own: what it is given, what it measures and what it leaves.

Only what stands in a phase counts. Imports, the making or reading of the case and the warm-up, on a small network with
the same types, stand outside: kernels are compiled once in a machine's life, and every alternative starts warm.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boxbuild.network.network import Network


@dataclass(frozen=True)
class Case:
    """What is planned: a network by size and seed, or a folder of an EMS case.

    Parameters
    ----------
    size
        A size of :data:`bench.networks.SHAPES`; of no meaning where there is a folder.
    seed, options
        As :func:`bench.networks.network` takes them.
    folder
        Folder of an EMS case.
    """

    size: float = 6e4
    seed: int = 7
    options: bool = False
    folder: str | None = None

    @property
    def name(self) -> str:
        """A name for tables."""
        if self.folder:
            return f"EMS case {Path(self.folder).name}"
        return f"network {self.size:g}, seed {self.seed}{', with options' if self.options else ''}"

    def network(self) -> Network:
        """Return the network."""
        if self.folder:
            from boxbuild.exchange.ems_case import read_ems_case

            return read_ems_case(Path(self.folder))
        from bench.networks import network

        return network(self.size, self.seed, options=self.options)


@dataclass(frozen=True)
class Found:
    """What an alternative found.

    Parameters
    ----------
    status
        ``optimal`` (by its own tolerances), ``feasible``, ``unfinished after N s``, ``not available``, ``failed``.
    cost, bound
        In home currency; ``None`` where it has none. The bound is the alternative's own word.
    violation
        Largest violation of a row, in parts of the larger of 1 and the row's side; ``None`` where it was not measured.
    cpu_seconds, wall_seconds
        Of all phases, all threads together.
    peak_mib
        Largest resident memory of the process, with the making of the case.
    phases
        CPU and wall seconds by phase.
    sizes
        Rows, columns, non-zeros and integers of the model, where the alternative knows them.
    note
        What a reader should know.
    """

    status: str
    cost: float | None = None
    bound: float | None = None
    violation: float | None = None
    cpu_seconds: float | None = None
    wall_seconds: float | None = None
    peak_mib: float | None = None
    phases: dict[str, dict[str, float]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    note: str = ""

    @property
    def gap(self) -> float | None:
        """``(cost - bound) / |cost|``, never below 0."""
        if self.cost is None or self.bound is None:
            return None
        return max(self.cost - self.bound, 0.0) / max(abs(self.cost), 1e-9)


@dataclass
class Job:
    """A run of one alternative: its task, its clocks, and the file in which it says how far it is.

    Parameters
    ----------
    case, gap, limit
        What is planned, the relative gap to stop at, and the wall seconds after which it is ended.
    matrix
        File of the assembled model, for alternatives that take one.
    whole
        Whether to go from files to files, and not from tables to quantities.
    state
        File that is rewritten with what is known, so that a run that is ended leaves something.
    """

    case: Case
    gap: float
    limit: float
    matrix: Path
    state: Path
    whole: bool = False
    phases: dict[str, dict[str, float]] = field(default_factory=dict)
    _began: float | None = None

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count the seconds of a block; the first block starts the limit's clock."""
        if self._began is None:
            self._began = time.perf_counter()
            self.tell()
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            spent = self.phases.setdefault(name, {"cpu": 0.0, "wall": 0.0})
            spent["cpu"] += time.process_time() - cpu
            spent["wall"] += time.perf_counter() - wall

    @property
    def left(self) -> float:
        """Wall seconds that are left; at least one, so that a solver says what it has."""
        spent = 0.0 if self._began is None else time.perf_counter() - self._began
        return max(self.limit - spent, 1.0)

    def tell(self, cost: float | None = None, bound: float | None = None) -> None:
        """Write down what is known so far."""
        before = json.loads(self.state.read_text()) if self.state.exists() else {"cpu": time.process_time()}
        known = {key: value for key, value in (("cost", cost), ("bound", bound)) if value is not None}
        fresh = self.state.with_suffix(".new")
        fresh.write_text(json.dumps({**before, **known}))
        fresh.replace(self.state)

    def finish(self, found: Found) -> Found:
        """Add the clocks and the memory to what was found; phases that it brings itself are parts of ours."""
        return replace(
            found,
            cpu_seconds=sum(spent["cpu"] for spent in self.phases.values()),
            wall_seconds=sum(spent["wall"] for spent in self.phases.values()),
            peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            phases={**self.phases, **found.phases},
        )


def as_json(found: Found) -> dict[str, Any]:
    """Return what was found as plain data, with the gap."""
    return {**asdict(found), "gap": found.gap}
