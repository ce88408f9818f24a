"""``boxbuild explain``: how a figure was computed, why a demand is late, what more of a part is worth, what moved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from boxbuild.cli.face import Json, say, say_json, talk
from boxbuild.errors import AuditError, UsageError

if TYPE_CHECKING:
    from boxbuild.views.charts import Report

Answer = tuple[dict[str, Any], list[str], "Report"]
"""JSON values, lines for a terminal, and a page as data."""


def explain(
    folder: Annotated[
        Path | None, typer.Argument(metavar="PLAN", help="Plan folder, or a project with one plan.")
    ] = None,
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="demand, part, change, cost, duty, incentive or origin.")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="SUBJECT",
            help="demand: DEMAND. part: ITEM, with @SITE for one place. change: OTHER, the plan folder that came "
            "after. cost: ITEM@MARKET. duty: OFFER or ITEM, with @SITE for one place. incentive: PARTNER, with /YEAR "
            "for one year. origin: ITEM, with @SITE or @MARKET.",
        ),
    ] = None,
    solve: Annotated[
        bool, typer.Option("--solve", help="demand, part: solve again for the true price of what it would take.")
    ] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page that stands alone.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.json", help="Write the answer as JSON.")] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FILE.json", help="Check an answer; with PLAN, every value.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Draw small parts too.")] = False,
    json: Json = False,
) -> None:
    """Explain a plan: why a demand is late, what more of a part is worth, what moved, how a figure was computed."""
    if verify is not None:
        _verify(folder, verify, json=json)
        return
    from boxbuild.network.issues import did_you_mean
    from boxbuild.plan.folder import find_plan, read_plan
    from boxbuild.plan.questions import QUESTIONS, explain
    from boxbuild.views.explain import page, tree

    known = {name: subject for name, (subject, _) in ANSWERS.items()} | {"change": "OTHER"}
    known |= {name: one.subject for name, one in QUESTIONS.items()}
    if folder is None or question is None or subject is None:
        ways = "; ".join(f"{name} {said}" for name, said in known.items())
        raise UsageError("a plan, a question and its subject are needed", f"boxbuild explain PLAN with one of: {ways}")
    if question not in known:
        hint = did_you_mean(question, known) or f"ask one of {', '.join(known)}"
        raise UsageError(f"there is no question {question!r}", hint)
    if solve and question not in ANSWERS:
        raise UsageError(f"{question} solves nothing", "--solve goes with demand and part")
    if question == "change":
        _change(folder, Path(subject), html, out, whole=whole, json=json)
        return
    if question in ANSWERS:
        answer, lines, report = ANSWERS[question][1](find_plan(folder), subject, solve)
        _tell(answer, lines, report, out, html, json=json)
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


def _tell(
    answer: dict[str, Any], lines: list[str], report: Report, out: Path | None, html: Path | None, *, json: bool
) -> None:
    """Say an answer, or write it."""
    from json import dumps

    from boxbuild.views.page import render

    if out is not None:
        out.write_text(dumps(answer, ensure_ascii=False, indent=2, default=str) + "\n", "utf-8")
        talk(f"wrote {out}")
    if html is not None:
        html.write_text(render(report), "utf-8")
        talk(f"wrote {html}")
    if json:
        say_json(answer)
    elif out is None and html is None:
        say(lines)


def _demand(folder: Path, demand: str, solve: bool) -> Answer:
    from boxbuild.plan.folder import read_plan
    from boxbuild.plan.why import why_demand
    from boxbuild.views.charts.why import why_report
    from boxbuild.views.explain.why import why_page

    plan = read_plan(folder)
    answer = why_demand(plan, demand, solve=solve)
    return answer.as_dict(), why_page(answer), why_report(plan, answer)


def _part(folder: Path, subject: str, solve: bool) -> Answer:
    from boxbuild.plan.folder import read_plan
    from boxbuild.plan.why import why_part
    from boxbuild.views.charts.why import part_report
    from boxbuild.views.explain.why import part_page

    plan = read_plan(folder)
    item, _, site = subject.partition("@")
    answer = why_part(plan, item, site or None, solve=solve)
    return answer.as_dict(), part_page(answer), part_report(plan, answer)


ANSWERS: Final[dict[str, tuple[str, Callable[[Path, str, bool], Answer]]]] = {
    "demand": ("DEMAND", _demand),
    "part": ("ITEM[@SITE]", _part),
}
"""Questions that are answered in words and tables: how the subject is written, and who answers.

Whoever answers takes the plan's folder, the subject and whether to solve again, and gives JSON values, lines and a
page.
"""


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
