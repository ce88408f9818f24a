"""A table as a chart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from boxbuild.views.charts.chart import Chart
from boxbuild.views.charts.values import rounded

Cells = Literal["text", "number", "money", "percent", "date", "status"]


@dataclass(frozen=True)
class Column:
    """One column: its name in data, its heading, what its cells are, and decimals that are shown."""

    name: str
    title: str
    kind: Cells = "text"
    decimals: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the column as JSON values."""
        return {"name": self.name, "title": self.title, "kind": self.kind, "decimals": self.decimals}


def table_chart(
    name: str, title: str, says: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], unit: str = ""
) -> Chart:
    """Return a table as a chart; cells become JSON values."""
    return Chart(name, "table", title, says, unit, table_data(columns, rows))


def table_data(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> dict[str, Any]:
    """Return the data of a table."""
    return {
        "columns": [column.as_dict() for column in columns],
        "rows": [[_cell(cell) for cell in row] for row in rows],
    }


def _cell(value: object) -> str | float | int | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)):
        number = float(value)
        return rounded(number, 9) if math.isfinite(number) else None
    return str(value)
