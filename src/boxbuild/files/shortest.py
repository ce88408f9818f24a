"""Numbers in a workbook as short as they are: 8.2 is written as 8.2.

XlsxWriter writes sixteen digits, 8.199999999999999, which many readers then show. The shortest text that gives the
number back is what Python prints.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


def write_shortest(book: Workbook) -> Workbook:
    """Let every sheet that is added to a workbook write its numbers with as few digits as they have."""
    book.worksheet_class = _sheet_class()
    return book


@cache
def _sheet_class() -> type[Worksheet]:
    from xlsxwriter.worksheet import Worksheet

    class Shortest(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
        def _xml_number_element(self, number: float, attributes: Any = ()) -> None:
            marks = "".join(f' {name}="{self._escape_attributes(value)}"' for name, value in attributes)
            text = repr(float(number)).removesuffix(".0")
            self.fh.write(f"<c{marks}><v>{text}</v></c>")

    return Shortest
