"""A plan as one workbook: key figures first, then every table."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.files.shortest import write_shortest
from boxbuild.plan import kpis
from boxbuild.plan.folder import summary_dict
from boxbuild.plan.limiting import limiting
from boxbuild.plan.product_cost import product_cost
from boxbuild.plan.service import service

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

MOST_ROWS: Final = 1_048_575
"""Rows below the head of a sheet of Excel."""


def write_workbook(plan: Plan, file: Path) -> Path:
    """Write a plan as a workbook; the file is there whole or not at all.

    Raises
    ------
    UsageError
        The file is not an ``.xlsx``, or a table has more rows than a sheet.
    """
    if file.suffix.lower() != ".xlsx":
        raise UsageError(f"{file.name} is not a workbook", "give a name that ends in .xlsx")
    sheets = dict(_sheets(plan))
    for name, frame in sheets.items():
        if frame.height > MOST_ROWS:
            raise UsageError(f"{name} has {frame.height:,} rows: too many for a sheet", "use --csv")
    from xlsxwriter import Workbook

    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as desk:
        with Workbook(Path(desk) / file.name) as book:
            write_shortest(book)
            for name, frame in sheets.items():
                frame.with_columns(pl.selectors.decimal().cast(pl.Float64)).write_excel(
                    workbook=book, worksheet=name, autofit=frame.height < 10_000, freeze_panes=(1, 0)
                )
        (Path(desk) / file.name).replace(file)
    return file


def _sheets(plan: Plan) -> Iterator[tuple[str, pl.DataFrame]]:
    head = summary_dict(plan.summary)
    texts = {name: str(value) for name, value in head.items() if value not in (None, [], {})}
    yield "summary", pl.DataFrame({"what": list(texts), "value": list(texts.values())})
    yield "cost", kpis.cost_by_account(plan)
    yield "unit cost", product_cost(plan)
    yield "service", service(plan)
    yield "short or late", limiting(plan, most=100)
    yield "resources", kpis.utilisation(plan)
    for name, frame in plan.tables.items():
        if frame.height:
            yield f"plan {name}", frame
