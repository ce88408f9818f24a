"""Where the examples are: at the root of a checkout, or inside the package where it was installed."""

from __future__ import annotations

from pathlib import Path

from boxbuild.errors import UsageError
from boxbuild.network.issues import did_you_mean


def examples_folder() -> Path | None:
    """Return the folder that holds the examples, or ``None``."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_examples", package.parents[1] / "examples"):
        if folder.is_dir():
            return folder
    return None


def example_names() -> list[str]:
    """Return the names of the examples."""
    folder = examples_folder()
    return sorted(path.parent.name for path in folder.glob("*/network.toml")) if folder else []


def example(name: str) -> Path:
    """Return the folder of one example.

    Raises
    ------
    UsageError
        There is none of that name.
    """
    names = example_names()
    folder = examples_folder()
    if folder is None or name not in names:
        hint = did_you_mean(name, names) or f"there are {', '.join(names)}"
        raise UsageError(f"there is no example {name!r}", hint)
    return folder / name
