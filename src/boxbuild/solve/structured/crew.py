"""The crew: a thread for each core, for problems that are worth the hand-over."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

WORTH = 1_000_000
"""Entries of a pass from which it is cut into parts: below, handing over costs more than it gains."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


class Crew:
    """Runs a kernel on parts of its range, side by side."""

    def __init__(self, entries: int) -> None:
        self.size = cores() if entries >= WORTH else 1
        self._pool = ThreadPoolExecutor(self.size, thread_name_prefix="boxbuild") if self.size > 1 else None

    def cut(self, first: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Cut a range into parts of equal work. ``first`` says where the work of each element begins."""
        at = np.linspace(0, first[-1], self.size + 1)[1:-1]
        marks = [0, *np.searchsorted(first, at).tolist(), first.size - 1]
        return list(pairwise(marks))

    def run(self, work: Callable[[int, int], None], parts: list[tuple[int, int]]) -> None:
        """Call ``work(begin, end)`` for every part, and return when all are done."""
        if self._pool is None:
            for begin, end in parts:
                work(begin, end)
            return
        done = [self._pool.submit(work, begin, end) for begin, end in parts]
        wait(done)
        for one in done:
            one.result()
