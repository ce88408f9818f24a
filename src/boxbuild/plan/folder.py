"""The plan folder: ``summary.json``, one Parquet and one CSV per table, and the network that was planned.

``prices.parquet`` beside them says what the rows of the model were worth, for the next plan to begin from.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
import tempfile
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.errors import DataError
from boxbuild.files import load, write
from boxbuild.plan import schemas
from boxbuild.plan.plan import Plan, Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boxbuild.network.network import Network

FORMAT: Final = "boxbuild-plan/1"
SUMMARY: Final = "summary.json"
NETWORK: Final = "network"
PRICES: Final = "prices.parquet"
LATER: Final = frozenset({"reasons"})
"""Tables that plans made by earlier versions do not have; they are read as empty."""


def plan_folder(project: Path, scenario: str = "") -> Path:
    """Return where the plan of a project goes by default: ``plans/<scenario or base>`` beside its tables."""
    home = project if project.is_dir() else project.parent
    return home / "plans" / (re.sub(r"[^\w+.-]+", "-", scenario).strip(".-") or "base")


def write_plan(plan: Plan, folder: Path) -> Path:
    """Write a plan as a folder; whoever reads it sees the old plan or the new one, never half of one.

    The tables' bytes depend on the plan alone. A folder that is there is replaced only if it is a plan.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DataError
        The folder is there and is something else.
    """
    folder = folder.resolve()
    if folder.exists() and not is_plan_folder(folder):
        raise DataError(f"{folder} is not a plan: it stays as it is", hint="give another place with --out")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # beside the folder, so that the renames stay within one file system
    desk = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        fresh = desk / "new"
        fresh.mkdir()
        _write(plan, fresh)
        _swap(fresh, folder, desk / "old")
    finally:
        shutil.rmtree(desk, ignore_errors=True)
    return folder


def read_plan(folder: Path) -> Plan:
    """Return the plan that a folder holds, with the network that it was made of.

    Raises
    ------
    DataError
        The folder is not a plan, or something in it is missing or cannot be read.
    """
    head = _head(folder)
    try:
        known = [name for name in schemas.SCHEMAS if name not in LATER or (folder / f"{name}.parquet").is_file()]
        tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in known}
        network = _read_network(folder / NETWORK)
        prices = pl.read_parquet(folder / PRICES) if (folder / PRICES).is_file() else None
        return Plan(network=network, summary=_summary(head), tables=tables, prices=prices)
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise DataError(f"the plan in {folder} cannot be read: {error}", hint="make the plan again") from error


def is_plan_folder(folder: Path) -> bool:
    """Return whether a folder holds a plan."""
    try:
        _head(folder)
    except DataError:
        return False
    return True


def find_plan(path: Path) -> Path:
    """Return the plan folder that a path means: itself, or the only plan of a project.

    Raises
    ------
    DataError
        There is no plan, or more than one.
    """
    if is_plan_folder(path):
        return path
    plans = sorted(found for found in (path / "plans").glob("*") if is_plan_folder(found))
    if not plans:
        raise DataError(f"{path} is not a plan", hint="give the folder that `boxbuild plan` wrote")
    if len(plans) > 1:
        names = ", ".join(str(found) for found in plans[:5])
        raise DataError(f"{path} has {len(plans)} plans", hint=f"give one of them: {names}")
    return plans[0]


def differences(folder: Path) -> list[str]:
    """Return what is not as it was written: every table against its CSV twin and its hash, and the network.

    Returns
    -------
    list
        One sentence for each difference; empty where the folder is as it was written.
    """
    head = _head(folder)
    written: Mapping[str, Any] = head.get("tables", {})
    found: list[str] = []
    for name in schemas.SCHEMAS:
        try:
            rendered = _csv(schemas.conform(name, pl.read_parquet(folder / f"{name}.parquet")))
        except (OSError, KeyError, pl.exceptions.PolarsError) as error:
            found.append(f"{name}.parquet cannot be read: {error}")
            continue
        if _hash(rendered) != written.get(name, {}).get("sha256"):
            found.append(f"{name}.parquet has changed since the plan was written")
        twin = folder / f"{name}.csv"
        if not twin.is_file():
            found.append(f"{name}.csv is missing")
        elif twin.read_bytes() != rendered:
            found.append(f"{name}.csv and {name}.parquet differ")
    if _read_network(folder / NETWORK).digest != head.get("network_sha256"):
        found.append("the copy of the network has changed since the plan was written")
    return found


def summary_dict(summary: Summary) -> dict[str, Any]:
    """Return the summary of a plan as JSON values; numbers that are not finite become ``null``."""
    found = {item.name: getattr(summary, item.name) for item in fields(Summary)}
    return {name: _plain(value) for name, value in found.items()}


def _write(plan: Plan, folder: Path) -> None:
    written: dict[str, dict[str, Any]] = {}
    for name, frame in plan.tables.items():
        text = _csv(frame)
        (folder / f"{name}.csv").write_bytes(text)
        frame.write_parquet(folder / f"{name}.parquet", compression="zstd")
        written[name] = {"rows": frame.height, "sha256": _hash(text)}
    if plan.prices is not None:
        plan.prices.write_parquet(folder / PRICES, compression="lz4")
    write(plan.network, folder / NETWORK, "parquet")
    head = {
        "format": FORMAT,
        **summary_dict(plan.summary),
        "network_sha256": plan.network.digest,
        "tables": written,
    }
    summary = json.dumps(head, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / SUMMARY).write_text(summary + "\n", encoding="utf-8")


def _swap(fresh: Path, folder: Path, aside: Path) -> None:
    """Put a finished folder in the place of another; the old one comes back if that fails."""
    replaced = folder.exists()
    if replaced:
        folder.rename(aside)
    try:
        fresh.rename(folder)
    except OSError:
        if replaced:
            aside.rename(folder)
        raise


def _read_network(folder: Path) -> Network:
    loaded = load(folder)
    if loaded.network is None:
        raise DataError(f"the network in {folder} cannot be read", loaded.errors)
    return loaded.network


def _head(folder: Path) -> dict[str, Any]:
    try:
        head = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        head = None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise DataError(f"{folder} is not a plan", hint="give the folder that `boxbuild plan` wrote")
    return head


def _summary(head: Mapping[str, Any]) -> Summary:
    values = {item.name: head[item.name] for item in fields(Summary) if item.name in head}
    values["start"] = date.fromisoformat(values["start"])
    values["notes"] = tuple(values.get("notes", ()))
    values["bound"] = -math.inf if values["bound"] is None else values["bound"]
    values["gap"] = math.inf if values["gap"] is None else values["gap"]
    return Summary(**values)


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "items"):
        return {str(key): _plain(part) for key, part in value.items()}
    return value


def _csv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
