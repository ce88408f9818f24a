"""``boxbuild peg``: from a demand to its orders, parts and suppliers, and from any of these to the demands."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxbuild.cli.face import Json, say, say_json, talk
from boxbuild.errors import UsageError

if TYPE_CHECKING:
    from boxbuild.plan.pegging import Peg, Pegging

WAYS = {
    "demand": "D",
    "order": "O",
    "part": "ITEM[@SITE]",
    "supplier": "SITE",
    "resource": "R",
}


def peg(
    folder: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan folder, or a project with one plan.")],
    what: Annotated[str, typer.Argument(metavar="WHAT", help="demand, order, part, supplier or resource.")],
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A demand; an order, receipt or lot of stock; ITEM or ITEM@SITE; a supplier's site; a resource.",
        ),
    ],
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="part, supplier: there from this day; resource: used from."),
    ] = None,
    last: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="The last such day.")] = None,
    depth: Annotated[
        int | None, typer.Option("--depth", min=1, metavar="N", help="Levels of the tree; as many as fit without it.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Every row and every branch.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write FILE.json (all) or FILE.csv (the table).")
    ] = None,
    json: Json = False,
) -> None:
    """Say what a demand is made of, or which demands a part, an order, a supplier or a resource feeds."""
    from boxbuild.network.issues import did_you_mean
    from boxbuild.plan.folder import find_plan, read_plan
    from boxbuild.plan.pegging import pegging

    if what not in WAYS:
        ways = "; ".join(f"{way} {subject}" for way, subject in WAYS.items())
        raise UsageError(
            f"there is no peg {what!r}", did_you_mean(what, WAYS) or f"boxbuild peg PLAN with one of: {ways}"
        )
    if out is not None and out.suffix not in (".json", ".csv"):
        raise UsageError(f"{out} is neither .json nor .csv", "a .json file has the tree, a .csv file the table")
    if (first or last) and what in ("demand", "order"):
        raise UsageError(f"--from and --until say nothing about one {what}", "they are for part, supplier and resource")
    found = pegging(read_plan(find_plan(folder)))
    root = _root(found, what, name, first.date() if first else None, last.date() if last else None)
    if out is not None:
        _write(out, found, what, root, depth, whole=whole)
    if json:
        say_json(_answer(found, what, root, depth, whole=whole))
    elif out is None:
        say(_page(found, what, root, depth, whole=whole))


def _root(pegging: Pegging, what: str, name: str, first: date | None, last: date | None) -> Peg:
    if what == "demand":
        return pegging.demand(name)
    if what == "order":
        return pegging.order(name)
    if what == "part":
        item, _, site = name.partition("@")
        return pegging.part(item, site or None, None, first, last)
    if what == "supplier":
        return pegging.supplier(name, first, last)
    return pegging.resource(name, first, last)


def _page(pegging: Pegging, what: str, root: Peg, depth: int | None, *, whole: bool) -> list[str]:
    from boxbuild.views.pegging import demand_page, feeds_page, order_page

    if what == "demand":
        return demand_page(pegging, root.key, depth, whole=whole)
    if what == "order":
        return order_page(pegging, root.key, depth, whole=whole)
    return feeds_page(pegging, root, depth, whole=whole)


def _answer(pegging: Pegging, what: str, root: Peg, depth: int | None, *, whole: bool) -> dict[str, Any]:
    """Return the tree, its chain and its tables. A tree that is not asked for whole is as deep as the text's."""
    from boxbuild.views.pegging.tree import MOST

    levels = depth if depth is not None or whole else 4
    most = None if whole else MOST
    found: dict[str, Any] = {"dated": pegging.dated, "tree": root.as_dict(levels, most)}
    if what == "demand":
        found["chain"] = [one.as_dict(0) for one in root.chain()]
        found["orders"] = pegging.orders(root).to_dicts()
        return found
    found["demands"] = pegging.demands(root).to_dicts()
    found["left"] = pegging.left(root).to_dicts()
    found["uncovered"] = pegging.uncovered(root)
    if what == "order":
        made = pegging.inputs(root.key)
        found["inputs"] = made.as_dict(levels, most)
        found["orders"] = pegging.orders(made).to_dicts()
    return found


def _write(out: Path, pegging: Pegging, what: str, root: Peg, depth: int | None, *, whole: bool) -> None:
    import json

    if out.suffix == ".csv":
        frame = pegging.orders(root) if what == "demand" else pegging.demands(root)
        out.write_text(frame.write_csv(), "utf-8")
    else:
        answer = _answer(pegging, what, root, depth, whole=whole)
        out.write_text(json.dumps(answer, ensure_ascii=False, indent=2, default=str, allow_nan=False) + "\n", "utf-8")
    talk(f"wrote {out}")
