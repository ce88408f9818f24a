"""The command ``boxbuild``. Nothing heavy is imported here: each command imports what it needs when it runs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from boxbuild.cli import (
    audit,
    check,
    compare,
    doctor,
    explain,
    export,
    importing,
    init,
    law,
    lock,
    peg,
    plan,
    report,
    show,
    template,
)
from boxbuild.cli.face import Face

app = typer.Typer(
    name="boxbuild",
    cls=Face,
    help="Plan, price and prove outsourced electronics manufacturing for export.",
    epilog="Exit status: 0 fine, 1 bad data, 2 usage, 3 infeasible, 4 limit reached without a plan, "
    "5 audit failed, 70 a defect of boxbuild, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(value: bool) -> None:
    if value:
        from boxbuild import __version__

        typer.echo(f"boxbuild {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    pass


app.command("init")(init.init)
app.command("template")(template.template)
app.command("import")(importing.import_)
app.command("check")(check.check)
app.command("plan")(plan.plan)
app.command("show")(show.show)
app.command("audit")(audit.audit)
app.command("explain")(explain.explain)
app.command("compare")(compare.compare)
app.command("peg")(peg.peg)
app.command("report")(report.report)
app.command("lock")(lock.lock)
app.command("export")(export.export)
app.add_typer(law.law, name="law")
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line; ``--debug`` may stand anywhere."""
    words = sys.argv[1:]
    if "--debug" in words:
        words = ["--debug", *(word for word in words if word != "--debug")]
    app(words)
