"""Pages: the sheets of results of a planner's workbook, as they are added, with what the cover says about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.views.sheets import Book, Column, Placed

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

COVER: Final = "Cover"
RESULT: Final = "#1F4E79"
INPUT: Final = "#BF9000"


@dataclass(frozen=True)
class Page:
    """One sheet of results."""

    book: Book
    placed: Placed
    says: str

    @property
    def sheet(self) -> Worksheet:
        """The sheet it stands on."""
        return self.placed.sheet

    def heat(self, names: Sequence[str]) -> None:
        """Shade the numbers of neighbouring columns, each row by itself."""
        self.book.heat(self.placed, names)


@dataclass
class Pages:
    """The sheets of results so far, by name, with their number of rows and what they say."""

    book: Book
    found: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(
        self,
        name: str,
        title: str,
        says: str,
        columns: Sequence[Column],
        frame: pl.DataFrame,
        frozen: int = 1,
        defined: str = "",
    ) -> Page:
        """Add a sheet with one table."""
        sheet = self.book.sheet(name, tab=RESULT)
        self.book.title(sheet, title, says, COVER)
        placed = self.book.table(sheet, columns, frame, frozen=frozen, name=defined)
        self.found[name] = (frame.height, says)
        return Page(self.book, placed, says)
