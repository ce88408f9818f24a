"""The cover: what the plan is, what needs attention, what every sheet holds, and how edits come back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.files.guide import PURPOSES
from boxbuild.plan import kpis
from boxbuild.views.planner.page import COVER, INPUT, RESULT
from boxbuild.views.sheets import INK, TONES, Book, Tone
from boxbuild.views.text import number, percent

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from boxbuild.plan.plan import Plan
    from boxbuild.views.planner.inputs import Inputs

HOW: Final = (
    "Edit the cells of the yellow sheets. Add rows below the last one, delete rows, sort and filter as you like.",
    "A blank is not zero: it stands for what the note of the column's name says.",
    "Grey columns whose name begins with # are results of the plan. They are not read; nor are the blue sheets.",
    "Save the workbook as .xlsx and see what would change:  boxbuild import FILE.xlsx --into PROJECT",
    "Write it, all or nothing:  boxbuild import FILE.xlsx --into PROJECT --apply   Then:  boxbuild plan PROJECT",
    "Or keep it apart as a scenario:  boxbuild import FILE.xlsx --into PROJECT --scenario NAME",
)

LINE, ACROSS = 15, 135
"""Height of a line, points, and letters that the two merged cells of a line hold."""

Fact = tuple[str, str, Tone | None]
"""What it is, its value, and its tone where it is good or bad."""


class Cover:
    """The first sheet; it is added before the others and filled in after them."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._sheet: Worksheet = book.sheet(COVER, tab="#404040")
        self._row = 0

    def write(
        self, plan: Plan, verdict: str, written: date, results: Mapping[str, tuple[int, str]], inputs: Inputs
    ) -> None:
        """Fill the cover in."""
        book, sheet = self._book, self._sheet
        sheet.set_portrait()
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, 2, 92)
        title = plan.network.settings.title or plan.network.name
        sheet.write_string(0, 0, title, book.style(bold=True, font_size=20, font_color=INK))
        summary = plan.summary
        says = f"{summary.scenario or 'base'} plan · {summary.start} to {plan.network.calendar.end} · {summary.buckets}"
        sheet.write_string(1, 0, says, book.style(font_color="#595959", font_size=11))
        self._row = 3
        self._facts("What needs attention", _attention(plan))
        self._facts("The plan", _plan_facts(plan, verdict, written))
        self._sheets("Results: to read (blue)", {name: says for name, (_, says) in results.items()}, RESULT)
        tables = {name: f"{rows:,} rows · {_purpose(name)}".rstrip(" ·") for name, rows in inputs.rows.items()}
        self._sheets("Inputs: to edit (yellow)", tables, INPUT)
        for name, rows in inputs.left_out.items():
            sheet.write_string(self._row, 0, name, book.style(font_color="#7F7F7F"))
            sheet.write_string(self._row, 2, f"{rows:,} rows: too many for this workbook; edit the project's own file")
            self._row += 1
        self._heading("How to edit, and how edits come back")
        for place, line in enumerate(HOW, 1):
            style = book.style(text_wrap=True, valign="top")
            sheet.merge_range(self._row, 0, self._row, 2, f"{place}. {line}", style)
            self._row += 1
        sheet.activate()

    def _heading(self, text: str) -> None:
        self._row += 1
        style = self._book.style(bold=True, font_size=12, font_color=INK, bottom=1)
        for place in range(3):
            self._sheet.write_string(self._row, place, text if place == 0 else "", style)
        self._row += 1

    def _facts(self, title: str, facts: list[Fact]) -> None:
        self._heading(title)
        for name, value, tone in facts:
            properties: dict[str, object] = {"align": "left"}
            if tone:
                properties |= {"font_color": TONES[tone][0], "bg_color": TONES[tone][1], "bold": True, "indent": 1}
            self._sheet.write_string(self._row, 0, name, self._book.style(font_color="#595959"))
            value, _, more = value.partition("\t")
            self._sheet.write_string(self._row, 1, value, self._book.style(**properties))
            self._sheet.write_string(self._row, 2, more, self._book.style(font_color="#595959"))
            self._row += 1

    def _sheets(self, title: str, found: Mapping[str, str], colour: str) -> None:
        self._heading(title)
        for name, says in found.items():
            self._sheet.write_url(self._row, 0, f"internal:'{name}'!A1", self._book.link, name)
            style = self._book.style(text_wrap=True, valign="top", left=5, left_color=colour)
            self._sheet.merge_range(self._row, 1, self._row, 2, says, style)
            self._sheet.set_row(self._row, LINE * ceil(len(says) / ACROSS))  # merged cells do not grow by themselves
            self._row += 1


