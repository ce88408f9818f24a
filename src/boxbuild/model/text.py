"""Text: a family of constraints, or the whole model, written so that a person can read it."""

from __future__ import annotations

import numpy as np
import polars as pl

from boxbuild.model.columns import names
from boxbuild.model.model import Model


def family_text(model: Model, family: str) -> str:
    """Return the rows of one family in the manner of the LP format, one a line.

    Terms stand in the order of the columns; numbers are written with ten significant digits.
    """
    known = names(model.columns)
    rows = model.families[family]
    matrix = model.matrix.tocsr()
    first = model.first_row(family)
    titles = _titles(family, rows.keys)
    lines = []
    for position, title in enumerate(titles):
        row = first + position
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        terms = " ".join(
            _term(value, known[column]) for column, value in zip(matrix.indices[span], matrix.data[span], strict=True)
        )
        lines.append(f"{title}: {_sides(terms or '0', model.row_lower[row], model.row_upper[row])}")
    return "\n".join(lines) + "\n"


def objective_text(model: Model) -> str:
    """Return the cost of every column that has one, one a line."""
    known = names(model.columns)
    return "".join(f"{_term(model.cost[j], known[j])}\n" for j in np.flatnonzero(model.cost))


def _titles(family: str, keys: pl.DataFrame) -> list[str]:
    shown = [column for column in keys.columns if column not in ("lower", "upper", "share", "flow", "fixed")]
    parts = [pl.col(column).cast(pl.String).fill_null("") for column in shown]
    return keys.select(pl.format(f"{family}[{{}}]", pl.concat_str(parts, separator=","))).to_series().to_list()


def _term(value: float, name: str) -> str:
    sign = "-" if value < 0 else "+"
    size = "" if abs(value) == 1 else f"{abs(value):.10g} "
    return f"{sign} {size}{name}"


def _sides(terms: str, lower: float, upper: float) -> str:
    if lower == upper:
        return f"{terms} = {lower + 0.0:.10g}"
    if np.isinf(lower):
        return f"{terms} <= {upper + 0.0:.10g}"
    if np.isinf(upper):
        return f"{terms} >= {lower + 0.0:.10g}"
    return f"{lower:.10g} <= {terms} <= {upper:.10g}"
