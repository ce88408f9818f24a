"""The registry: every way to solve the same problem that a user would consider, ours among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Final

from bench.job import Found, Job


@dataclass(frozen=True)
class Alternative:
    """One way to a plan.

    Parameters
    ----------
    name, about
        What it is called, and what it is in one line.
    module, function
        Where ``function(job, *arguments)`` stands; the module is imported in the alternative's own process only.
    arguments
        What else the function takes.
    takes_matrix
        Whether it is given the assembled model: then making the model is none of its seconds.
    """

    name: str
    about: str
    module: str
    function: str
    arguments: tuple[str, ...] = ()
    takes_matrix: bool = False

    def load(self) -> Callable[[Job], Found]:
        """Import the alternative and return what runs it.

        Raises
        ------
        ImportError
            A package is not installed.
        """
        function = getattr(import_module(f"bench.alternatives.{self.module}"), self.function)
        return partial(_called, function, self.arguments)


def _called(function: Callable[..., Found], arguments: tuple[str, ...], job: Job) -> Found:
    return function(job, *arguments)


_ALL: Final = (
    Alternative("boxbuild", "boxbuild from tables to quantities, whichever way it chooses", "ours", "plan"),
    Alternative(
        "boxbuild-exact", "boxbuild, exact: HiGHS on what is left after pricing away", "ours", "plan", ("exact",)
    ),
    Alternative(
        "boxbuild-structured", "boxbuild, structured: kernels over the network", "ours", "plan", ("structured",)
    ),
    Alternative("highs-simplex", "HiGHS dual simplex on the assembled model", "highs", "solve", ("simplex",), True),
    Alternative("highs-ipm", "HiGHS interior point (IPX), no crossover", "highs", "solve", ("ipm",), True),
    Alternative("highs-hipo", "HiGHS interior point (HiPO), no crossover", "highs", "solve", ("hipo",), True),
    Alternative("highs-pdlp", "HiGHS first-order method (PDLP)", "highs", "solve", ("pdlp",), True),
    Alternative("ortools-pdlp", "OR-Tools first-order method (PDLP)", "ortools_pdlp", "solve", (), True),
    Alternative("pulp", "written in PuLP, solved by HiGHS interior point", "pulp_model", "solve"),
    Alternative("linopy", "written in linopy, solved by HiGHS interior point", "linopy_model", "solve"),
)

ALTERNATIVES: Final = {alternative.name: alternative for alternative in _ALL}
"""The alternatives by name, ours first."""

MATRIX: Final = Alternative(
    "matrix", "assembles the model for those that take it; measured by nobody", "matrix", "write"
)
