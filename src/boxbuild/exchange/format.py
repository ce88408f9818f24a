"""A format of others: its name, and what reads a network or writes a plan in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boxbuild.network.network import Network
    from boxbuild.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Format:
    """A format of others.

    Parameters
    ----------
    name
        What it is asked for by, on the command line and in code.
    meaning
        What it is, in one sentence.
    read
        Returns the network that a file or folder holds; ``None`` where the format only goes out.
    write
        Writes a plan to a file or folder; ``None`` where the format only comes in.
    """

    name: str
    meaning: str
    read: Callable[[Path], Network] | None = None
    write: Callable[[Plan, Path], None] | None = None
