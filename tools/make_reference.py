"""Write the reference pages that come from the code: the commands, the tables of a network and of a plan, the law.

Usage: ``python tools/make_reference.py`` writes ``docs/reference/*.md``; ``--check`` writes nothing and fails when
a page is not what it would write.
"""

from __future__ import annotations

import ast
import inspect
import io
import sys
import tokenize
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import typer

from boxbuild.cli.main import app
from boxbuild.law.book import Book
from boxbuild.law.integrity import RULES
from boxbuild.law.parameter import LEVIES, Parameter
from boxbuild.network import catalogue
from boxbuild.plan import schemas
from boxbuild.views.law import amount, goods_text

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
MADE = "<!-- made by tools/make_reference.py from the code: edit that instead -->"

PLAN_TABLES = {
    "builds": "What is built where and when.",
    "alternates": "What builds took from each member of a group of alternates.",
    "buys": "What is ordered from whom, for where.",
    "shipments": "What leaves on which lane.",
    "stock": "What lies where at the end of each bucket.",
    "deliveries": "What reaches the market, and how late.",
    "shortages": "What is never delivered.",
    "reasons": "What binds most where a demand is late or short, for those with most units or most money missed; "
    "`boxbuild explain PLAN demand D` says the rest.",
    "capacity": "Every resource in every bucket: used, regular, overtime.",
    "contracts": "What each contract covers, and its shortfall.",
    "tiers": "Units on each step of each price ladder.",
    "targets": "Each target: reached and short.",
    "options": "Which options are taken, when, and when they are ready.",
    "ledger": "Every money amount, one line each. Its total is the cost of the plan.",
    "exempt": "What is imported, built and exported under an export scheme, and so free of duty.",
    "preferences": "What of the shipments enters a market at the rate of a trade agreement.",
    "incentives": "What incentive schemes pay, by applicant, segment and year.",
    "attributions": "What goods that claim an origin or a value are made of.",
    "value_added": "Value added by its legal definitions, by product and financial year.",
    "law_reads": "Every value of the law book that the plan read.",
    "orders": "Lot-sized orders dated to the day.",
    "order_alternates": "Components that build orders take from groups of alternates.",
}


def commands() -> str:
    """Return the page on the command line."""
    group = typer.main.get_command(app)
    lines = [
        "# Command line",
        "",
        MADE,
        "",
        "Data goes to stdout, talk (progress, warnings, errors) to stderr. `--json` makes stdout one JSON object.",
        "`boxbuild --debug COMMAND` shows the traceback of an error.",
        "",
        "| exit status | meaning |",
        "|---|---|",
        "| 0 | fine |",
        "| 1 | bad data |",
        "| 2 | wrong usage |",
        "| 3 | infeasible: no plan meets every hard contract and target |",
        "| 4 | a limit was reached before any plan was found |",
        "| 5 | the audit failed |",
        "| 70 | a defect of boxbuild |",
        "| 130 | interrupted |",
    ]
    for name, command in _commands(group):
        lines += ["", f"## {name}", "", inspect.cleandoc(command.help or ""), "", *_usage(name, command)]
    return "\n".join(lines) + "\n"


def tables() -> str:
    """Return the page on the tables of a network."""
    lines = [
        "# Tables of a network",
        "",
        MADE,
        "",
        "One CSV file (or one sheet of a workbook) for each table; only those that are needed. Dates are written",
        "2023-06-05, decimals with a point. A blank is not a zero: it means what the column says of blanks, or the",
        "default. Columns in bold make the key of a row. Every table also takes `source` and `note`.",
    ]
    for name in ("settings", *catalogue.TABLES):
        table = catalogue.table(name)
        lines += ["", f"## {name}", "", "| column | type | unit | | meaning | example |", "|---|---|---|---|---|---|"]
        lines += [_column(column) for column in table.columns if column.name != "note"]
    return "\n".join(lines) + "\n"


def plan_tables() -> str:
    """Return the page on the tables of a plan."""
    meanings = dict(_comments())
    lines = [
        "# Tables of a plan",
        "",
        MADE,
        "",
        "A plan folder holds `summary.json` and, for each table, a Parquet file and a CSV file with the same content,",
        "and the network that was planned (`network/`). Quantities below are per bucket, but for orders.",
    ]
    for name, schema in schemas.SCHEMAS.items():
        lines += ["", f"## {name}", "", PLAN_TABLES[name], "", "| column | type | meaning |", "|---|---|---|"]
        lines += [
            f"| `{column}` | {_dtype(dtype)} | {meanings.get((name, column), '')} |" for column, dtype in schema.items()
        ]
    return "\n".join(lines) + "\n"