def _plan_facts(plan: Plan, verdict: str, written: date) -> list[Fact]:
    summary = plan.summary
    money = f"{summary.home_currency} "
    tone: Tone = "good" if summary.status == "optimal" else "warn"
    asked = f"\tthe gap asked for was {summary.tolerance:.2%}"
    facts: list[Fact] = [
        ("Status", summary.status + asked, tone),
        ("Cost", f"{money}{number(summary.cost, 2)}\tdiscounted to {summary.start}", None),
        ("Bound", f"{money}{number(summary.bound, 2)}\tno plan costs less", None),
        ("Gap", f"{summary.gap:.3%}\thow much better any other plan could be, at most", None),
    ]
    if summary.release_cost is not None:
        more = summary.release_cost - summary.cost
        facts.append(
            (
                "Orders",
                f"{money}{number(summary.release_cost, 2)}\twhole lots and whole days cost {number(more)} more",
                None,
            )
        )
    word = verdict.partition("\t")[0]
    audit: Tone = "good" if word == "passed" else "bad" if word == "failed" else "calm"
    facts.append(("Audit", verdict, audit))
    facts.append(("Method", f"\t{summary.method}", None))
    facts.append(("Written", f"{written}\tby boxbuild {summary.versions.get('boxbuild', '')}".rstrip(), None))
    facts.append(
        (
            "Input hash",
            f"{summary.input_hash[:16]}\tSHA-256 of the tables that were planned: {summary.input_hash}",
            None,
        )
    )
    return [*facts, *(("Note", f"\t{note}", None) for note in summary.notes)]


def _attention(plan: Plan) -> list[Fact]:
    """What is late, short, full or missed, in words."""
    wanted = float(plan.network["demand"]["quantity"].sum()) or 1.0
    late = float(plan["deliveries"].filter(pl.col("late_days") > 0)["quantity"].sum())
    short = float(plan["shortages"]["quantity"].sum())
    full = kpis.utilisation(plan).filter(pl.col("full") > 0)
    facts = [
        _fact("Short units", short, f"{percent(short / wanted)} of the demand is never delivered", "bad"),
        _fact("Late units", late, f"{percent(late / wanted)} of the demand comes late", "warn"),
        _fact("Full resources", full.height, "have no hour left in some week: " + _some(full["resource"]), "warn"),
    ]
    contracts = plan["contracts"].filter(pl.col("shortfall") > 1e-6)
    if plan.network["contracts"].height:
        facts.append(_fact("Contracts short", contracts.height, _some(contracts["contract"]), "bad"))
    missed = kpis.targets(plan).filter(~pl.col("met"))
    if plan.network["targets"].height:
        facts.append(_fact("Targets missed", missed.height, _some(missed["target"]), "bad"))
    return facts


def _fact(name: str, value: float, more: str, tone: Tone) -> Fact:
    return (name, f"{number(value)}\t{more}", tone) if value > 1e-6 else (name, "none", "good")


def _some(names: pl.Series) -> str:
    found = names.to_list()
    return ", ".join(map(str, found[:6])) + (f" and {len(found) - 6} more" if len(found) > 6 else "")


def _purpose(name: str) -> str:
    if name == "settings":
        return "What holds for the whole plan: first day, horizon, home currency, rates"
    return PURPOSES.get(name, "")
