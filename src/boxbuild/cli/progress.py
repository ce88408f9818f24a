"""Progress while a plan is made: a live line on a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from boxbuild.cli.face import INTERRUPTED, talk

if TYPE_CHECKING:
    from boxbuild.solve.progress import Listener, Progress

QUIET_SECONDS: Final = 10.0
"""Seconds between two plain lines of one phase."""


@contextmanager
def watched() -> Iterator[Listener]:
    """Give what a plan in the making tells its progress to; Ctrl-C stops it once and aborts it twice."""
    with _interruptible():
        if not sys.stderr.isatty():
            yield _Lines()
            return
        from rich.console import Console
        from rich.live import Live

        line = _Live()
        with Live(line, console=Console(stderr=True), refresh_per_second=4, transient=True):
            yield line


def sentence(progress: Progress, seconds: float) -> str:
    """Return where a plan stands as one line."""
    from boxbuild.views.text import percent, short

    parts = [f"{progress.phase:<8} {seconds:6.1f} s"]
    if progress.cost is not None:
        parts.append(f"cost {short(progress.cost)}")
    if progress.bound is not None:
        parts.append(f"bound {short(progress.bound)}")
    if progress.gap is not None:
        parts.append(f"gap {percent(progress.gap, 2)}")
    if progress.note:
        parts.append(progress.note)
    return "  ".join(parts)


class _Lines:
    """Plain lines: at the start and the end of a phase, and now and then between."""

    def __init__(self) -> None:
        self._phase = ""
        self._last = 0.0
        self._lock = threading.Lock()

    def __call__(self, progress: Progress) -> None:
        with self._lock:
            now = time.monotonic()
            done = progress.note == "done"
            if progress.phase != self._phase:
                self._phase, self._last = progress.phase, now
                if not done:
                    return
            if done or now - self._last >= QUIET_SECONDS:
                self._last = now
                talk(sentence(progress, progress.seconds))


class _Live:
    """One line that rich draws again and again, so that the seconds run while the solver is silent."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._began = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        before = self._progress
        if before is None or before.phase != progress.phase:
            self._began = time.monotonic()
        self._progress = progress

    def __rich__(self) -> Any:
        from rich.text import Text

        if self._progress is None:
            return Text("")
        return Text(sentence(self._progress, time.monotonic() - self._began) + "  (Ctrl-C: stop at the best)")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let the first Ctrl-C reach the solver, which keeps the best plan found; let the second end the process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed = 0

    def stop(*_: object) -> None:
        nonlocal pressed
        pressed += 1
        if pressed > 1:
            talk("aborted: nothing was written")
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        talk("stopping at the best plan so far; Ctrl-C again aborts")
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