def law() -> str:
    """Return the page on the parameters of the law book."""
    book = Book.package()
    lines = [
        "# The law book",
        "",
        MADE,
        "",
        "Every parameter with every value, its first day, the day it was published, its instrument (a link to the",
        "reference) and how sure the source is. `boxbuild law show ID --on DATE` prints one as it stood on a day. What",
        "no text says is in `src/boxbuild/law/assumptions.md`. Percent are percent: 10 means 10 %.",
        "",
        "Of the parameters of a levy that match the goods, the most particular holds: a named agreement before a",
        "form, a form before an end use, an end use before a longer classification, that before a named origin.",
        "Goods match a form, an end use or an agreement only where they claim exactly that.",
        "",
        "## Levies",
        "",
        "| levy | meaning |",
        "|---|---|",
        *(f"| `{levy}` | {meaning} |" for levy, meaning in LEVIES.items()),
        "",
        "## Rules",
        "",
        "A file that breaks one does not load.",
        "",
        "| rule | |",
        "|---|---|",
        *(f"| {rule} | {sentence} |" for rule, sentence in RULES.items()),
    ]
    for country, parameters in groupby(book.parameters.values(), key=lambda parameter: parameter.country):
        lines += ["", f"## {country}"]
        for parameter in parameters:
            lines += ["", *_parameter(parameter)]
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {"cli.md": commands, "tables.md": tables, "plan.md": plan_tables, "law.md": law}


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its whole name; those of a group after one another."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _parameter(parameter: Parameter) -> Iterator[str]:
    yield f"### {parameter.id}"
    yield ""
    yield f"{_cell(parameter.title)}. Levy `{parameter.levy}`, in {parameter.unit}."
    if parameter.goods:
        yield f"Goods: {goods_text(parameter.goods)}."
    yield ""
    yield "| from | until | value | published | instrument | confidence |"
    yield "|---|---|---|---|---|---|"
    for window in parameter.windows():
        value = window.value
        link = f"[{_cell(value.instrument)}](<{value.reference}>)"
        said = amount(value.value, parameter.unit)
        cells = (window.since, window.until or "", said, value.published, link, value.confidence)
        yield f"| {' | '.join(map(str, cells))} |"
    if parameter.note:
        yield ""
        yield parameter.note


def _usage(name: str, command: Any) -> Iterator[str]:
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option" and param.name != "help"]
    words = [f"{param.metavar}" if param.required else f"[{param.metavar}]" for param in arguments]
    yield f"    boxbuild {' '.join([name, *words, '[OPTIONS]'])}"
    yield ""
    yield "| argument or option | meaning |"
    yield "|---|---|"
    for param in arguments:
        yield f"| `{param.metavar}` | {param.help} |"
    for param in options:
        value = "" if getattr(param, "is_flag", False) else f" {param.metavar or 'VALUE'}"
        default = f" Default: {param.default}." if param.default not in (None, False, [], ()) else ""
        needed = " Needed." if param.required else ""
        yield f"| `{_cell(', '.join(param.opts) + value)}` | {_cell(param.help or '')}{default}{needed} |"


def _column(column: catalogue.Column) -> str:
    name = f"**`{column.name}`**" if column.key else f"`{column.name}`"
    notes = ["needed"] if column.required else []
    if column.default:
        notes.append(f"default {column.default}")
    if column.references:
        notes.append(f"names a row of `{column.references[0]}`")
    if column.choices:
        notes.append(" or ".join(column.choices))
    low, high = column.minimum, column.maximum
    if low is not None or high is not None:
        notes.append(
            " ".join([f"from {low:g}" if low is not None else "", f"to {high:g}" if high is not None else ""]).strip()
        )
    cells = (name, column.type, column.unit, "; ".join(notes), column.meaning, column.example)
    return f"| {' | '.join(map(_cell, cells))} |"


def _comments() -> Iterator[tuple[tuple[str, str], str]]:
    """The comments behind the columns in ``plan/schemas.py``: the meaning stands where the column does."""
    source = inspect.getsource(schemas)
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Dict):
            continue
        for table, columns in zip(node.keys, node.values, strict=True):
            if isinstance(table, ast.Constant) and isinstance(columns, ast.Dict):
                for column in columns.keys:
                    if isinstance(column, ast.Constant) and column.lineno in comments:
                        yield (str(table.value), str(column.value)), _cell(comments[column.lineno])


def _dtype(dtype: object) -> str:
    names = {"String": "text", "Int64": "whole", "Float64": "number", "Date": "date"}
    return names.get(str(dtype), "money")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Write the pages, or compare them."""
    stale = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        file, text = FOLDER / name, page()
        if "--check" not in sys.argv[1:]:
            file.write_text(text, "utf-8")
        elif not file.is_file() or file.read_text("utf-8") != text:
            stale.append(name)
    for name in stale:
        print(f"docs/reference/{name}:1: is not what the code says (make docs)")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
