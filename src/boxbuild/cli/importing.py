"""``boxbuild import``: a network from the format of others, or the edits of a planner's workbook into a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxbuild.cli.face import Json, say, say_json, talk
from boxbuild.errors import DataError, UsageError

if TYPE_CHECKING:
    from boxbuild.exchange.returned import Returned
    from boxbuild.exchange.returned_edits import Merge
    from boxbuild.network.issues import Issue
    from boxbuild.network.network import Network

BOTH_WAYS = "boxbuild import FORMAT SRC --out NETWORK, or boxbuild import FILE.xlsx --into PROJECT"


def import_(
    what: Annotated[
        str, typer.Argument(metavar="FORMAT|FILE.xlsx", help="ems-case; or the workbook of boxbuild export, edited.")
    ],
    source: Annotated[Path | None, typer.Argument(metavar="[SRC]", help="Of a format: file or folder to read.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="NETWORK", help="Of a format: project folder or workbook to write.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option("--into", metavar="PROJECT", help="Of a workbook: the project to bring the edits to.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the edits into the project, all or nothing.")] = False,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help="Write them as scenarios/NAME.toml instead.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="The workbook wins where the project has changed too.")
    ] = False,
    mark: Annotated[
        Path | None,
        typer.Option(
            "--mark", metavar="OUT.xlsx", help="Where cells are wrong: the workbook with those in red, without charts."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Read a network in the format of others, or bring back the edits of a planner's workbook."""
    if what.lower().endswith((".xlsx", ".xlsm")):
        if source is not None or out is not None:
            raise UsageError("a workbook goes into a project", f"write {BOTH_WAYS.partition(', or ')[2]}")
        if into is None:
            raise UsageError("--into is needed", f"boxbuild import {what} --into PROJECT shows what would change")
        if apply and scenario:
            raise UsageError("--apply and --scenario exclude each other", "give one of them")
        try:
            _bring_back(Path(what), into, apply=apply, scenario=scenario, force=force, json=json)
        except DataError as error:
            if mark is not None and error.issues:
                _mark(Path(what), error.issues, mark)
            raise
        return
    if into is not None or apply or scenario or force or mark:
        raise UsageError("--into, --apply, --scenario, --force and --mark are for a workbook", f"write {BOTH_WAYS}")
    if source is None or out is None:
        raise UsageError("a format needs SRC and --out", f"write {BOTH_WAYS}")
    _convert(what, source, out, json=json)


def _convert(form: str, source: Path, out: Path, *, json: bool) -> None:
    """Read a network in the format of others and write it as a project."""
    from boxbuild import files
    from boxbuild.exchange import FORMATS
    from boxbuild.network.checks import check
    from boxbuild.network.issues import did_you_mean

    found = FORMATS.get(form) or FORMATS.get(form.replace("_", "-"))
    if found is None or found.read is None:
        readable = [one.name for one in FORMATS.values() if one.read]
        hint = did_you_mean(form, readable) or f"there is {', '.join(readable)}; a workbook ends in .xlsx"
        raise UsageError(f"{form!r} is not a format that can be read", hint)
    network = found.read(source)
    written = files.write(network, out, "xlsx" if out.suffix == ".xlsx" else "csv")
    issues = check(network)
    rows = {name: frame.height for name, frame in network.tables.items() if frame.height}
    for issue in issues[:5]:
        talk(str(issue))
    if json:
        say_json({"network": str(written), "rows": rows, "issues": [issue.as_dict() for issue in issues]})
    else:
        say([f"{height:>9,} {name}" for name, height in rows.items()])
        say([f"wrote {written}; the check has {len(issues)} things to say", f"next: boxbuild plan {written}"])


def _bring_back(file: Path, into: Path, *, apply: bool, scenario: str | None, force: bool, json: bool) -> None:
    """Show what a workbook changes in a project; write it where that is asked for."""
    from boxbuild import files
    from boxbuild.exchange.returned import read_returned
    from boxbuild.exchange.returned_edits import find_edits, merge
    from boxbuild.views.planner.returning import as_json, preview

    project = files.read(into)
    returned = read_returned(file)
    made = merge(returned, find_edits(returned), project, force=force)
    issues = _issues(returned, made, project)
    errors = [issue for issue in issues if issue.severity == "error"]
    asked = apply or scenario is not None
    if not json:
        say(preview(returned, made, project))
    for issue in [*returned.warnings, *issues][:20]:
        talk(str(issue))
    written: list[str] = []
    if asked:
        _refuse(file, made, errors)
        changes = bool(made.revisions or made.settings)
        written = [str(path) for path in _write(into, project, made, file, scenario)] if changes else []
    if json:
        found = as_json(returned, made, project)
        say_json({**found, "issues": [issue.as_dict() for issue in issues], "written": written})
    elif written:
        next_step = f"--scenario {scenario}" if scenario else ""
        say([*(f"wrote {path}" for path in written), f"next: boxbuild plan {into} {next_step}".rstrip()])
    elif made.edits:
        wrong = len(errors) + len(made.conflicts)
        say("")
        if not made.revisions and not made.settings and not wrong:
            say("the project holds all of it already: nothing was written")
        elif wrong:
            say(f"nothing is written; {wrong} of these stand in the way of --apply")
        else:
            say("nothing is written yet: add --apply, or --scenario NAME")


def _mark(file: Path, issues: tuple[Issue, ...], out: Path) -> None:
    import warnings

    from boxbuild import files

    with warnings.catch_warnings():
        # what openpyxl leaves out is said in the help: charts, and bars in cells
        warnings.simplefilter("ignore")
        files.mark(file, issues, out)
    talk(f"wrote {out}: what is wrong is red there")


def _issues(returned: Returned, made: Merge, project: Network) -> list[Issue]:
    from boxbuild.exchange.returned_checks import new_issues
    from boxbuild.files.revise import revised

    return new_issues(returned, project, revised(project, made.revisions, made.settings))


def _refuse(file: Path, made: Merge, errors: list[Issue]) -> None:
    from boxbuild.views.planner.returning import conflict_line

    if made.conflicts:
        first = conflict_line(made.conflicts[0]).strip()
        count = len(made.conflicts)
        words = "1 edit conflicts" if count == 1 else f"{count} edits conflict"
        raise DataError(
            f"{file.name}: {words} with the project: {first}; nothing was written",
            hint="export again and edit that, or let the workbook win with --force",
        )
    if errors:
        raise DataError("with these edits the project would not be right: nothing was written", errors)


def _write(into: Path, project: Network, made: Merge, file: Path, scenario: str | None) -> tuple[Path, ...]:
    if scenario is None:
        from boxbuild.files.revise import revise

        return revise(into, project, made.revisions, made.settings)
    import re
    from datetime import date

    from boxbuild.exchange.returned_scenario import to_scenario

    if not re.fullmatch(r"[\w.-]+", scenario) or scenario.startswith("."):
        raise UsageError(f"{scenario!r} is not a name for a scenario", "use letters, digits, dots and dashes")
    home = into if into.is_dir() else into.parent
    place = home / "scenarios" / f"{scenario}.toml"
    if place.exists():
        raise UsageError(f"{place} is there already", "choose another name")
    text = to_scenario(made, project, scenario, f"from {file.name}, {date.today()}")  # noqa: DTZ011 - the user's day
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8", newline="\n")
    return (place,)
