"""The planner's workbook: a plan to read, its tables to edit, in one file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from boxbuild import __version__
from boxbuild.exchange.returned_record import Record
from boxbuild.files.planner import RECORD
from boxbuild.views.planner import agreements, capacity, charts, money, orders, quantities, service
from boxbuild.views.planner.cover import Cover
from boxbuild.views.planner.inputs import Inputs, write_inputs
from boxbuild.views.planner.page import COVER, Pages
from boxbuild.views.sheets import Book, new_book

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

NOT_RUN = "not run\tboxbuild audit PLAN recomputes every figure without the solver; --audit does so at the export"


def write_planner_workbook(plan: Plan, file: Path, *, verdict: str = NOT_RUN, written: date) -> Path:
    """Write the planner's workbook of a plan; the file is there whole or not at all.

    Parameters
    ----------
    verdict
        Of the audit: ``passed`` or ``failed``, a tab, and a sentence.
    written
        The day that the cover tells.

    Raises
    ------
    UsageError
        The file is not an ``.xlsx``.
    """
    title = plan.network.settings.title or plan.network.name
    with new_book(file, title) as book:
        cover = Cover(book)
        pages = Pages(book)
        _results(plan, pages)
        inputs = Inputs.of(plan.network)
        settings = write_inputs(book, plan, inputs)
        record = Record(
            network=plan.network.name,
            scenario=plan.summary.scenario,
            input_hash=plan.network.digest,
            version=__version__,
            written=written.isoformat(),
            settings=settings,
            tables={name: plan.network.tables[name] for name in inputs.tables},
            left_out=tuple(inputs.left_out),
            results=(COVER, *pages.found),
        )
        remember(book, record)
        cover.write(plan, verdict, written, pages.found, inputs)
    return file


def _results(plan: Plan, pages: Pages) -> None:
    """Add the sheets of results: what there is nothing of has none."""
    network = plan.network
    charts.charts(plan, pages)
    service.missed(plan, pages)
    service.service(plan, pages)
    quantities.builds(plan, pages)
    quantities.buys(plan, pages)
    quantities.shipments(plan, pages)
    capacity.capacity(plan, pages)
    quantities.stock(plan, pages)
    for table, add in (
        ("contracts", agreements.contracts),
        ("targets", agreements.targets),
        ("options", agreements.options),
    ):
        if network[table].height:
            add(plan, pages)
    if plan["incentives"].height:
        agreements.incentives(plan, pages)
    money.landed(plan, pages)
    money.cost(plan, pages)
    if plan["orders"].height:
        orders.orders(plan, pages)


def remember(book: Book, record: Record) -> None:
    """Write the hidden sheet by which the workbook is known when it comes back."""
    sheet = book.raw.add_worksheet(RECORD)
    for row, (name, value) in enumerate(record.rows()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    sheet.very_hidden()
