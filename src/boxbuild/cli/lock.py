"""``boxbuild lock``: what a stored plan does until a day, frozen as locks to re-plan around."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from boxbuild.cli.face import Json, say, say_json, talk
from boxbuild.errors import DataError, UsageError

if TYPE_CHECKING:
    import polars as pl

KINDS: Final = ("build", "buy", "ship")

SHOWN: Final = 12
"""Locks that a preview shows."""


def lock(
    folder: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan folder, or a project with one plan.")],
    until: Annotated[
        datetime, typer.Option("--until", metavar="DATE", formats=["%Y-%m-%d"], help="Last day that is frozen.")
    ],
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="build|buy|ship", help="What to freeze; may be given again; all by default."),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="SITE", help="Only what it builds, receives from a supplier or sends."),
    ] = None,
    item: Annotated[str | None, typer.Option("--item", metavar="ITEM", help="Only this item.")] = None,
    nothing_else: Annotated[
        bool, typer.Option("--nothing-else", help="Forbid, too, what the plan does not do in these days.")
    ] = False,
    into: Annotated[Path | None, typer.Option("--into", metavar="PROJECT", help="Add the locks to a project.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the locks to a new file.")
    ] = None,
    json: Json = False,
) -> None:
    """Freeze what a stored plan does until a day: fixed locks, by item, site and bucket, to plan around."""
    from boxbuild.plan.folder import find_plan, read_plan
    from boxbuild.plan.locks import frozen

    kinds = tuple(dict.fromkeys(kind or KINDS))
    for one in kinds:
        if one not in KINDS:
            raise UsageError(f"{one!r} cannot be frozen", f"there are {', '.join(KINDS)}")
    if into is not None and out is not None:
        raise UsageError("locks go to one place", "give --into or --out")
    plan = read_plan(find_plan(folder))
    rows = frozen(plan, until.date(), kinds=kinds, site=site, item=item, nothing_else=nothing_else)
    if rows.is_empty():
        raise UsageError(f"the plan does nothing of that until {until:%Y-%m-%d}", "give a later day, or other names")
    written = _into(into, rows) if into is not None else _out(out, rows) if out is not None else None
    if json:
        counts = {one: rows.filter(kind=one).height for one in kinds}
        first = rows.head(SHOWN).to_dicts()
        say_json({"locks": rows.height, "kinds": counts, "rows": first, "written": str(written) if written else None})
        return
    say(_preview(rows, kinds))
    if written is None:
        talk("nothing was written: --into PROJECT adds the locks to a project, --out FILE.csv writes them to a file")
    else:
        say(f"{rows.height:,} locks written to {written}")
        if into is not None:
            say(f"next: boxbuild plan {into} --from {folder}")


def _preview(rows: pl.DataFrame, kinds: tuple[str, ...]) -> list[str]:
    """The locks by kind and item, and the first of them."""
    from boxbuild.views.text import cut, short, table

    body = []
    for one in kinds:
        mine = rows.filter(kind=one)
        if mine.height:
            days = " to ".join(str(day) for day in (mine["from"].min(), mine["until"].max()))
            body.append(
                [one, f"{mine.height:,}", str(mine["item"].n_unique()), short(float(mine["fixed"].sum())), days]
            )
    lines = table(["kind", "locks", "items", "units", "days"], body, left=(0, 4))
    shown = [
        [
            cut(row["lock"], 60),
            f"{row['from']} to {row['until']}",
            f"fixed {short(row['fixed'])}" if row["fixed"] is not None else f"at most {short(row['max'])}",
        ]
        for row in rows.head(SHOWN).iter_rows(named=True)
    ]
    more = [f"  ... and {rows.height - len(shown):,} more"] if rows.height > len(shown) else []
    return [*lines, "", *table(["lock", "days", ""], shown, left=(0, 1)), *more]


def _into(project: Path, rows: pl.DataFrame) -> Path:
    """Add locks to the files of a project, all of them or none; those that it has stay."""
    from boxbuild import files
    from boxbuild.files.revise import Revision, revise, revised
    from boxbuild.network.checks import check

    loaded = files.load(project)
    if loaded.errors or loaded.network is None:
        raise DataError(f"{project} has errors: nothing was written", loaded.errors, "boxbuild check shows all of it")
    network = loaded.network
    known = rows["lock"].filter(rows["lock"].is_in(network["locks"]["lock"].implode())).to_list()
    if known:
        more = f" and {len(known) - 3:,} more" if len(known) > 3 else ""
        raise DataError(
            f"{project} has a lock {', '.join(known[:3])}{more} already: nothing was written",
            hint="remove the old locks, or freeze other days",
        )
    revision = {"locks": Revision(added=rows.to_dicts())}
    errors = [issue for issue in check(revised(network, revision, {})) if issue.severity == "error"]
    if errors:
        raise DataError(f"{project} cannot be planned with these locks: nothing was written", errors)
    return revise(project, network, revision, {})[0]


def _out(file: Path, rows: pl.DataFrame) -> Path:
    """Write locks to a file of their own."""
    from boxbuild.files import comma
    from boxbuild.files.texts import to_texts
    from boxbuild.network import catalogue

    if file.exists():
        raise UsageError(f"{file} is there already: it stays as it is", "give another name")
    if file.suffix != ".csv":
        raise UsageError(f"{file.name} is no CSV file", "give a name that ends in .csv")
    comma.write_table(to_texts(catalogue.table("locks"), rows), file)
    return file
