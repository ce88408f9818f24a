"""``boxbuild plan``: a project planned, audited and stored."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxbuild.cli.face import Json, say, say_json, talk
from boxbuild.cli.progress import watched
from boxbuild.errors import AuditError, DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from boxbuild.network.issues import Issue
    from boxbuild.network.network import Network
    from boxbuild.solve.solve import Way


def plan(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Project folder or workbook.")],
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="FILE|NAME", help="Scenario: a file, or a name in scenarios/.")
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="TABLE.ROW.COLUMN=VALUE", help="Change one cell; may be given again."),
    ] = None,
    gap: Annotated[
        float, typer.Option("--gap", min=0.0, metavar="GAP", help="Gap between cost and bound to stop at.")
    ] = 0.01,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=0.0, metavar="S", help="Seconds for the solve.")
    ] = None,
    buckets: Annotated[
        str | None, typer.Option("--buckets", metavar="8w+10m", help="Another horizon than the project's.")
    ] = None,
    law: Annotated[
        str | None, typer.Option("--law", metavar="off|tables|book", help="Another law than the project's setting.")
    ] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", metavar="DATE", help="Plan with the law as published by this day.")
    ] = None,
    way: Annotated[
        str, typer.Option("--way", metavar="choose|exact|structured", help="Way of solving; chosen by size.")
    ] = "choose",
    start: Annotated[
        Path | None, typer.Option("--from", metavar="PLAN", help="Plan folder to begin from: a re-plan is faster.")
    ] = None,
    change_price: Annotated[
        float,
        typer.Option("--change-price", min=0.0, metavar="RATE", help="Price of leaving --from, as a part of value."),
    ] = 0.0,
    no_release: Annotated[bool, typer.Option("--no-release", help="Quantities only, no dated orders.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Plan folder; plans/<scenario or base> by default.")
    ] = None,
    json: Json = False,
) -> None:
    """Plan a project, audit the plan, store it and print its summary."""
    from boxbuild.audit import audit
    from boxbuild.plan.folder import differences, find_plan, plan_folder, read_plan, summary_dict, write_plan
    from boxbuild.plan.kpis import key_figures
    from boxbuild.plan.make import make_plan
    from boxbuild.views.terminal import summary_page

    if change_price and start is None:
        raise UsageError("--change-price needs a plan to stay near to", "give it with --from PLAN")
    settings = {"buckets": buckets, "law": law, "known_on": known_on}
    network, name = read_network(path, scenario, assignments or [], settings)
    folder = out or plan_folder(path, name)
    with watched() as progress:
        made = make_plan(
            network,
            gap=gap,
            time_limit=time_limit,
            release=not no_release,
            scenario=name,
            way=_way(way),
            start=read_plan(find_plan(start)) if start else None,
            change_price=change_price,
            progress=progress,
        )
    if assignments:
        notes = (*made.summary.notes, *(f"set {text}" for text in assignments))
        made = replace(made, summary=replace(made.summary, notes=notes))
    written = write_plan(made, folder)
    # what is audited is what was stored, so that a plan that cannot be read back fails here
    stored = read_plan(written)
    result = audit(stored)
    changed = differences(written)
    passed = result.passed and not changed
    if json:
        audited = {**result.as_dict(), "passed": passed, "folder": changed}
        summary = summary_dict(stored.summary)
        rows = {name: frame.height for name, frame in stored.network.tables.items() if frame.height}
        figures = key_figures(stored)
        say_json({"plan": str(written), "summary": summary, "sizes": rows, "figures": figures, "audit": audited})
    else:
        say([*summary_page(stored, result, changed), f"stored in {written}"])
    if not passed:
        talk("audit: the plan FAILED its audit: do not use it")
        raise typer.Exit(AuditError.exit_status)


def _way(text: str) -> Way:
    """Return a way of solving by its name."""
    from boxbuild.solve.solve import WAYS

    for way in WAYS:
        if way == text:
            return way
    raise UsageError(f"{text!r} is no way of solving", f"there are {', '.join(WAYS)}")


def read_network(
    path: Path, scenario: str | None, assignments: list[str], settings: Mapping[str, str | None]
) -> tuple[Network, str]:
    """Return the network with changes applied, and the name of what was changed."""
    from boxbuild import files
    from boxbuild.files.place import place
    from boxbuild.files.settings import with_texts
    from boxbuild.law.checks import find
    from boxbuild.network.changes import apply, apply_changes, parse_assignment
    from boxbuild.network.checks import check
    from boxbuild.network.scenario import read_scenario

    loaded = files.load(path)
    if loaded.errors or loaded.network is None:
        raise DataError(f"{path} cannot be planned", loaded.errors, "boxbuild check shows all of it")
    network, name, issues = loaded.network, "", list(loaded.issues)
    if scenario is not None:
        read = read_scenario(_scenario_file(path, scenario))
        network, name = apply(network, read), read.name
    if assignments:
        network = apply_changes(network, [parse_assignment(text) for text in assignments])
        mark = hashlib.sha256("\n".join(assignments).encode()).hexdigest()[:8]
        name = f"{name}+set-{mark}" if name else f"set-{mark}"
    given = {name: text for name, text in settings.items() if text is not None}
    if given:
        network = replace(network, settings=with_texts(network.settings, given))
        marks = (f"{key.replace('_', '-')}-{text}" for key, text in given.items() if key != "buckets")
        name = "+".join(filter(None, [name, *marks]))
    changed = bool(scenario is not None or assignments or given)
    if changed:
        issues = list(check(network))
        _stop(issues, f"{path} cannot be planned with these changes")
    issues += place(find(network), {} if changed else loaded.places)
    _stop(issues, f"{path} cannot be planned" + (" with these changes" if changed else ""))
    for issue in issues[:5]:
        talk(str(issue))
    if len(issues) > 5:
        talk(f"... and {len(issues) - 5} more warnings: boxbuild check {path}")
    return network, name


def _stop(issues: Iterable[Issue], message: str) -> None:
    """Raise ``DataError`` with the errors among issues, where there are any."""
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors:
        raise DataError(message, errors)


def _scenario_file(path: Path, scenario: str) -> Path:
    """Return the file of a scenario: the path given, or the name in the project's folder of scenarios."""
    from boxbuild.network.issues import did_you_mean

    if Path(scenario).suffix == ".toml" and Path(scenario).is_file():
        return Path(scenario)
    folder = (path if path.is_dir() else path.parent) / "scenarios"
    file = folder / f"{scenario.removesuffix('.toml')}.toml"
    if not file.is_file():
        names = sorted(found.stem for found in folder.glob("*.toml"))
        hint = did_you_mean(scenario, names) or (f"there are {', '.join(names)}" if names else f"put it into {folder}")
        raise UsageError(f"there is no scenario {scenario!r}", hint)
    return file
