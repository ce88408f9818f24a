"""Cases as a planner writes them: a network, its scenarios, and what is expected of each in ``cases.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import boxbuild
from boxbuild.network.changes import apply
from boxbuild.network.network import Network
from boxbuild.network.scenario import read_scenario


def cases(folder: Path) -> list[dict[str, Any]]:
    """Return the cases of a folder; ``scenario`` is blank where the network stands as it is."""
    found: list[dict[str, Any]] = tomllib.loads((folder / "cases.toml").read_text("utf-8"))["case"]
    return found


def network_of(folder: Path, case: dict[str, Any]) -> Network:
    """Return the network of a case, with its scenario applied."""
    network = boxbuild.read(folder)
    if not case["scenario"]:
        return network
    return apply(network, read_scenario(folder / "scenarios" / f"{case['scenario']}.toml"))
