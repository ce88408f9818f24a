"""Sheets that people read: a workbook with one look, and tables on it with totals, filters, formats and colours.

A table stands below three rows: title, what it says, and totals that follow the filter. Colour never stands alone: what
is coloured is a number or a word.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.files.sheet import write_date
from boxbuild.files.shortest import write_shortest

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "words", "number", "exact", "money", "price", "percent", "date", "status"]
"""What a column holds: ``number`` without decimals, ``exact`` with one, ``price`` with two."""

Tone = Literal["bad", "warn", "good", "calm"]

FORMATS: Final[Mapping[Kind, str]] = {
    "text": "General",
    "words": "General",
    "status": "General",
    "number": "#,##0",
    "exact": "#,##0.0",
    "money": "#,##0",
    "price": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
}
WIDTHS: Final[Mapping[Kind, int]] = {
    "text": 18,
    "words": 60,
    "status": 16,
    "number": 12,
    "exact": 12,
    "money": 17,
    "price": 13,
    "percent": 9,
    "date": 12,
}
TONES: Final[Mapping[Tone, tuple[str, str]]] = {
    "bad": ("#9C0006", "#FFC7CE"),
    "warn": ("#7F6000", "#FFEB9C"),
    "good": ("#006100", "#C6EFCE"),
    "calm": ("#595959", "#EDEDED"),
}
"""Colours of words, text and ground: dark on light, to be read in grey as well."""

INK: Final = "#1F4E79"
HEAT: Final = ("#FFFFFF", "#9DC3E6")

TITLE, SAYS, TOTALS, HEAD, FIRST = range(5)
"""Rows (0-based) of a sheet with a table: its title, what it says, totals, names of the columns, first record."""

MOST_ROWS: Final = 1_048_576 - FIRST
"""Records that a sheet can hold."""

LONGEST: Final = 32_767
"""Signs that a cell can hold."""

MOST_HEATED: Final = 300
"""Rows that are shaded each by itself; more are shaded together."""

DIGITS: Final = 12
"""Digits of a number that is computed."""

_MADE: Final = datetime.datetime(2023, 6, 5)  # noqa: DTZ001 - the same plan gives the same bytes
_ADDS_UP: Final = ("number", "exact", "money")


@dataclass(frozen=True)
class Column:
    """One column of a table that is read.

    Parameters
    ----------
    name, title
        Column of the frame, and what stands above it.
    kind
        How its values are shown.
    width
        Signs; by kind where it is not given.
    total
        Whether its sum stands above it, of what the filter shows.
    tones
        For a status: how its words begin, to their colour.
    note
        What the note of its name says.
    """

    name: str
    title: str
    kind: Kind = "text"
    width: float | None = None
    total: bool = False
    tones: Mapping[str, Tone] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Placed:
    """A table on a sheet: the sheet, its columns and its rows (0-based, the last one included)."""

    sheet: Worksheet
    columns: tuple[Column, ...]
    first: int
    last: int

    def place(self, name: str) -> int:
        """Return the place (0-based) of a column."""
        return [column.name for column in self.columns].index(name)

    def cells(self, name: str) -> list[Any]:
        """Return the cells of a column, as charts take them."""
        return [self.sheet.get_name(), self.first, self.place(name), self.last, self.place(name)]


class Book:
    """A workbook that is being written; its formats are made once each."""

    def __init__(self, book: Workbook) -> None:
        self.raw = book
        self._styles: dict[tuple[tuple[str, object], ...], Any] = {}

    def style(self, **properties: object) -> Any:
        """Return the format with some properties of xlsxwriter."""
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            self._styles[key] = self.raw.add_format(properties)
        return self._styles[key]

    def tone(self, tone: Tone) -> Any:
        """Return the format of a word or number of that tone."""
        ink, ground = TONES[tone]
        return self.style(font_color=ink, bg_color=ground)

    @cached_property
    def link(self) -> Any:
        """The format of a link."""
        return self.style(font_color="#0563C1", underline=1)

    def sheet(self, name: str, *, tab: str = INK) -> Worksheet:
        """Add a sheet for people: without grid, set up to be printed across one page, pages numbered."""
        sheet = self.raw.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(tab)
        print_across(sheet)
        return sheet

    def title(self, sheet: Worksheet, title: str, says: str = "", back: str = "") -> None:
        """Write the title of a sheet, what it says, and a link back to another sheet."""
        sheet.write_string(TITLE, 0, title, self.style(bold=True, font_size=14, font_color=INK))
        sheet.write_string(SAYS, 0, says, self.style(font_color="#595959"))
        if back:
            sheet.write_url(TOTALS, 0, f"internal:'{back}'!A1", self.link, f"← {back}")

    def table(
        self, sheet: Worksheet, columns: Sequence[Column], frame: pl.DataFrame, *, frozen: int = 1, name: str = ""
    ) -> Placed:
        """Write a table below the title of a sheet.

        Parameters
        ----------
        columns
            What is shown, in order. Those that have a total have it above their name.
        frame
            The rows, in order; a null is a blank cell.
        frozen
            Columns at the left that stay in sight, and stand on every printed page.
        name
            Defined name of the records, for formulas of the reader's own.
        """
        if frame.height > MOST_ROWS:
            raise UsageError(f"{sheet.get_name()} has {frame.height:,} rows: too many for a sheet", "use --csv")
        last = FIRST + max(frame.height, 1) - 1
        placed = Placed(sheet, tuple(columns), FIRST, last)
        self._head(placed, frame)
        writers = [self._writer(sheet, column) for column in columns]
        names = [column.name for column in columns]
        plain = settled(frame.select(names).with_columns(pl.selectors.decimal().cast(pl.Float64)))
        wide = [
            (place, column.width or WIDTHS["words"]) for place, column in enumerate(columns) if column.kind == "words"
        ]
        for row, values in enumerate(plain.iter_rows(), FIRST):
            lines = max((-(-len(values[place] or "") // int(width)) for place, width in wide), default=1)
            if lines > 1:
                sheet.set_row(row, 15 * lines)
            for place, value in enumerate(values):
                if value is not None:
                    writers[place](row, place, value)
        if not frame.height:
            sheet.write_string(FIRST, 0, "nothing", self.style(italic=True, font_color="#7F7F7F"))
        for place, column in enumerate(columns):
            for begins, tone in column.tones.items():
                rule = {"type": "text", "criteria": "begins with", "value": begins, "format": self.tone(tone)}
                sheet.conditional_format(FIRST, place, last, place, rule)
        sheet.autofilter(HEAD, 0, last, len(columns) - 1)
        sheet.freeze_panes(FIRST, frozen)
        sheet.repeat_rows(TITLE, HEAD)
        if frozen:
            sheet.repeat_columns(0, frozen - 1)
        if name:
            from xlsxwriter.utility import xl_range_abs

            cells = xl_range_abs(FIRST, 0, last, len(columns) - 1)
            self.raw.define_name(name, f"='{sheet.get_name()}'!{cells}")
        return placed

    def heat(self, placed: Placed, names: Sequence[str], *, by_row: bool = True) -> None:
        """Shade the numbers of neighbouring columns from white (least) to blue (most), each row by itself."""
        if not names:
            return
        left, right = placed.place(names[0]), placed.place(names[-1])
        rule = {"type": "2_color_scale", "min_type": "num", "min_value": 0} | {
            "min_color": HEAT[0],
            "max_color": HEAT[1],
        }
        if by_row and placed.last - placed.first < MOST_HEATED:
            for row in range(placed.first, placed.last + 1):
                placed.sheet.conditional_format(row, left, row, right, rule)
        else:
            placed.sheet.conditional_format(placed.first, left, placed.last, right, rule)

    def _head(self, placed: Placed, frame: pl.DataFrame) -> None:
        sheet = placed.sheet
        look = {"bold": True, "font_color": "#FFFFFF", "bg_color": INK, "valign": "top", "text_wrap": True}
        for place, column in enumerate(placed.columns):
            right = column.kind in ("number", "exact", "money", "price", "percent")
            side: dict[str, object] = {"align": "right"} if right else {"align": "left", "indent": 1}
            width = column.width or WIDTHS[column.kind]
            if column.total:
                # the bold sum is the longest number of the column
                width = max(width, 1.15 * len(f"{_sum(frame[column.name]):,.0f}") + 1.5)
            sheet.set_column(place, place, width)
            sheet.write_string(HEAD, place, column.title, self.style(**look, **side))
            if column.note:
                sheet.write_comment(HEAD, place, column.note, {"author": "boxbuild", "x_scale": 2})
            if column.total:
                self._total(placed, place, _sum(frame[column.name]))
        first = next((place for place, column in enumerate(placed.columns) if column.total), 0)
        if first > 1:
            sheet.write_string(
                TOTALS, first - 1, "sum of what is shown", self.style(font_color="#7F7F7F", align="right")
            )
        sheet.set_row(HEAD, 30)

    def _total(self, placed: Placed, place: int, value: float) -> None:
        """A sum of what the filter shows, stored with its value: readers that compute nothing see it too."""
        from xlsxwriter.utility import xl_range

        kind = placed.columns[place].kind
        if kind not in _ADDS_UP:
            raise ValueError(f"{placed.columns[place].name} does not add up")
        cells = xl_range(placed.first, place, placed.last, place)
        style = self.style(bold=True, num_format=FORMATS[kind], top=1)
        placed.sheet.write_formula(TOTALS, place, f"=SUBTOTAL(109,{cells})", style, value)

    def _writer(self, sheet: Worksheet, column: Column) -> Any:
        style: dict[str, object] = {"valign": "top"}
        if FORMATS[column.kind] != "General":
            style["num_format"] = FORMATS[column.kind]
        if column.kind == "words":
            style["text_wrap"] = True
        if column.kind in ("text", "words", "status", "date"):
            style |= {"align": "left", "indent": 1}
        made = self.style(**style)
        if column.kind == "date":
            return lambda row, place, value: write_date(sheet, row, place, value, made)
        if column.kind in ("text", "words", "status"):
            return lambda row, place, value: sheet.write_string(row, place, str(value)[:LONGEST], made)
        return lambda row, place, value: sheet.write_number(row, place, value, made)


def settled(frame: pl.DataFrame) -> pl.DataFrame:
    """Return numbers with twelve digits: sums then do not tell in which order they were added up."""
    return frame.with_columns(pl.selectors.float().round_sig_figs(DIGITS))


def _sum(values: pl.Series) -> float:
    """A sum to twelve digits."""
    return float(f"{float(values.cast(pl.Float64).sum()):.{DIGITS}g}")


@contextmanager
def new_book(file: Path, title: str) -> Iterator[Book]:
    """Give a workbook to write; the file is there whole or not at all.

    Raises
    ------
    UsageError
        The file is not an ``.xlsx``.
    """
    if file.suffix.lower() != ".xlsx":
        raise UsageError(f"{file.name} is not a workbook", "give a name that ends in .xlsx")
    from xlsxwriter import Workbook

    file.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as desk:
        raw = write_shortest(Workbook(Path(desk) / file.name, options))
        raw.set_properties({"title": title, "author": "boxbuild", "created": _MADE})
        yield Book(raw)
        raw.close()
        (Path(desk) / file.name).replace(file)


def print_across(sheet: Worksheet) -> None:
    """Set a sheet up to be printed: A4 across, as wide as the page, name and page number below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer("&L&8&F · &A&R&8&P / &N")
