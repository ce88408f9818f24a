"""An aspect of a plan (its cost, its service, its allocation ...), and that aspect of several plans side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from boxbuild.plan.plan import Plan
from boxbuild.study.compare.tolerance import NUMBERS, Kind, Tolerance


@dataclass(frozen=True)
class Aspect:
    """One thing that plans are compared by.

    Parameters
    ----------
    name, title
        What it is called, and its heading.
    keys
        Columns that name a row of it; none where there is one row.
    measures
        The figures of a row, by kind. All of them are numbers, or all are dates, or all are texts.
    read
        Gives the rows of one plan: the keys and the measures.
    absent
        What a figure is where a plan has no such row: 0 for amounts, blank where nothing can be said.
    note
        One sentence on what the figures are, where the title does not say.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    measures: Mapping[str, Kind]
    read: Callable[[Plan], pl.DataFrame]
    absent: float | None = 0.0
    note: str = ""

    @property
    def numeric(self) -> bool:
        """Whether its figures are numbers."""
        return all(kind in NUMBERS for kind in self.measures.values())


@dataclass(frozen=True)
class Compared:
    """An aspect of several plans side by side.

    Parameters
    ----------
    aspect
        What is compared.
    rows
        The keys, ``measure``, ``value_0``, ``value_1`` ... (a figure for each plan), ``change_1`` ... (less that of the
        first plan; of dates: days later) and ``differs``.
    """

    aspect: Aspect
    rows: pl.DataFrame

    def measure(self, name: str, *, differences_only: bool = False) -> pl.DataFrame:
        """Return the rows of one measure."""
        found = self.rows.filter(pl.col("measure") == name)
        return found.filter("differs") if differences_only else found

    def wide(self, *, differences_only: bool = False) -> pl.DataFrame:
        """Return one row for each key, with every measure beside the others.

        Columns are the keys, then ``MEASURE value_0`` ... and ``MEASURE change_1`` ... for each measure; with
        ``differences_only``, the keys of which a measure differs.
        """
        keys = list(self.aspect.keys)
        rows = self.rows
        if differences_only:
            rows = (
                rows.join(rows.filter("differs").select(keys), on=keys, how="semi", nulls_equal=True) if keys else rows
            )
        figures = [name for name in rows.columns if name.startswith(("value_", "change_"))]
        found: pl.DataFrame | None = None
        for measure in self.aspect.measures:
            own = rows.filter(pl.col("measure") == measure).select(
                *keys, *(pl.col(name).alias(f"{measure} {name}") for name in figures)
            )
            if found is None:
                found = own
            elif keys:
                found = found.join(own, on=keys, how="left", nulls_equal=True, maintain_order="left")
            else:
                found = pl.concat([found, own], how="horizontal")
        assert found is not None  # noqa: S101 - an aspect has a measure
        return found

    @property
    def differing(self) -> pl.DataFrame:
        """The rows in which a plan differs from the first."""
        return self.rows.filter("differs")

    def records(self, names: Sequence[str], *, differences_only: bool = False) -> list[dict[str, Any]]:
        """Return the rows as JSON values: the keys, ``measure``, ``values`` and ``changes`` by plan."""
        rows = self.differing if differences_only else self.rows
        return [
            {key: row[key] for key in self.aspect.keys}
            | {
                "measure": row["measure"],
                "values": {name: _plain(row[f"value_{place}"]) for place, name in enumerate(names)},
                "changes": {name: row[f"change_{place}"] for place, name in enumerate(names) if place},
                "differs": row["differs"],
            }
            for row in rows.iter_rows(named=True)
        ]


def side_by_side(aspect: Aspect, plans: Sequence[Plan], tolerance: Tolerance) -> Compared:
    """Return an aspect of several plans, compared with the first of them."""
    read = [aspect.read(plan).select(*aspect.keys, *aspect.measures) for plan in plans]
    frames = [_long(aspect, rows).rename({"value": f"value_{place}"}) for place, rows in enumerate(read)]
    on = [*aspect.keys, "measure"]
    joined = reduce(lambda one, other: one.join(other, on=on, how="full", coalesce=True, nulls_equal=True), frames)
    if aspect.numeric and aspect.absent is not None:
        for place, rows in enumerate(read):
            joined = _filled(joined, f"value_{place}", rows.select(aspect.keys).unique(), aspect)
    later = range(1, len(plans))
    changes = [_change(aspect, place).alias(f"change_{place}") for place in later]
    order = {name: place for place, name in enumerate(aspect.measures)}
    compared = joined.with_columns(*changes, differs=_differs(aspect, later, tolerance))
    return Compared(
        aspect,
        compared.sort(
            *(pl.col(key) for key in aspect.keys),
            pl.col("measure").replace_strict(order, return_dtype=pl.Int64),
            nulls_last=True,
        ),
    )


def _long(aspect: Aspect, rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each row and measure, with its ``value``."""
    if aspect.numeric:
        rows = rows.with_columns(pl.col(name).cast(pl.Float64) for name in aspect.measures)
    return rows.unpivot(on=list(aspect.measures), index=list(aspect.keys), variable_name="measure", value_name="value")


def _filled(joined: pl.DataFrame, value: str, present: pl.DataFrame, aspect: Aspect) -> pl.DataFrame:
    """Write what an absent row is worth where a plan has no such row; its own blanks stay."""
    if not aspect.keys:
        return joined
    marked = joined.join(
        present.with_columns(_here=pl.lit(value=True)), on=list(aspect.keys), how="left", nulls_equal=True
    )
    return marked.with_columns(
        pl.when(pl.col("_here").is_null()).then(pl.lit(aspect.absent)).otherwise(pl.col(value)).alias(value)
    ).drop("_here")


def _change(aspect: Aspect, place: int) -> pl.Expr:
    one, other = pl.col("value_0"), pl.col(f"value_{place}")
    if aspect.numeric:
        return other - one
    if set(aspect.measures.values()) == {"date"}:
        return (other - one).dt.total_days().cast(pl.Float64)
    return pl.lit(None, dtype=pl.Float64)


def _differs(aspect: Aspect, later: range, tolerance: Tolerance) -> pl.Expr:
    by_kind = pl.lit(value=False)
    for measure, kind in aspect.measures.items():
        apart = pl.any_horizontal(
            [tolerance.differs(kind, pl.col("value_0"), pl.col(f"value_{place}")) for place in later]
        )
        by_kind = by_kind | ((pl.col("measure") == measure) & apart)
    return by_kind


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
