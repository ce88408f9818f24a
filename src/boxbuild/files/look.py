"""The look of our workbooks: which colour says what, and how values of each type are shown."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from boxbuild.network.catalogue import Column, Kind

if TYPE_CHECKING:
    from xlsxwriter import Workbook

COLOURS: Final = {
    "key": ("#1F4E79", "#DDEBF7", "blue: names the row, and must be filled in where it is required"),
    "required": ("#9C5700", "#FFF2CC", "yellow: must be filled in"),
    "optional": (
        "#595959",
        "#FFFFFF",
        "white: may be left blank; the note of its name says what a blank means",
    ),
}
"""Role of a column: colour of its header, colour of its cells, what they say."""

NUMBERS: Final[dict[Kind, str]] = {
    "text": "@",
    "choice": "@",
    "currency": "@",
    "yes_no": "@",
    "date": "yyyy-mm-dd",
    "number": "General",
    "whole": "0",
    "money": "0.00#######",
}
"""How each type is shown. Texts are shown as they are, so that Excel does not turn them into dates or numbers."""


def role(column: Column) -> str:
    """Return whether a column is ``key``, ``required`` or ``optional``."""
    if column.key:
        return "key"
    return "required" if column.required else "optional"


class Look:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.cell = cache(self._cell)
        self.plain = cache(self._plain)

    def header(self, column: Column | None) -> Any:
        """Return the format of a header."""
        return self.plain("#FFFFFF", COLOURS["optional" if column is None else role(column)][0], bold=True)

    def note(self) -> Any:
        """Return the format of the rows under the header that are not read."""
        return self.plain("#7F7F7F", "#F2F2F2", italic=True)

    def _cell(self, role_name: str, kind: Kind) -> Any:
        return self._book.add_format(
            {
                "bg_color": COLOURS[role_name][1],
                "num_format": NUMBERS[kind],
                "border": 1,
                "border_color": "#D9D9D9",
            }
        )

    def _plain(self, colour: str, ground: str, **more: object) -> Any:
        return self._book.add_format({"font_color": colour, "bg_color": ground, "valign": "top", **more})
