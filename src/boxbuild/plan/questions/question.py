"""The questions: their names, what they are asked about, and who answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from boxbuild.errors import UsageError
from boxbuild.network.issues import did_you_mean
from boxbuild.plan.questions import cost, duty, incentive, origin
from boxbuild.plan.questions.document import Document

if TYPE_CHECKING:
    from boxbuild.law.trace import Trace
    from boxbuild.plan.plan import Plan


@dataclass(frozen=True)
class Question:
    """One question.

    Parameters
    ----------
    subject
        How its subject is written.
    what
        What the answer is.
    answer
        Takes the plan and the subject.
    """

    subject: str
    what: str
    answer: Callable[[Plan, str], Trace]


QUESTIONS: Final[Mapping[str, Question]] = {
    "cost": Question("ITEM@MARKET", "the landed cost of one delivered unit", cost.cost),
    "duty": Question("OFFER|ITEM[@SITE]", "every assessment of its imports and exports", duty.duty),
    "incentive": Question(
        "PARTNER[/YEAR]", "what its incentives come to, and what they follow from", incentive.incentive
    ),
    "origin": Question("ITEM[@SITE|@MARKET]", "value added by every definition, and the inputs used", origin.origin),
}


def answer(plan: Plan, question: str, subject: str) -> Trace:
    """Return the answer to a question about a plan.

    Parameters
    ----------
    question
        A name of :data:`QUESTIONS`.
    subject
        What it is asked about, as the question writes it.

    Raises
    ------
    UsageError
        There is no such question, or the plan has nothing of that name.
    """
    if question not in QUESTIONS:
        hint = did_you_mean(question, QUESTIONS) or f"ask one of {', '.join(QUESTIONS)}"
        raise UsageError(f"there is no question {question!r}", hint)
    return QUESTIONS[question].answer(plan, subject)


def explain(plan: Plan, question: str, subject: str) -> Document:
    """Return the answer to a question as a document that can be checked."""
    return Document.of(plan, question, subject, answer(plan, question, subject))
