"""``boxbuild law``: what the law book says, on a day, as known on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxbuild.cli.face import Json, say, say_json
from boxbuild.errors import UsageError

if TYPE_CHECKING:
    from boxbuild.law.book import Book
    from boxbuild.law.parameter import Parameter

law = typer.Typer(help="What the law book says: rates, schemes and rules by day.", no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(metavar="ID", help="Parameter, or the first words of several: in.bcd.phone, in.bcd.display.")
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="Day asked about; today by default.")]
KnownOn = Annotated[
    str | None, typer.Option("--known-on", metavar="DATE", help="Count only what was published by this day.")
]
Project = Annotated[
    Path | None, typer.Option("--project", metavar="PATH", help="With the project's own law on top of the book.")
]


@law.command("list")
def list_(
    levy: Annotated[str | None, typer.Option("--levy", metavar="LEVY", help="Only this levy: bcd, igst ...")] = None,
    country: Annotated[str | None, typer.Option("--country", metavar="CC", help="Only this country: IN.")] = None,
    on: On = None,
    known_on: KnownOn = None,
    project: Project = None,
    json: Json = False,
) -> None:
    """List the parameters of the law book with their values on a day."""
    from boxbuild.law.parameter import LEVIES
    from boxbuild.network.issues import did_you_mean
    from boxbuild.views.law import parameter_dict, parameter_list

    day, known = _day(on, "--on") or _today(), _day(known_on, "--known-on")
    book = _book(project)
    countries = {parameter.country for parameter in book.parameters.values()}
    for given, allowed, what in ((levy, LEVIES, "levy"), (country and country.upper(), countries, "country")):
        if given is not None and given not in allowed:
            hint = did_you_mean(given, allowed) or f"one of {', '.join(sorted(allowed))}"
            raise UsageError(f"the law book has no {what} {given!r}", hint=hint)
    found = [
        parameter
        for parameter in book.parameters.values()
        if (levy is None or parameter.levy == levy) and (country is None or parameter.country == country.upper())
    ]
    if json:
        say_json({"on": day, "known_on": known, "parameters": [parameter_dict(each, day, known) for each in found]})
    elif found:
        say(parameter_list(found, day, known))


@law.command("show")
def show(name: Name, on: On = None, known_on: KnownOn = None, project: Project = None, json: Json = False) -> None:
    """Print a parameter as it stands on a day: value, window, instrument, publication, reference, goods."""
    from boxbuild.views.law import parameter_dict, parameter_page, parameter_table

    day, known = _day(on, "--on") or _today(), _day(known_on, "--known-on")
    found = _named(_book(project), name)
    if json:
        say_json({"on": day, "known_on": known, "parameters": [parameter_dict(each, day, known) for each in found]})
    else:
        say(parameter_page(found[0], day, known) if len(found) == 1 else parameter_table(found, day, known))


@law.command("history")
def history(name: Name, known_on: KnownOn = None, project: Project = None, json: Json = False) -> None:
    """Print every value that a parameter has had, with its instrument."""
    from boxbuild.views.law import history_dict, history_page

    known = _day(known_on, "--known-on")
    found = _named(_book(project), name)
    if json:
        say_json({"known_on": known, "parameters": [history_dict(each, known) for each in found]})
    else:
        for index, each in enumerate(found):
            say([*([""] if index else []), *history_page(each, known)])


@law.command("worth")
def worth(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Project folder or workbook.")],
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="FILE|NAME", help="Scenario: a file, or a name in scenarios/.")
    ] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", metavar="DATE", help="Against a plan with the law as known on this day.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Day from which that plan may be made anew.")
    ] = None,
    gap: Annotated[float, typer.Option("--gap", min=0.0, metavar="GAP", help="Gap to stop each solve at.")] = 0.001,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=0.0, metavar="S", help="Seconds for each solve.")
    ] = None,
    json: Json = False,
) -> None:
    """Cost a plan made without the law, or with earlier law, beside one made with it."""
    from boxbuild.cli.plan import read_network
    from boxbuild.cli.progress import watched
    from boxbuild.study.law_worth import law_worth
    from boxbuild.views.worth import worth_page

    network, _ = read_network(path, scenario, [], {})
    known, free = _day(known_on, "--known-on"), _day(until, "--until")
    with watched() as progress:
        found = law_worth(network, known_on=known, until=free, gap=gap, time_limit=time_limit, progress=progress)
    if json:
        say_json({"project": str(path), **found.as_dict()})
    else:
        say(worth_page(found))


def _book(project: Path | None) -> Book:
    from boxbuild.law.book import Book

    if project is None:
        return Book.package()
    from boxbuild import files
    from boxbuild.errors import DataError

    loaded = files.load(project)
    if loaded.network is None:
        raise DataError(f"{project} cannot be read", loaded.errors)
    return Book.package().overlaid(loaded.network.law_files, loaded.network["law"])


def _named(book: Book, name: str) -> list[Parameter]:
    """The parameter of that name, or those whose names begin with it."""
    if name in book:
        return [book[name]]
    words = name.rstrip(".")
    return [parameter for parameter in book.parameters.values() if parameter.id.startswith(f"{words}.")] or [book[name]]


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is not a date", hint="write 2023-05-31") from None


def _today() -> date:
    from datetime import UTC, datetime

    return datetime.now(UTC).astimezone().date()
