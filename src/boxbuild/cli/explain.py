"""``boxbuild explain``: how a figure of a stored plan was computed, down to offers, rates, dates and instruments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boxbuild.cli.face import Json, say, say_json, talk
from boxbuild.errors import AuditError, UsageError


def explain(
    folder: Annotated[
        Path | None, typer.Argument(metavar="PLAN", help="Plan folder, or a project with one plan.")
    ] = None,
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="cost, duty, incentive, origin or change.")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="SUBJECT",
            help="cost: ITEM@MARKET. duty: OFFER or ITEM, with @SITE for one place. incentive: PARTNER, with /YEAR for "
            "one year. origin: ITEM, with @SITE or @MARKET. change: OTHER, the plan folder that came after.",
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page that stands alone.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.json", help="Write the answer as JSON.")] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FILE.json", help="Check an answer; with PLAN, every value.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Draw small parts too.")] = False,
    json: Json = False,
) -> None:
    """Explain a figure of a stored plan as a tree: formula, inputs, and every value of the law with its instrument."""
    if verify is not None:
        _verify(folder, verify, json=json)
        return
    from boxbuild.plan.folder import find_plan, read_plan
    from boxbuild.plan.questions import QUESTIONS, explain
    from boxbuild.views.explain import page, tree

    if folder is None or question is None or subject is None:
        ways = "change OTHER; " + "; ".join(f"{name} {one.subject}" for name, one in QUESTIONS.items())
        raise UsageError("a plan, a question and its subject are needed", f"boxbuild explain PLAN with one of: {ways}")
    if question == "change":
        _change(folder, Path(subject), html, out, whole=whole, json=json)
        return
    document = explain(read_plan(find_plan(folder)), question, subject)
    for target, text in ((out, document.text()), (html, page(document))):
        if target is not None:
            target.write_text(text, "utf-8")
            talk(f"wrote {target}")
    if json:
        say_json(document.as_dict())
    elif out is None and html is None:
        say(tree(document, whole=whole))


def _change(folder: Path, other: Path, html: Path | None, out: Path | None, *, whole: bool, json: bool) -> None:
    """Say what moved from one plan to another, and why."""
    from json import dumps

    from boxbuild.plan.folder import find_plan, read_plan
    from boxbuild.study.change_why import MOST, change_why
    from boxbuild.study.compare import plan_names
    from boxbuild.views.charts.compare import change_report
    from boxbuild.views.compare_change import change_page
    from boxbuild.views.page import render

    folders = find_plan(folder), find_plan(other)
    before, after = (read_plan(found) for found in folders)
    names = plan_names((before, after), [found.resolve().name for found in folders])
    answer = change_why(before, after, names, most=10**9 if whole else MOST)
    if out is not None:
        out.write_text(dumps(answer.as_dict(), ensure_ascii=False, indent=2, default=str) + "\n", "utf-8")
        talk(f"wrote {out}")
    if html is not None:
        html.write_text(render(change_report(answer)), "utf-8")
        talk(f"wrote {html}")
    if json:
        say_json(answer.as_dict())
    elif out is None and html is None:
        say(change_page(answer))


def _verify(folder: Path | None, file: Path, *, json: bool) -> None:
    from boxbuild.plan.folder import find_plan, read_plan
    from boxbuild.plan.questions import explain
    from boxbuild.plan.questions.document import read, wrong

    document = read(file.read_text("utf-8"))
    plan = read_plan(find_plan(folder)) if folder is not None else None
    again = explain(plan, document["question"], document["subject"]) if plan is not None else None
    found = wrong(document, again)
    if json:
        checked = {"digest": True, "values": plan is not None}
        say_json({"file": str(file), "sha256": document["sha256"], "checked": checked, "wrong": found})
    elif found:
        say([f"{file}: FAILED", *(f"  {sentence}" for sentence in found)])
    else:
        what = "the plan gives every value again" if plan is not None else "give PLAN to compute its values again"
        say([f"{file}: the digest and the sums are right; {what}", f"sha256 {document['sha256']}"])
    if found:
        raise typer.Exit(AuditError.exit_status)
