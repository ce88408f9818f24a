"""The sheet of charts: native ones, which the reader may restyle, with the figures behind them below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.plan import kpis
from boxbuild.plan.ledger import ACCOUNTS
from boxbuild.plan.service import service
from boxbuild.views.planner.buckets import bucket_titles
from boxbuild.views.planner.page import COVER, RESULT
from boxbuild.views.sections import NAMES
from boxbuild.views.sheets import INK, settled

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from boxbuild.plan.plan import Plan
    from boxbuild.views.planner.page import Pages

SHEET: Final = "Charts"
PRODUCTS: Final = 7
"""Products with a colour of their own; the others are one."""

BUSIEST: Final = 15
DWARFS: Final = 8.0
"""An account so many times the next one is left out of the drawing, and named."""

COLOURS: Final = ("#1F4E79", "#E08A1E", "#5B9B57", "#B33A3A", "#6F5AA8", "#4FA3B5", "#9C7A3C", "#8C8C8C")
"""Told apart in grey and by the colour-blind as far as eight can be; the legend stands in the same order."""

SERVED: Final = {"on time": "#5B9B57", "late": "#E0A01E", "lost": "#B33A3A"}
"""Colours of service."""

_FIGURES: Final = 56
"""Row (0-based) in which the figures begin, below the charts."""


def charts(plan: Plan, pages: Pages) -> None:
    """Draw units built a week, service, cost by account and the busiest resources."""
    book = pages.book
    sheet = book.sheet(SHEET, tab=RESULT)
    book.title(sheet, "Charts", "The figures behind them stand below, from row 57.", COVER)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 40, 11)
    drawing = _Drawing(pages, sheet)
    drawing.place(
        0, 0, "column", "stacked", "Units built a week, by product (a month: its weekly average)", built(plan)
    )
    drawing.place(1, 0, "bar", "percent_stacked", "Service by product, units", served(plan))
    found, without = costs(plan)
    drawing.place(0, 1, "bar", "", f"Cost by account, {plan.summary.home_currency} million{without}", found)
    drawing.place(1, 1, "bar", "", "Busiest resources: share of regular capacity", used(plan), "0%")
    pages.found[SHEET] = (0, "Builds by week, service, cost by account and the busiest resources, drawn.")


def built(plan: Plan) -> pl.DataFrame:
    """Return units started a week by bucket (``label``), a column for each large product and one for the others."""
    calendar = plan.network.calendar
    finished = plan.network["items"].filter(pl.col("kind") == "finished").select("item")
    rows = plan["builds"].join(finished, on="item", how="semi")
    rows = rows if rows.height else plan["builds"]
    sizes = rows.group_by("item").agg(pl.col("quantity").sum()).sort("quantity", "item", descending=[True, False])
    large = sizes["item"].head(PRODUCTS).to_list()
    named = rows.with_columns(
        pl.when(pl.col("item").is_in(large)).then(pl.col("item")).otherwise(pl.lit("others")).alias("item")
    )
    weeks = pl.Series("weeks", calendar.lengths / 7)
    frame = pl.DataFrame({"label": [title.replace("\n", " ") for title in bucket_titles(calendar)], "weeks": weeks})
    for name in [*large, *(["others"] if sizes.height > PRODUCTS else [])]:
        sums = named.filter(pl.col("item") == name).group_by("bucket").agg(pl.col("quantity").sum())
        found = dict(sums.iter_rows())
        frame = frame.with_columns(pl.Series(name, [found.get(bucket, 0.0) for bucket in range(calendar.count)]))
    return frame.with_columns(pl.col(name) / pl.col("weeks") for name in frame.columns[2:]).drop("weeks")


def served(plan: Plan) -> pl.DataFrame:
    """Return units on time, late and lost by product, the largest products."""
    sums = service(plan).group_by("item").agg(pl.col("wanted", "on_time", "late", "lost").sum())
    largest = sums.sort("wanted", "item", descending=[True, False]).head(BUSIEST)
    return largest.select(pl.col("item").alias("label"), pl.col("on_time").alias("on time"), "late", "lost")


def costs(plan: Plan) -> tuple[pl.DataFrame, str]:
    """Return the present value of every account, in millions; without one that dwarfs the others, and words for it."""
    rank = {account: place for place, account in enumerate(ACCOUNTS)}
    found = kpis.cost_by_account(plan).sort(
        pl.col("account").replace_strict(rank, default=len(rank), return_dtype=pl.Int64)
    )
    value = (pl.col("present").cast(pl.Float64) / 1e6).alias("cost")
    frame = found.select(pl.col("account").replace(NAMES).alias("label"), value)
    large = frame.sort("cost", descending=True).head(1)
    others = frame.join(large, on="label", how="anti", maintain_order="left")
    if not others.height or float(large["cost"][0]) < DWARFS * float(others["cost"].abs().max()):  # type: ignore[arg-type]
        return frame, ""
    return others, f"; {large['label'][0]}, {large['cost'][0]:,.0f} million, is not drawn"


def used(plan: Plan) -> pl.DataFrame:
    """Return the share and the peak of the busiest resources."""
    found = kpis.utilisation(plan).filter(pl.col("share").is_not_null()).head(BUSIEST)
    return found.select(pl.col("resource").alias("label"), pl.col("share").alias("used"), "peak")


def _axes(numbers: str, *, lying: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """The axis of the names and that of the values; names of bars that lie begin at the top, left of any credit."""
    small = {"size": 9}
    words: dict[str, Any] = {"num_font": {**small, **({} if lying else {"rotation": -60})}, "label_position": "low"}
    if lying:
        words["reverse"] = True
    lines = {"visible": True, "line": {"color": "#D9D9D9"}}
    values = {"num_format": numbers, "major_gridlines": lines, "num_font": small}
    return words, {**values, **({"label_position": "high"} if lying else {})}


class _Drawing:
    """Charts in a grid, two across, and their figures one below the other."""

    def __init__(self, pages: Pages, sheet: Worksheet) -> None:
        self._book, self._sheet, self._row = pages.book, sheet, _FIGURES

    def place(
        self,
        across: int,
        down: int,
        kind: str,
        subtype: str,
        title: str,
        frame: pl.DataFrame,
        numbers: str = "#,##0",
    ) -> None:
        """Write figures and draw them; nothing where there are none."""
        if not frame.height or len(frame.columns) < 2:
            return
        head, last = self._figures(title, frame, numbers)
        options = {"type": kind, **({"subtype": subtype} if subtype else {})}
        chart: Any = self._book.raw.add_chart(options)
        name = self._sheet.get_name()
        for place in range(1, len(frame.columns)):
            colour = SERVED.get(frame.columns[place]) or COLOURS[(place - 1) % len(COLOURS)]
            chart.add_series(
                {
                    "name": [name, head, place],
                    "categories": [name, head + 1, 0, last, 0],
                    "values": [name, head + 1, place, last, place],
                    "fill": {"color": colour},
                    "border": {"color": "#FFFFFF", "width": 0.5},
                    "gap": 40,
                }
            )
        chart.set_title({"name": title, "overlay": False, "name_font": {"size": 12, "bold": True, "color": INK}})
        words, values = _axes("0%" if subtype == "percent_stacked" else numbers, lying=kind == "bar")
        # of a bar chart, the axis of the names is the upright one
        chart.set_x_axis(values if kind == "bar" else words)
        chart.set_y_axis(words if kind == "bar" else values)
        chart.set_legend({"none": True} if len(frame.columns) == 2 else {"position": "bottom", "font": {"size": 9}})
        chart.set_size({"width": 735, "height": 500})
        self._sheet.insert_chart(3 + down * 26, across * 8, chart, {"description": title, "object_position": 2})

    def _figures(self, title: str, frame: pl.DataFrame, numbers: str) -> tuple[int, int]:
        sheet, book = self._sheet, self._book
        sheet.write_string(self._row, 0, title, book.style(bold=True, font_color=INK))
        head = self._row + 1
        for place, name in enumerate(frame.columns):
            sheet.write_string(head, place, "" if place == 0 else name, book.style(bold=True, bottom=1, align="right"))
        style = book.style(num_format=numbers)
        for row, (label, *values) in enumerate(settled(frame).iter_rows(), head + 1):
            sheet.write_string(row, 0, label)
            for place, value in enumerate(values, 1):
                if value is not None:
                    sheet.write_number(row, place, value, style)
        self._row = head + frame.height + 2
        return head, head + frame.height
